//! An event as words: a number for its kind, which never changes, then its fields in their order.
//!
//! The digest of a trace is made of these, so it is the same on every target.

use super::TraceDetail;
use crate::ids::RecordId;

impl TraceDetail {
    /// The event as words, the same on every target: a number for the kind, then its fields.
    pub fn words(&self) -> [u64; 6] {
        let [a, b, c, d, e] = self.fields();
        [self.kind(), a, b, c, d, e]
    }

    /// The number of its kind. Kinds that come later have later numbers.
    fn kind(&self) -> u64 {
        use TraceDetail::*;
        match self {
            CommandApplied { .. } => 1,
            TopicCreated { .. } => 2,
            TopicDeleted { .. } => 3,
            RecordAppended { .. } => 4,
            LogStartAdvanced { .. } => 5,
            ProducerStarted { .. } => 6,
            ProducerStopped { .. } => 7,
            QueryStarted { .. } => 8,
            QueryEnded { .. } => 9,
            QueryFailed { .. } => 10,
            RecordRead { .. } => 11,
            StationPassed { .. } => 12,
            StationRejected { .. } => 13,
            TableProbed { .. } => 14,
            StateUpdated { .. } => 15,
            RowEmitted { .. } => 16,
            ConsumerStarted { .. } => 17,
            ConsumerStopped { .. } => 18,
            RecordDelivered { .. } => 19,
            PositionMoved { .. } => 20,
            OffsetCommitted { .. } => 21,
            GroupRebalanced { .. } => 22,
            PartitionAssigned { .. } => 23,
            PartitionRevoked { .. } => 24,
            RebalanceStarted { .. } => 25,
            MemberRemoved { .. } => 26,
            CommitRefused { .. } => 27,
            GroupOffsetReset { .. } => 28,
            ConsumerKilled { .. } => 29,
            ConsumerPaused { .. } => 30,
            ConsumerResumed { .. } => 31,
            ConsumerStalled { .. } => 32,
            BrokerStopped { .. } => 33,
            BrokerStarted { .. } => 34,
            BrokerIsolated { .. } => 35,
            LeaderElected { .. } => 36,
            InSyncChanged { .. } => 37,
            HighWatermarkAdvanced { .. } => 38,
            LogTruncated { .. } => 39,
            SendRefused { .. } => 40,
            NodeStarted { .. } => 41,
            NodeStopped { .. } => 42,
            NodeKilled { .. } => 43,
            NodeLost { .. } => 44,
            TaskAssigned { .. } => 45,
            TaskRestored { .. } => 46,
            TaskWarmed { .. } => 47,
            SendRetried { .. } => 50,
            SendFailed { .. } => 51,
            PollFailed { .. } => 52,
        }
    }

    /// Its fields as words, filled up with zeros.
    #[rustfmt::skip]
    fn fields(&self) -> [u64; 5] {
        use TraceDetail::*;
        match *self {
            CommandApplied { index } => pad([index]),
            TopicCreated { topic, partitions } => pad([id(topic.0), id(partitions)]),
            TopicDeleted { topic } => pad([id(topic.0)]),
            RecordAppended { record, cause, digest } => {
                let ([to, at], [from, offset]) = (place(record), cause_of(cause));
                [to, at, from, offset, digest]
            }
            LogStartAdvanced { partition, offset }
            | HighWatermarkAdvanced { partition, offset } => pad([id(partition.0), offset]),
            ProducerStarted { producer } | ProducerStopped { producer } => pad([id(producer.0)]),
            QueryStarted { query } | QueryEnded { query } => pad([id(query.0)]),
            QueryFailed { query, record } => {
                let [from, offset] = cause_of(record);
                pad([id(query.0), from, offset])
            }
            RecordRead { query, record } => about(query.0, record),
            StationPassed { query, station } => pad([id(query.0), station.0.into()]),
            StationRejected { query, station, reason } => {
                pad([id(query.0), station.0.into(), reason as u64])
            }
            TableProbed { query, station, key, found: flag }
            | StateUpdated { query, station, key, deleted: flag } => {
                pad([id(query.0), station.0.into(), key, flag.into()])
            }
            RowEmitted { query, row } => pad([id(query.0), row]),
            ConsumerStarted { consumer }
            | ConsumerStopped { consumer }
            | ConsumerKilled { consumer }
            | ConsumerPaused { consumer }
            | ConsumerResumed { consumer }
            | ConsumerStalled { consumer } => pad([id(consumer.0)]),
            RecordDelivered { consumer, record }
            | PositionMoved { consumer, record }
            | OffsetCommitted { consumer, record } => about(consumer.0, record),
            GroupRebalanced { group, generation } => pad([id(group.0), id(generation)]),
            PartitionAssigned { consumer, partition }
            | PollFailed { consumer, partition }
            | PartitionRevoked { consumer, partition } => pad([id(consumer.0), id(partition.0)]),
            RebalanceStarted { group, reason } => pad([id(group.0), reason as u64]),
            MemberRemoved { group, consumer, reason } => {
                pad([id(group.0), id(consumer.0), reason as u64])
            }
            CommitRefused { group, consumer } => pad([id(group.0), id(consumer.0)]),
            GroupOffsetReset { group, record } => about(group.0, record),
            BrokerStopped { broker: it } | BrokerStarted { broker: it }
            | BrokerIsolated { broker: it } => pad([id(it.0)]),
            LeaderElected { partition: p, broker: b, epoch } => pad([id(p.0), id(b.0), id(epoch)]),
            InSyncChanged { partition, broker, in_sync } => {
                pad([id(partition.0), id(broker.0), in_sync.into()])
            }
            LogTruncated { partition, broker, from, to } => {
                pad([id(partition.0), id(broker.0), from, to])
            }
            SendRefused { producer, in_sync } => pad([id(producer.0), in_sync.into()]),
            SendRetried { producer: a, partition: b, records } => pad([id(a.0), id(b.0), records]),
            SendFailed { producer, partition, error, records } => {
                pad([id(producer.0), id(partition.0), error as u64, records])
            }
            NodeStarted { node: it } | NodeStopped { node: it } | NodeKilled { node: it }
            | NodeLost { node: it } => pad([id(it.0)]),
            TaskAssigned { node, query, task } => pad([id(node.0), id(query.0), id(task)]),
            TaskRestored { node, query, task, left } | TaskWarmed { node, query, task, left } => {
                pad([id(node.0), id(query.0), id(task), left])
            }
        }
    }
}

fn pad<const N: usize>(fields: [u64; N]) -> [u64; 5] {
    let mut all = [0; 5];
    all[..N].copy_from_slice(&fields);
    all
}

fn id(number: u32) -> u64 {
    number.into()
}

fn place(record: RecordId) -> [u64; 2] {
    [id(record.partition.0), record.offset]
}

fn cause_of(record: Option<RecordId>) -> [u64; 2] {
    record.map_or([u64::MAX, 0], place)
}

fn about(who: u32, record: RecordId) -> [u64; 5] {
    let [partition, offset] = place(record);
    pad([id(who), partition, offset])
}
