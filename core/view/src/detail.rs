//! Details on request: one record in the inspector.

use crate::cell::Cell;
use headwater_base::trace::Rejection;
use headwater_base::{PartitionId, QueryId, RecordId, StationId, TopicId};
use serde::{Deserialize, Serialize};

/// Everything about one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDetail {
    /// The record.
    pub record: RecordId,
    /// Its topic.
    pub topic: TopicId,
    /// The topic's name.
    pub topic_name: String,
    /// The partition's number in the topic.
    pub partition: u32,
    /// The time it carries, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The virtual time at which it was appended, in milliseconds since 1970.
    pub appended_ms: i64,
    /// Its key; `None` is null.
    pub key: Option<BytesDetail>,
    /// Its value; `None` is null.
    pub value: Option<BytesDetail>,
    /// Headers: name and value.
    pub headers: Vec<(String, BytesDetail)>,
    /// Why it lies in this partition, where its key decided.
    pub choice: Option<PartitionChoice>,
    /// The records it came from, the nearest first.
    pub came_from: Vec<ChangeDetail>,
    /// What queries made of it, in order.
    pub became: Vec<ChangeDetail>,
}

/// Bytes with their meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BytesDetail {
    /// The format they were read as, such as `JSON`.
    pub format: String,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Columns and their values, where a schema is known.
    pub columns: Vec<(String, Cell)>,
    /// The bytes as text: laid-out JSON, a number, a string.
    pub text: String,
    /// What runs of bytes mean, in order, for the hexadecimal view.
    pub parts: Vec<BytesPart>,
    /// Why they could not be read, if so.
    pub error: Option<String>,
}

/// A run of bytes and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BytesPart {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is, such as `STARS: 2` or `window start`.
    pub meaning: String,
}

/// How a key chose the partition: `murmur2(key) mod partitions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionChoice {
    /// Kafka's murmur2 of the key.
    pub hash: u32,
    /// Partitions of the topic.
    pub partitions: u32,
    /// The partition that gives.
    pub partition: u32,
}

/// One record made of another by a query, or its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDetail {
    /// The query; `None` for a producer's record.
    pub query: Option<QueryId>,
    /// The query's or the producer's name.
    pub name: String,
    /// The record that went in.
    pub input: Option<RecordId>,
    /// The stations passed, in order.
    pub passed: Vec<PassedStation>,
    /// Where it ended, if it did, and why in words with the values.
    pub rejected: Option<(StationId, Rejection, String)>,
    /// The record that came out.
    pub output: Option<RecordId>,
    /// Where that record lies, in words: `ratings/1@17`.
    pub output_text: String,
    /// The partition that record is in.
    pub output_partition: Option<PartitionId>,
}

/// A station that was passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedStation {
    /// The station.
    pub station: StationId,
    /// Its clause, verbatim.
    pub sql: String,
}
