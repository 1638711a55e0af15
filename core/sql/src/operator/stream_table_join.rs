//! A stream looks into a table as the table is now: INNER and LEFT JOIN.
//!
//! - a stream record whose key is in the table: both rows side by side
//! - one whose key is not there, or is null: INNER drops it, LEFT pads the table's side with nulls
//! - a stream record with a null value: is dropped
//! - a change of the table: is stored by the operator before, and emits nothing
//! - a late record: like any other; it meets the table as it is now, not as it was then

#[cfg(test)]
mod tests;

use crate::expression::Expression;
use crate::format::Codec;
use crate::plan::{Node, Port};
use crate::runtime::{Change, Context, Failure};
use crate::state::StoreState;
use crate::value::Value;
use headwater_base::trace::Rejection;
use headwater_base::{TraceDetail, digest};

/// Probes a table's store with each record of a stream.
#[derive(Clone, Debug)]
pub struct StreamTableJoin {
    /// The table's store, an index into the sub-topology's.
    pub store: usize,
    /// What of the stream's row is looked for.
    pub probe: Expression,
    /// Writes it as the store's keys are written.
    pub key: Codec,
    /// How many slots a row of the table has.
    pub right_slots: usize,
    /// Whether records without a match go on.
    pub left_outer: bool,
}

impl StreamTableJoin {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        port: Port,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        if port == Port::Right {
            return Ok(());
        }
        if !change.present {
            cx.rejected(node.station, Rejection::NullValue);
            return Ok(());
        }
        let probe = cx.value_or_null(&self.probe, change.row);
        let found = self.look_up(cx, node, probe);
        if found.is_none() && !self.left_outer {
            let reason = if probe.is_null() {
                Rejection::NullKey
            } else {
                Rejection::NoMatch
            };
            cx.rejected(node.station, reason);
            return Ok(());
        }
        cx.passed(node.station);
        let left = change.row.len();
        let slots = cx.eval.arena.slots(left + self.right_slots);
        slots[..left].copy_from_slice(change.row);
        if let Some(row) = &found {
            for (slot, value) in slots[left..].iter_mut().zip(&row.values) {
                *slot = value.borrow(cx.eval.arena);
            }
        }
        cx.forward(
            node.next,
            Change {
                row: slots,
                old: None,
                ..change
            },
        )
    }

    fn look_up(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        probe: Value<'_>,
    ) -> Option<std::sync::Arc<crate::state::Stored>> {
        if probe.is_null() {
            return None;
        }
        cx.buffers.key.clear();
        self.key.encode(&[probe], &mut cx.buffers.key).ok()?;
        let Some(StoreState::Keyed(store)) = cx.stores.get(self.store) else {
            return None;
        };
        let found = store.get(&cx.buffers.key).cloned();
        let (query, key) = (cx.query, cx.buffers.key.as_slice());
        if cx.capture.is_none() && cx.output.traces() {
            cx.output.note(TraceDetail::TableProbed {
                query,
                station: node.station,
                key: digest::bytes(key),
                found: found.is_some(),
            });
        }
        found
    }
}
