//! SUM_LIST: the sum of all numbers in all arrays. It can be undone.

use super::super::definition::{Definition, aggregate};
use super::number::{change, zero};
use super::{Aggregate, AggregateRequest, Folded};
use crate::types::SqlType;
use crate::value::{OwnedValue, Value};
use std::sync::Arc;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[Definition {
    name: "SUM_LIST",
    spelling: "sum_list",
    summary: "The sum of the elements of arrays; nulls are skipped.",
    example: ("SUM_LIST(ARRAY[ARRAY[1, 2], ARRAY[3]])", "6"),
    overloads: &[
        aggregate("ARRAY<INT> list", "INT", sum_list),
        aggregate("ARRAY<BIGINT> list", "BIGINT", sum_list),
        aggregate("ARRAY<DOUBLE> list", "DOUBLE", sum_list),
    ],
}];

fn sum_list(request: &AggregateRequest<'_>) -> Result<Arc<dyn Aggregate>, String> {
    let ty = request.result.clone();
    Ok(Arc::new(SumList { ty }))
}

/// The state is the sum.
#[derive(Debug)]
struct SumList {
    ty: SqlType,
}

impl SumList {
    fn each(&self, state: &mut OwnedValue, args: &[Value<'_>], plus: bool) -> Folded {
        let Some(Value::Array(items)) = args.first() else {
            return Ok(());
        };
        items
            .iter()
            .try_for_each(|item| change(state, *item, &self.ty, plus))
    }
}

impl Aggregate for SumList {
    fn initial(&self) -> OwnedValue {
        zero(&self.ty)
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.each(state, args, true)
    }

    fn can_undo(&self) -> bool {
        true
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.each(state, args, false)
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        change(state, other.borrow_scalar(), &self.ty, true)
    }

    fn result_type(&self) -> SqlType {
        self.ty.clone()
    }
}
