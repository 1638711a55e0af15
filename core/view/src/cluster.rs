//! What is below the topics: brokers, replicas, and how far groups are behind.

use headwater_base::{BrokerId, ConsumerId, PartitionId, TopicId};
use serde::{Deserialize, Serialize};

/// A broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokerView {
    /// Its id.
    pub id: BrokerId,
    /// How it is: `running`, `stopped` or `isolated`.
    pub state: String,
    /// Whether the controller has noticed that it is silent.
    pub fenced: bool,
    /// How many partitions it leads.
    pub leads: u32,
    /// How many replicas it has.
    pub replicas: u32,
    /// How many of those are in sync.
    pub in_sync: u32,
}

/// The replicas of a partition; of partitions with one replica only where nobody leads them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicationView {
    /// The partition.
    pub partition: PartitionId,
    /// Who leads; nobody while no in-sync replica is there.
    pub leader: Option<BrokerId>,
    /// Whether clients reach the leader.
    pub available: bool,
    /// How many leaders there have been before.
    pub epoch: u32,
    /// One past the last record that consumers may see.
    pub high_watermark: u64,
    /// The replicas; the first is the preferred leader.
    pub replicas: Vec<ReplicaView>,
}

/// One replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaView {
    /// The broker that has it.
    pub broker: BrokerId,
    /// Its log end offset.
    pub end_offset: u64,
    /// Whether it is in sync.
    pub in_sync: bool,
    /// Whether it has records that the leader does not have, and will throw away.
    pub diverged: bool,
}

/// How far a group is behind on one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupLagView {
    /// The topic.
    pub topic: TopicId,
    /// The partition's id over all topics.
    pub partition: PartitionId,
    /// The partition's number in the topic.
    pub number: u32,
    /// The member that reads it.
    pub member: Option<ConsumerId>,
    /// The committed offset.
    pub committed: Option<u64>,
    /// The offset of the next record that consumers will see.
    pub end_offset: u64,
    /// How many records lie between; unknown without a commit.
    pub lag: Option<u64>,
    /// How many milliseconds the oldest of them has waited.
    pub waited_ms: Option<i64>,
}

/// A group's lag at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LagPoint {
    /// When, in virtual milliseconds since 1970.
    pub time_ms: i64,
    /// In records, over all partitions.
    pub records: u64,
    /// How many milliseconds the oldest unread record has waited.
    pub waited_ms: i64,
}
