//! What stands outside the brokers: producers with their partitioner, consumers, and the groups
//! that share partitions among them.
//!
//! Clients see the log through the cluster only. Start with [`producer`] and [`consumer`];
//! [`coordinator`] and [`group`] are the other side.

pub mod assignor;
pub mod consumer;
pub mod coordinator;
pub mod fetch;
pub mod group;
mod group_share;
mod messages;
pub mod offsets;
mod offsets_codec;
mod offsets_members;
pub mod offsets_topic;
pub mod partitioner;
pub mod producer;
pub mod producer_config;
pub mod settings;
