//! How values are spelled as text: Java's `Double.toString`, and the text that CAST to STRING,
//! `||` and messages give.
//!
//! Digits are the shortest that read back as the same number (zmij), but for whole numbers beyond
//! 2^53, of which Java keeps more; where the point and the exponent go is Java's.

use super::{Value, in_hash_order};
use crate::time;
use crate::types::SqlType;
use std::fmt::{self, Write};

/// A double as Java spells it.
///
/// ```
/// use headwater_sql::value::java_double;
/// assert_eq!(java_double(100.0), "100.0");
/// assert_eq!(java_double(12_345_678.9), "1.23456789E7");
/// assert_eq!(java_double(0.0001), "1.0E-4");
/// ```
pub fn java_double(x: f64) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_java_double(&mut text, x);
    text
}

/// Appends a double as Java spells it: plain for 1e-3 <= |x| < 1e7, else `d.dE±n`.
pub fn write_java_double(out: &mut impl Write, x: f64) -> fmt::Result {
    if x.is_nan() {
        return out.write_str("NaN");
    }
    if x.is_infinite() {
        return out.write_str(if x > 0.0 { "Infinity" } else { "-Infinity" });
    }
    let mut buffer = zmij::Buffer::new();
    let shortest = buffer.format_finite(x);
    let magnitude = x.abs();
    let plain = x == 0.0 || (1e-3..1e7).contains(&magnitude);
    if plain && !shortest.contains('e') {
        return out.write_str(shortest);
    }
    let (digits, exponent) =
        whole_digits(magnitude).unwrap_or_else(|| digits_and_exponent(shortest));
    if x.is_sign_negative() {
        out.write_char('-')?;
    }
    if plain {
        return write_plain(out, &digits, exponent);
    }
    let (first, rest) = digits.split_at(1);
    write!(
        out,
        "{first}.{}E{exponent}",
        if rest.is_empty() { "0" } else { rest }
    )
}

/// The digits of a whole number between 2^54 and 2^63: Java cuts only those that the precision of
/// its power of two leaves open, whether or not fewer digits would do.
fn whole_digits(magnitude: f64) -> Option<(String, i32)> {
    const FIRST: i32 = 54;
    const LAST: i32 = 62;
    let power = (magnitude.to_bits() >> 52) as i32 - 1023;
    if !(FIRST..=LAST).contains(&power) {
        return None;
    }
    let open = (f64::from(power - FIRST) * std::f64::consts::LOG10_2) as u32;
    let unit = 10u64.pow(open);
    let whole = magnitude as u64;
    let rounded = whole / unit + u64::from(open > 0 && whole % unit >= unit / 2);
    let digits = rounded.to_string();
    let exponent = (digits.len() as i32 - 1) + open as i32;
    Some((digits.trim_end_matches('0').to_owned(), exponent))
}

/// The significant digits of what zmij wrote, and the exponent of the first of them.
fn digits_and_exponent(shortest: &str) -> (String, i32) {
    let shortest = shortest.trim_start_matches('-');
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((shortest, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    let leading = all.len() - all.trim_start_matches('0').len();
    let digits = all.trim_matches('0');
    let point = whole.len() as i32 + exponent.parse::<i32>().unwrap_or(0);
    let digits = if digits.is_empty() { "0" } else { digits };
    (digits.to_owned(), point - leading as i32 - 1)
}

fn write_plain(out: &mut impl Write, digits: &str, exponent: i32) -> fmt::Result {
    if exponent < 0 {
        let zeros = "0".repeat((-exponent - 1) as usize);
        return write!(out, "0.{zeros}{digits}");
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        return write!(out, "{digits}{}.0", "0".repeat(whole - digits.len()));
    }
    write!(out, "{}.{}", &digits[..whole], &digits[whole..])
}

/// Appends a value as CAST to STRING spells it: decimals plain, doubles as Java has them, dates
/// and times ISO, collections as Java's `toString`. A null is `null`.
///
/// A STRUCT needs `ty` for the names of its fields; without a type they are left out.
pub fn write_text(out: &mut impl Write, value: Value<'_>, ty: Option<&SqlType>) -> fmt::Result {
    match value {
        Value::Null => out.write_str("null"),
        Value::Boolean(x) => write!(out, "{x}"),
        Value::Int(x) => write!(out, "{x}"),
        Value::BigInt(x) => write!(out, "{x}"),
        Value::Double(x) => write_java_double(out, x),
        Value::Decimal(x) => write!(out, "{x}"),
        Value::String(x) => out.write_str(x),
        Value::Bytes(x) => write_hex(out, x),
        Value::Time(x) => time::write_time(out, x),
        Value::Date(x) => time::write_date(out, x),
        Value::Timestamp(x) => time::write_timestamp(out, x),
        Value::Array(items) => write_array(out, items, ty),
        Value::Map(entries) => write_map(out, entries, ty),
        Value::Struct(fields) => write_struct(out, fields, ty),
    }
}

fn write_hex(out: &mut impl Write, bytes: &[u8]) -> fmt::Result {
    out.write_str("0x")?;
    bytes.iter().try_for_each(|byte| write!(out, "{byte:02X}"))
}

fn write_array(out: &mut impl Write, items: &[Value<'_>], ty: Option<&SqlType>) -> fmt::Result {
    let inner = match ty {
        Some(SqlType::Array(inner)) => Some(inner.as_ref()),
        _ => None,
    };
    out.write_char('[')?;
    for (at, item) in items.iter().enumerate() {
        out.write_str(if at == 0 { "" } else { ", " })?;
        write_text(out, *item, inner)?;
    }
    out.write_char(']')
}

fn write_map(
    out: &mut impl Write,
    entries: &[(Value<'_>, Value<'_>)],
    ty: Option<&SqlType>,
) -> fmt::Result {
    let (key_type, value_type) = match ty {
        Some(SqlType::Map(key, value)) => (Some(key.as_ref()), Some(value.as_ref())),
        _ => (None, None),
    };
    out.write_char('{')?;
    for (at, (key, value)) in in_hash_order(entries).into_iter().enumerate() {
        out.write_str(if at == 0 { "" } else { ", " })?;
        write_text(out, key, key_type)?;
        out.write_char('=')?;
        write_text(out, value, value_type)?;
    }
    out.write_char('}')
}

/// Kafka Connect's `Struct.toString`, which leaves out fields that are null.
fn write_struct(out: &mut impl Write, fields: &[Value<'_>], ty: Option<&SqlType>) -> fmt::Result {
    out.write_str("Struct{")?;
    let mut comma = "";
    for (at, field) in fields.iter().enumerate() {
        if field.is_null() {
            continue;
        }
        out.write_str(comma)?;
        comma = ",";
        let column = match ty {
            Some(SqlType::Struct(columns)) => columns.get(at),
            _ => None,
        };
        if let Some(column) = column {
            write!(out, "{}=", column.name)?;
        }
        write_text(out, *field, column.map(|column| &column.ty))?;
    }
    out.write_char('}')
}

#[cfg(test)]
mod tests {
    use super::java_double;
    use proptest::prelude::*;

    #[test]
    fn doubles_are_spelled_as_java_does() {
        let table = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.001, "0.001"),
            (0.00099, "9.9E-4"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (1.5e300, "1.5E300"),
            (-123.456, "-123.456"),
            (f64::MIN_POSITIVE, "2.2250738585072014E-308"),
            (f64::MAX, "1.7976931348623157E308"),
            (4_611_686_018_427_387_904.0, "4.6116860184273879E18"),
            (1e18, "1.0E18"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (x, text) in table {
            assert_eq!(java_double(x), text);
        }
    }

    proptest! {
        #[test]
        fn doubles_read_back(x in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
            prop_assert_eq!(java_double(x).parse::<f64>().unwrap().to_bits(), x.to_bits());
        }
    }
}
