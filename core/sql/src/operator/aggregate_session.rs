//! GROUP BY over a stream in SESSION windows.
//!
//! - a record: all sessions of its group within the gap become one with it; for each of them a
//!   delete with its old bounds goes on, then the new session
//! - a record at exactly the time of a session of one moment: an update, without a delete
//! - a record with a null value, or with a null in its grouping: is dropped
//! - a late record, when the session it would make ended before stream time less grace and gap: is
//!   dropped
//!
//! The time of a session's row is its end, and so is that of its delete.

#[cfg(test)]
mod tests;

use super::{AggregateStream, Entry};
use crate::plan::Node;
use crate::runtime::{Bounds, Change, Context, Failure};
use crate::state::{Session, SessionStore, StoreState, Stored, StoredRow};
use crate::value::{OwnedValue, Value};
use headwater_base::trace::Rejection;
use headwater_base::{TraceDetail, digest};
use std::sync::Arc;

/// Folds records into sessions.
#[derive(Clone, Debug)]
pub struct AggregateSession {
    /// The grouping and the aggregates; without windows of its own.
    pub fold: AggregateStream,
    /// How far apart two records of one session may be, in milliseconds.
    pub gap: i64,
    /// How long a session takes records after the gap behind it.
    pub grace: i64,
}

impl AggregateSession {
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
        let Some(keys) = self.fold.group(cx, node, &change)? else {
            return Ok(());
        };
        let key = cx.buffers.key.clone();
        let arguments = self.fold.arguments(cx, change.row);
        let moment = Bounds {
            start: change.time,
            end: change.time,
        };
        let around = Bounds {
            start: change.time.saturating_sub(self.gap),
            end: change.time.saturating_add(self.gap),
        };
        let Some(store) = self.store(cx) else {
            return Ok(());
        };
        store.advance(change.time);
        let closed = store
            .stream_time
            .saturating_sub(self.grace)
            .saturating_sub(self.gap);
        let found = store.overlapping(&key, around);
        let merged = found.iter().fold(moment, |merged, session| Bounds {
            start: merged.start.min(session.bounds.start),
            end: merged.end.max(session.bounds.end),
        });
        if merged.end < closed {
            cx.rejected(node.station, Rejection::Late);
            return Ok(());
        }
        let mut states = self.merged(&found)?;
        let place = cx.place;
        self.fold.add(&mut states, Some(arguments), place)?;
        cx.passed(node.station);
        if merged != moment {
            for session in &found {
                self.end(cx, node, &change, keys, session)?;
            }
        }
        self.begin(cx, node, &change, keys, (key, merged, states))?;
        self.emit_closed(cx, node)
    }

    fn store<'c>(&self, cx: &'c mut Context<'_>) -> Option<&'c mut SessionStore> {
        match cx.stores.get_mut(self.fold.store) {
            Some(StoreState::Sessions(store)) => Some(store),
            _ => None,
        }
    }

    /// The states of all sessions as one.
    fn merged(&self, sessions: &[Session]) -> Result<StoredRow, Failure> {
        let mut states = self.fold.initial();
        for session in sessions {
            self.fold.merge(&mut states, &session.stored.values)?;
        }
        Ok(states)
    }

    /// A session that becomes part of another is deleted under its old bounds.
    fn end<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: &Change<'b>,
        keys: &'b [Value<'b>],
        session: &Session,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        if let Some(store) = self.store(cx) {
            store.remove(&session.stored.key, session.bounds.start);
        }
        self.note(cx, node, &session.stored.key, session.bounds, true);
        if self.puts_off(
            cx,
            &session.stored.key,
            (session.bounds, 0),
            change,
            Some(session.stored.clone()),
        ) {
            return Ok(());
        }
        self.log(cx, &session.stored.key, session.bounds, None);
        if self.fold.final_interval_millis.is_some() {
            return Ok(());
        }
        let row = self.fold.row(cx, keys, &[], Some(session.bounds));
        let values = &session.stored.values;
        let old = self.fold.emits_old;
        let old = old.then(|| self.fold.row(cx, keys, values, Some(session.bounds)));
        let time = session.bounds.end;
        let window = Some(session.bounds);
        cx.forward(
            node.next,
            Change {
                row,
                present: false,
                old,
                time,
                window,
                ..*change
            },
        )
    }

    /// The new session goes on.
    fn begin<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: &Change<'b>,
        keys: &'b [Value<'b>],
        (key, bounds, states): (Vec<u8>, Bounds, StoredRow),
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        self.note(cx, node, &key, bounds, false);
        // A session of one moment is updated in place: it may have been sent on.
        let before = self.store(cx).and_then(|store| store.get(&key, bounds));
        let is_cached = self.puts_off(cx, &key, (bounds, self.fold.calls.len()), change, before);
        let changelog = match is_cached {
            true => None,
            false => self.log(cx, &key, bounds, Some(&states)),
        };
        let row = self.fold.row(cx, keys, &states, Some(bounds));
        let stored = Stored {
            key: key.into(),
            values: states,
            time: bounds.end,
            cause: cx.input,
            changelog,
        };
        if let Some(store) = self.store(cx) {
            store.put(Session {
                bounds,
                stored: Arc::new(stored),
            });
        }
        if is_cached || self.fold.final_interval_millis.is_some() {
            return Ok(());
        }
        let (time, window) = (bounds.end, Some(bounds));
        cx.forward(
            node.next,
            Change {
                row,
                present: true,
                old: None,
                time,
                window,
                ..*change
            },
        )
    }

    /// Leaves a session to the record cache, if there is one that may hold it back.
    fn puts_off(
        &self,
        cx: &mut Context<'_>,
        key: &[u8],
        (bounds, values): (Bounds, usize),
        change: &Change<'_>,
        before: Option<Arc<Stored>>,
    ) -> bool {
        if self.fold.final_interval_millis.is_some() || cx.cache.is_none() {
            return false;
        }
        cx.buffers.key.clear();
        cx.buffers.key.extend_from_slice(key);
        cx.buffers.value.clear();
        cx.buffers.value.resize(values * size_of::<i64>(), 0);
        let change = Change {
            time: bounds.end,
            ..*change
        };
        cx.put_off(self.fold.store, Some(bounds), before, &change)
    }

    fn note(&self, cx: &mut Context<'_>, node: &Node, key: &[u8], bounds: Bounds, deleted: bool) {
        write_key(&mut cx.buffers.key, key, bounds);
        cx.note(TraceDetail::StateUpdated {
            query: cx.query,
            station: node.station,
            key: digest::bytes(&cx.buffers.key),
            deleted,
        });
    }

    /// Appends to the changelog as Kafka's session stores do: key, end, start.
    pub(super) fn log(
        &self,
        cx: &mut Context<'_>,
        key: &[u8],
        bounds: Bounds,
        states: Option<&[OwnedValue]>,
    ) -> Option<u64> {
        write_key(&mut cx.buffers.key, key, bounds);
        cx.buffers.value.clear();
        if let Some(states) = states {
            self.fold
                .write_states(states, cx.eval.arena, &mut cx.buffers.value);
        }
        cx.send_changelog(self.fold.changelog, states.is_some(), bounds.end)
    }

    pub(super) fn entries(&self, stores: &[StoreState]) -> Vec<Entry> {
        let Some(StoreState::Sessions(store)) = stores.get(self.fold.store) else {
            return Vec::new();
        };
        let entry = |session: &Session| Entry {
            stored: session.stored.clone(),
            window: Some(session.bounds),
        };
        store.iter().map(entry).collect()
    }
}

/// The key of a session store: key, end, start.
fn write_key(out: &mut Vec<u8>, key: &[u8], bounds: Bounds) {
    out.clear();
    out.extend_from_slice(key);
    out.extend_from_slice(&bounds.end.to_be_bytes());
    out.extend_from_slice(&bounds.start.to_be_bytes());
}
