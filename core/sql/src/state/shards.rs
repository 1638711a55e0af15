//! A map from byte keys to shared rows, cut into shards that are shared until they are written.
//!
//! Cloning clones one pointer a shard, and the first write to a shard after that copies this shard
//! alone. Keys are found by a stable digest and nothing ever walks the hash order: a scan is sorted
//! by key bytes. What rows are is said by the stores that are made of it.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use headwater_base::{digest, order};
use std::sync::Arc;

/// Entries a shard holds on average before the shards are doubled.
const SHARD_ENTRIES: usize = 128;

/// What knows its own key.
pub trait Keyed: Clone {
    /// The serialised key.
    fn key(&self) -> &[u8];
}

/// A map from serialised keys to rows.
#[derive(Debug)]
pub struct Shards<T> {
    shards: Vec<Arc<HashTable<Arc<T>>>>,
    len: usize,
}

impl<T> Default for Shards<T> {
    fn default() -> Shards<T> {
        Shards {
            shards: Vec::new(),
            len: 0,
        }
    }
}

impl<T> Clone for Shards<T> {
    fn clone(&self) -> Shards<T> {
        Shards {
            shards: self.shards.clone(),
            len: self.len,
        }
    }
}

impl<T> Shards<T> {
    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All rows, in no order that means anything.
    pub(super) fn unordered(&self) -> impl Iterator<Item = &Arc<T>> {
        self.shards.iter().flat_map(|shard| shard.iter())
    }

    fn shard_of(&self, hash: u64) -> usize {
        // The map inside a shard uses the low bits and the top seven; these are in between.
        (hash >> 32) as usize & (self.shards.len() - 1)
    }
}

impl<T: Keyed> Shards<T> {
    /// The row of `key`.
    pub fn get(&self, key: &[u8]) -> Option<&Arc<T>> {
        if self.len == 0 {
            return None;
        }
        let hash = digest::bytes(key);
        self.shards[self.shard_of(hash)].find(hash, |row| row.key() == key)
    }

    /// The row of `key`, to be changed in place; a row that a snapshot shares is copied first.
    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut T> {
        if self.len == 0 {
            return None;
        }
        let hash = digest::bytes(key);
        let shard = self.shard_of(hash);
        Arc::make_mut(&mut self.shards[shard])
            .find_mut(hash, |row| row.key() == key)
            .map(Arc::make_mut)
    }

    /// The row of `key`, to be changed in place; where there is none, the one that `make` gives.
    pub fn get_or_put(&mut self, key: &[u8], make: impl FnOnce() -> T) -> &mut T {
        self.grow();
        let hash = digest::bytes(key);
        let shard = self.shard_of(hash);
        let table = Arc::make_mut(&mut self.shards[shard]);
        let hasher = |row: &Arc<T>| digest::bytes(row.key());
        let entry = match table.entry(hash, |row| row.key() == key, hasher) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                self.len += 1;
                place.insert(Arc::new(make())).into_mut()
            }
        };
        Arc::make_mut(entry)
    }

    /// Sets a row; gives back the one that stood there.
    pub fn put(&mut self, row: T) -> Option<Arc<T>> {
        self.grow();
        let hash = digest::bytes(row.key());
        let shard = self.shard_of(hash);
        let table = Arc::make_mut(&mut self.shards[shard]);
        match table.find_mut(hash, |known| known.key() == row.key()) {
            Some(known) => Some(std::mem::replace(known, Arc::new(row))),
            None => {
                table.insert_unique(hash, Arc::new(row), |row| digest::bytes(row.key()));
                self.len += 1;
                None
            }
        }
    }

    /// Takes a key out; gives back the row that stood there.
    pub fn remove(&mut self, key: &[u8]) -> Option<Arc<T>> {
        if self.len == 0 {
            return None;
        }
        let hash = digest::bytes(key);
        let shard = self.shard_of(hash);
        let table = Arc::make_mut(&mut self.shards[shard]);
        let (removed, _) = table
            .find_entry(hash, |known| known.key() == key)
            .ok()?
            .remove();
        self.len -= 1;
        Some(removed)
    }

    /// All rows in the order of their key bytes.
    pub fn sorted(&self) -> Vec<&Arc<T>> {
        let mut rows: Vec<_> = self.unordered().collect();
        order::sort_by(&mut rows, |a, b| a.key().cmp(b.key()));
        rows
    }

    fn grow(&mut self) {
        if self.len < self.shards.len() * SHARD_ENTRIES {
            return;
        }
        let count = (self.shards.len() * 2).max(1);
        let mut shards = vec![HashTable::new(); count];
        for row in self.unordered() {
            let hash = digest::bytes(row.key());
            let shard: &mut HashTable<Arc<T>> = &mut shards[(hash >> 32) as usize & (count - 1)];
            shard.insert_unique(hash, row.clone(), |row| digest::bytes(row.key()));
        }
        self.shards = shards.into_iter().map(Arc::new).collect();
    }
}
