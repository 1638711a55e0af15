//! Patterns for dates and times as Java's `DateTimeFormatter` has them: `yyyy-MM-dd HH:mm:ss`.
//!
//! A pattern is cut into parts once; writing is in `write`, reading in `read`. Texts in patterns
//! are English (the root locale's), and reading ignores case.

mod lenient;
mod read;
mod week;
mod write;

pub use lenient::LenientDate;
pub use read::Fields;

use std::fmt;

/// A pattern, cut into parts.
///
/// ```
/// use headwater_sql::time::{Zone, pattern::Pattern};
/// let pattern = Pattern::new("yyyy-MM-dd'T'HH:mm:ss.SSS").unwrap();
/// let text = pattern.format(1500, &Zone::gmt()).unwrap();
/// assert_eq!(text, "1970-01-01T00:00:01.500");
/// assert_eq!(pattern.parse(&text).unwrap().millis(&Zone::gmt().rules), Ok(1500));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    parts: Vec<Part>,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    /// A letter, and how often it stands there.
    Field(char, usize),
    /// What stands in square brackets: read if it is there, written always.
    Optional(Vec<Part>),
}

/// Why a pattern, or a text for it, is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(pub String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The letters that mean something.
const LETTERS: &str = "GuyYMLdDEeaHhKkmsSnNAzVXxZOQqwWcF";

impl Pattern {
    /// Cuts a pattern.
    pub fn new(text: &str) -> Result<Pattern, PatternError> {
        let mut rest: Vec<char> = text.chars().rev().collect();
        let parts = parts(&mut rest, 0)?;
        Ok(Pattern { parts })
    }

    /// The first letter that asks a date for what only a time of day or a zone has.
    pub fn beyond_dates(&self) -> Option<char> {
        first_of(&self.parts, "aHhKkmsSnNAzVXxZO")
    }

    /// The first letter that asks a time of day for what only a date or a zone has.
    pub fn beyond_times(&self) -> Option<char> {
        first_of(&self.parts, "GuyYMLdDEeczVXxZOQqwWF")
    }
}

fn first_of(parts: &[Part], letters: &str) -> Option<char> {
    parts.iter().find_map(|part| match part {
        Part::Field(letter, _) => letters.contains(*letter).then_some(*letter),
        Part::Optional(inner) => first_of(inner, letters),
        Part::Literal(_) => None,
    })
}

fn parts(rest: &mut Vec<char>, depth: u32) -> Result<Vec<Part>, PatternError> {
    let mut parts = Vec::new();
    while let Some(next) = rest.pop() {
        match next {
            ']' if depth > 0 => return Ok(parts),
            '[' if depth < 8 => parts.push(Part::Optional(self::parts(rest, depth + 1)?)),
            '[' | ']' | '{' | '}' | '#' => {
                return Err(PatternError(format!(
                    "Pattern includes reserved character: '{next}'"
                )));
            }
            '\'' => parts.push(Part::Literal(quoted(rest)?)),
            letter if letter.is_ascii_alphabetic() => {
                if !LETTERS.contains(letter) {
                    return Err(PatternError(format!("Unknown pattern letter: {letter}")));
                }
                let mut count = 1;
                while rest.last() == Some(&letter) {
                    rest.pop();
                    count += 1;
                }
                if letter == 'z' && count > 3 {
                    return Err(PatternError(
                        "Full names of time zones are not known".into(),
                    ));
                }
                parts.push(Part::Field(letter, count));
            }
            other => match parts.last_mut() {
                Some(Part::Literal(literal)) => literal.push(other),
                _ => parts.push(Part::Literal(other.to_string())),
            },
        }
    }
    Ok(parts)
}

/// What stands in quotes; two quotes are one, also on their own.
fn quoted(rest: &mut Vec<char>) -> Result<String, PatternError> {
    let mut literal = String::new();
    loop {
        match rest.pop() {
            Some('\'') if rest.last() == Some(&'\'') => {
                rest.pop();
                literal.push('\'');
            }
            Some('\'') if literal.is_empty() => return Ok("'".to_owned()),
            Some('\'') => return Ok(literal),
            Some(other) => literal.push(other),
            None => {
                return Err(PatternError(
                    "Pattern ends with an incomplete string literal".into(),
                ));
            }
        }
    }
}

/// Months as they are written out.
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days of the week as they are written out, Monday first.
const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
