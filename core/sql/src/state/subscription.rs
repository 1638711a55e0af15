//! Who wants which row of a table: the subscriptions of a foreign-key join, by foreign key and then
//! by the subscriber's primary key.

use super::shards::{Keyed, Shards};
use headwater_base::RecordId;
use std::collections::BTreeMap;

/// One subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The digest of the row that subscribes, so that answers to an earlier one are known.
    pub hash: Option<[u64; 2]>,
    /// What was asked, as Kafka numbers it.
    pub instruction: u8,
    /// The partition of the task that wants to hear.
    pub partition: u32,
    /// The record time.
    pub time: i64,
    /// The record that subscribed.
    pub cause: RecordId,
}

/// The subscribers of one foreign key, by their primary keys.
#[derive(Clone, Debug)]
struct Subscribers {
    foreign_key: Box<[u8]>,
    rows: BTreeMap<Box<[u8]>, Subscription>,
}

impl Keyed for Subscribers {
    fn key(&self) -> &[u8] {
        &self.foreign_key
    }
}

/// Subscriptions by foreign key and primary key.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionStore {
    keys: Shards<Subscribers>,
    len: usize,
}

impl SubscriptionStore {
    /// Adds a subscription, or takes the place of the same subscriber's.
    pub fn put(&mut self, foreign_key: &[u8], primary_key: &[u8], subscription: Subscription) {
        if self.keys.get(foreign_key).is_none() {
            self.keys.put(Subscribers {
                foreign_key: foreign_key.into(),
                rows: BTreeMap::new(),
            });
        }
        if let Some(known) = self.keys.get_mut(foreign_key) {
            let before = known.rows.insert(primary_key.into(), subscription);
            self.len += usize::from(before.is_none());
        }
    }

    /// Takes a subscription out; whether it was there.
    pub fn remove(&mut self, foreign_key: &[u8], primary_key: &[u8]) -> bool {
        let Some(known) = self.keys.get_mut(foreign_key) else {
            return false;
        };
        let removed = known.rows.remove(primary_key).is_some();
        if known.rows.is_empty() {
            self.keys.remove(foreign_key);
        }
        self.len -= usize::from(removed);
        removed
    }

    /// The subscriptions to a foreign key, by primary key bytes.
    pub fn of_key(&self, foreign_key: &[u8]) -> Vec<(Box<[u8]>, Subscription)> {
        let known = self.keys.get(foreign_key);
        let rows = known.into_iter().flat_map(|known| &known.rows);
        rows.map(|(key, it)| (key.clone(), it.clone())).collect()
    }

    /// All subscriptions: foreign key, primary key, what is known; by key bytes.
    pub fn sorted(&self) -> Vec<(&[u8], &[u8], &Subscription)> {
        let keys = self.keys.sorted().into_iter();
        keys.flat_map(|known| {
            let rows = known.rows.iter();
            rows.map(|(key, it)| (&*known.foreign_key, &**key, it))
        })
        .collect()
    }

    /// How many subscriptions there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}
