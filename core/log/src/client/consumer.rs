//! A consumer: its places on partitions, and its side of a group.
//!
//! It reads the log through offsets only (`fetch`) and never changes it. What it wants from its
//! group's coordinator it sends as [`GroupInput`] messages; [`super::coordinator`] answers.

use crate::client::coordinator::{Assignment, GroupInput};
use crate::client::settings::ConsumerConfig;
use crate::error::LogError;
use headwater_base::{
    ConsumerId, Effects, GroupId, Millis, PartitionId, RebalanceReason, RecordId, SortedMap,
    TopicId, TraceDetail, VirtualTime,
};
use std::sync::Arc;

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
    /// What the last generation gave it.
    previous: Vec<PartitionId>,
    /// Whether it has left on its own, since it did not poll in time.
    has_left: bool,
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
    pub(crate) places: SortedMap<PartitionId, Place>,
    /// Where the last poll ended; the next one begins after it, so that all get their turn.
    pub(crate) last_polled: Option<PartitionId>,
    pub(crate) commit_due: Option<VirtualTime>,
}

impl Consumer {
    /// A consumer that reads nothing yet.
    pub fn new(id: ConsumerId, config: ConsumerConfig) -> Consumer {
        Consumer {
            id,
            config,
            membership: None,
            places: SortedMap::new(),
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
            previous: Vec::new(),
            has_left: false,
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
            previous: Vec::new(),
            has_left: false,
        });
    }

    fn join<M: From<GroupInput>>(&mut self, effects: &mut Effects<M>) {
        let Some(member) = &mut self.membership else {
            return;
        };
        member.has_left = false;
        let join = GroupInput::Join {
            group: member.group,
            consumer: self.id,
            client_id: member.client_id.clone(),
            topics: member.topics.clone(),
            owned: self.places.keys().copied().collect(),
            previous: member.previous.clone(),
            generation: member.generation,
            terms: self.config.terms(),
        };
        effects.send(Millis::ZERO, M::from(join));
    }

    /// Whether it keeps its partitions while its group rebalances: all its assignors have to be
    /// cooperative, as in Kafka.
    pub fn is_cooperative(&self) -> bool {
        self.config.assignors.iter().all(|it| it.is_cooperative())
    }

    /// The group rebalances: commits if it commits by itself, and joins again. An eager member
    /// gives everything up before; a cooperative one keeps it, and reads on.
    pub fn on_rejoin<M: From<GroupInput>>(&mut self, effects: &mut Effects<M>) {
        if self.config.enable_auto_commit {
            self.commit(effects);
        }
        if !self.is_cooperative() {
            self.assign(&[], effects);
        }
        self.join(effects);
    }

    /// The group has given it partitions. A cooperative member that has to give some up does so
    /// now, and joins again, so that others can have them.
    pub fn on_assigned<M: From<GroupInput>>(
        &mut self,
        assignment: &Assignment,
        effects: &mut Effects<M>,
    ) {
        let is_given =
            |held: &PartitionId| assignment.partitions.iter().any(|(given, _)| given == held);
        let revokes = self.places.keys().any(|held| !is_given(held));
        if let Some(member) = &mut self.membership {
            member.generation = Some(assignment.generation);
            member.previous = assignment.partitions.iter().map(|it| it.0).collect();
        }
        if revokes && self.config.enable_auto_commit {
            self.commit(effects);
        }
        self.assign(&assignment.partitions, effects);
        if revokes {
            self.join(effects);
        }
    }

    /// The group took it for dead: what it had is lost, and it joins as somebody new.
    pub fn on_expelled<M: From<GroupInput>>(&mut self, effects: &mut Effects<M>) {
        self.assign(&[], effects);
        if let Some(member) = &mut self.membership {
            member.generation = None;
            member.previous.clear();
        }
        self.join(effects);
    }

    /// Tells the group that it is alive.
    pub fn heartbeat<M: From<GroupInput>>(&self, effects: &mut Effects<M>) {
        if let Some(member) = self.membership.as_ref().filter(|it| !it.has_left) {
            let heartbeat = GroupInput::Heartbeat {
                group: member.group,
                consumer: self.id,
                generation: member.generation,
            };
            effects.send(Millis::ZERO, M::from(heartbeat));
        }
    }

    /// It has not polled for `max.poll.interval.ms`: its heartbeats stop, and it leaves. What it
    /// holds it does not know to have lost until it polls.
    pub fn leave_for_not_polling<M: From<GroupInput>>(&mut self, effects: &mut Effects<M>) {
        let Some(member) = self.membership.as_mut().filter(|it| !it.has_left) else {
            return;
        };
        member.has_left = true;
        let leave = GroupInput::Leave {
            group: member.group,
            consumer: self.id,
            reason: RebalanceReason::PollTimeout,
        };
        effects.send(Millis::ZERO, M::from(leave));
    }

    /// Whether it has left since it did not poll in time; its next poll joins again.
    pub fn has_left(&self) -> bool {
        self.membership.as_ref().is_some_and(|it| it.has_left)
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
            let leave = GroupInput::Leave {
                group: member.group,
                consumer: self.id,
                reason: RebalanceReason::MemberLeft,
            };
            effects.send(Millis::ZERO, M::from(leave));
        }
    }

    /// What the group has committed, as a new coordinator knows it.
    pub fn on_coordinator_changed(&mut self, committed: impl Fn(PartitionId) -> Option<u64>) {
        for (partition, place) in &mut self.places {
            place.committed = committed(*partition);
        }
    }

    /// Commits its positions where they have moved since the last commit.
    pub fn commit<M: From<GroupInput>>(&mut self, effects: &mut Effects<M>) {
        let places = self.places.iter();
        let positions: Vec<(PartitionId, u64)> = places
            .filter_map(|(partition, place)| Some((*partition, place.position?)))
            .collect();
        self.commit_offsets(&positions, effects);
    }

    /// Commits these offsets, where they are others than the last ones.
    pub fn commit_offsets<M: From<GroupInput>>(
        &mut self,
        wanted: &[(PartitionId, u64)],
        effects: &mut Effects<M>,
    ) {
        let Some(member) = &self.membership else {
            return;
        };
        let mut offsets = Vec::new();
        for &(partition, offset) in wanted {
            let place = self.places.get_mut(&partition);
            if let Some(place) = place.filter(|it| it.committed != Some(offset)) {
                place.committed = Some(offset);
                offsets.push((partition, offset));
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

    /// A polled record was not taken after all: its position goes back before it.
    pub fn give_back(&mut self, partition: PartitionId, offset: u64) {
        if let Some(place) = self.places.get_mut(&partition) {
            place.position = Some(offset);
        }
    }

    /// Reads from `offset` next. An offset that is not there is reset by the next poll.
    pub fn seek<M>(
        &mut self,
        partition: PartitionId,
        offset: u64,
        effects: &mut Effects<M>,
    ) -> Result<(), LogError> {
        self.place_mut(partition)?.position = Some(offset);
        let record = RecordId { partition, offset };
        let consumer = self.id;
        effects.note(TraceDetail::PositionMoved { consumer, record });
        Ok(())
    }

    /// Leaves a partition out of polls until it is resumed.
    pub fn pause(&mut self, partition: PartitionId) -> Result<(), LogError> {
        self.place_mut(partition)?.is_paused = true;
        Ok(())
    }

    /// Takes a partition into polls again.
    pub fn resume(&mut self, partition: PartitionId) -> Result<(), LogError> {
        self.place_mut(partition)?.is_paused = false;
        Ok(())
    }

    pub(crate) fn place_mut(&mut self, partition: PartitionId) -> Result<&mut Place, LogError> {
        let found = self.places.get_mut(&partition);
        found.ok_or(LogError::NotAssigned { partition })
    }
}
