//! What can go wrong in the log and its clients: one enum, Kafka's words where Kafka has words.
//!
//! Every error knows whose fault it is and what to do about it, as a [`Diagnostic`].

use headwater_base::{Diagnostic, Fault, PartitionId};
use std::fmt;

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
        asked: u16,
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
        }
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

    /// What to do about it, nearest first.
    pub fn hints(&self) -> Vec<String> {
        use LogError::*;
        let one = |hint: String| vec![hint];
        match self {
            TopicExists { name } => one(format!("Use {name}, or delete it first.")),
            UnknownTopic { near, .. } | UnknownConfig { near, .. } | UnknownGroup { near, .. } => {
                near.iter()
                    .map(|name| format!("Did you mean {name}?"))
                    .collect()
            }
            InvalidPartitionCount { most, .. } => one(format!("Ask for 1 to {most} partitions.")),
            TooManyTopics { .. } => one("Delete topics that nobody reads.".to_owned()),
            RecordTooLarge { .. } => {
                one("Send less, or raise max.message.bytes and segment.bytes.".to_owned())
            }
            RequestTooLarge { .. } => one("Send less, or raise max.request.size.".to_owned()),
            KeyRequired { .. } => one("Give the record a key.".to_owned()),
            NoOffset { .. } => one("Set auto.offset.reset, or seek.".to_owned()),
            IllegalGeneration { .. } | UnknownMember { .. } => one("Join again.".to_owned()),
            GroupActive { .. } => one("Stop the group's consumers first.".to_owned()),
            _ => Vec::new(),
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

impl std::error::Error for LogError {}

impl fmt::Display for LogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use LogError::*;
        match self {
            TopicExists { name } => write!(f, "Topic '{name}' already exists."),
            TopicCollision { name, existing } => {
                write!(
                    f,
                    "Topic '{name}' collides with existing topics: {existing}"
                )
            }
            UnknownTopic { name, .. } => write!(f, "Topic '{name}' does not exist."),
            InvalidTopicName { why } => write!(f, "Topic name is invalid: {why}"),
            InvalidPartitionCount { asked: 0, .. } => {
                write!(
                    f,
                    "Number of partitions was set to an invalid non-positive value."
                )
            }
            InvalidPartitionCount { asked, most } => write!(
                f,
                "Number of partitions was set to {asked}; this laboratory allows {most}."
            ),
            PartitionsNotIncreased { name, has, asked } => write!(
                f,
                "The topic {name} currently has {has} partition(s); {asked} would not be an \
                 increase."
            ),
            InvalidReplicationFactor { asked: 0, .. } => {
                write!(f, "Replication factor must be larger than 0.")
            }
            InvalidReplicationFactor { asked, brokers } => write!(
                f,
                "Unable to replicate the partition {asked} time(s): The target replication \
                 factor of {asked} cannot be reached because only {brokers} broker(s) are \
                 registered."
            ),
            TooManyTopics { most } => write!(f, "This laboratory holds at most {most} topics."),
            UnknownPartition { .. } => {
                write!(f, "This server does not host this topic-partition.")
            }
            InvalidPartition {
                topic,
                partition,
                count,
            } => write!(
                f,
                "Invalid partition given with record: {partition} is not in the range \
                 [0...{count}) of topic {topic}."
            ),
            _ => self.fmt_data(f),
        }
    }
}

impl LogError {
    /// The errors of records, offsets, configurations and groups.
    fn fmt_data(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use LogError::*;
        match self {
            RecordTooLarge { bytes, most } => write!(
                f,
                "The record batch size in the append is {bytes} bytes which exceeds the maximum \
                 configured value of {most}."
            ),
            RequestTooLarge { bytes, most } => write!(
                f,
                "The message is {bytes} bytes when serialized which is larger than {most}, which \
                 is the value of the max.request.size configuration."
            ),
            KeyRequired { .. } => {
                write!(f, "Compacted topic cannot accept message without key.")
            }
            InvalidTimestamp { timestamp } => write!(
                f,
                "Invalid timestamp: {timestamp}. Timestamp should always be non-negative or null."
            ),
            OffsetOutOfRange {
                offset, start, end, ..
            } => write!(
                f,
                "Fetch position {offset} is out of range: the partition holds {start} up to {end}."
            ),
            NoOffset { .. } => write!(f, "Undefined offset with no reset policy for partition."),
            NotAssigned { .. } => {
                write!(
                    f,
                    "No current assignment for partition; it is read by nobody here."
                )
            }
            UnknownConfig { of, name, .. } => write!(f, "Unknown {of} config name: {name}"),
            UnsupportedConfig { name } => write!(f, "{name} is not supported yet."),
            InvalidConfig { name, value, why } => {
                write!(f, "Invalid value {value} for configuration {name}: {why}")
            }
            UnknownGroup { name, .. } => write!(f, "Consumer group '{name}' does not exist."),
            UnknownMember { .. } => write!(f, "The coordinator is not aware of this member."),
            IllegalGeneration { .. } => {
                write!(f, "Specified group generation id is not valid.")
            }
            GroupActive { group, state } => write!(
                f,
                "Assignments can only be reset if the group '{group}' is inactive, but the \
                 current state is {state}."
            ),
            other => write!(f, "{}", other.code()),
        }
    }
}
