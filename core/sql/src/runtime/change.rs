//! What travels between operators: one change of a stream or a table.

use crate::value::Value;
use headwater_log::Headers;

/// The bounds of a window, in milliseconds; the end is excluded, but for sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bounds {
    /// Where it begins.
    pub start: i64,
    /// Where it ends.
    pub end: i64,
}

/// One change: a record of a stream, or a new row (or none) for a key of a table.
///
/// All slots of the relation are in `row`: key columns, value columns, then the pseudo columns.
/// Where `present` is false only the key columns and the window bounds mean anything: a stream's
/// record has a null value, a table's row is deleted.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    /// The slots.
    pub row: &'a [Value<'a>],
    /// Whether there is a value.
    pub present: bool,
    /// The row that this one takes the place of; only for tables, and only where the plan asks.
    pub old: Option<&'a [Value<'a>]>,
    /// The record time.
    pub time: i64,
    /// The window that is part of the key.
    pub window: Option<Bounds>,
    /// The headers of the record that caused it.
    pub headers: Headers<'a>,
}

impl<'a> Change<'a> {
    /// The same change with other slots.
    pub fn with_row(self, row: &'a [Value<'a>], old: Option<&'a [Value<'a>]>) -> Change<'a> {
        Change { row, old, ..self }
    }
}
