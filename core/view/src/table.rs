//! What has columns: tables, results of push queries, the duality, and charts.

use crate::cell::Cell;
use headwater_base::{QueryId, RecordId, TopicId};
use serde::{Deserialize, Serialize};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnView {
    /// Its name.
    pub name: String,
    /// Its type as ksqlDB spells it.
    pub sql_type: String,
    /// Whether it is a key column.
    pub key: bool,
}

/// A table and some of its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableView {
    /// Its name.
    pub name: String,
    /// The topic behind it.
    pub topic: Option<TopicId>,
    /// Keys first, window bounds next where there are windows, then values.
    pub columns: Vec<ColumnView>,
    /// Rows in key order, as many as were asked for.
    pub rows: Vec<TableRow>,
    /// How many rows there are in all.
    pub row_count: u64,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRow {
    /// A value a column.
    pub cells: Vec<Cell>,
    /// The time of the row, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The record of the table's topic that set it.
    pub set_by: Option<RecordId>,
    /// The record from which that one was derived.
    pub cause: Option<RecordId>,
}

/// Rows of a push query.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultView {
    /// The query.
    pub query: QueryId,
    /// Its statement.
    pub sql: String,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// Whether it reads a table: then rows of equal keys replace each other.
    pub of_table: bool,
    /// The newest rows, oldest first.
    pub rows: Vec<ResultRow>,
    /// Rows given out in all.
    pub row_count: u64,
    /// Input records that it has read in all.
    pub read: u64,
    /// Whether it has ended, and why, in words.
    pub ended: Option<String>,
}

/// A row of a push query.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRow {
    /// Its number in the result, from 0.
    pub number: u64,
    /// A value a column.
    pub cells: Vec<Cell>,
    /// What identifies the row in a table: its key as text.
    pub key: String,
    /// Whether it deletes the row of its key.
    pub tombstone: bool,
    /// Its time, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The record it came from.
    pub cause: Option<RecordId>,
}

/// A table beside the topic it folds: the changelog as a tape, the table as a ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DualityView {
    /// The ledger.
    pub table: TableView,
    /// The newest records of the table's topic, oldest first.
    pub tape: Vec<TapeEntry>,
}

/// A record of a table's topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TapeEntry {
    /// The record.
    pub record: RecordId,
    /// The partition's number.
    pub partition: u32,
    /// Its time, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// A value a column of the table; nulls in the value columns of a tombstone.
    pub cells: Vec<Cell>,
    /// Whether it deletes.
    pub tombstone: bool,
    /// Whether a row of the table is still as this record set it.
    pub current: bool,
}

/// Counts of a topic's records by a field, in buckets of virtual time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartView {
    /// What it shows, in words.
    pub title: String,
    /// The topic.
    pub topic: TopicId,
    /// The field.
    pub field: String,
    /// Length of a bucket in milliseconds.
    pub bucket_ms: i64,
    /// Values of the field, in the order they first came.
    pub series: Vec<String>,
    /// Buckets, oldest first, without gaps.
    pub buckets: Vec<Bucket>,
}

/// One bucket of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// Where it begins, in milliseconds since 1970.
    pub start_ms: i64,
    /// Records by series.
    pub counts: Vec<u32>,
}
