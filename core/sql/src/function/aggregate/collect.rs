//! COLLECT_LIST and COLLECT_SET: the values themselves, in the order in which they came.

use super::super::definition::{Definition, aggregate};
use super::{Aggregate, AggregateRequest, Folded};
use crate::types::SqlType;
use crate::value::{OwnedValue, Value};
use std::sync::Arc;

type Made = Result<Arc<dyn Aggregate>, String>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    Definition {
        name: "COLLECT_LIST",
        spelling: "collect_list",
        summary: "All values, nulls too, in the order in which they came.",
        example: ("COLLECT_LIST(ARRAY[2, 1, 2])", "[2, 1, 2]"),
        overloads: &[aggregate("T value", "ARRAY<T>", list)],
    },
    Definition {
        name: "COLLECT_SET",
        spelling: "collect_set",
        summary: "All different values, null too, in the order in which they first came.",
        example: ("COLLECT_SET(ARRAY[2, 1, 2])", "[2, 1]"),
        overloads: &[aggregate("T value", "ARRAY<T>", set)],
    },
];

fn list(request: &AggregateRequest<'_>) -> Made {
    let ty = request.result.clone();
    Ok(Arc::new(Collect {
        ty,
        limit: request.limits.list,
        distinct: false,
    }))
}

fn set(request: &AggregateRequest<'_>) -> Made {
    let ty = request.result.clone();
    Ok(Arc::new(Collect {
        ty,
        limit: request.limits.set,
        distinct: true,
    }))
}

#[derive(Debug)]
struct Collect {
    ty: SqlType,
    limit: i64,
    distinct: bool,
}

impl Collect {
    fn enter(&self, state: &mut OwnedValue, value: OwnedValue) {
        let OwnedValue::Array(items) = state else {
            return;
        };
        let full = self.limit >= 0 && items.len() as i64 >= self.limit;
        let known = self.distinct && items.contains(&value);
        if !full && !known {
            Arc::make_mut(items).push(value);
        }
    }
}

impl Aggregate for Collect {
    fn initial(&self) -> OwnedValue {
        OwnedValue::array(Vec::new())
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.enter(state, args.first().copied().unwrap_or_default().to_owned());
        Ok(())
    }

    fn can_undo(&self) -> bool {
        !self.distinct
    }

    fn undo(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        let value = args.first().copied().unwrap_or_default().to_owned();
        if let OwnedValue::Array(items) = state
            && let Some(at) = items.iter().rposition(|item| *item == value)
        {
            Arc::make_mut(items).remove(at);
        }
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        if let OwnedValue::Array(items) = other {
            items
                .iter()
                .for_each(|item| self.enter(state, item.clone()));
        }
        Ok(())
    }

    fn result_type(&self) -> SqlType {
        self.ty.clone()
    }
}
