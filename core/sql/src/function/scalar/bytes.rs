//! Bytes: encodings as text, and numbers in them.

use super::super::Call;
use super::super::definition::{Definition, strict};
use super::row;
use crate::expression::EvalError;
use crate::format::{decode_base64, encode_base64};
use crate::value::Value;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "ENCODE",
        "encode",
        "A text in another encoding: hex, utf8, ascii or base64.",
        ("ENCODE('sky', 'utf8', 'hex')", "736b79"),
        &[strict(
            "STRING str, STRING inputEncoding, STRING outputEncoding",
            "STRING",
            encode,
        )],
    ),
    row(
        "TO_BYTES",
        "to_bytes",
        "The bytes that a text spells in an encoding.",
        ("LEN(TO_BYTES('736b79', 'hex'))", "3"),
        &[strict("STRING value, STRING encoding", "BYTES", to_bytes)],
    ),
    row(
        "FROM_BYTES",
        "from_bytes",
        "Bytes as text in an encoding.",
        ("FROM_BYTES(TO_BYTES('sky', 'utf8'), 'base64')", "c2t5"),
        &[strict("BYTES value, STRING encoding", "STRING", from_bytes)],
    ),
    row(
        "INT_FROM_BYTES",
        "int_from_bytes",
        "The INTEGER in four bytes.",
        ("INT_FROM_BYTES(TO_BYTES('00000007', 'hex'))", "7"),
        &[
            strict("BYTES value", "INT", int),
            strict("BYTES value, STRING byteOrder", "INT", int),
        ],
    ),
    row(
        "BIGINT_FROM_BYTES",
        "bigint_from_bytes",
        "The BIGINT in eight bytes.",
        (
            "BIGINT_FROM_BYTES(TO_BYTES('0700000000000000', 'hex'), 'LITTLE_ENDIAN')",
            "7",
        ),
        &[
            strict("BYTES value", "BIGINT", bigint),
            strict("BYTES value, STRING byteOrder", "BIGINT", bigint),
        ],
    ),
    row(
        "DOUBLE_FROM_BYTES",
        "double_from_bytes",
        "The DOUBLE in eight bytes.",
        (
            "DOUBLE_FROM_BYTES(TO_BYTES('4004000000000000', 'hex'))",
            "2.5",
        ),
        &[
            strict("BYTES value", "DOUBLE", double),
            strict("BYTES value, STRING byteOrder", "DOUBLE", double),
        ],
    ),
];

fn decoded(text: &str, encoding: &str) -> std::result::Result<Vec<u8>, EvalError> {
    let bad = || EvalError::new(format!("'{text}' is not in the encoding {encoding}"));
    match encoding.to_ascii_lowercase().as_str() {
        "utf8" => Ok(text.as_bytes().to_vec()),
        "ascii" => Ok(text
            .chars()
            .map(|c| if c.is_ascii() { c as u8 } else { b'?' })
            .collect()),
        "base64" => decode_base64(text).ok_or_else(bad),
        "hex" => hex(text).ok_or_else(bad),
        _ => Err(unknown(encoding)),
    }
}

fn unknown(encoding: &str) -> EvalError {
    EvalError::new(format!(
        "Unknown encoding type '{encoding}'. Supported formats are 'hex', 'utf8', 'ascii', and \
         'base64'."
    ))
}

/// Hex digits, perhaps as `0x…` or `X'…'`; behind `0x` a missing first digit is a zero.
fn hex(text: &str) -> Option<Vec<u8>> {
    let quoted = text
        .strip_prefix(['X', 'x'])
        .and_then(|rest| rest.strip_prefix('\''))
        .and_then(|inner| inner.strip_suffix('\''));
    let (digits, zero) = match (quoted, text.strip_prefix("0x")) {
        (Some(digits), _) => (digits.to_owned(), false),
        (None, Some(digits)) => (digits.to_owned(), digits.len() % 2 == 1),
        (None, None) => (text.to_owned(), false),
    };
    let digits = if zero { format!("0{digits}") } else { digits };
    let fine = digits.len() % 2 == 0 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    fine.then(|| (0..digits.len()).step_by(2).map(pair).collect())
        .flatten()
}

fn encoded(bytes: &[u8], encoding: &str) -> std::result::Result<String, EvalError> {
    match encoding.to_ascii_lowercase().as_str() {
        "utf8" => Ok(String::from_utf8_lossy(bytes).into_owned()),
        "ascii" => {
            let character = |byte: &u8| {
                if byte.is_ascii() {
                    char::from(*byte)
                } else {
                    '\u{FFFD}'
                }
            };
            Ok(bytes.iter().map(character).collect())
        }
        "base64" => {
            let mut text = Vec::new();
            encode_base64(bytes, &mut text);
            Ok(text.into_iter().map(char::from).collect())
        }
        "hex" => Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
        _ => Err(unknown(encoding)),
    }
}

fn encode<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    if call.str(1).eq_ignore_ascii_case(call.str(2)) {
        return Err(EvalError::fixed(
            "The input and output encodings are the same",
        ));
    }
    let bytes = decoded(call.str(0), call.str(1))?;
    call.text(&encoded(&bytes, call.str(2))?)
}

fn to_bytes<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let bytes = decoded(call.str(0), call.str(1))?;
    Ok(Value::Bytes(call.arena().bytes(&bytes)))
}

fn bytes_of<'a>(call: &Call<'_, 'a>) -> &'a [u8] {
    match call.arg(0) {
        Value::Bytes(bytes) => bytes,
        _ => &[],
    }
}

fn from_bytes<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    call.text(&encoded(bytes_of(call), call.str(1))?)
}

/// The bytes of a number, most significant first.
fn big_endian<const N: usize>(call: &Call<'_, '_>) -> std::result::Result<[u8; N], EvalError> {
    let wrong = || EvalError::new(format!("Number of bytes must be equal to {N}"));
    let mut bytes: [u8; N] = bytes_of(call).try_into().map_err(|_| wrong())?;
    match call.opt_str(1) {
        None | Some("BIG_ENDIAN") => {}
        Some("LITTLE_ENDIAN") => bytes.reverse(),
        Some(_) => {
            return Err(EvalError::fixed(
                "Byte order must be BIG_ENDIAN or LITTLE_ENDIAN",
            ));
        }
    }
    Ok(bytes)
}

fn int<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    big_endian(call).map(|bytes| Value::Int(i32::from_be_bytes(bytes)))
}

fn bigint<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    big_endian(call).map(|bytes| Value::BigInt(i64::from_be_bytes(bytes)))
}

fn double<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    big_endian(call).map(|bytes| Value::Double(f64::from_be_bytes(bytes)))
}
