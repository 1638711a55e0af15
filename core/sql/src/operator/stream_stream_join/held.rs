//! The waiting room of an outer stream-stream join with GRACE PERIOD: which records wait, and when
//! they go on without a match.
//!
//! A record waits until stream time, of both sides together, is past the last time at which a match
//! could come, its grace included. How often that is looked at is throttled by the clock, so on a
//! clock that stands still nothing that waits ever goes on, as in ksqlDB's own tests.

use super::super::joined::{Half, write_value};
use super::super::sink::split_bounds;
use super::{Arrival, StreamStreamJoin};
use crate::format::ColumnSet;
use crate::plan::{Node, Port};
use crate::runtime::{Change, Context, Failure};
use crate::state::{HeldFor, HeldKey, HeldStore, JoinRow, StoreState};
use crate::value::Value;
use headwater_base::{TraceDetail, digest};
use std::sync::Arc;

impl StreamStreamJoin {
    fn waiting<'c>(&self, cx: &'c mut Context<'_>) -> Option<&'c mut HeldStore> {
        match cx.stores.get_mut(self.held?.store) {
            Some(StoreState::Held(store)) => Some(store),
            _ => None,
        }
    }

    /// How long records of a side wait behind their time.
    fn wait_millis(&self, port: Port) -> i64 {
        self.reach(port).1.saturating_add(self.grace_millis)
    }

    /// Sends on what has waited long enough, if this record moves stream time on.
    pub(super) fn let_go<'r>(
        &self,
        cx: &mut Context<'r>,
        node: &Node,
        arrival: &Arrival<'_>,
    ) -> Result<(), Failure> {
        let (now, time) = (cx.eval.now_millis, arrival.change.time);
        let own_millis = self.wait_millis(arrival.port);
        let wait = HeldFor {
            left_millis: self.wait_millis(Port::Left),
            right_millis: self.wait_millis(Port::Right),
        };
        let interval_millis = self.held.map_or(0, |held| held.interval_millis);
        let Some(store) = self.waiting(cx) else {
            return Ok(());
        };
        store.stream_time = store.stream_time.max(time);
        if time < store.stream_time {
            return Ok(());
        }
        for (key, rows) in store.due((now, interval_millis), own_millis, wait) {
            let port = if key.left { Port::Left } else { Port::Right };
            for row in &*rows {
                self.forward_held(cx, node, arrival, port, (&key, row))?;
            }
            if let Some(store) = self.waiting(cx) {
                store.remove(&key);
            }
            self.log_held(cx, &key, &[])?;
        }
        Ok(())
    }

    fn forward_held(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        arrival: &Arrival<'_>,
        port: Port,
        (key, row): (&HeldKey, &Arc<JoinRow>),
    ) -> Result<(), Failure> {
        let side = self.side(port);
        let bytes = match self.window {
            Some(kind) => split_bounds(&key.key, kind).map_or(&*key.key, |(key, _)| key),
            None => &key.key,
        };
        let arena = cx.eval.arena;
        let slots = arena.slots(side.codec.columns().len());
        let wanted = ColumnSet::all(slots.len());
        // What the codec has written it can read.
        let _ = side
            .codec
            .decode(Some(arena.bytes(bytes)), arena, &wanted, slots);
        let value = slots.first().copied().unwrap_or_default();
        let halves = (Half::Stored(&row.values), Half::Nothing);
        let change = Change {
            row: self.row(arena, port, halves, value),
            present: true,
            old: None,
            time: row.time,
            window: row.window,
            headers: arrival.change.headers,
        };
        cx.forward(node.next, change)
    }

    /// Whether a record without a match waits: not if its time for matches is over already.
    pub(super) fn holds(&self, cx: &mut Context<'_>, arrival: &Arrival<'_>) -> bool {
        let last = arrival
            .change
            .time
            .saturating_add(self.reach(arrival.port).1);
        self.waiting(cx)
            .is_some_and(|store| last.max(0) >= store.stream_time)
    }

    /// Lets a record wait.
    pub(super) fn hold(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        arrival: &Arrival<'_>,
        key: Box<[u8]>,
        row: Arc<JoinRow>,
    ) -> Result<(), Failure> {
        let key = HeldKey {
            time: arrival.change.time,
            left: arrival.port == Port::Left,
            key,
        };
        let Some(store) = self.waiting(cx) else {
            return Ok(());
        };
        store.mark.oldest = store.mark.oldest.min(key.time);
        let rows = store.put(key.clone(), row).to_vec();
        cx.note(TraceDetail::StateUpdated {
            query: cx.query,
            station: node.station,
            key: digest::bytes(&key.key),
            deleted: false,
        });
        self.log_held(cx, &key, &rows)
    }

    /// A record of the other side has found its match and waits no more.
    pub(super) fn release(&self, cx: &mut Context<'_>, port: Port, other: &JoinRow, key: &[u8]) {
        let key = HeldKey {
            time: other.time,
            left: port == Port::Right,
            key: key.into(),
        };
        if self.waiting(cx).is_some_and(|store| store.remove(&key)) {
            // Nothing is written that could not be.
            let _ = self.log_held(cx, &key, &[]);
        }
    }

    /// Appends what waits at a place to the changelog, as Kafka does: time, side and key; a list of
    /// values, each with its side; none at all when nothing waits there.
    fn log_held(
        &self,
        cx: &mut Context<'_>,
        key: &HeldKey,
        rows: &[Arc<JoinRow>],
    ) -> Result<(), Failure> {
        let Some(held) = self.held else {
            return Ok(());
        };
        let side = self.side(if key.left { Port::Left } else { Port::Right });
        cx.buffers.key.clear();
        cx.buffers.key.extend_from_slice(&key.time.to_be_bytes());
        cx.buffers.key.push(u8::from(key.left));
        cx.buffers.key.extend_from_slice(&key.key);
        cx.buffers.value.clear();
        cx.buffers.value.push(VARIABLE_SIZES);
        let count = rows.len() as u32;
        cx.buffers.value.extend_from_slice(&count.to_be_bytes());
        for row in rows {
            let at = cx.buffers.value.len();
            cx.buffers.value.extend_from_slice(&[0; 4]);
            cx.buffers.value.push(u8::from(key.left));
            let arena = cx.eval.arena;
            let slots = arena.slots(side.stored.len());
            for (to, from) in slots.iter_mut().zip(&side.stored) {
                *to = match row.values.get(*from) {
                    Some(value) => value.borrow(arena),
                    None => Value::Null,
                };
            }
            write_value(cx, &side.value, slots)?;
            let length = (cx.buffers.value.len() - at - 4) as u32;
            cx.buffers.value[at..at + 4].copy_from_slice(&length.to_be_bytes());
        }
        cx.send_changelog(held.changelog, !rows.is_empty(), key.time);
        Ok(())
    }
}

/// What a list of values of different lengths begins with.
pub(super) const VARIABLE_SIZES: u8 = 1;
