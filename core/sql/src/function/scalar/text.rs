//! Texts: case, length, joining, trimming, searching, filling.
//!
//! Positions and lengths of texts count UTF-16 units, as in Java; those of BYTES count bytes.

use super::super::Call;
use super::super::definition::{Definition, nullable, strict};
use super::row;
use crate::expression::EvalError;
use crate::value::Value;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "UCASE",
        "ucase",
        "The text in upper case.",
        ("UCASE('sky')", "SKY"),
        &[strict("STRING text", "STRING", |call| {
            call.text(&call.str(0).to_uppercase())
        })],
    ),
    row(
        "LCASE",
        "lcase",
        "The text in lower case.",
        ("LCASE('Sky')", "sky"),
        &[strict("STRING text", "STRING", |call| {
            call.text(&call.str(0).to_lowercase())
        })],
    ),
    row(
        "LEN",
        "len",
        "How long a text (in UTF-16 units) or bytes are.",
        ("LEN('sky')", "3"),
        &[
            strict("STRING input", "INT", length),
            strict("BYTES input", "INT", length),
        ],
    ),
    row(
        "TRIM",
        "trim",
        "The text without white space at its ends.",
        ("TRIM('  sky ')", "sky"),
        &[strict("STRING input", "STRING", trim)],
    ),
    row(
        "INITCAP",
        "initcap",
        "Each word with a capital, the rest in lower case.",
        ("INITCAP('the SKY')", "The Sky"),
        &[strict("STRING text", "STRING", initcap)],
    ),
    row(
        "CONCAT",
        "concat",
        "The arguments joined; nulls are skipped.",
        ("CONCAT('a', NULL, 'b')", "ab"),
        &[
            nullable("STRING... inputs", "STRING", concat),
            nullable("BYTES... inputs", "BYTES", concat),
        ],
    ),
    row(
        "CONCAT_WS",
        "concat_ws",
        "The arguments joined with a separator; nulls are skipped.",
        ("CONCAT_WS('-', 'a', NULL, 'b')", "a-b"),
        &[
            nullable(
                "STRING separator, STRING input, STRING... inputs",
                "STRING",
                concat_ws,
            ),
            nullable(
                "BYTES separator, BYTES input, BYTES... inputs",
                "BYTES",
                concat_ws,
            ),
        ],
    ),
    row(
        "REPLACE",
        "replace",
        "The text with every place of one text taken by another.",
        ("REPLACE('a-b-c', '-', '+')", "a+b+c"),
        &[strict(
            "STRING str, STRING oldStr, STRING newStr",
            "STRING",
            replace,
        )],
    ),
    row(
        "INSTR",
        "instr",
        "Where a text stands in another, from 1; 0 where it does not.",
        ("INSTR('headwater', 'a', 1, 2)", "6"),
        &[
            nullable("STRING str, STRING substring", "INT", instr),
            nullable("STRING str, STRING substring, INT pos", "INT", instr),
            nullable(
                "STRING str, STRING substring, INT pos, INT occurrence",
                "INT",
                instr,
            ),
        ],
    ),
    row(
        "LPAD",
        "LPad",
        "The text filled at its left, or cut, to a length.",
        ("LPAD('7', 3, '0')", "007"),
        &[
            strict(
                "STRING input, INT targetLen, STRING padding",
                "STRING",
                lpad,
            ),
            strict("BYTES input, INT targetLen, BYTES padding", "BYTES", lpad),
        ],
    ),
    row(
        "RPAD",
        "RPad",
        "The text filled at its right, or cut, to a length.",
        ("RPAD('7', 3, '.')", "7.."),
        &[
            strict(
                "STRING input, INT targetLen, STRING padding",
                "STRING",
                rpad,
            ),
            strict("BYTES input, INT targetLen, BYTES padding", "BYTES", rpad),
        ],
    ),
    row(
        "UUID",
        "UUID",
        "A random UUID, drawn from the laboratory's seed, or the UUID in 16 bytes.",
        ("LEN(UUID())", "36"),
        &[
            strict("", "STRING", uuid),
            strict("BYTES bytes", "STRING", uuid_of_bytes),
        ],
    ),
];

/// The UTF-16 units of a text.
pub(super) fn units(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

fn length<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(Value::Int(match call.arg(0) {
        Value::String(text) if text.is_ascii() => text.len() as i32,
        Value::String(text) => text.encode_utf16().count() as i32,
        Value::Bytes(bytes) => bytes.len() as i32,
        _ => return Ok(Value::Null),
    }))
}

fn trim<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(Value::String(call.str(0).trim_matches(|c: char| c <= ' ')))
}

fn initcap<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut text = call.arena().text();
    let mut inside = false;
    for character in call.str(0).chars() {
        if character.is_whitespace() || !inside {
            text.extend(character.to_uppercase());
        } else {
            text.extend(character.to_lowercase());
        }
        inside = !character.is_whitespace();
    }
    Ok(Value::String(text.into_bump_str()))
}

fn concat<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    joined(call, call.args, Value::Null)
}

fn concat_ws<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    if call.arg(0).is_null() {
        return Ok(Value::Null);
    }
    joined(call, &call.args[1..], call.arg(0))
}

fn joined<'a>(call: &Call<'_, 'a>, parts: &[Value<'a>], separator: Value<'a>) -> Result<'a> {
    let parts = parts.iter().filter(|part| !part.is_null()).enumerate();
    if *call.result == crate::types::SqlType::Bytes {
        let mut bytes = call.arena().list();
        for (at, part) in parts {
            if let (Value::Bytes(separator), true) = (separator, at > 0) {
                bytes.extend_from_slice(separator);
            }
            if let Value::Bytes(part) = part {
                bytes.extend_from_slice(part);
            }
        }
        return Ok(Value::Bytes(bytes.into_bump_slice()));
    }
    let mut text = call.arena().text();
    for (at, part) in parts {
        if let (Value::String(separator), true) = (separator, at > 0) {
            text.push_str(separator);
        }
        if let Value::String(part) = part {
            text.push_str(part);
        }
    }
    Ok(Value::String(text.into_bump_str()))
}

fn replace<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    call.text(&call.str(0).replace(call.str(1), call.str(2)))
}

fn instr<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let (Some(text), Some(part)) = (call.opt_str(0), call.opt_str(1)) else {
        return Ok(Value::Int(0));
    };
    let (text, part) = (units(text), units(part));
    let position = call.opt_int(2).unwrap_or(1);
    let occurrence = call.opt_int(3).unwrap_or(1);
    let length = text.len() as i64;
    if position == 0 || position.abs() > length || occurrence < 1 || part.is_empty() {
        return Ok(Value::Int(0));
    }
    let found = |at: &i64| text[*at as usize..].starts_with(&part);
    let last = length - part.len() as i64;
    let nth = (occurrence - 1) as usize;
    let at = if position > 0 {
        (position - 1..=last).filter(found).nth(nth)
    } else {
        (0..=last.min(length + position))
            .rev()
            .filter(found)
            .nth(nth)
    };
    Ok(Value::Int(at.map_or(0, |at| at as i32 + 1)))
}

/// Longest text or bytes that filling makes.
const FILLED_MAX: i64 = 1 << 20;

fn lpad<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    pad(call, Side::Left)
}

fn rpad<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    pad(call, Side::Right)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

fn pad<'a>(call: &Call<'_, 'a>, side: Side) -> Result<'a> {
    let length = call.int(1);
    if length > FILLED_MAX {
        return Err(EvalError::fixed("the length to fill to is too big"));
    }
    match (call.arg(0), call.arg(2)) {
        (Value::String(_), Value::String("")) | (Value::Bytes(_), Value::Bytes([])) => {
            Ok(Value::Null)
        }
        _ if length < 0 => Ok(Value::Null),
        (Value::String(text), Value::String(padding)) => {
            let filled = filled(&units(text), &units(padding), length as usize, side);
            call.text(&String::from_utf16_lossy(&filled))
        }
        (Value::Bytes(bytes), Value::Bytes(padding)) => {
            let filled = filled(bytes, padding, length as usize, side);
            Ok(Value::Bytes(call.arena().bytes(&filled)))
        }
        _ => Ok(Value::Null),
    }
}

fn filled<T: Copy>(content: &[T], padding: &[T], length: usize, side: Side) -> Vec<T> {
    let kept = &content[..content.len().min(length)];
    let fill = padding.iter().copied().cycle().take(length - kept.len());
    match side {
        Side::Left => fill.chain(kept.iter().copied()).collect(),
        Side::Right => kept.iter().copied().chain(fill).collect(),
    }
}

fn uuid<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let (high, low) = (call.cx().draw(), call.cx().draw());
    // Version 4, variant 1.
    let high = high & !0xF000 | 0x4000;
    let low = low & !(0b11 << 62) | 0b10 << 62;
    spelled_uuid(call, high, low)
}

fn uuid_of_bytes<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Value::Bytes(bytes) = call.arg(0) else {
        return Ok(Value::Null);
    };
    let Ok(both) = <[u8; 16]>::try_from(bytes).map(u128::from_be_bytes) else {
        return Ok(Value::Null);
    };
    spelled_uuid(call, (both >> 64) as u64, both as u64)
}

fn spelled_uuid<'a>(call: &Call<'_, 'a>, high: u64, low: u64) -> Result<'a> {
    call.text(&format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF,
    ))
}
