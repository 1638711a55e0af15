//! What a record is made of: key, value, headers, timestamps and its cause, as borrowed bytes.
//!
//! Contents are opaque here; formats live in the SQL crate. How a record lies in memory is in
//! `block`.

use headwater_base::{RecordId, VirtualTime, digest};
use std::fmt;

/// A record as it lies in a partition; all of it borrows from the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordRef<'a> {
    /// Its place in the partition.
    pub offset: u64,
    /// The time it carries, in milliseconds since 1970.
    pub timestamp: i64,
    /// When the log took it, in virtual time.
    pub append_time: VirtualTime,
    /// The key; `None` is Kafka's null key.
    pub key: Option<&'a [u8]>,
    /// The value; `None` is a tombstone.
    pub value: Option<&'a [u8]>,
    /// The headers, in the order they were given.
    pub headers: Headers<'a>,
    /// The record that this one was made from, if it was made from one.
    pub cause: Option<RecordId>,
}

impl<'a> RecordRef<'a> {
    /// The same contents as a record to append elsewhere.
    pub fn to_new(&self) -> NewRecord<'a> {
        NewRecord {
            timestamp: self.timestamp,
            key: self.key,
            value: self.value,
            headers: self.headers,
            cause: self.cause,
        }
    }

    /// The digest that the trace carries: of key, value and timestamp.
    pub fn digest(&self) -> u64 {
        contents_digest(self.key, self.value, self.timestamp)
    }
}

/// The digest of a record's key, value and timestamp; null and empty differ.
pub fn contents_digest(key: Option<&[u8]>, value: Option<&[u8]>, timestamp: i64) -> u64 {
    let part = |bytes: Option<&[u8]>| bytes.map_or([0, 0], |bytes| [1, digest::bytes(bytes)]);
    let [has_key, key] = part(key);
    let [has_value, value] = part(value);
    digest::fold(0, &[has_key, key, has_value, value, timestamp as u64])
}

/// A record to append.
///
/// ```
/// use headwater_log::NewRecord;
/// let record = NewRecord::new(1_704_067_200_000, Some(b"7"), Some(b"{\"stars\":3}"));
/// assert!(record.headers.is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewRecord<'a> {
    /// The time it carries, in milliseconds since 1970.
    pub timestamp: i64,
    /// The key; `None` is Kafka's null key.
    pub key: Option<&'a [u8]>,
    /// The value; `None` is a tombstone.
    pub value: Option<&'a [u8]>,
    /// The headers.
    pub headers: Headers<'a>,
    /// The record that this one is made from, if it is made from one.
    pub cause: Option<RecordId>,
}

impl<'a> NewRecord<'a> {
    /// A record without headers and without a cause.
    pub const fn new(timestamp: i64, key: Option<&'a [u8]>, value: Option<&'a [u8]>) -> Self {
        NewRecord {
            timestamp,
            key,
            value,
            headers: Headers::EMPTY,
            cause: None,
        }
    }

    /// The same, made from `cause`.
    pub const fn caused_by(self, cause: RecordId) -> Self {
        NewRecord {
            cause: Some(cause),
            ..self
        }
    }

    /// The same with headers.
    pub const fn with_headers(self, headers: Headers<'a>) -> Self {
        NewRecord { headers, ..self }
    }
}

/// One header: a name, which may repeat, and a value, which may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// Its name.
    pub key: &'a str,
    /// Its value.
    pub value: Option<&'a [u8]>,
}

/// The headers of one record, encoded; iterating allocates nothing.
///
/// ```
/// use headwater_log::HeaderBuf;
/// let mut headers = HeaderBuf::new();
/// headers.push("source", Some(b"android"));
/// headers.push("trace", None);
/// let read: Vec<_> = headers.as_headers().map(|header| header.key).collect();
/// assert_eq!(read, ["source", "trace"]);
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Headers<'a> {
    bytes: &'a [u8],
}

impl<'a> Headers<'a> {
    /// No headers.
    pub const EMPTY: Headers<'static> = Headers { bytes: &[] };

    /// Whether there are none (left).
    pub const fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes that they take in the log.
    pub(crate) const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Headers that `bytes` of a [`HeaderBuf`] hold.
    pub(crate) const fn from_bytes(bytes: &'a [u8]) -> Headers<'a> {
        Headers { bytes }
    }

    /// The last header of that name, as Kafka's `lastHeader`.
    pub fn last(self, key: &str) -> Option<Header<'a>> {
        self.filter(|header| header.key == key).last()
    }
}

impl<'a> Iterator for Headers<'a> {
    type Item = Header<'a>;

    fn next(&mut self) -> Option<Header<'a>> {
        // Only `HeaderBuf` makes these bytes, so they are well-formed; the early returns keep this
        // total all the same.
        let (key_len, rest) = read_varint(self.bytes)?;
        let (key, rest) = rest.split_at_checked(key_len as usize)?;
        let (value_len, rest) = read_varint(rest)?;
        let (value, rest) = match value_len.checked_sub(1) {
            None => (None, rest),
            Some(len) => {
                let (value, rest) = rest.split_at_checked(len as usize)?;
                (Some(value), rest)
            }
        };
        self.bytes = rest;
        Some(Header {
            key: std::str::from_utf8(key).ok()?,
            value,
        })
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(*self).finish()
    }
}

/// Headers in the making.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeaderBuf {
    bytes: Vec<u8>,
}

impl HeaderBuf {
    /// No headers yet.
    pub const fn new() -> HeaderBuf {
        HeaderBuf { bytes: Vec::new() }
    }

    /// Adds a header after the others.
    pub fn push(&mut self, key: &str, value: Option<&[u8]>) {
        write_varint(&mut self.bytes, key.len() as u64);
        self.bytes.extend_from_slice(key.as_bytes());
        write_varint(
            &mut self.bytes,
            value.map_or(0, |value| value.len() as u64 + 1),
        );
        self.bytes.extend_from_slice(value.unwrap_or(&[]));
    }

    /// Forgets all headers and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// The headers, to put into a [`NewRecord`].
    pub fn as_headers(&self) -> Headers<'_> {
        Headers::from_bytes(&self.bytes)
    }
}

/// Appends a number in base 128, least significant group first.
pub(crate) fn write_varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Reads what [`write_varint`] wrote, and gives what follows it.
pub(crate) fn read_varint(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

/// How many bytes [`write_varint`] takes.
pub(crate) const fn varint_len(number: u64) -> usize {
    let bits = 64 - number.leading_zeros() as usize;
    if bits == 0 { 1 } else { bits.div_ceil(7) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_round_trip_at_their_edges() {
        for number in [
            0,
            1,
            127,
            128,
            16_383,
            16_384,
            u64::from(u32::MAX),
            u64::MAX,
        ] {
            let mut bytes = Vec::new();
            write_varint(&mut bytes, number);
            assert_eq!(bytes.len(), varint_len(number));
            assert_eq!(read_varint(&bytes), Some((number, &[][..])));
        }
        assert_eq!(read_varint(&[0x80]), None);
    }

    #[test]
    fn headers_keep_order_repeats_and_nulls() {
        let mut buffer = HeaderBuf::new();
        buffer.push("a", Some(b""));
        buffer.push("", None);
        buffer.push("a", Some(&[0xFF; 200]));
        let headers = buffer.as_headers();
        assert_eq!(headers.count(), 3);
        assert_eq!(
            headers.last("a").and_then(|h| h.value),
            Some(&[0xFF; 200][..])
        );
        assert_eq!(headers.last("").map(|h| h.value), Some(None));
        assert_eq!(headers.last("b"), None);
    }

    #[test]
    fn null_and_empty_have_different_digests() {
        assert_ne!(
            contents_digest(None, Some(b""), 0),
            contents_digest(Some(b""), None, 0)
        );
    }
}
