//! Functions that exist only in ksqlDB's own test harness, which validation files call.

mod aggregates;
mod tables;

use headwater_sql::expression::EvalError;
use headwater_sql::function::{Body, Call, Definition, Row, ScalarBody, add_functions};
use headwater_sql::value::Value;
use std::cell::Cell;
use std::sync::Once;

thread_local! {
    /// How often BAD_UDF was called with a text in this case.
    static BAD_CALLS: Cell<u64> = const { Cell::new(0) };
}

/// Puts the functions into the registry, and their state back to its beginning.
pub(crate) fn prepare() {
    static ADDED: Once = Once::new();
    ADDED.call_once(|| {
        let tables = [SCALARS, tables::FUNCTIONS, aggregates::FUNCTIONS];
        let all: Vec<Definition> = tables.concat();
        // Where the registry was read before, calls say that there are no such functions.
        add_functions(Box::leak(all.into_boxed_slice()));
    });
    BAD_CALLS.set(0);
}

const fn row(parameters: &'static str, result: &'static str, body: ScalarBody) -> Row {
    Row {
        parameters,
        result,
        rule: None,
        body: Body::Nullable(body),
    }
}

const fn definition(name: &'static str, overloads: &'static [Row]) -> Definition {
    Definition {
        name,
        spelling: name,
        summary: "Exists only for validation.",
        example: ("", ""),
        overloads,
    }
}

const SCALARS: &[Definition] = &[
    definition(
        "TEST_UDF",
        &[
            row("INT arg1, STRING arg2", "STRING", |call| {
                call.text("doStuffIntString")
            }),
            row("BIGINT arg1, STRING arg2", "STRING", |call| {
                call.text("doStuffLongString")
            }),
            row("BIGINT arg1, BIGINT arg2, STRING arg3", "STRING", |call| {
                call.text("doStuffLongLongString")
            }),
            row("BIGINT... longs", "STRING", |call| {
                call.text("doStuffLongVarargs")
            }),
            row("STRUCT<A STRING> struct", "STRING", first_field),
            row("", "STRUCT<A STRING>", |call| {
                structure(call, Value::String("foo"))
            }),
        ],
    ),
    definition(
        "BAD_UDF",
        &[
            row("INT arg", "INT", |_| Err(BAD)),
            row("BOOLEAN arg", "INT", |call| match call.arg(0) {
                Value::Boolean(true) => Err(BAD),
                _ => Ok(Value::Int(0)),
            }),
            row("STRING arg", "STRING", every_other),
        ],
    ),
    definition(
        "WHENCONDITION",
        &[row("BOOLEAN ret, BOOLEAN shouldEval", "BOOLEAN", expected)],
    ),
    definition(
        "WHENRESULT",
        &[row("INT ret, BOOLEAN shouldEval", "INT", expected)],
    ),
    definition(
        "TOSTRUCT",
        &[row("STRING text", "STRUCT<A STRING>", |call| {
            structure(call, call.arg(0))
        })],
    ),
    definition(
        "MULTIPLY",
        &[
            row("INT v1, INT v2", "BIGINT", product),
            row("BIGINT v1, BIGINT v2", "BIGINT", product),
            row("DOUBLE v1, DOUBLE v2", "DOUBLE", |call| {
                Ok(Value::Double(call.double(0) * call.double(1)))
            }),
        ],
    ),
    definition(
        "TOLIST",
        &[row("STRING text", "ARRAY<STRING>", |call| {
            call.list(&[call.arg(0)])
        })],
    ),
];

const BAD: EvalError = EvalError::fixed("boom!");

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

fn first_field<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    match call.arg(0) {
        Value::Struct(fields) => Ok(fields.first().copied().unwrap_or_default()),
        _ => Ok(Value::Null),
    }
}

fn structure<'a>(call: &Call<'_, 'a>, field: Value<'a>) -> Result<'a> {
    Ok(Value::Struct(call.arena().values(&[field])))
}

fn every_other<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let before = BAD_CALLS.get();
    BAD_CALLS.set(before + 1);
    match before % 2 {
        0 => Ok(Value::Null),
        _ => Ok(call.arg(0)),
    }
}

/// The first argument; an error where the second says that this must not be evaluated.
fn expected<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    match call.arg(1) {
        Value::Boolean(true) => Ok(call.arg(0)),
        _ => Err(EvalError::fixed(
            "this was evaluated and should not have been",
        )),
    }
}

fn product<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    match (call.opt_int(0), call.opt_int(1)) {
        (Some(a), Some(b)) => Ok(Value::BigInt(a.wrapping_mul(b))),
        _ => Ok(Value::Null),
    }
}
