//! Sameness and order of values: Java's `equals` for elements of collections, the order of
//! numbers of mixed types for SQL's comparisons, and a total order for the keys of stores.

use super::{OwnedValue, Value};
use crate::decimal::Decimal;
use headwater_base::order;
use std::cmp::Ordering;

/// Whether two values are the same as Java's `equals` has it.
pub fn same(a: Value<'_>, b: Value<'_>) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Boolean(a), Value::Boolean(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::BigInt(a), Value::BigInt(b)) => a == b,
        (Value::Double(a), Value::Double(b)) => canonical_bits(a) == canonical_bits(b),
        (Value::Decimal(a), Value::Decimal(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Time(a), Value::Time(b)) => a == b,
        (Value::Date(a), Value::Date(b)) => a == b,
        (Value::Timestamp(a), Value::Timestamp(b)) => a == b,
        (Value::Array(a), Value::Array(b)) | (Value::Struct(a), Value::Struct(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(*a, *b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, value)| {
                    let twin = b.iter().find(|(other, _)| same(*key, *other));
                    twin.is_some_and(|(_, other)| same(*value, *other))
                })
        }
        _ => false,
    }
}

/// The order of two texts as Java has it, by UTF-16 units: characters beyond the basic plane come
/// before its last ones.
#[inline]
pub fn text_order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() || b.is_ascii() {
        return a.cmp(b);
    }
    a.encode_utf16().cmp(b.encode_utf16())
}

/// The order of two runs of bytes as Java's `ByteBuffer` has it: a byte is a number from -128 to
/// 127.
#[inline]
pub fn bytes_order(a: &[u8], b: &[u8]) -> Ordering {
    let signed = |byte: &u8| byte.cast_signed();
    a.iter().map(signed).cmp(b.iter().map(signed))
}

/// The bits of a double with every NaN made the same.
pub(super) fn canonical_bits(x: f64) -> u64 {
    if x.is_nan() {
        f64::NAN.to_bits()
    } else {
        x.to_bits()
    }
}

/// The order of two numbers of any kinds, as their wider kind has it; `None` beside NaN and for
/// what is no number.
pub fn numeric_order(a: Value<'_>, b: Value<'_>) -> Option<Ordering> {
    if let (Some(a), Some(b)) = (integer(a), integer(b)) {
        return Some(a.cmp(&b));
    }
    match (a, b) {
        (Value::Decimal(a), Value::Decimal(b)) => Some(a.cmp_value(b)),
        (Value::Decimal(a), b) if integer(b).is_some() => {
            Some(a.cmp_value(&Decimal::from_i64(integer(b)?)))
        }
        (a, Value::Decimal(b)) if integer(a).is_some() => {
            Some(Decimal::from_i64(integer(a)?).cmp_value(b))
        }
        _ => double(a)?.partial_cmp(&double(b)?),
    }
}

fn integer(value: Value<'_>) -> Option<i64> {
    match value {
        Value::Int(x) => Some(i64::from(x)),
        Value::BigInt(x) => Some(x),
        _ => None,
    }
}

fn double(value: Value<'_>) -> Option<f64> {
    match value {
        Value::Int(x) => Some(f64::from(x)),
        Value::BigInt(x) => Some(x as f64),
        Value::Double(x) => Some(x),
        Value::Decimal(x) => Some(x.to_f64()),
        _ => None,
    }
}

/// The place of a value's kind in the total order.
pub(super) fn rank(value: &OwnedValue) -> u8 {
    match value {
        OwnedValue::Null => 0,
        OwnedValue::Boolean(_) => 1,
        OwnedValue::Int(_) => 2,
        OwnedValue::BigInt(_) => 3,
        OwnedValue::Double(_) => 4,
        OwnedValue::Decimal(_) => 5,
        OwnedValue::String(_) => 6,
        OwnedValue::Bytes(_) => 7,
        OwnedValue::Time(_) => 8,
        OwnedValue::Date(_) => 9,
        OwnedValue::Timestamp(_) => 10,
        OwnedValue::Array(_) => 11,
        OwnedValue::Map(_) => 12,
        OwnedValue::Struct(_) => 13,
    }
}

/// A total order: first by kind, then by value. Maps are ordered by their sorted entries.
pub(super) fn total(a: &OwnedValue, b: &OwnedValue) -> Ordering {
    match (a, b) {
        (OwnedValue::Boolean(a), OwnedValue::Boolean(b)) => a.cmp(b),
        (OwnedValue::Int(a), OwnedValue::Int(b)) => a.cmp(b),
        (OwnedValue::BigInt(a), OwnedValue::BigInt(b)) => a.cmp(b),
        (OwnedValue::Double(a), OwnedValue::Double(b)) => {
            f64::from_bits(canonical_bits(*a)).total_cmp(&f64::from_bits(canonical_bits(*b)))
        }
        (OwnedValue::Decimal(a), OwnedValue::Decimal(b)) => {
            a.cmp_value(b).then_with(|| a.scale().cmp(&b.scale()))
        }
        (OwnedValue::String(a), OwnedValue::String(b)) => a.cmp(b),
        (OwnedValue::Bytes(a), OwnedValue::Bytes(b)) => a.cmp(b),
        (OwnedValue::Time(a), OwnedValue::Time(b)) => a.cmp(b),
        (OwnedValue::Date(a), OwnedValue::Date(b)) => a.cmp(b),
        (OwnedValue::Timestamp(a), OwnedValue::Timestamp(b)) => a.cmp(b),
        (OwnedValue::Array(a), OwnedValue::Array(b))
        | (OwnedValue::Struct(a), OwnedValue::Struct(b)) => a.cmp(b),
        (OwnedValue::Map(a), OwnedValue::Map(b)) => {
            let (mut a, mut b) = (a.to_vec(), b.to_vec());
            order::sort(&mut a);
            order::sort(&mut b);
            a.cmp(&b)
        }
        _ => rank(a).cmp(&rank(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_are_ordered_by_utf_16_units() {
        assert_eq!(text_order("\u{1D11E}", "\u{FF41}"), Ordering::Less);
        assert_eq!(text_order("é", "z"), Ordering::Greater);
        assert_eq!(text_order("ab", "abc"), Ordering::Less);
    }

    #[test]
    fn bytes_are_signed() {
        assert_eq!(bytes_order(&[0x80], &[0x7f]), Ordering::Less);
        assert_eq!(bytes_order(&[1], &[1, 0xff]), Ordering::Less);
    }

    proptest! {
        #[test]
        fn ascii_texts_need_no_units(a in "[ -~é]{0,6}", b in "[ -~é]{0,6}") {
            let units = a.encode_utf16().cmp(b.encode_utf16());
            prop_assert_eq!(text_order(&a, &b), units);
        }
    }
}
