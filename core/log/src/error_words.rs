//! The words of errors: Kafka's, where Kafka has words, and what to do about each.
//!
//! Which errors there are is in [`crate::error`].

use crate::error::LogError;
use std::fmt;

impl LogError {
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
            InconsistentAssignors { known, .. } => one(format!(
                "Set partition.assignment.strategy to what all know: {}.",
                known.join(", ")
            )),
            LeaderNotAvailable { .. } => one("Start a broker that has a replica.".to_owned()),
            NotEnoughReplicas { .. } => {
                one("Start brokers, lower min.insync.replicas, or send with acks=1.".to_owned())
            }
            PreferredLeaderNotAvailable { .. } => {
                one("Start it, and wait until it is in sync.".to_owned())
            }
            PolicyViolation { .. } => one("Let cleanup.policy delete, too.".to_owned()),
            UnknownBroker { most, .. } => one(format!("Brokers have ids from 1 to {most}.")),
            _ => Vec::new(),
        }
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
            InvalidReplicationFactor { asked, .. } if *asked <= 0 => {
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
            InconsistentAssignors { .. } => write!(
                f,
                "The group member's supported protocols are incompatible with those of existing \
                 members or first group member tried to join with empty protocol type or empty \
                 protocol list."
            ),
            _ => self.fmt_brokers(f),
        }
    }

    /// The errors of brokers and replicas.
    fn fmt_brokers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use LogError::*;
        match self {
            LeaderNotAvailable { .. } => write!(
                f,
                "There is no leader for this topic-partition as we are in the middle of a \
                 leadership election."
            ),
            NotEnoughReplicas { in_sync, least } => write!(
                f,
                "The size of the current ISR is insufficient to satisfy the min.isr requirement \
                 of {least} for partition: {in_sync} in sync."
            ),
            ElectionNotNeeded { .. } => {
                write!(f, "Leader election not needed for topic partition.")
            }
            PreferredLeaderNotAvailable { .. } => {
                write!(f, "The preferred leader was not available.")
            }
            PolicyViolation { .. } => write!(
                f,
                "Records of the partition can not be deleted due to the configured policy."
            ),
            UnknownBroker { broker, .. } => write!(f, "There is no broker {broker}."),
            BrokerAlready { broker, state } => write!(f, "Broker {broker} is {state} already."),
            other => write!(f, "{}", other.code()),
        }
    }
}
