//! Operators: one file each, which says what it emits for an insert, an update, a delete and a
//! late record.
//!
//! An operator is plain data in the plan; its state lies in the task's stores, and what it emits
//! goes to [`Context::forward`] at once.

mod aggregate;
mod aggregate_entries;
mod aggregate_fold;
mod aggregate_session;
mod emit_final;
mod filter_stream;
mod filter_table;
mod flat_map;
mod flush;
mod foreign_key_join;
mod joined;
mod materialize;
mod project;
mod push;
mod repartition;
mod repartition_table;
mod restore;
mod sink;
pub mod source;
mod stream_stream_join;
mod stream_table_join;
mod table_table_join;
#[cfg(test)]
pub(crate) mod testing;
mod windows;

pub use aggregate::{AggregateCall, AggregateStream};
pub use aggregate_session::AggregateSession;
pub use filter_stream::FilterStream;
pub use filter_table::FilterTable;
pub use flat_map::FlatMap;
pub use foreign_key_join::{ForeignKeyResponse, ForeignKeySubscribe, ForeignKeySubscription};
pub use materialize::Materialize;
pub use project::{Project, ProjectColumn};
pub use push::Push;
pub use repartition::Repartition;
pub use repartition_table::{RepartitionTable, split_change, write_change};
pub use restore::Restoring;
pub use sink::{Sink, split_bounds, write_bounds};
pub use stream_stream_join::{HeldRows, JoinSide, StreamStreamJoin};
pub use stream_table_join::StreamTableJoin;
pub use table_table_join::{TableSide, TableTableJoin, TableView};
pub use windows::Windows;

use crate::plan::{Node, Port};
use crate::runtime::{Bounds, Change, Context, Failure};
use crate::state::{StoreState, Stored};
use std::sync::Arc;

/// What a node of a sub-topology does.
#[derive(Clone, Debug)]
pub enum Operator {
    /// WHERE over a stream.
    FilterStream(FilterStream),
    /// WHERE over a table, and HAVING.
    FilterTable(FilterTable),
    /// Table functions.
    FlatMap(FlatMap),
    /// SELECT.
    Project(Project),
    /// Remembers a table's rows.
    Materialize(Materialize),
    /// Sends records to the task of their new key.
    Repartition(Repartition),
    /// Sends a table's changes to the tasks of their groups.
    RepartitionTable(RepartitionTable),
    /// A stream looks into a table.
    StreamTableJoin(StreamTableJoin),
    /// Two streams meet within a time.
    StreamStreamJoin(StreamStreamJoin),
    /// Two tables side by side.
    TableTableJoin(TableTableJoin),
    /// A table's foreign keys: who wants which row.
    ForeignKeySubscribe(ForeignKeySubscribe),
    /// A table's foreign keys: rows for those who want them.
    ForeignKeySubscription(ForeignKeySubscription),
    /// A table's foreign keys: the rows that came.
    ForeignKeyResponse(ForeignKeyResponse),
    /// Folds the records of a stream, or the changes of a table, into groups.
    AggregateStream(AggregateStream),
    /// Folds the records of a stream into sessions.
    AggregateSession(AggregateSession),
    /// Writes the result to its topic.
    Sink(Sink),
    /// Gives rows to the reader of a push query.
    Push(Push),
    /// Shows changes to a test.
    #[cfg(test)]
    Collect,
}

impl Operator {
    /// Takes one change in.
    pub fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        port: Port,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        match self {
            Operator::FilterStream(it) => it.process(cx, node, change),
            Operator::FilterTable(it) => it.process(cx, node, change),
            Operator::FlatMap(it) => it.process(cx, node, change),
            Operator::Project(it) => it.process(cx, node, change),
            Operator::Materialize(it) => it.process(cx, node, change),
            Operator::Repartition(it) => it.process(cx, node, change),
            Operator::RepartitionTable(it) => it.process(cx, node, change),
            Operator::StreamTableJoin(it) => it.process(cx, node, port, change),
            Operator::StreamStreamJoin(it) => it.process(cx, node, port, change),
            Operator::TableTableJoin(it) => it.process(cx, node, port, change),
            Operator::ForeignKeySubscribe(it) => it.process(cx, node, change),
            Operator::ForeignKeySubscription(it) => it.process(cx, node, port, change),
            Operator::ForeignKeyResponse(it) => it.process(cx, node, change),
            Operator::AggregateStream(it) => it.process(cx, node, change),
            Operator::AggregateSession(it) => it.process(cx, node, change),
            Operator::Sink(it) => it.process(cx, node, change),
            Operator::Push(it) => it.process(cx, node, change),
            #[cfg(test)]
            Operator::Collect => testing::collect(cx, &change),
        }
    }
}

/// One entry of a store that pull queries can read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is stored.
    pub stored: Arc<Stored>,
    /// The window of its key.
    pub window: Option<Bounds>,
}

impl Operator {
    /// The entries of the operator's store, by key bytes and then by window; none for operators
    /// whose stores cannot be looked up.
    pub fn entries(&self, stores: &[StoreState]) -> Vec<Entry> {
        match self {
            Operator::Materialize(it) => it.entries(stores),
            Operator::AggregateStream(it) => it.entries(stores),
            Operator::AggregateSession(it) => it.entries(stores),
            _ => Vec::new(),
        }
    }

    /// Sends an entry on as if it had just been stored.
    pub fn replay<'r>(
        &'r self,
        cx: &mut Context<'r>,
        node: &'r Node,
        entry: &Entry,
    ) -> Result<(), Failure> {
        match self {
            Operator::Materialize(it) => it.replay(cx, node, entry),
            Operator::AggregateStream(it) => it.replay(cx, node, entry),
            Operator::AggregateSession(it) => it.fold.replay(cx, node, entry),
            _ => Ok(()),
        }
    }
}

impl Operator {
    /// The operator's name, as EXPLAIN shows it.
    pub const fn name(&self) -> &'static str {
        match self {
            Operator::FilterStream(_) => "Filter stream",
            Operator::FilterTable(_) => "Filter table",
            Operator::FlatMap(_) => "Table functions",
            Operator::Project(_) => "Project",
            Operator::Materialize(_) => "Materialize table",
            Operator::Repartition(_) | Operator::RepartitionTable(_) => "Repartition",
            Operator::StreamTableJoin(_) => "Stream-table join",
            Operator::StreamStreamJoin(_) => "Stream-stream join",
            Operator::TableTableJoin(_) => "Table-table join",
            Operator::ForeignKeySubscribe(_)
            | Operator::ForeignKeySubscription(_)
            | Operator::ForeignKeyResponse(_) => "Foreign-key join",
            Operator::AggregateStream(_) | Operator::AggregateSession(_) => "Aggregate",
            Operator::Sink(_) => "Sink",
            Operator::Push(_) => "Push",
            #[cfg(test)]
            Operator::Collect => "Collect",
        }
    }

    /// The store that the operator writes, an index into the sub-topology's.
    pub const fn store(&self) -> Option<usize> {
        match self {
            Operator::Materialize(it) => Some(it.store),
            Operator::AggregateStream(it) => Some(it.store),
            Operator::AggregateSession(it) => Some(it.fold.store),
            _ => None,
        }
    }

    /// The stores that the operator looks into and does not write, indexes into the
    /// sub-topology's.
    pub fn looks_into(&self) -> Vec<usize> {
        match self {
            Operator::StreamTableJoin(it) => vec![it.store],
            Operator::TableTableJoin(it) => {
                let views = [it.left.current, it.right.current].into_iter();
                let stores = views.filter_map(|view| match view {
                    TableView::Store(store) => Some(store),
                    TableView::Join(_) => None,
                });
                stores.collect()
            }
            Operator::ForeignKeySubscription(it) => vec![it.table],
            Operator::ForeignKeyResponse(it) => vec![it.store],
            _ => Vec::new(),
        }
    }

    /// The topic that the operator sends records to, an index into the plan's; changelogs do not
    /// count.
    pub const fn writes(&self) -> Option<usize> {
        match self {
            Operator::Repartition(it) => Some(it.topic),
            Operator::RepartitionTable(it) => Some(it.topic),
            Operator::ForeignKeySubscribe(it) => Some(it.topic),
            Operator::ForeignKeySubscription(it) => Some(it.topic),
            Operator::Sink(it) => Some(it.topic),
            _ => None,
        }
    }
}
