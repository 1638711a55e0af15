//! Writes the result to its topic.
//!
//! - an insert or update: a record with key, value, the change's time and the input's headers
//! - a delete of a table, or a stream's record with a null value: a record with a null value
//! - a late change: like any other
//! - a row whose TIMESTAMP column holds no time: is dropped, and the processing log says why
//!
//! A windowed key is the key's bytes followed by the window's start (of sessions: end and start),
//! eight bytes each, as Kafka's serialisers write it; the key's own bytes alone choose the
//! partition.

#[cfg(test)]
mod tests;

use crate::catalog::WindowType;
use crate::format::{Codec, Encoded, Part};
use crate::plan::{Node, TimestampPick};
use crate::runtime::{Bounds, CapturedRow, Change, Context, Failure, ProcessingErrorKind};
use crate::value::Value;
use headwater_base::trace::Rejection;

/// Writes rows to a topic.
#[derive(Clone, Debug)]
pub struct Sink {
    /// The topic, an index into the plan's topics.
    pub topic: usize,
    /// Writes the first slots as the key.
    pub key: Codec,
    /// Writes the slots behind as the value.
    pub value: Codec,
    /// The windows in the key.
    pub window: Option<WindowType>,
    /// The column that gives the record its time.
    pub timestamp: Option<TimestampPick>,
    /// Whether a key whose columns are all null is still written as a key.
    pub writes_null_parts: bool,
}

impl Sink {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let keys = self.key.columns().len();
        if let Some(rows) = cx.capture.as_deref_mut() {
            if change.present {
                let values = change.row.iter().map(Value::to_owned).collect();
                rows.push(CapturedRow {
                    values,
                    window: change.window,
                    time: change.time,
                });
            }
            return Ok(());
        }
        let (key_slots, value_slots) = change.row.split_at(keys.min(change.row.len()));
        cx.buffers.key.clear();
        cx.buffers.value.clear();
        let no_key = !self.writes_null_parts && key_slots.iter().all(Value::is_null);
        let key = match no_key || key_slots.is_empty() {
            true => Ok(Encoded::Null),
            false => self.key.encode(key_slots, &mut cx.buffers.key),
        };
        let value = match change.present {
            true => self.value.encode(value_slots, &mut cx.buffers.value),
            false => Ok(Encoded::Null),
        };
        let key = key.map_err(|error| (Part::Key, error));
        let value = value.map_err(|error| (Part::Value, error));
        let (key, value) = match (key, value) {
            (Ok(key), Ok(value)) => (key, value),
            (Err((part, error)), _) | (_, Err((part, error))) => {
                cx.error_of(
                    ProcessingErrorKind::Serialization,
                    Some(part),
                    error.to_string(),
                );
                let message = "Exception caught in process. Unable to serialize record".to_owned();
                return Err(Failure { message });
            }
        };
        let key_len = (key == Encoded::Bytes).then_some(cx.buffers.key.len());
        if let (Some(_), Some(window), Some(kind)) = (key_len, change.window, self.window) {
            write_bounds(window, kind, &mut cx.buffers.key);
        }
        let Some(time) = self.time(&change) else {
            cx.error(
                ProcessingErrorKind::Timestamp,
                "Failed to extract timestamp from row",
            );
            cx.rejected(node.station, Rejection::Error);
            return Ok(());
        };
        cx.passed(node.station);
        cx.send_keyed(
            self.topic,
            key_len,
            value == Encoded::Bytes,
            time,
            change.headers,
        );
        Ok(())
    }

    /// The time of the record; `None` where its column says none that can be one.
    fn time(&self, change: &Change<'_>) -> Option<i64> {
        let Some(pick) = &self.timestamp else {
            return Some(change.time);
        };
        match change.row.get(pick.slot).copied().unwrap_or_default() {
            Value::Null => Some(change.time),
            value => pick.millis(value).filter(|time| *time >= 0),
        }
    }
}

/// Appends a window's bounds to a serialised key.
pub fn write_bounds(window: Bounds, kind: WindowType, key: &mut Vec<u8>) {
    if kind == WindowType::Session {
        key.extend_from_slice(&window.end.to_be_bytes());
    }
    key.extend_from_slice(&window.start.to_be_bytes());
}

/// Splits a serialised windowed key into the key and its bounds.
///
/// ```
/// use headwater_sql::catalog::WindowType;
/// use headwater_sql::operator::split_bounds;
/// let key = [b"gold".as_slice(), &60_000i64.to_be_bytes()].concat();
/// let (key, window) = split_bounds(&key, WindowType::Tumbling(60_000)).unwrap();
/// assert_eq!((key, window.start, window.end), (b"gold".as_slice(), 60_000, 120_000));
/// ```
pub fn split_bounds(key: &[u8], kind: WindowType) -> Option<(&[u8], Bounds)> {
    let (key, start) = key.split_last_chunk::<8>()?;
    let start = i64::from_be_bytes(*start);
    match kind.size_millis() {
        Some(size) => Some((
            key,
            Bounds {
                start,
                end: start.saturating_add(size),
            },
        )),
        None => {
            let (key, end) = key.split_last_chunk::<8>()?;
            Some((
                key,
                Bounds {
                    start,
                    end: i64::from_be_bytes(*end),
                },
            ))
        }
    }
}
