//! The log and its clients: topics of partitions of segments of bytes, producers, consumers and
//! their groups, with Kafka's names, defaults and published algorithms.
//!
//! Nothing here knows formats, SQL or a browser; time and chance are arguments. Start with
//! [`record`] and [`partition`], then [`cluster`] for the whole, then [`client`].

mod block;
pub mod broker;
pub mod broker_config;
pub mod client;
pub mod cluster;
mod compaction;
pub mod config;
mod election;
pub mod error;
mod error_words;
pub mod partition;
pub mod record;
pub mod replication;
mod retention;
mod segment;
pub mod topic;

pub use broker::{Broker, BrokerState};
pub use broker_config::BrokerConfig;
pub use client::assignor::{Assignor, Subscription, TopicPartitions};
pub use client::consumer::{Consumer, Place};
pub use client::coordinator::{Assignment, GroupInput, GroupMessage, Groups, ResetTo, Terms};
pub use client::fetch::Fetched;
pub use client::group::{Group, GroupState, Member};
pub use client::offsets::{CommittedOffset, PartitionLag};
pub use client::offsets_topic::OFFSETS_TOPIC;
pub use client::partitioner::{KeyExplanation, explain, murmur2, partition_for_key};
pub use client::producer::{Producer, ProducerRecord};
pub use client::producer_config::{Acks, ProducerConfig};
pub use client::settings::{ConsumerConfig, OffsetReset};
pub use cluster::{Cluster, NewTopic};
pub use config::{CleanupPolicy, TimestampType, TopicConfig};
pub use error::LogError;
pub use partition::{Partition, Records};
pub use record::{Header, HeaderBuf, Headers, NewRecord, RecordRef};
pub use replication::{Replica, Replication};
pub use topic::Topic;
