//! Consumer groups, the coordinator's side of Kafka's classic protocol: members join, a generation
//! shares the partitions among them, offsets are committed.
//!
//! A rebalance has the protocol's phases: all members are asked to join again, and only when each
//! has done so (and has committed before) is the next generation assigned. So no two members ever
//! hold one partition in one generation. Assignors are in `assignor`.

use crate::client::assignor::{Assignor, Subscription, TopicPartitions};
use crate::client::offsets::{CommittedOffset, PartitionLag};
use crate::cluster::Cluster;
use crate::error::LogError;
use headwater_base::diagnostic::nearest;
use headwater_base::{
    ConsumerId, Effects, GroupId, Millis, PartitionId, RecordId, TopicId, TraceDetail, VirtualTime,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a coordinator is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupInput {
    /// A consumer joins, or joins again.
    Join {
        /// The group.
        group: GroupId,
        /// The consumer.
        consumer: ConsumerId,
        /// What its member id begins with.
        client_id: Arc<str>,
        /// The topics it wants.
        topics: Vec<TopicId>,
        /// The partitions it has not given up.
        owned: Vec<PartitionId>,
    },
    /// A member leaves.
    Leave {
        /// The group.
        group: GroupId,
        /// The member.
        consumer: ConsumerId,
    },
    /// Someone commits.
    Commit {
        /// The group.
        group: GroupId,
        /// Who commits.
        consumer: ConsumerId,
        /// The generation of the member; `None` for a consumer that is not a member.
        generation: Option<u32>,
        /// The next offsets to read.
        offsets: Vec<(PartitionId, u64)>,
    },
    /// A topic has other partitions than before, or is gone.
    TopicChanged {
        /// The topic.
        topic: TopicId,
    },
}

/// What a coordinator tells a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupMessage {
    /// The group rebalances: commit, give up, join again.
    Rejoin {
        /// The member.
        consumer: ConsumerId,
    },
    /// A new generation.
    Assigned(Assignment),
}

/// What a member has in a generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The member.
    pub consumer: ConsumerId,
    /// The group.
    pub group: GroupId,
    /// The generation.
    pub generation: u32,
    /// Its partitions, each with the group's committed offset.
    pub partitions: Vec<(PartitionId, Option<u64>)>,
}

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
    fn new(id: GroupId, name: Arc<str>) -> Group {
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

    fn check_commit(&self, consumer: ConsumerId, generation: Option<u32>) -> Result<(), LogError> {
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

/// Where a group's offsets are reset to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetTo {
    /// The log start offset.
    Earliest,
    /// The log end offset.
    Latest,
    /// An offset; the nearest one that is there.
    Offset(u64),
    /// The first record of this time or later.
    Time(i64),
    /// So many records on, or back, from what is committed.
    ShiftBy(i64),
}

/// All groups of a laboratory. Cloning clones one pointer a group.
///
/// ```
/// use headwater_base::{ConsumerId, Effects, VirtualTime};
/// use headwater_log::{Cluster, GroupInput, GroupMessage, Groups, NewTopic};
/// let mut cluster = Cluster::default();
/// let topic = cluster.create_topic(NewTopic::new("ratings", 3))?;
/// let mut groups = Groups::default();
/// let group = groups.open("dashboard");
/// let join = GroupInput::Join {
///     group,
///     consumer: ConsumerId(0),
///     client_id: "left".into(),
///     topics: vec![topic],
///     owned: Vec::new(),
/// };
/// let mut effects = Effects::default();
/// groups.on(join, &cluster, VirtualTime::START, &mut effects)?;
/// let Some((_, GroupMessage::Assigned(assigned))) = effects.messages.pop() else { panic!() };
/// assert_eq!((assigned.generation, assigned.partitions.len()), (1, 3));
/// # Ok::<(), headwater_log::LogError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Groups {
    groups: Vec<Arc<Group>>,
    names: BTreeMap<Arc<str>, GroupId>,
}

impl Groups {
    /// The group of this name, which comes into being if there is none.
    pub fn open(&mut self, name: &str) -> GroupId {
        if let Some(id) = self.names.get(name) {
            return *id;
        }
        let id = GroupId(self.groups.len() as u32);
        let name: Arc<str> = Arc::from(name);
        self.groups.push(Arc::new(Group::new(id, name.clone())));
        self.names.insert(name, id);
        id
    }

    /// The group with this id.
    pub fn get(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(id.index()).map(|group| &**group)
    }

    /// The group of this name, or an error that tells the nearest names.
    pub fn named(&self, name: &str) -> Result<&Group, LogError> {
        let found = self.names.get(name).and_then(|id| self.get(*id));
        found.ok_or_else(|| {
            let near = nearest(name, self.names.keys().map(|known| &**known));
            LogError::UnknownGroup {
                name: name.to_owned(),
                near: near.into_iter().map(str::to_owned).collect(),
            }
        })
    }

    /// All groups, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Group> {
        self.names.values().filter_map(|id| self.get(*id))
    }

    fn group_mut(&mut self, id: GroupId) -> Result<&mut Group, LogError> {
        let found = self.groups.get_mut(id.index()).map(Arc::make_mut);
        found.ok_or_else(|| LogError::UnknownGroup {
            name: format!("#{id}"),
            near: Vec::new(),
        })
    }

    /// Handles one input. A refused commit or leave changes nothing.
    pub fn on<M: From<GroupMessage>>(
        &mut self,
        input: GroupInput,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) -> Result<(), LogError> {
        match input {
            GroupInput::Join {
                group,
                consumer,
                client_id,
                topics,
                owned,
            } => {
                let subscription = Subscription {
                    consumer,
                    member_id: Arc::from(format!("{client_id}-{consumer}")),
                    topics,
                    owned,
                };
                self.group_mut(group)?
                    .on_join(subscription, cluster, effects);
                Ok(())
            }
            GroupInput::Leave { group, consumer } => {
                self.group_mut(group)?.on_leave(consumer, cluster, effects)
            }
            GroupInput::Commit {
                group,
                consumer,
                generation,
                offsets,
            } => {
                let group = self.group_mut(group)?;
                group.check_commit(consumer, generation)?;
                group.on_commit(consumer, &offsets, now, effects);
                Ok(())
            }
            GroupInput::TopicChanged { topic } => {
                for group in &mut self.groups {
                    if group.is_touched_by(topic, cluster) {
                        Arc::make_mut(group).on_topic_changed(topic, cluster, effects);
                    }
                }
                Ok(())
            }
        }
    }

    /// Moves a group's offsets on `partitions`; gives the new ones. Refused while the group has
    /// members, as in Kafka.
    pub fn reset(
        &mut self,
        group: GroupId,
        partitions: &[PartitionId],
        to: ResetTo,
        cluster: &Cluster,
        now: VirtualTime,
    ) -> Result<Vec<(PartitionId, u64)>, LogError> {
        let group = self.group_mut(group)?;
        if group.state != GroupState::Empty {
            return Err(LogError::GroupActive {
                group: group.name.to_string(),
                state: group.state.name(),
            });
        }
        let mut moved = Vec::new();
        for &partition in partitions {
            let log = cluster.partition(partition)?;
            let committed = group.committed(partition).map(|committed| committed.offset);
            let offset = match to {
                ResetTo::Earliest => log.start_offset(),
                ResetTo::Latest => log.end_offset(),
                ResetTo::Offset(offset) => offset,
                ResetTo::Time(time) => log.offset_for_time(time).unwrap_or(log.end_offset()),
                ResetTo::ShiftBy(by) => committed
                    .unwrap_or(log.start_offset())
                    .saturating_add_signed(by),
            };
            moved.push((
                partition,
                offset.clamp(log.start_offset(), log.end_offset()),
            ));
        }
        for &(partition, offset) in &moved {
            group
                .offsets
                .insert(partition, CommittedOffset { offset, time: now });
        }
        Ok(moved)
    }
}

impl Group {
    fn on_join<M: From<GroupMessage>>(
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

    fn on_leave<M: From<GroupMessage>>(
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

    fn on_commit<M>(
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

    fn is_touched_by(&self, topic: TopicId, cluster: &Cluster) -> bool {
        let is_wanted = self
            .members()
            .any(|member| member.subscription.topics.contains(&topic));
        is_wanted
            || self
                .offsets
                .keys()
                .any(|partition| cluster.partition(*partition).is_err())
    }

    fn on_topic_changed<M: From<GroupMessage>>(
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
