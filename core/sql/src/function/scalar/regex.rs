//! Regular expressions, with look-around as in Java.

use super::super::Call;
use super::super::definition::{Definition, strict};
use super::row;
use crate::expression::EvalError;
use crate::regex::{Found, Regex, TooHard};
use crate::value::Value;
use std::sync::Arc;

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

/// The pattern at an argument; where it is a constant it is compiled once.
fn compiled(call: &Call<'_, '_>, at: usize) -> std::result::Result<Arc<Regex>, EvalError> {
    call.made(at, |pattern| {
        Regex::new(pattern).map_err(|error| {
            EvalError::new(format!(
                "Invalid regular expression pattern: {pattern}: {error}"
            ))
        })
    })
}

fn failed(error: TooHard) -> EvalError {
    EvalError::new(format!(
        "The regular expression could not be matched: {error}"
    ))
}

fn extract<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let regex = compiled(call, 0)?;
    let group = call.opt_int(2).unwrap_or(0);
    let found = regex.find(call.str(1), 0).map_err(failed)?;
    let group = usize::try_from(group)
        .ok()
        .and_then(|group| found.as_ref()?.group(group));
    Ok(group.map_or(Value::Null, Value::String))
}

fn extract_all<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let regex = compiled(call, 0)?;
    let group = usize::try_from(call.opt_int(2).unwrap_or(0)).unwrap_or(usize::MAX);
    if group > regex.group_count() {
        return Ok(Value::Null);
    }
    let mut found = call.arena().list();
    for one in regex.find_all(call.str(1)) {
        let group = one.map_err(failed)?.group(group);
        found.push(group.map_or(Value::Null, Value::String));
    }
    Ok(Value::Array(found.into_bump_slice()))
}

fn replace<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let regex = compiled(call, 1)?;
    let (text, template) = (call.str(0), call.str(2));
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for found in regex.find_all(text) {
        let found = found.map_err(failed)?;
        out.push_str(&text[copied..found.start()]);
        expand(template, &regex, &found, &mut out)?;
        copied = found.end();
    }
    out.push_str(&text[copied..]);
    call.text(&out)
}

/// Appends a replacement as `Matcher.replaceAll` does: `$1` and `${name}` are groups, of digits
/// as many as still name one; a backslash quotes.
fn expand(
    template: &str,
    regex: &Regex,
    found: &Found<'_>,
    out: &mut String,
) -> std::result::Result<(), EvalError> {
    const WRONG: EvalError = EvalError::fixed("Illegal group reference");
    let mut rest = template.chars().peekable();
    while let Some(character) = rest.next() {
        let group = match character {
            '\\' => {
                out.push(rest.next().ok_or(WRONG)?);
                continue;
            }
            '$' if rest.next_if_eq(&'{').is_some() => {
                let name: String = rest.by_ref().take_while(|c| *c != '}').collect();
                regex.group_named(&name).ok_or(WRONG)?
            }
            '$' => {
                let digit = |c: &char| c.to_digit(10).map(|digit| digit as usize);
                let mut group = rest.next().as_ref().and_then(digit).ok_or(WRONG)?;
                while let Some(digit) = rest.peek().and_then(digit)
                    && group * 10 + digit <= regex.group_count()
                {
                    group = group * 10 + digit;
                    rest.next();
                }
                if group > regex.group_count() {
                    return Err(WRONG);
                }
                group
            }
            other => {
                out.push(other);
                continue;
            }
        };
        out.push_str(found.group(group).unwrap_or(""));
    }
    Ok(())
}

fn split<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let regex = compiled(call, 1)?;
    let text = call.str(0);
    let mut parts = call.arena().list();
    let mut start = 0;
    for found in regex.find_all(text) {
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
