//! A keyed store: serialised key to the row that stands there now.
//!
//! What makes it cheap to copy is in `shards`.

use super::shards::{Keyed, Shards};
use crate::value::OwnedValue;
use headwater_base::RecordId;
use smallvec::SmallVec;

/// A serialised key; a short one lies where the row lies, so that looking it up finds both.
pub type StoredKey = SmallVec<[u8; 24]>;

/// A row as a store keeps it; a short one takes no memory of its own.
pub type StoredRow = SmallVec<[OwnedValue; 3]>;

/// What a store knows about one key.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The serialised key.
    pub key: StoredKey,
    /// The row, or the state of the aggregates.
    pub values: StoredRow,
    /// The record time of the row.
    pub time: i64,
    /// The record whose processing last set the row.
    pub cause: RecordId,
    /// The offset of the row in its partition of the changelog topic, if it is known.
    pub changelog: Option<u64>,
}

impl Keyed for Stored {
    fn key(&self) -> &[u8] {
        &self.key
    }
}

/// Rows by serialised key.
pub type Store = Shards<Stored>;

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_base::PartitionId;

    fn stored(key: &[u8], number: i64) -> Stored {
        Stored {
            key: key.into(),
            values: smallvec::smallvec![OwnedValue::BigInt(number)],
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
