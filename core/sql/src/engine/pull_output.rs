//! Where the rows of a pull query on a stream go.

use super::Row;
use crate::runtime::{Output, ProcessingError, PushRow};
use headwater_base::{QueryId, RecordId, TopicId, TraceDetail};
use headwater_log::NewRecord;

/// Keeps the rows of a query that is run to its end.
#[derive(Default)]
pub(super) struct Collected {
    /// The rows so far.
    pub(super) rows: Vec<Row>,
}

impl Output for Collected {
    fn send(&mut self, _: TopicId, _: Option<u32>, _: NewRecord<'_>) -> Option<RecordId> {
        None
    }

    fn row(&mut self, _: QueryId, row: PushRow) {
        let timestamp = Some(row.timestamp);
        self.rows.push(Row {
            values: row.values,
            timestamp,
            cause: Some(row.cause),
        });
    }

    fn note(&mut self, _: TraceDetail) {}

    fn error(&mut self, _: ProcessingError) {}
}
