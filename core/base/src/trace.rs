//! What the laboratory tells about itself: events of a fixed size, ids and integers only.
//!
//! Details (texts, bytes, rows) are asked for by id. The trace is recomputed by replay, never
//! retained by the engine, and tracing is generic over its sink, so that a run without one costs
//! nothing.

mod words;

use crate::digest;
use crate::ids::{
    BrokerId, ConsumerId, GroupId, NodeId, PartitionId, ProducerId, QueryId, RecordId, StationId,
    TopicId,
};
use crate::time::VirtualTime;
use serde::{Deserialize, Serialize};

/// One thing that happened, with its step and its virtual time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceEvent {
    /// The step, from 0.
    pub step: u64,
    /// When.
    pub time: VirtualTime,
    /// What.
    #[serde(flatten)]
    pub detail: TraceDetail,
}

/// Why a station let a record go no further.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rejection {
    /// The predicate of WHERE or HAVING was not true.
    Predicate,
    /// An expression failed; the processing log has the message.
    Error,
    /// The record's bytes are not of the declared format.
    Unreadable,
    /// The value is null, and this station drops such records.
    NullValue,
    /// The key, or a grouping expression, is null.
    NullKey,
    /// An inner join found nothing on the other side.
    NoMatch,
    /// The window had closed: the record came too late.
    Late,
    /// Nothing was shown before, so there is nothing to take back.
    NothingToDelete,
}

/// Why a group rebalances, or why a member is no longer one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RebalanceReason {
    /// A new member.
    MemberJoined,
    /// A member joined again: it gave something up, or it had missed a generation.
    MemberRejoined,
    /// A member left.
    MemberLeft,
    /// A member was silent for `session.timeout.ms`.
    SessionTimeout,
    /// A member did not poll for `max.poll.interval.ms`.
    PollTimeout,
    /// A topic has other partitions than before, or is gone.
    TopicChanged,
}

/// Why a producer gave up a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SendError {
    /// `delivery.timeout.ms` is over.
    Timeout,
    /// There is no leader, and no try is left.
    NotLeader,
    /// Too few replicas are in sync, and no try is left.
    NotEnoughReplicas,
    /// It exceeds `max.message.bytes` or `max.request.size`.
    RecordTooLarge,
    /// It has no key, though its topic is compacted; or a time that is not possible.
    InvalidRecord,
    /// `buffer.memory` was full for `max.block.ms`.
    BufferFull,
}

/// What happened.
#[allow(
    missing_docs,
    reason = "the fields are ids; each variant says what it means"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum TraceDetail {
    /// A command from outside was applied; its place in the command log.
    CommandApplied { index: u64 },
    /// A topic came into being.
    TopicCreated { topic: TopicId, partitions: u32 },
    /// A topic is gone.
    TopicDeleted { topic: TopicId },
    /// A record was appended. `digest` is that of its key, value and timestamp.
    RecordAppended {
        record: RecordId,
        cause: Option<RecordId>,
        digest: u64,
    },
    /// Retention or compaction removed records: the first offset that is left.
    LogStartAdvanced { partition: PartitionId, offset: u64 },
    /// A producer was started.
    ProducerStarted { producer: ProducerId },
    /// A producer was stopped.
    ProducerStopped { producer: ProducerId },
    /// A query was started.
    QueryStarted { query: QueryId },
    /// A query ended, by TERMINATE, DROP, LIMIT or the end of its reader.
    QueryEnded { query: QueryId },
    /// A query stopped because of an error that ksqlDB stops for, too.
    QueryFailed {
        query: QueryId,
        record: Option<RecordId>,
    },
    /// A query's task took up a record.
    RecordRead { query: QueryId, record: RecordId },
    /// The record passed a station.
    StationPassed { query: QueryId, station: StationId },
    /// The record ended at a station.
    StationRejected {
        query: QueryId,
        station: StationId,
        reason: Rejection,
    },
    /// A join looked into a table; `key` is the digest of the key it looked for.
    TableProbed {
        query: QueryId,
        station: StationId,
        key: u64,
        found: bool,
    },
    /// A store took a new value; `key` is the digest of its key.
    StateUpdated {
        query: QueryId,
        station: StationId,
        key: u64,
        deleted: bool,
    },
    /// A push query gave a row to its reader.
    RowEmitted { query: QueryId, row: u64 },
    /// A consumer was started.
    ConsumerStarted { consumer: ConsumerId },
    /// A consumer was stopped.
    ConsumerStopped { consumer: ConsumerId },
    /// A consumer took a record.
    RecordDelivered {
        consumer: ConsumerId,
        record: RecordId,
    },
    /// A consumer was moved to an offset, by a seek or by a reset.
    PositionMoved {
        consumer: ConsumerId,
        record: RecordId,
    },
    /// A group, or a lone consumer, committed: the next offset to read.
    OffsetCommitted {
        consumer: ConsumerId,
        record: RecordId,
    },
    /// A group has a new generation.
    GroupRebalanced { group: GroupId, generation: u32 },
    /// A member was given a partition.
    PartitionAssigned {
        consumer: ConsumerId,
        partition: PartitionId,
    },
    /// A member gave a partition up.
    PartitionRevoked {
        consumer: ConsumerId,
        partition: PartitionId,
    },
    /// A group begins to rebalance.
    RebalanceStarted {
        group: GroupId,
        reason: RebalanceReason,
    },
    /// A group has a member less.
    MemberRemoved {
        group: GroupId,
        consumer: ConsumerId,
        reason: RebalanceReason,
    },
    /// A commit was refused: the consumer is no member, or of a generation that is over.
    CommitRefused {
        group: GroupId,
        consumer: ConsumerId,
    },
    /// A group's offset was reset.
    GroupOffsetReset { group: GroupId, record: RecordId },
    /// A consumer stopped as if its machine had failed: it tells nobody.
    ConsumerKilled { consumer: ConsumerId },
    /// A consumer's partitions are left out of its polls.
    ConsumerPaused { consumer: ConsumerId },
    /// A consumer reads on.
    ConsumerResumed { consumer: ConsumerId },
    /// A consumer no longer polls, though it is alive.
    ConsumerStalled { consumer: ConsumerId },
    /// A broker stopped, as by a power cut.
    BrokerStopped { broker: BrokerId },
    /// A broker was started, or its links are whole again.
    BrokerStarted { broker: BrokerId },
    /// A broker is cut off from all others.
    BrokerIsolated { broker: BrokerId },
    /// A partition has a new leader, or none: then `broker` is 0.
    LeaderElected {
        partition: PartitionId,
        broker: BrokerId,
        epoch: u32,
    },
    /// A replica fell out of a partition's in-sync replicas, or is in sync again.
    InSyncChanged {
        partition: PartitionId,
        broker: BrokerId,
        in_sync: bool,
    },
    /// Records are on all in-sync replicas up to this offset: consumers may see them.
    HighWatermarkAdvanced { partition: PartitionId, offset: u64 },
    /// A replica threw away what the new leader does not have.
    LogTruncated {
        partition: PartitionId,
        broker: BrokerId,
        from: u64,
        to: u64,
    },
    /// A record was not taken: no leader, or only so many in-sync replicas. The producer tries
    /// again.
    SendRefused { producer: ProducerId, in_sync: u16 },
    /// A producer has no answer for so many records, and sends them again.
    SendRetried {
        producer: ProducerId,
        partition: PartitionId,
        records: u64,
    },
    /// A producer gave up so many records.
    SendFailed {
        producer: ProducerId,
        partition: PartitionId,
        error: SendError,
        records: u64,
    },
    /// A consumer stops: it has no offset in a partition, and `auto.offset.reset` is `none`.
    PollFailed {
        consumer: ConsumerId,
        partition: PartitionId,
    },
    /// A ksqlDB node was started.
    NodeStarted { node: NodeId },
    /// A ksqlDB node was stopped in good order.
    NodeStopped { node: NodeId },
    /// A ksqlDB node was killed; nobody has noticed yet.
    NodeKilled { node: NodeId },
    /// The session of a killed node has run out.
    NodeLost { node: NodeId },
    /// A node was given a task of a query.
    TaskAssigned {
        node: NodeId,
        query: QueryId,
        task: u32,
    },
    /// A node has read records of a task's changelogs; so many are left.
    TaskRestored {
        node: NodeId,
        query: QueryId,
        task: u32,
        left: u64,
    },
    /// A node has read records of a task's changelogs before it is given the task; so many are
    /// left.
    TaskWarmed {
        node: NodeId,
        query: QueryId,
        task: u32,
        left: u64,
    },
}

/// Where trace events go.
pub trait TraceSink {
    /// Takes one event.
    fn take(&mut self, event: &TraceEvent);
}

/// Throws everything away.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoTrace;

impl TraceSink for NoTrace {
    fn take(&mut self, _event: &TraceEvent) {}
}

impl TraceSink for Vec<TraceEvent> {
    fn take(&mut self, event: &TraceEvent) {
        self.push(*event);
    }
}

/// Folds everything into 64 bits: the state hash of a run.
///
/// Whatever happened is in the trace, record contents by their digest, so two runs with equal
/// hashes went the same way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HashSink(pub u64);

impl TraceSink for HashSink {
    fn take(&mut self, event: &TraceEvent) {
        let [kind, a, b, c, d, e] = event.detail.words();
        self.0 = digest::fold(
            self.0,
            &[event.step, event.time.0 as u64, kind, a, b, c, d, e],
        );
    }
}

impl<A: TraceSink, B: TraceSink> TraceSink for (&mut A, &mut B) {
    fn take(&mut self, event: &TraceEvent) {
        self.0.take(event);
        self.1.take(event);
    }
}
