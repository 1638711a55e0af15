//! Stations: the clauses of a query as a record passes them, for those who draw the query.

use headwater_base::StationId;

/// One clause of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    /// Its number in the query.
    pub id: StationId,
    /// Which clause.
    pub kind: StationKind,
    /// The clause's text as written.
    pub sql: String,
    /// The stream or table that it reads, for FROM and JOIN.
    pub source: Option<String>,
    /// The name of the store that it looks into or writes.
    pub store: Option<String>,
}

/// Which clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StationKind {
    /// FROM: a source that is read.
    From,
    /// JOIN.
    Join,
    /// WHERE.
    Where,
    /// GROUP BY, with its window and aggregates.
    GroupBy,
    /// HAVING.
    Having,
    /// PARTITION BY.
    PartitionBy,
    /// SELECT: what is written to the sink.
    Select,
}

impl StationKind {
    /// The key word.
    pub const fn name(self) -> &'static str {
        match self {
            StationKind::From => "FROM",
            StationKind::Join => "JOIN",
            StationKind::Where => "WHERE",
            StationKind::GroupBy => "GROUP BY",
            StationKind::Having => "HAVING",
            StationKind::PartitionBy => "PARTITION BY",
            StationKind::Select => "SELECT",
        }
    }
}
