//! A session store: for each key its sessions, by their start.
//!
//! Whether a record is late is the operator's decision, not made here.

use super::emitted::Emitted;
use super::store::{Stored, StoredKey};
use crate::runtime::Bounds;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kafka drops sessions by segments of at least this length.
const SEGMENT_MILLIS: i64 = 60_000;

/// One session of one key.
#[derive(Clone, Debug)]
pub struct Session {
    /// From its first record to its last, both included.
    pub bounds: Bounds,
    /// The states of the aggregates.
    pub stored: Arc<Stored>,
}

type ByStart = Arc<BTreeMap<i64, Session>>;

/// Sessions by key and start. Keys are shared maps, so that cloning the store is cheap.
#[derive(Clone, Debug)]
pub struct SessionStore {
    keys: Arc<BTreeMap<StoredKey, ByStart>>,
    /// The highest record time seen; the least number before the first record.
    pub stream_time: i64,
    /// What EMIT FINAL has given.
    pub emitted: Emitted,
    newest_end: i64,
    retention_millis: i64,
}

impl SessionStore {
    /// An empty store that keeps sessions for at least so long after their end.
    pub fn new(retention_millis: i64) -> SessionStore {
        SessionStore {
            keys: Arc::default(),
            stream_time: i64::MIN,
            emitted: Emitted::default(),
            newest_end: i64::MIN,
            retention_millis,
        }
    }

    /// Moves stream time on.
    pub fn advance(&mut self, time: i64) {
        self.stream_time = self.stream_time.max(time);
    }

    /// The sessions of a key that overlap `around` and that retention covers, by ascending start.
    pub fn overlapping(&self, key: &[u8], around: Bounds) -> Vec<Session> {
        let Some(sessions) = self.keys.get(key) else {
            return Vec::new();
        };
        let before = sessions.range(..=around.end).map(|(_, session)| session);
        let forgotten = self.newest_end.saturating_sub(self.retention_millis);
        before
            .filter(|session| session.bounds.end >= around.start && session.bounds.end > forgotten)
            .cloned()
            .collect()
    }

    /// Adds or replaces a session, and forgets those of its key that retention no longer covers.
    pub fn put(&mut self, session: Session) {
        self.newest_end = self.newest_end.max(session.bounds.end);
        let kept = self.retention_millis.saturating_add(SEGMENT_MILLIS);
        let oldest = self.newest_end.saturating_sub(kept);
        let key = session.stored.key.clone();
        let sessions = Arc::make_mut(&mut self.keys).entry(key).or_default();
        let sessions = Arc::make_mut(sessions);
        sessions.insert(session.bounds.start, session);
        sessions.retain(|_, session| session.bounds.end >= oldest);
    }

    /// Takes a session out.
    pub fn remove(&mut self, key: &[u8], start: i64) {
        let keys = Arc::make_mut(&mut self.keys);
        if let Some(sessions) = keys.get_mut(key) {
            let sessions = Arc::make_mut(sessions);
            sessions.remove(&start);
            if sessions.is_empty() {
                keys.remove(key);
            }
        }
    }

    /// What is stored of a session with exactly these bounds.
    pub fn get(&self, key: &[u8], bounds: Bounds) -> Option<Arc<Stored>> {
        let session = self.keys.get(key)?.get(&bounds.start)?;
        (session.bounds == bounds).then(|| session.stored.clone())
    }

    /// All sessions, by key bytes and then by start.
    pub fn iter(&self) -> impl Iterator<Item = &Session> {
        self.keys.values().flat_map(|sessions| sessions.values())
    }

    /// How many sessions there are.
    pub fn len(&self) -> usize {
        self.keys.values().map(|sessions| sessions.len()).sum()
    }

    /// Whether there is no session.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
}
