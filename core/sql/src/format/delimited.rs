//! The DELIMITED format: one line of fields, as Apache Commons CSV reads and writes them.
//!
//! An empty field is null. A field is quoted where it would else be read differently.

use super::{Decoded, Encoded, FormatError, decode_base64, encode_base64};
use crate::arena::Arena;
use crate::decimal::Decimal;
use crate::types::{Column, SqlType};
use crate::value::{Value, write_text};

pub(super) fn decode<'a>(
    columns: &[Column],
    delimiter: char,
    bytes: &'a [u8],
    arena: &'a Arena,
    slots: &mut [Value<'a>],
) -> Result<Decoded, FormatError> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => arena.string(&String::from_utf8_lossy(bytes)),
    };
    // Empty lines are no records.
    let text = text.trim_start_matches(['\n', '\r']);
    if text.is_empty() {
        return Err(FormatError::new("No fields in record"));
    }
    let mut rest = Some(text);
    let mut count = 0;
    while let Some(from) = rest {
        let (field, after) = field(from, delimiter, arena)?;
        if let (Some(slot), Some(column)) = (slots.get_mut(count), columns.get(count)) {
            *slot = read(field, column, arena)?;
        }
        count += 1;
        rest = after;
    }
    if count != columns.len() {
        let expected = columns.len();
        return Err(FormatError::new(format!(
            "Unexpected field count, csvFields:{count} schemaFields:{expected}"
        )));
    }
    Ok(Decoded::Row)
}

/// The first field, and what is behind the delimiter after it.
fn field<'a>(
    text: &'a str,
    delimiter: char,
    arena: &'a Arena,
) -> Result<(&'a str, Option<&'a str>), FormatError> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([delimiter, '\n', '\r']).unwrap_or(text.len());
        let (field, rest) = text.split_at(end);
        return Ok((field, rest.strip_prefix(delimiter)));
    };
    let mut value = arena.text();
    let mut rest = quoted;
    loop {
        let Some(quote) = rest.find('"') else {
            return Err(FormatError::new("A quoted field does not end"));
        };
        value.push_str(&rest[..quote]);
        rest = &rest[quote + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                value.push('"');
                rest = after;
            }
            None => break,
        }
    }
    let rest = rest.trim_start_matches(|c: char| c == ' ' && c != delimiter);
    let after = rest.strip_prefix(delimiter);
    if after.is_none() && !rest.is_empty() && !rest.starts_with(['\n', '\r']) {
        return Err(FormatError::new(
            "There is text between a quoted field and the delimiter",
        ));
    }
    Ok((value.into_bump_str(), after))
}

fn read<'a>(field: &'a str, column: &Column, arena: &'a Arena) -> Result<Value<'a>, FormatError> {
    if field.is_empty() {
        return Ok(Value::Null);
    }
    let trimmed = field.trim();
    let value = match &column.ty {
        SqlType::String => Some(Value::String(field)),
        SqlType::Boolean => Some(Value::Boolean(trimmed.eq_ignore_ascii_case("true"))),
        SqlType::Int => trimmed.parse().ok().map(Value::Int),
        SqlType::BigInt => trimmed.parse().ok().map(Value::BigInt),
        SqlType::Double => crate::expression::read_double(trimmed).map(Value::Double),
        SqlType::Decimal { precision, scale } => Decimal::parse(trimmed)
            .and_then(|exact| exact.fitted(*precision, *scale))
            .map(|exact| Value::Decimal(arena.decimal(exact))),
        SqlType::Bytes => decode_base64(trimmed).map(|bytes| Value::Bytes(arena.bytes(&bytes))),
        SqlType::Time => trimmed.parse().ok().map(Value::Time),
        SqlType::Date => trimmed.parse().ok().map(Value::Date),
        SqlType::Timestamp => trimmed.parse().ok().map(Value::Timestamp),
        SqlType::Array(_) | SqlType::Map(..) | SqlType::Struct(_) => None,
    };
    value.ok_or_else(|| FormatError {
        message: format!("'{field}' is no {}", column.ty),
        path: column.name.clone(),
    })
}

pub(super) fn encode(
    columns: &[Column],
    delimiter: char,
    slots: &[Value<'_>],
    out: &mut Vec<u8>,
) -> Result<Encoded, FormatError> {
    let mut text = String::new();
    for (at, value) in slots.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(delimiter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        text.clear();
        match value {
            Value::Null => continue,
            Value::String(x) => text.push_str(x),
            Value::Time(x) | Value::Date(x) => text.push_str(&x.to_string()),
            Value::Timestamp(x) => text.push_str(&x.to_string()),
            Value::Bytes(x) => {
                let mut base64 = Vec::new();
                encode_base64(x, &mut base64);
                text.extend(base64.iter().map(|byte| char::from(*byte)));
            }
            other => {
                // Writing to memory cannot fail.
                let _ = write_text(&mut text, *other, columns.get(at).map(|column| &column.ty));
            }
        }
        if needs_quotes(&text, delimiter, at == 0) {
            out.push(b'"');
            out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(text.as_bytes());
        }
    }
    Ok(Encoded::Bytes)
}

/// The rule of Commons CSV's minimal quoting.
fn needs_quotes(text: &str, delimiter: char, first: bool) -> bool {
    let (Some(start), Some(end)) = (text.chars().next(), text.chars().next_back()) else {
        return first;
    };
    first && !start.is_ascii_alphanumeric()
        || start <= '#'
        || text.contains(['\n', '\r', '"', delimiter])
        || end <= ' '
}
