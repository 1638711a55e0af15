//! The processing log: what went wrong with single records, as a list for the page and as records
//! of a topic, which the stream `KSQL_PROCESSING_LOG` lies over.

use crate::world::World;
use headwater_base::{RecordId, TopicId};
use headwater_log::{LogError, NewRecord};
use headwater_sql::engine::processing_log;
use headwater_sql::runtime::ProcessingError;
use std::sync::Arc;

/// An entry of the processing log.
#[derive(Clone, Debug)]
pub struct LoggedError {
    /// The step.
    pub step: u64,
    /// What went wrong.
    pub error: ProcessingError,
    /// The record of the log's topic that tells of it, if one does.
    pub entry: Option<RecordId>,
}

/// Most entries that are kept beside the topic.
const ERRORS_MAX: usize = 500;

impl World {
    /// The newest entries of the processing log, oldest first.
    pub fn processing_log(&self) -> impl Iterator<Item = &LoggedError> {
        self.errors.iter().map(|it| &**it)
    }

    /// Whether a record is an entry of the processing log.
    pub fn is_log_entry(&self, record: RecordId) -> bool {
        let names = self.ksql.iter().map(|it| it.engine.processing_log_topic());
        let mut topics = names.flatten().filter_map(|name| self.cluster.find(name));
        topics.any(|topic| topic.partitions.contains(&record.partition))
    }

    /// Makes the topic where a statement speaks of it.
    pub(super) fn prepare_processing_log(&mut self, text: &str) {
        if processing_log::is_named_in(text) {
            // A laboratory that is full of topics has none for the log; the statement says so.
            let _ = self.processing_log_topic(self.ksql.chosen_index());
        }
    }

    fn processing_log_topic(&mut self, cluster: usize) -> Option<Result<TopicId, LogError>> {
        let of = self.ksql.iter().nth(cluster)?;
        let name = of.engine.processing_log_topic()?.to_owned();
        Some(match self.cluster.find(&name) {
            Some(topic) => Ok(topic.id),
            None => {
                let new = processing_log::new_topic(&name);
                self.make_topic(&name, new.partitions, new.replication_factor, new.config)
            }
        })
    }

    /// Keeps an error and appends it to the log's topic, unless it is about a record of the log.
    pub(super) fn log_processing_error(&mut self, error: ProcessingError) {
        let entry = self.append_log_entry(&error);
        if self.errors.len() == ERRORS_MAX {
            self.errors.pop_front();
        }
        let step = self.step;
        self.errors
            .push_back(Arc::new(LoggedError { step, error, entry }));
    }

    fn append_log_entry(&mut self, error: &ProcessingError) -> Option<RecordId> {
        let cluster = self.ksql.index_of(error.query);
        let topic = self.processing_log_topic(cluster)?.ok()?;
        if processing_log::comes_from(&self.cluster, error.record, topic) {
            return None;
        }
        let engine = &self.ksql.of(error.query).engine;
        let value = engine.log_entry(error, &self.cluster, self.now);
        let partition = *self.cluster.topic(topic).ok()?.partitions.first()?;
        let record = NewRecord {
            cause: Some(error.record),
            ..NewRecord::new(self.now.epoch_millis(), None, Some(value.as_bytes()))
        };
        // An entry that is bigger than a record may be is lost; the list beside has its words.
        let offsets = self.cluster.append(partition, &[record], self.now).ok()?;
        let offset = offsets.start;
        let entry = RecordId { partition, offset };
        self.appended(entry);
        Some(entry)
    }
}
