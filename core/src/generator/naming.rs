//! What names of columns mean: whose number an id is, what a text holds, how wide numbers range.
//!
//! Only names are looked at, word by word: `order_total` and `ORDERTOTAL` are not the same to it,
//! `order_total` and `orderTotal` are.

use super::dictionary::{ID_WORDS, KINDS, NO_IDS, PERSONS, RANGES, SUFFIXES};
use super::draw::Range;
use headwater_sql::catalog::Source;

/// What is known about a source by its name and columns.
#[derive(Clone, Debug)]
pub(super) struct Context {
    /// The thing that it is about, such as `customer`.
    pub(super) entity: String,
    is_person: bool,
}

/// When a moment lies, seen from the record's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// At it.
    Now,
    /// Days or months before.
    Past,
    /// Years before.
    Birth,
    /// Days after.
    Future,
}

impl Context {
    pub(super) fn of(source: &Source) -> Context {
        let mut words = tokens(&source.name);
        words.retain(|it| !SUFFIXES.contains(&it.as_str()));
        let first = words.first().map_or("thing", String::as_str);
        let entity = singular(first);
        let names: Vec<Vec<String>> = source.schema.columns().map(|it| tokens(&it.name)).collect();
        let has = |word: &str| names.iter().any(|it| it.iter().any(|known| known == word));
        let is_person = is_person(&entity) || has("email") || has("gender");
        Context { entity, is_person }
    }
}

/// The words of a name, in small letters: `ORDER_ID`, `orderId` and `order-id` are two.
pub(super) fn tokens(name: &str) -> Vec<String> {
    let has_small = name.chars().any(char::is_lowercase);
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut last_small = false;
    for letter in name.chars() {
        let begins = has_small && last_small && letter.is_uppercase();
        if (!letter.is_alphanumeric() || begins) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        last_small = letter.is_lowercase() || letter.is_numeric();
    }
    words.extend(Some(word).filter(|it| !it.is_empty()));
    words
}

/// One of many: `cities` is `city`, `orders` is `order`.
pub(super) fn singular(name: &str) -> String {
    let lower = name.to_lowercase();
    let keeps = [
        "status", "address", "class", "news", "series", "bus", "process", "access",
    ];
    let is_kept = keeps.iter().any(|it| lower.ends_with(it)) || lower.len() < 4;
    match (lower.strip_suffix("ies"), lower.strip_suffix('s')) {
        _ if is_kept => lower,
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) => stem.to_owned(),
        (None, None) => lower,
    }
}

/// The thing whose number a column is: `customer` of `CUSTOMER_ID`, the source's own of `ID`.
pub(super) fn entity(name: &str, context: &Context) -> Option<String> {
    let mut words = tokens(name);
    let last = words.pop()?;
    let is_phone = words
        .iter()
        .any(|it| it == "phone" || it == "mobile" || it == "house");
    if ID_WORDS.contains(&last.as_str()) && !is_phone {
        return Some(match words.last() {
            Some(word) => singular(word),
            None => context.entity.clone(),
        });
    }
    let stem = last.strip_suffix("id").filter(|stem| stem.len() > 1);
    let stem = stem.filter(|_| !NO_IDS.contains(&last.as_str()))?;
    let short = stem.len() == 2 && stem != "ac";
    (!short).then(|| singular(stem))
}

/// Whether a thing is a person.
pub(super) fn is_person(entity: &str) -> bool {
    PERSONS.contains(&entity)
}

/// Whether a column tells visits apart.
pub(super) fn is_session(name: &str) -> bool {
    tokens(name).iter().any(|it| it.starts_with("session"))
}

/// A word with a capital letter.
pub(super) fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|it| it.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

/// The kind that a name asks for.
pub(super) fn kind_of(name: &str, context: &Context) -> Option<&'static str> {
    let words = tokens(name);
    let has = |word: &str| words.iter().any(|it| it == word);
    if has("name") {
        let of_person = context.is_person || words.iter().any(|it| is_person(it));
        match () {
            () if has("first") || has("given") => return Some("first_name"),
            () if has("last") || has("family") => return Some("last_name"),
            () if has("user") && words.len() == 2 => return Some("user_name"),
            () if of_person && (words.len() == 1 || has("full")) => return Some("full_name"),
            () if words.iter().any(|it| is_person(it)) => return Some("full_name"),
            () => {}
        }
        if words.len() == 1 {
            let own = KINDS
                .iter()
                .find(|(known, _)| known.contains(&context.entity.as_str()));
            return own.map(|(_, kind)| *kind);
        }
    }
    if has("country") && (has("code") || has("iso")) {
        return Some("country_code");
    }
    if has("http") && (has("status") || has("code")) {
        return Some("http_status");
    }
    let named = |it: &&String| is_person(it) && words.len() == 1;
    if words.iter().any(|it| named(&it)) {
        return Some("full_name");
    }
    let fits = |known: &[&str]| words.iter().any(|it| known.contains(&it.as_str()));
    KINDS
        .iter()
        .find(|(known, _)| fits(known))
        .map(|(_, kind)| *kind)
}

/// Whether a kind gives numbers.
pub(super) fn gives_numbers(kind: &str) -> bool {
    matches!(kind, "latitude" | "longitude")
}

/// The range that a name asks for.
pub(super) fn range(name: &str) -> Option<Range> {
    let words = tokens(name);
    let fits = |known: &[&str]| words.iter().any(|it| known.contains(&it.as_str()));
    let row = RANGES.iter().find(|(known, ..)| fits(known))?;
    Some(Range {
        low: row.1,
        high: row.2,
        scale: row.3,
    })
}

/// The moment that a name asks for.
pub(super) fn moment(name: &str) -> Option<Moment> {
    let words = tokens(name);
    let has = |known: &[&str]| words.iter().any(|it| known.contains(&it.as_str()));
    let ends_in_time = words.iter().any(|it| {
        it.ends_with("time")
            && !["runtime", "overtime", "lifetime", "uptime"].contains(&it.as_str())
            || it.ends_with("timestamp")
    });
    let is_length = has(&[
        "response",
        "processing",
        "wait",
        "elapsed",
        "duration",
        "latency",
        "travel",
        "zone",
        "ms",
    ]) && !has(&["at", "ts", "timestamp"]);
    let is_time = ends_in_time
        || has(&[
            "ts", "date", "at", "when", "epoch", "birthday", "dob", "born", "created",
        ])
        || has(&[
            "updated", "modified", "occurred", "expires", "expiry", "since", "until",
        ]);
    if !is_time || is_length {
        return None;
    }
    Some(match () {
        () if has(&["birth", "birthday", "born", "dob"]) => Moment::Birth,
        () if has(&[
            "expires",
            "expiry",
            "due",
            "until",
            "expiration",
            "deadline",
        ]) =>
        {
            Moment::Future
        }
        () if has(&[
            "created",
            "create",
            "joined",
            "registered",
            "signup",
            "since",
            "hired",
        ]) =>
        {
            Moment::Past
        }
        () => Moment::Now,
    })
}

/// In how many of a thousand records a truth of this name holds.
pub(super) fn truth(name: &str) -> u32 {
    let words = tokens(name);
    let has = |known: &[&str]| words.iter().any(|it| known.contains(&it.as_str()));
    match () {
        () if has(&[
            "deleted", "fraud", "error", "failed", "test", "blocked", "late",
        ]) =>
        {
            50
        }
        () if has(&["active", "enabled", "valid", "success", "ok", "available"]) => 900,
        () => 500,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(entity: &str) -> Context {
        Context {
            entity: entity.to_owned(),
            is_person: is_person(entity),
        }
    }

    #[test]
    fn names_fall_into_words() {
        assert_eq!(tokens("ORDER_ID"), ["order", "id"]);
        assert_eq!(tokens("orderId"), ["order", "id"]);
        assert_eq!(tokens("x-Y z"), ["x", "y", "z"]);
        assert_eq!(
            (singular("CITIES").as_str(), singular("orders").as_str()),
            ("city", "order")
        );
    }

    #[test]
    fn ids_name_their_thing() {
        let order = context("order");
        let named = |name: &str| entity(name, &order);
        assert_eq!(named("CUSTOMER_ID").as_deref(), Some("customer"));
        assert_eq!(named("userid").as_deref(), Some("user"));
        assert_eq!(named("AC_ID").as_deref(), Some("ac"));
        assert_eq!(named("ID").as_deref(), Some("order"));
        assert_eq!(named("IS_PAID"), None);
        assert_eq!(named("PHONE_NUMBER"), None);
        assert_eq!(named("GRID"), None);
    }

    #[test]
    fn names_say_what_texts_hold() {
        let cases = [
            ("FIRST_NAME", "customer", Some("first_name")),
            ("NAME", "customer", Some("full_name")),
            ("NAME", "city", Some("city")),
            ("CUSTOMER_NAME", "order", Some("full_name")),
            ("COUNTRY_CODE", "order", Some("country_code")),
            ("CLUB_STATUS", "order", Some("level")),
            ("FOO", "order", None),
        ];
        for (name, of, wanted) in cases {
            assert_eq!(kind_of(name, &context(of)), wanted, "{name}");
        }
    }

    #[test]
    fn names_say_when_moments_lie() {
        assert_eq!(moment("ordertime"), Some(Moment::Now));
        assert_eq!(moment("CREATE_TS"), Some(Moment::Past));
        assert_eq!(moment("DUE_DATE"), Some(Moment::Future));
        assert_eq!(moment("BIRTH_DATE"), Some(Moment::Birth));
        assert_eq!(moment("RESPONSE_TIME"), None);
        assert_eq!(moment("STATE"), None);
    }
}
