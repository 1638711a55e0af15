//! Aggregate functions of the harness: sums of numbers and of lengths of texts, and collectors.

use super::definition;
use headwater_sql::function::{
    Aggregate, AggregateBody, AggregateRequest, Body, Definition, Folded, Row,
};
use headwater_sql::types::SqlType;
use headwater_sql::value::{OwnedValue, Value};
use std::sync::Arc;

const fn row(parameters: &'static str, result: &'static str, body: AggregateBody) -> Row {
    Row {
        parameters,
        result,
        rule: None,
        body: Body::Aggregate(body),
    }
}

pub(super) const FUNCTIONS: &[Definition] = &[
    definition(
        "TEST_UDAF",
        &[
            row("BIGINT val", "BIGINT", sum),
            row("INT val", "BIGINT", sum),
            row("DOUBLE val", "DOUBLE", sum),
            row("STRING val, literal STRING init", "BIGINT", sum),
            row("STRUCT<A INT, B INT> val", "STRUCT<A INT, B INT>", sum),
        ],
    ),
    definition(
        "VAR_ARG",
        &[row("BIGINT first, STRING... rest", "BIGINT", sum)],
    ),
    definition(
        "MID_VAR_ARG",
        &[row(
            "BIGINT first, STRING... rest, literal INT a, literal INT b",
            "BIGINT",
            sum,
        )],
    ),
    definition(
        "MULTI_ARG",
        &[row(
            "BIGINT first, STRING second, literal INT a, literal STRING... b",
            "BIGINT",
            sum,
        )],
    ),
    definition(
        "FOUR_ARG",
        &[row(
            "BIGINT first, STRING second, STRING third, STRING fourth, literal INT a, \
             literal STRING... b",
            "BIGINT",
            sum,
        )],
    ),
    definition(
        "FIVE_ARG",
        &[row(
            "BIGINT first, STRING second, STRING third, STRING fourth, INT fifth, literal INT a, \
             literal STRING... b",
            "BIGINT",
            sum,
        )],
    ),
    definition(
        "GENERIC_VAR_ARG",
        &[
            row(
                "DECIMAL first, B second, C... rest",
                "ARRAY<DECIMAL>",
                first_column,
            ),
            row("A first, B second, C... rest", "ARRAY<A>", first_column),
        ],
    ),
    definition(
        "OBJ_COL_ARG",
        &[row("INT first, ANY... rest", "ARRAY<INT>", first_column)],
    ),
];

type Made = Result<Arc<dyn Aggregate>, String>;

fn sum(request: &AggregateRequest<'_>) -> Made {
    let start = request.literals.iter().map(worth).sum();
    let result = request.result.clone();
    Ok(Arc::new(Sum { start, result }))
}

/// A number itself, or the length of a text.
fn worth(value: &OwnedValue) -> i64 {
    match value {
        OwnedValue::Int(x) => i64::from(*x),
        OwnedValue::BigInt(x) => *x,
        OwnedValue::String(text) => text.encode_utf16().count() as i64,
        _ => 0,
    }
}

#[derive(Debug)]
struct Sum {
    start: i64,
    result: SqlType,
}

impl Sum {
    fn change(state: &mut OwnedValue, args: &[Value<'_>], sign: i64) {
        match state {
            OwnedValue::Struct(fields) => {
                let Some(Value::Struct(given)) = args.first() else {
                    return;
                };
                for (field, given) in Arc::make_mut(fields).iter_mut().zip(*given) {
                    Sum::change(field, &[*given], sign);
                }
            }
            OwnedValue::Double(total) => {
                if let Some(Value::Double(x)) = args.first() {
                    *total += sign as f64 * x;
                }
            }
            OwnedValue::Int(total) => {
                let by: i64 = args.iter().map(|arg| worth(&arg.to_owned())).sum();
                *total = total.wrapping_add((sign * by) as i32);
            }
            OwnedValue::BigInt(total) => {
                let by: i64 = args.iter().map(|arg| worth(&arg.to_owned())).sum();
                *total = total.wrapping_add(sign * by);
            }
            _ => {}
        }
    }
}

impl Aggregate for Sum {
    fn initial(&self) -> OwnedValue {
        match &self.result {
            SqlType::Double => OwnedValue::Double(0.0),
            SqlType::Struct(fields) => {
                OwnedValue::structure(vec![OwnedValue::Int(0); fields.len()])
            }
            _ => OwnedValue::BigInt(self.start),
        }
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        Sum::change(state, args, 1);
        Ok(())
    }

    fn can_undo(&self) -> bool {
        true
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        Sum::change(state, args, -1);
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        match (state, other) {
            (OwnedValue::BigInt(a), OwnedValue::BigInt(b)) => *a += b - self.start,
            (OwnedValue::Double(a), OwnedValue::Double(b)) => *a += b,
            (OwnedValue::Struct(a), OwnedValue::Struct(b)) => {
                for (a, b) in Arc::make_mut(a).iter_mut().zip(b.iter()) {
                    if let (OwnedValue::Int(a), OwnedValue::Int(b)) = (a, b) {
                        *a = a.wrapping_add(*b);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn result_type(&self) -> SqlType {
        self.result.clone()
    }
}

fn first_column(request: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(FirstColumn(request.result.clone())))
}

/// Collects the first column of rows where all columns have values.
#[derive(Debug)]
struct FirstColumn(SqlType);

impl Aggregate for FirstColumn {
    fn initial(&self) -> OwnedValue {
        OwnedValue::array(Vec::new())
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        if let (OwnedValue::Array(items), Some(first)) = (state, args.first())
            && !args.iter().any(Value::is_null)
        {
            Arc::make_mut(items).push(first.to_owned());
        }
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        if let (OwnedValue::Array(items), OwnedValue::Array(others)) = (state, other) {
            Arc::make_mut(items).extend(others.iter().cloned());
        }
        Ok(())
    }

    fn result_type(&self) -> SqlType {
        self.0.clone()
    }
}
