//! Values as JSON text, spelled as Jackson and Java do.

use super::words::next_special;
use crate::format::encode_base64;
use crate::types::SqlType;
use crate::value::{Value, write_java_double};
use std::io::Write;

/// Text that is written as bytes.
struct Utf8<'o>(&'o mut Vec<u8>);

impl std::fmt::Write for Utf8<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

/// Appends a value of a type.
///
/// ```
/// use headwater_sql::format::write_json;
/// use headwater_sql::types::SqlType;
/// use headwater_sql::value::Value;
/// let mut text = Vec::new();
/// write_json(Value::Double(100.0), &SqlType::Double, &mut text);
/// assert_eq!(text, b"100.0");
/// ```
pub fn write(value: Value<'_>, ty: &SqlType, out: &mut Vec<u8>) {
    // Writing to memory cannot fail, so the results are not looked at.
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Boolean(true) => out.extend_from_slice(b"true"),
        Value::Boolean(false) => out.extend_from_slice(b"false"),
        Value::Int(x) | Value::Time(x) | Value::Date(x) => write_integer(i64::from(x), out),
        Value::BigInt(x) | Value::Timestamp(x) => write_integer(x, out),
        Value::Double(x) if x.is_finite() => {
            let _ = write_java_double(&mut Utf8(out), x);
        }
        Value::Double(x) => {
            out.push(b'"');
            let _ = write_java_double(&mut Utf8(out), x);
            out.push(b'"');
        }
        Value::Decimal(x) => {
            let _ = write!(out, "{x}");
        }
        Value::String(x) => write_string(x, out),
        Value::Bytes(x) => {
            out.push(b'"');
            encode_base64(x, out);
            out.push(b'"');
        }
        Value::Array(items) => {
            let element = match ty {
                SqlType::Array(element) => element,
                other => other,
            };
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(*item, element, out);
            }
            out.push(b']');
        }
        Value::Map(entries) => write_map(entries, ty, out),
        Value::Struct(fields) => write_struct(fields, ty, out),
    }
}

fn write_map(entries: &[(Value<'_>, Value<'_>)], ty: &SqlType, out: &mut Vec<u8>) {
    let SqlType::Map(key_type, value_type) = ty else {
        return out.extend_from_slice(b"null");
    };
    out.push(b'{');
    for (at, (key, value)) in entries.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        match key {
            Value::String(name) => write_string(name, out),
            other => {
                let mut name = String::new();
                let _ = crate::value::write_text(&mut name, *other, Some(key_type));
                write_string(&name, out);
            }
        }
        out.push(b':');
        write(*value, value_type, out);
    }
    out.push(b'}');
}

fn write_struct(fields: &[Value<'_>], ty: &SqlType, out: &mut Vec<u8>) {
    let SqlType::Struct(columns) = ty else {
        return out.extend_from_slice(b"null");
    };
    out.push(b'{');
    for (at, (field, column)) in fields.iter().zip(columns).enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(&column.name, out);
        out.push(b':');
        write(*field, &column.ty, out);
    }
    out.push(b'}');
}

/// The numbers from 00 to 99, side by side.
const PAIRS: [u8; 200] = {
    let mut pairs = [0; 200];
    let mut number = 0;
    while number < 100 {
        pairs[2 * number] = b'0' + (number / 10) as u8;
        pairs[2 * number + 1] = b'0' + (number % 10) as u8;
        number += 1;
    }
    pairs
};

/// Appends the first `len` bytes of `from`. All of it is copied and what is too much taken back: a
/// copy whose size is known is a few moves, where any other is a call.
#[inline]
pub(super) fn push_short<const N: usize>(from: &[u8; N], len: usize, out: &mut Vec<u8>) {
    let end = out.len() + len.min(N);
    out.extend_from_slice(from);
    out.truncate(end);
}

/// Appends a whole number; without the machinery of `write!`, for there are many.
#[inline]
fn write_integer(x: i64, out: &mut Vec<u8>) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = x.unsigned_abs();
    while rest >= 100 {
        let pair = 2 * (rest % 100) as usize;
        rest /= 100;
        at -= 2;
        digits[at] = PAIRS[pair];
        digits[at + 1] = PAIRS[pair + 1];
    }
    if rest >= 10 {
        at -= 2;
        digits[at] = PAIRS[2 * rest as usize];
        digits[at + 1] = PAIRS[2 * rest as usize + 1];
    } else {
        at -= 1;
        digits[at] = b'0' + rest as u8;
    }
    if x < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a text in quotes, escaped as Jackson does: quotes, backslashes and control characters.
pub fn write_string(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut start = 0;
    loop {
        let at = next_special(bytes, start);
        out.extend_from_slice(&bytes[start..at]);
        let Some(byte) = bytes.get(at) else {
            break;
        };
        start = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0C => out.extend_from_slice(b"\\f"),
            control => {
                let _ = write!(out, "\\u{control:04X}");
            }
        }
    }
    out.push(b'"');
}
