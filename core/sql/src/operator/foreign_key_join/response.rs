//! The left task's last part: an answer becomes a joined row, if it is still about the row there.
//!
//! - an answer with a row: the left row joined with it
//! - an answer without a row: LEFT pads with nulls, INNER emits a delete
//! - an answer about a left row that is deleted: a delete
//! - an answer to an earlier left row, or a later one: nothing, for another answer is on its way
//! - a late answer: like any other; its time is the joined row's
//!
//! What goes on does not know the row before; a `Materialize` behind it does.

use super::super::joined::{Half, joined, write_key};
use super::wire::Answer;
use super::{ForeignKeyResponse, row_hash};
use crate::format::ColumnSet;
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure, ProcessingErrorKind};
use crate::state::{StoreState, Stored};
use crate::value::Value;
use headwater_base::trace::Rejection;
use std::sync::Arc;

impl ForeignKeyResponse {
    pub(in super::super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let keys = self.primary.columns().len().min(change.row.len());
        let (key, rest) = change.row.split_at(keys);
        let answer = match rest.first() {
            Some(Value::Bytes(bytes)) if change.present => Answer::read(bytes),
            _ => None,
        };
        let Some(answer) = answer else {
            return unreadable(
                cx,
                node,
                "This is no answer of a foreign-key join.".to_owned(),
            );
        };
        let left = self.left_row(cx, key)?;
        let hash = match &left {
            Some(stored) => Some(self.hash(cx, stored)?),
            None => None,
        };
        if hash != answer.hash {
            cx.rejected(node.station, Rejection::NoMatch);
            return Ok(());
        }
        cx.passed(node.station);
        let arena = cx.eval.arena;
        let right: &'b mut [Value<'b>] = arena.slots(self.right_slots);
        if let Some(bytes) = answer.row {
            let carried: &'b mut [Value<'b>] = arena.slots(self.carried.len());
            let wanted = ColumnSet::all(carried.len());
            let read = self
                .carried_value
                .decode(Some(bytes), arena, &wanted, carried);
            if let Err(error) = read {
                return unreadable(cx, node, error.to_string());
            }
            for (slot, value) in self.carried.iter().zip(carried) {
                if let Some(to) = right.get_mut(*slot) {
                    *to = *value;
                }
            }
        }
        let Some(left) = left else {
            return self.forward(cx, node, &change, (key, false));
        };
        if answer.row.is_none() && !self.left_outer {
            return self.forward(cx, node, &change, (key, false));
        }
        let halves = (Half::Stored(&left.values), Half::Slots(right));
        let slots = (self.left_slots, self.right_slots);
        let row = joined(arena, halves, slots, Value::Null);
        let foreign_key = cx.value_or_null(&self.foreign_key, row);
        let row = joined(arena, halves, slots, foreign_key);
        self.forward(cx, node, &change, (row, true))
    }

    fn forward<'r, 'b>(
        &self,
        cx: &mut Context<'r>,
        node: &Node,
        change: &Change<'b>,
        (row, present): (&'b [Value<'b>], bool),
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let arena = cx.eval.arena;
        let slots = (self.left_slots, self.right_slots);
        let row = match present {
            true => row,
            false => joined(arena, (Half::Slots(row), Half::Nothing), slots, Value::Null),
        };
        let change = Change {
            row,
            present,
            old: None,
            window: None,
            ..*change
        };
        cx.forward(node.next, change)
    }

    fn left_row(
        &self,
        cx: &mut Context<'_>,
        key: &[Value<'_>],
    ) -> Result<Option<Arc<Stored>>, Failure> {
        write_key(cx, &self.primary, key)?;
        Ok(match cx.stores.get(self.store) {
            Some(StoreState::Keyed(store)) => store.get(&cx.buffers.key).cloned(),
            _ => None,
        })
    }

    fn hash(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<[u64; 2], Failure> {
        let arena = cx.eval.arena;
        let row = arena.slots(stored.values.len());
        for (slot, value) in row.iter_mut().zip(&stored.values) {
            *slot = value.borrow(arena).copied_to(arena);
        }
        row_hash(cx, &self.primary, &self.value, row)
    }
}

fn unreadable(cx: &mut Context<'_>, node: &Node, message: String) -> Result<(), Failure> {
    cx.error(ProcessingErrorKind::Deserialization, message);
    cx.rejected(node.station, Rejection::Unreadable);
    Ok(())
}
