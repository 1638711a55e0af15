//! A task's record cache: which entries of its stores have not been sent on yet.
//!
//! The stores themselves always hold the newest values, so everyone who looks into them sees what
//! Kafka Streams' read-through cache would show. What is put off is the rest: the changelog record,
//! and the change that goes on, with the newest value and the old one as it was last sent. When
//! that is made up for is decided by `runtime::commit`; how, by each operator's `flush`.
//!
//! A row that came and went in between is never sent on, although a join may have seen it: as in
//! Kafka, the joined row then stays.

use super::change::Bounds;
use crate::state::Stored;
use headwater_base::RecordId;
use headwater_log::{HeaderBuf, Headers};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `cache.max.bytes.buffering`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheConfig {
    /// How many bytes all tasks of a query may hold together.
    pub bytes_max: u64,
}

/// An entry of one of the task's stores.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CacheKey {
    /// The store, an index into the sub-topology's.
    pub store: usize,
    /// The serialised key.
    pub key: Box<[u8]>,
    /// The window or session.
    pub window: Option<Bounds>,
}

/// What has not been sent on of an entry.
#[derive(Clone, Debug)]
pub struct Dirty {
    /// The row as it was last sent on.
    pub before: Option<Arc<Stored>>,
    /// The time of the latest change.
    pub time: i64,
    /// The record that made it.
    pub cause: RecordId,
    /// That record's headers.
    pub headers: HeaderBuf,
}

#[derive(Clone, Debug)]
struct Cached {
    tick: u64,
    bytes: u64,
    dirty: Option<Dirty>,
}

/// Kafka counts so much for an entry besides its key and value.
const ENTRY_BYTES: u64 = 24;

/// The entries that were lately written, least recently first.
#[derive(Clone, Debug)]
pub struct Cache {
    entries: BTreeMap<CacheKey, Cached>,
    order: BTreeMap<u64, CacheKey>,
    tick: u64,
    bytes: u64,
    /// How many bytes may be held.
    pub bytes_max: u64,
}

impl Cache {
    /// An empty cache.
    pub fn new(bytes_max: u64) -> Cache {
        Cache {
            entries: BTreeMap::new(),
            order: BTreeMap::new(),
            tick: 0,
            bytes: 0,
            bytes_max,
        }
    }

    /// An entry of a store was written; `value_bytes` is how long its value is.
    pub fn put(&mut self, key: CacheKey, dirty: Dirty, value_bytes: usize) {
        self.tick += 1;
        let bytes = key.key.len() as u64 + value_bytes as u64 + ENTRY_BYTES;
        let mut dirty = dirty;
        if let Some(known) = self.entries.remove(&key) {
            self.order.remove(&known.tick);
            self.bytes -= known.bytes;
            if let Some(known) = known.dirty {
                dirty.before = known.before;
            }
        }
        self.bytes += bytes;
        self.order.insert(self.tick, key.clone());
        let (tick, dirty) = (self.tick, Some(dirty));
        self.entries.insert(key, Cached { tick, bytes, dirty });
    }

    /// The first store, in the order of the sub-topology's, with entries to be sent on.
    pub fn first_dirty(&self) -> Option<usize> {
        let dirty = self.entries.iter().find(|(_, it)| it.dirty.is_some());
        dirty.map(|(key, _)| key.store)
    }

    /// What is to be sent on of a store, by when it was last written. The entries stay, clean.
    pub fn take(&mut self, store: usize) -> Vec<(CacheKey, Dirty)> {
        let of_store = self.order.values().filter(|key| key.store == store);
        let mut taken = Vec::new();
        for key in of_store {
            let entry = self.entries.get_mut(key);
            if let Some(dirty) = entry.and_then(|entry| entry.dirty.take()) {
                taken.push((key.clone(), dirty));
            }
        }
        taken
    }

    /// Drops clean entries, least recently written first, until the rest fits; gives a store that
    /// has to be sent on before that can go on.
    pub fn shrink(&mut self) -> Option<usize> {
        while self.bytes > self.bytes_max {
            let first = self.order.first_entry()?;
            let entry = self.entries.get(first.get())?;
            if entry.dirty.is_some() {
                return Some(first.get().store);
            }
            self.bytes -= entry.bytes;
            self.entries.remove(&first.remove());
        }
        None
    }
}

impl Dirty {
    /// What a change leaves to be sent on.
    pub fn new(
        before: Option<Arc<Stored>>,
        time: i64,
        cause: RecordId,
        from: Headers<'_>,
    ) -> Dirty {
        let mut headers = HeaderBuf::new();
        from.for_each(|header| headers.push(header.key, header.value));
        Dirty {
            before,
            time,
            cause,
            headers,
        }
    }
}
