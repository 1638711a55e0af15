//! The coordinator's memory: the compacted topic `__consumer_offsets`, and a coordinator made of
//! it again.
//!
//! Commits and generations are records there; a commit counts once its record is on all in-sync
//! replicas. How the records are written is in `offsets_codec`.

use crate::client::assignor::{Assignor, Subscription};
use crate::client::coordinator::{Groups, Terms};
use crate::client::group::{GroupState, Member};
use crate::client::offsets::CommittedOffset;
use crate::client::offsets_codec::{GroupValue, Key, MemberValue, NamedPartitions, OffsetValue};
use crate::cluster::{Cluster, NewTopic};
use crate::config::{CleanupPolicy, TopicConfig};
use crate::error::LogError;
use crate::record::NewRecord;
use headwater_base::{
    ConsumerId, Effects, GroupId, Millis, PartitionId, RecordId, TopicId, TraceDetail, VirtualTime,
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

/// A commit whose record is in the log, at this offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pending {
    at: u64,
    commit: Commit,
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
        });
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
    pub fn write<M>(
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
                    if let Some(commit) = next.commit {
                        self.pending.push_back(Pending { at: offset, commit });
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
        pending.any(|it| it.commit.consumer == Some(consumer))
    }

    /// Takes commits for true whose records are on all in-sync replicas.
    pub fn acknowledge<M>(&mut self, cluster: &Cluster, effects: &mut Effects<M>) {
        let memory = Groups::memory(cluster).and_then(|it| cluster.partition(it).ok());
        let Some(log) = memory else {
            return;
        };
        let until = log.high_watermark();
        while let Some(Pending { commit, .. }) = self.pending.pop_front_if(|it| it.at < until) {
            let Commit {
                partition, offset, ..
            } = commit;
            let Ok(group) = self.group_mut(commit.group) else {
                continue;
            };
            if cluster.partition(partition).is_err() {
                continue;
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
    }

    /// A new coordinator takes over: all that it knows is in the log.
    pub fn load(&mut self, cluster: &Cluster, now: VirtualTime) {
        self.pending.clear();
        self.unwritten.clear();
        for group in &mut self.groups {
            let group = Arc::make_mut(group);
            group.offsets.clear();
            group.members.clear();
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

fn named(partition: PartitionId, cluster: &Cluster) -> Option<(String, u32)> {
    let log = cluster.partition(partition).ok()?;
    let topic = cluster.topic(log.topic()).ok()?;
    Some((topic.name.to_string(), log.number()))
}

fn named_partitions(partitions: &[PartitionId], cluster: &Cluster) -> NamedPartitions {
    let mut topics: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (topic, number) in partitions.iter().filter_map(|it| named(*it, cluster)) {
        topics.entry(topic).or_default().push(number);
    }
    topics.into_iter().collect()
}

fn partition_ids(named: &NamedPartitions, cluster: &Cluster) -> Vec<PartitionId> {
    let found = named.iter().flat_map(|(topic, numbers)| {
        let topic = cluster.find(topic);
        let ids = numbers.iter();
        ids.filter_map(move |number| topic.and_then(|it| it.partition(*number).ok()))
    });
    found.collect()
}

fn member_value(member: &Member, cluster: &Cluster) -> MemberValue {
    let wanted = &member.subscription;
    let topics = wanted
        .topics
        .iter()
        .filter_map(|it| cluster.topic(*it).ok());
    MemberValue {
        member_id: wanted.member_id.to_string(),
        client_id: member.client_id.to_string(),
        rebalance_timeout_ms: member.terms.rebalance_timeout.0,
        session_timeout_ms: member.terms.session_timeout.0,
        topics: topics.map(|it| it.name.to_string()).collect(),
        owned: named_partitions(&wanted.owned, cluster),
        owned_generation: wanted.generation,
        assigned: named_partitions(&member.assigned, cluster),
    }
}

fn recalled_member(
    value: &MemberValue,
    assignor: Assignor,
    cluster: &Cluster,
    now: VirtualTime,
) -> Option<Member> {
    let number = value.member_id.rsplit_once('-')?.1;
    let topics = value.topics.iter().filter_map(|it| cluster.find(it));
    let session_timeout = Millis(value.session_timeout_ms);
    let assigned = partition_ids(&value.assigned, cluster);
    Some(Member {
        subscription: Subscription {
            consumer: ConsumerId(number.parse().ok()?),
            member_id: Arc::from(value.member_id.as_str()),
            topics: topics.map(|it| it.id).collect(),
            owned: partition_ids(&value.owned, cluster),
            previous: assigned.clone(),
            generation: value.owned_generation,
        },
        client_id: Arc::from(value.client_id.as_str()),
        terms: Terms {
            assignors: vec![assignor],
            session_timeout,
            rebalance_timeout: Millis(value.rebalance_timeout_ms),
        },
        assigned,
        session_until: now + session_timeout,
        has_joined: false,
    })
}
