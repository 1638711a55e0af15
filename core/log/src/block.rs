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

    /// Appends a record, which must fit, after all others.
    pub(crate) fn push(&mut self, offset: u64, record: &NewRecord<'_>, append_time: VirtualTime) {
        let size = encoded_size(record);
        debug_assert!(self.fits(size, offset) && self.last_offset().is_none_or(|l| l < offset));
        self.make_room(size);
        self.note_offset((offset - self.base_offset) as u32);
        self.starts.push(self.bytes.len() as u16);
        self.max_timestamp = self.max_timestamp.max(record.timestamp);
        let key = record.key.unwrap_or(&[]);
        let flags = flags(record);
        let head = u128::from(flags)
            | (key.len() as u128) << 8
            | u128::from(low_48(record.timestamp)) << 32
            | u128::from(low_48(append_time.0)) << 80;
        self.bytes.extend_from_slice(&head.to_le_bytes());
        if let Some(cause) = record.cause {
            let packed = u64::from(cause.partition.0) << CAUSE_OFFSET_BITS | cause.offset;
            self.bytes.extend_from_slice(&packed.to_le_bytes());
        }
        if flags & HAS_WIDE_TIMESTAMP != 0 {
            self.bytes
                .extend_from_slice(&record.timestamp.to_le_bytes());
        }
        if flags & HAS_HEADERS != 0 {
            write_varint(&mut self.bytes, record.headers.bytes().len() as u64);
        }
        self.bytes.extend_from_slice(key);
        self.bytes.extend_from_slice(record.headers.bytes());
        self.bytes.extend_from_slice(record.value.unwrap_or(&[]));
    }

    fn make_room(&mut self, size: usize) {
        let needed = self.bytes.len() + size;
        if needed > self.bytes.capacity() {
            let doubled = (2 * self.bytes.capacity()).clamp(1024, BLOCK_BYTES);
            self.bytes
                .reserve_exact(needed.max(doubled) - self.bytes.len());
        }
    }

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

fn flags(record: &NewRecord<'_>) -> u8 {
    let flag = |bit: u8, set: bool| if set { bit } else { 0 };
    flag(HAS_KEY, record.key.is_some())
        | flag(HAS_VALUE, record.value.is_some())
        | flag(HAS_HEADERS, !record.headers.is_empty())
        | flag(HAS_CAUSE, record.cause.is_some())
        | flag(HAS_WIDE_TIMESTAMP, !is_48_bits(record.timestamp))
}

/// The bytes that a record takes in a block, its index entry apart.
#[inline]
pub(crate) fn encoded_size(record: &NewRecord<'_>) -> usize {
    let headers = record.headers.bytes().len();
    let mut size = HEAD_BYTES
        + record.key.map_or(0, <[u8]>::len)
        + record.value.map_or(0, <[u8]>::len)
        + headers;
    if record.cause.is_some() {
        size += CAUSE_BYTES;
    }
    if !is_48_bits(record.timestamp) {
        size += WIDE_TIMESTAMP_BYTES;
    }
    if headers > 0 {
        size += varint_len(headers as u64);
    }
    size
}

#[inline]
fn decode(bytes: &[u8], offset: u64) -> Option<RecordRef<'_>> {
    let (head, mut rest) = bytes.split_first_chunk::<HEAD_BYTES>()?;
    let head = u128::from_le_bytes(*head);
    let flags = head as u8;
    let key_len = (head >> 8) as usize & KEY_BYTES_MAX;
    let mut timestamp = signed_48((head >> 32) as u64);
    let append_time = VirtualTime(signed_48((head >> 80) as u64));
    let mut cause = None;
    if flags & HAS_CAUSE != 0 {
        let (packed, after) = rest.split_first_chunk::<CAUSE_BYTES>()?;
        cause = Some(unpack_cause(u64::from_le_bytes(*packed)));
        rest = after;
    }
    if flags & HAS_WIDE_TIMESTAMP != 0 {
        let (wide, after) = rest.split_first_chunk::<WIDE_TIMESTAMP_BYTES>()?;
        timestamp = i64::from_le_bytes(*wide);
        rest = after;
    }
    let mut headers_len = 0;
    if flags & HAS_HEADERS != 0 {
        (headers_len, rest) = read_varint(rest)?;
    }
    let (key, rest) = rest.split_at_checked(key_len)?;
    let (headers, value) = rest.split_at_checked(headers_len as usize)?;
    Some(RecordRef {
        offset,
        timestamp,
        append_time,
        key: (flags & HAS_KEY != 0).then_some(key),
        value: (flags & HAS_VALUE != 0).then_some(value),
        headers: Headers::from_bytes(headers),
        cause,
    })
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

const fn low_48(number: i64) -> u64 {
    number as u64 & ((1 << 48) - 1)
}

const fn signed_48(bits: u64) -> i64 {
    (bits << 16) as i64 >> 16
}

const fn is_48_bits(number: i64) -> bool {
    signed_48(low_48(number)) == number
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
            block.push(40 + at as u64, record, VirtualTime(at as i64));
            assert_eq!(block.bytes.len() - before, encoded_size(record));
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
            block.push(offset, &record, VirtualTime::START);
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
