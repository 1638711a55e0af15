//! Properties: those of WITH clauses and those that SET knows, with the values they can have.

use super::Candidate;
use super::place::Place;
use crate::world::World;
use headwater_sql::format::Format;
use headwater_sql::session::{Accepts, PROPERTIES};
use headwater_syntax::token::{Keyword, Symbol, TokenKind};
use headwater_view::CompletionKind as Kind;

/// What a property of a WITH clause can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Value {
    /// One of these, in quotes.
    Texts(&'static [&'static str]),
    /// A format.
    Format,
    /// A topic.
    Topic,
    /// A column of the statement.
    Column,
    /// `true` or `false`.
    Truth,
    /// Anything else.
    Free,
}

/// Which statements take a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// CREATE over a topic and CREATE … AS.
    Creates,
    /// CREATE over a topic.
    Sources,
    /// INSERT INTO.
    Inserts,
}

/// The properties of WITH clauses: name, who takes it, value, what it says.
const WITH: [(&str, Takes, Value, &str); 24] = {
    use Takes::{Creates, Inserts, Sources};
    use Value::{Column, Format, Free, Texts, Topic, Truth};
    const NULLABLE: Value = Texts(&["OPTIONAL", "WRAPPER"]);
    const POLICY: Value = Texts(&["compact", "compact,delete", "delete"]);
    const WINDOWS: Value = Texts(&["HOPPING", "SESSION", "TUMBLING"]);
    const DELIMITER: Value = Texts(&["SPACE", "TAB", "|", ";"]);
    const PATTERN: Value = Texts(&["yyyy-MM-dd''T''HH:mm:ssX", "yyyy-MM-dd HH:mm:ss"]);
    [
        ("CLEANUP_POLICY", Creates, POLICY, "what the topic keeps"),
        ("FORMAT", Creates, Format, "the format of keys and values"),
        ("KAFKA_TOPIC", Creates, Topic, "the topic"),
        (
            "KEY_DELIMITER",
            Creates,
            DELIMITER,
            "between the fields of DELIMITED keys",
        ),
        ("KEY_FORMAT", Creates, Format, "the format of keys"),
        (
            "KEY_PROTOBUF_NULLABLE_REPRESENTATION",
            Creates,
            NULLABLE,
            "how keys tell nulls",
        ),
        (
            "KEY_SCHEMA_FULL_NAME",
            Creates,
            Free,
            "the name of the keys' schema",
        ),
        (
            "KEY_SCHEMA_ID",
            Creates,
            Free,
            "the number of the keys' schema in the registry",
        ),
        (
            "PARTITIONS",
            Creates,
            Free,
            "how many partitions a new topic has",
        ),
        ("QUERY_ID", Inserts, Free, "the name of the query"),
        ("REPLICAS", Creates, Free, "how many copies a new topic has"),
        (
            "RETENTION_MS",
            Creates,
            Free,
            "how long a new topic keeps records",
        ),
        (
            "SOURCED_BY_CONNECTOR",
            Sources,
            Free,
            "the connector that fills the topic",
        ),
        (
            "TIMESTAMP",
            Creates,
            Column,
            "the column that is a record's time",
        ),
        (
            "TIMESTAMP_FORMAT",
            Creates,
            PATTERN,
            "how the time is written, where it is a text",
        ),
        (
            "VALUE_AVRO_SCHEMA_FULL_NAME",
            Creates,
            Free,
            "the name of the values' schema",
        ),
        (
            "VALUE_DELIMITER",
            Creates,
            DELIMITER,
            "between the fields of DELIMITED values",
        ),
        ("VALUE_FORMAT", Creates, Format, "the format of values"),
        (
            "VALUE_PROTOBUF_NULLABLE_REPRESENTATION",
            Creates,
            NULLABLE,
            "how values tell nulls",
        ),
        (
            "VALUE_SCHEMA_FULL_NAME",
            Creates,
            Free,
            "the name of the values' schema",
        ),
        (
            "VALUE_SCHEMA_ID",
            Creates,
            Free,
            "the number of the values' schema in the registry",
        ),
        (
            "WINDOW_SIZE",
            Sources,
            Free,
            "the size of the windows in the keys, with its unit",
        ),
        ("WINDOW_TYPE", Sources, WINDOWS, "the windows in the keys"),
        (
            "WRAP_SINGLE_VALUE",
            Creates,
            Truth,
            "whether a single value column is in an object",
        ),
    ]
};

/// The name of a property of WITH and what it says.
pub(super) fn with_properties() -> impl Iterator<Item = (&'static str, &'static str)> {
    WITH.iter().map(|(name, _, _, about)| (*name, *about))
}

/// What fits in a WITH clause or in SET; `None` at other places.
pub(super) fn candidates(place: &Place<'_>, world: &World) -> Option<Vec<Candidate>> {
    match place.first_keyword() {
        Some(Keyword::SET) if place.before == 1 => Some(session_names()),
        Some(Keyword::UNSET) if place.before == 1 => Some(session_names()),
        Some(Keyword::SET) if place.before == 3 => {
            let name = place.statement.get(1)?.span.of(place.text);
            Some(session_values(name.trim_matches('\'')))
        }
        _ => in_with(place, world),
    }
}

fn in_with(place: &Place<'_>, world: &World) -> Option<Vec<Candidate>> {
    let bracket = place.open_bracket()?;
    let before = place.tokens_before();
    let with = before.get(bracket.checked_sub(1)?)?;
    if with.kind != TokenKind::Keyword(Keyword::WITH) {
        return None;
    }
    match place.back(0)? {
        TokenKind::Symbol(Symbol::LeftParenthesis | Symbol::Comma) => Some(names(place, bracket)),
        TokenKind::Symbol(Symbol::Equal) => {
            let name = place.back_token(1)?.span.of(place.text).to_uppercase();
            let row = WITH
                .iter()
                .find(|(known, ..)| *known == name.trim_matches('\''))?;
            Some(values(row.2, place, bracket, world))
        }
        _ => Some(Vec::new()),
    }
}

/// The properties that the clause does not have yet.
fn names(place: &Place<'_>, bracket: usize) -> Vec<Candidate> {
    let clause = &place.statement[bracket..];
    let is_there = |name: &str| {
        let pairs = clause.windows(2);
        let mut names = pairs.filter(|pair| pair[1].kind == TokenKind::Symbol(Symbol::Equal));
        names.any(|pair| pair[0].span.of(place.text).eq_ignore_ascii_case(name))
    };
    let is_query = clause
        .iter()
        .any(|it| it.kind == TokenKind::Keyword(Keyword::SELECT));
    let is_insert = place.first_keyword() == Some(Keyword::INSERT);
    let fits = |takes: Takes| match takes {
        Takes::Inserts => is_insert,
        Takes::Creates => !is_insert,
        Takes::Sources => !is_insert && !is_query,
    };
    let rows = WITH.iter();
    let fitting = rows.filter(|(name, takes, ..)| fits(*takes) && !is_there(name));
    let candidate = |(name, _, value, about): &(&str, Takes, Value, &str)| {
        let quote = match value {
            Value::Truth | Value::Free => "",
            _ => "'",
        };
        Candidate::new(Kind::Property, name, *about).inserting(format!("{name}={quote}"))
    };
    fitting.map(candidate).collect()
}

fn values(value: Value, place: &Place<'_>, bracket: usize, world: &World) -> Vec<Candidate> {
    let text = |text: &str, detail: &str| {
        Candidate::new(Kind::Value, text, detail).inserting(format!("'{text}'"))
    };
    match value {
        Value::Texts(texts) => {
            let unquoted =
                |it: &&str| text(&it.replace("''", "'"), "").inserting(format!("'{it}'"));
            texts.iter().map(unquoted).collect()
        }
        Value::Format => Format::ALL
            .iter()
            .map(|it| text(it.name(), "format"))
            .collect(),
        Value::Topic => {
            let topics = world.cluster().topics();
            let topic = |it: &headwater_log::Topic| Candidate {
                kind: Kind::Topic,
                ..text(
                    &it.name,
                    &format!("topic, partitions: {}", it.partition_count()),
                )
            };
            topics.map(topic).collect()
        }
        Value::Column => {
            let columns = own_columns(place, bracket).into_iter();
            columns.map(|it| text(&it, "column")).collect()
        }
        Value::Truth => {
            let truth = |it: &str| Candidate::new(Kind::Value, it, "");
            vec![truth("true"), truth("false")]
        }
        Value::Free => Vec::new(),
    }
}

/// The names of the columns that the statement declares before its WITH clause.
fn own_columns(place: &Place<'_>, bracket: usize) -> Vec<String> {
    let mut depth = 0;
    let mut found = Vec::new();
    for pair in place.statement[..bracket].windows(2) {
        match pair[0].kind {
            TokenKind::Symbol(Symbol::LeftParenthesis | Symbol::Less) => depth += 1,
            TokenKind::Symbol(Symbol::RightParenthesis | Symbol::Greater) => depth -= 1,
            _ => {}
        }
        let begins = matches!(
            pair[0].kind,
            TokenKind::Symbol(Symbol::LeftParenthesis | Symbol::Comma)
        );
        if begins && depth == 1 {
            found.extend(place.name(pair[1]));
        }
    }
    found
}

fn session_names() -> Vec<Candidate> {
    let candidate = |it: &headwater_sql::session::Property| {
        let detail = match it.default {
            "" => "property".to_owned(),
            default => format!("property, {default} where nothing is set"),
        };
        Candidate::new(Kind::Property, it.name, detail).inserting(format!("'{}'", it.name))
    };
    PROPERTIES.iter().map(candidate).collect()
}

fn session_values(name: &str) -> Vec<Candidate> {
    let Some(property) = PROPERTIES.iter().find(|it| it.name == name) else {
        return Vec::new();
    };
    let words: &[&str] = match property.accepts {
        Accepts::OneOf(words) => words,
        Accepts::Boolean => &["true", "false"],
        Accepts::Number | Accepts::AtLeast(_) | Accepts::Text => &[],
    };
    let candidate = |it: &&str| Candidate::new(Kind::Value, it, "").inserting(format!("'{it}'"));
    words.iter().map(candidate).collect()
}
