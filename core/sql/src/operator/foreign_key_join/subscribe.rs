//! The left task's first part: each change of a left row is told to the task of its foreign key.
//!
//! - an insert: a subscription; INNER wants no answer if there is no row, LEFT wants one
//! - an update: a subscription that wants an answer in any case; if the foreign key has changed,
//!   the task of the old one is first told to forget, silently
//! - a delete: the task of the foreign key is told to forget and to answer without a row; nothing
//!   if there was no row
//! - a null foreign key, old or new: INNER skips the change, and what was emitted before stays;
//!   LEFT asks under a null key, which is answered without a row
//! - a late update: like any other

use super::super::joined::write_value;
use super::wire::{Instruction, Subscribe};
use super::{ForeignKeySubscribe, row_hash};
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure};
use crate::value::Value;
use headwater_base::trace::Rejection;

impl ForeignKeySubscribe {
    pub(in super::super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let new_row = change.present.then_some(change.row);
        let Some(any_row) = new_row.or(change.old) else {
            cx.rejected(node.station, Rejection::NothingToDelete);
            return Ok(());
        };
        let old = change
            .old
            .map(|row| self.foreign_key(cx, row))
            .transpose()?;
        let new = new_row.map(|row| self.foreign_key(cx, row)).transpose()?;
        let has_null = matches!(old, Some(None)) || matches!(new, Some(None));
        if has_null && !self.left_outer {
            cx.rejected(node.station, Rejection::NullKey);
            return Ok(());
        }
        cx.passed(node.station);
        let hash = match new_row {
            Some(row) => Some(row_hash(cx, &self.primary, &self.value, row)?),
            None => None,
        };
        let primary_key = self.primary_key(cx, any_row)?;
        let send = |cx: &mut Context<'r>, key: Option<&[u8]>, instruction| {
            let subscribe = Subscribe {
                instruction,
                hash,
                partition: cx.partition,
                primary_key: &primary_key,
            };
            self.send(cx, key, subscribe, &change);
        };
        match (old, new) {
            (Some(old), Some(new)) => {
                if old.is_some() && old != new {
                    send(cx, old.as_deref(), Instruction::DeleteSilently);
                }
                send(cx, new.as_deref(), Instruction::Always);
            }
            (Some(old), None) => send(cx, old.as_deref(), Instruction::Delete),
            (None, Some(new)) => {
                let instruction = match self.left_outer {
                    true => Instruction::Always,
                    false => Instruction::IfAvailable,
                };
                send(cx, new.as_deref(), instruction);
            }
            (None, None) => {}
        }
        Ok(())
    }

    /// The foreign key of a row as bytes; `None` where it is null.
    fn foreign_key<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        row: &'b [Value<'b>],
    ) -> Result<Option<Vec<u8>>, Failure>
    where
        'r: 'b,
    {
        let value = cx.value_or_null(&self.foreign_key, row);
        if value.is_null() {
            return Ok(None);
        }
        cx.buffers.value.clear();
        write_value(cx, &self.foreign, &[value])?;
        Ok(Some(cx.buffers.value.clone()))
    }

    fn primary_key(&self, cx: &mut Context<'_>, row: &[Value<'_>]) -> Result<Vec<u8>, Failure> {
        let count = self.primary.columns().len().min(row.len());
        cx.buffers.value.clear();
        write_value(cx, &self.primary, &row[..count])?;
        Ok(cx.buffers.value.clone())
    }

    fn send(
        &self,
        cx: &mut Context<'_>,
        key: Option<&[u8]>,
        subscribe: Subscribe<'_>,
        change: &Change<'_>,
    ) {
        cx.buffers.key.clear();
        cx.buffers.value.clear();
        cx.buffers.key.extend_from_slice(key.unwrap_or_default());
        subscribe.write(&mut cx.buffers.value);
        match key {
            Some(key) => {
                cx.send_keyed(
                    self.topic,
                    Some(key.len()),
                    true,
                    change.time,
                    change.headers,
                );
            }
            None => {
                let partition = cx.partition;
                cx.send_to(self.topic, partition, false, change.time, change.headers);
            }
        }
    }
}
