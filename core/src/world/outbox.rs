//! What a producer has sent to a partition and has no answer for, and what waits behind it: data
//! and its rules. When something of it goes is in [`super::sending`].

use headwater_base::{Millis, PartitionId, ProducerId, RecordId, SortedMap, VirtualTime};
use headwater_log::{HeaderBuf, NewRecord, ProducerConfig, RecordRef};
use std::collections::VecDeque;

/// Who appends what commands and queries say: it has no end of patience, and is idempotent.
pub(super) const ENGINE: ProducerId = ProducerId(u32::MAX);

/// One for each partition and whoever sends to it.
pub(super) type Outboxes = SortedMap<OutboxId, Outbox>;
pub(super) type OutboxId = (PartitionId, ProducerId);

/// A record that is not in the log, or no longer.
#[derive(Clone, Debug)]
pub(super) struct UnsentRecord {
    pub(super) timestamp: i64,
    pub(super) key: Option<Vec<u8>>,
    pub(super) value: Option<Vec<u8>>,
    pub(super) headers: HeaderBuf,
    pub(super) cause: Option<RecordId>,
}

impl UnsentRecord {
    fn of(record: &RecordRef<'_>) -> UnsentRecord {
        let mut headers = HeaderBuf::new();
        for header in record.headers {
            headers.push(header.key, header.value);
        }
        UnsentRecord {
            timestamp: record.timestamp,
            key: record.key.map(<[u8]>::to_vec),
            value: record.value.map(<[u8]>::to_vec),
            headers,
            cause: record.cause,
        }
    }

    pub(super) fn as_new(&self) -> NewRecord<'_> {
        NewRecord {
            timestamp: self.timestamp,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
            headers: self.headers.as_headers(),
            cause: self.cause,
        }
    }
}

/// What a record went through.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tries {
    /// Since when its producer has it.
    pub(super) created: VirtualTime,
    /// How often it was sent.
    pub(super) count: u32,
    /// Whether a leader has taken it before.
    pub(super) was_taken: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) record: UnsentRecord,
    pub(super) tries: Tries,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    offset: u64,
    request: u64,
    since: VirtualTime,
    tries: Tries,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Outbox {
    /// To be sent, or sent again, in order.
    pub(super) waiting: VecDeque<Waiting>,
    /// What the leader took and not all in-sync replicas have, in the order of sending.
    sent: VecDeque<Sent>,
    /// How many requests there were, when the last one went, and how many bytes it has.
    requests: u64,
    request_at: Option<VirtualTime>,
    request_bytes: u64,
    /// Whether the last try was refused.
    pub(super) is_refused: bool,
    /// When it is looked at next, to send and to give up.
    pub(super) sends_at: Option<VirtualTime>,
    pub(super) checks_at: Option<VirtualTime>,
}

impl Outbox {
    /// Whether a record has to wait for those before it, or for answers.
    pub(super) fn must_wait(&self, config: &ProducerConfig, now: VirtualTime) -> bool {
        !self.waiting.is_empty() || self.is_full(config, now)
    }

    /// Whether no further request can go. Requests are numbered, and answered in order.
    pub(super) fn is_full(&self, config: &ProducerConfig, now: VirtualTime) -> bool {
        let (Some(first), Some(last)) = (self.sent.front(), self.sent.back()) else {
            return false;
        };
        let joins =
            self.request_at == Some(now) && self.request_bytes < u64::from(config.batch_size);
        !joins && last.request - first.request + 1 >= u64::from(config.max_in_flight)
    }

    /// A leader took a record that waits for its followers. What goes at one moment is one request,
    /// up to `batch.size`.
    pub(super) fn sent(
        &mut self,
        (offset, bytes): (u64, u64),
        tries: Tries,
        config: &ProducerConfig,
        now: VirtualTime,
    ) {
        let fits = self.request_bytes + bytes <= u64::from(config.batch_size);
        if self.request_at != Some(now) || !fits || self.requests == 0 {
            self.requests += 1;
            self.request_bytes = 0;
            self.request_at = Some(now);
        }
        self.request_bytes += bytes;
        self.sent.push_back(Sent {
            offset,
            request: self.requests,
            since: now,
            tries,
        });
    }

    /// All in-sync replicas have what lies before `end`.
    pub(super) fn acknowledge(&mut self, end: u64) {
        while self.sent.pop_front_if(|it| it.offset < end).is_some() {}
    }

    /// Takes back what a new leader, whose log ends at `end`, has to be sent again: what it does
    /// not have, or all of it where nobody would recognise what comes twice. Tells how many.
    pub(super) fn take_back<'a>(
        &mut self,
        end: u64,
        is_idempotent: bool,
        read: impl Fn(u64) -> Option<RecordRef<'a>>,
    ) -> u64 {
        self.take_back_where(|it| !is_idempotent || it.offset >= end, read)
    }

    /// Takes back what has no answer since `until`; where it would be recognised, it only counts
    /// as sent again. Tells how many.
    pub(super) fn time_out<'a>(
        &mut self,
        until: VirtualTime,
        now: VirtualTime,
        is_idempotent: bool,
        read: impl Fn(u64) -> Option<RecordRef<'a>>,
    ) -> u64 {
        if !is_idempotent {
            return self.take_back_where(|it| it.since <= until, read);
        }
        let late = self.sent.iter_mut().filter(|it| it.since <= until);
        late.fold(0, |count, sent| {
            sent.since = now;
            sent.tries.count += 1;
            count + 1
        })
    }

    fn take_back_where<'a>(
        &mut self,
        is_meant: impl Fn(&Sent) -> bool,
        read: impl Fn(u64) -> Option<RecordRef<'a>>,
    ) -> u64 {
        let mut count = 0;
        for sent in std::mem::take(&mut self.sent).into_iter().rev() {
            if !is_meant(&sent) {
                self.sent.push_front(sent);
            } else if let Some(record) = read(sent.offset) {
                let (record, mut tries) = (UnsentRecord::of(&record), sent.tries);
                tries.count += 1;
                count += 1;
                self.waiting.push_front(Waiting { record, tries });
            }
        }
        count
    }

    /// Gives up what has been tried too often, or since before `until`; tells how many.
    pub(super) fn give_up(&mut self, until: VirtualTime, retries: u32) -> u64 {
        let is_over = |it: &Tries| it.created <= until || it.count > retries;
        let before = self.waiting.len() + self.sent.len();
        self.waiting.retain(|it| !is_over(&it.tries));
        self.sent.retain(|it| !is_over(&it.tries));
        (before - self.waiting.len() - self.sent.len()) as u64
    }

    /// When something here has waited too long.
    pub(super) fn next_deadline(&self, config: &ProducerConfig) -> Option<VirtualTime> {
        let timeout = Millis(i64::from(config.request_timeout_ms).max(1));
        let all = config.delivery_timeout();
        let answers = self.sent.iter().map(|it| it.since + timeout);
        let tries = self.sent.iter().map(|it| it.tries);
        let tries = tries.chain(self.waiting.iter().map(|it| it.tries));
        answers.chain(tries.map(|it| it.created + all)).min()
    }

    /// The bytes of what waits.
    pub(super) fn bytes(&self) -> u64 {
        let bytes = |part: &Option<Vec<u8>>| part.as_ref().map_or(0, Vec::len);
        let sizes = self.waiting.iter();
        let sizes = sizes.map(|it| bytes(&it.record.key) + bytes(&it.record.value));
        sizes.sum::<usize>() as u64
    }

    pub(super) fn is_over(&self) -> bool {
        self.waiting.is_empty() && self.sent.is_empty() && self.checks_at.is_none()
    }
}
