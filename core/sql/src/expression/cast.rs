//! CAST: which types can become which, and how.
//!
//! Integers narrow by wrapping, doubles are cut to integers, decimals round half up and overflow
//! is an error. A text that does not read as its target is an error. Implicit widening is a cast,
//! too.

use super::EvalError;
use super::node::{CastNode, Node};
use crate::arena::Arena;
use crate::decimal::Decimal;
use crate::format::decode_base64;
use crate::time::{self, DAY_MILLIS};
use crate::types::{Column, SqlType};
use crate::value::{Value, write_text};

/// How a value of one type becomes one of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastPlan {
    from: SqlType,
    to: SqlType,
}

/// The plan of a cast, or `None` if there is no such cast.
///
/// ```
/// use headwater_sql::expression::cast_plan;
/// use headwater_sql::types::SqlType;
/// assert!(cast_plan(&SqlType::String, &SqlType::Date).is_some());
/// assert!(cast_plan(&SqlType::Boolean, &SqlType::Int).is_none());
/// ```
pub fn cast_plan(from: &SqlType, to: &SqlType) -> Option<CastPlan> {
    supported(from, to).then(|| CastPlan {
        from: from.clone(),
        to: to.clone(),
    })
}

fn supported(from: &SqlType, to: &SqlType) -> bool {
    use SqlType::{Array, Bytes, Date, Map, String, Struct, Time, Timestamp};
    match (from, to) {
        _ if from == to => true,
        _ if from.is_number() && to.is_number() => true,
        (String, Array(_) | Map(..) | Struct(_)) => false,
        (String, _) => true,
        (Bytes, String) => false,
        (_, String) => true,
        (Timestamp, Date | Time) | (Date, Timestamp) => true,
        (Array(from), Array(to)) => supported(from, to),
        (Map(k1, v1), Map(k2, v2)) => supported(k1, k2) && supported(v1, v2),
        (Struct(from), Struct(to)) => to.iter().all(|field| {
            position(from, &field.name).is_none_or(|at| supported(&from[at].ty, &field.ty))
        }),
        _ => false,
    }
}

fn position(fields: &[Column], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.name == name)
}

/// A node that casts `value`, which is known to be possible; nothing where the types are equal.
pub(super) fn node(value: Node, from: SqlType, to: SqlType) -> Node {
    if from == to {
        return value;
    }
    let plan = CastPlan { from, to };
    Node::Cast(Box::new(CastNode { value, plan }))
}

impl CastPlan {
    /// The value as the other type; an error where it has none.
    pub fn apply<'a>(&self, value: Value<'a>, arena: &'a Arena) -> Result<Value<'a>, EvalError> {
        cast(self, value, arena)
    }
}

/// Does a cast.
pub(crate) fn cast<'a>(
    plan: &CastPlan,
    value: Value<'a>,
    arena: &'a Arena,
) -> Result<Value<'a>, EvalError> {
    convert(value, &plan.from, &plan.to, arena)
}

fn convert<'a>(
    value: Value<'a>,
    from: &SqlType,
    to: &SqlType,
    arena: &'a Arena,
) -> Result<Value<'a>, EvalError> {
    if value.is_null() || from == to {
        return Ok(value);
    }
    match (value, to) {
        (Value::Int(_) | Value::BigInt(_) | Value::Double(_) | Value::Decimal(_), to)
            if to.is_number() =>
        {
            number(value, to, arena).ok_or_else(|| failed(value, from, to))
        }
        (_, SqlType::String) => {
            let mut text = arena.text();
            // Writing to memory cannot fail.
            let _ = write_text(&mut text, value, Some(from));
            Ok(Value::String(text.into_bump_str()))
        }
        (Value::String(text), to) => read(text, to, arena).ok_or_else(|| failed(value, from, to)),
        (Value::Timestamp(x), SqlType::Date) => Ok(Value::Date(x.div_euclid(DAY_MILLIS) as i32)),
        (Value::Timestamp(x), SqlType::Time) => Ok(Value::Time(x.rem_euclid(DAY_MILLIS) as i32)),
        (Value::Date(x), SqlType::Timestamp) => Ok(Value::Timestamp(i64::from(x) * DAY_MILLIS)),
        _ => nested(value, from, to, arena),
    }
}

fn failed(value: Value<'_>, from: &SqlType, to: &SqlType) -> EvalError {
    let mut text = String::new();
    let _ = write_text(&mut text, value, Some(from));
    EvalError::new(format!("Cannot cast '{text}' to {to}"))
}

fn number<'a>(value: Value<'a>, to: &SqlType, arena: &'a Arena) -> Option<Value<'a>> {
    Some(match to {
        SqlType::Int => Value::Int(match value {
            Value::Int(x) => x,
            Value::BigInt(x) => x as i32,
            Value::Double(x) => x as i32,
            Value::Decimal(x) => x.to_i64_wrapping() as i32,
            _ => return None,
        }),
        SqlType::BigInt => Value::BigInt(match value {
            Value::Int(x) => i64::from(x),
            Value::BigInt(x) => x,
            Value::Double(x) => x as i64,
            Value::Decimal(x) => x.to_i64_wrapping(),
            _ => return None,
        }),
        SqlType::Double => Value::Double(match value {
            Value::Int(x) => f64::from(x),
            Value::BigInt(x) => x as f64,
            Value::Double(x) => x,
            Value::Decimal(x) => x.to_f64(),
            _ => return None,
        }),
        SqlType::Decimal { precision, scale } => {
            let exact = match value {
                Value::Int(x) => Decimal::from_i64(i64::from(x)),
                Value::BigInt(x) => Decimal::from_i64(x),
                Value::Double(x) => Decimal::from_f64(x)?,
                Value::Decimal(x) => *x,
                _ => return None,
            };
            Value::Decimal(arena.decimal(exact.cast(*precision, *scale)?))
        }
        _ => return None,
    })
}

/// A text as a value of a type.
fn read<'a>(text: &str, to: &SqlType, arena: &'a Arena) -> Option<Value<'a>> {
    let trimmed = text.trim();
    Some(match to {
        SqlType::Boolean => Value::Boolean(is_prefix_of(trimmed, &["true", "yes"])),
        SqlType::Int => Value::Int(trimmed.parse().ok()?),
        SqlType::BigInt => Value::BigInt(trimmed.parse().ok()?),
        SqlType::Double => Value::Double(read_double(trimmed)?),
        SqlType::Decimal { precision, scale } => {
            let exact = Decimal::parse(trimmed)?.cast(*precision, *scale)?;
            Value::Decimal(arena.decimal(exact))
        }
        SqlType::Bytes => Value::Bytes(arena.bytes(&decode_base64(text)?)),
        SqlType::Time => Value::Time(time::parse_time(trimmed)?),
        SqlType::Date => Value::Date(time::parse_date(trimmed)?),
        SqlType::Timestamp => Value::Timestamp(time::parse_timestamp(trimmed)?),
        _ => return None,
    })
}

/// A double as Java's `Double.parseDouble` reads it, which spells out its special values.
pub(crate) fn read_double(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let special = matches!(unsigned, "NaN" | "Infinity");
    let digits = unsigned
        .strip_suffix(['d', 'D', 'f', 'F'])
        .unwrap_or(unsigned);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if special {
        return text.parse().ok();
    }
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    plain
        .then(|| digits.parse::<f64>().ok().map(|x| sign * x))
        .flatten()
}

fn is_prefix_of(text: &str, words: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    !lower.is_empty() && words.iter().any(|word| word.starts_with(&lower))
}

/// The exact form of reading a boolean, which coercion uses: it also knows false and no.
pub(super) fn read_boolean_exactly(text: &str) -> Option<bool> {
    match text.trim() {
        yes if is_prefix_of(yes, &["true", "yes"]) => Some(true),
        no if is_prefix_of(no, &["false", "no"]) => Some(false),
        _ => None,
    }
}

fn nested<'a>(
    value: Value<'a>,
    from: &SqlType,
    to: &SqlType,
    arena: &'a Arena,
) -> Result<Value<'a>, EvalError> {
    match (value, from, to) {
        (Value::Array(items), SqlType::Array(from), SqlType::Array(to)) => {
            let slots = arena.slots(items.len());
            for (slot, item) in slots.iter_mut().zip(items) {
                *slot = convert(*item, from, to, arena)?;
            }
            Ok(Value::Array(slots))
        }
        (Value::Map(entries), SqlType::Map(k1, v1), SqlType::Map(k2, v2)) => {
            let mut cast = arena.list();
            for (key, value) in entries {
                cast.push((
                    convert(*key, k1, k2, arena)?,
                    convert(*value, v1, v2, arena)?,
                ));
            }
            Ok(Value::Map(cast.into_bump_slice()))
        }
        (Value::Struct(values), SqlType::Struct(from), SqlType::Struct(to)) => {
            let slots = arena.slots(to.len());
            for (slot, field) in slots.iter_mut().zip(to) {
                if let Some(at) = position(from, &field.name) {
                    let value = values.get(at).copied().unwrap_or_default();
                    *slot = convert(value, &from[at].ty, &field.ty, arena)?;
                }
            }
            Ok(Value::Struct(slots))
        }
        _ => Err(failed(value, from, to)),
    }
}
