//! A consumer: positions on partitions, polls, and its side of a group.
//!
//! It reads the log through offsets only and never changes it. What it wants from its group's
//! coordinator it sends as [`GroupInput`] messages; [`crate::client::group`] answers.

use crate::client::group::{Assignment, GroupInput};
use crate::cluster::Cluster;
use crate::error::LogError;
use crate::partition::{Partition, Records};
use headwater_base::{
    ConsumerId, Effects, GroupId, Millis, PartitionId, RecordId, TopicId, TraceDetail, VirtualTime,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where to begin without a usable offset (`auto.offset.reset`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetReset {
    /// At the first record that is there. Kafka's own default is `latest`.
    #[default]
    Earliest,
    /// After the last record.
    Latest,
    /// Nowhere: polling fails.
    None,
}

/// How a consumer works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerConfig {
    /// `auto.offset.reset`.
    pub auto_offset_reset: OffsetReset,
    /// `enable.auto.commit`.
    pub enable_auto_commit: bool,
    /// `auto.commit.interval.ms`.
    pub auto_commit_interval_ms: i64,
    /// `max.poll.records`.
    pub max_poll_records: u32,
    /// `max.partition.fetch.bytes`.
    pub max_partition_fetch_bytes: u32,
}

impl Default for ConsumerConfig {
    fn default() -> ConsumerConfig {
        ConsumerConfig {
            auto_offset_reset: OffsetReset::Earliest,
            enable_auto_commit: true,
            auto_commit_interval_ms: 5000,
            max_poll_records: 500,
            max_partition_fetch_bytes: 1 << 20,
        }
    }
}

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

/// A consumer's place on one partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The next offset to read; not known before the first poll without a committed offset.
    pub position: Option<u64>,
    /// The offset that was last committed.
    pub committed: Option<u64>,
    /// Whether polls leave it out.
    pub is_paused: bool,
}

/// What a consumer is in its group.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Membership {
    group: GroupId,
    client_id: Arc<str>,
    topics: Vec<TopicId>,
    generation: Option<u32>,
}

/// A consumer, alone with partitions of its own choice or as a member of a group.
///
/// ```
/// use headwater_base::{ConsumerId, Effects, VirtualTime};
/// use headwater_log::{Cluster, Consumer, ConsumerConfig, GroupInput, NewRecord, NewTopic};
/// let mut cluster = Cluster::default();
/// let topic = cluster.create_topic(NewTopic::new("ratings", 1))?;
/// let partition = cluster.topic(topic)?.partition(0)?;
/// cluster.append(partition, &[NewRecord::new(0, None, Some(b"first"))], VirtualTime::START)?;
///
/// let mut sally = Consumer::new(ConsumerId(0), ConsumerConfig::default());
/// let mut effects = Effects::<GroupInput>::default();
/// sally.assign(&[(partition, None)], &mut effects);
/// let fetched = sally.poll(&cluster, VirtualTime::START, &mut effects)?;
/// let values: Vec<_> = fetched[0].read(&cluster)?.filter_map(|record| record.value).collect();
/// assert_eq!(values, [b"first"]);
/// assert_eq!(sally.position(partition), Some(1));
/// # Ok::<(), headwater_log::LogError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its id.
    pub id: ConsumerId,
    /// How it works.
    pub config: ConsumerConfig,
    membership: Option<Membership>,
    places: BTreeMap<PartitionId, Place>,
    /// Where the last poll ended; the next one begins after it, so that all get their turn.
    last_polled: Option<PartitionId>,
    commit_due: Option<VirtualTime>,
}

impl Consumer {
    /// A consumer that reads nothing yet.
    pub fn new(id: ConsumerId, config: ConsumerConfig) -> Consumer {
        Consumer {
            id,
            config,
            membership: None,
            places: BTreeMap::new(),
            last_polled: None,
            commit_due: None,
        }
    }

    /// Its partitions and its places on them, in the order of ids.
    pub fn places(&self) -> impl Iterator<Item = (PartitionId, Place)> {
        self.places
            .iter()
            .map(|(partition, place)| (*partition, *place))
    }

    /// The next offset it will read of a partition.
    pub fn position(&self, partition: PartitionId) -> Option<u64> {
        self.places.get(&partition)?.position
    }

    /// Its group, if it has one.
    pub fn group(&self) -> Option<GroupId> {
        self.membership.as_ref().map(|membership| membership.group)
    }

    /// The generation of its group that gave it its partitions; `None` while it has none.
    pub fn generation(&self) -> Option<u32> {
        self.membership.as_ref()?.generation
    }

    /// Reads these partitions from now on, each from its committed offset if it has one. Others
    /// are given up.
    pub fn assign<M>(
        &mut self,
        partitions: &[(PartitionId, Option<u64>)],
        effects: &mut Effects<M>,
    ) {
        let consumer = self.id;
        let before = std::mem::take(&mut self.places);
        for &(partition, committed) in partitions {
            let place = before.get(&partition).copied().unwrap_or(Place {
                position: committed,
                committed,
                is_paused: false,
            });
            self.places.insert(partition, place);
        }
        for partition in before
            .keys()
            .filter(|partition| !self.places.contains_key(partition))
        {
            let partition = *partition;
            effects.note(TraceDetail::PartitionRevoked {
                consumer,
                partition,
            });
        }
        for partition in self
            .places
            .keys()
            .filter(|partition| !before.contains_key(partition))
        {
            let partition = *partition;
            effects.note(TraceDetail::PartitionAssigned {
                consumer,
                partition,
            });
        }
    }

    /// Joins a group in order to share these topics with its members.
    ///
    /// `client_id` orders the members; Kafka's range assignor gives the first ones more.
    pub fn subscribe<M: From<GroupInput>>(
        &mut self,
        group: GroupId,
        client_id: &str,
        topics: &[TopicId],
        effects: &mut Effects<M>,
    ) {
        self.membership = Some(Membership {
            group,
            client_id: Arc::from(client_id),
            topics: topics.to_vec(),
            generation: None,
        });
        self.join(effects);
    }

    /// Commits to a group's offsets without being a member of it.
    pub fn use_offsets_of(&mut self, group: GroupId) {
        self.membership = Some(Membership {
            group,
            client_id: Arc::from(""),
            topics: Vec::new(),
            generation: None,
        });
    }

    fn join<M: From<GroupInput>>(&self, effects: &mut Effects<M>) {
        if let Some(member) = &self.membership {
            let join = GroupInput::Join {
                group: member.group,
                consumer: self.id,
                client_id: member.client_id.clone(),
                topics: member.topics.clone(),
                owned: self.places.keys().copied().collect(),
            };
            effects.send(Millis::ZERO, M::from(join));
        }
    }

    /// The group rebalances: commits if it commits by itself, gives everything up, joins again.
    pub fn on_rejoin<M: From<GroupInput>>(&mut self, effects: &mut Effects<M>) {
        if self.config.enable_auto_commit {
            self.commit(effects);
        }
        self.assign(&[], effects);
        self.join(effects);
    }

    /// The group has given it partitions.
    pub fn on_assigned<M>(&mut self, assignment: &Assignment, effects: &mut Effects<M>) {
        if let Some(member) = &mut self.membership {
            member.generation = Some(assignment.generation);
        }
        self.assign(&assignment.partitions, effects);
    }

    /// Leaves for good: commits if it commits by itself, and tells its group.
    pub fn close<M: From<GroupInput>>(&mut self, effects: &mut Effects<M>) {
        if self.config.enable_auto_commit {
            self.commit(effects);
        }
        self.assign(&[], effects);
        let Some(member) = self.membership.take() else {
            return;
        };
        if !member.topics.is_empty() {
            let (group, consumer) = (member.group, self.id);
            effects.send(Millis::ZERO, M::from(GroupInput::Leave { group, consumer }));
        }
    }

    /// Commits its positions where they have moved since the last commit.
    pub fn commit<M: From<GroupInput>>(&mut self, effects: &mut Effects<M>) {
        let Some(member) = &self.membership else {
            return;
        };
        let mut offsets = Vec::new();
        for (partition, place) in &mut self.places {
            if let Some(position) = place.position.filter(|_| place.committed != place.position) {
                place.committed = Some(position);
                offsets.push((*partition, position));
            }
        }
        if !offsets.is_empty() {
            let commit = GroupInput::Commit {
                group: member.group,
                consumer: self.id,
                generation: member.generation,
                offsets,
            };
            effects.send(Millis::ZERO, M::from(commit));
        }
    }

    /// Reads from `offset` next. An offset that is not there is reset by the next poll.
    pub fn seek<M>(
        &mut self,
        partition: PartitionId,
        offset: u64,
        effects: &mut Effects<M>,
    ) -> Result<(), LogError> {
        self.place(partition)?.position = Some(offset);
        let record = RecordId { partition, offset };
        let consumer = self.id;
        effects.note(TraceDetail::PositionMoved { consumer, record });
        Ok(())
    }

    /// Leaves a partition out of polls until it is resumed.
    pub fn pause(&mut self, partition: PartitionId) -> Result<(), LogError> {
        self.place(partition)?.is_paused = true;
        Ok(())
    }

    /// Takes a partition into polls again.
    pub fn resume(&mut self, partition: PartitionId) -> Result<(), LogError> {
        self.place(partition)?.is_paused = false;
        Ok(())
    }

    fn place(&mut self, partition: PartitionId) -> Result<&mut Place, LogError> {
        let found = self.places.get_mut(&partition);
        found.ok_or(LogError::NotAssigned { partition })
    }

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
        let mut left = u64::from(self.config.max_poll_records);
        let mut fetched = Vec::new();
        for partition in after.into_iter().chain(before) {
            // A deleted topic gives nothing, and its group takes it away.
            let Ok(log) = cluster.partition(partition) else {
                continue;
            };
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
        if self.place(partition)?.is_paused {
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
        self.place(partition)?.position = Some(next);
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
        let position = self.place(partition)?.position;
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
        if !self.config.enable_auto_commit || self.membership.is_none() {
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
