//! FROM: a record's bytes become slots.
//!
//! - a record of a stream: a row; with a null value, a row without a value
//! - a record of a table: an insert or update; with a null value, a delete, also for unknown keys
//! - a record of a table with a null key: is dropped
//! - a record that is not of the declared format: is dropped, and the processing log says why
//! - a record whose time cannot be read from its column: is dropped, or stops the query where
//!   `ksql.timestamp.throw.on.invalid` is true

#[cfg(test)]
mod tests;

use super::repartition_table::split_change;
use super::sink::split_bounds;
use crate::catalog::HeaderColumn;
use crate::format::{Decoded, Part};
use crate::plan::{RowReader, SourceNode, TimestampPick};
use crate::runtime::{Bounds, Change, Context, Failure, ProcessingErrorKind};
use crate::time::parse_timestamp;
use crate::value::Value;
use headwater_base::trace::Rejection;
use headwater_log::{Headers, RecordRef};

impl SourceNode {
    /// Reads one record and sends it on its way.
    pub fn process<'r>(&self, cx: &mut Context<'r>, record: &RecordRef<'r>) -> Result<(), Failure> {
        let read = match self.changes {
            true => self.read_change(cx, record),
            false => self.reader.read(cx, record),
        };
        let change = match read {
            Ok(change) => change,
            Err(Unread::Bytes(part, message)) => {
                cx.error_of(ProcessingErrorKind::Deserialization, Some(part), message);
                return self.reject(cx, Rejection::Unreadable);
            }
            Err(Unread::Time(message)) => {
                cx.error(ProcessingErrorKind::Timestamp, message);
                if self.reader.strict_time {
                    let message = "Fatal user code error in TimestampExtractor callback for record";
                    return Err(Failure {
                        message: message.to_owned(),
                    });
                }
                return self.reject(cx, Rejection::Error);
            }
        };
        let keys = self.reader.key.columns().len();
        if self.table && change.row.iter().take(keys).all(Value::is_null) {
            return self.reject(cx, Rejection::NullKey);
        }
        if let Some(station) = self.station {
            cx.passed(station);
        }
        cx.forward(self.next, change)
    }

    /// A record of an internal topic that holds a new row, an old row or both.
    fn read_change<'r>(
        &self,
        cx: &Context<'r>,
        record: &RecordRef<'r>,
    ) -> Result<Change<'r>, Unread> {
        let Some((new, old)) = record.value.and_then(split_change) else {
            let message = "This is no change of a table.".to_owned();
            return Err(Unread::Bytes(Part::Value, message));
        };
        let with = |value: Option<&'r [u8]>| RecordRef { value, ..*record };
        let change = self.reader.read(cx, &with(new))?;
        let old = match old {
            Some(_) => Some(self.reader.read(cx, &with(old))?.row),
            None => None,
        };
        Ok(Change { old, ..change })
    }

    fn reject(&self, cx: &mut Context<'_>, reason: Rejection) -> Result<(), Failure> {
        if let Some(station) = self.station {
            cx.rejected(station, reason);
        }
        Ok(())
    }
}

/// Why a record is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The bytes of this side are not of the declared format.
    Bytes(Part, String),
    /// Its time cannot be read.
    Time(String),
}

impl RowReader {
    /// The record as a change.
    pub fn read<'r>(&self, cx: &Context<'r>, record: &RecordRef<'r>) -> Result<Change<'r>, Unread> {
        self.read_in(cx.eval.arena, record, cx.partition)
    }

    /// The same with an arena alone; `partition` is what ROWPARTITION shows.
    pub fn read_in<'r>(
        &self,
        arena: &'r crate::arena::Arena,
        record: &RecordRef<'r>,
        partition: u32,
    ) -> Result<Change<'r>, Unread> {
        let slots = arena.slots(self.slot_count());
        let keys = self.key.columns().len();
        let bounds_slot = self.bounds_slot();
        let (columns, pseudo) = slots.split_at_mut(bounds_slot);
        let (key_slots, rest) = columns.split_at_mut(keys);
        let (value_slots, header_slots) = rest.split_at_mut(self.value.columns().len());
        let (key, window) = self.key_and_window(record.key)?;
        let unread = |part: Part| {
            move |error: crate::format::FormatError| Unread::Bytes(part, error.to_string())
        };
        self.key
            .decode(key, arena, &self.wanted_key, key_slots)
            .map_err(unread(Part::Key))?;
        let value = self
            .value
            .decode(record.value, arena, &self.wanted_value, value_slots);
        // A value without columns says nothing but that it is there.
        let present = match value_slots.is_empty() {
            true => record.value.is_some(),
            false => value.map_err(unread(Part::Value))? == Decoded::Row,
        };
        for (slot, column) in header_slots.iter_mut().zip(&self.headers) {
            *slot = header_value(column, record.headers, arena);
        }
        let mut pseudo = pseudo.iter_mut();
        if self.window.is_some() {
            let bounds = window.map_or([Value::Null; 2], |window| {
                [Value::BigInt(window.start), Value::BigInt(window.end)]
            });
            pseudo
                .by_ref()
                .zip(bounds)
                .for_each(|(slot, value)| *slot = value);
        }
        let places = [
            Value::Null,
            Value::Int(partition as i32),
            Value::BigInt(record.offset as i64),
        ];
        let time = if present {
            pseudo.zip(places).for_each(|(slot, value)| *slot = value);
            let time = self.time(slots, record.timestamp, present)?;
            slots[self.rowtime_slot()] = Value::BigInt(time);
            time
        } else {
            // What a record says besides its key goes with its value, the pseudo columns too.
            self.time(slots, record.timestamp, present)?
        };
        Ok(Change {
            row: slots,
            present,
            old: None,
            time,
            window,
            headers: record.headers,
        })
    }

    /// The key without what a window adds to it, and the window.
    fn key_and_window<'r>(
        &self,
        key: Option<&'r [u8]>,
    ) -> Result<(Option<&'r [u8]>, Option<Bounds>), Unread> {
        let (Some(kind), Some(key)) = (self.window, key) else {
            return Ok((key, None));
        };
        match split_bounds(key, kind) {
            Some((key, window)) => Ok((Some(key), Some(window))),
            None => {
                let message = "The key carries no window.";
                Err(Unread::Bytes(Part::Key, message.to_owned()))
            }
        }
    }

    fn time(&self, slots: &[Value<'_>], timestamp: i64, present: bool) -> Result<i64, Unread> {
        let Some(pick) = &self.timestamp else {
            return Ok(timestamp);
        };
        if !present && pick.slot >= self.key.columns().len() {
            return Ok(timestamp);
        }
        let value = slots.get(pick.slot).copied().unwrap_or_default();
        match pick.millis(value) {
            Some(time) if time >= 0 => Ok(time),
            _ => {
                let mut text = String::new();
                // Writing to a String cannot fail.
                let _ = crate::value::write_text(&mut text, value, None);
                Err(Unread::Time(format!(
                    "Failed to extract a timestamp from {text}"
                )))
            }
        }
    }
}

impl TimestampPick {
    /// The time that a value gives, in milliseconds.
    pub fn millis(&self, value: Value<'_>) -> Option<i64> {
        match (value, &self.pattern) {
            (Value::BigInt(millis) | Value::Timestamp(millis), _) => Some(millis),
            (Value::Int(millis), _) => Some(i64::from(millis)),
            (Value::String(text), Some(pattern)) => pattern
                .parse(text)
                .ok()?
                .millis(&crate::time::TimeZone::UTC)
                .ok(),
            (Value::String(text), None) => parse_timestamp(text),
            _ => None,
        }
    }
}

pub(super) fn header_value<'r>(
    column: &HeaderColumn,
    headers: Headers<'r>,
    arena: &'r crate::arena::Arena,
) -> Value<'r> {
    let bytes = |value: Option<&'r [u8]>| value.map_or(Value::Null, Value::Bytes);
    if let Some(name) = &column.header {
        return headers
            .last(name)
            .map_or(Value::Null, |header| bytes(header.value));
    }
    let mut items = arena.list();
    for header in headers {
        let fields = arena.values(&[Value::String(header.key), bytes(header.value)]);
        items.push(Value::Struct(fields));
    }
    Value::Array(items.into_bump_slice())
}
