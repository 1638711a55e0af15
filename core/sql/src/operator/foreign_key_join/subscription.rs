//! The right task: it knows who wants which row, answers, and answers again when a row changes.
//!
//! - a subscription: is kept under its foreign and primary key, and answered with the row as it is
//!   now, at the later of both times; without a row only where the subscriber asks for that
//! - a subscription's end: it is forgotten; an answer without a row follows if it is asked for
//! - a subscription under a null key: is not kept, and answered without a row
//! - an insert or update of a row: an answer to each of its subscribers, in the order of their
//!   serialised primary keys
//! - a delete of a row: the same answers, without a row
//! - a late subscription or update: like any other

use super::super::joined::{write_key, write_value};
use super::ForeignKeySubscription;
use super::wire::{Answer, Instruction, Subscribe};
use crate::plan::{Node, Port};
use crate::runtime::{Change, Context, Failure, ProcessingErrorKind};
use crate::state::{StoreState, Stored, Subscription, SubscriptionStore};
use crate::value::Value;
use headwater_base::trace::Rejection;
use headwater_base::{TraceDetail, digest};
use std::sync::Arc;

/// To whom an answer goes.
struct Subscriber<'a> {
    primary_key: &'a [u8],
    partition: u32,
    hash: Option<[u64; 2]>,
}

impl ForeignKeySubscription {
    pub(in super::super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        port: Port,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let keys = self.foreign.columns().len().min(change.row.len());
        let (key, rest) = change.row.split_at(keys);
        match port {
            Port::Left => self.subscribe(cx, node, key, rest, &change),
            Port::Right => self.fan_out(cx, node, key, &change),
        }
    }

    /// Takes a subscription in, and answers it.
    fn subscribe(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        key: &[Value<'_>],
        rest: &[Value<'_>],
        change: &Change<'_>,
    ) -> Result<(), Failure> {
        let subscribe = match rest.first() {
            Some(Value::Bytes(bytes)) if change.present => Subscribe::read(bytes),
            _ => None,
        };
        let Some(subscribe) = subscribe else {
            let message = "This is no subscription of a foreign-key join.";
            cx.error(ProcessingErrorKind::Deserialization, message);
            cx.rejected(node.station, Rejection::Unreadable);
            return Ok(());
        };
        let found = match key.iter().any(Value::is_null) {
            true => None,
            false => {
                write_key(cx, &self.foreign, key)?;
                let foreign_key = cx.buffers.key.clone();
                self.keep(cx, node, &foreign_key, &subscribe, change);
                self.row(cx, node, &foreign_key)
            }
        };
        let (row, time) = match (subscribe.instruction, &found) {
            (Instruction::DeleteSilently, _) => return Ok(()),
            (Instruction::IfAvailable, None) => {
                cx.rejected(node.station, Rejection::NoMatch);
                return Ok(());
            }
            (Instruction::Always | Instruction::IfAvailable, Some(stored)) => {
                (Some(stored), change.time.max(stored.time))
            }
            (Instruction::Always, None) => (None, change.time),
            (Instruction::Delete, stored) => {
                let time = stored.as_ref().map_or(change.time, |it| it.time);
                (None, change.time.max(time))
            }
        };
        cx.passed(node.station);
        let row = row.map(|stored| self.written_row(cx, stored)).transpose()?;
        let to = Subscriber {
            primary_key: subscribe.primary_key,
            partition: subscribe.partition,
            hash: subscribe.hash,
        };
        self.answer(cx, to, row.as_deref(), &Change { time, ..*change });
        Ok(())
    }

    /// Keeps or forgets a subscription, in the store and in its changelog.
    fn keep(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        foreign_key: &[u8],
        subscribe: &Subscribe<'_>,
        change: &Change<'_>,
    ) {
        let primary_key = subscribe.primary_key;
        let ends = matches!(
            subscribe.instruction,
            Instruction::Delete | Instruction::DeleteSilently
        );
        let cause = cx.input;
        let Some(store) = self.store(cx) else {
            return;
        };
        match ends {
            true => {
                store.remove(foreign_key, primary_key);
            }
            false => {
                let subscription = Subscription {
                    hash: subscribe.hash,
                    instruction: subscribe.instruction as u8,
                    partition: subscribe.partition,
                    time: change.time,
                    cause,
                };
                store.put(foreign_key, primary_key, subscription);
            }
        }
        write_combined(foreign_key, primary_key, &mut cx.buffers.key);
        cx.buffers.value.clear();
        subscribe.write(&mut cx.buffers.value);
        cx.note(TraceDetail::StateUpdated {
            query: cx.query,
            station: node.station,
            key: digest::bytes(&cx.buffers.key),
            deleted: ends,
        });
        cx.send_changelog(self.changelog, !ends, change.time);
    }

    fn store<'c>(&self, cx: &'c mut Context<'_>) -> Option<&'c mut SubscriptionStore> {
        match cx.stores.get_mut(self.store) {
            Some(StoreState::Subscriptions(store)) => Some(store),
            _ => None,
        }
    }

    /// The right table's row of a key, as it is now.
    fn row(&self, cx: &mut Context<'_>, node: &Node, key: &[u8]) -> Option<Arc<Stored>> {
        let Some(StoreState::Keyed(table)) = cx.stores.get(self.table) else {
            return None;
        };
        let found = table.get(key).cloned();
        cx.note(TraceDetail::TableProbed {
            query: cx.query,
            station: node.station,
            key: digest::bytes(key),
            found: found.is_some(),
        });
        found
    }

    /// A change of the right table is told to all who want the row.
    fn fan_out(
        &self,
        cx: &mut Context<'_>,
        node: &Node,
        key: &[Value<'_>],
        change: &Change<'_>,
    ) -> Result<(), Failure> {
        write_key(cx, &self.foreign, key)?;
        let foreign_key = cx.buffers.key.clone();
        let subscribers = match self.store(cx) {
            Some(store) => store.of_key(&foreign_key),
            None => Vec::new(),
        };
        if subscribers.is_empty() {
            return Ok(());
        }
        cx.passed(node.station);
        let row = match change.present {
            true => Some(self.written(cx, change.row)?),
            false => None,
        };
        for (primary_key, subscription) in &subscribers {
            let to = Subscriber {
                primary_key,
                partition: subscription.partition,
                hash: subscription.hash,
            };
            self.answer(cx, to, row.as_deref(), change);
        }
        Ok(())
    }

    fn written_row(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<Vec<u8>, Failure> {
        let arena = cx.eval.arena;
        let row = arena.slots(stored.values.len());
        for (slot, value) in row.iter_mut().zip(&stored.values) {
            *slot = value.borrow(arena).copied_to(arena);
        }
        self.written(cx, row)
    }

    /// What answers carry of a row.
    fn written(&self, cx: &mut Context<'_>, row: &[Value<'_>]) -> Result<Vec<u8>, Failure> {
        cx.buffers.value.clear();
        let mut slots = Vec::with_capacity(self.carried.len());
        slots.extend(
            self.carried
                .iter()
                .map(|slot| row.get(*slot).copied().unwrap_or_default()),
        );
        write_value(cx, &self.value, &slots)?;
        Ok(cx.buffers.value.clone())
    }

    fn answer(
        &self,
        cx: &mut Context<'_>,
        to: Subscriber<'_>,
        row: Option<&[u8]>,
        change: &Change<'_>,
    ) {
        cx.buffers.key.clear();
        cx.buffers.value.clear();
        cx.buffers.key.extend_from_slice(to.primary_key);
        let hash = to.hash;
        Answer { hash, row }.write(&mut cx.buffers.value);
        cx.send_to(self.topic, to.partition, true, change.time, change.headers);
    }
}

/// A foreign and a primary key as one: the foreign key's length, then both.
fn write_combined(foreign_key: &[u8], primary_key: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend_from_slice(&(foreign_key.len() as u32).to_be_bytes());
    out.extend_from_slice(foreign_key);
    out.extend_from_slice(primary_key);
}
