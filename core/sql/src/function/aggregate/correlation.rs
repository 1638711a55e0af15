//! CORRELATION: how far two numbers grow together, by Pearson. It can be undone.

use super::super::definition::{Definition, aggregate};
use super::{Aggregate, AggregateRequest, Folded};
use crate::arena::Arena;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use std::sync::Arc;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[Definition {
    name: "CORRELATION",
    spelling: "correlation",
    summary: "Pearson's correlation of two numbers; NaN where one of them does not vary.",
    example: ("CORRELATION(ARRAY[1, 2, 3], ARRAY[6, 4, 2])", "-1.0"),
    overloads: &[
        aggregate("INT x, INT y", "DOUBLE", correlation),
        aggregate("BIGINT x, BIGINT y", "DOUBLE", correlation),
        aggregate("DOUBLE x, DOUBLE y", "DOUBLE", correlation),
    ],
}];

fn correlation(_: &AggregateRequest<'_>) -> Result<Arc<dyn Aggregate>, String> {
    Ok(Arc::new(Correlation))
}

/// The state is a struct of the number of pairs and the sums of x, y, xx, yy and xy.
#[derive(Debug)]
struct Correlation;

type Sums = [f64; 5];

fn state_of(count: i64, sums: Sums) -> OwnedValue {
    let mut fields = vec![OwnedValue::BigInt(count)];
    fields.extend(sums.map(OwnedValue::Double));
    OwnedValue::structure(fields)
}

fn sums_of(state: &OwnedValue) -> (i64, Sums) {
    let OwnedValue::Struct(fields) = state else {
        return (0, Sums::default());
    };
    let count = match fields.first() {
        Some(OwnedValue::BigInt(count)) => *count,
        _ => 0,
    };
    let mut sums = Sums::default();
    for (sum, field) in sums.iter_mut().zip(fields.iter().skip(1)) {
        if let OwnedValue::Double(x) = field {
            *sum = *x;
        }
    }
    (count, sums)
}

fn number(value: Option<&Value<'_>>) -> Option<f64> {
    match *value? {
        Value::Int(x) => Some(f64::from(x)),
        Value::BigInt(x) => Some(x as f64),
        Value::Double(x) => Some(x),
        _ => None,
    }
}

/// A pair enters (`by` is 1) or leaves (it is -1); one with a null does neither.
fn change(state: &mut OwnedValue, args: &[Value<'_>], by: i64) {
    let (Some(x), Some(y)) = (number(args.first()), number(args.get(1))) else {
        return;
    };
    let (count, mut sums) = sums_of(state);
    for (sum, more) in sums.iter_mut().zip([x, y, x * x, y * y, x * y]) {
        *sum += more * by as f64;
    }
    *state = state_of(count + by, sums);
}

impl Aggregate for Correlation {
    fn initial(&self) -> OwnedValue {
        state_of(0, Sums::default())
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        change(state, args, 1);
        Ok(())
    }

    fn can_undo(&self) -> bool {
        true
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        change(state, args, -1);
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        let ((count, sums), (more, others)) = (sums_of(state), sums_of(other));
        let mut both = sums;
        for (sum, other) in both.iter_mut().zip(others) {
            *sum += other;
        }
        *state = state_of(count + more, both);
        Ok(())
    }

    fn result<'a>(&self, state: &'a OwnedValue, _arena: &'a Arena) -> Value<'a> {
        let (count, [x, y, xx, yy, xy]) = sums_of(state);
        let n = count as f64;
        let spread = (n * xx - x * x) * (n * yy - y * y);
        Value::Double((n * xy - x * y) / libm::sqrt(spread))
    }

    fn state_type(&self) -> SqlType {
        let mut fields = vec![Column::new("COUNT", SqlType::BigInt)];
        for name in ["SUM_X", "SUM_Y", "SUM_XX", "SUM_YY", "SUM_XY"] {
            fields.push(Column::new(name, SqlType::Double));
        }
        SqlType::Struct(fields)
    }

    fn result_type(&self) -> SqlType {
        SqlType::Double
    }
}
