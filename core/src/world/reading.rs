//! How a consumer reads: when it polls, what it takes, one step a record.
//!
//! A poll is also when a member takes notice of its group: it joins again, takes up what it was
//! given, commits. Which consumers there are is in [`super::consumers`].

use crate::command::ConsumerPace;
use crate::world::consumers::{ConsumerActor, FETCH_DELAY};
use crate::world::{Message, World};
use headwater_base::{
    ConsumerId, Effects, Millis, PartitionId, RecordId, TraceDetail, VirtualTime,
};
use headwater_log::{Cluster, GroupInput, GroupMessage, LogError};
use std::sync::Arc;

/// Whether a consumer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderState {
    /// It polls and takes what it is given.
    Reading,
    /// It polls, but its partitions are paused.
    Paused,
    /// It does not poll: its application hangs. It is alive all the same.
    Stalled,
}

struct Taken {
    has_record: bool,
    /// The partition for which there is no offset, and nothing that says where to begin.
    lost: Option<PartitionId>,
    effects: Effects<Message>,
}

impl ConsumerActor {
    /// Whether it is in a poll whenever it has nothing else to do.
    fn polls_all_the_time(&self) -> bool {
        let waits = self.pace == ConsumerPace::KeepUp || self.state == ReaderState::Paused;
        waits && self.state != ReaderState::Stalled && self.polled.is_empty()
    }

    /// It polls: what its group told it takes effect now.
    fn begin_poll(&mut self, now: VirtualTime, effects: &mut Effects<Message>) {
        self.last_poll = now;
        if self.client.has_left() {
            self.pending.clear();
            self.client.on_expelled(effects);
        }
        while let Some(message) = self.pending.pop_front() {
            self.hear(&message, effects);
        }
    }

    fn hear(&mut self, message: &GroupMessage, effects: &mut Effects<Message>) {
        match message {
            GroupMessage::Rejoin { .. } => self.client.on_rejoin(effects),
            GroupMessage::Expelled { .. } => self.client.on_expelled(effects),
            GroupMessage::Assigned(assignment) => self.client.on_assigned(assignment, effects),
        }
    }

    fn take_record(&mut self, cluster: &Cluster, now: VirtualTime) -> Taken {
        let (mut effects, mut lost) = (Effects::default(), None);
        if self.polled.is_empty() {
            self.begin_poll(now, &mut effects);
            lost = self.poll(cluster, now, &mut effects);
        }
        // Retention may have removed what was polled; the reader has it in hand all the same.
        let next = self.polled.pop_front();
        if let Some(record) = next {
            self.delivered += 1;
            let consumer = self.id;
            effects.note(TraceDetail::RecordDelivered { consumer, record });
        }
        Taken {
            has_record: next.is_some(),
            lost,
            effects,
        }
    }

    /// Polls; gives the partition for which no position can be found, and then nothing else.
    fn poll(
        &mut self,
        cluster: &Cluster,
        now: VirtualTime,
        effects: &mut Effects<Message>,
    ) -> Option<PartitionId> {
        if self.state == ReaderState::Paused {
            return None;
        }
        let fetched = match self.client.poll::<Message>(cluster, now, effects) {
            Ok(fetched) => fetched,
            Err(
                LogError::NoOffset { partition } | LogError::OffsetOutOfRange { partition, .. },
            ) => return Some(partition),
            Err(_) => return None,
        };
        for batch in fetched {
            let records = batch.read(cluster).into_iter().flatten();
            let partition = batch.partition;
            self.polled.extend(records.map(|it| RecordId {
                partition,
                offset: it.offset,
            }));
        }
        None
    }

    /// Goes back to before what was polled and not taken, so that nobody misses it.
    pub(super) fn give_back(&mut self) {
        let mut untaken: Vec<RecordId> = self.polled.drain(..).collect();
        untaken.reverse();
        for record in untaken {
            self.client.give_back(record.partition, record.offset);
        }
    }

    /// The next offset of each partition, as far as records were taken.
    pub(super) fn taken(&self) -> Vec<(PartitionId, u64)> {
        let places = self.positions();
        places
            .filter_map(|(partition, position)| Some((partition, position?)))
            .collect()
    }
}

impl World {
    /// Makes a consumer that keeps up read soon, if it is not already about to.
    pub(super) fn call_consumer(&mut self, id: ConsumerId) {
        let Some(actor) = self.consumers.get_mut(id.index()) else {
            return;
        };
        let keeps_up = matches!(actor.pace, ConsumerPace::KeepUp);
        let is_ready = actor.running && actor.state == ReaderState::Reading;
        if is_ready && keeps_up && !actor.is_called && self.now >= actor.begins {
            Arc::make_mut(actor).is_called = true;
            self.queue
                .push(self.now + FETCH_DELAY, Message::Consumer(id));
        }
    }

    /// Takes one record, and asks to be called again while there are more.
    pub(super) fn on_consumer(&mut self, id: ConsumerId) {
        let Some(actor) = self.consumers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        let actor = Arc::make_mut(actor);
        actor.is_called = false;
        if actor.state == ReaderState::Stalled {
            return;
        }
        let taken = actor.take_record(&self.cluster, self.now);
        let takes_more = match actor.pace {
            ConsumerPace::KeepUp | ConsumerPace::Every(_) => taken.has_record,
            ConsumerPace::Rate(_) => false,
        };
        if takes_more {
            actor.is_called = true;
            self.queue.push(self.now, Message::Consumer(id));
        }
        self.carry_out(taken.effects);
        if let Some(partition) = taken.lost {
            let consumer = id;
            self.note(TraceDetail::PollFailed {
                consumer,
                partition,
            });
            self.end_consumer(id);
        }
    }

    /// A consumer with a pace of its own comes round: it reads, and plans the next round.
    pub(super) fn on_consumer_round(&mut self, id: ConsumerId) {
        let Some(actor) = self.consumers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        let actor = Arc::make_mut(actor);
        actor.rounds += 1;
        let begins = actor.begins;
        self.queue
            .push(begins + self.until_round(id), Message::ConsumerRound(id));
        if !self.consumers[id.index()].is_called {
            self.on_consumer(id);
        }
    }

    /// How long after its beginning a consumer comes next.
    pub(super) fn until_round(&self, id: ConsumerId) -> Millis {
        let actor = &self.consumers[id.index()];
        match actor.pace {
            ConsumerPace::KeepUp => FETCH_DELAY,
            ConsumerPace::Every(length) => Millis(length.0.saturating_mul(actor.rounds as i64 + 1)),
            ConsumerPace::Rate(rate) => rate.due(actor.rounds + 1),
        }
    }

    /// A member that polls all the time commits what it has read, every
    /// `auto.commit.interval.ms`. All others do so when they poll.
    pub(super) fn on_commit(&mut self, id: ConsumerId) {
        let Some(actor) = self.consumers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        let mut effects = Effects::<Message>::default();
        if actor.polls_all_the_time() {
            Arc::make_mut(actor).client.commit(&mut effects);
        }
        let again = self.now + Millis(actor.client.config.auto_commit_interval_ms);
        self.carry_out(effects);
        self.queue.push(again, Message::Commit(id));
    }

    /// A member tells its group that it is alive, or leaves since it has not polled for too long.
    pub(super) fn on_heartbeat(&mut self, id: ConsumerId) {
        let Some(actor) = self.consumers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        let actor = Arc::make_mut(actor);
        let mut effects = Effects::<Message>::default();
        if actor.polls_all_the_time() {
            actor.last_poll = self.now;
        }
        let config = &actor.client.config;
        let (interval, most) = (config.heartbeat_interval_ms, config.max_poll_interval_ms);
        if self.now - actor.last_poll >= Millis(most) {
            actor.client.leave_for_not_polling(&mut effects);
        } else {
            actor.client.heartbeat(&mut effects);
        }
        self.carry_out(effects);
        self.queue
            .push(self.now + Millis(interval), Message::Heartbeat(id));
    }

    /// The coordinator tells a member something. As in Kafka, it takes notice within a poll: after
    /// it has taken what it has.
    pub(super) fn on_member(&mut self, message: &GroupMessage) {
        let id = match message {
            GroupMessage::Rejoin { consumer } | GroupMessage::Expelled { consumer } => *consumer,
            GroupMessage::Assigned(assignment) => assignment.consumer,
        };
        let Some(actor) = self.consumers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        let actor = Arc::make_mut(actor);
        // Whoever has asked to join waits within a poll for what it is given.
        let waits = matches!(message, GroupMessage::Assigned(_))
            && actor.polled.is_empty()
            && actor.state != ReaderState::Stalled;
        if !waits && !actor.polls_all_the_time() {
            if !actor.pending.contains(message) {
                actor.pending.push_back(message.clone());
            }
            return;
        }
        let mut effects = Effects::<Message>::default();
        actor.begin_poll(self.now, &mut effects);
        actor.hear(message, &mut effects);
        self.carry_out(effects);
        self.call_consumer(id);
    }

    /// A commit of a consumer was refused; whoever is no member any more learns it so.
    pub(super) fn refuse_commit(&mut self, input: &GroupInput, is_unknown: bool) {
        let GroupInput::Commit {
            group, consumer, ..
        } = input
        else {
            return;
        };
        let (group, consumer) = (*group, *consumer);
        self.note(TraceDetail::CommitRefused { group, consumer });
        if is_unknown {
            self.on_member(&GroupMessage::Expelled { consumer });
        }
    }
}
