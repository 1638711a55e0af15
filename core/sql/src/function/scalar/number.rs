//! Numbers: rounding, signs, extremes, and the functions of mathematics.
//!
//! Transcendental functions are libm's, so that they give the same bits on every machine.

use super::super::Call;
use super::super::definition::{Definition, nullable, strict};
use super::row;
use crate::decimal::{Decimal, Rounding};
use crate::expression::{EvalError, order};
use crate::value::Value;
use std::cmp::Ordering;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

macro_rules! same_type {
    ($body:expr) => {
        &[
            strict("INT number", "INT", $body),
            strict("BIGINT number", "BIGINT", $body),
            strict("DOUBLE number", "DOUBLE", $body),
            strict("DECIMAL number", "DECIMAL", $body),
        ]
    };
}

macro_rules! extreme {
    ($body:expr) => {
        &[
            nullable("INT val, INT... vals", "INT", $body),
            nullable("BIGINT val, BIGINT... vals", "BIGINT", $body),
            nullable("DOUBLE val, DOUBLE... vals", "DOUBLE", $body),
            nullable("STRING val, STRING... vals", "STRING", $body),
            nullable("BYTES val, BYTES... vals", "BYTES", $body),
            nullable("DATE val, DATE... vals", "DATE", $body),
            nullable("TIME val, TIME... vals", "TIME", $body),
            nullable("TIMESTAMP val, TIMESTAMP... vals", "TIMESTAMP", $body),
            nullable("DECIMAL val, DECIMAL... vals", "DECIMAL", $body),
        ]
    };
}

macro_rules! rounding {
    ($body:expr) => {
        &[
            strict("INT val", "BIGINT", $body),
            strict("BIGINT val", "BIGINT", $body),
            strict("DOUBLE val", "BIGINT", $body),
            strict("DOUBLE val, INT decimalPlaces", "DOUBLE", $body),
            strict("DECIMAL val", "WHOLE DECIMAL", $body),
            strict("DECIMAL val, INT decimalPlaces", "DECIMAL", $body),
        ]
    };
}

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "ABS",
        "Abs",
        "The number without its sign.",
        ("ABS(-2)", "2"),
        same_type!(abs),
    ),
    row(
        "CEIL",
        "Ceil",
        "The next whole number above.",
        ("CEIL(1.2)", "2.0"),
        same_type!(ceil),
    ),
    row(
        "FLOOR",
        "Floor",
        "The next whole number below.",
        ("FLOOR(-1.2)", "-2.0"),
        same_type!(floor),
    ),
    row(
        "SIGN",
        "sign",
        "-1, 0 or 1.",
        ("SIGN(-5)", "-1"),
        &[
            strict("INT value", "INT", sign),
            strict("BIGINT value", "INT", sign),
            strict("DOUBLE value", "INT", sign),
        ],
    ),
    row(
        "ROUND",
        "Round",
        "The nearest number; halves go up.",
        ("ROUND(2.5)", "3"),
        rounding!(round),
    ),
    row(
        "TRUNC",
        "trunc",
        "The number cut towards zero.",
        ("TRUNC(-2.7)", "-2"),
        rounding!(truncate),
    ),
    row(
        "GREATEST",
        "greatest",
        "The greatest argument; nulls are skipped.",
        ("GREATEST(1, 3, 2)", "3"),
        extreme!(greatest),
    ),
    row(
        "LEAST",
        "least",
        "The smallest argument; nulls are skipped.",
        ("LEAST('b', 'a')", "a"),
        extreme!(least),
    ),
];

fn abs<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(match call.arg(0) {
        Value::Int(x) => Value::Int(x.wrapping_abs()),
        Value::BigInt(x) => Value::BigInt(x.wrapping_abs()),
        Value::Double(x) => Value::Double(x.abs()),
        Value::Decimal(x) => Value::Decimal(call.arena().decimal(x.abs())),
        _ => Value::Null,
    })
}

fn ceil<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    whole(call, libm::ceil, Rounding::Ceiling)
}

fn floor<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    whole(call, libm::floor, Rounding::Floor)
}

fn whole<'a>(call: &Call<'_, 'a>, double: fn(f64) -> f64, rounding: Rounding) -> Result<'a> {
    Ok(match call.arg(0) {
        Value::Double(x) => Value::Double(double(x)),
        Value::Decimal(x) => {
            let whole = x.with_scale(0, rounding);
            let back = whole.and_then(|whole| whole.with_scale(x.scale(), rounding));
            Value::Decimal(call.arena().decimal(back.ok_or(TOO_BIG)?))
        }
        integer => integer,
    })
}

const TOO_BIG: EvalError = EvalError::fixed("Numeric field overflow");

fn sign<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let x = call.double(0);
    Ok(Value::Int(i32::from(x > 0.0) - i32::from(x < 0.0)))
}

fn round<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    rounded(call, |x| {
        // Halves go to positive infinity.
        if x.is_negative() {
            Rounding::HalfDown
        } else {
            Rounding::HalfUp
        }
    })
}

fn truncate<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    rounded(call, |_| Rounding::Down)
}

fn rounded<'a>(call: &Call<'_, 'a>, rounding: fn(&Decimal) -> Rounding) -> Result<'a> {
    let places = call.opt_int(1);
    match call.arg(0) {
        Value::Int(x) => Ok(Value::BigInt(i64::from(x))),
        Value::Double(x) => {
            let Some(exact) = Decimal::from_f64(x) else {
                return Ok(match places {
                    Some(_) => Value::Double(x),
                    None => Value::BigInt(x as i64),
                });
            };
            let scale = places.unwrap_or(0).clamp(-400, 400) as i32;
            let done = if scale >= exact.scale() {
                exact
            } else {
                exact.with_scale(scale, rounding(&exact)).ok_or(TOO_BIG)?
            };
            Ok(match places {
                Some(_) => Value::Double(done.to_f64()),
                // Java's casts saturate.
                None => Value::BigInt(done.to_f64() as i64),
            })
        }
        Value::Decimal(x) => {
            let scale = places.unwrap_or(0).clamp(-100, 100) as i32;
            let done = if scale >= x.scale() {
                Some(*x)
            } else {
                x.with_scale(scale, rounding(x))
            };
            let wanted = places.map_or(0, |_| x.scale());
            let done = done.and_then(|done| done.with_scale(wanted, Rounding::Unnecessary));
            Ok(Value::Decimal(call.arena().decimal(done.ok_or(TOO_BIG)?)))
        }
        other => Ok(other),
    }
}

fn greatest<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    extreme(call, Ordering::Greater)
}

fn least<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    extreme(call, Ordering::Less)
}

fn extreme<'a>(call: &Call<'_, 'a>, wanted: Ordering) -> Result<'a> {
    let values = call.args.iter().copied().filter(|value| !value.is_null());
    let best = values.reduce(|best, value| {
        if order(value, best) == Some(wanted) {
            value
        } else {
            best
        }
    });
    match (best.unwrap_or_default(), call.result.as_decimal()) {
        // The result's type holds all arguments, so the value takes its scale.
        (Value::Decimal(x), Some((_, scale))) => {
            let scaled = x
                .with_scale(scale as i32, Rounding::Unnecessary)
                .ok_or(TOO_BIG)?;
            Ok(Value::Decimal(call.arena().decimal(scaled)))
        }
        (best, _) => Ok(best),
    }
}
