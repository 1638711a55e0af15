//! Whether a word is a value of the kind that its form asks for; if not, what would be, and where
//! it went wrong. The kinds are in `table`.

use super::SeekTo;
use super::amount::{DurationRange, Rate, parse_duration, parse_percent, parse_time};
use super::parse::yours;
use super::table::{Form, Kind};
use super::words::Word;
use crate::generator;
use headwater_base::{Diagnostic, Span};

/// Longest name, in characters; Kafka's for topics.
const NAME_CHARACTERS_MAX: usize = 249;

/// Refuses a value that is not of its kind.
pub(super) fn check(kind: &Kind, word: &Word, form: &Form) -> Result<(), Diagnostic> {
    let text = word.text.as_str();
    if word.json && matches!(kind, Kind::Text) {
        return check_json(word, form);
    }
    let wrong = |why: String| {
        let what = word
            .key
            .as_deref()
            .map_or(String::new(), |key| format!("{key}="));
        let message = format!("{what}{text} is not possible: {why}.");
        Err(yours("impossible-value", message, word.text_span))
    };
    let is_name = |name: &str| {
        let length = name.chars().count();
        (1..=NAME_CHARACTERS_MAX).contains(&length) && !name.contains(char::is_control)
    };
    match kind {
        Kind::Name if is_name(text) => Ok(()),
        Kind::Names if text.split(',').all(is_name) => Ok(()),
        Kind::Name | Kind::Names => wrong(format!(
            "a name has 1 to {NAME_CHARACTERS_MAX} characters and no control characters"
        )),
        Kind::Text => Ok(()),
        Kind::Count { low, high } => match text.parse::<i64>() {
            Ok(number) if (*low..=*high).contains(&number) => Ok(()),
            _ if *high == i64::MAX => wrong(format!("a whole number from {low} on is")),
            _ => wrong(format!("a whole number from {low} to {high} is")),
        },
        Kind::Duration if parse_duration(text).is_some() => Ok(()),
        Kind::Duration => wrong("a length of time such as 10s, 750ms or 1m is".to_owned()),
        Kind::DurationRange if DurationRange::parse(text).is_some() => Ok(()),
        Kind::DurationRange => wrong("10s or a range such as 0ms..750ms is".to_owned()),
        Kind::Rate if Rate::parse(text).is_some() => Ok(()),
        Kind::Rate => wrong("a rate such as 2.7/s is".to_owned()),
        Kind::OneOf(words) if words.contains(&text) => Ok(()),
        Kind::OneOf(words) => wrong(format!("one of {} is", words.join(", "))),
        Kind::Place if parse_place(text).is_some() => Ok(()),
        Kind::Place => wrong(
            "earliest, latest, an offset, +N, -N or a time such as 2024-01-01T00:00:30Z is"
                .to_owned(),
        ),
        Kind::Percent if parse_percent(text).is_some() => Ok(()),
        Kind::Percent => wrong("a share such as 10% or 2.5% is".to_owned()),
        Kind::Fields => match generator::schema::parse(text) {
            Ok(_) => Ok(()),
            Err(found) => Err(within(found, word)),
        },
        Kind::Generator if matches!(text, "auto" | "custom") => Ok(()),
        Kind::Generator => match generator::preset(text) {
            Ok(_) => Ok(()),
            Err(found) => Err(found.at(word.text_span)),
        },
    }
}

/// A finding in a word's text, at its place in the line.
fn within(found: Diagnostic, word: &Word) -> Diagnostic {
    let written = (word.text_span.end - word.text_span.start) as usize;
    match written.checked_sub(word.text.len()) {
        Some(0) => found.shifted(word.text_span.start),
        // Plain quotes around it; with escapes in it, places cannot be told.
        Some(2) => found.shifted(word.text_span.start + 1),
        _ => found.at(word.text_span),
    }
}

fn check_json(word: &Word, form: &Form) -> Result<(), Diagnostic> {
    let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&word.text) else {
        return Ok(());
    };
    // The column counts bytes, from 1.
    let column = error.column().saturating_sub(1).min(word.text.len());
    let before = word.text.floor_char_boundary(column);
    let at = word.text_span.start + before as u32;
    let message = "What begins with { or [ is JSON to the end of the line, and this is not JSON.";
    let mut found = yours("malformed-json", message, Span::new(at, word.text_span.end));
    if form.key("value").is_some() {
        found = found.hint("Put value= last, and other keys before it.");
    }
    Err(found.hint("Text that is not JSON goes between single quotes."))
}

/// Reads a place of a partition.
pub(super) fn parse_place(text: &str) -> Option<SeekTo> {
    match text {
        "earliest" => Some(SeekTo::Earliest),
        "latest" => Some(SeekTo::Latest),
        _ if text.starts_with(['+', '-']) => text.parse().ok().map(SeekTo::By),
        _ if text.contains('T') => parse_time(text).map(SeekTo::Time),
        _ => text.parse().ok().map(SeekTo::Offset),
    }
}
