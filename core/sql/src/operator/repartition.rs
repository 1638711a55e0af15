//! Sends a stream's records through an internal topic to the task of their new key.
//!
//! - a record: is written to the internal topic with its new key and the columns still needed
//! - a record with a null value: is dropped, as joins and groupings drop it anyway; of a table that
//!   gets another key format, it goes on as the delete that it is
//! - a record whose new key is null: is dropped, unless what follows pads it with nulls
//! - a late record: like any other

#[cfg(test)]
mod tests;

use super::sink::write_bounds;
use crate::catalog::WindowType;
use crate::expression::Expression;
use crate::format::Codec;
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure, ProcessingErrorKind};
use crate::value::Value;
use headwater_base::trace::Rejection;

/// Writes records to an internal topic.
#[derive(Clone, Debug)]
pub struct Repartition {
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
    /// Whether records with a null in their new key go on.
    pub keeps_null_keys: bool,
    /// Whether records with a null value go on: they are the deletes of a table.
    pub keeps_null_values: bool,
    /// The windows that are part of the key.
    pub window: Option<WindowType>,
}

impl Repartition {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        if !change.present && !self.keeps_null_values {
            cx.rejected(node.station, Rejection::NullValue);
            return Ok(());
        }
        let arena = cx.eval.arena;
        let key: &'b mut [Value<'b>] = arena.slots(self.key_columns.len());
        for (slot, expression) in key.iter_mut().zip(&self.key_columns) {
            *slot = cx.value_or_null(expression, change.row);
        }
        let null_key = key.iter().any(Value::is_null);
        if null_key && !self.keeps_null_keys {
            cx.rejected(node.station, Rejection::NullKey);
            return Ok(());
        }
        let values: &'b mut [Value<'b>] = arena.slots(self.slots.len());
        for (slot, from) in values.iter_mut().zip(&self.slots) {
            *slot = change.row.get(*from).copied().unwrap_or_default();
        }
        cx.buffers.key.clear();
        cx.buffers.value.clear();
        let written =
            self.key
                .encode(key, &mut cx.buffers.key)
                .and_then(|_| match change.present {
                    true => self.value.encode(values, &mut cx.buffers.value).map(drop),
                    false => Ok(()),
                });
        if let Err(error) = written {
            cx.error(ProcessingErrorKind::Serialization, error.to_string());
            return Err(Failure {
                message: error.to_string(),
            });
        }
        let key_len = (!null_key).then_some(cx.buffers.key.len());
        if let (Some(_), Some(window), Some(kind)) = (key_len, change.window, self.window) {
            write_bounds(window, kind, &mut cx.buffers.key);
        }
        let (present, time) = (change.present, change.time);
        cx.send_keyed(self.topic, key_len, present, time, change.headers);
        Ok(())
    }
}
