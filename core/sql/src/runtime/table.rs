//! The rows of a table that a query keeps: its store, seen through the operators behind it.

use super::change::Bounds;
use super::context::{CapturedRow, Context};
use super::output::Nowhere;
use super::query::Query;
use super::scratch::Scratch;
use crate::expression::EvalContext;
use crate::value::OwnedValue;
use headwater_base::{RecordId, VirtualTime};

/// A row of a table as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// Key columns, then value columns.
    pub values: Vec<OwnedValue>,
    /// The window of the key.
    pub window: Option<Bounds>,
    /// The record time of the row.
    pub time: i64,
    /// The partition number of the task that keeps it.
    pub partition: u32,
    /// The record that last set it.
    pub cause: RecordId,
    /// The offset of its record in the changelog topic, if it is known.
    pub changelog: Option<u64>,
}

impl Query {
    /// The rows of the table that this query keeps, as a pull query finds them: by partition,
    /// then by key bytes, then by window.
    pub fn table_rows(&self, now: VirtualTime) -> Vec<TableRow> {
        let Some(queryable) = self.plan.queryable else {
            return Vec::new();
        };
        let Some(sub) = self.plan.subs.get(queryable.sub) else {
            return Vec::new();
        };
        let Some(node) = sub.nodes.get(queryable.node as usize) else {
            return Vec::new();
        };
        let mut rows = Vec::new();
        let mut scratch = Scratch::default();
        for task in self
            .tasks
            .iter()
            .filter(|task| usize::from(task.sub) == queryable.sub)
        {
            for entry in node.operator.entries(&task.stores) {
                let Scratch {
                    arena,
                    errors,
                    buffers,
                } = &mut scratch;
                arena.reset();
                let mut captured: Vec<CapturedRow> = Vec::new();
                let mut emitted = 0;
                let mut cx = Context {
                    eval: EvalContext::new(arena, errors, now.epoch_millis(), 0),
                    nodes: &sub.nodes,
                    plan: Some((&self.plan, queryable.sub)),
                    at: None,
                    source: 0,
                    topics: &self.topics,
                    stores: &mut [],
                    cache: None,
                    buffers,
                    output: &mut Nowhere,
                    capture: Some(&mut captured),
                    query: self.id,
                    input: entry.stored.cause,
                    place: 0,
                    partition: task.partition,
                    emitted: &mut emitted,
                };
                // A pull query shows what it can; a failure here is that of this row alone.
                let _ = node.operator.replay(&mut cx, node, &entry);
                errors.take();
                let place = |row: CapturedRow| TableRow {
                    values: row.values,
                    window: row.window,
                    time: row.time,
                    partition: task.partition,
                    cause: entry.stored.cause,
                    changelog: entry.stored.changelog,
                };
                rows.extend(captured.into_iter().map(place));
            }
        }
        rows
    }
}
