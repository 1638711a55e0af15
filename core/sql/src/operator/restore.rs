//! Stores rebuilt from their changelogs: what each operator makes of a record that it once wrote.
//!
//! Reading in the order of offsets gives the store as it was when the last record was written,
//! byte for byte. Which changelogs are read, and how far, is said by `runtime::standby`; what no
//! changelog holds is `runtime::Committed`.

use super::{AggregateSession, AggregateStream, Materialize, Operator};
use crate::arena::Arena;
use crate::format::{Codec, ColumnSet};
use crate::plan::RowReader;
use crate::runtime::Bounds;
use crate::state::{Session, StoreState, Stored, StoredRow};
use crate::value::{OwnedValue, Value};
use headwater_base::RecordId;
use headwater_log::{Cluster, RecordRef};
use std::sync::Arc;

/// A record of a changelog on its way back into a store.
pub struct Restoring<'r> {
    /// Memory for what is read.
    pub arena: &'r Arena,
    /// The task's stores.
    pub stores: &'r mut [StoreState],
    /// Which of them.
    pub store: usize,
    /// The record.
    pub record: RecordRef<'r>,
    /// Where it lies.
    pub id: RecordId,
    /// The task's partition number.
    pub partition: u32,
    /// What read the record of a source that the operator stands behind.
    pub reader: Option<&'r RowReader>,
    /// The log, for what the record came from.
    pub log: &'r Cluster,
}

/// Why a record is none that the operator has written.
pub(super) type Read = Option<()>;

impl Operator {
    /// The stores that the operator writes, indexes into the sub-topology's.
    pub fn stores(&self) -> Vec<usize> {
        match self {
            Operator::StreamStreamJoin(it) => {
                let held = it.held.map(|held| held.store);
                [it.left.store, it.right.store]
                    .into_iter()
                    .chain(held)
                    .collect()
            }
            Operator::ForeignKeySubscription(it) => vec![it.store],
            _ => self.store().into_iter().collect(),
        }
    }

    /// Puts a record of the changelog of one of these stores back; whether it could be read.
    pub fn restore(&self, from: &mut Restoring<'_>) -> bool {
        let read = match self {
            Operator::Materialize(it) => it.restore(from),
            Operator::AggregateStream(it) => it.restore(from),
            Operator::AggregateSession(it) => it.restore(from),
            Operator::StreamStreamJoin(it) => it.restore(from),
            Operator::ForeignKeySubscription(it) => it.restore(from),
            _ => None,
        };
        read.is_some()
    }
}

impl<'r> Restoring<'r> {
    /// What caused the write.
    pub(super) fn cause(&self) -> RecordId {
        self.record.cause.unwrap_or(self.id)
    }

    /// The columns of a codec out of some bytes.
    pub(super) fn slots(
        &self,
        codec: &Codec,
        bytes: &'r [u8],
        wanted: &ColumnSet,
    ) -> Option<&'r mut [Value<'r>]> {
        let slots = self.arena.slots(codec.columns().len());
        codec.decode(Some(bytes), self.arena, wanted, slots).ok()?;
        Some(slots)
    }

    /// The same, all of them, to be kept.
    pub(super) fn values(&self, codec: &Codec, bytes: &'r [u8]) -> Option<Vec<OwnedValue>> {
        let all = ColumnSet::all(codec.columns().len());
        let slots = self.slots(codec, bytes, &all)?;
        Some(slots.iter().map(Value::to_owned).collect())
    }

    fn stored(&self, key: &[u8], values: impl Into<StoredRow>) -> Stored {
        Stored {
            key: key.into(),
            values: values.into(),
            time: self.record.timestamp,
            cause: self.cause(),
            changelog: Some(self.id.offset),
        }
    }
}

impl Materialize {
    fn restore(&self, from: &mut Restoring<'_>) -> Read {
        let key = from.record.key?;
        let stored = match from.record.value {
            Some(value) => Some(from.stored(key, self.row(from, key, value)?)),
            None => None,
        };
        let Some(StoreState::Keyed(store)) = from.stores.get_mut(self.store) else {
            return None;
        };
        match stored {
            Some(stored) => store.put(stored),
            None => store.remove(key),
        };
        Some(())
    }

    /// The row as it was stored: key, value and, behind a source, what its reader adds.
    fn row<'r>(
        &self,
        from: &Restoring<'r>,
        key: &'r [u8],
        value: &'r [u8],
    ) -> Option<Vec<OwnedValue>> {
        let mut row = from.values(&self.key, key)?;
        let Some(reader) = from.reader else {
            row.extend(from.values(&self.value, value)?);
            return Some(row);
        };
        let slots = from.slots(&self.value, value, &reader.wanted_value)?;
        row.extend(slots.iter().map(Value::to_owned));
        let cause = from.cause();
        row.resize(reader.slot_count(), OwnedValue::Null);
        if !reader.headers.is_empty() {
            // Headers are in no changelog, but a table's source keeps the last record of each key.
            let log = from.log.partition(cause.partition).ok()?;
            let source = log.read(cause.offset, 1, u64::MAX).ok()?.next();
            let source = source.filter(|source| source.offset == cause.offset);
            let first = self.key.columns().len() + self.value.columns().len();
            let columns = row.iter_mut().skip(first).zip(&reader.headers);
            for ((slot, column), source) in columns.zip(std::iter::repeat(source).flatten()) {
                *slot = super::source::header_value(column, source.headers, from.arena).to_owned();
            }
        }
        let pseudo = [
            OwnedValue::BigInt(from.record.timestamp),
            OwnedValue::Int(from.partition as i32),
            OwnedValue::BigInt(cause.offset as i64),
        ];
        let places = row.iter_mut().skip(reader.rowtime_slot());
        places.zip(pseudo).for_each(|(slot, value)| *slot = value);
        Some(row)
    }
}

/// What is behind the key of a window in its changelog: its start and a number that is zero.
const WINDOW_SUFFIX: usize = 12;

impl AggregateStream {
    fn restore(&self, from: &mut Restoring<'_>) -> Read {
        let (key, time) = (from.record.key?, from.record.timestamp);
        let (key, start) = match self.windows {
            None => (key, None),
            Some(_) => {
                let (key, suffix) = key.split_at_checked(key.len().checked_sub(WINDOW_SUFFIX)?)?;
                let (start, _) = suffix.split_first_chunk::<8>()?;
                (key, Some(i64::from_be_bytes(*start)))
            }
        };
        let stored = match from.record.value {
            Some(value) => Some(from.stored(key, self.keep(from.values(&self.state, value)?))),
            None => None,
        };
        let store = match (from.stores.get_mut(self.store)?, start) {
            (StoreState::Keyed(store), None) => store,
            (StoreState::Windowed(store), Some(start)) => {
                store.advance(time, start);
                if !store.keeps(start) {
                    return Some(());
                }
                store.window_mut(start)
            }
            _ => return None,
        };
        match stored {
            Some(stored) => store.put(stored),
            None => store.remove(key),
        };
        Some(())
    }
}

impl AggregateSession {
    fn restore(&self, from: &mut Restoring<'_>) -> Read {
        let (key, start) = from.record.key?.split_last_chunk::<8>()?;
        let (key, end) = key.split_last_chunk::<8>()?;
        let bounds = Bounds {
            start: i64::from_be_bytes(*start),
            end: i64::from_be_bytes(*end),
        };
        let stored = match from.record.value {
            Some(value) => {
                let states = self.fold.keep(from.values(&self.fold.state, value)?);
                Some(from.stored(key, states))
            }
            None => None,
        };
        let StoreState::Sessions(store) = from.stores.get_mut(self.fold.store)? else {
            return None;
        };
        store.advance(from.record.timestamp);
        match stored {
            Some(stored) => store.put(Session {
                bounds,
                stored: Arc::new(stored),
            }),
            None => store.remove(key, bounds.start),
        }
        Some(())
    }
}
