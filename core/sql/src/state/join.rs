//! A join window store: the records of one side of a stream-stream join, by key and time.
//!
//! Stream time here is the highest time of the records put in; it alone decides what is hidden and
//! refused as too old. Records lie in segments of time, and a segment is forgotten whole, as in
//! Kafka's window stores.

use super::shards::{Keyed, Shards};
use crate::runtime::Bounds;
use crate::value::OwnedValue;
use headwater_base::order;
use std::collections::BTreeMap;
use std::sync::Arc;

/// No segment is shorter.
const SEGMENT_MILLIS_MIN: i64 = 60_000;

/// One record of one side.
#[derive(Clone, Debug, PartialEq)]
pub struct JoinRow {
    /// Its slots; null where nothing later needs them.
    pub values: Vec<OwnedValue>,
    /// The record time.
    pub time: i64,
    /// The window that is part of its key.
    pub window: Option<Bounds>,
}

/// The records of one key in one segment, by time and then by arrival.
#[derive(Clone, Debug)]
struct KeyRows {
    key: Box<[u8]>,
    rows: Vec<Arrived>,
}

#[derive(Clone, Debug)]
struct Arrived {
    sequence: u32,
    row: Arc<JoinRow>,
}

impl Keyed for KeyRows {
    fn key(&self) -> &[u8] {
        &self.key
    }
}

/// Records by key and time.
#[derive(Clone, Debug)]
pub struct JoinStore {
    segments: BTreeMap<i64, Shards<KeyRows>>,
    /// The highest record time put in; the least number before the first record.
    pub stream_time: i64,
    retention_millis: i64,
    sequence: u32,
    len: usize,
}

impl JoinStore {
    /// An empty store that keeps records for so long.
    pub fn new(retention_millis: i64) -> JoinStore {
        JoinStore {
            segments: BTreeMap::new(),
            stream_time: i64::MIN,
            retention_millis,
            sequence: 0,
            len: 0,
        }
    }

    /// The number that the next record gets: records of one key and time are told apart by it.
    pub fn next_sequence(&self) -> u32 {
        self.sequence.wrapping_add(1) & 0x7FFF_FFFF
    }

    /// Puts a record in under a number; whether it was young enough to be kept.
    pub fn put(&mut self, key: &[u8], row: Arc<JoinRow>, sequence: u32) -> bool {
        self.stream_time = self.stream_time.max(row.time);
        if row.time < self.oldest() {
            return false;
        }
        self.sequence = sequence;
        self.forget();
        let segment = self.segments.entry(self.segment_of(row.time)).or_default();
        if segment.get(key).is_none() {
            segment.put(KeyRows {
                key: key.into(),
                rows: Vec::new(),
            });
        }
        if let Some(known) = segment.get_mut(key) {
            let at = known.rows.partition_point(|it| it.row.time <= row.time);
            known.rows.insert(at, Arrived { sequence, row });
            self.len += 1;
        }
        true
    }

    /// The records of a key from one time to another, both included, by time and then by arrival.
    pub fn fetch(&self, key: &[u8], from: i64, to: i64) -> Vec<Arc<JoinRow>> {
        let from = from.max(self.oldest());
        if from > to {
            return Vec::new();
        }
        let segments = self
            .segments
            .range(self.segment_of(from)..=self.segment_of(to));
        let known = segments.filter_map(|(_, segment)| segment.get(key));
        let rows = known.flat_map(|known| &known.rows).map(|it| &it.row);
        rows.filter(|row| (from..=to).contains(&row.time))
            .cloned()
            .collect()
    }

    /// All records, by key bytes, time and arrival, each with its number.
    pub fn sorted(&self) -> Vec<(&[u8], u32, &Arc<JoinRow>)> {
        let mut rows: Vec<_> = self
            .segments
            .values()
            .flat_map(|segment| segment.unordered())
            .flat_map(|known| {
                known
                    .rows
                    .iter()
                    .map(|it| (&*known.key, it.sequence, &it.row))
            })
            .collect();
        order::sort_by_key(&mut rows, |(key, sequence, row)| {
            (*key, row.time, *sequence)
        });
        rows
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The earliest time that is neither hidden nor refused.
    fn oldest(&self) -> i64 {
        let kept = self.retention_millis.saturating_sub(1);
        self.stream_time.saturating_sub(kept)
    }

    fn segment_of(&self, time: i64) -> i64 {
        time.div_euclid((self.retention_millis / 2).max(SEGMENT_MILLIS_MIN))
    }

    fn forget(&mut self) {
        let first = self.segment_of(self.oldest());
        while let Some(entry) = self.segments.first_entry() {
            if *entry.key() >= first {
                break;
            }
            let gone: usize = entry.remove().unordered().map(|it| it.rows.len()).sum();
            self.len -= gone;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(time: i64, number: i64) -> Arc<JoinRow> {
        Arc::new(JoinRow {
            values: vec![OwnedValue::BigInt(number)],
            time,
            window: None,
        })
    }

    fn put(store: &mut JoinStore, key: &[u8], time: i64, number: i64) -> bool {
        let sequence = store.next_sequence();
        store.put(key, row(time, number), sequence)
    }

    fn found(store: &JoinStore, from: i64, to: i64) -> Vec<(i64, i64)> {
        let rows = store.fetch(b"k", from, to);
        let number = |row: &JoinRow| match row.values[0] {
            OwnedValue::BigInt(number) => number,
            _ => -1,
        };
        rows.iter().map(|it| (it.time, number(it))).collect()
    }

    #[test]
    fn records_come_by_time_and_then_by_arrival() {
        let mut store = JoinStore::new(1_000_000);
        for (number, time) in [(0, 700_000), (1, 5), (2, 5), (3, 3)] {
            assert!(put(&mut store, b"k", time, number));
        }
        put(&mut store, b"other", 4, 9);
        let all = [(3, 3), (5, 1), (5, 2), (700_000, 0)];
        assert_eq!(found(&store, 0, 700_000), all);
        assert_eq!(found(&store, 4, 5), [(5, 1), (5, 2)]);
        assert_eq!(store.len(), 5);
    }

    #[test]
    fn what_is_too_old_is_hidden_and_refused() {
        let mut store = JoinStore::new(10);
        put(&mut store, b"k", 100, 0);
        assert!(put(&mut store, b"k", 91, 1));
        assert!(!put(&mut store, b"k", 90, 2));
        put(&mut store, b"k", 101, 3);
        assert_eq!(found(&store, 0, 200), [(100, 0), (101, 3)]);
        put(&mut store, b"k", 1_000_000, 4);
        assert_eq!(store.len(), 1);
    }

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut store = JoinStore::new(100);
        put(&mut store, b"k", 1, 0);
        let snapshot = store.clone();
        put(&mut store, b"k", 2, 1);
        assert_eq!((snapshot.len(), store.len()), (1, 2));
        assert_eq!(found(&snapshot, 0, 9), [(1, 0)]);
    }
}
