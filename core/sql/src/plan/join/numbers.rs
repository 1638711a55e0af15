//! The running numbers of Kafka Streams' nodes, which are in the names of joins' stores.
//!
//! Kafka Streams numbers every node that nobody named, in the order in which ksqlDB builds them: a
//! table that a stream looks into comes before the stream. The counts are those that ksqlDB's
//! topologies show.

use super::decide::Decision;
use crate::analyze::{Analysis, JoinShape};

/// A stream that is read, with its pseudo columns and its alias.
const STREAM: u32 = 3;
/// A table that is read: the same, its store, and a copy against Kafka's own short cut.
const TABLE: u32 = 6;
/// A stream that goes through an internal topic.
const STREAM_MOVES: u32 = 4;
/// A table that goes through an internal topic into a store.
const TABLE_MOVES: u32 = 6;
/// Both windows, both sides and the merge of a stream-stream join.
const STREAM_STREAM: u32 = 5;
/// The nodes of the other joins.
const STREAM_TABLE: u32 = 1;
const TABLE_TABLE: u32 = 3;
const FOREIGN_KEY: u32 = 14;

/// The number that each join's nodes begin with; of a stream-stream join, that of its left store.
pub(super) fn numbers(analysis: &Analysis, decisions: &[Decision]) -> Vec<u32> {
    let mut found = vec![0; decisions.len()];
    count(analysis, decisions, decisions.len(), 0, &mut found);
    found
}

/// Counts the nodes of the first `joins` joins from `next` on; gives the number after them.
fn count(
    analysis: &Analysis,
    decisions: &[Decision],
    joins: usize,
    next: u32,
    found: &mut [u32],
) -> u32 {
    let is_table = |source: usize| {
        let bound = analysis.sources.get(source);
        bound.is_some_and(|bound| bound.source.is_table())
    };
    let read = |source: usize, moves: bool| match (is_table(source), moves) {
        (true, false) => TABLE,
        (true, true) => TABLE + TABLE_MOVES,
        (false, false) => STREAM,
        (false, true) => STREAM + STREAM_MOVES,
    };
    let Some(index) = joins.checked_sub(1) else {
        return next + read(0, false);
    };
    let (join, decision) = (&analysis.joins[index], &decisions[index]);
    let right = read(joins, decision.right_moves);
    let left_moves = match (decision.left_moves, is_table(0)) {
        (true, true) => TABLE_MOVES,
        (true, false) => STREAM_MOVES,
        (false, _) => 0,
    };
    let both = match join.shape {
        JoinShape::StreamTable => {
            count(analysis, decisions, index, next + right, found) + left_moves
        }
        _ => count(analysis, decisions, index, next, found) + left_moves + right,
    };
    let (first, nodes) = match join.shape {
        JoinShape::StreamStream(_) => (both + 2, STREAM_STREAM),
        JoinShape::StreamTable => (both, STREAM_TABLE),
        JoinShape::TableTable => (both, TABLE_TABLE),
        JoinShape::ForeignKey => (both, FOREIGN_KEY),
    };
    found[index] = first;
    both + nodes
}
