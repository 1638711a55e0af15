//! A run of records in one piece of memory: the unit that a write after a snapshot copies.
//!
//! A record is `head (16 bytes) [cause (8)] [timestamp (8)] [length of headers] key headers value`,
//! and it never crosses blocks. Its value ends where the next record starts, so an index of two
//! bytes a record is enough. Segments of blocks are in `segment`.

use crate::record::{Headers, NewRecord, RecordRef, read_varint, varint_len, write_varint};
use headwater_base::{PartitionId, RecordId, VirtualTime};

/// How big a block grows, so that its index fits 16 bits. A bigger record has a block of its own.
pub(crate) const BLOCK_BYTES: usize = 1 << 16;

/// Longest key, and longest record: what 24 bits count.
pub(crate) const KEY_BYTES_MAX: usize = (1 << 24) - 1;

const HEAD_BYTES: usize = 16;
const CAUSE_BYTES: usize = 8;
const WIDE_TIMESTAMP_BYTES: usize = 8;
const HAS_KEY: u8 = 1;
const HAS_VALUE: u8 = 2;
const HAS_HEADERS: u8 = 4;
const HAS_CAUSE: u8 = 8;
/// The timestamp does not fit 48 bits (some 4,400 years around 1970) and is spelled out.
const HAS_WIDE_TIMESTAMP: u8 = 16;
/// There is something between head and key.
const HAS_EXTRAS: u8 = HAS_HEADERS | HAS_CAUSE | HAS_WIDE_TIMESTAMP;
const CAUSE_OFFSET_BITS: u32 = 40;

/// Records that lie together.
#[derive(Debug)]
pub(crate) struct Block {
    base_offset: u64,
    bytes: Vec<u8>,
    starts: Vec<u16>,
    /// Offsets relative to the base, once compaction has left gaps; empty where there are none.
    sparse: Vec<u32>,
    max_timestamp: i64,
}

impl Clone for Block {
    fn clone(&self) -> Block {
        // A block is cloned in order to be written: leave room, or the first write copies again.
        let room = (2 * self.bytes.len())
            .min(BLOCK_BYTES)
            .max(self.bytes.len());
        let mut bytes = Vec::with_capacity(room);
        bytes.extend_from_slice(&self.bytes);
        Block {
            base_offset: self.base_offset,
            bytes,
            starts: self.starts.clone(),
            sparse: self.sparse.clone(),
            max_timestamp: self.max_timestamp,
        }
    }
}

impl Block {
    /// An empty block with room for `bytes`.
    pub(crate) fn with_room(base_offset: u64, bytes: usize) -> Block {
        Block {
            base_offset,
            bytes: Vec::with_capacity(bytes),
            starts: Vec::new(),
            sparse: Vec::new(),
            max_timestamp: i64::MIN,
        }
    }

    pub(crate) fn base_offset(&self) -> u64 {
        self.base_offset
    }

    pub(crate) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(crate) fn max_timestamp(&self) -> i64 {
        self.max_timestamp
    }

    /// Bytes of memory, unused room included.
    pub(crate) fn memory_bytes(&self) -> u64 {
        let index = 2 * self.starts.capacity() + 4 * self.sparse.capacity();
        (size_of::<Block>() + self.bytes.capacity() + index) as u64
    }

    /// Whether a record of `size` at `offset` may be pushed.
    #[inline]
    pub(crate) fn fits(&self, size: usize, offset: u64) -> bool {
        let near = offset - self.base_offset <= u64::from(u32::MAX);
        near && (self.bytes.is_empty() || self.bytes.len() + size <= BLOCK_BYTES)
    }

    /// Gives back the room that is left; nothing will be pushed any more.
    pub(crate) fn seal(&mut self) {
        self.starts.shrink_to_fit();
        self.sparse.shrink_to_fit();
        if self.bytes.capacity() - self.bytes.len() > self.bytes.len() / 32 {
            self.bytes.shrink_to_fit();
        }
    }

    /// Appends a record of `size`, which must fit, after all others.
    #[inline]
    pub(crate) fn push(&mut self, offset: u64, record: &Framed<'_, '_>, append_time: VirtualTime) {
        let Framed {
            record,
            timestamp,
            size,
        } = *record;
        debug_assert!(self.fits(size, offset) && self.last_offset().is_none_or(|l| l < offset));
        self.make_room(size);
        self.note_offset((offset - self.base_offset) as u32);
        self.starts.push(self.bytes.len() as u16);
        self.max_timestamp = self.max_timestamp.max(timestamp);
        let key = record.key.unwrap_or(&[]);
        let flags = flags(record, timestamp);
        // Each word has a time in its upper 48 bits; flags and the key's length fill the rest.
        let key_len = key.len() as u64;
        let first = (timestamp as u64) << 16 | (key_len & 0xFF) << 8 | u64::from(flags);
        let second = (append_time.0 as u64) << 16 | (key_len >> 8 & 0xFFFF);
        let head = u128::from(second) << 64 | u128::from(first);
        self.bytes.extend_from_slice(&head.to_le_bytes());
        if flags & HAS_EXTRAS != 0 {
            self.push_extras(record, timestamp, flags);
        }
        self.bytes.extend_from_slice(key);
        if flags & HAS_HEADERS != 0 {
            self.bytes.extend_from_slice(record.headers.bytes());
        }
        self.bytes.extend_from_slice(record.value.unwrap_or(&[]));
    }

    fn push_extras(&mut self, record: &NewRecord<'_>, timestamp: i64, flags: u8) {
        if let Some(cause) = record.cause {
            let packed = u64::from(cause.partition.0) << CAUSE_OFFSET_BITS | cause.offset;
            self.bytes.extend_from_slice(&packed.to_le_bytes());
        }
        if flags & HAS_WIDE_TIMESTAMP != 0 {
            self.bytes.extend_from_slice(&timestamp.to_le_bytes());
        }
        if flags & HAS_HEADERS != 0 {
            write_varint(&mut self.bytes, record.headers.bytes().len() as u64);
        }
    }

    fn make_room(&mut self, size: usize) {
        let needed = self.bytes.len() + size;
        if needed > self.bytes.capacity() {
            let doubled = (2 * self.bytes.capacity()).clamp(1024, BLOCK_BYTES);
            self.bytes
                .reserve_exact(needed.max(doubled) - self.bytes.len());
        }
    }

    #[inline]
    fn note_offset(&mut self, relative: u32) {
        let next = self.starts.len() as u32;
        if !self.sparse.is_empty() {
            self.sparse.push(relative);
        } else if relative != next {
            self.sparse.extend(0..next);
            self.sparse.push(relative);
        }
    }

    fn last_offset(&self) -> Option<u64> {
        let last = self.len().checked_sub(1)?;
        Some(self.offset_at(last))
    }

    #[inline]
    fn offset_at(&self, at: usize) -> u64 {
        let relative = self.sparse.get(at).map_or(at as u64, |&r| u64::from(r));
        self.base_offset + relative
    }

    /// Where the first record at `offset` or after it is; [`Block::len`] if there is none.
    pub(crate) fn find(&self, offset: u64) -> usize {
        let relative = offset.saturating_sub(self.base_offset);
        if self.sparse.is_empty() {
            return relative.min(self.len() as u64) as usize;
        }
        self.sparse.partition_point(|&r| u64::from(r) < relative)
    }

    /// The record at index `at`.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<RecordRef<'_>> {
        let start = usize::from(*self.starts.get(at)?);
        let end = match self.starts.get(at + 1) {
            Some(&next) => usize::from(next),
            None => self.bytes.len(),
        };
        decode(self.bytes.get(start..end)?, self.offset_at(at))
    }
}

/// A record with the timestamp that the log gives it and the bytes that it takes.
#[derive(Clone, Copy)]
pub(crate) struct Framed<'r, 'a> {
    pub(crate) record: &'r NewRecord<'a>,
    pub(crate) timestamp: i64,
    pub(crate) size: usize,
}

impl<'r, 'a> Framed<'r, 'a> {
    #[inline]
    pub(crate) fn new(record: &'r NewRecord<'a>, timestamp: i64) -> Framed<'r, 'a> {
        Framed {
            record,
            timestamp,
            size: encoded_size(record, timestamp),
        }
    }
}

#[inline]
fn flags(record: &NewRecord<'_>, timestamp: i64) -> u8 {
    let flag = |bit: u8, set: bool| if set { bit } else { 0 };
    flag(HAS_KEY, record.key.is_some())
        | flag(HAS_VALUE, record.value.is_some())
        | flag(HAS_HEADERS, !record.headers.is_empty())
        | flag(HAS_CAUSE, record.cause.is_some())
        | flag(HAS_WIDE_TIMESTAMP, !is_48_bits(timestamp))
}

/// The bytes that a record takes in a block, its index entry apart.
#[inline]
fn encoded_size(record: &NewRecord<'_>, timestamp: i64) -> usize {
    let headers = record.headers.bytes().len();
    let mut size = HEAD_BYTES
        + record.key.map_or(0, <[u8]>::len)
        + record.value.map_or(0, <[u8]>::len)
        + headers;
    if record.cause.is_some() {
        size += CAUSE_BYTES;
    }
    if !is_48_bits(timestamp) {
        size += WIDE_TIMESTAMP_BYTES;
    }
    if headers > 0 {
        size += varint_len(headers as u64);
    }
    size
}

#[inline]
fn decode(bytes: &[u8], offset: u64) -> Option<RecordRef<'_>> {
    let (head, rest) = bytes.split_first_chunk::<HEAD_BYTES>()?;
    let head = u128::from_le_bytes(*head);
    let (first, second) = (head as u64, (head >> 64) as u64);
    let flags = first as u8;
    let mut extras = Extras {
        timestamp: first as i64 >> 16,
        headers_len: 0,
        cause: None,
        rest,
    };
    if flags & HAS_EXTRAS != 0 {
        extras = extras.read(flags)?;
    }
    let key_len = (first >> 8 & 0xFF | (second & 0xFFFF) << 8) as usize;
    let (key, rest) = extras.rest.split_at_checked(key_len)?;
    let (headers, value) = rest.split_at_checked(extras.headers_len)?;
    Some(RecordRef {
        offset,
        timestamp: extras.timestamp,
        append_time: VirtualTime(second as i64 >> 16),
        key: (flags & HAS_KEY != 0).then_some(key),
        value: (flags & HAS_VALUE != 0).then_some(value),
        headers: Headers::from_bytes(headers),
        cause: extras.cause,
    })
}

/// What only some records have, between head and key.
struct Extras<'a> {
    timestamp: i64,
    headers_len: usize,
    cause: Option<RecordId>,
    rest: &'a [u8],
}

impl<'a> Extras<'a> {
    fn read(mut self, flags: u8) -> Option<Extras<'a>> {
        if flags & HAS_CAUSE != 0 {
            let (packed, rest) = self.rest.split_first_chunk::<CAUSE_BYTES>()?;
            self.cause = Some(unpack_cause(u64::from_le_bytes(*packed)));
            self.rest = rest;
        }
        if flags & HAS_WIDE_TIMESTAMP != 0 {
            let (wide, rest) = self.rest.split_first_chunk::<WIDE_TIMESTAMP_BYTES>()?;
            self.timestamp = i64::from_le_bytes(*wide);
            self.rest = rest;
        }
        if flags & HAS_HEADERS != 0 {
            let (len, rest) = read_varint(self.rest)?;
            self.headers_len = len as usize;
            self.rest = rest;
        }
        Some(self)
    }
}

fn unpack_cause(packed: u64) -> RecordId {
    RecordId {
        partition: PartitionId((packed >> CAUSE_OFFSET_BITS) as u32),
        offset: packed & ((1 << CAUSE_OFFSET_BITS) - 1),
    }
}

/// Whether a cause can be kept: 24 bits of partition, 40 bits of offset.
pub(crate) const fn is_storable_cause(cause: RecordId) -> bool {
    cause.partition.0 < 1 << 24 && cause.offset < 1 << CAUSE_OFFSET_BITS
}

const fn is_48_bits(number: i64) -> bool {
    number << 16 >> 16 == number
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::HeaderBuf;

    #[test]
    fn every_kind_of_record_round_trips() {
        let mut headers = HeaderBuf::new();
        headers.push("h", Some(&[7; 300]));
        let cause = RecordId {
            partition: PartitionId((1 << 24) - 1),
            offset: (1 << 40) - 1,
        };
        let mut block = Block::with_room(40, 0);
        let mut expected = Vec::new();
        for timestamp in [0, -1, 1_704_067_200_000, i64::MAX, i64::MIN, 1 << 47] {
            for key in [None, Some(&b""[..]), Some(&b"key"[..])] {
                for value in [None, Some(&b""[..]), Some(&b"value"[..])] {
                    let plain = NewRecord::new(timestamp, key, value);
                    let full = plain.caused_by(cause).with_headers(headers.as_headers());
                    expected.extend([plain, full]);
                }
            }
        }
        for (at, record) in expected.iter().enumerate() {
            let before = block.bytes.len();
            let sized = Framed::new(record, record.timestamp);
            block.push(40 + at as u64, &sized, VirtualTime(at as i64));
            assert_eq!(block.bytes.len() - before, sized.size);
        }
        for (at, record) in expected.iter().enumerate() {
            let read = block.get(at).expect("it was pushed");
            assert_eq!(read.to_new(), *record);
            assert_eq!(read.offset, 40 + at as u64);
            assert_eq!(read.append_time, VirtualTime(at as i64));
        }
        assert_eq!(block.get(expected.len()), None);
        assert!(block.sparse.is_empty());
    }

    #[test]
    fn gaps_are_found_by_search() {
        let mut block = Block::with_room(10, 0);
        let record = NewRecord::default();
        for offset in [10, 11, 15, 90] {
            block.push(offset, &Framed::new(&record, 0), VirtualTime::START);
        }
        let offsets: Vec<u64> = (0..4)
            .filter_map(|at| block.get(at))
            .map(|r| r.offset)
            .collect();
        assert_eq!(offsets, [10, 11, 15, 90]);
        assert_eq!(
            [9, 11, 12, 16, 91].map(|offset| block.find(offset)),
            [0, 1, 2, 3, 4]
        );
    }
}
