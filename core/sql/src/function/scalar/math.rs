//! The functions of mathematics: roots, logarithms, angles, chance.
//!
//! They are libm's, or those of `precise`, so that they give the same bits on every machine.

use super::super::Call;
use super::super::definition::{Definition, Row, strict};
use super::{precise, row};
use crate::expression::EvalError;
use crate::value::Value;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

macro_rules! to_double {
    ($compute:expr) => {{
        const ROWS: [Row; 3] = [
            strict("INT number", "DOUBLE", |call| {
                Ok(Value::Double($compute(call.double(0))))
            }),
            strict("BIGINT number", "DOUBLE", |call| {
                Ok(Value::Double($compute(call.double(0))))
            }),
            strict("DOUBLE number", "DOUBLE", |call| {
                Ok(Value::Double($compute(call.double(0))))
            }),
        ];
        &ROWS
    }};
}

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "SQRT",
        "sqrt",
        "The square root.",
        ("SQRT(9)", "3.0"),
        to_double!(libm::sqrt),
    ),
    row(
        "CBRT",
        "cbrt",
        "The cube root.",
        ("CBRT(8)", "2.0"),
        to_double!(libm::cbrt),
    ),
    row(
        "EXP",
        "exp",
        "e to the power of the number.",
        ("EXP(0)", "1.0"),
        to_double!(precise::exp),
    ),
    row(
        "LN",
        "ln",
        "The natural logarithm.",
        ("LN(1)", "0.0"),
        to_double!(precise::ln),
    ),
    row(
        "SIN",
        "sin",
        "The sine.",
        ("SIN(0)", "0.0"),
        to_double!(precise::sin),
    ),
    row(
        "COS",
        "cos",
        "The cosine.",
        ("COS(0)", "1.0"),
        to_double!(precise::cos),
    ),
    row(
        "TAN",
        "tan",
        "The tangent.",
        ("TAN(0)", "0.0"),
        to_double!(precise::tan),
    ),
    row(
        "COT",
        "cot",
        "The cotangent.",
        ("COT(0)", "Infinity"),
        to_double!(cotangent),
    ),
    row(
        "SINH",
        "sinh",
        "The hyperbolic sine.",
        ("SINH(0)", "0.0"),
        to_double!(libm::sinh),
    ),
    row(
        "COSH",
        "cosh",
        "The hyperbolic cosine.",
        ("COSH(0)", "1.0"),
        to_double!(libm::cosh),
    ),
    row(
        "TANH",
        "tanh",
        "The hyperbolic tangent.",
        ("TANH(0)", "0.0"),
        to_double!(libm::tanh),
    ),
    row(
        "ASIN",
        "asin",
        "The inverse sine.",
        ("ASIN(0)", "0.0"),
        to_double!(libm::asin),
    ),
    row(
        "ACOS",
        "acos",
        "The inverse cosine.",
        ("ACOS(1)", "0.0"),
        to_double!(libm::acos),
    ),
    row(
        "ATAN",
        "atan",
        "The inverse tangent.",
        ("ATAN(0)", "0.0"),
        to_double!(libm::atan),
    ),
    row(
        "RADIANS",
        "radians",
        "Degrees as radians.",
        ("RADIANS(0)", "0.0"),
        to_double!(f64::to_radians),
    ),
    row(
        "DEGREES",
        "degrees",
        "Radians as degrees.",
        ("DEGREES(0)", "0.0"),
        to_double!(f64::to_degrees),
    ),
    row(
        "ATAN2",
        "atan2",
        "The angle of a point, y before x.",
        ("ATAN2(0.0, 1.0)", "0.0"),
        &[strict("DOUBLE y, DOUBLE x", "DOUBLE", atan2)],
    ),
    row(
        "POWER",
        "power",
        "The base to the power of the exponent.",
        ("POWER(2, 10)", "1024.0"),
        &[strict("DOUBLE base, DOUBLE exponent", "DOUBLE", power)],
    ),
    row(
        "LOG",
        "log",
        "The natural logarithm, or that to a base.",
        ("LOG(2, 8)", "3.0"),
        &[
            strict("DOUBLE value", "DOUBLE", |call| {
                Ok(Value::Double(precise::ln(call.double(0))))
            }),
            strict("DOUBLE base, DOUBLE value", "DOUBLE", log_base),
        ],
    ),
    row(
        "PI",
        "pi",
        "The number pi.",
        ("PI()", "3.141592653589793"),
        &[strict("", "DOUBLE", |_| {
            Ok(Value::Double(std::f64::consts::PI))
        })],
    ),
    row(
        "RANDOM",
        "random",
        "A number from 0 to 1, drawn from the laboratory's seed.",
        ("RANDOM() < 1.0", "true"),
        &[strict("", "DOUBLE", random)],
    ),
];

fn cotangent(x: f64) -> f64 {
    1.0 / precise::tan(x)
}

fn atan2<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(Value::Double(libm::atan2(call.double(0), call.double(1))))
}

fn power<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(Value::Double(precise::power(
        call.double(0),
        call.double(1),
    )))
}

fn log_base<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let (base, x) = (call.double(0), call.double(1));
    let none = base <= 0.0 || base == 1.0;
    Ok(Value::Double(if none {
        f64::NAN
    } else {
        precise::ln(x) / precise::ln(base)
    }))
}

fn random<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(Value::Double(
        (call.cx().draw() >> 11) as f64 / (1u64 << 53) as f64,
    ))
}
