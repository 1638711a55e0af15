//! A keyed store: serialised key to the row that stands there now.
//!
//! Shards are shared maps: cloning a store clones one pointer a shard, and the first write to a
//! shard after that copies this shard alone. Keys are found by a stable digest and nothing ever
//! walks the hash order: a scan is sorted by key bytes.

use crate::value::OwnedValue;
use hashbrown::HashTable;
use headwater_base::{RecordId, digest};
use std::sync::Arc;

/// Entries a shard holds on average before the shards are doubled.
const SHARD_ENTRIES: usize = 128;

/// What a store knows about one key.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The serialised key.
    pub key: Box<[u8]>,
    /// The row, or the state of the aggregates.
    pub values: Vec<OwnedValue>,
    /// The record time of the row.
    pub time: i64,
    /// The record whose processing last set the row.
    pub cause: RecordId,
    /// The offset of the row in its partition of the changelog topic, if it is known.
    pub changelog: Option<u64>,
}

/// A map from serialised keys to rows.
#[derive(Clone, Debug, Default)]
pub struct Store {
    shards: Vec<Arc<HashTable<Arc<Stored>>>>,
    len: usize,
}

impl Store {
    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn shard_of(&self, hash: u64) -> usize {
        // The map inside a shard uses the low bits and the top seven; these are in between.
        (hash >> 32) as usize & (self.shards.len() - 1)
    }

    /// The row of `key`.
    pub fn get(&self, key: &[u8]) -> Option<&Arc<Stored>> {
        if self.len == 0 {
            return None;
        }
        let hash = digest::bytes(key);
        self.shards[self.shard_of(hash)].find(hash, |stored| *stored.key == *key)
    }

    /// The row of `key`, to be changed in place; a row that a snapshot shares is copied first.
    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut Stored> {
        if self.len == 0 {
            return None;
        }
        let hash = digest::bytes(key);
        let shard = self.shard_of(hash);
        Arc::make_mut(&mut self.shards[shard])
            .find_mut(hash, |stored| *stored.key == *key)
            .map(Arc::make_mut)
    }

    /// Sets a row; gives back the one that stood there.
    pub fn put(&mut self, stored: Stored) -> Option<Arc<Stored>> {
        self.grow();
        let hash = digest::bytes(&stored.key);
        let shard = self.shard_of(hash);
        let table = Arc::make_mut(&mut self.shards[shard]);
        match table.find_mut(hash, |known| known.key == stored.key) {
            Some(known) => Some(std::mem::replace(known, Arc::new(stored))),
            None => {
                table.insert_unique(hash, Arc::new(stored), |s| digest::bytes(&s.key));
                self.len += 1;
                None
            }
        }
    }

    /// Takes a key out; gives back the row that stood there.
    pub fn remove(&mut self, key: &[u8]) -> Option<Arc<Stored>> {
        if self.len == 0 {
            return None;
        }
        let hash = digest::bytes(key);
        let shard = self.shard_of(hash);
        let table = Arc::make_mut(&mut self.shards[shard]);
        let (removed, _) = table
            .find_entry(hash, |known| *known.key == *key)
            .ok()?
            .remove();
        self.len -= 1;
        Some(removed)
    }

    /// All rows in the order of their key bytes.
    pub fn sorted(&self) -> Vec<&Arc<Stored>> {
        let mut rows: Vec<_> = self.shards.iter().flat_map(|shard| shard.iter()).collect();
        rows.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        rows
    }

    fn grow(&mut self) {
        if self.len < self.shards.len() * SHARD_ENTRIES {
            return;
        }
        let count = (self.shards.len() * 2).max(1);
        let mut shards = vec![HashTable::new(); count];
        for stored in self.shards.iter().flat_map(|shard| shard.iter()) {
            let hash = digest::bytes(&stored.key);
            let shard: &mut HashTable<Arc<Stored>> =
                &mut shards[(hash >> 32) as usize & (count - 1)];
            shard.insert_unique(hash, stored.clone(), |s| digest::bytes(&s.key));
        }
        self.shards = shards.into_iter().map(Arc::new).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_base::PartitionId;

    fn stored(key: &[u8], number: i64) -> Stored {
        Stored {
            key: key.into(),
            values: vec![OwnedValue::BigInt(number)],
            time: number,
            cause: RecordId {
                partition: PartitionId(0),
                offset: number as u64,
            },
            changelog: None,
        }
    }

    #[test]
    fn rows_are_found_replaced_removed_and_sorted() {
        let mut store = Store::default();
        for number in 0..1000i64 {
            assert!(store.put(stored(&number.to_be_bytes(), number)).is_none());
        }
        assert_eq!(store.len(), 1000);
        let replaced = store.put(stored(&7i64.to_be_bytes(), 70));
        assert_eq!(replaced.map(|row| row.time), Some(7));
        assert_eq!(store.get(&7i64.to_be_bytes()).map(|row| row.time), Some(70));
        assert!(store.remove(&8i64.to_be_bytes()).is_some());
        assert!(store.remove(&8i64.to_be_bytes()).is_none());
        let times: Vec<i64> = store.sorted().iter().map(|row| row.time).collect();
        assert_eq!(&times[..9], [0, 1, 2, 3, 4, 5, 6, 70, 9]);
        assert_eq!(times.len(), 999);
    }

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut store = Store::default();
        store.put(stored(b"a", 1));
        let snapshot = store.clone();
        if let Some(row) = store.get_mut(b"a") {
            row.time = 2;
        }
        store.put(stored(b"b", 3));
        assert_eq!(snapshot.get(b"a").map(|row| row.time), Some(1));
        assert_eq!(store.get(b"a").map(|row| row.time), Some(2));
        assert_eq!((snapshot.len(), store.len()), (1, 2));
    }
}
