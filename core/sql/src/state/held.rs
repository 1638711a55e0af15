//! The records of an outer stream-stream join that wait until no match can come any more.
//!
//! They are ordered by time, side and key bytes, and go on in that order. How long each has to
//! wait, and how often it may look, is the join's to say.

use super::join::JoinRow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Times are kept together by so much, so that a snapshot's first write copies little.
const BUCKET_MILLIS: i64 = 60_000;

/// Where a record waits. The right side comes before the left one, as in Kafka.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HeldKey {
    /// The record time.
    pub time: i64,
    /// Whether it is of the left stream.
    pub left: bool,
    /// The serialised key.
    pub key: Box<[u8]>,
}

/// Records of one key, side and time, in the order they came.
pub type HeldList = Arc<Vec<Arc<JoinRow>>>;

type Bucket = Arc<BTreeMap<HeldKey, HeldList>>;

/// How far the join has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldMark {
    /// Nothing older than this is held; the greatest number before anything was.
    pub oldest: i64,
    /// When it may look again, by the clock.
    pub next_at_millis: i64,
}

/// How long records of each side wait behind their time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldFor {
    /// Those of the left stream.
    pub left_millis: i64,
    /// Those of the right stream.
    pub right_millis: i64,
}

/// Records that wait.
#[derive(Clone, Debug)]
pub struct HeldStore {
    buckets: BTreeMap<i64, Bucket>,
    /// The highest record time that the join has seen on either side.
    pub stream_time: i64,
    /// How far the join has looked.
    pub mark: HeldMark,
    len: usize,
}

impl Default for HeldStore {
    fn default() -> HeldStore {
        HeldStore {
            buckets: BTreeMap::new(),
            stream_time: -1,
            mark: HeldMark {
                oldest: i64::MAX,
                next_at_millis: 0,
            },
            len: 0,
        }
    }
}

impl HeldStore {
    /// Lets a record wait; gives all that wait at its place.
    pub fn put(&mut self, key: HeldKey, row: Arc<JoinRow>) -> &[Arc<JoinRow>] {
        let bucket = self.buckets.entry(bucket_of(key.time)).or_default();
        let list = Arc::make_mut(bucket).entry(key).or_default();
        let list = Arc::make_mut(list);
        list.push(row);
        self.len += 1;
        list
    }

    /// Sets all that wait at a place.
    pub fn set(&mut self, key: HeldKey, rows: Vec<Arc<JoinRow>>) {
        self.remove(&key);
        self.len += rows.len();
        let bucket = self.buckets.entry(bucket_of(key.time)).or_default();
        Arc::make_mut(bucket).insert(key, Arc::new(rows));
    }

    /// Takes out all that waits at a place; whether anything did.
    pub fn remove(&mut self, key: &HeldKey) -> bool {
        let bucket_key = bucket_of(key.time);
        let Some(bucket) = self.buckets.get_mut(&bucket_key) else {
            return false;
        };
        if !bucket.contains_key(key) {
            return false;
        }
        let bucket = Arc::make_mut(bucket);
        let gone = bucket.remove(key).map_or(0, |list| list.len());
        if bucket.is_empty() {
            self.buckets.remove(&bucket_key);
        }
        self.len -= gone;
        true
    }

    /// What has waited long enough, in order, if it is time to look at all: at most once in so
    /// many milliseconds of the clock, and only if the oldest may be due. `own_millis` is how long
    /// records wait on the side of the record that asks.
    pub fn due(
        &mut self,
        (now, interval_millis): (i64, i64),
        own_millis: i64,
        wait: HeldFor,
    ) -> Vec<(HeldKey, HeldList)> {
        // The sum wraps while nothing was ever held, and Kafka's does: that look is for nothing,
        // but it counts.
        if self.mark.oldest.wrapping_add(own_millis) >= self.stream_time
            || now < self.mark.next_at_millis
        {
            return Vec::new();
        }
        self.mark.next_at_millis = now.saturating_add(interval_millis);
        self.mark.oldest = i64::MAX;
        let mut due = Vec::new();
        let (mut left_open, mut right_open) = (false, false);
        let held = self.buckets.values().flat_map(|bucket| bucket.iter());
        for (key, list) in held {
            let (open, millis) = match key.left {
                true => (&mut left_open, wait.left_millis),
                false => (&mut right_open, wait.right_millis),
            };
            if key.time.saturating_add(millis) < self.stream_time {
                due.push((key.clone(), list.clone()));
                continue;
            }
            *open = true;
            self.mark.oldest = self.mark.oldest.min(key.time);
            if left_open && right_open {
                break;
            }
        }
        due
    }

    /// All that waits, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&HeldKey, &HeldList)> {
        self.buckets.values().flat_map(|bucket| bucket.iter())
    }

    /// How many records wait.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

fn bucket_of(time: i64) -> i64 {
    time.div_euclid(BUCKET_MILLIS)
}
