//! Where readers have got to: committed offsets and lag, as plain data.

use crate::partition::Partition;
use headwater_base::{Millis, PartitionId, VirtualTime};

/// What a group committed for one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommittedOffset {
    /// The next offset to read.
    pub offset: u64,
    /// When it was committed.
    pub time: VirtualTime,
}

/// How far a group is behind on one partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartitionLag {
    /// The partition.
    pub partition: PartitionId,
    /// The committed offset, if there is one.
    pub committed: Option<u64>,
    /// The log end offset.
    pub end: u64,
    /// How many offsets lie between; unknown without a commit.
    pub lag: Option<u64>,
    /// How long the oldest record that lies between has waited; nothing where none does.
    pub waited: Option<Millis>,
}

impl PartitionLag {
    /// The lag of a reader of `log` that committed `committed`.
    pub fn of(log: &Partition, committed: Option<u64>, now: VirtualTime) -> PartitionLag {
        let end = log.high_watermark();
        let oldest = committed.and_then(|offset| {
            let from = offset.max(log.start_offset());
            log.read(from, 1, u64::MAX).ok()?.next()
        });
        PartitionLag {
            partition: log.id(),
            committed,
            end,
            lag: committed.map(|offset| end.saturating_sub(offset)),
            waited: oldest.map(|record| now - record.append_time),
        }
    }
}
