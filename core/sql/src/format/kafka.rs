//! The KAFKA format: Kafka's own serialisers for one column. Integers and doubles are big-endian
//! and of exact length; texts are UTF-8.

use super::{Decoded, Encoded, FormatError};
use crate::arena::Arena;
use crate::types::{Column, SqlType};
use crate::value::Value;

pub(super) fn decode<'a>(
    columns: &[Column],
    bytes: &'a [u8],
    arena: &'a Arena,
    slots: &mut [Value<'a>],
) -> Result<Decoded, FormatError> {
    let ([column], [slot]) = (columns, slots) else {
        return Ok(Decoded::Row);
    };
    let wrong = |size: usize| {
        FormatError::new(format!(
            "Size of data received by {} deserializer is not {size}: {} bytes",
            column.ty,
            bytes.len()
        ))
    };
    *slot = match column.ty {
        SqlType::Int => Value::Int(i32::from_be_bytes(bytes.try_into().map_err(|_| wrong(4))?)),
        SqlType::BigInt => {
            Value::BigInt(i64::from_be_bytes(bytes.try_into().map_err(|_| wrong(8))?))
        }
        SqlType::Double => {
            Value::Double(f64::from_be_bytes(bytes.try_into().map_err(|_| wrong(8))?))
        }
        SqlType::Bytes => Value::Bytes(bytes),
        // As Kafka's StringDeserializer, which replaces what is no UTF-8.
        _ => Value::String(match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => arena.string(&String::from_utf8_lossy(bytes)),
        }),
    };
    Ok(Decoded::Row)
}

pub(super) fn encode(slots: &[Value<'_>], out: &mut Vec<u8>) -> Result<Encoded, FormatError> {
    match slots.first().copied().unwrap_or_default() {
        Value::Null => return Ok(Encoded::Null),
        Value::Int(x) => out.extend_from_slice(&x.to_be_bytes()),
        Value::BigInt(x) => out.extend_from_slice(&x.to_be_bytes()),
        Value::Double(x) => out.extend_from_slice(&x.to_be_bytes()),
        Value::String(x) => out.extend_from_slice(x.as_bytes()),
        Value::Bytes(x) => out.extend_from_slice(x),
        _ => {
            return Err(FormatError::new(
                "The 'KAFKA' format cannot carry this value",
            ));
        }
    }
    Ok(Encoded::Bytes)
}
