//! GROUP BY over a stream, with or without TUMBLING or HOPPING windows, and over a table's changes.
//!
//! - a record: enters its group (in each window that holds its time, by ascending start) and the
//!   group's new row goes on, one change a window
//! - a record with a null value, or with a null in its grouping: is dropped
//! - a late record, when the window's end and its grace lie before stream time: is dropped for
//!   that window; stream time is the highest record time seen here, this record's included
//! - a change of a table: the old row leaves the group, the new one enters it, one change goes on
//! - an aggregate that fails stops the query, as in ksqlDB
//!
//! The time of a group's row is the latest of its records'. Nothing is ever deleted here.

#[cfg(test)]
mod tests;

use super::Windows;
use crate::arena::Arena;
use crate::expression::Expression;
use crate::format::Codec;
use crate::function::{Aggregate, AggregateError, Folded};
use crate::plan::Node;
use crate::runtime::{Bounds, Change, Context, Failure, ProcessingErrorKind};
use crate::state::{Store, StoreState, Stored, StoredRow};
use crate::value::{OwnedValue, Value};
use headwater_base::trace::Rejection;
use std::sync::Arc;

/// Folds records into groups.
#[derive(Clone, Debug)]
pub struct AggregateStream {
    /// The store, an index into the sub-topology's.
    pub store: usize,
    /// The store's changelog, an index into the plan's topics.
    pub changelog: usize,
    /// The slots of the grouping.
    pub keys: Vec<usize>,
    /// Writes the grouping as the store's keys.
    pub key: Codec,
    /// The aggregates.
    pub calls: Vec<AggregateCall>,
    /// Writes their states, for the changelog.
    pub state: Codec,
    /// The windows, if there are any.
    pub windows: Option<Windows>,
    /// Whether what follows wants to know the row before.
    pub emits_old: bool,
    /// With EMIT FINAL, how often closed windows are looked for; then nothing else goes on.
    pub final_interval_millis: Option<i64>,
}

/// One aggregate of a query.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// What folds.
    pub aggregate: Arc<dyn Aggregate>,
    /// What it folds.
    pub arguments: Vec<Expression>,
}

/// The arguments of all calls at the row that leaves a group and at the one that enters it.
#[derive(Clone, Copy)]
pub(super) struct Arguments<'b> {
    pub(super) leaving: Option<&'b [Value<'b>]>,
    pub(super) entering: Option<&'b [Value<'b>]>,
}

type Done = Result<(), Failure>;

impl AggregateStream {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        if !change.present && change.old.is_none() {
            cx.rejected(node.station, Rejection::NullValue);
            return Ok(());
        }
        let Some(keys) = self.group(cx, node, &change)? else {
            return Ok(());
        };
        let arguments = Arguments {
            leaving: change.old.map(|old| self.arguments(cx, old)),
            entering: change.present.then(|| self.arguments(cx, change.row)),
        };
        let key_len = cx.buffers.key.len();
        let Some(windows) = self.windows else {
            return self.fold(cx, node, &change, keys, arguments, None);
        };
        let stream_time = match cx.stores.get_mut(self.store) {
            Some(StoreState::Windowed(store)) => {
                let newest = windows.holding(change.time).last();
                store.advance(change.time, newest.map_or(i64::MIN, |window| window.start));
                store.stream_time
            }
            _ => return Ok(()),
        };
        for window in windows.holding(change.time) {
            if window.end.saturating_add(windows.grace) <= stream_time {
                cx.rejected(node.station, Rejection::Late);
                continue;
            }
            cx.buffers.key.truncate(key_len);
            self.fold(cx, node, &change, keys, arguments, Some(window))?;
        }
        self.emit_closed(cx, node)
    }

    /// The grouping's values, and its key in the buffer; `None` where the row is in no group.
    pub(super) fn group<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: &Change<'b>,
    ) -> Result<Option<&'b [Value<'b>]>, Failure>
    where
        'r: 'b,
    {
        let keys: &'b mut [Value<'b>] = cx.eval.arena.slots(self.keys.len());
        for (key, slot) in keys.iter_mut().zip(&self.keys) {
            *key = change.row.get(*slot).copied().unwrap_or_default();
        }
        if keys.iter().any(Value::is_null) {
            cx.rejected(node.station, Rejection::NullKey);
            return Ok(None);
        }
        cx.buffers.key.clear();
        if let Err(error) = self.key.encode(keys, &mut cx.buffers.key) {
            cx.error(ProcessingErrorKind::Serialization, error.to_string());
            return Err(Failure {
                message: error.to_string(),
            });
        }
        Ok(Some(keys))
    }

    /// A row of the result: the grouping, what the states stand for, the window's bounds.
    pub(super) fn row<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        keys: &'b [Value<'b>],
        states: &[OwnedValue],
        window: Option<Bounds>,
    ) -> &'b [Value<'b>]
    where
        'r: 'b,
    {
        let bounds = if window.is_some() { 2 } else { 0 };
        let arena = cx.eval.arena;
        let row: &'b mut [Value<'b>] = arena.slots(keys.len() + self.calls.len() + bounds);
        row[..keys.len()].copy_from_slice(keys);
        self.results(states, arena, &mut row[keys.len()..]);
        fill_bounds(row, window);
        row
    }

    /// The arguments of all calls, one after the other.
    pub(super) fn arguments<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        row: &'b [Value<'b>],
    ) -> &'b [Value<'b>]
    where
        'r: 'b,
    {
        let count = self.calls.iter().map(|call| call.arguments.len()).sum();
        let slots: &'b mut [Value<'b>] = cx.eval.arena.slots(count);
        let expressions = self.calls.iter().flat_map(|call| &call.arguments);
        for (slot, expression) in slots.iter_mut().zip(expressions) {
            *slot = cx.value_or_null(expression, row);
        }
        slots
    }

    /// The arguments of all calls, one after the other, enter the states.
    pub(super) fn add(
        &self,
        states: &mut [OwnedValue],
        arguments: Option<&[Value<'_>]>,
        place: u64,
    ) -> Done {
        self.each(states, arguments, |call, state, own| {
            call.aggregate.add_kept(state, own, place)
        })
    }

    /// The same leave the states.
    pub(super) fn undo(&self, states: &mut [OwnedValue], arguments: Option<&[Value<'_>]>) -> Done {
        self.each(states, arguments, |call, state, own| {
            call.aggregate.undo_kept(state, own)
        })
    }

    fn each(
        &self,
        states: &mut [OwnedValue],
        arguments: Option<&[Value<'_>]>,
        change: impl Fn(&AggregateCall, &mut [OwnedValue], &[Value<'_>]) -> Folded,
    ) -> Done {
        let Some(mut arguments) = arguments else {
            return Ok(());
        };
        let mut behind = states;
        for call in &self.calls {
            let width = call.aggregate.width().min(behind.len());
            let (state, others) = std::mem::take(&mut behind).split_at_mut(width);
            behind = others;
            let (own, rest) = arguments.split_at(call.arguments.len().min(arguments.len()));
            arguments = rest;
            change(call, state, own).map_err(stopped)?;
        }
        Ok(())
    }

    /// The states as the changelog has them.
    pub(super) fn write_states<'s>(
        &self,
        states: &'s [OwnedValue],
        arena: &'s Arena,
        out: &mut Vec<u8>,
    ) {
        let slots: &'s mut [Value<'s>] = arena.slots(self.calls.len());
        for (slot, (_, state)) in slots.iter_mut().zip(self.kept(states)) {
            *slot = match state {
                [state] => state.borrow(arena),
                fields => {
                    let inner = arena.slots(fields.len());
                    for (slot, field) in inner.iter_mut().zip(fields) {
                        *slot = field.borrow(arena);
                    }
                    Value::Struct(inner)
                }
            };
        }
        // A state that its format cannot write leaves the changelog alone; the store has it.
        let _ = self.state.encode(slots, out);
    }

    /// The calls, each with its part of what a store keeps.
    fn kept<'s>(
        &self,
        mut behind: &'s [OwnedValue],
    ) -> impl Iterator<Item = (&AggregateCall, &'s [OwnedValue])> {
        self.calls.iter().map_while(move |call| {
            let (state, others) = behind.split_at_checked(call.aggregate.width())?;
            behind = others;
            Some((call, state))
        })
    }

    /// States, one a call, as a store keeps them.
    pub(super) fn keep(&self, states: impl IntoIterator<Item = OwnedValue>) -> StoredRow {
        let mut kept = StoredRow::new();
        for (call, state) in self.calls.iter().zip(states) {
            call.aggregate.keep(state, &mut kept);
        }
        kept
    }

    /// The states of a group without records, as a store keeps them.
    pub(super) fn initial(&self) -> StoredRow {
        self.keep(self.calls.iter().map(|call| call.aggregate.initial()))
    }

    /// The states of another group enter these.
    pub(super) fn merge(&self, states: &mut [OwnedValue], others: &[OwnedValue]) -> Done {
        let mut behind = states;
        for (call, other) in self.kept(others) {
            let width = other.len().min(behind.len());
            let (state, next) = std::mem::take(&mut behind).split_at_mut(width);
            behind = next;
            call.aggregate.merge_kept(state, other).map_err(stopped)?;
        }
        Ok(())
    }

    pub(super) fn empty(&self, key: &[u8], time: i64, cause: headwater_base::RecordId) -> Stored {
        Stored {
            key: key.into(),
            values: self.initial(),
            time,
            cause,
            changelog: None,
        }
    }

    pub(super) fn results<'b>(
        &self,
        states: &[OwnedValue],
        arena: &'b Arena,
        slots: &mut [Value<'b>],
    ) {
        for ((call, state), slot) in self.kept(states).zip(slots) {
            *slot = call.aggregate.result_kept(state, arena).copied_to(arena);
        }
    }

    /// Appends the state in the buffers to the changelog; windowed keys as Kafka's window stores
    /// write them: key, window start, and a sequence number that is always zero.
    pub(super) fn log(&self, cx: &mut Context<'_>, time: i64, window: Option<Bounds>) {
        let key_len = cx.buffers.key.len();
        write_window(&mut cx.buffers.key, window);
        let offset = cx.send_changelog(self.changelog, true, time);
        cx.buffers.key.truncate(key_len);
        let store: Option<&mut Store> = match (cx.stores.get_mut(self.store), window) {
            (Some(StoreState::Keyed(store)), None) => Some(store),
            (Some(StoreState::Windowed(store)), Some(window)) => {
                Some(store.window_mut(window.start))
            }
            _ => None,
        };
        if let (Some(offset), Some(store)) = (offset, store)
            && let Some(stored) = store.get_mut(&cx.buffers.key)
        {
            stored.changelog = Some(offset);
        }
    }
}

/// What ends a query whose aggregate cannot go on.
fn stopped(error: AggregateError) -> Failure {
    Failure {
        message: format!("Exception caught in process. {error}"),
    }
}

/// Makes a serialised key one of a window store.
pub(super) fn write_window(key: &mut Vec<u8>, window: Option<Bounds>) {
    if let Some(window) = window {
        key.extend_from_slice(&window.start.to_be_bytes());
        key.extend_from_slice(&[0; 4]);
    }
}

/// Writes the window's bounds into the last two slots.
pub(super) fn fill_bounds(row: &mut [Value<'_>], window: Option<Bounds>) {
    if let (Some(window), Some(last)) = (window, row.last_chunk_mut::<2>()) {
        *last = [Value::BigInt(window.start), Value::BigInt(window.end)];
    }
}
