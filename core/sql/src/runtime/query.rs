//! A running query: its plan, its topics, its tasks, and the way of one record through a task.

use super::context::{Context, Failure, RunningTopic};
use super::output::Output;
use super::print::Printer;
use super::scratch::Scratch;
use super::task::{Input, Task};
use crate::expression::EvalContext;
use crate::plan::{Plan, TopicRole};
use headwater_base::{QueryId, RecordId, TraceDetail, VirtualTime, digest};
use headwater_log::{Cluster, LogError, RecordRef};
use std::sync::Arc;

/// What a query is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryKind {
    /// CREATE STREAM … AS SELECT.
    CreateStreamAs,
    /// CREATE TABLE … AS SELECT.
    CreateTableAs,
    /// INSERT INTO … SELECT.
    InsertInto,
    /// SELECT … EMIT CHANGES.
    Push,
    /// PRINT.
    Print,
}

impl QueryKind {
    /// Whether it runs until it is told to stop, without a reader.
    pub const fn is_persistent(self) -> bool {
        !matches!(self, QueryKind::Push | QueryKind::Print)
    }
}

/// Whether a query runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryState {
    /// It was planned and has not started: its topics may not exist yet.
    Planned,
    /// It runs.
    Running,
    /// It is paused.
    Paused,
    /// It stopped because of an error; the message.
    Failed(String),
    /// It has ended.
    Ended,
}

impl QueryKind {
    /// The word that SHOW QUERIES has for it.
    pub const fn word(self) -> &'static str {
        match self.is_persistent() {
            true => "PERSISTENT",
            false => "PUSH",
        }
    }
}

impl QueryState {
    /// The word that SHOW QUERIES has for it.
    pub const fn word(&self) -> &'static str {
        match self {
            QueryState::Planned | QueryState::Running => "RUNNING",
            QueryState::Paused => "PAUSED",
            QueryState::Failed(_) => "ERROR",
            QueryState::Ended => "TERMINATED",
        }
    }
}

/// A task of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskRef {
    /// The query.
    pub query: QueryId,
    /// Its place among the query's tasks.
    pub task: u32,
}

/// What became of one call of [`Query::process`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Processed {
    /// The record.
    pub record: RecordId,
    /// Whether the query has to end now: its LIMIT is reached, or it failed.
    pub ended: bool,
}

/// A query.
#[derive(Clone, Debug)]
pub struct Query {
    /// Its number.
    pub id: QueryId,
    /// Its name, such as `CSAS_POOR_RATINGS_3`.
    pub name: String,
    /// What it is for.
    pub kind: QueryKind,
    /// The statement.
    pub sql: String,
    /// The streams and tables that it reads.
    pub sources: Vec<String>,
    /// The stream or table that it fills.
    pub sink: Option<String>,
    /// Its plan.
    pub plan: Arc<Plan>,
    /// What PRINT shows; then the plan has sources alone.
    pub printer: Option<Printer>,
    /// Whether it begins behind what is there when it starts (`auto.offset.reset`).
    pub from_latest: bool,
    /// At most so many rows.
    pub limit: Option<u64>,
    /// How it is.
    pub state: QueryState,
    /// The record that stopped it, if an error did.
    pub failed_at: Option<RecordId>,
    /// Where that record lies: topic, partition and offset.
    pub failed_place: Option<String>,
    /// Its topics, once it has started; in the order of the plan's.
    pub topics: Vec<RunningTopic>,
    /// Its tasks, once it has started.
    pub tasks: Vec<Arc<Task>>,
    /// How many rows a push query has given.
    pub emitted: u64,
    /// How many records PRINT has looked at.
    pub seen: u64,
}

impl Query {
    /// Finds the topics and makes the tasks. All topics of the plan must exist.
    pub fn start(&mut self, log: &Cluster) -> Result<(), LogError> {
        let mut topics = Vec::new();
        for topic in &self.plan.topics {
            let found = log.topic_named(&topic.name)?;
            topics.push(RunningTopic {
                id: found.id,
                partitions: found.partitions.clone(),
            });
        }
        self.topics = topics;
        // A query that replaces another goes on where that one was, with its state.
        let inherited = std::mem::take(&mut self.tasks);
        for (index, sub) in self.plan.subs.iter().enumerate() {
            for partition in 0..sub.partitions {
                let inputs = sub.sources.iter().enumerate();
                let inputs = inputs.filter_map(|(source, node)| {
                    let id = *self
                        .topics
                        .get(node.topic)?
                        .partitions
                        .get(partition as usize)?;
                    let role = self.plan.topics[node.topic].role;
                    let latest = self.from_latest && role == TopicRole::Source;
                    let log = log.partition(id).ok()?;
                    let position = if latest {
                        log.end_offset()
                    } else {
                        log.start_offset()
                    };
                    Some(Input::new(source as u16, id, position))
                });
                let mut task = Task::new(index as u16, partition, sub, inputs.collect());
                let before = inherited.iter().find(|before| before.is_same_place(&task));
                if let Some(before) = before {
                    task.inherit(before);
                }
                task.set_cache(self.cache_bytes());
                self.tasks.push(Arc::new(task));
            }
        }
        self.state = QueryState::Running;
        Ok(())
    }

    /// The topic that it fills.
    pub fn sink_topic(&self) -> Option<&str> {
        let mut topics = self.plan.topics.iter();
        let sink = topics.find(|topic| topic.role == TopicRole::Sink);
        sink.map(|topic| topic.name.as_str())
    }

    /// How many bytes the cache of each task may hold.
    pub(super) fn cache_bytes(&self) -> Option<u64> {
        let tasks: u32 = self.plan.subs.iter().map(|sub| sub.partitions).sum();
        let config = self.plan.cache?;
        Some(config.bytes_max / u64::from(tasks.max(1)))
    }

    /// Lets a task take notice of what is in its partitions; whether it has anything to do.
    pub fn fetch(&mut self, task: u32, log: &Cluster) -> bool {
        if self.state != QueryState::Running {
            return false;
        }
        self.tasks
            .get_mut(task as usize)
            .is_some_and(|task| Arc::make_mut(task).fetch(log))
    }

    /// The record that a task would take next; `None` when it has to fetch.
    pub fn next(&mut self, task: u32, log: &Cluster) -> Option<RecordId> {
        let task = self.tasks.get_mut(task as usize)?;
        Arc::make_mut(task).next(log).map(|(_, record)| record)
    }

    /// Takes the next record of a task and carries it to the end of its sub-topology.
    ///
    /// `None` when there is none among those that the task has taken notice of.
    pub fn process(
        &mut self,
        index: u32,
        log: &Cluster,
        now: VirtualTime,
        seed: u64,
        scratch: &mut Scratch,
        output: &mut dyn Output,
    ) -> Option<Processed> {
        if self.state != QueryState::Running {
            return None;
        }
        let task = Arc::make_mut(self.tasks.get_mut(index as usize)?);
        let (input, id) = task.next(log)?;
        let partition = log.partition(id.partition).ok()?;
        let fetched = task.inputs.get(input)?.fetched;
        let record = partition
            .read(id.offset.max(partition.start_offset()), 1, u64::MAX)
            .ok()
            .and_then(|mut records| records.next())
            .filter(|record| record.offset < fetched);
        let Some(record) = record else {
            // Retention or compaction took everything that the task had taken notice of.
            let input = task.inputs.get_mut(input)?;
            input.position = input.fetched;
            return None;
        };
        let mut task = std::mem::take(task);
        let taken = self.take(&mut task, (input, &record), (now, seed), scratch, output);
        self.put_back(index, task);
        let (id, failure) = taken?;
        if failure.is_none() {
            self.make_room(index, log, now, scratch, output);
        }
        Some(self.finish(log, id, failure, output))
    }

    /// Takes the next record of one of the inputs of a task, which [`Query::finish`] has to follow.
    pub(super) fn take(
        &mut self,
        task: &mut Task,
        (input, record): (usize, &RecordRef<'_>),
        (now, seed): (VirtualTime, u64),
        scratch: &mut Scratch,
        output: &mut dyn Output,
    ) -> Option<(RecordId, Option<Failure>)> {
        let from = task.inputs.get_mut(input)?;
        from.position = record.offset;
        let source = from.source;
        let id = RecordId {
            partition: from.partition,
            offset: record.offset,
        };
        task.taken(input);
        output.note(TraceDetail::RecordRead {
            query: self.id,
            record: id,
        });
        let run = Run {
            id,
            source,
            now,
            seed,
        };
        let failure = self.run(task, run, record, scratch, output).err();
        Some((id, failure))
    }

    /// What became of a record that was taken.
    pub(super) fn finish(
        &mut self,
        log: &Cluster,
        id: RecordId,
        failure: Option<Failure>,
        output: &mut dyn Output,
    ) -> Processed {
        let limit_reached = self.limit.is_some_and(|limit| self.emitted >= limit);
        if let Some(failure) = failure {
            self.fail(log, id, failure, output);
        } else if limit_reached {
            self.state = QueryState::Ended;
        }
        let ended = self.state != QueryState::Running;
        Processed { record: id, ended }
    }

    /// A task that was worked on is put back to its place.
    pub(super) fn put_back(&mut self, index: u32, task: Task) {
        if let Some(place) = self.tasks.get_mut(index as usize) {
            *Arc::make_mut(place) = task;
        }
    }

    fn run(
        &mut self,
        task: &mut Task,
        run: Run,
        record: &RecordRef<'_>,
        scratch: &mut Scratch,
        output: &mut dyn Output,
    ) -> Result<(), Failure> {
        let Scratch {
            arena,
            errors,
            buffers,
        } = scratch;
        arena.reset();
        if let Some(printer) = &self.printer {
            self.seen += 1;
            if printer.wants(self.seen) {
                self.emitted += 1;
                let row = printer.row(run.id, task.partition, record);
                output.row(self.id, row);
            }
            return Ok(());
        }
        let plan = &*self.plan;
        let Some(sub) = plan.subs.get(task.sub as usize) else {
            return Ok(());
        };
        let Some(source) = sub.sources.get(run.source as usize) else {
            return Ok(());
        };
        let draws = [
            run.seed,
            u64::from(self.id.0),
            u64::from(run.id.partition.0),
            run.id.offset,
        ];
        let place = task.place();
        let mut cx = Context {
            eval: EvalContext::new(
                arena,
                errors,
                run.now.epoch_millis(),
                digest::fold(0, &draws),
            ),
            nodes: &sub.nodes,
            plan: Some((plan, usize::from(task.sub))),
            at: None,
            source: run.source,
            topics: &self.topics,
            stores: &mut task.stores,
            cache: task.cache.as_mut().map(Arc::make_mut),
            buffers,
            output: &mut *output,
            capture: None,
            query: self.id,
            input: run.id,
            place,
            partition: task.partition,
            emitted: &mut self.emitted,
        };
        let done = source.process(&mut cx, record);
        cx.log_evaluations();
        task.stream_time = task.stream_time.max(record.timestamp);
        done
    }
}

/// Where a record lies, in words.
pub(super) fn place(log: &Cluster, id: RecordId) -> Option<String> {
    let partition = log.partition(id.partition).ok()?;
    let topic = log.topic(partition.topic()).ok()?;
    let (name, number, offset) = (&topic.name, partition.number(), id.offset);
    Some(format!("topic {name}, partition {number}, offset {offset}"))
}

/// One record on its way.
#[derive(Clone, Copy)]
struct Run {
    id: RecordId,
    source: u16,
    now: VirtualTime,
    seed: u64,
}
