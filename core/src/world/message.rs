//! The messages that travel in the event queue: who is to do something.

use crate::world::outbox::ENGINE;
use headwater_base::{ConsumerId, NodeId, PartitionId, ProducerId, QueryId};
use headwater_log::{GroupInput, GroupMessage};
use headwater_sql::runtime::TaskRef;

/// A task of the SQL engine: one partition of one sub-topology of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TaskAddress {
    /// The query.
    pub query: QueryId,
    /// Its place among the query's tasks.
    pub task: u32,
}

impl TaskAddress {
    /// The same in the engine's words.
    pub const fn task_ref(self) -> TaskRef {
        TaskRef {
            query: self.query,
            task: self.task,
        }
    }
}

/// What is due.
#[derive(Clone, Debug)]
pub enum Message {
    /// A producer may append its next record.
    Producer(ProducerId),
    /// A batch of a producer for a partition, the producer's so manieth, has waited long enough.
    Batch(ProducerId, u32, u64),
    /// A producer may append the next record of a closed batch.
    Send(ProducerId),
    /// A task may take up its next record.
    Task(TaskAddress),
    /// A task sends on what its record cache holds back, and commits how far it has read.
    CommitTask(TaskAddress),
    /// A node reads the next records of a task's changelogs.
    Restore(TaskAddress, NodeId),
    /// It is looked whether what nodes warm up for can move.
    Probe(QueryId),
    /// The session of a node that was killed runs out.
    NodeExpired(NodeId),
    /// A consumer that reads as records come may take its next one.
    Consumer(ConsumerId),
    /// A consumer with a pace of its own comes round.
    ConsumerRound(ConsumerId),
    /// A consumer that was to begin later begins.
    ConsumerBegins(ConsumerId),
    /// A member tells its group that it is alive.
    Heartbeat(ConsumerId),
    /// A consumer commits what it has read.
    Commit(ConsumerId),
    /// The coordinator is told something.
    Coordinator(GroupInput),
    /// What waits for a coordinator is sent again.
    CoordinatorRetry,
    /// The coordinator tells a member something.
    Member(GroupMessage),
    /// The coordinator looks for members whose session is over.
    GroupCheck,
    /// How far groups are behind is noted.
    NoteLag,
    /// Followers of a partition fetch.
    Replicate(PartitionId),
    /// What waits for a partition may be sent.
    Resend(PartitionId, ProducerId),
    /// What was sent to a partition may have waited too long for its answer.
    Delivery(PartitionId, ProducerId),
    /// The controller looks for brokers that have fallen silent.
    Controller,
    /// The controller looks for leaders that are not the preferred ones.
    BalanceLeaders,
    /// The log looks for records that retention or compaction can remove.
    CleanLog,
}

impl Message {
    /// Whether it belongs to what follows from records that were appended, or from members that
    /// came and went; time alone brings the others.
    pub fn is_consequence(&self) -> bool {
        match self {
            Message::Task(_)
            | Message::Restore(..)
            | Message::Consumer(_)
            | Message::Coordinator(_)
            | Message::CoordinatorRetry
            | Message::Member(_)
            | Message::Replicate(_) => true,
            Message::Resend(_, sender) => *sender == ENGINE,
            Message::Producer(_)
            | Message::Delivery(..)
            | Message::CommitTask(_)
            | Message::NodeExpired(_)
            | Message::Probe(_)
            | Message::Batch(..)
            | Message::Send(_)
            | Message::ConsumerRound(_)
            | Message::ConsumerBegins(_)
            | Message::Heartbeat(_)
            | Message::GroupCheck
            | Message::NoteLag
            | Message::Controller
            | Message::BalanceLeaders
            | Message::Commit(_)
            | Message::CleanLog => false,
        }
    }
}

impl From<GroupInput> for Message {
    fn from(input: GroupInput) -> Message {
        Message::Coordinator(input)
    }
}

impl From<GroupMessage> for Message {
    fn from(message: GroupMessage) -> Message {
        Message::Member(message)
    }
}
