//! What a task writes while its turn lasts: records as bytes in one buffer, rows, notes and errors.
//!
//! The log is only read meanwhile; [`super::tasks`] appends what is here at the end of the turn.

use crate::world::TaskAddress;
use headwater_base::{Chance, PartitionId, QueryId, RecordId, SortedMap, TopicId, TraceDetail};
use headwater_log::client::partitioner::Sticky;
use headwater_log::{Cluster, HeaderBuf, NewRecord, partition_for_key};
use headwater_sql::runtime::{Output, ProcessingError, PushRow};

/// `batch.size` of the engine's producers.
const BATCH_BYTES: u64 = 16_384;

/// The partitions that records without a key go to, by task and topic.
pub(super) type StickyPartitions = SortedMap<(TaskAddress, TopicId), (Sticky, Chance)>;

/// Records that a task wrote, as bytes in one buffer, until they are appended.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    bytes: Vec<u8>,
    pub(super) records: Vec<WrittenRecord>,
}

#[derive(Clone, Debug)]
pub(super) struct WrittenRecord {
    pub(super) partition: PartitionId,
    key: Option<(usize, usize)>,
    value: Option<(usize, usize)>,
    headers: HeaderBuf,
    timestamp: i64,
    cause: Option<RecordId>,
}

impl Written {
    fn add(&mut self, partition: PartitionId, record: &NewRecord<'_>) {
        let mut keep = |part: Option<&[u8]>| {
            part.map(|part| {
                let start = self.bytes.len();
                self.bytes.extend_from_slice(part);
                (start, self.bytes.len())
            })
        };
        let (key, value) = (keep(record.key), keep(record.value));
        let mut headers = HeaderBuf::new();
        for header in record.headers {
            headers.push(header.key, header.value);
        }
        self.records.push(WrittenRecord {
            partition,
            key,
            value,
            headers,
            timestamp: record.timestamp,
            cause: record.cause,
        });
    }

    pub(super) fn record<'a>(&'a self, place: &'a WrittenRecord) -> NewRecord<'a> {
        let part = |range: Option<(usize, usize)>| range.map(|(from, to)| &self.bytes[from..to]);
        NewRecord {
            timestamp: place.timestamp,
            key: part(place.key),
            value: part(place.value),
            headers: place.headers.as_headers(),
            cause: place.cause,
        }
    }

    /// Empties it, keeping its memory.
    pub(super) fn clear(&mut self, mut records: Vec<WrittenRecord>) {
        records.clear();
        self.records = records;
        self.bytes.clear();
    }

    /// How many records wait for a partition.
    fn waiting(&self, partition: PartitionId) -> u64 {
        self.records
            .iter()
            .filter(|it| it.partition == partition)
            .count() as u64
    }
}

/// Takes down what a task does while it only reads the log.
pub(super) struct Collected<'a> {
    pub(super) cluster: &'a Cluster,
    pub(super) sticky: &'a mut StickyPartitions,
    pub(super) seed: u64,
    pub(super) address: TaskAddress,
    pub(super) written: Written,
    pub(super) rows: Vec<PushRow>,
    pub(super) notes: Vec<TraceDetail>,
    pub(super) errors: Vec<ProcessingError>,
}

impl Collected<'_> {
    fn choose_partition(&mut self, topic: TopicId, count: u32, record: &NewRecord<'_>) -> u32 {
        if let Some(key) = record.key {
            return partition_for_key(key, count);
        }
        let TaskAddress { query, task } = self.address;
        let (sticky, chance) = self.sticky.entry((self.address, topic)).or_insert_with(|| {
            let name = format!("partitioner query {query} task {task} topic {topic}");
            (Sticky::default(), Chance::new(self.seed, &name))
        });
        let bytes = record.value.map_or(0, <[u8]>::len) as u64;
        sticky.choose(count, bytes, BATCH_BYTES, chance)
    }
}

impl Output for Collected<'_> {
    fn send(
        &mut self,
        topic: TopicId,
        partition: Option<u32>,
        record: NewRecord<'_>,
    ) -> Option<RecordId> {
        let found = self.cluster.topic(topic).ok()?;
        let count = found.partition_count();
        let number = partition.unwrap_or_else(|| self.choose_partition(topic, count, &record));
        let partition = found.partition(number).ok()?;
        // Nobody else appends before this does, so the offset is known.
        let end = self.cluster.partition(partition).ok()?.end_offset();
        let offset = end + self.written.waiting(partition);
        self.written.add(partition, &record);
        Some(RecordId { partition, offset })
    }

    fn row(&mut self, _query: QueryId, row: PushRow) {
        self.rows.push(row);
    }

    fn note(&mut self, detail: TraceDetail) {
        self.notes.push(detail);
    }

    fn error(&mut self, error: ProcessingError) {
        self.errors.push(error);
    }
}
