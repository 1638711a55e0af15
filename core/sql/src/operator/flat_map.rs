//! Table functions of SELECT: several records from one.
//!
//! - a record: one for each row of the longest function, the others padded with nulls; none where
//!   all of them are null, empty or fail
//! - a record with a null value: is dropped
//! - a late record: like any other

#[cfg(test)]
mod tests;

use crate::expression::TableCall;
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure};
use crate::value::Value;
use headwater_base::trace::Rejection;

/// Calls table functions; their values stand in slots behind the record's own.
#[derive(Clone, Debug)]
pub struct FlatMap {
    /// The calls, one a slot.
    pub calls: Vec<TableCall>,
}

impl FlatMap {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        if !change.present {
            cx.rejected(node.station, Rejection::NullValue);
            return Ok(());
        }
        let context: &crate::expression::EvalContext<'b> = &cx.eval;
        let rows = |call: &'b TableCall| call.rows(change.row, context);
        let columns: Vec<&'b [Value<'b>]> = self.calls.iter().map(rows).collect();
        let count = columns.iter().map(|rows| rows.len()).max().unwrap_or(0);
        if count == 0 {
            cx.rejected(node.station, Rejection::Predicate);
            return Ok(());
        }
        cx.passed(node.station);
        let width = change.row.len();
        for at in 0..count {
            let slots: &'b mut [Value<'b>] = cx.eval.arena.slots(width + columns.len());
            slots[..width].copy_from_slice(change.row);
            for (slot, rows) in slots[width..].iter_mut().zip(&columns) {
                *slot = rows.get(at).copied().unwrap_or_default();
            }
            cx.forward(node.next, change.with_row(slots, None))?;
        }
        Ok(())
    }
}
