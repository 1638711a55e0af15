//! Consumers in the simulation: a pace, the client that polls, and one step a record taken.

use crate::command::{ConsumerCreate, ConsumerPace, ConsumerSeek, OffsetReset, SeekTo};
use crate::world::producers::{too_many_clients, unknown};
use crate::world::{Message, World};
use headwater_base::diagnostic::nearest;
use headwater_base::{
    ConsumerId, Diagnostic, Effects, Fault, GroupId, Millis, PartitionId, RecordId, TopicId,
    TraceDetail, VirtualTime, limits,
};
use headwater_log::{Consumer, ConsumerConfig, GroupInput, GroupMessage};
use std::collections::VecDeque;
use std::sync::Arc;

/// How long a fetch waits at the broker before new records reach a reader.
pub(super) const FETCH_DELAY: Millis = Millis(2);

/// A consumer.
#[derive(Clone, Debug)]
pub struct ConsumerActor {
    /// Its id.
    pub id: ConsumerId,
    /// Its name.
    pub name: Arc<str>,
    /// The topics it reads.
    pub topics: Vec<TopicId>,
    /// The group it is a member of.
    pub group: Option<GroupId>,
    /// How fast it reads.
    pub pace: ConsumerPace,
    /// Whether it still reads.
    pub running: bool,
    /// Records taken so far.
    pub delivered: u64,
    client: Consumer,
    /// Polled and not yet taken.
    polled: VecDeque<RecordId>,
    /// Whether a message that makes it read is under way.
    is_called: bool,
    begins: VirtualTime,
    rounds: u64,
}

impl ConsumerActor {
    /// Whether it is assigned this partition.
    pub fn reads(&self, partition: PartitionId) -> bool {
        self.running && self.client.places().any(|(held, _)| held == partition)
    }

    /// The offset it last committed for a partition.
    pub fn committed(&self, partition: PartitionId) -> Option<u64> {
        let mut places = self.client.places();
        places.find(|(held, _)| *held == partition)?.1.committed
    }

    /// Its partitions, each with the next record it will take.
    pub fn positions(&self) -> impl Iterator<Item = (PartitionId, Option<u64>)> {
        self.client.places().map(|(partition, place)| {
            // What was polled and not taken yet is still before it.
            let waiting = self.polled.iter().find(|it| it.partition == partition);
            (partition, waiting.map(|it| it.offset).or(place.position))
        })
    }
}

impl World {
    pub(super) fn create_consumer(&mut self, new: &ConsumerCreate) -> Result<(), Diagnostic> {
        if self
            .consumers
            .iter()
            .any(|it| it.running && *it.name == *new.name)
        {
            let message = format!("A consumer named {} is running already.", new.name);
            return Err(Diagnostic::error(Fault::Yours, "consumer-exists", message)
                .hint(format!("Stop it first: consumer stop {}", new.name)));
        }
        if self.consumers.len() >= limits::CLIENTS_MAX {
            return Err(too_many_clients());
        }
        let topics = new
            .topics
            .iter()
            .map(|name| self.cluster.topic_named(name).map(|it| it.id));
        let topics: Vec<TopicId> = topics
            .collect::<Result<_, _>>()
            .map_err(|it| it.to_diagnostic())?;
        let id = ConsumerId(self.consumers.len() as u32);
        self.note(TraceDetail::ConsumerStarted { consumer: id });
        let mut client = Consumer::new(id, config(new));
        let mut effects = Effects::<Message>::default();
        let group = new.group.as_deref().map(|name| self.groups.open(name));
        match group {
            Some(group) => client.subscribe(group, &new.name, &topics, &mut effects),
            None => {
                let of = |topic: &TopicId| self.cluster.topic(*topic).ok();
                let all = topics.iter().filter_map(of).flat_map(|it| &it.partitions);
                let all: Vec<_> = all.map(|partition| (*partition, None)).collect();
                client.assign(&all, &mut effects);
            }
        }
        let begins = self.now + new.start;
        self.consumers.push(Arc::new(ConsumerActor {
            id,
            name: Arc::from(new.name.as_str()),
            topics,
            group,
            pace: new.pace,
            running: true,
            delivered: 0,
            client,
            polled: VecDeque::new(),
            is_called: true,
            begins,
            rounds: 0,
        }));
        self.carry_out(effects);
        let first = match new.pace {
            ConsumerPace::KeepUp => Message::Consumer(id),
            ConsumerPace::Every(_) | ConsumerPace::Rate(_) => Message::ConsumerRound(id),
        };
        self.queue.push(begins + self.until_round(id), first);
        if group.is_some() {
            self.queue
                .push(begins + self.commit_interval(id), Message::Commit(id));
        }
        Ok(())
    }

    /// How long after its beginning a consumer comes next.
    fn until_round(&self, id: ConsumerId) -> Millis {
        let actor = &self.consumers[id.index()];
        match actor.pace {
            ConsumerPace::KeepUp => FETCH_DELAY,
            ConsumerPace::Every(length) => Millis(length.0.saturating_mul(actor.rounds as i64 + 1)),
            ConsumerPace::Rate(rate) => rate.due(actor.rounds + 1),
        }
    }

    fn commit_interval(&self, id: ConsumerId) -> Millis {
        Millis(
            self.consumers[id.index()]
                .client
                .config
                .auto_commit_interval_ms,
        )
    }

    fn running_consumer(&mut self, name: &str) -> Result<ConsumerId, Diagnostic> {
        let found = self
            .consumers
            .iter()
            .find(|it| it.running && *it.name == *name);
        found.map(|it| it.id).ok_or_else(|| {
            let running = self.consumers.iter().filter(|it| it.running);
            unknown(
                "consumer",
                name,
                &nearest(name, running.map(|it| &*it.name)),
            )
        })
    }

    pub(super) fn stop_consumer(&mut self, name: &str) -> Result<(), Diagnostic> {
        let id = self.running_consumer(name)?;
        let actor = Arc::make_mut(&mut self.consumers[id.index()]);
        actor.running = false;
        actor.polled.clear();
        let mut effects = Effects::<Message>::default();
        actor.client.close(&mut effects);
        self.carry_out(effects);
        self.note(TraceDetail::ConsumerStopped { consumer: id });
        Ok(())
    }

    pub(super) fn seek_consumer(&mut self, seek: &ConsumerSeek) -> Result<(), Diagnostic> {
        let id = self.running_consumer(&seek.name)?;
        let topic = match &seek.topic {
            Some(name) => Some(
                self.cluster
                    .topic_named(name)
                    .map_err(|it| it.to_diagnostic())?
                    .id,
            ),
            None => None,
        };
        let actor = Arc::make_mut(&mut self.consumers[id.index()]);
        let mut effects = Effects::<Message>::default();
        let mut moved = 0;
        for (partition, position) in actor.positions().collect::<Vec<_>>() {
            let Ok(log) = self.cluster.partition(partition) else {
                continue;
            };
            let is_meant = topic.is_none_or(|topic| topic == log.topic())
                && seek.partition.is_none_or(|number| number == log.number());
            if !is_meant {
                continue;
            }
            let (start, end) = (log.start_offset(), log.end_offset());
            let offset = match seek.to {
                SeekTo::Earliest => start,
                SeekTo::Latest => end,
                SeekTo::Offset(offset) => offset,
                SeekTo::By(by) => position.unwrap_or(start).saturating_add_signed(by),
            };
            actor.polled.retain(|record| record.partition != partition);
            let sought = actor
                .client
                .seek(partition, offset.clamp(start, end), &mut effects);
            sought.map_err(|it| it.to_diagnostic())?;
            moved += 1;
        }
        if moved == 0 {
            let message = format!("{} reads no such partition now.", seek.name);
            return Err(Diagnostic::error(Fault::Yours, "not-assigned", message));
        }
        self.carry_out(effects);
        self.call_consumer(id);
        Ok(())
    }

    /// Makes a consumer that keeps up read soon, if it is not already about to.
    pub(super) fn call_consumer(&mut self, id: ConsumerId) {
        let Some(actor) = self.consumers.get_mut(id.index()) else {
            return;
        };
        let keeps_up = matches!(actor.pace, ConsumerPace::KeepUp);
        if actor.running && keeps_up && !actor.is_called && self.now >= actor.begins {
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
        let taken = Self::take_record(actor, &self.cluster, self.now);
        let takes_more = match actor.pace {
            ConsumerPace::KeepUp | ConsumerPace::Every(_) => taken.has_record,
            ConsumerPace::Rate(_) => false,
        };
        if takes_more {
            actor.is_called = true;
            self.queue.push(self.now, Message::Consumer(id));
        }
        self.carry_out(taken.effects);
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
        self.on_consumer(id);
    }

    fn take_record(
        actor: &mut ConsumerActor,
        cluster: &headwater_log::Cluster,
        now: VirtualTime,
    ) -> Taken {
        let mut effects = Effects::default();
        if actor.polled.is_empty() {
            // A poll fails only where positions cannot be found, and then gives nothing.
            let fetched = actor.client.poll::<Message>(cluster, now, &mut effects);
            for batch in fetched.unwrap_or_default() {
                let records = batch.read(cluster).into_iter().flatten();
                let partition = batch.partition;
                actor.polled.extend(records.map(|it| RecordId {
                    partition,
                    offset: it.offset,
                }));
            }
        }
        // Retention may have removed what was polled; the reader has it in hand all the same.
        let next = actor.polled.pop_front();
        if let Some(record) = next {
            actor.delivered += 1;
            let consumer = actor.id;
            effects.note(TraceDetail::RecordDelivered { consumer, record });
        }
        Taken {
            has_record: next.is_some(),
            effects,
        }
    }

    /// A member commits what it has read, every `auto.commit.interval.ms`.
    pub(super) fn on_commit(&mut self, id: ConsumerId) {
        let Some(actor) = self.consumers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        let actor = Arc::make_mut(actor);
        let mut effects = Effects::<Message>::default();
        if actor.polled.is_empty() {
            actor.client.commit(&mut effects);
        }
        self.carry_out(effects);
        let again = self.now + self.commit_interval(id);
        self.queue.push(again, Message::Commit(id));
    }

    /// The coordinator is told something.
    pub(super) fn on_coordinator(&mut self, input: GroupInput) {
        let mut effects = Effects::<Message>::default();
        // A late commit or leave is refused, as in Kafka; nothing has changed then.
        let _refused = self.groups.on(input, &self.cluster, self.now, &mut effects);
        self.carry_out(effects);
    }

    /// The coordinator tells a member something.
    pub(super) fn on_member(&mut self, message: &GroupMessage) {
        let id = match message {
            GroupMessage::Rejoin { consumer } => *consumer,
            GroupMessage::Assigned(assignment) => assignment.consumer,
        };
        let Some(actor) = self.consumers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        if !actor.polled.is_empty() {
            // As in Kafka, a member rejoins from within a poll: after it has taken what it has.
            self.queue.push(self.now, Message::Member(message.clone()));
            return;
        }
        let actor = Arc::make_mut(actor);
        let mut effects = Effects::<Message>::default();
        match message {
            GroupMessage::Rejoin { .. } => actor.client.on_rejoin(&mut effects),
            GroupMessage::Assigned(assignment) => {
                actor.client.on_assigned(assignment, &mut effects);
            }
        }
        self.carry_out(effects);
        self.call_consumer(id);
    }
}

struct Taken {
    has_record: bool,
    effects: Effects<Message>,
}

fn config(new: &ConsumerCreate) -> ConsumerConfig {
    // A consumer that keeps up or has a rate polls one record at a time, so that its position
    // moves with each step.
    let one_by_one = !matches!(new.pace, ConsumerPace::Every(_));
    let asked = new
        .max_poll_records
        .unwrap_or(limits::POLL_RECORDS_MAX as u32);
    ConsumerConfig {
        auto_offset_reset: match new.offset_reset {
            OffsetReset::Earliest => headwater_log::OffsetReset::Earliest,
            OffsetReset::Latest => headwater_log::OffsetReset::Latest,
        },
        // The simulation commits on a timer, so that an idle reader's commit is seen, too.
        enable_auto_commit: new.group.is_some(),
        max_poll_records: if one_by_one { 1 } else { asked },
        ..ConsumerConfig::default()
    }
}
