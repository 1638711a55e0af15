//! The limits that keep a laboratory in a browser tab, each in one place.

/// Longest script, in bytes.
pub const SCRIPT_BYTES_MAX: usize = 1 << 20;
/// Most statements in one script.
pub const STATEMENTS_MAX: usize = 10_000;
/// Deepest nesting of expressions, types and queries.
pub const DEPTH_MAX: u32 = 96;
/// Most partitions of one topic.
pub const PARTITIONS_MAX: u32 = 256;
/// Most topics of one laboratory, internal ones included.
pub const TOPICS_MAX: usize = 1_000;
/// Most producers, and most consumers, of one laboratory.
pub const CLIENTS_MAX: usize = 200;
/// Most running queries.
pub const QUERIES_MAX: usize = 200;
/// Most rows of a push query that wait for a reader; the oldest go first.
pub const RESULT_ROWS_MAX: usize = 2_000;
/// Most records that a task or consumer fetches at once (Kafka's `max.poll.records`).
pub const POLL_RECORDS_MAX: usize = 500;
/// Biggest record, in bytes of key, value and headers (Kafka's `max.message.bytes` default).
pub const RECORD_BYTES_MAX: usize = 1_048_588;
/// Most brokers of one laboratory; their ids are 1 to this.
pub const BROKERS_MAX: u16 = 5;
