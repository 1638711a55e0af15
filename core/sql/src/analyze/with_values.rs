//! The values of a WITH clause: texts, numbers, delimiters, lengths of time.

use super::wrong;
use crate::catalog::WindowType;
use crate::format::Nullable;
use headwater_base::{Diagnostic, Span};
use headwater_syntax::ast::{Literal, Properties, Property};

type Result<T> = std::result::Result<T, Diagnostic>;

pub(super) fn text_of(property: &Property) -> Result<(String, Span)> {
    match &property.value {
        Literal::String(text) => Ok((text.clone(), property.value_span)),
        _ => Err(invalid(property, "Expected a text in single quotes.")),
    }
}

fn invalid(property: &Property, why: &str) -> Diagnostic {
    let message = format!(
        "Configuration {} is invalid: {why}",
        property.name.to_uppercase()
    );
    let message = format!("Failed to prepare statement: {message}");
    wrong("invalid-with-value", message, property.value_span)
}

pub(super) fn number(properties: &Properties, name: &str) -> Result<Option<(i64, Span)>> {
    let Some(property) = properties.get(name) else {
        return Ok(None);
    };
    let number = match &property.value {
        Literal::Int(number) => Some(i64::from(*number)),
        Literal::BigInt(number) => Some(*number),
        Literal::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match number {
        Some(number) => Ok(Some((number, property.value_span))),
        None => Err(invalid(property, "Expected a whole number.")),
    }
}

pub(super) fn boolean(property: &Property) -> Result<bool> {
    match &property.value {
        Literal::Boolean(value) => Ok(*value),
        Literal::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Literal::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(invalid(
            property,
            "Expected value to be either true or false",
        )),
    }
}

pub(super) fn nullable(properties: &Properties, name: &str) -> Result<Option<(Nullable, Span)>> {
    let Some(property) = properties.get(name) else {
        return Ok(None);
    };
    let (text, span) = text_of(property)?;
    match text.to_ascii_uppercase().as_str() {
        "OPTIONAL" => Ok(Some((Nullable::Optional, span))),
        "WRAPPER" => Ok(Some((Nullable::Wrapper, span))),
        _ => Err(invalid(
            property,
            "String must be one of: OPTIONAL, WRAPPER",
        )),
    }
}

pub(super) fn delimiter(properties: &Properties, name: &str) -> Result<Option<char>> {
    let Some(property) = properties.get(name) else {
        return Ok(None);
    };
    let (text, _) = text_of(property)?;
    if text.trim().is_empty() {
        let why = "Delimiter cannot be empty, if you meant to have a tab or space for delimiter, \
                   please use the special values 'TAB' or 'SPACE'\nExample valid value: ';'";
        return Err(invalid(property, why));
    }
    let mut letters = text.chars();
    match (text.as_str(), letters.next(), letters.next()) {
        ("TAB", ..) => Ok(Some('\t')),
        ("SPACE", ..) => Ok(Some(' ')),
        (_, Some(one), None) => Ok(Some(one)),
        _ => Err(invalid(
            property,
            &format!(
                "Invalid delimiter value: '{text}'. Delimiter must be a single character or \
                 TAB,SPACE\nExample valid value: ';'"
            ),
        )),
    }
}

pub(super) fn window(
    kind: Option<(String, Span)>,
    size: Option<(String, Span)>,
) -> Result<Option<WindowType>> {
    let Some((kind, span)) = kind else {
        return match size {
            Some((_, span)) => {
                let message = "'WINDOW_SIZE' should be set only with 'WINDOW_TYPE'.".to_owned();
                Err(wrong("window-size", message, span))
            }
            None => Ok(None),
        };
    };
    let sized = |make: fn(i64) -> WindowType| match &size {
        Some((text, span)) => Ok(Some(make(duration(text, *span)?))),
        None => {
            let message = format!(
                "'WINDOW_SIZE' must be provided for {} windows.",
                kind.to_uppercase()
            );
            Err(wrong("window-size", message, span))
        }
    };
    match kind.to_uppercase().as_str() {
        "TUMBLING" => sized(WindowType::Tumbling),
        "HOPPING" => sized(WindowType::Hopping),
        "SESSION" => match size {
            Some((_, span)) => {
                let message = "'WINDOW_SIZE' should not be set for SESSION windows.".to_owned();
                Err(wrong("window-size", message, span))
            }
            None => Ok(Some(WindowType::Session)),
        },
        _ => {
            let message = format!(
                "Failed to prepare statement: Configuration WINDOW_TYPE is invalid: String must \
                 be one of: SESSION, HOPPING, TUMBLING, null. Got: {kind}"
            );
            Err(wrong("window-type", message, span))
        }
    }
}

/// A length of time such as `30 SECONDS`, in milliseconds.
fn duration(text: &str, at: Span) -> Result<i64> {
    let bad = |why: String| {
        let message = format!(
            "Failed to prepare statement: Configuration WINDOW_SIZE is invalid: Invalid duration: \
             '{text}'. {why}"
        );
        wrong("window-size", message, at)
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let [count, unit] = words.as_slice() else {
        return Err(bad(
            "Expected a number and a unit, such as '10 SECONDS'.".to_owned()
        ));
    };
    let count: i64 = count
        .parse()
        .map_err(|_| bad(format!("Not numeric: '{count}'.")))?;
    let unit = unit.to_uppercase();
    let millis = match unit.strip_suffix('S').unwrap_or(&unit) {
        "MILLISECOND" => 1,
        "SECOND" => 1_000,
        "MINUTE" => 60_000,
        "HOUR" => 3_600_000,
        "DAY" => 86_400_000,
        _ => return Err(bad(format!("Unknown time unit: '{unit}'"))),
    };
    count
        .checked_mul(millis)
        .ok_or_else(|| bad("It is too long.".to_owned()))
}
