//! What an operator may touch while one record is carried through a sub-topology.
//!
//! Operators are plain data in the plan and call [`Context::forward`] with each change they emit,
//! which runs the next operator at once: a record is followed to its end before the next.

use super::cache::{Cache, CacheKey, Dirty};
use super::change::{Bounds, Change};
use super::output::{Output, ProcessingError, ProcessingErrorKind};
use crate::expression::{EvalContext, EvalError, Expression};
use crate::format::Part;
use crate::plan::{Node, Plan, Target};
use crate::state::{StoreState, Stored};
use crate::value::{OwnedValue, Value};
use headwater_base::trace::Rejection;
use headwater_base::{PartitionId, QueryId, RecordId, StationId, TopicId, TraceDetail};
use headwater_log::{Headers, NewRecord, partition_for_key};
use std::sync::Arc;

/// A topic of a running query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningTopic {
    /// Its id.
    pub id: TopicId,
    /// Its partitions, in order.
    pub partitions: Vec<PartitionId>,
}

/// Buffers that are used again for each record.
#[derive(Debug, Default)]
pub struct Buffers {
    /// A serialised key.
    pub key: Vec<u8>,
    /// A serialised value.
    pub value: Vec<u8>,
}

/// Why a query has to stop, as ksqlDB would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, in words.
    pub message: String,
}

/// A row that a pull query collects where the sink would have written it.
#[derive(Clone, Debug, PartialEq)]
pub struct CapturedRow {
    /// Key columns, then value columns.
    pub values: Vec<OwnedValue>,
    /// The window of the key.
    pub window: Option<Bounds>,
    /// The record time.
    pub time: i64,
}

/// The world of one record in one task.
pub struct Context<'r> {
    /// For expressions.
    pub eval: EvalContext<'r>,
    /// The operators of the sub-topology.
    pub nodes: &'r [Node],
    /// The plan and the sub-topology, for those who say where something happened.
    pub plan: Option<(&'r Plan, usize)>,
    /// The operator that is at work; none while the record is read.
    pub at: Option<u16>,
    /// The query's topics.
    pub topics: &'r [RunningTopic],
    /// The task's stores.
    pub stores: &'r mut [StoreState],
    /// The task's record cache, if it has one.
    pub cache: Option<&'r mut Cache>,
    /// Scratch.
    pub buffers: &'r mut Buffers,
    /// Where results go.
    pub output: &'r mut dyn Output,
    /// Rows are collected here and go to no sink, while a pull query looks at a table.
    pub capture: Option<&'r mut Vec<CapturedRow>>,
    /// The query.
    pub query: QueryId,
    /// The record.
    pub input: RecordId,
    /// Its place among all records that the task has taken: it rises with each of them.
    pub place: u64,
    /// Which source of the sub-topology it came from.
    pub source: u16,
    /// The task's partition number.
    pub partition: u32,
    /// How many rows a push query has emitted so far.
    pub emitted: &'r mut u64,
}

impl<'r> Context<'r> {
    /// Runs what follows on `change`.
    pub fn forward<'b>(&mut self, target: Option<Target>, change: Change<'b>) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let nodes = self.nodes;
        match target.and_then(|target| Some((nodes.get(target.node as usize)?, target))) {
            Some((node, target)) => {
                self.log_evaluations();
                let before = self.at.replace(target.node);
                let done = node.operator.process(self, node, target.port, change);
                self.log_evaluations();
                self.at = before;
                done
            }
            None => Ok(()),
        }
    }

    /// Logs the errors of expressions so far: they are those of the operator at work.
    #[inline]
    pub(super) fn log_evaluations(&mut self) {
        if !self.eval.errors.is_empty() {
            for error in self.eval.errors.take() {
                self.error(ProcessingErrorKind::Evaluation, error.to_string());
            }
        }
    }

    /// The value of an expression; an error is logged and given back.
    pub fn value<'b>(
        &mut self,
        expression: &'b Expression,
        row: &[Value<'b>],
    ) -> Result<Value<'b>, EvalError>
    where
        'r: 'b,
    {
        let context: &EvalContext<'b> = &self.eval;
        expression
            .eval(row, context)
            .inspect_err(|error| context.errors.push(error.clone()))
    }

    /// The value of an expression, null where it fails.
    #[inline]
    pub fn value_or_null<'b>(&mut self, expression: &'b Expression, row: &[Value<'b>]) -> Value<'b>
    where
        'r: 'b,
    {
        // Most expressions are a column alone, which cannot fail.
        if let Some(from) = expression.as_column() {
            return row.get(from).copied().unwrap_or_default();
        }
        self.value(expression, row).unwrap_or(Value::Null)
    }

    /// The record passed a station.
    pub fn passed(&mut self, station: StationId) {
        let query = self.query;
        self.note_with(|| TraceDetail::StationPassed { query, station });
    }

    /// The record ended at a station.
    pub fn rejected(&mut self, station: StationId, reason: Rejection) {
        let query = self.query;
        self.note_with(|| TraceDetail::StationRejected {
            query,
            station,
            reason,
        });
    }

    /// Something happened.
    pub fn note(&mut self, detail: TraceDetail) {
        self.note_with(|| detail);
    }

    /// Something happened; what it was is only asked for where somebody listens.
    pub fn note_with(&mut self, detail: impl FnOnce() -> TraceDetail) {
        if self.capture.is_none() && self.output.traces() {
            self.output.note(detail());
        }
    }

    /// Something went wrong with this record; the query goes on.
    pub fn error(&mut self, kind: ProcessingErrorKind, message: impl Into<String>) {
        self.error_of(kind, None, message);
    }

    /// The same, where it is known which side of the record is wrong.
    pub fn error_of(
        &mut self,
        kind: ProcessingErrorKind,
        target: Option<Part>,
        message: impl Into<String>,
    ) {
        let step = match (self.plan, self.at) {
            (Some((plan, sub)), Some(node)) => plan.step_of_node(sub, node),
            (Some((plan, sub)), None) => plan.step_of_source(sub, self.source),
            (None, _) => String::new(),
        };
        let step = match kind {
            ProcessingErrorKind::Deserialization => format!("{step}.deserializer"),
            ProcessingErrorKind::Serialization => format!("{step}.serializer"),
            _ => step,
        };
        self.output.error(ProcessingError {
            query: self.query,
            record: self.input,
            kind,
            message: message.into(),
            step,
            target,
        });
    }

    /// Appends what the buffers hold to a topic: the partition is that of the first `key_len`
    /// bytes of the key, as Kafka hashes them (the window of a windowed key does not count).
    pub fn send_keyed(
        &mut self,
        topic: usize,
        key_len: Option<usize>,
        has_value: bool,
        time: i64,
        headers: Headers<'_>,
    ) {
        let Some(topic) = self.topics.get(topic) else {
            return;
        };
        let hashed = key_len.and_then(|len| self.buffers.key.get(..len));
        let partition = hashed.map(|key| partition_for_key(key, topic.partitions.len() as u32));
        let record = NewRecord {
            timestamp: time,
            key: key_len.map(|_| self.buffers.key.as_slice()),
            value: has_value.then_some(self.buffers.value.as_slice()),
            headers,
            cause: Some(self.input),
        };
        self.output.send(topic.id, partition, record);
    }

    /// Leaves it to the record cache, if there is one, to send on the entry of a store whose key
    /// and value are in the buffers; whether it does. `before` is what stood there.
    pub fn put_off(
        &mut self,
        store: usize,
        window: Option<Bounds>,
        before: Option<Arc<Stored>>,
        change: &Change<'_>,
    ) -> bool {
        let Some(cache) = self.cache.as_deref_mut() else {
            return false;
        };
        let key = CacheKey {
            store,
            key: self.buffers.key.as_slice().into(),
            window,
        };
        let dirty = Dirty::new(before, change.time, self.input, change.headers);
        cache.put(key, dirty, self.buffers.value.len());
        true
    }

    /// Appends what the buffers hold to a partition of a topic, with or without the key.
    pub fn send_to(
        &mut self,
        topic: usize,
        partition: u32,
        has_key: bool,
        time: i64,
        headers: Headers<'_>,
    ) {
        let Some(topic) = self.topics.get(topic) else {
            return;
        };
        let partition = partition % (topic.partitions.len() as u32).max(1);
        let record = NewRecord {
            timestamp: time,
            key: has_key.then_some(self.buffers.key.as_slice()),
            value: Some(self.buffers.value.as_slice()),
            headers,
            cause: Some(self.input),
        };
        self.output.send(topic.id, Some(partition), record);
    }

    /// Appends what the buffers hold to a store's changelog; gives the offset if it is known.
    pub fn send_changelog(&mut self, topic: usize, has_value: bool, time: i64) -> Option<u64> {
        self.split().1.send(topic, has_value, time)
    }

    /// The stores, and apart from them what is needed to write to their changelogs.
    pub fn split(&mut self) -> (&mut [StoreState], Changelogs<'_>) {
        let changelogs = Changelogs {
            buffers: self.buffers,
            output: self.output,
            topics: self.topics,
            input: self.input,
            partition: self.partition,
            is_told: self.capture.is_none(),
        };
        (self.stores, changelogs)
    }
}

/// Where stores are written to, besides themselves.
pub struct Changelogs<'c> {
    /// Scratch: the key and the value that are to be written.
    pub buffers: &'c mut Buffers,
    output: &'c mut dyn Output,
    topics: &'c [RunningTopic],
    input: RecordId,
    partition: u32,
    is_told: bool,
}

impl Changelogs<'_> {
    /// Appends what the buffers hold to a changelog; gives the offset if it is known.
    pub fn send(&mut self, topic: usize, has_value: bool, time: i64) -> Option<u64> {
        let topic = self.topics.get(topic)?;
        let record = NewRecord {
            timestamp: time,
            key: Some(self.buffers.key.as_slice()),
            value: has_value.then_some(self.buffers.value.as_slice()),
            headers: Headers::EMPTY,
            cause: Some(self.input),
        };
        let sent = self.output.send(topic.id, Some(self.partition), record);
        sent.map(|record| record.offset)
    }

    /// Something happened to the key in the buffer; it is told where somebody listens.
    pub fn note_key(&mut self, detail: impl FnOnce(&[u8]) -> TraceDetail) {
        if self.is_told && self.output.traces() {
            self.output.note(detail(&self.buffers.key));
        }
    }
}
