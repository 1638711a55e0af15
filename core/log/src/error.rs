//! What can go wrong in the log and its clients: one enum, Kafka's words where Kafka has words.
//!
//! Every error knows whose fault it is and what to do about it, as a [`Diagnostic`]. The words are
//! in `error_words`.

use headwater_base::{Diagnostic, Fault, PartitionId};

/// Why a request to the log or to a client was refused. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogError {
    /// There is a topic of that name.
    TopicExists {
        /// The name.
        name: String,
    },
    /// The name differs from that of another topic only in `.` and `_`, which metrics mix up.
    TopicCollision {
        /// The name.
        name: String,
        /// The other topic.
        existing: String,
    },
    /// There is no topic of that name.
    UnknownTopic {
        /// The name.
        name: String,
        /// Topics with similar names, the nearest first.
        near: Vec<String>,
    },
    /// Kafka does not allow the name.
    InvalidTopicName {
        /// What is wrong with it.
        why: String,
    },
    /// A topic cannot have so many partitions.
    InvalidPartitionCount {
        /// How many were asked for.
        asked: u32,
        /// How many are possible.
        most: u32,
    },
    /// Partitions can only be added.
    PartitionsNotIncreased {
        /// The topic.
        name: String,
        /// How many it has.
        has: u32,
        /// How many were asked for.
        asked: u32,
    },
    /// There are not so many brokers.
    InvalidReplicationFactor {
        /// How many replicas were asked for.
        asked: i64,
        /// How many brokers there are.
        brokers: u16,
    },
    /// The laboratory's limit of topics is reached.
    TooManyTopics {
        /// The limit.
        most: u64,
    },
    /// No partition has this id; its topic may have been deleted.
    UnknownPartition {
        /// The id.
        partition: PartitionId,
    },
    /// The topic has no such partition.
    InvalidPartition {
        /// The topic.
        topic: String,
        /// The number asked for.
        partition: u32,
        /// How many partitions there are.
        count: u32,
    },
    /// The record exceeds `max.message.bytes`, or `segment.bytes`.
    RecordTooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// The record exceeds the producer's `max.request.size`.
    RequestTooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// A compacted topic takes no record without a key.
    KeyRequired {
        /// The partition.
        partition: PartitionId,
    },
    /// A record's timestamp is negative.
    InvalidTimestamp {
        /// The timestamp.
        timestamp: i64,
    },
    /// The offset is not in the partition.
    OffsetOutOfRange {
        /// The partition.
        partition: PartitionId,
        /// The offset.
        offset: u64,
        /// The first offset that is there.
        start: u64,
        /// One past the last one.
        end: u64,
    },
    /// `auto.offset.reset` is `none`, and nothing was committed.
    NoOffset {
        /// The partition.
        partition: PartitionId,
    },
    /// The consumer does not read this partition.
    NotAssigned {
        /// The partition.
        partition: PartitionId,
    },
    /// Kafka has no such configuration name.
    UnknownConfig {
        /// What is configured: a topic, a consumer, a producer.
        of: &'static str,
        /// The name.
        name: String,
        /// Similar names, the nearest first.
        near: Vec<String>,
    },
    /// Kafka has this configuration, this laboratory does not have it yet.
    UnsupportedConfig {
        /// The name.
        name: String,
    },
    /// The value does not suit the configuration.
    InvalidConfig {
        /// The name.
        name: String,
        /// The value.
        value: String,
        /// What is wrong with it.
        why: String,
    },
    /// There is no group of that name.
    UnknownGroup {
        /// The name.
        name: String,
        /// Similar names, the nearest first.
        near: Vec<String>,
    },
    /// The group does not know the member.
    UnknownMember {
        /// The group.
        group: String,
    },
    /// The member speaks of a generation that is over.
    IllegalGeneration {
        /// The group.
        group: String,
    },
    /// No assignor is known to all members of the group and to who would join.
    InconsistentAssignors {
        /// The group.
        group: String,
        /// Assignors that all members know.
        known: Vec<String>,
    },
    /// The partition's leader is down or cut off, and there is no other.
    LeaderNotAvailable {
        /// The partition.
        partition: PartitionId,
    },
    /// The preferred leader leads already.
    ElectionNotNeeded {
        /// The partition.
        partition: PartitionId,
    },
    /// The preferred leader is down, cut off or not in sync.
    PreferredLeaderNotAvailable {
        /// The partition.
        partition: PartitionId,
    },
    /// Records cannot be deleted, since `cleanup.policy` only compacts.
    PolicyViolation {
        /// The partition.
        partition: PartitionId,
    },
    /// Too few replicas are in sync for `acks=all`.
    NotEnoughReplicas {
        /// How many are in sync.
        in_sync: u16,
        /// How many have to be: `min.insync.replicas`.
        least: u16,
    },
    /// There is no such broker.
    UnknownBroker {
        /// Its id.
        broker: u32,
        /// How many ids are possible.
        most: u16,
    },
    /// The broker is in that state already.
    BrokerAlready {
        /// Its id.
        broker: u32,
        /// The state in words.
        state: &'static str,
    },
    /// Offsets can be reset only while no member is active.
    GroupActive {
        /// The group.
        group: String,
        /// Its state.
        state: &'static str,
    },
}

impl LogError {
    /// A stable name of the kind of error, in kebab case.
    pub fn code(&self) -> &'static str {
        use LogError::*;
        match self {
            TopicExists { .. } => "topic-exists",
            TopicCollision { .. } => "topic-collision",
            UnknownTopic { .. } => "unknown-topic",
            InvalidTopicName { .. } => "invalid-topic-name",
            InvalidPartitionCount { .. } => "invalid-partition-count",
            PartitionsNotIncreased { .. } => "partitions-not-increased",
            InvalidReplicationFactor { .. } => "invalid-replication-factor",
            TooManyTopics { .. } => "too-many-topics",
            UnknownPartition { .. } => "unknown-partition",
            InvalidPartition { .. } => "invalid-partition",
            RecordTooLarge { .. } => "record-too-large",
            RequestTooLarge { .. } => "request-too-large",
            KeyRequired { .. } => "key-required",
            InvalidTimestamp { .. } => "invalid-timestamp",
            OffsetOutOfRange { .. } => "offset-out-of-range",
            NoOffset { .. } => "no-offset",
            NotAssigned { .. } => "not-assigned",
            UnknownConfig { .. } => "unknown-config",
            UnsupportedConfig { .. } => "unsupported-config",
            InvalidConfig { .. } => "invalid-config",
            UnknownGroup { .. } => "unknown-group",
            UnknownMember { .. } => "unknown-member",
            IllegalGeneration { .. } => "illegal-generation",
            GroupActive { .. } => "group-active",
            InconsistentAssignors { .. } => "inconsistent-group-protocol",
            LeaderNotAvailable { .. } => "leader-not-available",
            ElectionNotNeeded { .. } => "election-not-needed",
            PreferredLeaderNotAvailable { .. } => "preferred-leader-not-available",
            PolicyViolation { .. } => "policy-violation",
            NotEnoughReplicas { .. } => "not-enough-replicas",
            UnknownBroker { .. } => "unknown-broker",
            BrokerAlready { .. } => "broker-already",
        }
    }

    /// Whether trying again later may help, as Kafka's clients do by themselves.
    pub fn is_retriable(&self) -> bool {
        matches!(
            self,
            LogError::LeaderNotAvailable { .. } | LogError::NotEnoughReplicas { .. }
        )
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            LogError::UnsupportedConfig { .. } => Fault::NotSupportedYet,
            LogError::RecordTooLarge { .. }
            | LogError::RequestTooLarge { .. }
            | LogError::KeyRequired { .. }
            | LogError::InvalidTimestamp { .. } => Fault::Record,
            _ => Fault::Yours,
        }
    }

    /// The error as a finding, without a place.
    ///
    /// ```
    /// use headwater_log::LogError;
    /// let near = vec!["ratings".to_owned()];
    /// let error = LogError::UnknownTopic { name: "rating".to_owned(), near };
    /// assert_eq!(error.to_diagnostic().hints, ["Did you mean ratings?"]);
    /// ```
    pub fn to_diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.fault(), self.code(), self.to_string());
        self.hints().into_iter().fold(diagnostic, Diagnostic::hint)
    }
}
