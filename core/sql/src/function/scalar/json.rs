//! JSON inside texts: EXTRACTJSONFIELD and its relatives.
//!
//! A text is walked by the scanner of the JSON format; no tree is built.

use super::super::Call;
use super::super::definition::{Definition, nullable, strict};
use super::row;
use crate::arena::Arena;
use crate::expression::EvalError;
use crate::format::{FormatError, JsonItem, JsonScanner};
use crate::value::Value;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "EXTRACTJSONFIELD",
        "extractjsonfield",
        "The text at a path of a JSON text.",
        (
            "EXTRACTJSONFIELD('{\"a\": {\"b\": [1, 2]}}', '$.a.b[1]')",
            "2",
        ),
        &[strict("STRING input, STRING path", "STRING", extract)],
    ),
    row(
        "IS_JSON_STRING",
        "IS_JSON_STRING",
        "Whether a text is JSON.",
        ("IS_JSON_STRING('[1')", "false"),
        &[nullable("STRING input", "BOOLEAN", is_json)],
    ),
    row(
        "JSON_ARRAY_LENGTH",
        "JSON_ARRAY_LENGTH",
        "How many elements a JSON array has.",
        ("JSON_ARRAY_LENGTH('[1, 2]')", "2"),
        &[strict("STRING jsonArray", "INT", array_length)],
    ),
    row(
        "JSON_KEYS",
        "JSON_KEYS",
        "The keys of a JSON object.",
        ("JSON_KEYS('{\"a\": 1, \"b\": 2}')", "[a, b]"),
        &[strict("STRING jsonObj", "ARRAY<STRING>", keys)],
    ),
    row(
        "JSON_RECORDS",
        "JSON_RECORDS",
        "A JSON object's keys and values as a map of texts.",
        ("JSON_RECORDS('{\"a\": 1}')", "{a=1}"),
        &[strict("STRING jsonObj", "MAP<STRING, STRING>", records)],
    ),
    row(
        "JSON_ITEMS",
        "JSON_ITEMS",
        "A JSON array's elements as texts.",
        ("JSON_ITEMS('[1, {\"a\": 2}]')", "[1, {\"a\":2}]"),
        &[strict("STRING jsonItems", "ARRAY<STRING>", items)],
    ),
];

/// A path such as `$.a.b[0]['c']`, step by step.
enum Step {
    Name(String),
    Index(usize),
}

fn path(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            steps.push(Step::Name(after[..end].to_owned()));
            rest = &after[end..];
            continue;
        }
        let inside = rest.strip_prefix('[')?;
        let end = inside.find(']')?;
        let step = inside[..end].trim();
        let quoted = step
            .strip_prefix(['\'', '"'])
            .and_then(|s| s.strip_suffix(['\'', '"']));
        steps.push(match quoted {
            Some(name) => Step::Name(name.to_owned()),
            None => Step::Index(step.parse().ok()?),
        });
        rest = &inside[end + 1..];
    }
    Some(steps)
}

fn extract<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let steps = call.made(1, |text| {
        path(text).ok_or_else(|| EvalError::new(format!("Invalid JSON path: {text}")))
    })?;
    let mut scanner = JsonScanner::new(call.str(0));
    Ok(at_path(&mut scanner, &steps, call.arena())
        .unwrap_or_default()
        .unwrap_or_default())
}

type Found<'a> = std::result::Result<Option<Value<'a>>, FormatError>;

fn at_path<'a>(scanner: &mut JsonScanner<'a>, steps: &[Step], arena: &'a Arena) -> Found<'a> {
    let Some((step, rest)) = steps.split_first() else {
        return scanner.value_text(arena).map(Some);
    };
    let mut found = None;
    let mut at = 0;
    let matched = scanner.items(arena, &mut |item, scanner| {
        let this = match (step, item) {
            (Step::Name(wanted), JsonItem::Field(name)) => name == wanted,
            (Step::Index(wanted), JsonItem::Element) => at == *wanted,
            _ => false,
        };
        at += 1;
        if this {
            found = at_path(scanner, rest, arena)?;
            return Ok(());
        }
        scanner.skip_value()
    })?;
    Ok(if matched { found } else { None })
}

/// Walks all items of the object or array that a text is; `None` if it is not of that kind.
fn walk<'a>(
    call: &Call<'_, 'a>,
    opening: u8,
    visit: &mut dyn FnMut(
        JsonItem<'a>,
        &mut JsonScanner<'a>,
    ) -> std::result::Result<(), FormatError>,
) -> Option<()> {
    let mut scanner = JsonScanner::new(call.str(0));
    if scanner.next_byte() != Some(opening) {
        return None;
    }
    scanner.items(call.arena(), visit).ok()?;
    scanner.at_end().then_some(())
}

fn is_json<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut scanner = JsonScanner::new(call.str(0));
    let valid = !scanner.at_end() && scanner.skip_value().is_ok() && scanner.at_end();
    Ok(Value::Boolean(valid))
}

fn array_length<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut count = 0;
    let found = walk(call, b'[', &mut |_, scanner| {
        count += 1;
        scanner.skip_value()
    });
    Ok(found.map_or(Value::Null, |()| Value::Int(count)))
}

fn keys<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut names = call.arena().list();
    let found = walk(call, b'{', &mut |item, scanner| {
        if let JsonItem::Field(name) = item {
            names.push(Value::String(name));
        }
        scanner.skip_value()
    });
    Ok(found.map_or(Value::Null, |()| Value::Array(names.into_bump_slice())))
}

fn records<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut entries = call.arena().list();
    let found = walk(call, b'{', &mut |item, scanner| {
        let value = scanner.value_text(call.arena())?;
        if let JsonItem::Field(name) = item {
            super::super::put(&mut entries, Value::String(name), value);
        }
        Ok(())
    });
    Ok(found.map_or(Value::Null, |()| Value::Map(entries.into_bump_slice())))
}

fn items<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut values = call.arena().list();
    let found = walk(call, b'[', &mut |_, scanner| {
        values.push(scanner.json_text(call.arena())?);
        Ok(())
    });
    Ok(found.map_or(Value::Null, |()| Value::Array(values.into_bump_slice())))
}
