//! Regular expressions, with look-around as in Java.

use super::super::Call;
use super::super::definition::{Definition, strict};
use super::row;
use crate::expression::EvalError;
use crate::value::Value;
use fancy_regex::Regex;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "REGEXP_EXTRACT",
        "regexp_extract",
        "The first match of a pattern, or a group of it.",
        ("REGEXP_EXTRACT('(\\w)-(\\d)', 'a-1', 2)", "1"),
        &[
            strict("STRING pattern, STRING input", "STRING", extract),
            strict("STRING pattern, STRING input, INT group", "STRING", extract),
        ],
    ),
    row(
        "REGEXP_EXTRACT_ALL",
        "regexp_extract_all",
        "All matches of a pattern.",
        ("REGEXP_EXTRACT_ALL('\\d', 'a1b2')", "[1, 2]"),
        &[
            strict("STRING pattern, STRING input", "ARRAY<STRING>", extract_all),
            strict(
                "STRING pattern, STRING input, INT group",
                "ARRAY<STRING>",
                extract_all,
            ),
        ],
    ),
    row(
        "REGEXP_REPLACE",
        "regexp_replace",
        "The text with every match replaced; $1 is a group.",
        ("REGEXP_REPLACE('a1b2', '(\\d)', '<$1>')", "a<1>b<2>"),
        &[strict(
            "STRING str, STRING pattern, STRING newStr",
            "STRING",
            replace,
        )],
    ),
    row(
        "REGEXP_SPLIT_TO_ARRAY",
        "regexp_split_to_array",
        "The parts between matches.",
        ("REGEXP_SPLIT_TO_ARRAY('a1b2c', '\\d')", "[a, b, c]"),
        &[strict(
            "STRING string, STRING regexp",
            "ARRAY<STRING>",
            split,
        )],
    ),
];

/// A compiled pattern. It is compiled at each record: patterns are mostly constants, and a cache
/// beside the plan would make them cheap.
fn compiled(pattern: &str) -> std::result::Result<Regex, EvalError> {
    Regex::new(pattern)
        .map_err(|error| EvalError::new(format!("Invalid regular expression pattern: {error}")))
}

fn failed(error: fancy_regex::Error) -> EvalError {
    EvalError::new(format!(
        "The regular expression could not be matched: {error}"
    ))
}

fn extract<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let regex = compiled(call.str(0))?;
    let group = call.opt_int(2).unwrap_or(0);
    let found = regex.captures(call.str(1)).map_err(failed)?;
    let group = usize::try_from(group)
        .ok()
        .and_then(|group| found.as_ref()?.get(group));
    Ok(group.map_or(Value::Null, |group| Value::String(group.as_str())))
}

fn extract_all<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let regex = compiled(call.str(0))?;
    let group = usize::try_from(call.opt_int(2).unwrap_or(0)).unwrap_or(usize::MAX);
    if group >= regex.captures_len() {
        return Ok(Value::Null);
    }
    let mut found = call.arena().list();
    for captures in regex.captures_iter(call.str(1)) {
        let group = captures.map_err(failed)?.get(group);
        found.push(group.map_or(Value::Null, |group| Value::String(group.as_str())));
    }
    Ok(Value::Array(found.into_bump_slice()))
}

fn replace<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let regex = compiled(call.str(1))?;
    // Java's `$1` ends after the digits that name a group; here it needs brackets for that.
    let mut template = String::new();
    let mut rest = call.str(2).chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next() {
                Some('$') => template.push_str("$$"),
                other => template.extend(other),
            },
            '$' if rest.peek().is_some_and(char::is_ascii_digit) => {
                template.push_str("${");
                while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                    template.push(digit);
                }
                template.push('}');
            }
            other => template.push(other),
        }
    }
    let replaced = regex
        .try_replacen(call.str(0), 0, template.as_str())
        .map_err(failed)?;
    call.text(&replaced)
}

fn split<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let regex = compiled(call.str(1))?;
    let text = call.str(0);
    let mut parts = call.arena().list();
    let mut start = 0;
    for found in regex.find_iter(text) {
        let found = found.map_err(failed)?;
        if found.end() == 0 {
            continue;
        }
        if found.start() == found.end() && found.start() == text.len() {
            break;
        }
        parts.push(Value::String(&text[start..found.start()]));
        start = found.end();
    }
    parts.push(Value::String(&text[start..]));
    Ok(Value::Array(parts.into_bump_slice()))
}
