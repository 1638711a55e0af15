//! One value of a result, as plain data that keeps the spelling of numbers.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A value to show, or to hand to JavaScript.
///
/// ```
/// use headwater_view::Cell;
/// assert_eq!(Cell::Number("1.50".into()).to_string(), "1.50");
/// assert_eq!(Cell::Text("web".into()).to_json(), "\"web\"");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cell {
    /// SQL's null.
    #[default]
    Null,
    /// True or false.
    Boolean(bool),
    /// A number as it is spelled; also a valid JSON number.
    Number(String),
    /// Text; also times, dates and base64 of bytes.
    Text(String),
    /// An array, map or struct as JSON text.
    Nested(String),
}

impl Cell {
    /// The value as JSON text.
    pub fn to_json(&self) -> String {
        match self {
            Cell::Null => "null".to_owned(),
            Cell::Boolean(value) => value.to_string(),
            Cell::Number(text) | Cell::Nested(text) => text.clone(),
            Cell::Text(text) => quoted(text),
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Null => f.write_str("null"),
            Cell::Boolean(value) => value.fmt(f),
            Cell::Number(text) | Cell::Text(text) | Cell::Nested(text) => f.write_str(text),
        }
    }
}

/// A JSON string with what JSON demands to be escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if (control as u32) < 0x20 => {
                out.push_str(&format!("\\u{:04x}", control as u32));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
