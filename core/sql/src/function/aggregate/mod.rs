//! Aggregate functions: what folds the records of a group into one value.
//!
//! A state is one [`OwnedValue`] that a store keeps; its type is known, for changelogs. Each
//! aggregate decides on nulls itself. Undo is what aggregates over tables need: the old row leaves
//! the group before the new one enters it.

mod collect;
mod correlation;
mod distinct;
mod list;
mod number;
mod offset;
mod order;
mod statistics;
mod tally;

use super::definition::Definition;
use crate::arena::Arena;
use crate::state::StoredRow;
use crate::types::SqlType;
use crate::value::{OwnedValue, Value};
use std::fmt;

/// Every table of aggregate functions.
pub(super) const TABLES: &[&[Definition]] = &[
    number::FUNCTIONS,
    order::FUNCTIONS,
    collect::FUNCTIONS,
    correlation::FUNCTIONS,
    distinct::FUNCTIONS,
    list::FUNCTIONS,
    offset::FUNCTIONS,
    statistics::FUNCTIONS,
    tally::FUNCTIONS,
];

/// How many values COLLECT_LIST and COLLECT_SET keep; negative means all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CollectLimits {
    /// `ksql.functions.collect_list.limit`.
    pub list: i64,
    /// `ksql.functions.collect_set.limit`.
    pub set: i64,
}

impl Default for CollectLimits {
    fn default() -> CollectLimits {
        CollectLimits { list: -1, set: -1 }
    }
}

/// What the aggregate of a call is made of.
#[derive(Clone, Copy, Debug)]
pub struct AggregateRequest<'r> {
    /// Types of the arguments that are computed at each record.
    pub types: &'r [Option<SqlType>],
    /// The literal arguments behind them.
    pub literals: &'r [OwnedValue],
    /// The type of the result.
    pub result: &'r SqlType,
    /// The session's limits.
    pub limits: CollectLimits,
}

impl AggregateRequest<'_> {
    /// The whole number among the literals at `at`.
    pub(super) fn count(&self, at: usize) -> Option<i64> {
        match self.literals.get(at)? {
            OwnedValue::Int(x) => Some(i64::from(*x)),
            OwnedValue::BigInt(x) => Some(*x),
            _ => None,
        }
    }
}

/// Why an aggregate cannot go on: this stops the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AggregateError {
    /// What went wrong, such as `Numeric field overflow`.
    pub message: &'static str,
}

impl fmt::Display for AggregateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message)
    }
}

impl std::error::Error for AggregateError {}

/// What folding gives.
pub type Folded = Result<(), AggregateError>;

/// Folds the records of a group.
pub trait Aggregate: fmt::Debug + Send + Sync {
    /// The state of a group without records.
    fn initial(&self) -> OwnedValue;

    /// A record enters the group.
    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded;

    /// A record enters the group, of which the place among all that its task takes is known: it
    /// grows in the order of arrival, whatever the records' times are.
    fn add_at(&self, state: &mut OwnedValue, args: &[Value<'_>], _place: u64) -> Folded {
        self.add(state, args)
    }

    /// Whether a record can leave the group, as aggregates over tables need.
    fn can_undo(&self) -> bool {
        false
    }

    /// A record leaves the group.
    fn undo(&self, _state: &mut OwnedValue, _args: &[Value<'_>]) -> Folded {
        Err(AggregateError {
            message: "this aggregate cannot be undone",
        })
    }

    /// Another group's records enter this one; they are those of the later session.
    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded;

    /// The value that a state stands for.
    fn result<'a>(&self, state: &'a OwnedValue, arena: &'a Arena) -> Value<'a> {
        state.borrow(arena)
    }

    /// How many values a store keeps side by side for one state: more than one where the fields of
    /// a STRUCT are kept without the struct, so that no pointer has to be followed to them.
    fn width(&self) -> usize {
        1
    }

    /// Adds a state to what a store keeps: so many values as the width says.
    fn keep(&self, state: OwnedValue, kept: &mut StoredRow) {
        kept.push(state);
    }

    /// [`Aggregate::add_at`] for a state as a store keeps it.
    fn add_kept(&self, kept: &mut [OwnedValue], args: &[Value<'_>], place: u64) -> Folded {
        match kept {
            [state] => self.add_at(state, args, place),
            _ => Ok(()),
        }
    }

    /// [`Aggregate::undo`] for a state as a store keeps it.
    fn undo_kept(&self, kept: &mut [OwnedValue], args: &[Value<'_>]) -> Folded {
        match kept {
            [state] => self.undo(state, args),
            _ => Ok(()),
        }
    }

    /// [`Aggregate::merge`] for states as a store keeps them.
    fn merge_kept(&self, kept: &mut [OwnedValue], others: &[OwnedValue]) -> Folded {
        match (kept, others) {
            ([state], [other]) => self.merge(state, other),
            _ => Ok(()),
        }
    }

    /// [`Aggregate::result`] of a state as a store keeps it.
    fn result_kept<'a>(&self, kept: &'a [OwnedValue], arena: &'a Arena) -> Value<'a> {
        match kept {
            [state] => self.result(state, arena),
            _ => Value::Null,
        }
    }

    /// The type of a state.
    fn state_type(&self) -> SqlType {
        self.result_type()
    }

    /// The type as which a changelog holds the state: what the state really is, where ksqlDB's own
    /// type, by which formats are refused, is another.
    fn written_type(&self) -> SqlType {
        self.state_type()
    }

    /// The type of the result.
    fn result_type(&self) -> SqlType;
}
