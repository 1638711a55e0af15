//! Parts of texts: SUBSTRING, SPLIT, ELT, FIELD and MASK's relatives.

use super::super::Call;
use super::super::definition::{Definition, nullable, strict};
use super::row;
use super::text::units;
use crate::expression::EvalError;
use crate::value::{Value, same};

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "SUBSTRING",
        "substring",
        "A part of a text or bytes from a position, counted from 1 or, if negative, from the end.",
        ("SUBSTRING('headwater', 5, 3)", "wat"),
        &[
            strict("STRING str, INT pos", "STRING", substring),
            strict("STRING str, INT pos, INT length", "STRING", substring),
            strict("BYTES bytes, INT pos", "BYTES", substring),
            strict("BYTES bytes, INT pos, INT length", "BYTES", substring),
        ],
    ),
    row(
        "SPLIT",
        "split",
        "The parts of a text between delimiters.",
        ("SPLIT('a,b,,c', ',')", "[a, b, , c]"),
        &[
            strict("STRING string, STRING delimiter", "ARRAY<STRING>", split),
            strict("BYTES bytes, BYTES delimiter", "ARRAY<BYTES>", split),
        ],
    ),
    row(
        "SPLIT_TO_MAP",
        "split_to_map",
        "A map from a text such as 'a:1,b:2'.",
        ("SPLIT_TO_MAP('a:1,b:2', ',', ':')", "{a=1, b=2}"),
        &[strict(
            "STRING input, STRING entryDelimiter, STRING kvDelimiter",
            "MAP<STRING, STRING>",
            split_to_map,
        )],
    ),
    row(
        "ELT",
        "elt",
        "The argument at a position, counted from 1.",
        ("ELT(2, 'a', 'b')", "b"),
        &[nullable("INT pos, STRING... args", "STRING", elt)],
    ),
    row(
        "FIELD",
        "field",
        "The position of a text among the others, from 1; 0 where it is not.",
        ("FIELD('b', 'a', 'b')", "2"),
        &[nullable("STRING str, STRING... args", "INT", field)],
    ),
    row(
        "CHR",
        "Chr",
        "The character of a code point, or of '\\uXXXX'.",
        ("CHR(75)", "K"),
        &[
            strict("INT decimalCode", "STRING", chr),
            strict("STRING utf16Code", "STRING", chr_escape),
        ],
    ),
];

fn substring<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let (position, length) = (call.int(1), call.opt_int(2));
    Ok(match call.arg(0) {
        Value::String(text) if text.is_ascii() => {
            let (start, end) = range(text.len(), position, length);
            Value::String(text.get(start..end).unwrap_or(""))
        }
        Value::String(text) => {
            let units = units(text);
            let (start, end) = range(units.len(), position, length);
            return call.text(&String::from_utf16_lossy(&units[start..end]));
        }
        Value::Bytes(bytes) => {
            let (start, end) = range(bytes.len(), position, length);
            Value::Bytes(&bytes[start..end])
        }
        _ => Value::Null,
    })
}

/// Start and end of a part: 1-based, negative from the end, both clamped.
fn range(size: usize, position: i64, length: Option<i64>) -> (usize, usize) {
    let size = size as i64;
    let start = if position < 0 {
        size + position
    } else {
        (position - 1).max(0)
    };
    let start = start.clamp(0, size);
    let end = length.map_or(size, |length| {
        start.saturating_add(length).clamp(start, size)
    });
    (start as usize, end as usize)
}

fn split<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut parts = call.arena().list();
    match (call.arg(0), call.arg(1)) {
        (Value::String(""), _) | (Value::Bytes([]), _) => parts.push(call.arg(0)),
        (Value::String(text), Value::String("")) => {
            let ends = text.char_indices();
            parts.extend(ends.map(|(at, c)| Value::String(&text[at..at + c.len_utf8()])));
        }
        (Value::String(text), Value::String(delimiter)) => {
            parts.extend(text.split(delimiter).map(Value::String));
        }
        (Value::Bytes(bytes), Value::Bytes([])) => {
            parts.extend(bytes.chunks(1).map(Value::Bytes));
        }
        (Value::Bytes(bytes), Value::Bytes(delimiter)) => {
            let finder = memchr::memmem::Finder::new(delimiter);
            let mut rest = bytes;
            while let Some(at) = finder.find(rest) {
                parts.push(Value::Bytes(&rest[..at]));
                rest = &rest[at + delimiter.len()..];
            }
            parts.push(Value::Bytes(rest));
        }
        _ => return Ok(Value::Null),
    }
    Ok(Value::Array(parts.into_bump_slice()))
}

fn split_to_map<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let (text, between, inside) = (call.str(0), call.str(1), call.str(2));
    if between.is_empty() || inside.is_empty() || between == inside {
        return Ok(Value::Null);
    }
    let mut entries = call.arena().list();
    for (key, value) in text
        .split(between)
        .filter_map(|entry| entry.split_once(inside))
    {
        // What is behind a second delimiter is not part of the value.
        let value = value.split(inside).next().unwrap_or(value);
        super::super::put(&mut entries, Value::String(key), Value::String(value));
    }
    Ok(Value::Map(entries.into_bump_slice()))
}

fn elt<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Some(position) = call.opt_int(0).filter(|position| *position > 0) else {
        return Ok(Value::Null);
    };
    Ok(call
        .args
        .get(position as usize)
        .copied()
        .unwrap_or_default())
}

fn field<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let wanted = call.arg(0);
    let found = call.args[1..].iter().position(|value| same(*value, wanted));
    let found = found.filter(|_| !wanted.is_null());
    Ok(Value::Int(found.map_or(0, |at| at as i32 + 1)))
}

fn chr<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    match u32::try_from(call.int(0)).ok().and_then(char::from_u32) {
        Some(character) => call.text(&character.to_string()),
        None => Ok(Value::Null),
    }
}

fn chr_escape<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut units = Vec::new();
    let mut rest = call.str(0);
    while let Some(after) = rest.strip_prefix("\\u") {
        let Some(unit) = after
            .get(..4)
            .and_then(|hex| u16::from_str_radix(hex, 16).ok())
        else {
            return Ok(Value::Null);
        };
        units.push(unit);
        rest = &after[4..];
    }
    match String::from_utf16(&units) {
        Ok(text) if rest.is_empty() && !text.is_empty() => call.text(&text),
        _ => Ok(Value::Null),
    }
}
