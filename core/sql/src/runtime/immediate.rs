//! The immediate driver: a laboratory in small, over a log of its own, without time.
//!
//! Every record that is appended is followed to its end, through all queries that it reaches and
//! through their internal topics, before the next one. It is what conformance cases and operator
//! tests run on; the task code is that of the simulation.

use super::output::{Output, ProcessingError, PushRow};
use super::query::TaskRef;
use super::written::Written;
use crate::engine::{Action, Engine, Execution, processing_log};
use headwater_base::{Diagnostic, Fault, QueryId, RecordId, TopicId, TraceDetail, VirtualTime};
use headwater_log::{Cluster, LogError, NewRecord, NewTopic, TopicConfig, partition_for_key};
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
    /// How many records a task takes before what it has written is appended. With 1, what a
    /// record leads to is done before the next record.
    pub poll_records: usize,
    written: Written,
}

/// What a task does while it only reads the log.
struct Pending<'a> {
    log: &'a Cluster,
    written: Written,
    rows: &'a mut Vec<(QueryId, PushRow)>,
    errors: &'a mut Vec<ProcessingError>,
    trace: Option<&'a mut Vec<TraceDetail>>,
}

impl Output for Pending<'_> {
    fn send(
        &mut self,
        topic: TopicId,
        partition: Option<u32>,
        record: NewRecord<'_>,
    ) -> Option<RecordId> {
        let topic = self.log.topic(topic).ok()?;
        let count = topic.partition_count();
        let keyed = || record.key.map_or(0, |key| partition_for_key(key, count));
        let partition = topic.partition(partition.unwrap_or_else(keyed)).ok()?;
        // Nobody else appends before this does, so the offset is known.
        let end = self.log.partition(partition).ok()?.end_offset();
        let offset = end + self.written.add(partition, &record);
        Some(RecordId { partition, offset })
    }

    fn row(&mut self, query: QueryId, row: PushRow) {
        self.rows.push((query, row));
    }

    fn traces(&self) -> bool {
        self.trace.is_some()
    }

    fn note(&mut self, detail: TraceDetail) {
        if let Some(trace) = &mut self.trace {
            trace.push(detail);
        }
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
            poll_records: 1,
            written: Written::default(),
        }
    }
}

impl Immediate {
    /// Creates a topic.
    pub fn create_topic(&mut self, name: &str, partitions: u32) -> Result<TopicId, LogError> {
        self.log.create_topic(NewTopic::new(name, partitions))
    }

    /// The same with a processing log, which is a stream over a topic of its own.
    pub fn with_processing_log() -> Immediate {
        Immediate {
            engine: Engine::default().with_processing_log(),
            ..Immediate::default()
        }
    }

    /// Appends an entry to the processing log, unless it would be one about itself.
    fn log_error(&mut self, error: &ProcessingError) -> Result<(), Diagnostic> {
        let Some(topic) = self.processing_log(true)? else {
            return Ok(());
        };
        if processing_log::comes_from(&self.log, error.record, topic) {
            return Ok(());
        }
        let value = self.engine.log_entry(error, &self.log, self.now);
        let mut record = NewRecord::new(self.now.epoch_millis(), None, Some(value.as_bytes()));
        record.cause = Some(error.record);
        let appended = self.append_to(topic, None, record);
        appended.map(|_| ()).map_err(|error| error.to_diagnostic())
    }

    /// The topic of the processing log, made if it is `wanted`.
    fn processing_log(&mut self, wanted: bool) -> Result<Option<TopicId>, Diagnostic> {
        let Some(name) = self.engine.processing_log_topic().filter(|_| wanted) else {
            return Ok(None);
        };
        let found = self.log.find(name).map(|topic| topic.id);
        let made = || self.log.create_topic(processing_log::new_topic(name));
        let topic = found.map_or_else(made, Ok);
        topic.map(Some).map_err(|error| error.to_diagnostic())
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
        let execution = self.begin(statement, text)?;
        self.settle()?;
        Ok(execution)
    }

    /// Runs every statement of a text and lets no task run yet; the first error ends it.
    pub fn start(&mut self, text: &str) -> Result<(), Diagnostic> {
        let parsed = headwater_syntax::parse(text);
        if let Some(found) = parsed.diagnostics.into_iter().next() {
            return Err(found);
        }
        for statement in &parsed.statements {
            self.begin(statement, text)?;
        }
        Ok(())
    }

    fn begin(&mut self, statement: &Statement, text: &str) -> Result<Execution, Diagnostic> {
        self.processing_log(processing_log::is_named_in(text))?;
        let execution = self.engine.execute(statement, text, &self.log, self.now)?;
        for action in &execution.actions {
            let done = self.carry_out(action);
            done.map_err(|error| error.to_diagnostic().at(statement.span))?;
        }
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
        while self.poll()? {}
        Ok(())
    }

    /// Lets one task run; false if none has anything to do.
    pub fn poll(&mut self) -> Result<bool, Diagnostic> {
        let Some(task) = self.ready() else {
            return Ok(false);
        };
        self.step(task)?;
        Ok(true)
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

    /// Lets a task take its next records, at most `poll_records`, and appends what it writes.
    pub fn step(&mut self, task: TaskRef) -> Result<bool, Diagnostic> {
        let most = self.poll_records.max(1);
        self.with_output(|engine, log, now, pending| {
            engine.process_batch(task, log, now, most, pending) > 0
        })
    }

    /// Lets all tasks commit, and settles; until no record cache holds anything back.
    pub fn commit(&mut self) -> Result<(), Diagnostic> {
        let queries: Vec<QueryId> = self.engine.queries().map(|query| query.id).collect();
        loop {
            let mut any = false;
            for task in queries
                .iter()
                .flat_map(|query| self.engine.tasks_of(*query))
                .collect::<Vec<_>>()
            {
                any |= self.with_output(|engine, log, now, pending| {
                    engine.commit(task, log, now, pending)
                })?;
                self.settle()?;
            }
            if !any {
                return Ok(());
            }
        }
    }

    /// Takes down what a task does, and then does it.
    fn with_output(
        &mut self,
        work: impl FnOnce(&mut Engine, &Cluster, VirtualTime, &mut Pending<'_>) -> bool,
    ) -> Result<bool, Diagnostic> {
        let mut pending = Pending {
            log: &self.log,
            written: std::mem::take(&mut self.written),
            rows: &mut self.rows,
            errors: &mut self.errors,
            trace: self.traces.then_some(&mut self.trace),
        };
        let known = pending.errors.len();
        let any = work(&mut self.engine, &self.log, self.now, &mut pending);
        let mut written = pending.written;
        let appended = written.append_to(&mut self.log, self.now);
        self.written = written;
        appended.map_err(|error| Diagnostic {
            fault: Fault::Record,
            ..error.to_diagnostic()
        })?;
        for at in known..self.errors.len() {
            let error = self.errors[at].clone();
            self.log_error(&error)?;
        }
        Ok(any)
    }
}
