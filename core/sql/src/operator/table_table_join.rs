//! Two tables with one key side by side: INNER, LEFT, RIGHT and FULL JOIN on primary keys.
//!
//! - an insert or update: the row joined with the one that the other table has now, or padded with
//!   nulls if its side keeps rows without a match; else nothing
//! - a delete: a delete, or where the other side keeps its row, that row padded with nulls; nothing
//!   if neither table had a row
//! - a late update: like any other, for the order is that of the log
//!
//! The time of a joined row is the later of both rows' times.

#[cfg(test)]
mod tests;

use super::Operator;
use super::joined::{Half, joined, key_values};
use crate::arena::Arena;
use crate::expression::Expression;
use crate::format::Codec;
use crate::plan::{Node, Port};
use crate::runtime::{Change, Context, Failure};
use crate::state::{StoreState, Stored};
use crate::value::Value;
use headwater_base::trace::Rejection;
use headwater_base::{TraceDetail, digest};
use std::sync::Arc;

/// Joins each change of a table with the row that the other has now.
///
/// The joined row holds the left slots, the right slots, and in one slot more the value that both
/// keys have. Both inputs must come with old rows (`Materialize::emits_old`).
#[derive(Clone, Debug)]
pub struct TableTableJoin {
    /// The left table.
    pub left: TableSide,
    /// The right table.
    pub right: TableSide,
}

/// One table of a join.
#[derive(Clone, Debug)]
pub struct TableSide {
    /// The key that is compared, said of the table's own row.
    pub key: Vec<Expression>,
    /// Writes it as the keys of the table's store.
    pub codec: Codec,
    /// How many slots a row has.
    pub slots: usize,
    /// Whether rows without a match go on.
    pub keeps_unmatched: bool,
    /// Where its rows are.
    pub current: TableView,
}

/// Where the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableView {
    /// In the store of a `Materialize` upstream, an index into the sub-topology's.
    Store(usize),
    /// In the tables of an earlier join, a node of the sub-topology; it has no store of its own.
    Join(u16),
}

impl TableTableJoin {
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
        let (own, other) = match port {
            Port::Left => (&self.left, &self.right),
            Port::Right => (&self.right, &self.left),
        };
        let Some(key) = key_values(cx, &own.key, change.row) else {
            cx.rejected(node.station, Rejection::NullKey);
            return Ok(());
        };
        let found = other.row(cx, key);
        cx.note(TraceDetail::TableProbed {
            query: cx.query,
            station: node.station,
            key: digest::bytes(&cx.buffers.key),
            found: found.is_some(),
        });
        let own_had = change.present || change.old.is_some();
        if found.is_none() && !(own.keeps_unmatched && own_had) {
            cx.rejected(
                node.station,
                match change.present {
                    true => Rejection::NoMatch,
                    false => Rejection::NothingToDelete,
                },
            );
            return Ok(());
        }
        cx.passed(node.station);
        let key = key.first().copied().unwrap_or_default();
        let arena = cx.eval.arena;
        let there = found.as_ref().map(Found::half);
        let row_of = |own: Option<&'b [Value<'b>]>| {
            let own = own.map(Half::Slots);
            match port {
                Port::Left => self.joined(arena, own, there, key),
                Port::Right => self.joined(arena, there, own, key),
            }
        };
        let new = row_of(change.present.then_some(change.row));
        let old = row_of(change.old);
        let gone = || match port {
            // Of a deleted row the key alone means anything.
            Port::Left => self.row(arena, Half::Slots(change.row), Half::Nothing, key),
            Port::Right => self.row(arena, Half::Nothing, Half::Slots(change.row), key),
        };
        let time = found
            .as_ref()
            .map_or(change.time, |it| it.time().max(change.time));
        let change = Change {
            row: new.unwrap_or_else(gone),
            present: new.is_some(),
            old,
            time,
            ..change
        };
        cx.forward(node.next, change)
    }

    /// The row that two rows make, if they make one.
    fn joined<'a>(
        &self,
        arena: &'a Arena,
        left: Option<Half<'a>>,
        right: Option<Half<'a>>,
        key: Value<'a>,
    ) -> Option<&'a [Value<'a>]> {
        let kept = match (left.is_some(), right.is_some()) {
            (true, true) => true,
            (true, false) => self.left.keeps_unmatched,
            (false, true) => self.right.keeps_unmatched,
            (false, false) => false,
        };
        let half = |half: Option<Half<'a>>| half.unwrap_or(Half::Nothing);
        kept.then(|| self.row(arena, half(left), half(right), key))
    }

    fn row<'a>(
        &self,
        arena: &'a Arena,
        left: Half<'a>,
        right: Half<'a>,
        key: Value<'a>,
    ) -> &'a [Value<'a>] {
        joined(
            arena,
            (left, right),
            (self.left.slots, self.right.slots),
            key,
        )
    }

    /// The row that this join has now at a key, with its time: asked of its two tables, as Kafka's
    /// value getters do.
    fn current<'r, 'b>(
        &self,
        cx: &mut Context<'r>,
        key: &'b [Value<'b>],
    ) -> Option<(&'b [Value<'b>], i64)>
    where
        'r: 'b,
    {
        let (left, right) = (self.left.row(cx, key), self.right.row(cx, key));
        let arena: &'b Arena = cx.eval.arena;
        let times = [&left, &right].into_iter().flatten().map(Found::time);
        let time = times.max()?;
        let value = key.first().copied().unwrap_or_default();
        let halves = [&left, &right].map(|found| found.as_ref().map(Found::half));
        let row = self.joined(arena, halves[0], halves[1], value)?;
        let copy: &'b mut [Value<'b>] = arena.slots(row.len());
        for (to, from) in copy.iter_mut().zip(row) {
            *to = from.copied_to(arena);
        }
        Some((copy, time))
    }
}

/// A row of a table as it stands.
enum Found<'b> {
    Stored(Arc<Stored>),
    Made(&'b [Value<'b>], i64),
}

impl Found<'_> {
    fn half(&self) -> Half<'_> {
        match self {
            Found::Stored(stored) => Half::Stored(&stored.values),
            Found::Made(row, _) => Half::Slots(row),
        }
    }

    fn time(&self) -> i64 {
        match self {
            Found::Stored(stored) => stored.time,
            Found::Made(_, time) => *time,
        }
    }
}

impl TableSide {
    /// The row of a key now. Where it is a store's, its bytes are in the key buffer then.
    fn row<'r, 'b>(&self, cx: &mut Context<'r>, key: &'b [Value<'b>]) -> Option<Found<'b>>
    where
        'r: 'b,
    {
        match self.current {
            TableView::Store(store) => {
                cx.buffers.key.clear();
                self.codec.encode(key, &mut cx.buffers.key).ok()?;
                let Some(StoreState::Keyed(store)) = cx.stores.get(store) else {
                    return None;
                };
                store.get(&cx.buffers.key).cloned().map(Found::Stored)
            }
            TableView::Join(node) => match &cx.nodes.get(usize::from(node))?.operator {
                Operator::TableTableJoin(join) => {
                    let (row, time) = join.current(cx, key)?;
                    Some(Found::Made(row, time))
                }
                _ => None,
            },
        }
    }
}
