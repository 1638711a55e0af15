//! Two streams meet within a time of each other: INNER, LEFT, RIGHT and FULL JOIN … WITHIN.
//!
//! - a record: is kept; one joined row goes on for each record of the other stream that is near
//!   enough, by ascending time and then by arrival, at the later of both times
//! - a record without a match, of a side that keeps them: without GRACE PERIOD, it goes on at once,
//!   padded with nulls, and may be joined later all the same; with it, it waits (`held`)
//! - a record that moves stream time past the end and grace of waiting ones: they go on first
//! - a record with a null key: goes on padded, if its side keeps those without a match; else it is
//!   dropped, and so is a record with a null value
//! - a late record: one that its own side's store no longer takes can still meet records of the
//!   other side, but later records will not find it; nothing else makes a record late

mod held;
mod restore;
#[cfg(test)]
mod tests;

use super::joined::{Half, chosen, joined, key_values, write_key, write_value};
use super::sink::write_bounds;
use crate::arena::Arena;
use crate::catalog::WindowType;
use crate::expression::Expression;
use crate::format::Codec;
use crate::plan::{Node, Port};
use crate::runtime::{Change, Context, Failure};
use crate::state::{JoinRow, StoreState};
use crate::value::{OwnedValue, Value};
use headwater_base::trace::Rejection;
use headwater_base::{TraceDetail, digest};
use std::sync::Arc;

/// Keeps the records of both streams for a while, and joins each with those of the other.
///
/// The joined row holds the left slots, the right slots, and in one slot more the value that both
/// keys have.
#[derive(Clone, Debug)]
pub struct StreamStreamJoin {
    /// The left stream.
    pub left: JoinSide,
    /// The right stream.
    pub right: JoinSide,
    /// How much earlier than a left record a right one may be, in milliseconds.
    pub before_millis: i64,
    /// How much later.
    pub after_millis: i64,
    /// How long after that late records are still taken.
    pub grace_millis: i64,
    /// Where records without a match wait until none can come; without it they go on at once.
    pub held: Option<HeldRows>,
    /// The windows that are part of the key, if the streams are windowed.
    pub window: Option<WindowType>,
}

/// One stream of a join.
#[derive(Clone, Debug)]
pub struct JoinSide {
    /// The store of its records, an index into the sub-topology's.
    pub store: usize,
    /// The store's changelog, an index into the plan's topics.
    pub changelog: usize,
    /// The key that is compared, without the bounds of a window.
    pub key: Vec<Expression>,
    /// Writes it as the store's keys; both sides must write equal keys alike.
    pub codec: Codec,
    /// How many slots a row has.
    pub slots: usize,
    /// The slots that the changelog holds: all that are needed later.
    pub stored: Vec<usize>,
    /// Writes them.
    pub value: Codec,
    /// Whether records without a match go on.
    pub keeps_unmatched: bool,
}

/// The store of records that wait for a match.
#[derive(Clone, Copy, Debug)]
pub struct HeldRows {
    /// The store, an index into the sub-topology's.
    pub store: usize,
    /// The store's changelog, an index into the plan's topics.
    pub changelog: usize,
    /// How long the clock has to go on between two looks at what waits; 0 looks at every record.
    pub interval_millis: i64,
}

/// A record of one side on its way through the join.
#[derive(Clone, Copy)]
struct Arrival<'b> {
    port: Port,
    change: Change<'b>,
    /// The values of the key; null where there is none.
    key: Value<'b>,
}

impl StreamStreamJoin {
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
        if !change.present {
            cx.rejected(node.station, Rejection::NullValue);
            return Ok(());
        }
        let own = self.side(port);
        let Some(key) = key_values(cx, &own.key, change.row) else {
            if !own.keeps_unmatched {
                cx.rejected(node.station, Rejection::NullKey);
                return Ok(());
            }
            cx.passed(node.station);
            let key = Value::Null;
            return self.forward(cx, node, Arrival { port, change, key }, None);
        };
        self.write_key(cx, own, key, &change)?;
        cx.passed(node.station);
        let bytes: Box<[u8]> = cx.buffers.key.as_slice().into();
        let arrival = Arrival {
            port,
            change,
            key: key.first().copied().unwrap_or_default(),
        };
        self.let_go(cx, node, &arrival)?;
        let row = self.keep(cx, node, &arrival, &bytes)?;
        let found = self.near(cx, node, &arrival, &bytes);
        for other in &found {
            self.release(cx, port, other, &bytes);
            self.forward(cx, node, arrival, Some(other))?;
        }
        match found.is_empty() && own.keeps_unmatched {
            true if self.holds(cx, &arrival) => self.hold(cx, node, &arrival, bytes, row),
            true => self.forward(cx, node, arrival, None),
            false => Ok(()),
        }
    }

    fn side(&self, port: Port) -> &JoinSide {
        match port {
            Port::Left => &self.left,
            Port::Right => &self.right,
        }
    }

    /// How much earlier and later than a record of one side those of the other may be.
    fn reach(&self, port: Port) -> (i64, i64) {
        match port {
            Port::Left => (self.before_millis, self.after_millis),
            Port::Right => (self.after_millis, self.before_millis),
        }
    }

    /// Writes the key as both stores have it into the buffer, bounds included.
    fn write_key(
        &self,
        cx: &mut Context<'_>,
        side: &JoinSide,
        key: &[Value<'_>],
        change: &Change<'_>,
    ) -> Result<(), Failure> {
        write_key(cx, &side.codec, key)?;
        if let (Some(kind), Some(window)) = (self.window, change.window) {
            write_bounds(window, kind, &mut cx.buffers.key);
        }
        Ok(())
    }

    /// The records of the other side that are near enough.
    fn near(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        arrival: &Arrival<'_>,
        key: &[u8],
    ) -> Vec<Arc<JoinRow>> {
        let (before, after) = self.reach(arrival.port);
        let from = arrival.change.time.saturating_sub(before).max(0);
        let to = arrival.change.time.saturating_add(after).max(0);
        let other = self.side(arrival.port.opposite());
        let Some(StoreState::Join(store)) = cx.stores.get(other.store) else {
            return Vec::new();
        };
        let found = store.fetch(key, from, to);
        cx.note(TraceDetail::TableProbed {
            query: cx.query,
            station: node.station,
            key: digest::bytes(key),
            found: !found.is_empty(),
        });
        found
    }

    /// Puts a record into its side's store; gives it as it is kept.
    fn keep(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        arrival: &Arrival<'_>,
        key: &[u8],
    ) -> Result<Arc<JoinRow>, Failure> {
        let (own, change) = (self.side(arrival.port), &arrival.change);
        let mut values = vec![OwnedValue::Null; own.slots];
        for slot in &own.stored {
            if let (Some(to), Some(from)) = (values.get_mut(*slot), change.row.get(*slot)) {
                *to = from.to_owned();
            }
        }
        let row = Arc::new(JoinRow {
            values,
            time: change.time,
            window: change.window,
        });
        let Some(StoreState::Join(store)) = cx.stores.get_mut(own.store) else {
            return Ok(row);
        };
        let sequence = store.next_sequence();
        if !store.put(key, row.clone(), sequence) {
            return Ok(row);
        }
        cx.buffers.key.clear();
        cx.buffers.key.extend_from_slice(key);
        cx.buffers.key.extend_from_slice(&change.time.to_be_bytes());
        cx.buffers.key.extend_from_slice(&sequence.to_be_bytes());
        cx.buffers.value.clear();
        let stored = chosen(cx.eval.arena, change.row, &own.stored);
        write_value(cx, &own.value, stored)?;
        cx.send_changelog(own.changelog, true, change.time);
        cx.note(TraceDetail::StateUpdated {
            query: cx.query,
            station: node.station,
            key: digest::bytes(key),
            deleted: false,
        });
        Ok(row)
    }

    /// Sends a record on beside one of the other side, or padded with nulls.
    fn forward<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        arrival: Arrival<'b>,
        other: Option<&'b Arc<JoinRow>>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let Arrival { port, change, key } = arrival;
        let own = Half::Slots(change.row);
        let time = other.map_or(change.time, |other| other.time.max(change.time));
        let other = other.map_or(Half::Nothing, |other| Half::Stored(&other.values));
        let change = Change {
            row: self.row(cx.eval.arena, port, (own, other), key),
            old: None,
            time,
            ..change
        };
        cx.forward(node.next, change)
    }

    /// The joined row; `halves` begins with that of the side of `port`.
    fn row<'b>(
        &self,
        arena: &'b Arena,
        port: Port,
        halves: (Half<'b>, Half<'b>),
        key: Value<'b>,
    ) -> &'b [Value<'b>] {
        let slots = (self.left.slots, self.right.slots);
        match port {
            Port::Left => joined(arena, halves, slots, key),
            Port::Right => joined(arena, (halves.1, halves.0), slots, key),
        }
    }
}
