//! Producers in the simulation: a generator, a pace, and the client that appends.

use crate::command::{Pace, ProducerAlter, ProducerCreate};
use crate::generator::{GeneratedRecord, Generator};
use crate::world::batches::{self, Batches, bytes_of};
use crate::world::brokers::RETRY;
use crate::world::{Message, World};
use headwater_base::{
    Diagnostic, Fault, Millis, ProducerId, RecordId, SendError, SortedMap, TopicId, TraceDetail,
    VirtualTime, diagnostic::nearest, limits,
};
use headwater_log::{Producer, ProducerConfig, ProducerRecord};
use std::collections::VecDeque;
use std::sync::Arc;

/// A running generator.
#[derive(Clone, Debug)]
pub struct ProducerActor {
    /// Its id.
    pub id: ProducerId,
    /// Its name.
    pub name: Arc<str>,
    /// The topic it writes to.
    pub topic: TopicId,
    /// The generator's preset.
    pub preset: Arc<str>,
    /// Its pace.
    pub pace: Pace,
    /// Whether it still produces.
    pub running: bool,
    /// Records appended so far.
    pub produced: u64,
    /// Records that it gave up.
    pub failed: u64,
    generated: u64,
    left: Option<u64>,
    pub(super) batches: Batches,
    /// Since when the next record waits for room in `buffer.memory`.
    blocked_since: Option<VirtualTime>,
    generator: Generator,
    pub(super) client: Producer,
    /// Generated and not yet appended: one record is one step.
    backlog: VecDeque<GeneratedRecord>,
}

impl ProducerActor {
    /// How long its records wait for others.
    pub(super) fn linger(&self) -> Millis {
        batches::linger(self.client.config.linger_ms)
    }

    /// How long it tries to send a record.
    pub fn delivery_timeout(&self) -> Millis {
        self.client.config.delivery_timeout()
    }

    /// After how many bytes a batch is full.
    pub(super) fn batch_bytes(&self) -> u64 {
        u64::from(self.client.config.batch_size)
    }
}

/// A client's configuration, changed as a command says.
fn configured(
    mut config: ProducerConfig,
    changes: &SortedMap<String, String>,
) -> Result<ProducerConfig, Diagnostic> {
    let set = changes
        .iter()
        .try_for_each(|(name, value)| config.set(name, value));
    set.and_then(|()| config.check())
        .map_err(|it| it.to_diagnostic())?;
    Ok(config)
}

impl World {
    pub(super) fn create_producer(&mut self, new: &ProducerCreate) -> Result<(), Diagnostic> {
        if self
            .producers
            .iter()
            .any(|it| it.running && *it.name == *new.name)
        {
            let message = format!("A producer named {} is running already.", new.name);
            return Err(Diagnostic::error(Fault::Yours, "producer-exists", message)
                .hint(format!("Stop it first: producer stop {}", new.name)));
        }
        if self.producers.len() >= limits::CLIENTS_MAX {
            return Err(too_many_clients());
        }
        let topic = self
            .cluster
            .topic_named(&new.topic)
            .map_err(|it| it.to_diagnostic())?
            .id;
        let id = ProducerId(self.producers.len() as u32);
        let mut generator =
            Generator::new(new, self.seed, self.ksql.over_topic(&new.topic).catalog())?;
        let first = self.now + new.start + generator.pause_before_next();
        let mut client = Producer::new(id, self.seed, &new.name);
        client.config = configured(client.config, &new.config)?;
        self.producers.push(Arc::new(ProducerActor {
            id,
            name: Arc::from(new.name.as_str()),
            topic,
            preset: Arc::from(new.generator.as_str()),
            pace: generator.pace(),
            running: true,
            produced: 0,
            failed: 0,
            generated: 0,
            left: new.count,
            batches: Batches::default(),
            blocked_since: None,
            generator,
            client,
            backlog: VecDeque::new(),
        }));
        self.queue.push(first, Message::Producer(id));
        self.note(TraceDetail::ProducerStarted { producer: id });
        Ok(())
    }

    pub(super) fn stop_producer(&mut self, name: &str) -> Result<(), Diagnostic> {
        let at = self.running_producer(name)?;
        self.end_producer(at);
        Ok(())
    }

    pub(super) fn alter_producer(&mut self, change: &ProducerAlter) -> Result<(), Diagnostic> {
        let at = self.running_producer(&change.name)?;
        let actor = Arc::make_mut(&mut self.producers[at]);
        if let Some(pace) = change.pace {
            actor.pace = pace;
            actor.generator.set_pace(pace);
        }
        actor.client.config = configured(actor.client.config, &change.config)?;
        Ok(())
    }

    fn running_producer(&self, name: &str) -> Result<usize, Diagnostic> {
        let is_it = |it: &Arc<ProducerActor>| it.running && *it.name == *name;
        self.producers.iter().position(is_it).ok_or_else(|| {
            let running = self.producers.iter().filter(|it| it.running);
            unknown(
                "producer",
                name,
                &nearest(name, running.map(|it| &*it.name)),
            )
        })
    }

    pub(super) fn end_producer(&mut self, at: usize) {
        let actor = Arc::make_mut(&mut self.producers[at]);
        if !actor.running {
            return;
        }
        actor.running = false;
        actor.backlog.clear();
        let producer = actor.id;
        self.flush(producer);
        self.note(TraceDetail::ProducerStopped { producer });
    }

    /// Appends one record, and asks to be called again for the next.
    pub(super) fn on_producer(&mut self, id: ProducerId) {
        let Some(actor) = self.producers.get_mut(id.index()).filter(|it| it.running) else {
            return;
        };
        let actor = Arc::make_mut(actor);
        if actor.backlog.is_empty() {
            actor.backlog = actor.generator.produce(self.now).into();
        }
        let Some(record) = actor.backlog.pop_front() else {
            if actor.generator.is_done() {
                self.end_producer(id.index());
                return;
            }
            let wait = actor.generator.pause_before_next();
            self.queue.push(self.now + wait, Message::Producer(id));
            return;
        };
        let room = self.room_for(id, &record);
        if room == Room::Later {
            let actor = Arc::make_mut(&mut self.producers[id.index()]);
            actor.backlog.push_front(record);
            self.queue.push(self.now + RETRY, Message::Producer(id));
            return;
        }
        let actor = Arc::make_mut(&mut self.producers[id.index()]);
        actor.generated += 1;
        let is_last = actor.backlog.is_empty() && actor.generator.is_done();
        let is_done = is_last || actor.left.is_some_and(|left| actor.generated >= left);
        let wait = match actor.backlog.is_empty() {
            true => actor.generator.pause_before_next(),
            false => Millis::ZERO,
        };
        // Where it is not taken, its topic is gone.
        let is_taken = room == Room::Never || self.take_generated(id, record);
        if is_done || !is_taken {
            self.end_producer(id.index());
        } else {
            self.queue.push(self.now + wait, Message::Producer(id));
        }
    }

    /// Whether a record finds room in `buffer.memory`. After `max.block.ms` it is given up.
    fn room_for(&mut self, id: ProducerId, record: &GeneratedRecord) -> Room {
        let (waiting, now) = (self.buffered(id), self.now);
        let actor = Arc::make_mut(&mut self.producers[id.index()]);
        let config = &actor.client.config;
        let has_room = waiting == 0 || waiting + bytes_of(record) <= config.buffer_memory;
        let most = Millis(i64::from(config.max_block_ms));
        if !has_room && now - *actor.blocked_since.get_or_insert(now) < most {
            return Room::Later;
        }
        actor.blocked_since = None;
        if has_room {
            return Room::Now;
        }
        let topic = self.cluster.topic(actor.topic);
        if let Some(partition) = topic.ok().and_then(|it| it.partitions.first().copied()) {
            self.give_up((partition, id), SendError::BufferFull, 1);
        }
        Room::Never
    }

    /// Takes a record to its partition, or into a batch for it; false where its topic is gone.
    fn take_generated(&mut self, id: ProducerId, record: GeneratedRecord) -> bool {
        let Some(actor) = self.producers.get_mut(id.index()) else {
            return false;
        };
        let actor = Arc::make_mut(actor);
        let Ok(topic) = self.cluster.topic(actor.topic) else {
            return false;
        };
        let asked = ProducerRecord {
            key: record.key.as_deref(),
            value: record.value.as_deref(),
            ..ProducerRecord::default()
        };
        let count = topic.partition_count();
        let partition = actor.client.partition_for(actor.topic, count, &asked);
        if actor.linger() > Millis::ZERO {
            self.gather(id, partition, record);
            return true;
        }
        self.deliver(id, partition, record, self.now)
    }

    /// The producer that wrote a record, as far as its topic tells: topics with one producer only.
    pub fn producer_of(&self, record: RecordId) -> Option<ProducerId> {
        let topic = self.cluster.partition(record.partition).ok()?.topic();
        let mut writers = self.producers.iter().filter(|it| it.topic == topic);
        let first = writers.next()?.id;
        writers.next().is_none().then_some(first)
    }
}

/// Whether there is room for a producer's next record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Now,
    Later,
    Never,
}

/// There is no such thing; what there is instead.
pub(super) fn unknown(what: &str, name: &str, near: &[&str]) -> Diagnostic {
    let message = format!("There is no {what} named {name}.");
    let code = format!("unknown-{what}");
    let found = Diagnostic::error(Fault::Yours, &code, message);
    near.iter().fold(found, |found, near| {
        found.hint(format!("Did you mean {near}?"))
    })
}

/// The laboratory's limit of clients is reached.
pub(super) fn too_many_clients() -> Diagnostic {
    let most = limits::CLIENTS_MAX;
    let message = format!("A laboratory has at most {most} producers and {most} consumers.");
    Diagnostic::error(Fault::Yours, "too-many-clients", message)
}
