//! Queries as cards, and their clauses as stations that records pass.

use headwater_base::trace::Rejection;
use headwater_base::{QueryId, RecordId, StationId, TopicId};
use serde::{Deserialize, Serialize};

/// What kind of query it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueryKind {
    /// `CREATE … AS SELECT` or `INSERT INTO … SELECT`.
    Persistent,
    /// `SELECT … EMIT CHANGES`.
    Push,
}

/// What a query is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QueryState {
    /// It runs.
    Running,
    /// PAUSE stopped it for a while.
    Paused,
    /// An error stopped it for good.
    Error,
    /// It has ended.
    Ended,
}

/// A query and the stations a record passes in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueryView {
    /// Its id.
    pub id: QueryId,
    /// ksqlDB's id of it, such as `CSAS_POOR_RATINGS_3`.
    pub name: String,
    /// Its statement.
    pub sql: String,
    /// Persistent or push.
    pub kind: QueryKind,
    /// What it is doing.
    pub state: QueryState,
    /// The topics it reads, internal ones not counted.
    pub sources: Vec<TopicId>,
    /// The topic it writes.
    pub sink: Option<TopicId>,
    /// Its repartition and changelog topics.
    pub internal: Vec<TopicId>,
    /// Its clauses, in the order a record passes them.
    pub stations: Vec<StationView>,
    /// Rows that it has given out.
    pub emitted: u64,
    /// Why it stopped, if an error stopped it.
    pub failure: Option<QueryFailure>,
}

/// The error that stopped a query for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueryFailure {
    /// What went wrong, in words.
    pub message: String,
    /// The record that did it.
    pub record: Option<RecordId>,
    /// Where that record lies, in words: `ratings/1@17`.
    pub place: String,
}

/// The kinds of clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is the clause of its name")]
pub enum StationKind {
    From,
    Join,
    Where,
    GroupBy,
    Having,
    PartitionBy,
    Select,
}

/// One clause of a query, as a place that records pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationView {
    /// Its id in the query.
    pub id: StationId,
    /// Which clause.
    pub kind: StationKind,
    /// The clause, verbatim.
    pub sql: String,
    /// The table it reaches into or keeps.
    pub table: Option<String>,
    /// Records that passed.
    pub passed: u64,
    /// Records that ended here, by reason.
    pub rejected: Vec<(Rejection, u64)>,
    /// The groups it counts, for GROUP BY: key and newest value, the newest change last.
    pub cups: Vec<(String, String)>,
    /// The value that the newest change of a cup replaced.
    pub was: Option<String>,
}
