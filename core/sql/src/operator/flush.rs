//! What operators with a record cache send on when it is their store's turn: for each entry that
//! has changed, one record to the changelog and one change, from the row as it was last sent on to
//! the row as it is now.
//!
//! An entry that came and went meanwhile leaves nothing. Stores of stream-stream joins and those of
//! EMIT FINAL hold nothing back, as in Kafka Streams.

use super::joined::write_value;
use super::{AggregateSession, AggregateStream, Materialize, Operator};
use crate::arena::Arena;
use crate::format::{Codec, ColumnSet};
use crate::plan::Node;
use crate::runtime::{CacheKey, Change, Context, Dirty, Failure};
use crate::state::{StoreState, Stored};
use crate::value::Value;
use std::sync::Arc;

impl Operator {
    /// Sends on an entry of the operator's store.
    pub(crate) fn flush<'r>(
        &'r self,
        cx: &mut Context<'r>,
        node: &'r Node,
        key: &CacheKey,
        dirty: &Dirty,
    ) -> Result<(), Failure> {
        match self {
            Operator::Materialize(it) => it.flush(cx, node, key, dirty),
            Operator::AggregateStream(it) => it.flush(cx, node, key, dirty),
            Operator::AggregateSession(it) => it.flush(cx, node, key, dirty),
            _ => Ok(()),
        }
    }
}

/// The key's columns.
fn decoded<'a>(arena: &'a Arena, codec: &Codec, key: &[u8]) -> &'a [Value<'a>] {
    let slots = arena.slots(codec.columns().len());
    let wanted = ColumnSet::all(slots.len());
    // What the codec has written it can read.
    let _ = codec.decode(Some(arena.bytes(key)), arena, &wanted, slots);
    slots
}

fn borrowed<'a>(arena: &'a Arena, stored: &'a Stored) -> &'a [Value<'a>] {
    let slots = arena.slots(stored.values.len());
    for (slot, value) in slots.iter_mut().zip(&stored.values) {
        *slot = value.borrow(arena);
    }
    slots
}

impl Materialize {
    fn flush(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        key: &CacheKey,
        dirty: &Dirty,
    ) -> Result<(), Failure> {
        let current = match cx.stores.get(self.store) {
            Some(StoreState::Keyed(store)) => store.get(&key.key).cloned(),
            _ => None,
        };
        if current.is_none() && dirty.before.is_none() {
            return Ok(());
        }
        let arena = cx.eval.arena;
        let time = current.as_ref().map_or(dirty.time, |stored| stored.time);
        let keys = self.key.columns().len();
        cx.buffers.value.clear();
        let row: &[Value<'_>] = match &current {
            Some(stored) => {
                let row = borrowed(arena, stored);
                let values = row.get(keys..keys + self.value.columns().len());
                write_value(cx, &self.value, values.unwrap_or_default())?;
                row
            }
            None => {
                let width = dirty.before.as_ref().map_or(keys, |it| it.values.len());
                let row = arena.slots(width.max(keys));
                row[..keys].copy_from_slice(decoded(arena, &self.key, &key.key));
                row
            }
        };
        cx.buffers.key.clear();
        cx.buffers.key.extend_from_slice(&key.key);
        let offset = cx.send_changelog(self.changelog, current.is_some(), time);
        if let (Some(StoreState::Keyed(store)), Some(offset)) =
            (cx.stores.get_mut(self.store), offset)
            && let Some(stored) = store.get_mut(&key.key)
        {
            stored.changelog = Some(offset);
        }
        let before = dirty.before.as_ref().filter(|_| self.emits_old);
        let change = Change {
            row,
            present: current.is_some(),
            old: before.map(|before| borrowed(arena, before)),
            time,
            window: None,
            headers: dirty.headers.as_headers(),
        };
        cx.forward(node.next, change)
    }
}

impl AggregateStream {
    fn flush<'r>(
        &'r self,
        cx: &mut Context<'r>,
        node: &'r Node,
        key: &CacheKey,
        dirty: &Dirty,
    ) -> Result<(), Failure> {
        let current = match (cx.stores.get(self.store), key.window) {
            (Some(StoreState::Keyed(store)), None) => store.get(&key.key).cloned(),
            (Some(StoreState::Windowed(store)), Some(window)) => store
                .window(window.start)
                .and_then(|rows| rows.get(&key.key))
                .cloned(),
            _ => None,
        };
        // Nothing is deleted from groups: a window that is gone was taken by retention.
        let Some(current) = current else {
            return Ok(());
        };
        cx.buffers.key.clear();
        cx.buffers.key.extend_from_slice(&key.key);
        cx.buffers.value.clear();
        self.write_states(&current.values, cx.eval.arena, &mut cx.buffers.value);
        self.log(cx, current.time, key.window);
        self.send_on(cx, node, key, dirty, Some(current))
    }

    /// Sends on the change of a group, or of a session.
    fn send_on<'r>(
        &'r self,
        cx: &mut Context<'r>,
        node: &'r Node,
        key: &CacheKey,
        dirty: &Dirty,
        current: Option<Arc<Stored>>,
    ) -> Result<(), Failure> {
        let keys = decoded(cx.eval.arena, &self.key, &key.key);
        let states = current.as_ref().map_or(&[][..], |stored| &stored.values);
        let row = self.row(cx, keys, states, key.window);
        let before = dirty.before.as_ref().filter(|_| self.emits_old);
        let change = Change {
            row,
            present: current.is_some(),
            old: before.map(|before| self.row(cx, keys, &before.values, key.window)),
            time: current.as_ref().map_or(dirty.time, |stored| stored.time),
            window: key.window,
            headers: dirty.headers.as_headers(),
        };
        cx.forward(node.next, change)
    }
}

impl AggregateSession {
    fn flush<'r>(
        &'r self,
        cx: &mut Context<'r>,
        node: &'r Node,
        key: &CacheKey,
        dirty: &Dirty,
    ) -> Result<(), Failure> {
        let Some(bounds) = key.window else {
            return Ok(());
        };
        let current = match cx.stores.get(self.fold.store) {
            Some(StoreState::Sessions(store)) => store.get(&key.key, bounds),
            _ => None,
        };
        if current.is_none() && dirty.before.is_none() {
            return Ok(());
        }
        let states = current.as_ref().map(|stored| stored.values.as_slice());
        self.log(cx, &key.key, bounds, states);
        self.fold.send_on(cx, node, key, dirty, current)
    }
}
