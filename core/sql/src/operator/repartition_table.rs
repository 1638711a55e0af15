//! Sends a table's changes through an internal topic to the tasks of their groups.
//!
//! - an insert: one record with the new row, to its group
//! - an update within a group: one record with both rows
//! - an update that changes the group: the old row to its group, then the new row to its own
//! - a delete: one record with the old row, if there was one
//! - a row whose grouping holds a null, or fails: is in no group
//! - a late update: like any other, for the order is that of the log

#[cfg(test)]
mod tests;

use crate::expression::Expression;
use crate::format::Codec;
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure, ProcessingErrorKind};
use crate::value::Value;
use headwater_base::trace::Rejection;

/// Writes changes to an internal topic.
#[derive(Clone, Debug)]
pub struct RepartitionTable {
    /// The internal topic, an index into the plan's topics.
    pub topic: usize,
    /// The new key.
    pub key_columns: Vec<Expression>,
    /// Writes it.
    pub key: Codec,
    /// The slots that are still needed.
    pub slots: Vec<usize>,
    /// Writes them.
    pub value: Codec,
}

/// A row with its group.
struct Grouped {
    key: Vec<u8>,
    value: Vec<u8>,
}

impl RepartitionTable {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let old = match change.old {
            Some(row) => self.grouped(cx, row)?,
            None => None,
        };
        let new = match change.present {
            true => self.grouped(cx, change.row)?,
            false => None,
        };
        match (old, new) {
            (None, None) if change.present => cx.rejected(node.station, Rejection::NullKey),
            (None, None) => cx.rejected(node.station, Rejection::NothingToDelete),
            (Some(old), Some(new)) if old.key == new.key => {
                self.send(cx, &change, Some(&new), Some(&old));
            }
            (old, new) => {
                if let Some(old) = &old {
                    self.send(cx, &change, None, Some(old));
                }
                if let Some(new) = &new {
                    self.send(cx, &change, Some(new), None);
                }
            }
        }
        Ok(())
    }

    fn grouped<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        row: &'b [Value<'b>],
    ) -> Result<Option<Grouped>, Failure>
    where
        'r: 'b,
    {
        let arena = cx.eval.arena;
        let key: &'b mut [Value<'b>] = arena.slots(self.key_columns.len());
        for (slot, expression) in key.iter_mut().zip(&self.key_columns) {
            *slot = cx.value_or_null(expression, row);
        }
        if key.iter().any(Value::is_null) {
            return Ok(None);
        }
        let values: &'b mut [Value<'b>] = arena.slots(self.slots.len());
        for (slot, from) in values.iter_mut().zip(&self.slots) {
            *slot = row.get(*from).copied().unwrap_or_default();
        }
        let mut grouped = Grouped {
            key: Vec::new(),
            value: Vec::new(),
        };
        let written = self
            .key
            .encode(key, &mut grouped.key)
            .and_then(|_| self.value.encode(values, &mut grouped.value));
        match written {
            Ok(_) => Ok(Some(grouped)),
            Err(error) => {
                cx.error(ProcessingErrorKind::Serialization, error.to_string());
                Err(Failure {
                    message: error.to_string(),
                })
            }
        }
    }

    fn send(
        &self,
        cx: &mut Context<'_>,
        change: &Change<'_>,
        new: Option<&Grouped>,
        old: Option<&Grouped>,
    ) {
        cx.buffers.key.clear();
        cx.buffers.value.clear();
        if let Some(row) = new.or(old) {
            cx.buffers.key.extend_from_slice(&row.key);
        }
        let value = |row: Option<&Grouped>| row.map(|row| row.value.clone());
        let (new, old) = (value(new), value(old));
        write_change(new.as_deref(), old.as_deref(), &mut cx.buffers.value);
        let key_len = Some(cx.buffers.key.len());
        cx.send_keyed(self.topic, key_len, true, change.time, change.headers);
    }
}

/// What a value with an old row alone ends with.
const OLD: u8 = 0;
/// What a value with a new row alone ends with.
const NEW: u8 = 1;
/// What a value with both ends with; it begins with the new row's length.
const BOTH: u8 = 2;

/// Writes a new and an old value as one, as Kafka Streams does.
///
/// ```
/// use headwater_sql::operator::{split_change, write_change};
/// let mut bytes = Vec::new();
/// write_change(Some(b"new"), Some(b"old"), &mut bytes);
/// assert_eq!(split_change(&bytes), Some((Some(&b"new"[..]), Some(&b"old"[..]))));
/// ```
pub fn write_change(new: Option<&[u8]>, old: Option<&[u8]>, out: &mut Vec<u8>) {
    let kind = match (new, old) {
        (Some(new), Some(_)) => {
            out.extend_from_slice(&(new.len() as u32).to_be_bytes());
            BOTH
        }
        (Some(_), None) => NEW,
        (None, _) => OLD,
    };
    out.extend_from_slice(new.unwrap_or_default());
    out.extend_from_slice(old.unwrap_or_default());
    out.push(kind);
}

/// The new and the old value; `None` where the bytes are no change.
#[allow(
    clippy::type_complexity,
    reason = "the outer option says whether it is one"
)]
pub fn split_change(bytes: &[u8]) -> Option<(Option<&[u8]>, Option<&[u8]>)> {
    let (kind, rest) = bytes.split_last()?;
    match *kind {
        OLD => Some((None, Some(rest))),
        NEW => Some((Some(rest), None)),
        BOTH => {
            let (length, rest) = rest.split_first_chunk::<4>()?;
            let (new, old) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
            Some((Some(new), Some(old)))
        }
        _ => None,
    }
}
