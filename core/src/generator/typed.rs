//! What was drawn, as the value of a column.

use super::draw::{Drawn, iso};
use headwater_sql::decimal::{Decimal, Rounding};
use headwater_sql::format::decode_base64;
use headwater_sql::time::{parse_date, parse_time, parse_timestamp};
use headwater_sql::types::{Column, SqlType};
use headwater_sql::value::OwnedValue;
use std::sync::Arc;

const DAY_MILLIS: i64 = 86_400_000;

/// The value of a column of type `ty`; `None` where what was drawn cannot be one.
///
/// ```
/// use headwater_core::generator::draw::Drawn;
/// use headwater_core::generator::typed::typed;
/// use headwater_sql::types::SqlType;
/// use headwater_sql::value::OwnedValue;
/// assert_eq!(typed(&Drawn::text("7"), &SqlType::Int), Some(OwnedValue::Int(7)));
/// assert_eq!(typed(&Drawn::text("seven"), &SqlType::Int), None);
/// ```
pub fn typed(drawn: &Drawn, ty: &SqlType) -> Option<OwnedValue> {
    if *drawn == Drawn::Null {
        return Some(OwnedValue::Null);
    }
    Some(match ty {
        SqlType::Boolean => match drawn {
            Drawn::Truth(truth) => OwnedValue::Boolean(*truth),
            Drawn::Text(text) => OwnedValue::Boolean(text.parse().ok()?),
            _ => return None,
        },
        SqlType::Int => {
            let whole = whole(drawn)?;
            OwnedValue::Int(whole.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
        }
        SqlType::BigInt => OwnedValue::BigInt(whole(drawn)?),
        SqlType::Double => OwnedValue::Double(exact(drawn)?.to_f64()),
        SqlType::Decimal { precision, scale } => {
            OwnedValue::Decimal(Arc::new(fitted(exact(drawn)?, *precision, *scale)?))
        }
        SqlType::String => OwnedValue::from(text(drawn)?.as_str()),
        SqlType::Bytes => OwnedValue::Bytes(Arc::from(bytes(drawn)?)),
        SqlType::Time => match drawn {
            Drawn::Text(text) => OwnedValue::Time(parse_time(text)?),
            other => OwnedValue::Time(moment(other)?.rem_euclid(DAY_MILLIS) as i32),
        },
        SqlType::Date => match drawn {
            Drawn::Text(text) => OwnedValue::Date(parse_date(text)?),
            other => OwnedValue::Date(moment(other)?.div_euclid(DAY_MILLIS) as i32),
        },
        SqlType::Timestamp => match drawn {
            Drawn::Text(text) => OwnedValue::Timestamp(parse_timestamp(text)?),
            other => OwnedValue::Timestamp(moment(other)?),
        },
        SqlType::Array(element) => {
            let Drawn::List(items) = drawn else {
                return None;
            };
            let items: Option<Vec<_>> = items.iter().map(|it| typed(it, element)).collect();
            OwnedValue::array(items?)
        }
        SqlType::Map(key, value) => map(drawn, key, value)?,
        SqlType::Struct(fields) => OwnedValue::structure(structure(drawn, fields)?),
    })
}

fn map(drawn: &Drawn, key: &SqlType, value: &SqlType) -> Option<OwnedValue> {
    let mut entries: Vec<(OwnedValue, OwnedValue)> = Vec::new();
    let mut put = |name: &Drawn, drawn: &Drawn| {
        let (name, drawn) = (typed(name, key)?, typed(drawn, value)?);
        if entries.iter().all(|(known, _)| *known != name) {
            entries.push((name, drawn));
        }
        Some(())
    };
    match drawn {
        Drawn::Map(pairs) => pairs.iter().try_for_each(|(name, it)| put(name, it))?,
        Drawn::Record(fields) => fields
            .iter()
            .try_for_each(|(name, it)| put(&Drawn::text(name), it))?,
        _ => return None,
    }
    Some(OwnedValue::Map(Arc::new(entries)))
}

fn structure(drawn: &Drawn, fields: &[Column]) -> Option<Vec<OwnedValue>> {
    let Drawn::Record(drawn) = drawn else {
        return None;
    };
    let known = |name: &str| fields.iter().any(|it| it.name.eq_ignore_ascii_case(name));
    if !drawn.iter().all(|(name, _)| known(name)) {
        return None;
    }
    let field = |column: &Column| {
        let mut named = drawn.iter();
        let found = named.find(|(name, _)| name.eq_ignore_ascii_case(&column.name));
        found.map_or(Some(OwnedValue::Null), |(_, it)| typed(it, &column.ty))
    };
    fields.iter().map(field).collect()
}

fn exact(drawn: &Drawn) -> Option<Decimal> {
    match drawn {
        Drawn::Number { unscaled, scale } => Some(Decimal::new(*unscaled, *scale as i32)),
        Drawn::Moment(millis) => Some(Decimal::from_i64(*millis)),
        Drawn::Text(text) => Decimal::parse(text.trim()),
        _ => None,
    }
}

fn whole(drawn: &Drawn) -> Option<i64> {
    match drawn {
        Drawn::Moment(millis) => Some(*millis),
        Drawn::Number { unscaled, scale: 0 } => Some(*unscaled),
        other => {
            let rounded = exact(other)?.with_scale(0, Rounding::HalfUp)?;
            rounded.to_string().parse().ok()
        }
    }
}

/// The number with so many digits; where it has too many before its point, the last of them.
fn fitted(number: Decimal, precision: u32, scale: u32) -> Option<Decimal> {
    let rounded = number.with_scale(scale as i32, Rounding::Down)?;
    if let Some(fits) = rounded.cast(precision, scale) {
        return Some(fits);
    }
    let digits: String = rounded
        .to_java_string()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let kept = &digits[digits.len().saturating_sub(precision as usize)..];
    let (whole, decimals) = kept.split_at(kept.len().saturating_sub(scale as usize));
    Decimal::parse(&format!("0{whole}.{decimals}"))?.cast(precision, scale)
}

fn text(drawn: &Drawn) -> Option<String> {
    match drawn {
        Drawn::Moment(millis) => Some(iso(*millis)),
        Drawn::List(_) | Drawn::Map(_) | Drawn::Record(_) => None,
        plain => Some(super::encode::plain_text(plain)),
    }
}

fn bytes(drawn: &Drawn) -> Option<Vec<u8>> {
    match drawn {
        Drawn::Bytes(bytes) => Some(bytes.clone()),
        Drawn::Text(text) => decode_base64(text).or_else(|| Some(text.as_bytes().to_vec())),
        _ => None,
    }
}

fn moment(drawn: &Drawn) -> Option<i64> {
    match drawn {
        Drawn::Moment(millis) => Some(*millis),
        Drawn::Number { .. } => whole(drawn),
        _ => None,
    }
}
