//! The coordinator of all groups, and resets of offsets.
//!
//! What it is told and what it answers are in `messages`; the protocol itself, for one group, is
//! in `group`; the consumer's side is in `consumer`. What the coordinator must not forget goes
//! through `offsets_topic` into the log.

use crate::client::assignor::{Assignor, Subscription};
use crate::client::group::{Group, GroupState, Member};
pub use crate::client::messages::{Assignment, GroupInput, GroupMessage, Terms};
use crate::client::offsets_topic::{Pending, Unwritten};
use crate::cluster::Cluster;
use crate::error::LogError;
use headwater_base::{Effects, GroupId, PartitionId, SortedMap, VirtualTime, diagnostic::nearest};
use std::collections::VecDeque;
use std::sync::Arc;

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
///     previous: Vec::new(),
///     generation: None,
///     terms: Default::default(),
/// };
/// let mut effects = Effects::default();
/// groups.on(join, &cluster, VirtualTime::START, &mut effects)?;
/// // It is told once its generation is on all in-sync replicas of the offsets topic.
/// groups.write(&mut cluster, VirtualTime::START, &mut effects)?;
/// let memory = Groups::memory(&cluster).unwrap();
/// while cluster.replicate(memory, VirtualTime::START, &mut Vec::new()) {}
/// groups.acknowledge(&cluster, &mut effects);
/// let Some((_, GroupMessage::Assigned(assigned))) = effects.messages.pop() else { panic!() };
/// assert_eq!((assigned.generation, assigned.partitions.len()), (1, 3));
/// # Ok::<(), headwater_log::LogError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Groups {
    pub(crate) groups: Vec<Arc<Group>>,
    names: SortedMap<Arc<str>, GroupId>,
    /// Records for the offsets topic that are not in it yet.
    pub(crate) unwritten: Vec<Unwritten>,
    /// Commits in the offsets topic that are not yet on all in-sync replicas.
    pub(crate) pending: VecDeque<Pending>,
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

    pub(crate) fn group_mut(&mut self, id: GroupId) -> Result<&mut Group, LogError> {
        let found = self.groups.get_mut(id.index()).map(Arc::make_mut);
        found.ok_or_else(|| LogError::UnknownGroup {
            name: format!("#{id}"),
            near: Vec::new(),
        })
    }

    /// Whether a consumer with these assignors could become a member: Kafka demands one that all
    /// members know.
    pub fn check_assignors(&self, name: &str, assignors: &[Assignor]) -> Result<(), LogError> {
        let group = self.names.get(name).and_then(|id| self.get(*id));
        match group {
            Some(group) if group.common_assignors(assignors).is_empty() => {
                let mut known: Vec<String> = Vec::new();
                let common = group.common_assignors(&[]);
                known.extend(common.iter().map(|it| it.name().to_owned()));
                Err(LogError::InconsistentAssignors {
                    group: name.to_owned(),
                    known,
                })
            }
            _ => Ok(()),
        }
    }

    /// Handles one input. A refused commit or leave changes nothing. What has to be written to the
    /// offsets topic waits for [`Groups::write`].
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
                previous,
                generation,
                terms,
            } => {
                let subscription = Subscription {
                    consumer,
                    member_id: Arc::from(format!("{client_id}-{consumer}")),
                    topics,
                    owned,
                    previous,
                    generation,
                };
                let member = Member::joining(subscription, client_id, terms, now);
                self.admit(group, member, cluster, now, effects)?;
            }
            GroupInput::Heartbeat {
                group,
                consumer,
                generation,
            } => {
                let group = self.group_mut(group)?;
                group.on_heartbeat(consumer, generation, now, effects);
            }
            GroupInput::Leave {
                group: id,
                consumer,
                reason,
            } => {
                let group = self.group_mut(id)?;
                let done = group.on_leave(consumer, reason, cluster, now, effects)?;
                self.remember_generation(id, done, cluster, now);
            }
            GroupInput::Commit {
                group: id,
                consumer,
                generation,
                offsets,
            } => {
                let group = self.group_mut(id)?;
                group.check_commit(consumer, generation)?;
                self.remember_offsets(id, Some(consumer), &offsets, cluster, now);
            }
            GroupInput::TopicChanged { topic } => {
                for at in 0..self.groups.len() {
                    if self.groups[at].is_touched_by(topic, cluster) {
                        let group = Arc::make_mut(&mut self.groups[at]);
                        group.on_topic_changed(topic, cluster, now, effects);
                    }
                }
            }
        }
        Ok(())
    }

    /// Takes a member into its group, new or again.
    fn admit<M: From<GroupMessage>>(
        &mut self,
        id: GroupId,
        member: Member,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) -> Result<(), LogError> {
        let name = self.group_mut(id)?.name.clone();
        self.check_assignors(&name, &member.terms.assignors)?;
        let done = self.group_mut(id)?.on_join(member, cluster, now, effects);
        self.remember_generation(id, done, cluster, now);
        Ok(())
    }

    /// The next moment at which [`Groups::expire`] has something to do.
    pub fn next_deadline(&self) -> Option<VirtualTime> {
        self.groups
            .iter()
            .filter_map(|group| group.deadline())
            .min()
    }

    /// Removes members whose time is over.
    pub fn expire<M: From<GroupMessage>>(
        &mut self,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) {
        for at in 0..self.groups.len() {
            if self.groups[at].deadline().is_none_or(|due| due > now) {
                continue;
            }
            let group = Arc::make_mut(&mut self.groups[at]);
            let done = group.expire(cluster, now, effects);
            self.remember_generation(GroupId(at as u32), done, cluster, now);
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
        let found = self.group_mut(group)?;
        if found.state != GroupState::Empty {
            return Err(LogError::GroupActive {
                group: found.name.to_string(),
                state: found.state.name(),
            });
        }
        let mut moved = Vec::new();
        for &partition in partitions {
            let log = cluster.partition(partition)?;
            let (start, end) = (log.start_offset(), log.high_watermark());
            let committed = found.committed(partition).map(|committed| committed.offset);
            let offset = match to {
                ResetTo::Earliest => start,
                ResetTo::Latest => end,
                ResetTo::Offset(offset) => offset,
                ResetTo::Time(time) => log.offset_for_time(time).unwrap_or(end),
                ResetTo::ShiftBy(by) => committed.unwrap_or(start).saturating_add_signed(by),
            };
            moved.push((partition, offset.clamp(start, end)));
        }
        // A reset is an offset commit by somebody who is no member.
        self.remember_offsets(group, None, &moved, cluster, now);
        Ok(moved)
    }
}
