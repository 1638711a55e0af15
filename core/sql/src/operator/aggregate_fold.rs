//! One change of one group: its states here and in the changelog, and its new row.
//!
//! When a group changes, and in which windows, is decided in `aggregate`.

use super::AggregateStream;
use super::aggregate::{Arguments, fill_bounds, write_window};
use crate::plan::Node;
use crate::runtime::{Bounds, Change, Context, Failure};
use crate::state::{Store, StoreState, Stored};
use crate::value::Value;
use headwater_base::{TraceDetail, digest};
use std::sync::Arc;

/// One change of one group, whose key takes `keys` slots.
#[derive(Clone, Copy)]
struct Updating<'b> {
    node: &'b Node,
    time: i64,
    keys: usize,
    arguments: Arguments<'b>,
    window: Option<Bounds>,
    /// Whether the changelog waits for a commit.
    is_cached: bool,
}

/// What became of the group.
struct Updated<'b> {
    old: Option<&'b [Value<'b>]>,
    time: i64,
}

impl AggregateStream {
    /// Folds one record into the group whose key is in the buffer, and sends the group's row on.
    pub(super) fn fold<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: &Change<'b>,
        keys: &'b [Value<'b>],
        arguments: Arguments<'b>,
        window: Option<Bounds>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let arena = cx.eval.arena;
        let bounds = if window.is_some() { 2 } else { 0 };
        let row: &'b mut [Value<'b>] = arena.slots(keys.len() + self.calls.len() + bounds);
        row[..keys.len()].copy_from_slice(keys);
        fill_bounds(row, window);
        let updating = Updating {
            node,
            time: change.time,
            keys: keys.len(),
            arguments,
            window,
            is_cached: cx.cache.is_some() && self.final_interval_millis.is_none(),
        };
        let is_cached = updating.is_cached;
        let before = match is_cached {
            true => self.stored(cx, window),
            false => None,
        };
        let Some(updated) = self.update(cx, updating, row)? else {
            return Ok(());
        };
        let row: &'b [Value<'b>] = row;
        let change = Change {
            row,
            present: true,
            old: updated.old,
            time: updated.time,
            window,
            ..*change
        };
        cx.passed(node.station);
        if is_cached {
            cx.put_off(self.store, window, before, &change);
            return Ok(());
        }
        match self.final_interval_millis {
            Some(_) => Ok(()),
            None => cx.forward(node.next, change),
        }
    }

    /// Changes the group's states, here and in the changelog, and puts their results into `row`;
    /// `None` where there is no group.
    fn update<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        updating: Updating<'b>,
        row: &mut [Value<'b>],
    ) -> Result<Option<Updated<'b>>, Failure>
    where
        'r: 'b,
    {
        let Updating {
            arguments, window, ..
        } = updating;
        let (arena, input, query) = (cx.eval.arena, cx.input, cx.query);
        let place = cx.place;
        let (stores, mut changelogs) = cx.split();
        let store: &mut Store = match (stores.get_mut(self.store), window) {
            (Some(StoreState::Keyed(store)), None) => store,
            (Some(StoreState::Windowed(store)), Some(window)) => store.window_mut(window.start),
            _ => return Ok(None),
        };
        let key = changelogs.buffers.key.as_slice();
        let mut is_new = false;
        let found = match arguments.entering {
            Some(_) => Some(store.get_or_put(key, || {
                is_new = true;
                self.empty(key, updating.time, input)
            })),
            // A row that was in no group cannot leave it.
            None => store.get_mut(key),
        };
        let Some(stored) = found else {
            return Ok(None);
        };
        let mut old: Option<&'b [Value<'b>]> = None;
        if !is_new {
            if self.emits_old {
                let slots: &'b mut [Value<'b>] = arena.slots(row.len());
                slots.copy_from_slice(row);
                self.results(&stored.values, arena, &mut slots[updating.keys..]);
                old = Some(slots);
            }
            self.undo(&mut stored.values, arguments.leaving)?;
        }
        stored.time = stored.time.max(updating.time);
        stored.cause = input;
        self.add(&mut stored.values, arguments.entering, place)?;
        self.results(&stored.values, arena, &mut row[updating.keys..]);
        changelogs.buffers.value.clear();
        self.write_states(&stored.values, arena, &mut changelogs.buffers.value);
        let key_len = changelogs.buffers.key.len();
        write_window(&mut changelogs.buffers.key, window);
        changelogs.note_key(|key| TraceDetail::StateUpdated {
            query,
            station: updating.node.station,
            key: digest::bytes(key),
            deleted: false,
        });
        if !updating.is_cached {
            let offset = changelogs.send(self.changelog, true, stored.time);
            stored.changelog = offset.or(stored.changelog);
        }
        changelogs.buffers.key.truncate(key_len);
        let time = stored.time;
        Ok(Some(Updated { old, time }))
    }

    /// The group whose key is in the buffer.
    fn stored(&self, cx: &Context<'_>, window: Option<Bounds>) -> Option<Arc<Stored>> {
        let key = cx.buffers.key.as_slice();
        match (cx.stores.get(self.store)?, window) {
            (StoreState::Keyed(store), None) => store.get(key).cloned(),
            (StoreState::Windowed(store), Some(window)) => {
                store.window(window.start)?.get(key).cloned()
            }
            _ => None,
        }
    }
}
