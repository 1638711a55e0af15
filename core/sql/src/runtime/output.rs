//! What a task does to the world: the one trait that both drivers implement.

use crate::format::Part;
use crate::value::OwnedValue;
use headwater_base::{QueryId, RecordId, TopicId, TraceDetail};
use headwater_log::NewRecord;

/// Where a task's results go.
pub trait Output {
    /// Appends a record. `partition` is said where the task knows it; else the key decides, as
    /// Kafka's partitioner does. Gives back where the record lies, if that is known at once.
    fn send(
        &mut self,
        topic: TopicId,
        partition: Option<u32>,
        record: NewRecord<'_>,
    ) -> Option<RecordId>;

    /// A row for the reader of a push query.
    fn row(&mut self, query: QueryId, row: PushRow);

    /// Whether anybody listens to [`Output::note`]; where nobody does, nothing is told.
    fn traces(&self) -> bool {
        true
    }

    /// Something happened on the way.
    fn note(&mut self, detail: TraceDetail);

    /// Something went wrong with one record; the query goes on.
    fn error(&mut self, error: ProcessingError);
}

/// A row of a push query.
#[derive(Clone, Debug, PartialEq)]
pub struct PushRow {
    /// The values, in the order of the query's columns.
    pub values: Vec<OwnedValue>,
    /// The record time.
    pub timestamp: i64,
    /// Whether the row was deleted; then only key columns and window bounds have values.
    pub tombstone: bool,
    /// The record that caused it.
    pub cause: RecordId,
    /// What identifies the row of a table, key columns and window; empty for a stream.
    pub key: String,
}

/// An entry of the processing log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessingError {
    /// The query.
    pub query: QueryId,
    /// The record that was being processed.
    pub record: RecordId,
    /// What failed.
    pub kind: ProcessingErrorKind,
    /// What went wrong, in words.
    pub message: String,
    /// The step of the query that it happened in, such as `KsqlTopic.Source.deserializer`; empty
    /// for the query as a whole.
    pub step: String,
    /// The side of the record that could not be read or written.
    pub target: Option<Part>,
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessingErrorKind {
    /// The bytes are not of the declared format.
    Deserialization,
    /// A row could not be written in its format.
    Serialization,
    /// An expression failed.
    Evaluation,
    /// The time could not be read from its column.
    Timestamp,
    /// The query stopped because of it.
    Thread,
}

/// Takes nothing down.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nowhere;

impl Output for Nowhere {
    fn send(&mut self, _: TopicId, _: Option<u32>, _: NewRecord<'_>) -> Option<RecordId> {
        None
    }

    fn row(&mut self, _: QueryId, _: PushRow) {}

    fn traces(&self) -> bool {
        false
    }

    fn note(&mut self, _: TraceDetail) {}

    fn error(&mut self, _: ProcessingError) {}
}
