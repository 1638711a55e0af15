//! The log and its clients: topics of partitions of segments of bytes, producers, consumers and
//! their groups, with Kafka's names, defaults and published algorithms.
//!
//! Nothing here knows formats, SQL or a browser; time and chance are arguments. Start with
//! [`record`] and [`partition`], then [`cluster`] for the whole, then [`client`].

mod block;
pub mod client;
pub mod cluster;
mod compaction;
pub mod config;
pub mod error;
pub mod partition;
pub mod record;
mod retention;
mod segment;
pub mod topic;

pub use client::assignor::{Assignor, Subscription, TopicPartitions};
pub use client::consumer::{Consumer, Place};
pub use client::coordinator::{Assignment, GroupInput, GroupMessage, Groups, ResetTo};
pub use client::fetch::Fetched;
pub use client::group::{Group, GroupState, Member};
pub use client::offsets::{CommittedOffset, PartitionLag};
pub use client::partitioner::{KeyExplanation, explain, murmur2, partition_for_key};
pub use client::producer::{Producer, ProducerRecord};
pub use client::settings::{ConsumerConfig, OffsetReset, ProducerConfig};
pub use cluster::{Cluster, NewTopic};
pub use config::{CleanupPolicy, TimestampType, TopicConfig};
pub use error::LogError;
pub use partition::{Partition, Records};
pub use record::{Header, HeaderBuf, Headers, NewRecord, RecordRef};
pub use topic::Topic;
