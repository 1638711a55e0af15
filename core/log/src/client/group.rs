//! One consumer group in Kafka's classic protocol: members join, a generation shares the
//! partitions among them, offsets are committed.
//!
//! A rebalance has the protocol's phases: members learn of it by the answers to their heartbeats,
//! and only when each has joined again, or has not within the longest `max.poll.interval.ms`, is
//! the next generation assigned. So no two members ever hold one partition in one generation.
//! A member that is silent for its `session.timeout.ms` is taken for dead. Assignors are in
//! `assignor`.

use crate::client::assignor::{Assignor, Subscription};
use crate::client::coordinator::{Assignment, GroupMessage, Terms};
use crate::client::group_share::wanted_topics;
use crate::client::offsets::CommittedOffset;
use crate::cluster::Cluster;
use crate::error::LogError;
use headwater_base::{
    ConsumerId, Effects, GroupId, Millis, PartitionId, RebalanceReason, SortedMap, TopicId,
    TraceDetail, VirtualTime,
};
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
    /// What its id begins with (`client.id`).
    pub client_id: Arc<str>,
    /// On which terms it is a member.
    pub terms: Terms,
    /// Its partitions in the present generation.
    pub assigned: Vec<PartitionId>,
    /// When it is taken for dead, unless it is heard of before.
    pub session_until: VirtualTime,
    pub(crate) has_joined: bool,
    /// Whether its partitions are in the log, and it will be told of them.
    pub(crate) awaits_answer: bool,
}

impl Member {
    /// A member that joins now.
    pub(crate) fn joining(
        subscription: Subscription,
        client_id: Arc<str>,
        terms: Terms,
        now: VirtualTime,
    ) -> Member {
        Member {
            subscription,
            client_id,
            terms,
            assigned: Vec::new(),
            session_until: now,
            has_joined: true,
            awaits_answer: false,
        }
    }
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
    /// How its partitions are shared in the present generation.
    pub assignor: Assignor,
    pub(crate) members: SortedMap<ConsumerId, Member>,
    pub(crate) offsets: SortedMap<PartitionId, CommittedOffset>,
    /// What its members are to be told once the new generation is in the log.
    pub(crate) answers: Vec<Assignment>,
    /// How long a rebalance waits for those who have not joined.
    rebalance_until: VirtualTime,
}

impl Group {
    pub(crate) fn new(id: GroupId, name: Arc<str>) -> Group {
        Group {
            id,
            name,
            state: GroupState::Empty,
            generation: 0,
            assignor: Assignor::Range,
            members: SortedMap::new(),
            offsets: SortedMap::new(),
            answers: Vec::new(),
            rebalance_until: VirtualTime::START,
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

    /// The next moment at which something has to be looked at: a session or a rebalance that has
    /// waited too long.
    pub(crate) fn deadline(&self) -> Option<VirtualTime> {
        let waits = self.state == GroupState::PreparingRebalance;
        let sessions = self.members.values().filter(|it| !(waits && it.has_joined));
        let next = sessions.map(|it| it.session_until).min();
        match (next, waits) {
            (Some(next), true) => Some(next.min(self.rebalance_until)),
            (None, true) => Some(self.rebalance_until),
            (next, false) => next,
        }
    }

    /// Begins a rebalance; `joined` has just joined, all others have to.
    fn prepare<M>(
        &mut self,
        joined: Option<ConsumerId>,
        reason: RebalanceReason,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) {
        self.state = GroupState::PreparingRebalance;
        let longest = self
            .members
            .values()
            .map(|it| it.terms.rebalance_timeout)
            .max();
        self.rebalance_until = now + longest.unwrap_or(Millis::ZERO);
        let group = self.id;
        effects.note(TraceDetail::RebalanceStarted { group, reason });
        for (consumer, member) in &mut self.members {
            member.has_joined = Some(*consumer) == joined;
        }
    }

    /// Begins the next generation if every member has joined; tells whether it did. Members are
    /// told of it once it is in the log, so that no other coordinator gives its number again.
    fn complete<M>(&mut self, cluster: &Cluster, effects: &mut Effects<M>) -> bool {
        if self.members.values().any(|member| !member.has_joined) {
            return false;
        }
        self.generation += 1;
        let (group, generation) = (self.id, self.generation);
        effects.note(TraceDetail::GroupRebalanced { group, generation });
        if self.members.is_empty() {
            self.state = GroupState::Empty;
            return true;
        }
        self.state = GroupState::Stable;
        self.assignor = self.chosen_assignor();
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
            member.awaits_answer = true;
            self.answers.push(assignment);
        }
        true
    }

    /// A generation is in the log: its members are told of their partitions.
    pub(crate) fn answer<M: From<GroupMessage>>(
        &mut self,
        answers: Vec<Assignment>,
        effects: &mut Effects<M>,
    ) {
        for mut answer in answers {
            // What was committed meanwhile counts.
            for (partition, committed) in &mut answer.partitions {
                *committed = self.offsets.get(partition).map(|it| it.offset);
            }
            let is_present = answer.generation == self.generation;
            if is_present
                && self.state == GroupState::Stable
                && let Some(member) = self.members.get_mut(&answer.consumer)
            {
                member.awaits_answer = false;
                effects.send(Millis::ZERO, M::from(GroupMessage::Assigned(answer)));
            }
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

impl Group {
    pub(crate) fn on_join<M: From<GroupMessage>>(
        &mut self,
        mut member: Member,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) -> bool {
        let consumer = member.subscription.consumer;
        let known = self.members.get(&consumer);
        let reason = match known {
            Some(_) => RebalanceReason::MemberRejoined,
            None => RebalanceReason::MemberJoined,
        };
        // Until the next generation is there, it has what it had.
        member.assigned = known.map(|it| it.assigned.clone()).unwrap_or_default();
        member.session_until = now + member.terms.session_timeout;
        member.has_joined = true;
        self.members.insert(consumer, member);
        if self.state != GroupState::PreparingRebalance {
            self.prepare(Some(consumer), reason, now, effects);
        }
        self.complete(cluster, effects)
    }

    /// A member is alive. Tells it to join again if the group rebalances.
    pub(crate) fn on_heartbeat<M: From<GroupMessage>>(
        &mut self,
        consumer: ConsumerId,
        generation: Option<u32>,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) {
        let waits = self.state == GroupState::PreparingRebalance;
        let present = self.generation;
        let Some(member) = self.members.get_mut(&consumer) else {
            effects.send(Millis::ZERO, M::from(GroupMessage::Expelled { consumer }));
            return;
        };
        member.session_until = now + member.terms.session_timeout;
        let is_late = !waits && !member.awaits_answer && generation.is_some_and(|it| it != present);
        if is_late || (waits && !member.has_joined) {
            effects.send(Millis::ZERO, M::from(GroupMessage::Rejoin { consumer }));
        }
    }

    pub(crate) fn on_leave<M: From<GroupMessage>>(
        &mut self,
        consumer: ConsumerId,
        reason: RebalanceReason,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) -> Result<bool, LogError> {
        if self.members.remove(&consumer).is_none() {
            return Err(LogError::UnknownMember {
                group: self.name.to_string(),
            });
        }
        let group = self.id;
        effects.note(TraceDetail::MemberRemoved {
            group,
            consumer,
            reason,
        });
        if self.state == GroupState::Stable {
            self.prepare(None, reason, now, effects);
        }
        Ok(self.complete(cluster, effects))
    }

    /// Removes members whose session is over, and those that a rebalance has waited for too long.
    pub(crate) fn expire<M: From<GroupMessage>>(
        &mut self,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) -> bool {
        let mut completed = false;
        while let Some(consumer) = self.expired(now) {
            let reason = RebalanceReason::SessionTimeout;
            completed |= self
                .on_leave(consumer, reason, cluster, now, effects)
                .unwrap_or(false);
        }
        if self.state == GroupState::PreparingRebalance && self.rebalance_until <= now {
            let late = self.members.iter().filter(|(_, it)| !it.has_joined);
            let late: Vec<ConsumerId> = late.map(|(consumer, _)| *consumer).collect();
            for consumer in late {
                let reason = RebalanceReason::PollTimeout;
                completed |= self
                    .on_leave(consumer, reason, cluster, now, effects)
                    .unwrap_or(false);
            }
        }
        completed
    }

    fn expired(&self, now: VirtualTime) -> Option<ConsumerId> {
        let waits = self.state == GroupState::PreparingRebalance;
        let mut members = self.members.iter();
        let found = members.find(|(_, it)| it.session_until <= now && !(waits && it.has_joined));
        found.map(|(consumer, _)| *consumer)
    }

    pub(crate) fn is_touched_by(&self, topic: TopicId, cluster: &Cluster) -> bool {
        self.wants(topic)
            || self
                .offsets
                .keys()
                .any(|partition| cluster.partition(*partition).is_err())
    }

    fn wants(&self, topic: TopicId) -> bool {
        self.members()
            .any(|member| member.subscription.topics.contains(&topic))
    }

    /// A topic has other partitions than before, or is gone.
    pub(crate) fn on_topic_changed<M: From<GroupMessage>>(
        &mut self,
        topic: TopicId,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<M>,
    ) {
        self.offsets
            .retain(|partition, _| cluster.partition(*partition).is_ok());
        if self.wants(topic) && self.state == GroupState::Stable {
            self.prepare(None, RebalanceReason::TopicChanged, now, effects);
            // The leader sees it in its metadata; all others learn of it by their heartbeats.
            let first = self.members.keys().next().copied();
            if let Some(consumer) = first {
                effects.send(Millis::ZERO, M::from(GroupMessage::Rejoin { consumer }));
            }
        }
    }
}
