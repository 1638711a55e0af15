//! Whether a record or a row is the one that a file expects.

use crate::json::Json;
use crate::number::{is_whole, nearly, same_scaled, same_value};
use crate::record::{Shown, Stored, base64, bounds, decode_key, decode_value, header_list};
use headwater_sql::catalog::WindowType;
use headwater_sql::plan::TopicLayout;

/// How numbers are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// By value and scale.
    Exact,
    /// Doubles that hardly differ are the same.
    Near,
}

/// What is wrong with the records of a topic; `None` where they are as expected.
pub(crate) fn records(
    topic: &str,
    expected: &[&Json],
    actual: &[Stored],
    layout: &TopicLayout,
    numbers: Numbers,
) -> Option<String> {
    for (at, (expected, actual)) in expected.iter().zip(actual).enumerate() {
        if let Some(wrong) = record(expected, actual, layout, numbers) {
            return Some(format!("topic {topic}, record {at}: {wrong}"));
        }
    }
    if expected.len() == actual.len() {
        return None;
    }
    let next = match actual.get(expected.len()) {
        Some(extra) => format!("the first one too many: {}", show(extra, layout)),
        None => format!("the first one missing: {}", expected[actual.len()]),
    };
    Some(format!(
        "topic {topic}: {} records instead of {}; {next}",
        actual.len(),
        expected.len()
    ))
}

fn show(record: &Stored, layout: &TopicLayout) -> String {
    let key = decode_key(record, layout).map(|(key, window)| (key.json.to_string(), window));
    let value = decode_value(record, layout).map(|value| value.json.to_string());
    let (key, window) = key.unwrap_or_else(|error| (error, None));
    let window = window.map_or(String::new(), |w| format!(" window {}..{}", w.start, w.end));
    let value = value.unwrap_or_else(|error| error);
    format!(
        "key {key}{window}, value {value}, timestamp {}",
        record.timestamp
    )
}

fn record(
    expected: &Json,
    actual: &Stored,
    layout: &TopicLayout,
    numbers: Numbers,
) -> Option<String> {
    let found = match compare(expected, actual, layout, numbers) {
        Ok(()) => return None,
        Err(wrong) => wrong,
    };
    let stated = |name: &str| expected.get(name).map(|it| format!(", {name} {it}"));
    let rest: String = ["window", "timestamp"]
        .iter()
        .filter_map(|name| stated(name))
        .collect();
    let key = expected.get("key").unwrap_or(&Json::Null);
    let value = expected.get("value").unwrap_or(&Json::Null);
    let actual = show(actual, layout);
    Some(format!(
        "{found}: expected key {key}, value {value}{rest}; got {actual}"
    ))
}

fn compare(
    expected: &Json,
    actual: &Stored,
    layout: &TopicLayout,
    numbers: Numbers,
) -> Result<(), String> {
    let none = Json::Null;
    let (key, window) = decode_key(actual, layout)?;
    if !shown(expected.get("key").unwrap_or(&none), &key, numbers) {
        return Err("the key differs".to_owned());
    }
    if let Some(stated) = expected
        .get("window")
        .filter(|window| **window != Json::Null)
    {
        let kind = stated
            .get("type")
            .map_or(String::new(), Json::text)
            .to_lowercase();
        let session = layout.window == Some(WindowType::Session);
        if window != Some(bounds(stated)) || session != (kind == "session") {
            return Err("the window differs".to_owned());
        }
    }
    let value = decode_value(actual, layout)?;
    if !shown(expected.get("value").unwrap_or(&none), &value, numbers) {
        return Err("the value differs".to_owned());
    }
    let time = expected.get("timestamp").and_then(Json::as_i64);
    if time.is_some_and(|time| time != actual.timestamp) {
        return Err("the timestamp differs".to_owned());
    }
    let headers = actual.headers.as_headers();
    let headers = headers.map(|it| (it.key.to_owned(), it.value.map(<[u8]>::to_vec)));
    if header_list(expected.get("headers")) != headers.collect::<Vec<_>>() {
        return Err("the headers differ".to_owned());
    }
    Ok(())
}

fn shown(expected: &Json, actual: &Shown, numbers: Numbers) -> bool {
    let numbers = if actual.typed { Numbers::Near } else { numbers };
    same(expected, &actual.json, numbers)
}

/// Whether a value is the one that is expected.
///
/// Fields are found by their name, else by the name in capitals, and one that is not there counts
/// as null; a text stands for a number that is spelled like it.
pub(crate) fn same(expected: &Json, actual: &Json, numbers: Numbers) -> bool {
    match (expected, actual) {
        (Json::Number(expected), Json::Number(actual)) => number(expected, actual, numbers),
        (Json::String(expected), Json::Number(actual)) => {
            same_scaled(expected, actual) && !expected.is_empty()
        }
        (Json::Number(expected), Json::String(actual)) => {
            expected == actual && actual.parse::<f64>().is_ok() && !is_whole(expected)
        }
        (Json::Array(expected), Json::Array(actual)) => {
            let pairs = || expected.iter().zip(actual);
            expected.len() == actual.len() && pairs().all(|(a, b)| same(a, b, numbers))
        }
        (Json::Object(expected), Json::Object(_)) => {
            let field = |(name, value): &(String, Json)| {
                let found = actual
                    .get(name)
                    .or_else(|| actual.get(&name.to_uppercase()));
                same(value, found.unwrap_or(&Json::Null), numbers)
            };
            expected.len() == actual.fields().len() && expected.iter().all(field)
        }
        (expected, actual) => expected == actual,
    }
}

fn number(expected: &str, actual: &str, numbers: Numbers) -> bool {
    if same_scaled(expected, actual) {
        return true;
    }
    match numbers {
        Numbers::Near => {
            let doubles = !is_whole(actual) || !is_whole(expected);
            same_value(expected, actual) || (doubles && nearly(expected, actual))
        }
        Numbers::Exact => (is_whole(expected) || is_whole(actual)) && same_value(expected, actual),
    }
}

/// Whether two values are the same bit by bit of JSON, fields in any order.
pub(crate) fn equal(expected: &Json, actual: &Json) -> bool {
    match (expected, actual) {
        (Json::Number(a), Json::Number(b)) => same_value(a, b),
        (Json::Array(a), Json::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Json::Object(a), Json::Object(b)) => {
            let field = |(name, value): &(String, Json)| {
                actual.get(name).is_some_and(|found| equal(value, found))
            };
            a.len() == b.len() && a.iter().all(field)
        }
        (a, b) => a == b,
    }
}

/// A text that bytes would be stated as.
pub(crate) fn bytes_text(bytes: &[u8]) -> Json {
    Json::String(base64(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        Json::parse(text).expect("it is JSON")
    }

    #[test]
    fn numbers_are_compared_by_spelling() {
        let exact = |a: &str, b: &str| same(&json(a), &json(b), Numbers::Exact);
        assert!(exact("1", "1") && exact("1.0E7", "1.0E7") && !exact("1.0", "1.00"));
        assert!(exact("1", "1.0") && !exact("1", "1.5"));
        assert!(same(&json("0.1"), &json("0.1000000001"), Numbers::Near));
        assert!(exact("\"12.10\"", "12.10") && !exact("\"x\"", "1"));
    }

    #[test]
    fn fields_are_found_by_their_name_in_capitals() {
        let exact = |a: &str, b: &str| same(&json(a), &json(b), Numbers::Exact);
        assert!(exact(r#"{"a": 1, "B": null}"#, r#"{"B": null, "A": 1}"#));
        assert!(!exact(r#"{"a": 1}"#, r#"{"A": 1, "B": 2}"#));
    }
}
