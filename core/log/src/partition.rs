//! One partition: an append-only run of records in segments, read by offset.
//!
//! Cloning clones pointers; a write after a clone copies the last block only. Old records leave
//! through `retention` and `compaction`.

use crate::block::{Block, KEY_BYTES_MAX, is_storable_cause};
use crate::config::{TimestampType, TopicConfig};
use crate::error::LogError;
use crate::record::{NewRecord, RecordRef};
use crate::replication::Replication;
use crate::segment::{Segment, framed};
use headwater_base::{BrokerId, PartitionId, TopicId, VirtualTime};
use std::ops::Range;
use std::sync::Arc;

/// The log of one partition.
///
/// ```
/// use headwater_base::{PartitionId, TopicId, VirtualTime};
/// use headwater_log::{NewRecord, Partition, TopicConfig};
/// let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
/// let record = NewRecord::new(VirtualTime::START.0, Some(b"7"), Some(b"hello"));
/// let offsets = log.append(&[record, record], &TopicConfig::default(), VirtualTime::START)?;
/// assert_eq!(offsets, 0..2);
/// assert_eq!(log.get(1).and_then(|r| r.value), Some(&b"hello"[..]));
/// # Ok::<(), headwater_log::LogError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Partition {
    id: PartitionId,
    topic: TopicId,
    number: u32,
    /// Never empty; the last one is active, all others are sealed.
    pub(crate) segments: Vec<Arc<Segment>>,
    pub(crate) start_offset: u64,
    end_offset: u64,
    pub(crate) high_watermark: u64,
    /// Everything before has been compacted.
    pub(crate) compacted_until: u64,
    pub(crate) replication: Replication,
}

impl Partition {
    /// An empty log of partition `number` of a topic, with one replica.
    pub fn new(id: PartitionId, topic: TopicId, number: u32) -> Partition {
        Partition::with_replicas(id, topic, number, &[BrokerId(1)])
    }

    /// An empty log with a replica on each of these brokers; the first one leads.
    pub fn with_replicas(
        id: PartitionId,
        topic: TopicId,
        number: u32,
        brokers: &[BrokerId],
    ) -> Partition {
        Partition {
            id,
            topic,
            number,
            segments: vec![Arc::new(Segment::new(0))],
            start_offset: 0,
            end_offset: 0,
            high_watermark: 0,
            compacted_until: 0,
            replication: Replication::new(brokers),
        }
    }

    /// Its id, over all topics.
    pub fn id(&self) -> PartitionId {
        self.id
    }

    /// Its topic.
    pub fn topic(&self) -> TopicId {
        self.topic
    }

    /// Its number in the topic, from 0.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The log start offset: the first offset that retention has left.
    pub fn start_offset(&self) -> u64 {
        self.start_offset
    }

    /// The log end offset: that of the next record.
    pub fn end_offset(&self) -> u64 {
        self.end_offset
    }

    /// The high watermark: one past the last record that consumers may see. With one replica it
    /// is the log end offset.
    pub fn high_watermark(&self) -> u64 {
        self.high_watermark
    }

    /// The bytes of all records, as they lie in the log.
    pub fn size_bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes()).sum()
    }

    /// The bytes of memory that it takes, index and unused room included, as if not shared.
    pub fn memory_bytes(&self) -> u64 {
        self.segments
            .iter()
            .map(|segment| segment.memory_bytes())
            .sum()
    }

    /// How many segments there are, the active one included.
    pub fn segment_count(&self) -> u64 {
        self.segments.len() as u64
    }

    /// The offsets at which segments begin, in order; the last one is active.
    pub fn segment_starts(&self) -> impl Iterator<Item = u64> {
        self.segments.iter().map(|segment| segment.base_offset())
    }

    /// Appends all of `records` or, if one of them is refused, none; gives their offsets.
    pub fn append(
        &mut self,
        records: &[NewRecord<'_>],
        config: &TopicConfig,
        now: VirtualTime,
    ) -> Result<Range<u64>, LogError> {
        for record in records {
            self.check(record, config, now)?;
        }
        let first_offset = self.end_offset;
        let mut rest = records;
        while let Some(next) = rest.first() {
            let next = framed(next, config, now);
            let active = self.active();
            if active.must_roll(&next, config) {
                self.roll();
            }
            let taken = self.active().append_run(rest, config, now);
            self.end_offset += taken as u64;
            rest = rest.get(taken..).unwrap_or(&[]);
        }
        self.advance_high_watermark();
        Ok(first_offset..self.end_offset)
    }

    #[inline]
    fn check(
        &self,
        record: &NewRecord<'_>,
        config: &TopicConfig,
        now: VirtualTime,
    ) -> Result<(), LogError> {
        let bytes = framed(record, config, now).size;
        // A record never crosses segments, so one that exceeds a segment has no place.
        let most = config.max_message_bytes.min(config.segment_bytes) as usize;
        let most = most.min(KEY_BYTES_MAX);
        if bytes > most {
            return Err(LogError::RecordTooLarge {
                bytes: bytes as u64,
                most: most as u64,
            });
        }
        if record.key.is_none() && config.cleanup_policy.compacts() {
            let partition = self.id;
            return Err(LogError::KeyRequired { partition });
        }
        let is_create_time = config.message_timestamp_type == TimestampType::CreateTime;
        if record.timestamp < 0 && is_create_time {
            let timestamp = record.timestamp;
            return Err(LogError::InvalidTimestamp { timestamp });
        }
        debug_assert!(record.cause.is_none_or(is_storable_cause));
        Ok(())
    }

    fn active(&mut self) -> &mut Segment {
        if self.segments.is_empty() {
            self.segments.push(Arc::new(Segment::new(self.end_offset)));
        }
        let last = self.segments.len() - 1;
        Arc::make_mut(&mut self.segments[last])
    }

    /// Seals the active segment and begins a new one.
    pub(crate) fn roll(&mut self) {
        self.active().seal();
        self.segments.push(Arc::new(Segment::new(self.end_offset)));
    }

    /// Throws away what lies at `end` and after it.
    pub(crate) fn truncate(&mut self, end: u64) {
        if end >= self.end_offset {
            return;
        }
        while self.segments.len() > 1 && self.active().base_offset() >= end {
            self.segments.pop();
        }
        let active = self.active();
        *active = active.truncated(end);
        self.end_offset = end;
    }

    /// Takes another log, as far as `end`, for this partition's.
    pub(crate) fn take_log(&mut self, segments: Vec<Arc<Segment>>, end: u64) {
        self.segments = segments;
        self.end_offset = u64::MAX;
        self.truncate(end);
    }

    /// All records, those included that consumers may not see yet.
    pub(crate) fn iter_all(&self) -> Records<'_> {
        self.tail(self.start_offset, u64::MAX)
    }

    /// At most `max_records` from offset `from` on, those included that consumers may not see yet
    /// since not all in-sync replicas have them.
    pub fn tail(&self, from: u64, max_records: u64) -> Records<'_> {
        let from = from.max(self.start_offset);
        let mut records = Records::new(self, from, max_records, u64::MAX);
        records.until = self.end_offset;
        records
    }

    /// The record at `offset`, if it is there and consumers may see it.
    pub fn get(&self, offset: u64) -> Option<RecordRef<'_>> {
        let found = self.read(offset, 1, u64::MAX).ok()?.next()?;
        (found.offset == offset).then_some(found)
    }

    /// The records from offset `from` on that consumers may see: at most `max_records`, and no
    /// more than `max_bytes` of keys, values and headers, but at least one if there is one.
    pub fn read(
        &self,
        from: u64,
        max_records: u64,
        max_bytes: u64,
    ) -> Result<Records<'_>, LogError> {
        if from < self.start_offset || from > self.end_offset {
            return Err(LogError::OffsetOutOfRange {
                partition: self.id,
                offset: from,
                start: self.start_offset,
                end: self.end_offset,
            });
        }
        Ok(Records::new(self, from, max_records, max_bytes))
    }

    /// All records that consumers may see.
    pub fn iter(&self) -> Records<'_> {
        Records::new(self, self.start_offset, u64::MAX, u64::MAX)
    }

    /// The first record at or after the log start whose timestamp is `timestamp` or later: where
    /// a consumer is put that seeks a time.
    pub fn offset_for_time(&self, timestamp: i64) -> Option<u64> {
        let found = self
            .segments
            .iter()
            .filter(|segment| segment.max_timestamp() >= timestamp)
            .find_map(|segment| segment.find_time(timestamp, self.start_offset))?;
        (found.offset < self.high_watermark).then_some(found.offset)
    }

    /// The latest timestamp of all records.
    pub fn max_timestamp(&self) -> Option<i64> {
        let latest = self
            .segments
            .iter()
            .map(|segment| segment.max_timestamp())
            .max()?;
        (latest != i64::MIN).then_some(latest)
    }

    /// Where in `segments` the one is that covers `offset`.
    fn segment_at(&self, offset: u64) -> usize {
        let after = self
            .segments
            .partition_point(|segment| segment.base_offset() <= offset);
        after.saturating_sub(1)
    }
}

impl<'a> IntoIterator for &'a Partition {
    type Item = RecordRef<'a>;
    type IntoIter = Records<'a>;

    fn into_iter(self) -> Records<'a> {
        self.iter()
    }
}

/// Records of one partition in the order of their offsets; allocates nothing.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    segments: &'a [Arc<Segment>],
    blocks: &'a [Arc<Block>],
    block: Option<&'a Block>,
    at: usize,
    until: u64,
    records_left: u64,
    bytes_left: u64,
    is_first: bool,
}

impl<'a> Records<'a> {
    fn new(partition: &'a Partition, from: u64, max_records: u64, max_bytes: u64) -> Records<'a> {
        let segments = partition
            .segments
            .get(partition.segment_at(from)..)
            .unwrap_or(&[]);
        let (block, at) = segments
            .first()
            .map_or((0, 0), |segment| segment.find(from));
        let blocks = segments.first().map_or(&[][..], |segment| segment.blocks());
        let mut records = Records {
            segments: segments.get(1..).unwrap_or(&[]),
            blocks: blocks.get(block..).unwrap_or(&[]),
            block: None,
            at: 0,
            until: partition.high_watermark,
            records_left: max_records,
            bytes_left: max_bytes,
            is_first: true,
        };
        if !records.blocks.is_empty() && records.next_block().is_some() {
            records.at = at;
        }
        records
    }

    /// Goes to the next block that there is, and to its first record.
    #[cold]
    fn next_block(&mut self) -> Option<()> {
        while self.blocks.is_empty() {
            let (segment, rest) = self.segments.split_first()?;
            self.segments = rest;
            self.blocks = segment.blocks();
        }
        let (block, rest) = self.blocks.split_first()?;
        self.blocks = rest;
        self.block = Some(block);
        self.at = 0;
        Some(())
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = RecordRef<'a>;

    #[inline]
    fn next(&mut self) -> Option<RecordRef<'a>> {
        self.records_left = self.records_left.checked_sub(1)?;
        // Blocks are never empty, so one step on is enough.
        if self.block.is_none_or(|block| self.at >= block.len()) {
            self.next_block()?;
        }
        let record = self.block?.get(self.at)?;
        if record.offset >= self.until {
            return None;
        }
        let part = |bytes: Option<&[u8]>| bytes.map_or(0, <[u8]>::len);
        let bytes = part(record.key) + part(record.value) + record.headers.bytes().len();
        match self.bytes_left.checked_sub(bytes as u64) {
            Some(left) => self.bytes_left = left,
            None if self.is_first => self.bytes_left = 0,
            None => return None,
        }
        self.is_first = false;
        self.at += 1;
        Some(record)
    }
}
