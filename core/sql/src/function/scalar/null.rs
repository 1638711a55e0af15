//! Functions about nulls and keys: COALESCE, IFNULL, NULLIF, AS_VALUE.

use super::super::Call;
use super::super::definition::{Definition, nullable};
use super::row;
use crate::expression::EvalError;
use crate::value::{Value, same};

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "AS_VALUE",
        "AS_VALUE",
        "Copies a key column into the value; elsewhere it is the value itself.",
        ("AS_VALUE(1)", "1"),
        &[nullable("T keyColumn", "T", as_value)],
    ),
    row(
        "COALESCE",
        "COALESCE",
        "The first argument that is not null.",
        ("COALESCE(CAST(NULL AS INT), 2, 3)", "2"),
        &[nullable("T first, T... others", "T", coalesce)],
    ),
    row(
        "IFNULL",
        "IFNULL",
        "The first argument, or the second where the first is null.",
        ("IFNULL(CAST(NULL AS STRING), 'none')", "none"),
        &[nullable("T expression, T altValue", "T", coalesce)],
    ),
    row(
        "NULLIF",
        "NULLIF",
        "Null where both arguments are equal, else the first.",
        ("NULLIF('a', 'b')", "a"),
        &[nullable("T expression1, T expression2", "T", nullif)],
    ),
];

fn as_value<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(call.arg(0))
}

fn coalesce<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(call
        .args
        .iter()
        .copied()
        .find(|value| !value.is_null())
        .unwrap_or_default())
}

fn nullif<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(if same(call.arg(0), call.arg(1)) {
        Value::Null
    } else {
        call.arg(0)
    })
}
