//! A windowed store: one keyed store for each window start, forgotten whole by retention.
//!
//! Stream time here is the highest record time that the store's operator has seen; it decides
//! which windows are still kept. Whether a record is late is the operator's decision, not made
//! here (see `operator::aggregate`).

use super::emitted::Emitted;
use super::store::{Store, Stored};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows by window start and key.
#[derive(Clone, Debug)]
pub struct WindowStore {
    windows: BTreeMap<i64, Store>,
    /// The highest record time seen; the least number before the first record.
    pub stream_time: i64,
    /// What EMIT FINAL has given.
    pub emitted: Emitted,
    newest_start: i64,
    retention_millis: i64,
}

impl WindowStore {
    /// An empty store that keeps windows for so long.
    pub fn new(retention_millis: i64) -> WindowStore {
        WindowStore {
            windows: BTreeMap::new(),
            stream_time: i64::MIN,
            emitted: Emitted::default(),
            newest_start: i64::MIN,
            retention_millis,
        }
    }

    /// Moves stream time on and forgets the windows that retention no longer covers: it counts
    /// from the start of the newest window.
    pub fn advance(&mut self, time: i64, newest_start: i64) {
        self.stream_time = self.stream_time.max(time);
        self.newest_start = self.newest_start.max(newest_start);
        let oldest = self.newest_start.saturating_sub(self.retention_millis);
        while let Some(first) = self.windows.first_entry() {
            if *first.key() >= oldest {
                break;
            }
            first.remove();
        }
    }

    /// Whether retention still covers the window that begins at `start`.
    pub fn keeps(&self, start: i64) -> bool {
        start >= self.newest_start.saturating_sub(self.retention_millis)
    }

    /// The rows of the window that begins at `start`.
    pub fn window(&self, start: i64) -> Option<&Store> {
        self.windows.get(&start)
    }

    /// The same, made if it is not there.
    pub fn window_mut(&mut self, start: i64) -> &mut Store {
        self.windows.entry(start).or_default()
    }

    /// All windows by ascending start.
    pub fn windows(&self) -> impl DoubleEndedIterator<Item = (i64, &Store)> {
        self.windows.iter().map(|(start, store)| (*start, store))
    }

    /// The rows of one key, by ascending window start.
    pub fn of_key<'s>(&'s self, key: &[u8]) -> Vec<(i64, &'s Arc<Stored>)> {
        self.windows()
            .filter_map(|(start, store)| Some((start, store.get(key)?)))
            .collect()
    }

    /// How many rows there are, over all windows.
    pub fn len(&self) -> usize {
        self.windows.values().map(Store::len).sum()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.windows.values().all(Store::is_empty)
    }
}
