//! Producers in the simulation: a generator, a pace, and the client that appends.

use crate::command::{Pace, ProducerAlter, ProducerCreate, ProducerSettings};
use crate::generator::{GeneratedRecord, Generator};
use crate::world::batches::{self, Batches};
use crate::world::brokers::RETRY;
use crate::world::{Message, World};
use headwater_base::diagnostic::nearest;
use headwater_base::{
    Diagnostic, Fault, Millis, ProducerId, RecordId, TopicId, TraceDetail, limits,
};
use headwater_log::{HeaderBuf, LogError, Producer, ProducerRecord};
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
    generated: u64,
    left: Option<u64>,
    pub(super) batches: Batches,
    /// Whether the next record was refused, and is tried again and again.
    is_refused: bool,
    generator: Generator,
    client: Producer,
    /// Generated and not yet appended: one record is one step.
    backlog: VecDeque<GeneratedRecord>,
}

impl ProducerActor {
    /// How long its records wait for others.
    pub(super) fn linger(&self) -> Millis {
        batches::linger(self.client.config.linger_ms)
    }

    /// After how many bytes a batch is full.
    pub(super) fn batch_bytes(&self) -> u64 {
        u64::from(self.client.config.batch_size)
    }
}

fn configure(client: &mut Producer, settings: ProducerSettings) {
    let config = &mut client.config;
    config.linger_ms = settings.linger_ms.unwrap_or(config.linger_ms);
    config.batch_size = settings.batch_size.unwrap_or(config.batch_size);
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
        configure(&mut client, new.client);
        client.config.acks = new.acks;
        self.producers.push(Arc::new(ProducerActor {
            id,
            name: Arc::from(new.name.as_str()),
            topic,
            preset: Arc::from(new.generator.as_str()),
            pace: generator.pace(),
            running: true,
            produced: 0,
            generated: 0,
            left: new.count,
            batches: Batches::default(),
            is_refused: false,
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
        configure(&mut actor.client, change.client);
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
        actor.generated += 1;
        let is_last = actor.backlog.is_empty() && actor.generator.is_done();
        let is_done = is_last || actor.left.is_some_and(|left| actor.generated >= left);
        let wait = match actor.backlog.is_empty() {
            true => actor.generator.pause_before_next(),
            false => Millis::ZERO,
        };
        let lingers = actor.linger() > Millis::ZERO;
        let is_taken = match lingers {
            true => self.take_into_batch(id, record),
            false => match self.append_generated(id, None, &record) {
                Appended::Now => true,
                Appended::Never => false,
                Appended::Later => {
                    self.try_again(id, record);
                    return;
                }
            },
        };
        // Where it is not taken, its topic is gone, or no longer takes such records.
        if is_done || !is_taken {
            self.end_producer(id.index());
        } else {
            self.queue.push(self.now + wait, Message::Producer(id));
        }
    }

    /// A record was refused for now: it is the next one again.
    fn try_again(&mut self, id: ProducerId, record: GeneratedRecord) {
        if let Some(actor) = self.producers.get_mut(id.index()) {
            let actor = Arc::make_mut(actor);
            actor.generated -= 1;
            actor.backlog.push_front(record);
            self.queue.push(self.now + RETRY, Message::Producer(id));
        }
    }

    /// Lets a record wait for others; false where its topic is gone.
    fn take_into_batch(&mut self, id: ProducerId, record: GeneratedRecord) -> bool {
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
        self.gather(id, partition, record);
        true
    }

    /// Appends a record.
    pub(super) fn append_generated(
        &mut self,
        id: ProducerId,
        partition: Option<u32>,
        record: &GeneratedRecord,
    ) -> Appended {
        let Some(actor) = self.producers.get_mut(id.index()) else {
            return Appended::Never;
        };
        let actor = Arc::make_mut(actor);
        let mut headers = HeaderBuf::new();
        for (name, value) in &record.headers {
            headers.push(name, Some(value));
        }
        let sent = actor.client.send(
            &mut self.cluster,
            actor.topic,
            &ProducerRecord {
                partition,
                timestamp: Some(record.timestamp),
                key: record.key.as_deref(),
                value: record.value.as_deref(),
                headers: headers.as_headers(),
                ..ProducerRecord::default()
            },
            self.now,
        );
        let sent = match sent {
            Ok(sent) => sent,
            Err(refused) if refused.is_retriable() => {
                if !std::mem::replace(&mut actor.is_refused, true) {
                    let in_sync = match refused {
                        LogError::NotEnoughReplicas { in_sync, .. } => in_sync,
                        _ => 0,
                    };
                    let producer = id;
                    self.note(TraceDetail::SendRefused { producer, in_sync });
                }
                return Appended::Later;
            }
            Err(_) => return Appended::Never,
        };
        actor.produced += 1;
        actor.is_refused = false;
        let acks = actor.client.config.acks;
        self.appended_with(sent, acks);
        Appended::Now
    }

    /// The producer that wrote a record, as far as its topic tells: topics with one producer only.
    pub fn producer_of(&self, record: RecordId) -> Option<ProducerId> {
        let topic = self.cluster.partition(record.partition).ok()?.topic();
        let mut writers = self.producers.iter().filter(|it| it.topic == topic);
        let first = writers.next()?.id;
        writers.next().is_none().then_some(first)
    }
}

/// What became of a record that a producer sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Appended {
    /// The leader has it.
    Now,
    /// There is no leader, or too few replicas are in sync: it has to be sent again.
    Later,
    /// The topic is gone, or no longer takes such records.
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
