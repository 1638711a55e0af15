//! How records of producers get to the log: what is refused is tried again, what nobody has
//! answered is sent again, and what takes too long is given up.
//!
//! With `acks=all` an answer comes when all in-sync replicas have a record. Brokers recognise what
//! an idempotent producer sends twice, so only what a lost leader took with it is appended again;
//! without idempotence it all is, and may come twice and out of order. Data in [`super::outbox`].

use crate::generator::GeneratedRecord;
use crate::world::outbox::{ENGINE, OutboxId, Tries, UnsentRecord, Waiting};
use crate::world::{Message, World};
use headwater_base::{
    Millis, PartitionId, ProducerId, RecordId, SendError, TraceDetail, VirtualTime,
};
use headwater_log::{Acks, Groups, HeaderBuf, LogError, NewRecord, ProducerConfig, ProducerRecord};
use std::sync::Arc;

impl World {
    /// A producer sends a record, which may wait behind others; false where its topic is gone.
    pub(super) fn deliver(
        &mut self,
        id: ProducerId,
        number: u32,
        record: GeneratedRecord,
        created: VirtualTime,
    ) -> bool {
        let Some(actor) = self.producers.get(id.index()) else {
            return false;
        };
        let topic = self.cluster.topic(actor.topic);
        let Ok(partition) = topic.and_then(|it| it.partition(number)) else {
            return false;
        };
        let mut headers = HeaderBuf::new();
        for (name, value) in &record.headers {
            headers.push(name, Some(value));
        }
        let config = actor.client.config;
        let fits = actor.client.check_size(&ProducerRecord {
            key: record.key.as_deref(),
            value: record.value.as_deref(),
            headers: headers.as_headers(),
            ..ProducerRecord::default()
        });
        let key = (partition, id);
        let record = UnsentRecord {
            timestamp: record.timestamp,
            key: record.key,
            value: record.value,
            headers,
            cause: None,
        };
        let tries = Tries {
            created,
            count: 0,
            was_taken: false,
        };
        let outbox = self.outboxes.get(&key);
        let waits = outbox.is_some_and(|it| it.must_wait(&config, self.now));
        let refused = match (fits, waits) {
            (Err(too_large), _) => Some(too_large),
            (_, true) => None,
            _ => match self.send_one(key, &record.as_new(), tries, &config) {
                Ok(()) => return true,
                Err(refused) => Some(refused),
            },
        };
        let waiting = Waiting { record, tries };
        self.keep(key, waiting, refused, &config);
        true
    }

    /// Keeps a record that was refused, or that was not tried yet, if it can be sent later.
    fn keep(
        &mut self,
        key: OutboxId,
        mut waiting: Waiting,
        refused: Option<LogError>,
        config: &ProducerConfig,
    ) {
        let error = refused.as_ref().map(reason);
        let can_retry = refused.as_ref().is_none_or(LogError::is_retriable);
        waiting.tries.count += u32::from(refused.is_some());
        // Time has to go on between two tries.
        let next = self.now + Millis(i64::from(config.retry_backoff_ms).max(1));
        if let Some(error) = error
            && (!can_retry || key.1 != ENGINE && waiting.tries.count > config.retries)
        {
            self.give_up(key, error, 1);
            // Those behind it have their turn.
            self.plan_sending(key, next);
            return;
        }
        let outbox = self.outboxes.entry(key).or_default();
        let Some(refused) = refused else {
            outbox.waiting.push_back(waiting);
            self.watch(key, config);
            return;
        };
        outbox.waiting.push_front(waiting);
        if !std::mem::replace(&mut outbox.is_refused, true) && key.1 != ENGINE {
            let in_sync = match refused {
                LogError::NotEnoughReplicas { in_sync, .. } => in_sync,
                _ => 0,
            };
            let producer = key.1;
            self.note(TraceDetail::SendRefused { producer, in_sync });
        }
        self.plan_sending(key, next);
        self.watch(key, config);
    }

    /// Appends a record and keeps in mind that its answer is to come.
    fn send_one(
        &mut self,
        key: OutboxId,
        record: &NewRecord<'_>,
        mut tries: Tries,
        config: &ProducerConfig,
    ) -> Result<(), LogError> {
        let acks = config.acks;
        let offsets = self
            .cluster
            .append_with(key.0, &[*record], acks, self.now)?;
        let offset = offsets.start;
        if let Some(actor) = self.producers.get_mut(key.1.index()) {
            Arc::make_mut(actor).produced += u64::from(!tries.was_taken);
        }
        tries.was_taken = true;
        let partition = key.0;
        self.note_appended(RecordId { partition, offset });
        if let Some(outbox) = self.outboxes.get_mut(&key) {
            outbox.is_refused = false;
        }
        if acks == Acks::All && self.is_unanswered(RecordId { partition, offset }) {
            let part = |bytes: Option<&[u8]>| bytes.map_or(0, <[u8]>::len);
            let bytes = (part(record.key) + part(record.value)) as u64;
            let outbox = self.outboxes.entry(key).or_default();
            outbox.sent((offset, bytes), tries, config, self.now);
            self.watch(key, config);
        }
        Ok(())
    }

    fn is_unanswered(&self, record: RecordId) -> bool {
        let log = self.cluster.partition(record.partition);
        log.is_ok_and(|it| it.high_watermark() <= record.offset)
    }

    /// A query or a command waits until all in-sync replicas have a record.
    pub(super) fn await_replicas(&mut self, record: RecordId) {
        let is_memory = Groups::memory(&self.cluster) == Some(record.partition);
        if self.is_unanswered(record) && !is_memory {
            let tries = Tries {
                created: self.now,
                count: 0,
                was_taken: true,
            };
            let outbox = self.outboxes.entry((record.partition, ENGINE));
            let config = ProducerConfig::default();
            let outbox = outbox.or_default();
            outbox.sent((record.offset, 0), tries, &config, self.now);
        }
    }

    fn sender_config(&self, sender: ProducerId) -> ProducerConfig {
        let actor = self.producers.get(sender.index());
        actor.map_or_else(ProducerConfig::default, |it| it.client.config)
    }

    fn outboxes_of(&self, partition: PartitionId) -> Vec<OutboxId> {
        let all = (partition, ProducerId(0))..=(partition, ENGINE);
        self.outboxes.range(all).map(|(key, _)| *key).collect()
    }

    /// Forgets what was on its way to a partition that is gone.
    pub(super) fn forget_outboxes(&mut self, partition: PartitionId) {
        self.outboxes.retain(|key, _| key.0 != partition);
    }

    /// All in-sync replicas have more than before.
    pub(super) fn acknowledge(&mut self, partition: PartitionId) {
        let log = self.cluster.partition(partition);
        let until = log.map_or(u64::MAX, |it| it.high_watermark());
        for key in self.outboxes_of(partition) {
            let Some(outbox) = self.outboxes.get_mut(&key) else {
                continue;
            };
            outbox.acknowledge(until);
            if outbox.is_over() {
                self.outboxes.remove(&key);
            } else if !outbox.waiting.is_empty() && !outbox.is_refused {
                self.plan_sending(key, self.now);
            }
        }
    }

    /// A partition has a new leader: what has no answer is sent to it again.
    pub(super) fn resend(&mut self, partition: PartitionId) {
        for key in self.outboxes_of(partition) {
            let config = self.sender_config(key.1);
            let Ok(log) = self.cluster.partition(partition) else {
                return;
            };
            let Some(outbox) = self.outboxes.get_mut(&key) else {
                continue;
            };
            let end = log.end_offset();
            let is_idempotent = config.is_idempotent();
            let records = outbox.take_back(end, is_idempotent, |offset| match offset < end {
                true => log.tail(offset, 1).next().filter(|it| it.offset == offset),
                false => log.superseded(offset),
            });
            let given_up = outbox.give_up(VirtualTime(i64::MIN), config.retries);
            self.note_retried(key, records - given_up.min(records));
            self.give_up(key, SendError::NotLeader, given_up);
        }
        self.send_again(partition);
    }

    fn note_retried(&mut self, (partition, producer): OutboxId, records: u64) {
        if records > 0 && producer != ENGINE {
            self.note(TraceDetail::SendRetried {
                producer,
                partition,
                records,
            });
        }
    }

    /// Sends what waits for a partition, as far as the leader takes it.
    pub(super) fn send_again(&mut self, partition: PartitionId) {
        for key in self.outboxes_of(partition) {
            self.flush_outbox(key);
        }
    }

    /// An outbox may send what waits.
    pub(super) fn on_resend(&mut self, key: OutboxId) {
        let outbox = self.outboxes.get_mut(&key);
        if let Some(outbox) = outbox.filter(|it| it.sends_at == Some(self.now)) {
            outbox.sends_at = None;
            self.flush_outbox(key);
        }
    }

    fn plan_sending(&mut self, key: OutboxId, at: VirtualTime) {
        if let Some(outbox) = self.outboxes.get_mut(&key)
            && outbox.sends_at.is_none_or(|planned| at < planned)
        {
            outbox.sends_at = Some(at);
            self.queue.push(at, Message::Resend(key.0, key.1));
        }
    }

    /// Sends what waits: a producer's records one a step, those of queries and commands at once.
    fn flush_outbox(&mut self, key: OutboxId) {
        let config = self.sender_config(key.1);
        loop {
            let (now, is_engine) = (self.now, key.1 == ENGINE);
            let Some(outbox) = self.outboxes.get_mut(&key) else {
                return;
            };
            if !is_engine && outbox.is_full(&config, now) {
                return;
            }
            let Some(next) = outbox.waiting.pop_front() else {
                break;
            };
            match self.send_one(key, &next.record.as_new(), next.tries, &config) {
                Ok(()) if is_engine => {}
                Ok(()) => {
                    let more = self.outboxes.get(&key);
                    if more.is_some_and(|it| !it.waiting.is_empty()) {
                        self.plan_sending(key, now);
                    }
                    return;
                }
                Err(refused) => {
                    let is_final = !refused.is_retriable();
                    self.keep(key, next, Some(refused), &config);
                    if !is_final {
                        return;
                    }
                }
            }
        }
        self.outboxes
            .retain(|other, it| *other != key || !it.is_over());
    }

    /// Sees to it that an outbox is looked at when something in it has waited too long.
    fn watch(&mut self, key: OutboxId, config: &ProducerConfig) {
        if key.1 == ENGINE {
            return;
        }
        if let Some(outbox) = self.outboxes.get_mut(&key)
            && outbox.checks_at.is_none()
            && let Some(due) = outbox.next_deadline(config)
        {
            let due = due.max(self.now);
            outbox.checks_at = Some(due);
            self.queue.push(due, Message::Delivery(key.0, key.1));
        }
    }

    /// Gives up what has waited for `delivery.timeout.ms`, and sends again what has no answer since
    /// `request.timeout.ms`.
    pub(super) fn on_delivery(&mut self, key: OutboxId) {
        let config = self.sender_config(key.1);
        let now = self.now;
        let (Some(outbox), Ok(log)) = (self.outboxes.get_mut(&key), self.cluster.partition(key.0))
        else {
            return;
        };
        outbox.checks_at = None;
        let all = config.delivery_timeout();
        let given_up = outbox.give_up(VirtualTime(now.0.saturating_sub(all.0)), u32::MAX);
        let timeout = i64::from(config.request_timeout_ms).max(1);
        let until = VirtualTime(now.0 - timeout);
        let is_idempotent = config.is_idempotent();
        let retried = outbox.time_out(until, now, is_idempotent, |offset| {
            log.tail(offset, 1).next().filter(|it| it.offset == offset)
        });
        let given_up = given_up + outbox.give_up(VirtualTime(i64::MIN), config.retries);
        self.give_up(key, SendError::Timeout, given_up);
        self.note_retried(key, retried);
        self.flush_outbox(key);
        self.watch(key, &config);
        self.outboxes
            .retain(|other, it| *other != key || !it.is_over());
    }

    /// Notes that a producer gives up records.
    pub(super) fn give_up(
        &mut self,
        (partition, producer): OutboxId,
        error: SendError,
        records: u64,
    ) {
        let actor = self.producers.get_mut(producer.index());
        if let Some(actor) = actor.filter(|_| records > 0) {
            Arc::make_mut(actor).failed += records;
            self.note(TraceDetail::SendFailed {
                producer,
                partition,
                error,
                records,
            });
        }
    }

    /// The bytes of a producer's records that wait to be sent.
    pub(super) fn buffered(&self, producer: ProducerId) -> u64 {
        let own = self.outboxes.iter().filter(|it| it.0.1 == producer);
        own.map(|it| it.1.bytes()).sum()
    }
}

/// Why a record could not be appended, for the trace.
fn reason(error: &LogError) -> SendError {
    match error {
        LogError::NotEnoughReplicas { .. } => SendError::NotEnoughReplicas,
        LogError::RecordTooLarge { .. } | LogError::RequestTooLarge { .. } => {
            SendError::RecordTooLarge
        }
        LogError::KeyRequired { .. } | LogError::InvalidTimestamp { .. } => {
            SendError::InvalidRecord
        }
        _ => SendError::NotLeader,
    }
}
