//! JSON texts: what is JSON and what not is the same for the project's scanner and for another
//! reader of JSON, and a value that is written again is the same value.

use headwater_sql::arena::Arena;
use headwater_sql::format::JsonScanner;
use headwater_sql::value::Value;

/// How deep the other reader goes.
const DEPTH_MAX: usize = 100;

/// Compares with `serde_json` where the two promise the same.
pub(crate) fn json(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let depth = text
        .bytes()
        .filter(|byte| matches!(byte, b'[' | b'{'))
        .count();
    let arena = Arena::new();
    let mut scanner = JsonScanner::new(text);
    let skipped = scanner.skip_value().is_ok();
    let ended = scanner.at_end();
    let mut scanner = JsonScanner::new(text);
    let written = scanner.json_text(&arena);
    if depth > DEPTH_MAX || has_half_pair(text) {
        return;
    }
    let other: Result<serde_json::Value, _> = serde_json::from_str(text);
    match (&written, other) {
        (Ok(Value::String(again)), Ok(value)) => {
            assert!(skipped && ended);
            let again: serde_json::Value = serde_json::from_str(again).expect("JSON is written");
            assert!(same(&again, &value), "{again}\n{value}");
        }
        (Ok(_), Err(found)) => assert!(!ended, "{found}"),
        (Err(found), Ok(value)) => panic!("{found}: {value}"),
        (Err(_), Err(_)) => {}
        (Ok(value), Ok(_)) => panic!("{value:?} is no text"),
    }
}

/// Halves of pairs are replaced here and refused there.
fn has_half_pair(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("\\ud")
}

/// Whether two values are the same; numbers may be spelled in another way, and of fields with one
/// name the last one counts.
fn same(left: &serde_json::Value, right: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (left, right) {
        (Number(left), Number(right)) => left.as_f64() == right.as_f64(),
        (Array(left), Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same(l, r))
        }
        (Object(left), Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, l)| right.get(name).is_some_and(|r| same(l, r)))
        }
        (left, right) => left == right,
    }
}
