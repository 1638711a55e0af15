//! What producers with `acks=all` wait for: records on their way to all in-sync replicas. When a
//! leader is lost before its followers had them, they are sent again to the new one, in order.
//!
//! Producers are idempotent, as Kafka's are by default: what the new leader has is not repeated.

use crate::world::brokers::RETRY;
use crate::world::{Message, World};
use headwater_base::{PartitionId, RecordId};
use headwater_log::{Acks, Groups, HeaderBuf, NewRecord, RecordRef};
use std::collections::{BTreeMap, VecDeque};

/// Offsets that are not acknowledged yet, by partition, in order.
pub(super) type InFlight = BTreeMap<PartitionId, VecDeque<u64>>;
/// Records that are to be sent again, by partition, in order.
pub(super) type Unsent = BTreeMap<PartitionId, VecDeque<UnsentRecord>>;

/// A record that its leader took with it.
#[derive(Clone, Debug)]
pub(super) struct UnsentRecord {
    timestamp: i64,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: HeaderBuf,
    cause: Option<RecordId>,
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

    fn as_new(&self) -> NewRecord<'_> {
        NewRecord {
            timestamp: self.timestamp,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
            headers: self.headers.as_headers(),
            cause: self.cause,
        }
    }
}

impl World {
    /// Somebody waits until all in-sync replicas have a record.
    pub(super) fn await_replicas(&mut self, record: RecordId) {
        let log = self.cluster.partition(record.partition);
        let is_done = log.is_ok_and(|it| it.high_watermark() > record.offset);
        let is_memory = Groups::memory(&self.cluster) == Some(record.partition);
        if !is_done && !is_memory {
            let waiting = self.in_flight.entry(record.partition).or_default();
            waiting.push_back(record.offset);
        }
    }

    /// All in-sync replicas have more than before.
    pub(super) fn acknowledge(&mut self, partition: PartitionId) {
        let log = self.cluster.partition(partition);
        let until = log.map_or(u64::MAX, |it| it.high_watermark());
        if let Some(waiting) = self.in_flight.get_mut(&partition) {
            while waiting.pop_front_if(|offset| *offset < until).is_some() {}
            if waiting.is_empty() {
                self.in_flight.remove(&partition);
            }
        }
    }

    /// A partition has a new leader: what it does not have of what nobody has acknowledged is sent
    /// to it again.
    pub(super) fn resend(&mut self, partition: PartitionId) {
        let Ok(log) = self.cluster.partition(partition) else {
            return;
        };
        let end = log.end_offset();
        let Some(waiting) = self.in_flight.get_mut(&partition) else {
            return;
        };
        let first = waiting.partition_point(|offset| *offset < end);
        let lost = waiting.split_off(first);
        let records = lost.iter().filter_map(|offset| log.superseded(*offset));
        let records: Vec<UnsentRecord> = records.map(|it| UnsentRecord::of(&it)).collect();
        self.unsent.entry(partition).or_default().extend(records);
        self.send_again(partition);
    }

    /// Sends what is to be sent again, as far as the leader takes it.
    pub(super) fn send_again(&mut self, partition: PartitionId) {
        while let Some(next) = self.unsent.get(&partition).and_then(|it| it.front()) {
            let record = next.as_new();
            let sent = self
                .cluster
                .append_with(partition, &[record], Acks::All, self.now);
            match sent {
                Err(refused) if refused.is_retriable() => {
                    self.queue
                        .push(self.now + RETRY, Message::Resend(partition));
                    return;
                }
                sent => {
                    if let Some(unsent) = self.unsent.get_mut(&partition) {
                        unsent.pop_front();
                    }
                    if let Ok(offsets) = sent {
                        let offset = offsets.start;
                        self.appended(RecordId { partition, offset });
                    }
                }
            }
        }
        self.unsent.remove(&partition);
    }
}
