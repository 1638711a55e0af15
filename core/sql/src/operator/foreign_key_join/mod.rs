//! A table looks up the rows that its columns point at: JOIN … ON a foreign key, in three pieces.
//!
//! The task of the left row subscribes to the foreign key ([`ForeignKeySubscribe`]), the task of
//! the right row answers each subscription, and again whenever its row changes
//! ([`ForeignKeySubscription`]), and the task of the left row joins the answer with its row
//! ([`ForeignKeyResponse`]). Subscriptions and answers travel through internal topics.

mod murmur;
mod response;
mod restore;
mod subscribe;
mod subscription;
#[cfg(test)]
mod tests;
mod wire;

use super::joined::write_value;
use crate::expression::Expression;
use crate::format::Codec;
use crate::runtime::{Context, Failure};
use crate::value::Value;

/// Left task: tells the task of the foreign key who wants its row. Its input must come with old
/// rows (`Materialize::emits_old`). It sends to `topic`: the foreign key (`foreign`), and the
/// subscription as bytes.
#[derive(Clone, Debug)]
pub struct ForeignKeySubscribe {
    /// The topic of subscriptions, an index into the plan's topics.
    pub topic: usize,
    /// The foreign key, over the left row.
    pub foreign_key: Expression,
    /// Writes it as the right table's keys.
    pub foreign: Codec,
    /// Writes the left row's key: its first slots.
    pub primary: Codec,
    /// Writes the columns behind, which are what answers are about.
    pub value: Codec,
    /// Whether rows without a match go on.
    pub left_outer: bool,
}

/// Right task: keeps subscriptions and answers them. Left port: a source that reads the topic of
/// subscriptions as a stream (key: the foreign key's columns; value: one BYTES column in KAFKA
/// format, in the slot behind the key). Right port: the right table's `Materialize`. It sends to
/// `topic`: the left row's key, and the answer as bytes.
#[derive(Clone, Debug)]
pub struct ForeignKeySubscription {
    /// The store of subscriptions, an index into the sub-topology's.
    pub store: usize,
    /// The store's changelog, an index into the plan's topics.
    pub changelog: usize,
    /// The right table's store, an index into the sub-topology's.
    pub table: usize,
    /// Writes the key of the right table: the first slots of both inputs.
    pub foreign: Codec,
    /// The slots of the right row that answers carry.
    pub carried: Vec<usize>,
    /// Writes them.
    pub value: Codec,
    /// The topic of answers, an index into the plan's topics.
    pub topic: usize,
}

/// Left task: joins answers with the left rows that they are about. Its input is a source that
/// reads the topic of answers as a stream (key: the left table's key columns; value: one BYTES
/// column in KAFKA format, in the slot behind the key).
///
/// The joined row holds the left slots, the right slots, and in one slot more the foreign key; of
/// a deleted row only the left key.
#[derive(Clone, Debug)]
pub struct ForeignKeyResponse {
    /// The left table's store, an index into the sub-topology's.
    pub store: usize,
    /// Writes the left row's key: the first slots of its row, and of the answer's.
    pub primary: Codec,
    /// Writes the columns of the left row behind its key, as `ForeignKeySubscribe` does.
    pub value: Codec,
    /// The foreign key, over the left row.
    pub foreign_key: Expression,
    /// How many slots a left row has.
    pub left_slots: usize,
    /// How many slots a right row has.
    pub right_slots: usize,
    /// The slots of the right row that answers carry.
    pub carried: Vec<usize>,
    /// Reads them.
    pub carried_value: Codec,
    /// Whether rows without a match go on.
    pub left_outer: bool,
}

/// The digest of what is behind the key of a left row.
fn row_hash(
    cx: &mut Context<'_>,
    primary: &Codec,
    value: &Codec,
    row: &[Value<'_>],
) -> Result<[u64; 2], Failure> {
    let keys = primary.columns().len();
    let behind = row.get(keys..keys + value.columns().len());
    cx.buffers.value.clear();
    write_value(cx, value, behind.unwrap_or_default())?;
    Ok(murmur::hash128(&cx.buffers.value))
}
