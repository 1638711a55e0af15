//! STDDEV_SAMPLE and STDDEV_SAMP: spread of a sample. Both can be undone.

use super::super::definition::{Definition, aggregate};
use super::{Aggregate, AggregateRequest, Folded};
use crate::arena::Arena;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use std::sync::Arc;

type Made = Result<Arc<dyn Aggregate>, String>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    Definition {
        name: "STDDEV_SAMPLE",
        spelling: "STDDEV_SAMPLE",
        summary: "The standard deviation of a sample; 0.0 below two values.",
        example: ("STDDEV_SAMPLE(ARRAY[2, 4, 6])", "2.0"),
        overloads: &[
            aggregate("INT val", "DOUBLE", deviation),
            aggregate("BIGINT val", "DOUBLE", deviation),
            aggregate("DOUBLE val", "DOUBLE", deviation),
        ],
    },
    Definition {
        name: "STDDEV_SAMP",
        spelling: "STDDEV_SAMP",
        summary: "An older name that gives the variance of a sample, without the root.",
        example: ("STDDEV_SAMP(ARRAY[2, 4, 6])", "4.0"),
        overloads: &[
            aggregate("INT val", "DOUBLE", variance),
            aggregate("BIGINT val", "DOUBLE", variance),
            aggregate("DOUBLE val", "DOUBLE", variance),
        ],
    },
];

fn deviation(_: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Spread { root: true }))
}

fn variance(_: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Spread { root: false }))
}

/// The state is a struct of count, sum, and sum of squares of distances from the mean.
#[derive(Debug)]
struct Spread {
    root: bool,
}

type Moments = (i64, f64, f64);

fn moments(state: &OwnedValue) -> Moments {
    let OwnedValue::Struct(fields) = state else {
        return (0, 0.0, 0.0);
    };
    match fields.as_slice() {
        [
            OwnedValue::BigInt(count),
            OwnedValue::Double(sum),
            OwnedValue::Double(squares),
        ] => (*count, *sum, *squares),
        _ => (0, 0.0, 0.0),
    }
}

fn state_of((count, sum, squares): Moments) -> OwnedValue {
    OwnedValue::structure(vec![
        OwnedValue::BigInt(count),
        OwnedValue::Double(sum),
        OwnedValue::Double(squares),
    ])
}

fn number(args: &[Value<'_>]) -> Option<f64> {
    match args.first()? {
        Value::Int(x) => Some(f64::from(*x)),
        Value::BigInt(x) => Some(*x as f64),
        Value::Double(x) => Some(*x),
        _ => None,
    }
}

impl Aggregate for Spread {
    fn initial(&self) -> OwnedValue {
        state_of((0, 0.0, 0.0))
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        if let Some(x) = number(args) {
            let (count, sum, squares) = moments(state);
            let (count, sum) = (count + 1, sum + x);
            let distance = count as f64 * x - sum;
            let grown = match count {
                1 => squares,
                n => squares + distance * distance / (n as f64 * (n - 1) as f64),
            };
            *state = state_of((count, sum, grown));
        }
        Ok(())
    }

    fn can_undo(&self) -> bool {
        true
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        if let Some(x) = number(args) {
            let (count, sum, squares) = moments(state);
            let distance = count as f64 * x - sum;
            let shrunk = match count {
                0 | 1 => 0.0,
                n => squares - distance * distance / (n as f64 * (n - 1) as f64),
            };
            *state = state_of((count - 1, sum - x, shrunk));
        }
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        let ((n1, s1, m1), (n2, s2, m2)) = (moments(state), moments(other));
        if n2 == 0 {
            return Ok(());
        }
        let between = match n1 {
            0 => 0.0,
            _ => {
                let (a, b) = (n1 as f64, n2 as f64);
                let distance = s2 * a / b - s1;
                b / (a * (a + b)) * distance * distance
            }
        };
        *state = state_of((n1 + n2, s1 + s2, m1 + m2 + between));
        Ok(())
    }

    fn result<'a>(&self, state: &'a OwnedValue, _arena: &'a Arena) -> Value<'a> {
        let (count, _, squares) = moments(state);
        let variance = if count < 2 {
            0.0
        } else {
            squares / (count - 1) as f64
        };
        Value::Double(if self.root {
            libm::sqrt(variance)
        } else {
            variance
        })
    }

    fn state_type(&self) -> SqlType {
        SqlType::Struct(vec![
            Column::new("COUNT", SqlType::BigInt),
            Column::new("SUM", SqlType::Double),
            Column::new("M2", SqlType::Double),
        ])
    }

    fn result_type(&self) -> SqlType {
        SqlType::Double
    }
}
