//! COUNT, SUM, AVG and what else counts and adds.

use super::super::definition::{Definition, aggregate};
use super::{Aggregate, AggregateError, AggregateRequest, Folded};
use crate::arena::Arena;
use crate::decimal::Decimal;
use crate::state::StoredRow;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use std::sync::Arc;

type Made = Result<Arc<dyn Aggregate>, String>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    Definition {
        name: "COUNT",
        spelling: "COUNT",
        summary: "How many records there are; with an argument, how many where it is not null.",
        example: ("COUNT(ARRAY[1, NULL, 2])", "2"),
        overloads: &[
            aggregate("", "BIGINT", count_all),
            aggregate("T value", "BIGINT", count),
        ],
    },
    Definition {
        name: "SUM",
        spelling: "SUM",
        summary: "The sum of what is not null.",
        example: ("SUM(ARRAY[1, NULL, 2])", "3"),
        overloads: &[
            aggregate("INT value", "INT", sum),
            aggregate("BIGINT value", "BIGINT", sum),
            aggregate("DOUBLE value", "DOUBLE", sum),
            aggregate("DECIMAL value", "DECIMAL", sum),
        ],
    },
    Definition {
        name: "AVG",
        spelling: "avg",
        summary: "The average of what is not null; 0.0 where there is nothing.",
        example: ("AVG(ARRAY[1, NULL, 2])", "1.5"),
        overloads: &[
            aggregate("INT value", "DOUBLE", average),
            aggregate("BIGINT value", "DOUBLE", average),
            aggregate("DOUBLE value", "DOUBLE", average),
        ],
    },
];

fn count_all(_: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Count { every: true }))
}

fn count(_: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Count { every: false }))
}

#[derive(Debug)]
struct Count {
    every: bool,
}

impl Count {
    fn change(&self, state: &mut OwnedValue, args: &[Value<'_>], by: i64) -> Folded {
        let counts = self.every || args.first().is_some_and(|value| !value.is_null());
        if let (OwnedValue::BigInt(count), true) = (state, counts) {
            *count = count.wrapping_add(by);
        }
        Ok(())
    }
}

impl Aggregate for Count {
    fn initial(&self) -> OwnedValue {
        OwnedValue::BigInt(0)
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.change(state, args, 1)
    }

    fn can_undo(&self) -> bool {
        true
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.change(state, args, -1)
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        if let (OwnedValue::BigInt(count), OwnedValue::BigInt(more)) = (state, other) {
            *count = count.wrapping_add(*more);
        }
        Ok(())
    }

    fn result_type(&self) -> SqlType {
        SqlType::BigInt
    }
}

const OVERFLOW: AggregateError = AggregateError {
    message: "Numeric field overflow",
};

/// Adds or takes away a number; a null changes nothing.
pub(super) fn change(total: &mut OwnedValue, value: Value<'_>, ty: &SqlType, plus: bool) -> Folded {
    match (&mut *total, value) {
        (OwnedValue::Int(total), Value::Int(x)) => {
            *total = if plus {
                total.wrapping_add(x)
            } else {
                total.wrapping_sub(x)
            };
        }
        (OwnedValue::BigInt(total), Value::BigInt(x)) => {
            *total = if plus {
                total.wrapping_add(x)
            } else {
                total.wrapping_sub(x)
            };
        }
        (OwnedValue::Double(total), Value::Double(x)) => {
            *total = if plus { *total + x } else { *total - x };
        }
        (OwnedValue::Decimal(sum), Value::Decimal(x)) => {
            let exact = if plus { sum.add(x) } else { sum.subtract(x) };
            let (precision, scale) = ty.as_decimal().unwrap_or((38, 0));
            let fitted = exact
                .and_then(|exact| exact.fitted(precision, scale))
                .ok_or(OVERFLOW)?;
            *sum = Arc::new(fitted);
        }
        _ => {}
    }
    Ok(())
}

pub(super) fn zero(ty: &SqlType) -> OwnedValue {
    match ty {
        SqlType::Int => OwnedValue::Int(0),
        SqlType::BigInt => OwnedValue::BigInt(0),
        SqlType::Decimal { scale, .. } => OwnedValue::from(Decimal::new(0, *scale as i32)),
        _ => OwnedValue::Double(0.0),
    }
}

fn sum(request: &AggregateRequest<'_>) -> Made {
    Ok(Arc::new(Sum {
        ty: request.result.clone(),
    }))
}

#[derive(Debug)]
struct Sum {
    ty: SqlType,
}

impl Aggregate for Sum {
    fn initial(&self) -> OwnedValue {
        zero(&self.ty)
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        change(
            state,
            args.first().copied().unwrap_or_default(),
            &self.ty,
            true,
        )
    }

    fn can_undo(&self) -> bool {
        true
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        change(
            state,
            args.first().copied().unwrap_or_default(),
            &self.ty,
            false,
        )
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        change(state, other.borrow_scalar(), &self.ty, true)
    }

    fn result_type(&self) -> SqlType {
        self.ty.clone()
    }
}

fn average(request: &AggregateRequest<'_>) -> Made {
    let ty = request
        .types
        .first()
        .cloned()
        .flatten()
        .unwrap_or(SqlType::Double);
    Ok(Arc::new(Average { ty }))
}

/// The state is a struct of sum, in the argument's own type, and count; a store keeps the two
/// side by side.
#[derive(Debug)]
struct Average {
    ty: SqlType,
}

/// The fields of a state, to be changed.
fn fields_mut(state: &mut OwnedValue) -> &mut [OwnedValue] {
    match state {
        OwnedValue::Struct(fields) => Arc::make_mut(fields).as_mut_slice(),
        _ => &mut [],
    }
}

fn fields(state: &OwnedValue) -> &[OwnedValue] {
    match state {
        OwnedValue::Struct(fields) => fields,
        _ => &[],
    }
}

impl Average {
    fn change(&self, kept: &mut [OwnedValue], args: &[Value<'_>], plus: bool) -> Folded {
        let value = args.first().copied().unwrap_or_default();
        if let ([sum, OwnedValue::BigInt(count)], false) = (kept, value.is_null()) {
            *count += if plus { 1 } else { -1 };
            return change(sum, value, &self.ty, plus);
        }
        Ok(())
    }
}

impl Aggregate for Average {
    fn initial(&self) -> OwnedValue {
        OwnedValue::structure(vec![zero(&self.ty), OwnedValue::BigInt(0)])
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.change(fields_mut(state), args, true)
    }

    fn can_undo(&self) -> bool {
        true
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.change(fields_mut(state), args, false)
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        self.merge_kept(fields_mut(state), fields(other))
    }

    fn result<'a>(&self, state: &'a OwnedValue, arena: &'a Arena) -> Value<'a> {
        self.result_kept(fields(state), arena)
    }

    fn width(&self) -> usize {
        2
    }

    fn keep(&self, state: OwnedValue, kept: &mut StoredRow) {
        let mut fields = fields(&state).iter().cloned();
        kept.extend([(); 2].map(|()| fields.next().unwrap_or_default()));
    }

    fn add_kept(&self, kept: &mut [OwnedValue], args: &[Value<'_>], _place: u64) -> Folded {
        self.change(kept, args, true)
    }

    fn undo_kept(&self, kept: &mut [OwnedValue], args: &[Value<'_>]) -> Folded {
        self.change(kept, args, false)
    }

    fn merge_kept(&self, kept: &mut [OwnedValue], others: &[OwnedValue]) -> Folded {
        if let ([sum, OwnedValue::BigInt(count)], [other_sum, OwnedValue::BigInt(other_count)]) =
            (kept, others)
        {
            *count += other_count;
            change(sum, other_sum.borrow_scalar(), &self.ty, true)?;
        }
        Ok(())
    }

    fn result_kept<'a>(&self, kept: &'a [OwnedValue], _arena: &'a Arena) -> Value<'a> {
        let [sum, OwnedValue::BigInt(count)] = kept else {
            return Value::Null;
        };
        let sum = match sum {
            OwnedValue::Int(x) => f64::from(*x),
            OwnedValue::BigInt(x) => *x as f64,
            OwnedValue::Double(x) => *x,
            _ => 0.0,
        };
        Value::Double(if *count == 0 {
            0.0
        } else {
            sum / *count as f64
        })
    }

    fn state_type(&self) -> SqlType {
        SqlType::Struct(vec![
            Column::new("SUM", self.ty.clone()),
            Column::new("COUNT", SqlType::BigInt),
        ])
    }

    fn result_type(&self) -> SqlType {
        SqlType::Double
    }
}
