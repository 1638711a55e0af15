//! Consumers in the simulation: they come, go, are killed, paused and moved, as commands say.
//!
//! How they read is in [`super::reading`].

use crate::command::{ConsumerCreate, ConsumerPace, ConsumerSeek, OffsetReset, SeekTo};
use crate::world::producers::{too_many_clients, unknown};
use crate::world::reading::ReaderState;
use crate::world::{Message, World};
use headwater_base::diagnostic::nearest;
use headwater_base::{
    ConsumerId, Diagnostic, Effects, Fault, GroupId, Millis, PartitionId, RecordId, TopicId,
    TraceDetail, VirtualTime, limits,
};
use headwater_log::{Consumer, ConsumerConfig, GroupMessage};
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
    /// Whether it polls, and takes what it polls.
    pub state: ReaderState,
    /// Records taken so far.
    pub delivered: u64,
    pub(super) client: Consumer,
    /// Polled and not yet taken.
    pub(super) polled: VecDeque<RecordId>,
    /// What its group told it and it has not taken notice of, since it has not polled.
    pub(super) pending: VecDeque<GroupMessage>,
    pub(super) last_poll: VirtualTime,
    /// Whether a message that makes it read is under way.
    pub(super) is_called: bool,
    pub(super) begins: VirtualTime,
    pub(super) rounds: u64,
}

impl ConsumerActor {
    /// Whether it is assigned this partition.
    pub fn reads(&self, partition: PartitionId) -> bool {
        self.running && self.client.places().any(|(held, _)| held == partition)
    }

    /// The generation of its group that it knows of.
    pub fn generation(&self) -> Option<u32> {
        self.client.generation()
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
        let config = config(new)?;
        if let Some(group) = &new.group {
            self.groups
                .check_assignors(group, &config.assignors)
                .map_err(|it| it.to_diagnostic())?;
        }
        let id = ConsumerId(self.consumers.len() as u32);
        self.note(TraceDetail::ConsumerStarted { consumer: id });
        let group = new.group.as_deref().map(|name| self.groups.open(name));
        let begins = self.now + new.start;
        self.consumers.push(Arc::new(ConsumerActor {
            id,
            name: Arc::from(new.name.as_str()),
            topics,
            group,
            pace: new.pace,
            running: true,
            state: ReaderState::Reading,
            delivered: 0,
            client: Consumer::new(id, config),
            polled: VecDeque::new(),
            pending: VecDeque::new(),
            last_poll: begins,
            is_called: true,
            begins,
            rounds: 0,
        }));
        if new.start == Millis::ZERO {
            self.begin_consumer(id);
        } else {
            self.queue.push(begins, Message::ConsumerBegins(id));
        }
        Ok(())
    }

    /// A consumer begins: it takes its partitions, or joins its group.
    pub(super) fn begin_consumer(&mut self, id: ConsumerId) {
        let Some(actor) = self.consumers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        let actor = Arc::make_mut(actor);
        let (pace, now) = (actor.pace, self.now);
        let config = actor.client.config.clone();
        let mut effects = Effects::<Message>::default();
        match actor.group {
            Some(group) => {
                let (name, topics) = (actor.name.clone(), actor.topics.clone());
                actor.client.subscribe(group, &name, &topics, &mut effects);
            }
            None => {
                let of = |topic: &TopicId| self.cluster.topic(*topic).ok();
                let all = actor.topics.iter().filter_map(of);
                let all = all.flat_map(|it| &it.partitions);
                let all: Vec<_> = all.map(|partition| (*partition, None)).collect();
                actor.client.assign(&all, &mut effects);
            }
        }
        let has_group = actor.group.is_some();
        self.carry_out(effects);
        let first = match pace {
            ConsumerPace::KeepUp => Message::Consumer(id),
            ConsumerPace::Every(_) | ConsumerPace::Rate(_) => Message::ConsumerRound(id),
        };
        if !matches!(pace, ConsumerPace::KeepUp) {
            Arc::make_mut(&mut self.consumers[id.index()]).is_called = false;
        }
        self.queue.push(now + self.until_round(id), first);
        if has_group {
            let heartbeat = now + Millis(config.heartbeat_interval_ms);
            self.queue.push(heartbeat, Message::Heartbeat(id));
            self.begin_lag_notes();
        }
        if has_group && config.enable_auto_commit {
            let commit = now + Millis(config.auto_commit_interval_ms);
            self.queue.push(commit, Message::Commit(id));
        }
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
        self.end_consumer(id);
        Ok(())
    }

    /// A consumer closes: it commits, if it does so by itself, and leaves.
    pub(super) fn end_consumer(&mut self, id: ConsumerId) {
        let actor = Arc::make_mut(&mut self.consumers[id.index()]);
        actor.running = false;
        actor.give_back();
        let mut effects = Effects::<Message>::default();
        actor.client.close(&mut effects);
        self.carry_out(effects);
        self.note(TraceDetail::ConsumerStopped { consumer: id });
    }

    /// A consumer's machine fails: it neither commits nor leaves, and its group will notice.
    pub(super) fn kill_consumer(&mut self, name: &str) -> Result<(), Diagnostic> {
        let id = self.running_consumer(name)?;
        let actor = Arc::make_mut(&mut self.consumers[id.index()]);
        actor.running = false;
        actor.polled.clear();
        self.note(TraceDetail::ConsumerKilled { consumer: id });
        Ok(())
    }

    /// Pauses a consumer, makes it hang, or lets it read on.
    pub(super) fn set_reader_state(
        &mut self,
        name: &str,
        state: ReaderState,
    ) -> Result<(), Diagnostic> {
        let id = self.running_consumer(name)?;
        let actor = Arc::make_mut(&mut self.consumers[id.index()]);
        if actor.state == state {
            let (code, said) = match state {
                ReaderState::Reading => ("consumer-reading", "reads already"),
                ReaderState::Paused => ("consumer-paused", "is paused already"),
                ReaderState::Stalled => ("consumer-stalled", "hangs already"),
            };
            let message = format!("Consumer {name} {said}.");
            return Err(Diagnostic::error(Fault::Yours, code, message));
        }
        actor.state = state;
        let consumer = id;
        self.note(match state {
            ReaderState::Reading => TraceDetail::ConsumerResumed { consumer },
            ReaderState::Paused => TraceDetail::ConsumerPaused { consumer },
            ReaderState::Stalled => TraceDetail::ConsumerStalled { consumer },
        });
        self.call_consumer(id);
        Ok(())
    }

    /// A consumer commits what it has taken, by hand.
    pub(super) fn commit_consumer(&mut self, name: &str) -> Result<(), Diagnostic> {
        let id = self.running_consumer(name)?;
        let actor = Arc::make_mut(&mut self.consumers[id.index()]);
        if actor.group.is_none() {
            let message = format!("Consumer {name} has no group, so it has nowhere to commit to.");
            return Err(Diagnostic::error(Fault::Yours, "no-group", message));
        }
        let taken = actor.taken();
        let mut effects = Effects::<Message>::default();
        actor.client.commit_offsets(&taken, &mut effects);
        self.carry_out(effects);
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
            let (start, end) = (log.start_offset(), log.high_watermark());
            let offset = match seek.to {
                SeekTo::Earliest => start,
                SeekTo::Latest => end,
                SeekTo::Offset(offset) => offset,
                SeekTo::Time(time) => log.offset_for_time(time).unwrap_or(end),
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
}

/// The client's configuration.
fn config(new: &ConsumerCreate) -> Result<ConsumerConfig, Diagnostic> {
    let mut config = ConsumerConfig::default();
    for (name, value) in &new.config {
        config.set(name, value).map_err(|it| it.to_diagnostic())?;
    }
    config.check().map_err(|it| it.to_diagnostic())?;
    // A consumer that keeps up or has a rate polls one record at a time, so that its position
    // moves with each step; unless it is told otherwise.
    let one_by_one = !matches!(new.pace, ConsumerPace::Every(_));
    let most = if one_by_one {
        1
    } else {
        limits::POLL_RECORDS_MAX as u32
    };
    config.max_poll_records = new.max_poll_records.unwrap_or(most);
    config.auto_offset_reset = match new.offset_reset {
        OffsetReset::Earliest => headwater_log::OffsetReset::Earliest,
        OffsetReset::Latest => headwater_log::OffsetReset::Latest,
        OffsetReset::None => headwater_log::OffsetReset::None,
    };
    config.enable_auto_commit &= new.group.is_some();
    Ok(config)
}
