//! EARLIEST_BY_OFFSET and LATEST_BY_OFFSET: the first or last values in the order of arrival.

use super::super::definition::{Definition, aggregate};
use super::{Aggregate, AggregateRequest, Folded};
use crate::arena::Arena;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use headwater_base::order;
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

/// The state is an array of the kept values with their offsets, oldest first.
///
/// Only the offsets tell which values of two sessions that become one are the older ones: a
/// session of earlier times may have come later.
#[derive(Debug)]
struct ByOffset {
    keep: Keep,
    count: usize,
    several: bool,
    keep_nulls: bool,
    ty: SqlType,
}

impl ByOffset {
    /// The type of a kept value.
    fn value_type(&self) -> SqlType {
        match &self.ty {
            SqlType::Array(inner) if self.several => (**inner).clone(),
            ty => ty.clone(),
        }
    }
}

/// An entry of the state.
fn entry(offset: i64, value: OwnedValue) -> OwnedValue {
    OwnedValue::structure(vec![OwnedValue::BigInt(offset), value])
}

fn offset_of(entry: &OwnedValue) -> i64 {
    match entry {
        OwnedValue::Struct(fields) => match fields.first() {
            Some(OwnedValue::BigInt(offset)) => *offset,
            _ => 0,
        },
        _ => 0,
    }
}

fn value_of<'a>(entry: &'a OwnedValue, arena: &'a Arena) -> Value<'a> {
    match entry {
        OwnedValue::Struct(fields) => fields.get(1).map(|it| it.borrow(arena)),
        _ => None,
    }
    .unwrap_or_default()
}

impl Aggregate for ByOffset {
    fn initial(&self) -> OwnedValue {
        OwnedValue::array(Vec::new())
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        let next = match state {
            OwnedValue::Array(items) => items.last().map_or(0, |last| offset_of(last) + 1),
            _ => 0,
        };
        self.add_at(state, args, next.max(0) as u64)
    }

    fn add_at(&self, state: &mut OwnedValue, args: &[Value<'_>], offset: u64) -> Folded {
        let value = args.first().copied().unwrap_or_default();
        let OwnedValue::Array(items) = state else {
            return Ok(());
        };
        let is_full = items.len() >= self.count;
        if (value.is_null() && !self.keep_nulls) || (self.keep == Keep::First && is_full) {
            return Ok(());
        }
        let items = Arc::make_mut(items);
        if is_full {
            items.remove(0);
        }
        items.push(entry(offset as i64, value.to_owned()));
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        if let (OwnedValue::Array(items), OwnedValue::Array(others)) = (state, other) {
            let items = Arc::make_mut(items);
            items.extend(others.iter().cloned());
            order::sort_by_key(items, offset_of);
            match self.keep {
                Keep::First => items.truncate(self.count),
                Keep::Last => drop(items.drain(..items.len().saturating_sub(self.count))),
            }
        }
        Ok(())
    }

    fn result<'a>(&self, state: &'a OwnedValue, arena: &'a Arena) -> Value<'a> {
        let OwnedValue::Array(items) = state else {
            return Value::Null;
        };
        let mut values = items.iter().map(|item| value_of(item, arena));
        if !self.several {
            return values.next().unwrap_or_default();
        }
        let mut list = arena.list();
        values.for_each(|value| list.push(value));
        Value::Array(list.into_bump_slice())
    }

    fn state_type(&self) -> SqlType {
        SqlType::array(SqlType::Struct(vec![
            Column::new("SEQ", SqlType::BigInt),
            Column::new("VAL", self.value_type()),
        ]))
    }

    fn result_type(&self) -> SqlType {
        self.ty.clone()
    }
}
