//! A query's plan: sub-topologies of operators, cut where records have to change their partition.
//!
//! Plain data that never changes once it is made; what a running query remembers is in
//! [`crate::runtime`]. The plan names topics, and the runtime finds their ids when the query
//! starts, since its own topics may not exist before. `build` makes plans from analysed queries.

mod build;
mod builder;
mod execution_plan;
mod group;
mod join;
mod keys;
pub mod names;
mod repartition;
mod result;
mod sinking;
mod sources;
mod station;
mod steps;
mod topology;

pub use build::{Request, build};
pub use result::{Sinking, TopicSink};
pub(crate) use sinking::{check_timestamp, written_type};
pub(crate) use sources::time_pattern;
pub use station::{Station, StationKind};

use crate::catalog::WindowType;
use crate::format::{Codec, ColumnSet};
use crate::operator::Operator;
use crate::runtime::CacheConfig;
use crate::types::Column;
use headwater_base::StationId;

/// The plan of one query.
#[derive(Clone, Debug)]
pub struct Plan {
    /// All topics that it reads or writes; others refer to them by index.
    pub topics: Vec<TopicUse>,
    /// The pieces that run as tasks.
    pub subs: Vec<SubTopology>,
    /// The clauses that a record passes, in reading order.
    pub stations: Vec<Station>,
    /// The columns of its result.
    pub result: ResultColumns,
    /// What pull queries read, if the result is a table that can be looked up.
    pub queryable: Option<Queryable>,
    /// How much its tasks may hold back, and for how long; `None` if nothing.
    pub cache: Option<CacheConfig>,
    /// How often its tasks commit at the latest: `commit.interval.ms`.
    pub commit_interval_millis: i64,
    /// How its tasks and their stores are spread over nodes.
    pub availability: Availability,
}

/// What Kafka Streams is told of nodes that come and go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Availability {
    /// On how many other nodes each task's stores are kept: `num.standby.replicas`.
    pub standby_replicas: u32,
    /// How many stores may be read back at a time before their tasks move: `max.warmup.replicas`.
    pub warmup_replicas: u32,
    /// How far a store may be behind when its task moves to it: `acceptable.recovery.lag`.
    pub recovery_lag: u64,
    /// How often is looked whether stores are warm: `probing.rebalance.interval.ms`.
    pub probing_interval_millis: i64,
}

/// ksqlDB's default of `commit.interval.ms`.
pub const COMMIT_INTERVAL_MILLIS: i64 = 2000;

/// What a topic is to a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicRole {
    /// It is read.
    Source,
    /// The result is written to it.
    Sink,
    /// Records change their partition through it.
    Repartition,
    /// A store's writes go to it, too.
    Changelog,
}

/// A topic that a query uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicUse {
    /// Its name.
    pub name: String,
    /// What for.
    pub role: TopicRole,
    /// How many partitions an internal topic or a sink is made with.
    pub partitions: u32,
    /// Whether only the last record of a key is kept.
    pub compacted: bool,
    /// How its records are written, for those who look into it.
    pub layout: Option<TopicLayout>,
}

/// How the records of an internal topic are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicLayout {
    /// Columns of the key.
    pub key: Vec<Column>,
    /// Columns of the value.
    pub value: Vec<Column>,
    /// The format of the key.
    pub key_format: crate::format::FormatSpec,
    /// The format of the value.
    pub value_format: crate::format::FormatSpec,
    /// The windows in the key.
    pub window: Option<WindowType>,
    /// Whether a value holds a new row, an old row or both.
    pub changes: bool,
    /// How many bytes behind a key are its store's own: time and number of a joined record.
    pub key_suffix: usize,
}

/// The columns of a query's result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResultColumns {
    /// Columns that identify a row.
    pub key: Vec<Column>,
    /// The others; for a push query all columns, in the order of the projection.
    pub value: Vec<Column>,
    /// The windows of its rows.
    pub window: Option<WindowType>,
}

/// A piece of a query that one task runs for each partition.
#[derive(Clone, Debug, Default)]
pub struct SubTopology {
    /// What it reads.
    pub sources: Vec<SourceNode>,
    /// Its operators; they refer to each other by index.
    pub nodes: Vec<Node>,
    /// Its stores; operators refer to them by index.
    pub stores: Vec<StorePlan>,
    /// How many tasks it has.
    pub partitions: u32,
}

/// Which way into an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Port {
    /// The only input, or the left one of a join.
    Left,
    /// The right input of a join.
    Right,
}

impl Port {
    /// The other one.
    pub const fn opposite(self) -> Port {
        match self {
            Port::Left => Port::Right,
            Port::Right => Port::Left,
        }
    }
}

/// Where changes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The operator.
    pub node: u16,
    /// Which way in.
    pub port: Port,
}

/// An operator in its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it does.
    pub operator: Operator,
    /// Where its changes go; `None` at the end.
    pub next: Option<Target>,
    /// The clause that it stands for.
    pub station: StationId,
}

/// Where records come into a sub-topology.
#[derive(Clone, Debug)]
pub struct SourceNode {
    /// The topic, an index into [`Plan::topics`].
    pub topic: usize,
    /// Whether the records are changes of a table.
    pub table: bool,
    /// Whether a record holds a new row, an old row or both.
    pub changes: bool,
    /// How records become slots.
    pub reader: RowReader,
    /// Where changes go.
    pub next: Option<Target>,
    /// The clause; internal topics have none.
    pub station: Option<StationId>,
}

/// How a record becomes slots: key, value, headers, window bounds, then ROWTIME, ROWPARTITION and
/// ROWOFFSET.
#[derive(Clone, Debug)]
pub struct RowReader {
    /// Reads the key.
    pub key: Codec,
    /// Reads the value.
    pub value: Codec,
    /// Which key columns are needed.
    pub wanted_key: ColumnSet,
    /// Which value columns are needed.
    pub wanted_value: ColumnSet,
    /// Columns of headers.
    pub headers: Vec<crate::catalog::HeaderColumn>,
    /// The windows in the key.
    pub window: Option<WindowType>,
    /// What gives the record its time.
    pub timestamp: Option<TimestampPick>,
    /// Whether a record without a readable time stops the query.
    pub strict_time: bool,
}

impl RowReader {
    /// The first slot behind the header columns.
    pub fn bounds_slot(&self) -> usize {
        self.key.columns().len() + self.value.columns().len() + self.headers.len()
    }

    /// The slot of ROWTIME; ROWPARTITION and ROWOFFSET follow.
    pub fn rowtime_slot(&self) -> usize {
        self.bounds_slot() + if self.window.is_some() { 2 } else { 0 }
    }

    /// How many slots there are.
    pub fn slot_count(&self) -> usize {
        self.rowtime_slot() + 3
    }
}

/// The column that gives a record its time.
#[derive(Clone, Debug)]
pub struct TimestampPick {
    /// Its slot.
    pub slot: usize,
    /// How a STRING is read.
    pub pattern: Option<crate::time::pattern::Pattern>,
}

/// A store of a sub-topology.
#[derive(Clone, Debug)]
pub struct StorePlan {
    /// Its name, such as `Aggregate-Aggregate-Materialize`.
    pub name: String,
    /// Its changelog, an index into [`Plan::topics`].
    pub changelog: usize,
    /// What it holds.
    pub kind: StoreKind,
}

/// What a store holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreKind {
    /// Rows by key.
    Keyed,
    /// Rows by window and key, each window kept for so many milliseconds.
    Windowed(i64),
    /// Sessions by key, each kept for so many milliseconds.
    Sessions(i64),
    /// The records of one side of a stream-stream join, by key and time, each kept for so many
    /// milliseconds.
    Join(i64),
    /// Records of a stream-stream join that wait for a match.
    Held,
    /// Subscriptions to foreign keys.
    Subscriptions,
}

/// A table that pull queries can read: a store, and the operators that make its entries rows of
/// the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Queryable {
    /// The sub-topology, an index into [`Plan::subs`].
    pub sub: usize,
    /// The operator that owns the store.
    pub node: u16,
}
