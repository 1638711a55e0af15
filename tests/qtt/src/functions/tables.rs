//! Table functions of the harness.

use super::definition;
use headwater_sql::decimal::Rounding;
use headwater_sql::expression::EvalError;
use headwater_sql::function::{Body, Call, Definition, Row, TableBody, TypeRule};
use headwater_sql::types::SqlType;
use headwater_sql::value::{Value, write_text};

const fn row(parameters: &'static str, result: &'static str, body: TableBody) -> Row {
    Row {
        parameters,
        result,
        rule: None,
        body: Body::Table(body),
    }
}

const fn ruled(parameters: &'static str, rule: TypeRule, body: TableBody) -> Row {
    Row {
        parameters,
        result: "",
        rule: Some(rule),
        body: Body::Table(body),
    }
}

pub(super) const FUNCTIONS: &[Definition] = &[
    definition(
        "TEST_UDTF",
        &[
            row(
                "INT i, BIGINT l, DOUBLE d, BOOLEAN b, STRING s, DECIMAL bd, \
                 STRUCT<A STRING> struct",
                "STRING",
                texts,
            ),
            row(
                "ARRAY<INT> i, ARRAY<BIGINT> l, ARRAY<DOUBLE> d, ARRAY<BOOLEAN> b, \
                 ARRAY<STRING> s, ARRAY<DECIMAL> bd, ARRAY<STRUCT<A STRING>> struct",
                "STRING",
                texts,
            ),
            row(
                "MAP<STRING, INT> i, MAP<STRING, BIGINT> l, MAP<STRING, DOUBLE> d, \
                 MAP<STRING, BOOLEAN> b, MAP<STRING, STRING> s, MAP<STRING, DECIMAL> bd, \
                 MAP<STRING, STRUCT<A STRING>> struct",
                "STRING",
                texts,
            ),
            row("INT i", "INT", itself),
            row("BIGINT l", "BIGINT", itself),
            row("DOUBLE d", "DOUBLE", itself),
            row("BOOLEAN b", "BOOLEAN", itself),
            row("STRING s", "STRING", itself),
            ruled(
                "DECIMAL bd",
                |_| Some(SqlType::decimal(30, 10)),
                wide_decimal,
            ),
            row("STRUCT<A STRING> struct", "STRUCT<A STRING>", itself),
        ],
    ),
    definition(
        "THROWING_UDTF",
        &[row("BOOLEAN shouldThrow", "BOOLEAN", throwing)],
    ),
];

type Rows<'a> = Result<&'a [Value<'a>], EvalError>;

/// Each argument, the head of a list or the value of a map, as a text.
fn texts<'a>(call: &Call<'_, 'a>) -> Rows<'a> {
    let mut rows = call.arena().list();
    for (value, ty) in call.args.iter().zip(call.types) {
        let (value, ty) = match (value, ty) {
            (Value::Array(items), Some(SqlType::Array(inner))) => (items.first(), Some(&**inner)),
            (Value::Map(entries), Some(SqlType::Map(_, inner))) => {
                (entries.first().map(|(_, value)| value), Some(&**inner))
            }
            (value, ty) => (Some(value), ty.as_ref()),
        };
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = write_text(&mut text, value.copied().unwrap_or_default(), ty);
        rows.push(call.text(&text)?);
    }
    Ok(rows.into_bump_slice())
}

fn itself<'a>(call: &Call<'_, 'a>) -> Rows<'a> {
    Ok(call.arena().values(&[call.arg(0)]))
}

fn wide_decimal<'a>(call: &Call<'_, 'a>) -> Rows<'a> {
    let value = match call.arg(0) {
        Value::Decimal(number) => match number.with_scale(10, Rounding::HalfUp) {
            Some(wide) => Value::Decimal(call.arena().decimal(wide)),
            None => Value::Null,
        },
        _ => Value::Null,
    };
    Ok(call.arena().values(&[value]))
}

fn throwing<'a>(call: &Call<'_, 'a>) -> Rows<'a> {
    match call.arg(0) {
        Value::Boolean(true) => Err(super::BAD),
        value => Ok(call.arena().values(&[value])),
    }
}
