//! Remembers the rows of a table, so that others can look into it and know the row before.
//!
//! - an insert or update: is stored, and goes on with the row before as its old row
//! - a delete: the row goes, and the delete goes on, also for a key that was not known
//! - a row with a null key: is dropped
//! - a late update: like any other, for the order is that of the log

#[cfg(test)]
mod tests;

use super::Entry;
use crate::format::Codec;
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure, ProcessingErrorKind};
use crate::state::{Store, StoreState, Stored};
use crate::value::Value;
use headwater_base::trace::Rejection;
use headwater_base::{TraceDetail, digest};
use headwater_log::Headers;
use std::sync::Arc;

/// Keeps rows in a store.
#[derive(Clone, Debug)]
pub struct Materialize {
    /// The store, an index into the sub-topology's.
    pub store: usize,
    /// The store's changelog, an index into the plan's topics.
    pub changelog: usize,
    /// Writes the key: the first slots.
    pub key: Codec,
    /// Writes the value columns, for the changelog.
    pub value: Codec,
    /// Whether what follows wants to know the row before.
    pub emits_old: bool,
}

impl Materialize {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let Some(before) = self.store(cx, node, &change)? else {
            return Ok(());
        };
        let Some(before) = before.filter(|_| self.emits_old) else {
            return cx.forward(
                node.next,
                Change {
                    old: None,
                    ..change
                },
            );
        };
        let old = cx.eval.arena.slots(before.values.len());
        for (slot, value) in old.iter_mut().zip(&before.values) {
            *slot = value.borrow(cx.eval.arena);
        }
        cx.forward(
            node.next,
            Change {
                old: Some(old),
                ..change
            },
        )
    }

    /// Writes key and value into the buffers.
    fn write(&self, cx: &mut Context<'_>, change: &Change<'_>) -> Result<(), Failure> {
        let key_count = self.key.columns().len();
        let key_slots = change.row.get(..key_count).unwrap_or(&[]);
        cx.buffers.key.clear();
        cx.buffers.value.clear();
        let values = change
            .row
            .get(key_count..key_count + self.value.columns().len());
        let written = self
            .key
            .encode(key_slots, &mut cx.buffers.key)
            .and_then(|_| match change.present {
                true => self
                    .value
                    .encode(values.unwrap_or(&[]), &mut cx.buffers.value)
                    .map(drop),
                false => Ok(()),
            });
        if let Err(error) = written {
            cx.error(ProcessingErrorKind::Serialization, error.to_string());
            return Err(Failure {
                message: error.to_string(),
            });
        }
        Ok(())
    }

    /// Stores the change; gives the row before, or `None` where the change is dropped or left to
    /// the record cache.
    #[allow(
        clippy::type_complexity,
        reason = "the outer option says whether it was stored"
    )]
    fn store(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        change: &Change<'_>,
    ) -> Result<Option<Option<Arc<Stored>>>, Failure> {
        let key_count = self.key.columns().len();
        let key_slots = change.row.get(..key_count).unwrap_or(&[]);
        if key_slots.iter().all(Value::is_null) {
            cx.rejected(node.station, Rejection::NullKey);
            return Ok(None);
        }
        self.write(cx, change)?;
        let changelog = match cx.cache {
            Some(_) => None,
            None => cx.send_changelog(self.changelog, change.present, change.time),
        };
        cx.note(TraceDetail::StateUpdated {
            query: cx.query,
            station: node.station,
            key: digest::bytes(&cx.buffers.key),
            deleted: !change.present,
        });
        let columns = key_count..key_count + self.value.columns().len();
        let read_back = change.row.get(columns.clone());
        let read_back = read_back.and_then(|it| self.value.read_back(it, cx.eval.arena));
        let kept = |(slot, value): (usize, &Value<'_>)| match read_back {
            Some(read) if columns.contains(&slot) => read[slot - key_count].to_owned(),
            _ => value.to_owned(),
        };
        let row = |key: &[u8]| Stored {
            key: key.into(),
            values: change.row.iter().enumerate().map(kept).collect(),
            time: change.time,
            cause: cx.input,
            changelog,
        };
        let Some(StoreState::Keyed(store)) = cx.stores.get_mut(self.store) else {
            return Ok(None);
        };
        let store: &mut Store = store;
        let before = match change.present {
            true => store.put(row(&cx.buffers.key)),
            false => store.remove(&cx.buffers.key),
        };
        if cx.cache.is_some() {
            cx.put_off(self.store, None, before, change);
            return Ok(None);
        }
        Ok(Some(before))
    }
}

impl Materialize {
    pub(super) fn entries(&self, stores: &[StoreState]) -> Vec<Entry> {
        let Some(StoreState::Keyed(store)) = stores.get(self.store) else {
            return Vec::new();
        };
        let entry = |stored: &Arc<Stored>| Entry {
            stored: stored.clone(),
            window: None,
        };
        store.sorted().into_iter().map(entry).collect()
    }

    pub(super) fn replay<'r>(
        &'r self,
        cx: &mut Context<'r>,
        node: &'r Node,
        entry: &Entry,
    ) -> Result<(), Failure> {
        let slots = cx.eval.arena.slots(entry.stored.values.len());
        for (slot, value) in slots.iter_mut().zip(&entry.stored.values) {
            *slot = value.borrow(cx.eval.arena);
        }
        let change = Change {
            row: slots,
            present: true,
            old: None,
            time: entry.stored.time,
            window: None,
            headers: Headers::EMPTY,
        };
        cx.forward(node.next, change)
    }
}
