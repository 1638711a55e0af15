//! The coordinator of all groups: what it is told, what it answers, and resets of offsets.
//!
//! The protocol itself, for one group, is in `group`; the consumer's side is in `consumer`.

use crate::client::assignor::Subscription;
use crate::client::group::{Group, GroupState};
use crate::client::offsets::CommittedOffset;
use crate::cluster::Cluster;
use crate::error::LogError;
use headwater_base::diagnostic::nearest;
use headwater_base::{ConsumerId, Effects, GroupId, PartitionId, TopicId, VirtualTime};
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
            group.put_offset(partition, CommittedOffset { offset, time: now });
        }
        Ok(moved)
    }
}
