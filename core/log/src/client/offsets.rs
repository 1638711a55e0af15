//! Where readers have got to: committed offsets and lag, as plain data.

use headwater_base::{PartitionId, VirtualTime};

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
}

impl PartitionLag {
    /// The lag of a reader that committed `committed` on a log that ends at `end`.
    pub fn new(partition: PartitionId, committed: Option<u64>, end: u64) -> PartitionLag {
        PartitionLag {
            partition,
            committed,
            end,
            lag: committed.map(|offset| end.saturating_sub(offset)),
        }
    }
}
