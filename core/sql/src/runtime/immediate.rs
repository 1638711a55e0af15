//! The immediate driver: a laboratory in small, over a log of its own, without time.
//!
//! Every record that is appended is followed to its end, through all queries that it reaches and
//! through their internal topics, before the next one. It is what conformance cases and operator
//! tests run on; the task code is that of the simulation.

use super::output::{Output, ProcessingError, PushRow};
use super::query::TaskRef;
use crate::engine::{Action, Engine, Execution};
use headwater_base::{Diagnostic, Fault, QueryId, RecordId, TopicId, TraceDetail, VirtualTime};
use headwater_log::{
    Cluster, HeaderBuf, LogError, NewRecord, NewTopic, TopicConfig, partition_for_key,
};
use headwater_syntax::ast::Statement;

/// An engine with a log of its own.
#[derive(Clone, Debug)]
pub struct Immediate {
    /// The engine.
    pub engine: Engine,
    /// The log.
    pub log: Cluster,
    /// The time, which stands still.
    pub now: VirtualTime,
    /// Rows that push queries have given, in order.
    pub rows: Vec<(QueryId, PushRow)>,
    /// What went wrong with single records.
    pub errors: Vec<ProcessingError>,
    /// What happened.
    pub trace: Vec<TraceDetail>,
    /// Whether what happened is kept in `trace`.
    pub traces: bool,
}

/// Records that a task wants appended; they are, after the record is done.
#[derive(Debug, Default)]
struct Pending {
    records: Vec<PendingRecord>,
    rows: Vec<(QueryId, PushRow)>,
    errors: Vec<ProcessingError>,
    trace: Vec<TraceDetail>,
}

#[derive(Debug)]
struct PendingRecord {
    topic: TopicId,
    partition: Option<u32>,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: HeaderBuf,
    timestamp: i64,
    cause: Option<RecordId>,
}

impl Output for Pending {
    fn send(
        &mut self,
        topic: TopicId,
        partition: Option<u32>,
        record: NewRecord<'_>,
    ) -> Option<RecordId> {
        let mut headers = HeaderBuf::new();
        record
            .headers
            .for_each(|header| headers.push(header.key, header.value));
        self.records.push(PendingRecord {
            topic,
            partition,
            key: record.key.map(<[u8]>::to_vec),
            value: record.value.map(<[u8]>::to_vec),
            headers,
            timestamp: record.timestamp,
            cause: record.cause,
        });
        None
    }

    fn row(&mut self, query: QueryId, row: PushRow) {
        self.rows.push((query, row));
    }

    fn note(&mut self, detail: TraceDetail) {
        self.trace.push(detail);
    }

    fn error(&mut self, error: ProcessingError) {
        self.errors.push(error);
    }
}

impl Default for Immediate {
    fn default() -> Immediate {
        Immediate {
            engine: Engine::default(),
            log: Cluster::default(),
            now: VirtualTime::START,
            rows: Vec::new(),
            errors: Vec::new(),
            trace: Vec::new(),
            traces: false,
        }
    }
}

impl Immediate {
    /// Creates a topic.
    pub fn create_topic(&mut self, name: &str, partitions: u32) -> Result<TopicId, LogError> {
        self.log.create_topic(NewTopic::new(name, partitions))
    }

    /// Runs every statement of a text; the first error ends it.
    pub fn run(&mut self, text: &str) -> Result<Vec<Execution>, Diagnostic> {
        let parsed = headwater_syntax::parse(text);
        if let Some(found) = parsed.diagnostics.into_iter().next() {
            return Err(found);
        }
        let run = |statement: &Statement| self.execute(statement, text);
        parsed.statements.iter().map(run).collect()
    }

    /// Runs one statement of a text, carries out what it asks for, and settles.
    pub fn execute(&mut self, statement: &Statement, text: &str) -> Result<Execution, Diagnostic> {
        let execution = self.engine.execute(statement, text, &self.log, self.now)?;
        for action in &execution.actions {
            let done = self.carry_out(action);
            done.map_err(|error| error.to_diagnostic().at(statement.span))?;
        }
        self.settle()?;
        Ok(execution)
    }

    fn carry_out(&mut self, action: &Action) -> Result<(), LogError> {
        match action {
            Action::CreateTopic {
                name,
                partitions,
                replication_factor,
                config,
            } => {
                let (partitions, replication_factor) = (*partitions, *replication_factor);
                let config: TopicConfig = config.clone();
                self.log.create_topic(NewTopic {
                    name,
                    partitions,
                    replication_factor,
                    config,
                })?;
            }
            Action::DeleteTopic { name } => {
                if let Some(topic) = self.log.find(name).map(|topic| topic.id) {
                    self.log.delete_topic(topic)?;
                }
            }
            Action::Append {
                topic,
                key,
                value,
                headers,
                timestamp,
                partition,
            } => {
                let id = self.log.topic_named(topic)?.id;
                let record = NewRecord {
                    timestamp: *timestamp,
                    key: key.as_deref(),
                    value: value.as_deref(),
                    headers: headers.as_headers(),
                    cause: None,
                };
                self.append_to(id, *partition, record)?;
            }
            Action::StartQuery(id) => self.engine.start(*id, &self.log)?,
            Action::EndQuery(_) => {}
        }
        Ok(())
    }

    /// Appends a record to a topic and follows it to its end.
    pub fn append(
        &mut self,
        topic: &str,
        partition: Option<u32>,
        record: NewRecord<'_>,
    ) -> Result<RecordId, Diagnostic> {
        let id = self
            .log
            .topic_named(topic)
            .map_err(|error| error.to_diagnostic())?
            .id;
        let appended = self.append_to(id, partition, record);
        let appended = appended.map_err(|error| error.to_diagnostic())?;
        self.settle()?;
        Ok(appended)
    }

    fn append_to(
        &mut self,
        topic: TopicId,
        partition: Option<u32>,
        record: NewRecord<'_>,
    ) -> Result<RecordId, LogError> {
        let topic = self.log.topic(topic)?;
        let count = topic.partition_count();
        let keyed = record.key.map(|key| partition_for_key(key, count));
        let partition = topic.partition(partition.or(keyed).unwrap_or(0))?;
        let offsets = self.log.append(partition, &[record], self.now)?;
        Ok(RecordId {
            partition,
            offset: offsets.start,
        })
    }

    /// Lets all tasks run until none has anything to do. Queries run in the order of their
    /// numbers, and what a record leads to is done before the next record.
    pub fn settle(&mut self) -> Result<(), Diagnostic> {
        while let Some(task) = self.ready() {
            self.step(task)?;
        }
        Ok(())
    }

    /// The first task that has something to do; of one query, the one furthest down.
    fn ready(&mut self) -> Option<TaskRef> {
        let queries: Vec<QueryId> = self.engine.queries().map(|query| query.id).collect();
        for query in queries {
            let tasks: Vec<TaskRef> = self.engine.tasks_of(query).collect();
            for task in tasks.into_iter().rev() {
                if self.engine.fetch(task, &self.log) {
                    return Some(task);
                }
            }
        }
        None
    }

    /// Lets a task take one record.
    pub fn step(&mut self, task: TaskRef) -> Result<bool, Diagnostic> {
        let mut pending = Pending::default();
        let processed = self.engine.process(task, &self.log, self.now, &mut pending);
        for record in pending.records {
            let new = NewRecord {
                timestamp: record.timestamp,
                key: record.key.as_deref(),
                value: record.value.as_deref(),
                headers: record.headers.as_headers(),
                cause: record.cause,
            };
            let appended = self.append_to(record.topic, record.partition, new);
            appended.map_err(|error| {
                let found = error.to_diagnostic();
                Diagnostic {
                    fault: Fault::Record,
                    ..found
                }
            })?;
        }
        self.rows.extend(pending.rows);
        self.errors.extend(pending.errors);
        if self.traces {
            self.trace.extend(pending.trace);
        }
        Ok(processed.is_some())
    }
}
