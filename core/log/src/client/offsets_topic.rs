//! The coordinator's memory: the compacted topic `__consumer_offsets`, and a coordinator made of
//! it again.
//!
//! Commits and generations are records there; a commit counts once its record is on all in-sync
//! replicas. How the records are written is in `offsets_codec`.

use crate::client::assignor::Assignor;
use crate::client::coordinator::{Assignment, GroupMessage, Groups};
use crate::client::group::GroupState;
use crate::client::offsets::CommittedOffset;
use crate::client::offsets_codec::{GroupValue, Key, OffsetValue};
use crate::client::offsets_members::{member_value, named, recalled_member};
use crate::cluster::{Cluster, NewTopic};
use crate::config::{CleanupPolicy, TopicConfig};
use crate::error::LogError;
use crate::record::NewRecord;
use headwater_base::{
    ConsumerId, Effects, GroupId, PartitionId, RecordId, TopicId, TraceDetail, VirtualTime,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The topic's name.
pub const OFFSETS_TOPIC: &str = "__consumer_offsets";
/// `offsets.topic.replication.factor`, as far as there are so many brokers.
const REPLICATION_FACTOR: u16 = 3;
/// `offsets.topic.segment.bytes`; Kafka's default is 100 MiB.
const SEGMENT_BYTES: u32 = 16 << 10;

/// A record that is still to be written.
#[derive(Clone, Debug)]
pub(crate) struct Unwritten {
    key: Key,
    value: Option<Vec<u8>>,
    commit: Option<Commit>,
    /// What members are then told.
    answers: Vec<Assignment>,
}

/// What becomes true with a record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Commit {
    group: GroupId,
    /// Who commits; nobody where a group is reset.
    consumer: Option<ConsumerId>,
    partition: PartitionId,
    offset: CommittedOffset,
}

/// A commit or a generation whose record is in the log, at this offset.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    at: u64,
    commit: Option<Commit>,
    answers: Vec<Assignment>,
}

impl Groups {
    /// Notes a new generation for the log.
    pub(crate) fn remember_generation(
        &mut self,
        id: GroupId,
        is_new: bool,
        cluster: &Cluster,
        now: VirtualTime,
    ) {
        let Some(group) = self.get(id).filter(|_| is_new) else {
            return;
        };
        let answers = group.answers.clone();
        let has_members = group.members().next().is_some();
        let value = GroupValue {
            generation: group.generation,
            protocol: has_members.then(|| group.assignor.name().to_owned()),
            time: now.epoch_millis(),
            members: group
                .members()
                .map(|it| member_value(it, cluster))
                .collect(),
        };
        let group = group.name.to_string();
        self.unwritten.push(Unwritten {
            key: Key::Group { group },
            value: Some(value.encode()),
            commit: None,
            answers,
        });
        if let Ok(group) = self.group_mut(id) {
            group.answers.clear();
        }
    }

    /// Notes commits for the log.
    pub(crate) fn remember_offsets(
        &mut self,
        id: GroupId,
        consumer: Option<ConsumerId>,
        offsets: &[(PartitionId, u64)],
        cluster: &Cluster,
        now: VirtualTime,
    ) {
        let Some(group) = self.get(id).map(|it| it.name.to_string()) else {
            return;
        };
        for &(partition, offset) in offsets {
            let Some((topic, number)) = named(partition, cluster) else {
                continue;
            };
            let value = OffsetValue {
                offset,
                time: now.epoch_millis(),
            };
            self.unwritten.push(Unwritten {
                key: Key::Offset {
                    group: group.clone(),
                    topic,
                    partition: number,
                },
                value: Some(value.encode()),
                commit: Some(Commit {
                    group: id,
                    consumer,
                    partition,
                    offset: CommittedOffset { offset, time: now },
                }),
                answers: Vec::new(),
            });
        }
    }

    /// Forgets what groups committed for a topic that is about to be deleted.
    pub fn forget_topic(&mut self, topic: TopicId, cluster: &Cluster) {
        let Ok(topic) = cluster.topic(topic) else {
            return;
        };
        for group in &mut self.groups {
            for (number, partition) in topic.partitions.iter().enumerate() {
                if group.committed(*partition).is_none() {
                    continue;
                }
                Arc::make_mut(group).offsets.remove(partition);
                self.unwritten.push(Unwritten {
                    key: Key::Offset {
                        group: group.name.to_string(),
                        topic: topic.name.to_string(),
                        partition: number as u32,
                    },
                    value: None,
                    commit: None,
                    answers: Vec::new(),
                });
            }
        }
    }

    /// The partition that the coordinator keeps its memory in, once there is one.
    pub fn memory(cluster: &Cluster) -> Option<PartitionId> {
        cluster.find(OFFSETS_TOPIC)?.partition(0).ok()
    }

    /// Writes what is to be remembered; gives the new records. What cannot be written now, since
    /// the partition has no leader, waits.
    pub fn write<M: From<GroupMessage>>(
        &mut self,
        cluster: &mut Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) -> Result<Vec<RecordId>, LogError> {
        let mut written = Vec::new();
        if self.unwritten.is_empty() {
            return Ok(written);
        }
        let partition = match Groups::memory(cluster) {
            Some(partition) => partition,
            None => create_topic(cluster, effects)?,
        };
        let mut rest = std::mem::take(&mut self.unwritten).into_iter();
        while let Some(next) = rest.next() {
            let key = next.key.encode();
            let record = NewRecord::new(now.epoch_millis(), Some(&key), next.value.as_deref());
            match cluster.append(partition, &[record], now) {
                Ok(offsets) => {
                    let offset = offsets.start;
                    written.push(RecordId { partition, offset });
                    if next.commit.is_some() || !next.answers.is_empty() {
                        self.pending.push_back(Pending {
                            at: offset,
                            commit: next.commit,
                            answers: next.answers,
                        });
                    }
                }
                Err(error) => {
                    self.unwritten = std::iter::once(next).chain(rest).collect();
                    return Err(error);
                }
            }
        }
        self.acknowledge(cluster, effects);
        Ok(written)
    }

    /// Whether a commit of this consumer is not yet on all in-sync replicas.
    pub fn awaits_commit(&self, consumer: ConsumerId) -> bool {
        let mut pending = self.pending.iter();
        pending.any(|it| it.commit.is_some_and(|it| it.consumer == Some(consumer)))
    }

    /// Takes commits and generations for true whose records are on all in-sync replicas.
    pub fn acknowledge<M: From<GroupMessage>>(
        &mut self,
        cluster: &Cluster,
        effects: &mut Effects<M>,
    ) {
        let memory = Groups::memory(cluster).and_then(|it| cluster.partition(it).ok());
        let Some(log) = memory else {
            return;
        };
        let until = log.high_watermark();
        while let Some(next) = self.pending.pop_front_if(|it| it.at < until) {
            if let Some(answer) = next.answers.first()
                && let Ok(group) = self.group_mut(answer.group)
            {
                group.answer(next.answers, effects);
            }
            if let Some(commit) = next.commit {
                self.take_for_true(commit, cluster, effects);
            }
        }
    }

    fn take_for_true<M>(&mut self, commit: Commit, cluster: &Cluster, effects: &mut Effects<M>) {
        let (partition, offset) = (commit.partition, commit.offset);
        let Ok(group) = self.group_mut(commit.group) else {
            return;
        };
        if cluster.partition(partition).is_err() {
            return;
        }
        group.offsets.insert(partition, offset);
        let record = RecordId {
            partition,
            offset: offset.offset,
        };
        effects.note(match commit.consumer {
            Some(consumer) => TraceDetail::OffsetCommitted { consumer, record },
            None => TraceDetail::GroupOffsetReset {
                group: commit.group,
                record,
            },
        });
    }

    /// A new coordinator takes over: all that it knows is in the log.
    pub fn load(&mut self, cluster: &Cluster, now: VirtualTime) {
        self.pending.clear();
        self.unwritten.clear();
        for group in &mut self.groups {
            let group = Arc::make_mut(group);
            group.offsets.clear();
            group.members.clear();
            group.answers.clear();
            group.state = GroupState::Empty;
        }
        let memory = Groups::memory(cluster).and_then(|it| cluster.partition(it).ok());
        let Some(log) = memory else {
            return;
        };
        // What counts is the last value of each key, as compaction has it.
        let mut last: BTreeMap<&[u8], Option<&[u8]>> = BTreeMap::new();
        for record in log.iter_all() {
            if let Some(key) = record.key {
                last.insert(key, record.value);
            }
        }
        for (key, value) in last {
            if let (Some(key), Some(value)) = (Key::decode(key), value) {
                self.recall(&key, value, cluster, now);
            }
        }
    }

    fn recall(&mut self, key: &Key, value: &[u8], cluster: &Cluster, now: VirtualTime) {
        match key {
            Key::Offset {
                group,
                topic,
                partition,
            } => {
                let found = cluster.find(topic).map(|it| it.partition(*partition));
                let (Some(Ok(partition)), Some(value)) = (found, OffsetValue::decode(value)) else {
                    return;
                };
                let id = self.open(group);
                if let Ok(group) = self.group_mut(id) {
                    let committed = CommittedOffset {
                        offset: value.offset,
                        time: VirtualTime(value.time),
                    };
                    group.offsets.insert(partition, committed);
                }
            }
            Key::Group { group } => {
                let (id, value) = (self.open(group), GroupValue::decode(value));
                let (Ok(group), Some(value)) = (self.group_mut(id), value) else {
                    return;
                };
                let protocol = value.protocol.as_deref().and_then(Assignor::named);
                group.generation = value.generation;
                group.assignor = protocol.unwrap_or_default();
                let members = value.members.iter();
                group.members = members
                    .filter_map(|it| recalled_member(it, group.assignor, cluster, now))
                    .map(|it| (it.subscription.consumer, it))
                    .collect();
                if !group.members.is_empty() {
                    group.state = GroupState::Stable;
                }
            }
        }
    }
}

fn create_topic<M>(
    cluster: &mut Cluster,
    effects: &mut Effects<M>,
) -> Result<PartitionId, LogError> {
    let replicas = cluster
        .brokers()
        .count()
        .min(usize::from(REPLICATION_FACTOR));
    let topic = cluster.create_topic(NewTopic {
        name: OFFSETS_TOPIC,
        partitions: 1,
        replication_factor: replicas as u16,
        config: TopicConfig {
            cleanup_policy: CleanupPolicy::Compact,
            segment_bytes: SEGMENT_BYTES,
            ..TopicConfig::default()
        },
    })?;
    let partitions = 1;
    effects.note(TraceDetail::TopicCreated { topic, partitions });
    cluster.topic(topic)?.partition(0)
}
