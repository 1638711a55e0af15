//! One consumer group in Kafka's classic protocol: members join, a generation shares the
//! partitions among them, offsets are committed.
//!
//! A rebalance has the protocol's phases: all members are asked to join again, and only when each
//! has done so (and has committed before) is the next generation assigned. So no two members ever
//! hold one partition in one generation. A member that is gone is told of by
//! [`super::coordinator::GroupInput::Leave`]. Assignors are in `assignor`.

use crate::client::assignor::{Assignor, Subscription, TopicPartitions};
use crate::client::coordinator::{Assignment, GroupMessage};
use crate::client::offsets::{CommittedOffset, PartitionLag};
use crate::cluster::Cluster;
use crate::error::LogError;
use headwater_base::{
    ConsumerId, Effects, GroupId, Millis, PartitionId, RecordId, TopicId, TraceDetail, VirtualTime,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where a group is in the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupState {
    /// It has no members; offsets stay.
    Empty,
    /// Members are joining again.
    PreparingRebalance,
    /// Every member has its partitions.
    Stable,
}

impl GroupState {
    /// Its name in Kafka.
    pub const fn name(self) -> &'static str {
        match self {
            GroupState::Empty => "Empty",
            GroupState::PreparingRebalance => "PreparingRebalance",
            GroupState::Stable => "Stable",
        }
    }
}

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// What it wants, and under which name.
    pub subscription: Subscription,
    /// Its partitions in the present generation.
    pub assigned: Vec<PartitionId>,
    has_joined: bool,
}

/// One group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Its name (`group.id`).
    pub name: Arc<str>,
    /// Where it is in the protocol.
    pub state: GroupState,
    /// How many times it has rebalanced.
    pub generation: u32,
    /// How its partitions are shared.
    pub assignor: Assignor,
    members: BTreeMap<ConsumerId, Member>,
    offsets: BTreeMap<PartitionId, CommittedOffset>,
}

impl Group {
    pub(crate) fn new(id: GroupId, name: Arc<str>) -> Group {
        Group {
            id,
            name,
            state: GroupState::Empty,
            generation: 0,
            assignor: Assignor::Range,
            members: BTreeMap::new(),
            offsets: BTreeMap::new(),
        }
    }

    /// Its members, in the order of their consumers' ids.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// What it committed for a partition.
    pub fn committed(&self, partition: PartitionId) -> Option<CommittedOffset> {
        self.offsets.get(&partition).copied()
    }

    /// All that it committed, in the order of partition ids.
    pub fn offsets(&self) -> impl Iterator<Item = (PartitionId, CommittedOffset)> {
        self.offsets
            .iter()
            .map(|(partition, offset)| (*partition, *offset))
    }

    /// Takes an offset as committed, whoever says so.
    pub(crate) fn put_offset(&mut self, partition: PartitionId, offset: CommittedOffset) {
        self.offsets.insert(partition, offset);
    }

    /// How far it is behind, on each partition that it reads or has committed for.
    pub fn lag(&self, cluster: &Cluster) -> Vec<PartitionLag> {
        let assigned = self.members.values().flat_map(|member| &member.assigned);
        let mut partitions: Vec<PartitionId> =
            assigned.chain(self.offsets.keys()).copied().collect();
        partitions.sort_unstable();
        partitions.dedup();
        let known = partitions
            .into_iter()
            .filter_map(|id| cluster.partition(id).ok());
        known
            .map(|log| {
                let committed = self.committed(log.id()).map(|committed| committed.offset);
                PartitionLag::new(log.id(), committed, log.end_offset())
            })
            .collect()
    }

    /// Asks every member but `joined` to join again.
    fn prepare<M: From<GroupMessage>>(
        &mut self,
        joined: Option<ConsumerId>,
        effects: &mut Effects<M>,
    ) {
        self.state = GroupState::PreparingRebalance;
        for (consumer, member) in &mut self.members {
            member.has_joined = Some(*consumer) == joined;
            if !member.has_joined {
                let rejoin = GroupMessage::Rejoin {
                    consumer: *consumer,
                };
                effects.send(Millis::ZERO, M::from(rejoin));
            }
        }
    }

    /// Begins the next generation if every member has joined.
    fn complete<M: From<GroupMessage>>(&mut self, cluster: &Cluster, effects: &mut Effects<M>) {
        if self.members.values().any(|member| !member.has_joined) {
            return;
        }
        self.generation += 1;
        let (group, generation) = (self.id, self.generation);
        effects.note(TraceDetail::GroupRebalanced { group, generation });
        if self.members.is_empty() {
            self.state = GroupState::Empty;
            return;
        }
        self.state = GroupState::Stable;
        let members: Vec<Subscription> = self
            .members
            .values()
            .map(|member| member.subscription.clone())
            .collect();
        let shared = self
            .assignor
            .assign(&wanted_topics(&members, cluster), &members);
        for (member, partitions) in self.members.values_mut().zip(shared) {
            let with_offset = |partition: &PartitionId| {
                let committed = self.offsets.get(partition);
                (*partition, committed.map(|committed| committed.offset))
            };
            let assignment = Assignment {
                consumer: member.subscription.consumer,
                group,
                generation,
                partitions: partitions.iter().map(with_offset).collect(),
            };
            member.assigned = partitions;
            effects.send(Millis::ZERO, M::from(GroupMessage::Assigned(assignment)));
        }
    }

    pub(crate) fn check_commit(
        &self,
        consumer: ConsumerId,
        generation: Option<u32>,
    ) -> Result<(), LogError> {
        let group = || self.name.to_string();
        match generation {
            None if self.members.is_empty() => Ok(()),
            Some(_) if !self.members.contains_key(&consumer) => {
                Err(LogError::UnknownMember { group: group() })
            }
            Some(of) if of == self.generation => Ok(()),
            Some(_) => Err(LogError::IllegalGeneration { group: group() }),
            None => Err(LogError::UnknownMember { group: group() }),
        }
    }
}

/// The topics that any member wants, in the order of their names.
fn wanted_topics(members: &[Subscription], cluster: &Cluster) -> Vec<TopicPartitions> {
    let wanted = |id: &TopicId| members.iter().any(|member| member.topics.contains(id));
    let topics = cluster.topics().filter(|topic| wanted(&topic.id));
    topics
        .map(|topic| TopicPartitions {
            topic: topic.id,
            partitions: topic.partitions.clone(),
        })
        .collect()
}

impl Group {
    pub(crate) fn on_join<M: From<GroupMessage>>(
        &mut self,
        subscription: Subscription,
        cluster: &Cluster,
        effects: &mut Effects<M>,
    ) {
        let consumer = subscription.consumer;
        let member = Member {
            subscription,
            assigned: Vec::new(),
            has_joined: true,
        };
        self.members.insert(consumer, member);
        if self.state != GroupState::PreparingRebalance {
            self.prepare(Some(consumer), effects);
        }
        self.complete(cluster, effects);
    }

    pub(crate) fn on_leave<M: From<GroupMessage>>(
        &mut self,
        consumer: ConsumerId,
        cluster: &Cluster,
        effects: &mut Effects<M>,
    ) -> Result<(), LogError> {
        if self.members.remove(&consumer).is_none() {
            return Err(LogError::UnknownMember {
                group: self.name.to_string(),
            });
        }
        if self.state == GroupState::Stable {
            self.prepare(None, effects);
        }
        self.complete(cluster, effects);
        Ok(())
    }

    pub(crate) fn on_commit<M>(
        &mut self,
        consumer: ConsumerId,
        offsets: &[(PartitionId, u64)],
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) {
        for &(partition, offset) in offsets {
            self.offsets
                .insert(partition, CommittedOffset { offset, time: now });
            let record = RecordId { partition, offset };
            effects.note(TraceDetail::OffsetCommitted { consumer, record });
        }
    }

    pub(crate) fn is_touched_by(&self, topic: TopicId, cluster: &Cluster) -> bool {
        let is_wanted = self
            .members()
            .any(|member| member.subscription.topics.contains(&topic));
        is_wanted
            || self
                .offsets
                .keys()
                .any(|partition| cluster.partition(*partition).is_err())
    }

    pub(crate) fn on_topic_changed<M: From<GroupMessage>>(
        &mut self,
        topic: TopicId,
        cluster: &Cluster,
        effects: &mut Effects<M>,
    ) {
        self.offsets
            .retain(|partition, _| cluster.partition(*partition).is_ok());
        let is_wanted = self
            .members()
            .any(|member| member.subscription.topics.contains(&topic));
        if is_wanted && self.state == GroupState::Stable {
            self.prepare(None, effects);
        }
    }
}
