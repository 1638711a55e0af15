//! EARLIEST_BY_OFFSET and LATEST_BY_OFFSET: the first or last values in the order of arrival.

use super::super::definition::{Definition, aggregate};
use super::{Aggregate, AggregateRequest, Folded};
use crate::arena::Arena;
use crate::types::SqlType;
use crate::value::{OwnedValue, Value};
use std::sync::Arc;

type Made = Result<Arc<dyn Aggregate>, String>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    Definition {
        name: "EARLIEST_BY_OFFSET",
        spelling: "EARLIEST_BY_OFFSET",
        summary: "The first value that is not null (unless ignoreNulls is false), or the first n.",
        example: ("EARLIEST_BY_OFFSET(ARRAY[4, 5, 6])", "4"),
        overloads: &[
            aggregate("T value", "T", earliest),
            aggregate("T value, literal BOOLEAN ignoreNulls", "T", earliest),
            aggregate("T value, literal INT n", "ARRAY<T>", earliest),
            aggregate(
                "T value, literal INT n, literal BOOLEAN ignoreNulls",
                "ARRAY<T>",
                earliest,
            ),
        ],
    },
    Definition {
        name: "LATEST_BY_OFFSET",
        spelling: "LATEST_BY_OFFSET",
        summary: "The last value that is not null (unless ignoreNulls is false), or the last n.",
        example: ("LATEST_BY_OFFSET(ARRAY[4, 5, 6])", "6"),
        overloads: &[
            aggregate("T value", "T", latest),
            aggregate("T value, literal BOOLEAN ignoreNulls", "T", latest),
            aggregate("T value, literal INT n", "ARRAY<T>", latest),
            aggregate(
                "T value, literal INT n, literal BOOLEAN ignoreNulls",
                "ARRAY<T>",
                latest,
            ),
        ],
    },
];

fn earliest(request: &AggregateRequest<'_>) -> Made {
    made(request, Keep::First, "EARLIEST_BY_OFFSET")
}

fn latest(request: &AggregateRequest<'_>) -> Made {
    made(request, Keep::Last, "LATEST_BY_OFFSET")
}

fn made(request: &AggregateRequest<'_>, keep: Keep, name: &str) -> Made {
    let several = matches!(request.literals.first(), Some(OwnedValue::Int(_)));
    let count = if several {
        request.count(0).unwrap_or(0)
    } else {
        1
    };
    if count < 1 {
        let which = if keep == Keep::First {
            "earliestN"
        } else {
            "latestN"
        };
        return Err(format!("{name}: {which} must be 1 or greater"));
    }
    let keep_nulls = matches!(request.literals.last(), Some(OwnedValue::Boolean(false)));
    Ok(Arc::new(ByOffset {
        keep,
        count: count as usize,
        several,
        keep_nulls,
        ty: request.result.clone(),
    }))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    First,
    Last,
}

/// The state is an array of the kept values, oldest first.
#[derive(Debug)]
struct ByOffset {
    keep: Keep,
    count: usize,
    several: bool,
    keep_nulls: bool,
    ty: SqlType,
}

impl ByOffset {
    fn enter(&self, state: &mut OwnedValue, value: OwnedValue) {
        let OwnedValue::Array(items) = state else {
            return;
        };
        if value.is_null() && !self.keep_nulls {
            return;
        }
        match self.keep {
            Keep::First if items.len() >= self.count => {}
            Keep::First => Arc::make_mut(items).push(value),
            Keep::Last => {
                let items = Arc::make_mut(items);
                if items.len() >= self.count {
                    items.remove(0);
                }
                items.push(value);
            }
        }
    }
}

impl Aggregate for ByOffset {
    fn initial(&self) -> OwnedValue {
        OwnedValue::array(Vec::new())
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        self.enter(state, args.first().copied().unwrap_or_default().to_owned());
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

    fn result<'a>(&self, state: &'a OwnedValue, arena: &'a Arena) -> Value<'a> {
        if self.several {
            return state.borrow(arena);
        }
        match state {
            OwnedValue::Array(items) => items
                .first()
                .map(|item| item.borrow(arena))
                .unwrap_or_default(),
            _ => Value::Null,
        }
    }

    fn state_type(&self) -> SqlType {
        if self.several {
            self.ty.clone()
        } else {
            SqlType::array(self.ty.clone())
        }
    }

    fn result_type(&self) -> SqlType {
        self.ty.clone()
    }
}
