//! The way from one settled picture to the next: what moved, with both ends.

use headwater_base::trace::Rejection;
use headwater_base::{ConsumerId, PartitionId, ProducerId, QueryId, RecordId, StationId};
use serde::{Deserialize, Serialize};

/// One thing that moved in one step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Motion {
    /// The step.
    pub step: u64,
    /// When, in virtual milliseconds since 1970.
    pub time_ms: i64,
    /// What.
    pub kind: MotionKind,
}

/// The kinds of motion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MotionKind {
    /// A producer, or a hand, appended a record.
    Produce {
        /// The producer, if it was one.
        producer: Option<ProducerId>,
        /// The new record.
        record: RecordId,
    },
    /// A query took a record along its stations.
    Carry {
        /// The query.
        query: QueryId,
        /// The record that it read.
        record: RecordId,
        /// The stations it passed, in order.
        passed: Vec<StationId>,
        /// Where it ended, if it went no further.
        rejected: Option<(StationId, Rejection)>,
        /// A table that was looked into on the way, with the key and whether there was a row.
        probes: Vec<(StationId, String, bool)>,
        /// Groups that took a new value on the way: station, key, new value.
        folds: Vec<(StationId, String, String)>,
        /// Records that it became, in sinks and repartition topics.
        became: Vec<RecordId>,
        /// Rows that it gave to a push query's reader.
        rows: u32,
    },
    /// A consumer took a record.
    Deliver {
        /// The consumer.
        reader: ConsumerId,
        /// The record.
        record: RecordId,
    },
    /// A group has a new generation: who gave up and who got what.
    Rebalance {
        /// The group's name.
        group: String,
        /// Its new generation.
        generation: u32,
        /// Partitions given up.
        revoked: Vec<(ConsumerId, PartitionId)>,
        /// Partitions assigned.
        assigned: Vec<(ConsumerId, PartitionId)>,
    },
    /// Retention removed records before this one.
    Retire {
        /// The first record that is left.
        first: RecordId,
    },
}
