//! How a consumer takes records: partitions by turns, positions by `auto.offset.reset`, commits by
//! the clock.
//!
//! The consumer's other half, its group and its commands, is in `consumer`.

use crate::client::consumer::Consumer;
use crate::client::coordinator::GroupInput;
use crate::client::settings::OffsetReset;
use crate::cluster::Cluster;
use crate::error::LogError;
use crate::partition::{Partition, Records};
use headwater_base::{Effects, Millis, PartitionId, VirtualTime};

/// Records of one partition that a poll gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The partition.
    pub partition: PartitionId,
    /// The offset of the first record.
    pub from: u64,
    /// One past the offset of the last one.
    pub next: u64,
    /// How many records.
    pub records: u64,
}

impl Fetched {
    /// The records themselves.
    pub fn read<'a>(&self, cluster: &'a Cluster) -> Result<Records<'a>, LogError> {
        cluster
            .partition(self.partition)?
            .read(self.from, self.records, u64::MAX)
    }
}

impl Consumer {
    /// Takes up to `max.poll.records` records, and moves its positions past them.
    ///
    /// Partitions take turns: a poll begins with the partition after the one where the last poll
    /// ended. When `auto.commit.interval.ms` is over, what earlier polls gave is committed first.
    pub fn poll<M: From<GroupInput>>(
        &mut self,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) -> Result<Vec<Fetched>, LogError> {
        self.auto_commit(now, effects);
        let last = self.last_polled;
        let (before, after): (Vec<PartitionId>, Vec<PartitionId>) = self
            .places
            .keys()
            .partition(|partition| last.is_some_and(|last| **partition <= last));
        if self.config.auto_offset_reset == OffsetReset::None {
            // Nothing is taken of some partitions where others have no position.
            let all: Vec<PartitionId> = self.places.keys().copied().collect();
            let logs = all.iter().filter_map(|it| cluster.partition(*it).ok());
            for log in logs {
                self.find_position(log, effects)?;
            }
        }
        let mut left = u64::from(self.config.max_poll_records);
        let mut fetched = Vec::new();
        for partition in after.into_iter().chain(before) {
            // A deleted topic gives nothing, and its group takes it away; nor does a partition
            // whose leader is down.
            let Ok(log) = cluster.partition(partition) else {
                continue;
            };
            if !cluster.is_available(partition) {
                continue;
            }
            if left == 0 {
                break;
            }
            if let Some(found) = self.fetch(log, left, effects)? {
                left -= found.records;
                self.last_polled = Some(partition);
                fetched.push(found);
            }
        }
        Ok(fetched)
    }

    fn fetch<M>(
        &mut self,
        log: &Partition,
        max_records: u64,
        effects: &mut Effects<M>,
    ) -> Result<Option<Fetched>, LogError> {
        let partition = log.id();
        if self.place_mut(partition)?.is_paused {
            return Ok(None);
        }
        let from = self.find_position(log, effects)?;
        let bytes = u64::from(self.config.max_partition_fetch_bytes);
        let (mut first, mut next, mut records) = (from, from, 0);
        for record in log.read(from, max_records, bytes)? {
            if records == 0 {
                first = record.offset;
            }
            next = record.offset + 1;
            records += 1;
        }
        if records == 0 {
            return Ok(None);
        }
        self.place_mut(partition)?.position = Some(next);
        Ok(Some(Fetched {
            partition,
            from: first,
            next,
            records,
        }))
    }

    /// The position on a partition; found by `auto.offset.reset` where there is none or where it
    /// is out of range.
    fn find_position<M>(
        &mut self,
        log: &Partition,
        effects: &mut Effects<M>,
    ) -> Result<u64, LogError> {
        let partition = log.id();
        let range = log.start_offset()..=log.end_offset();
        let position = self.place_mut(partition)?.position;
        if let Some(position) = position.filter(|position| range.contains(position)) {
            return Ok(position);
        }
        let offset = match (self.config.auto_offset_reset, position) {
            (OffsetReset::Earliest, _) => log.start_offset(),
            (OffsetReset::Latest, _) => log.high_watermark(),
            (OffsetReset::None, None) => return Err(LogError::NoOffset { partition }),
            (OffsetReset::None, Some(offset)) => {
                let (start, end) = (*range.start(), *range.end());
                return Err(LogError::OffsetOutOfRange {
                    partition,
                    offset,
                    start,
                    end,
                });
            }
        };
        self.seek(partition, offset, effects)?;
        Ok(offset)
    }

    fn auto_commit<M: From<GroupInput>>(&mut self, now: VirtualTime, effects: &mut Effects<M>) {
        if !self.config.enable_auto_commit || self.group().is_none() {
            return;
        }
        let due = *self.commit_due.get_or_insert(now + self.commit_interval());
        if now >= due {
            self.commit(effects);
            self.commit_due = Some(now + self.commit_interval());
        }
    }

    fn commit_interval(&self) -> Millis {
        Millis(self.config.auto_commit_interval_ms)
    }
}
