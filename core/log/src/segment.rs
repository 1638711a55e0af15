//! A stretch of a partition's log: blocks of records, and what retention and look-up need to know
//! of them.
//!
//! A segment knows nothing of topics; when to start a new one is decided in `partition`.

use crate::block::{BLOCK_BYTES, Block, Framed};
use crate::config::{TimestampType, TopicConfig};
use crate::record::{NewRecord, RecordRef};
use headwater_base::VirtualTime;
use std::sync::Arc;

/// Blocks in the order of their offsets. Cloning clones pointers.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    base_offset: u64,
    extent: Extent,
    blocks: Vec<Arc<Block>>,
    /// When compaction may drop the tombstones in here; set by the first compaction.
    pub(crate) tombstones_until: Option<VirtualTime>,
}

/// How far a segment reaches, in offsets, bytes and time.
#[derive(Clone, Copy, Debug)]
struct Extent {
    next_offset: u64,
    bytes: u64,
    first_timestamp: Option<i64>,
    max_timestamp: i64,
}

impl Extent {
    #[inline]
    fn must_roll(&self, size: usize, timestamp: i64, config: &TopicConfig) -> bool {
        let Some(first) = self.first_timestamp else {
            return false;
        };
        self.bytes + size as u64 > u64::from(config.segment_bytes)
            || timestamp.saturating_sub(first) > config.segment_ms
    }

    #[inline]
    fn count(&mut self, offset: u64, size: usize, timestamp: i64) {
        self.next_offset = offset + 1;
        self.bytes += size as u64;
        self.first_timestamp.get_or_insert(timestamp);
        self.max_timestamp = self.max_timestamp.max(timestamp);
    }
}

impl Segment {
    pub(crate) fn new(base_offset: u64) -> Segment {
        Segment {
            base_offset,
            extent: Extent {
                next_offset: base_offset,
                bytes: 0,
                first_timestamp: None,
                max_timestamp: i64::MIN,
            },
            blocks: Vec::new(),
            tombstones_until: None,
        }
    }

    pub(crate) fn base_offset(&self) -> u64 {
        self.base_offset
    }

    /// One past the last offset that this segment covers, records removed from it included.
    pub(crate) fn next_offset(&self) -> u64 {
        self.extent.next_offset
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.extent.bytes
    }

    /// The latest timestamp in it; the least number where it is empty.
    pub(crate) fn max_timestamp(&self) -> i64 {
        self.extent.max_timestamp
    }

    pub(crate) fn blocks(&self) -> &[Arc<Block>] {
        &self.blocks
    }

    pub(crate) fn memory_bytes(&self) -> u64 {
        let pointers = size_of::<Segment>() + self.blocks.capacity() * size_of::<Arc<Block>>();
        let blocks: u64 = self.blocks.iter().map(|block| block.memory_bytes()).sum();
        pointers as u64 + blocks
    }

    /// Whether a record belongs into a new segment: this one would exceed `segment.bytes`, or the
    /// record is later than the first one here by more than `segment.ms`.
    pub(crate) fn must_roll(&self, record: &Framed<'_, '_>, config: &TopicConfig) -> bool {
        self.extent.must_roll(record.size, record.timestamp, config)
    }

    /// Appends as many of `records` as go into one block, at least one, and tells how many.
    ///
    /// The first record has been found to belong here; the rest is checked on the way. That no
    /// record is checked against those after it makes segments independent of batching.
    pub(crate) fn append_run(
        &mut self,
        records: &[NewRecord<'_>],
        config: &TopicConfig,
        now: VirtualTime,
    ) -> usize {
        let Some(first) = records.first() else {
            return 0;
        };
        let extent = &mut self.extent;
        let size = framed(first, config, now).size;
        // The block is made writable once a run, not once a record.
        let block = writable_block(&mut self.blocks, size, extent.next_offset);
        for (taken, record) in records.iter().enumerate() {
            let record = framed(record, config, now);
            let offset = extent.next_offset;
            let belongs = block.fits(record.size, offset)
                && !extent.must_roll(record.size, record.timestamp, config);
            if taken > 0 && !belongs {
                return taken;
            }
            block.push(offset, &record, now);
            extent.count(offset, record.size, record.timestamp);
        }
        records.len()
    }

    /// Appends a record that keeps its offset: what compaction does.
    pub(crate) fn keep(&mut self, record: &RecordRef<'_>) {
        let kept = record.to_new();
        let framed = Framed::new(&kept, record.timestamp);
        let block = writable_block(&mut self.blocks, framed.size, record.offset);
        block.push(record.offset, &framed, record.append_time);
        self.extent
            .count(record.offset, framed.size, record.timestamp);
    }

    /// Covers offsets up to `next_offset`, though the last ones have no records any more.
    pub(crate) fn cover(&mut self, next_offset: u64) {
        self.extent.next_offset = self.extent.next_offset.max(next_offset);
    }

    /// The same without what lies at `end` and after it.
    pub(crate) fn truncated(&self, end: u64) -> Segment {
        let mut kept = Segment::new(self.base_offset.min(end));
        kept.tombstones_until = self.tombstones_until;
        let records = self.records().take_while(|it| it.offset < end);
        records.for_each(|record| kept.keep(&record));
        kept.cover(end.min(self.next_offset()));
        kept
    }

    /// Gives back unused memory, unless a snapshot shares it.
    pub(crate) fn seal(&mut self) {
        seal_last(&mut self.blocks);
    }

    /// The block and index of the first record at `offset` or after it.
    pub(crate) fn find(&self, offset: u64) -> (usize, usize) {
        let after = self
            .blocks
            .partition_point(|block| block.base_offset() <= offset);
        let block = after.saturating_sub(1);
        match self
            .blocks
            .get(block)
            .map(|found| (found.find(offset), found.len()))
        {
            Some((at, len)) if at < len => (block, at),
            Some(_) => (block + 1, 0),
            None => (0, 0),
        }
    }

    /// All its records.
    pub(crate) fn records(&self) -> impl Iterator<Item = RecordRef<'_>> {
        self.blocks
            .iter()
            .flat_map(|block| (0..block.len()).filter_map(move |at| block.get(at)))
    }

    /// The first record at `from` or after it whose timestamp is `timestamp` or later.
    pub(crate) fn find_time(&self, timestamp: i64, from: u64) -> Option<RecordRef<'_>> {
        self.blocks
            .iter()
            .filter(|block| block.max_timestamp() >= timestamp)
            .flat_map(|block| (block.find(from)..block.len()).filter_map(|at| block.get(at)))
            .find(|record| record.timestamp >= timestamp)
    }
}

/// The last block, or a new one where that has no room for a record of `size` at `offset`.
fn writable_block(blocks: &mut Vec<Arc<Block>>, size: usize, offset: u64) -> &mut Block {
    let has_room = blocks.last().is_some_and(|block| block.fits(size, offset));
    let last = blocks.len().saturating_sub(1);
    let at = if has_room { last } else { blocks.len() };
    if !has_room {
        seal_last(blocks);
        // The first block grows as it fills, so that a small topic stays small.
        let room = if at == 0 { 0 } else { size.max(BLOCK_BYTES) };
        blocks.push(Arc::new(Block::with_room(offset, room)));
    }
    Arc::make_mut(&mut blocks[at])
}

fn seal_last(blocks: &mut [Arc<Block>]) {
    if let Some(block) = blocks.last_mut().and_then(Arc::get_mut) {
        block.seal();
    }
}

/// The record with the timestamp that the topic gives it, and its size.
#[inline]
pub(crate) fn framed<'r, 'a>(
    record: &'r NewRecord<'a>,
    config: &TopicConfig,
    now: VirtualTime,
) -> Framed<'r, 'a> {
    let timestamp = match config.message_timestamp_type {
        TimestampType::CreateTime => record.timestamp,
        TimestampType::LogAppendTime => now.epoch_millis(),
    };
    Framed::new(record, timestamp)
}
