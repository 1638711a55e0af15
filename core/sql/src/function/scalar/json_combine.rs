//! JSON_CONCAT and JSON_ARRAY_CONTAINS: JSON texts joined, and looked through.

use super::super::Call;
use super::super::definition::{Definition, nullable};
use super::row;
use crate::expression::EvalError;
use crate::format::{FormatError, JsonItem, JsonScanner, write_json_string};
use crate::value::Value;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "JSON_CONCAT",
        "JSON_CONCAT",
        "JSON objects merged, later ones win; if not all are objects, their elements in one array.",
        (
            "JSON_CONCAT('{\"a\": 1}', '{\"b\": 2}')",
            "{\"a\":1,\"b\":2}",
        ),
        &[nullable("STRING... jsonStrings", "STRING", concat)],
    ),
    row(
        "JSON_ARRAY_CONTAINS",
        "JSON_ARRAY_CONTAINS",
        "Whether a JSON array has an element; a whole number and a fraction are of two kinds.",
        ("JSON_ARRAY_CONTAINS('[1, 2]', 2)", "true"),
        &[nullable("STRING jsonArray, T val", "BOOLEAN", contains)],
    ),
];

/// The fields of an object or the elements of anything else, as JSON texts.
enum Parts<'a> {
    Object(Vec<(&'a str, &'a str)>),
    Array(Vec<&'a str>),
}

/// Reads a whole JSON text.
fn parts<'a>(call: &Call<'_, 'a>, text: &'a str) -> Option<Parts<'a>> {
    let mut scanner = JsonScanner::new(text);
    let (mut fields, mut elements) = (Vec::new(), Vec::new());
    let opening = scanner.next_byte()?;
    if opening != b'{' && opening != b'[' {
        elements.push(json(&mut scanner, call).ok()?);
    } else {
        let mut visit = |item: JsonItem<'a>, scanner: &mut JsonScanner<'a>| {
            let value = json(scanner, call)?;
            match item {
                JsonItem::Field(name) => fields.push((name, value)),
                JsonItem::Element => elements.push(value),
            }
            Ok(())
        };
        scanner.items(call.arena(), &mut visit).ok()?;
    }
    let parts = match opening {
        b'{' => Parts::Object(fields),
        _ => Parts::Array(elements),
    };
    scanner.at_end().then_some(parts)
}

fn json<'a>(
    scanner: &mut JsonScanner<'a>,
    call: &Call<'_, 'a>,
) -> std::result::Result<&'a str, FormatError> {
    match scanner.json_text(call.arena())? {
        Value::String(text) => Ok(text),
        _ => Ok("null"),
    }
}

fn concat<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut all = Vec::with_capacity(call.args.len());
    for at in 0..call.args.len() {
        match call.opt_str(at).and_then(|text| parts(call, text)) {
            Some(parts) => all.push(parts),
            None => return Ok(Value::Null),
        }
    }
    if all.is_empty() {
        return Ok(Value::Null);
    }
    let mut out = Vec::new();
    if all.iter().all(|parts| matches!(parts, Parts::Object(_))) {
        let mut merged: Vec<(&str, &str)> = Vec::new();
        for (name, value) in all.iter().flat_map(fields) {
            match merged.iter_mut().find(|(known, _)| known == name) {
                Some(known) => known.1 = value,
                None => merged.push((name, value)),
            }
        }
        write_object(&merged, &mut out);
    } else {
        out.push(b'[');
        for parts in &all {
            let separate = |out: &mut Vec<u8>| out.extend((out.len() > 1).then_some(b','));
            match parts {
                Parts::Object(fields) => {
                    separate(&mut out);
                    write_object(fields, &mut out);
                }
                Parts::Array(elements) => elements.iter().for_each(|element| {
                    separate(&mut out);
                    out.extend(element.bytes());
                }),
            }
        }
        out.push(b']');
    }
    call.text(&String::from_utf8_lossy(&out))
}

fn fields<'p, 'a>(parts: &'p Parts<'a>) -> &'p [(&'a str, &'a str)] {
    match parts {
        Parts::Object(fields) => fields,
        Parts::Array(_) => &[],
    }
}

fn write_object(fields: &[(&str, &str)], out: &mut Vec<u8>) {
    out.push(b'{');
    for (at, (name, value)) in fields.iter().enumerate() {
        out.extend((at > 0).then_some(b','));
        write_json_string(name, out);
        out.push(b':');
        out.extend(value.bytes());
    }
    out.push(b'}');
}

fn contains<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut scanner = JsonScanner::new(call.str(0));
    if scanner.next_byte() != Some(b'[') {
        return Ok(Value::Boolean(false));
    }
    let mut found = false;
    let mut visit = |_: JsonItem<'a>, scanner: &mut JsonScanner<'a>| {
        found |= is(scanner, call)?;
        Ok(())
    };
    let read = scanner.items(call.arena(), &mut visit);
    Ok(Value::Boolean(found && read.is_ok() && scanner.at_end()))
}

/// Whether the next element is the wanted value, of its kind.
fn is<'a>(
    scanner: &mut JsonScanner<'a>,
    call: &Call<'_, 'a>,
) -> std::result::Result<bool, FormatError> {
    let quoted = scanner.next_byte() == Some(b'"');
    let text = match scanner.value_text(call.arena())? {
        Value::String(text) => text,
        _ => return Ok(call.arg(1).is_null()),
    };
    if quoted {
        return Ok(call.opt_str(1) == Some(text));
    }
    let fraction = text.contains(['.', 'e', 'E']);
    Ok(match call.arg(1) {
        Value::Boolean(wanted) => text == if wanted { "true" } else { "false" },
        Value::Int(wanted) => !fraction && text.parse() == Ok(wanted),
        Value::BigInt(wanted) => !fraction && text.parse() == Ok(wanted),
        Value::Double(wanted) => fraction && text.parse() == Ok(wanted),
        _ => false,
    })
}
