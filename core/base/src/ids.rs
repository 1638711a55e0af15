//! Ids: dense numbers that are never reused within one laboratory.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub struct $name(pub u32);

        impl $name {
            /// The id as an index into a dense table.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    )*};
}

ids! {
    /// A topic.
    TopicId;
    /// One partition of one topic, numbered over all topics.
    PartitionId;
    /// A query of the SQL engine, persistent or transient.
    QueryId;
    /// A producer.
    ProducerId;
    /// A consumer.
    ConsumerId;
    /// A consumer group.
    GroupId;
    /// A broker.
    BrokerId;
    /// A node of a ksqlDB cluster.
    NodeId;
}

/// A record: where it lies for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordId {
    /// The partition.
    pub partition: PartitionId,
    /// The offset in it.
    pub offset: u64,
}

/// A stateless or stateful piece of a query that a record passes: one clause of its SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StationId(pub u16);
