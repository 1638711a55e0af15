//! The processing log: a stream over a topic of its own, one record for each record that a query
//! could not carry on as it should.
//!
//! The stream is there from the start, as on a server that creates it
//! (`ksql.logging.processing.stream.auto.create`); whoever drives the engine appends what
//! [`Engine::log_entry`] makes, and creates the topic with the first of them, or when a statement
//! reads it. The columns are ksqlDB's.

use super::Engine;
use crate::analyze::wrong;
use crate::catalog::Source;
use crate::format::{Part, encode_base64};
use crate::runtime::{ProcessingError, ProcessingErrorKind};
use headwater_base::{Diagnostic, RecordId, Span, TopicId, VirtualTime};
use headwater_log::{Cluster, NewTopic, RecordRef, TopicConfig};
use std::fmt::Write;

/// The stream's name.
pub const STREAM: &str = "KSQL_PROCESSING_LOG";

/// `retention.bytes` of the topic: the oldest entries go.
const RETENTION_BYTES: i64 = 1 << 20;

/// How far back the way of a record is followed.
const CAUSES_MAX: usize = 64;

/// What is between the name and WITH.
const COLUMNS: &str = "logger VARCHAR, level VARCHAR, time BIGINT, message STRUCT<type INT, \
    deserializationError STRUCT<target VARCHAR, errorMessage VARCHAR, recordB64 VARCHAR, \
    cause ARRAY<VARCHAR>, `topic` VARCHAR>, recordProcessingError STRUCT<errorMessage VARCHAR, \
    record VARCHAR, cause ARRAY<VARCHAR>>, productionError STRUCT<errorMessage VARCHAR>, \
    serializationError STRUCT<target VARCHAR, errorMessage VARCHAR, record VARCHAR, \
    cause ARRAY<VARCHAR>, `topic` VARCHAR>, kafkaStreamsThreadError STRUCT<errorMessage VARCHAR, \
    threadName VARCHAR, cause ARRAY<VARCHAR>>>";

/// Whether a text speaks of the stream or of its topic, which has to be there then.
pub fn is_named_in(text: &str) -> bool {
    text.to_ascii_uppercase().contains(STREAM)
}

/// The topic as it is created.
pub fn new_topic(name: &str) -> NewTopic<'_> {
    let config = TopicConfig {
        retention_bytes: RETENTION_BYTES,
        ..TopicConfig::default()
    };
    NewTopic {
        name,
        partitions: 1,
        replication_factor: 1,
        config,
    }
}

/// Whether a record is of the processing log, or was made of one by queries. Errors with such
/// records are not logged: a query that reads the log and fails would feed itself for ever.
pub fn comes_from(log: &Cluster, record: RecordId, topic: TopicId) -> bool {
    let cause = |id: &RecordId| log.record(*id)?.cause;
    let is_of_log = |id: RecordId| {
        log.partition(id.partition)
            .is_ok_and(|partition| partition.topic() == topic)
    };
    std::iter::successors(Some(record), cause)
        .take(CAUSES_MAX)
        .any(is_of_log)
}

impl Engine {
    /// The same with the stream of the processing log in its catalog.
    pub fn with_processing_log(mut self) -> Engine {
        let service = self.session.get("ksql.service.id").unwrap_or("default_");
        let topic = format!("{service}ksql_processing_log");
        let text = format!(
            "CREATE STREAM {STREAM} ({COLUMNS}) WITH (KAFKA_TOPIC='{topic}', PARTITIONS=1, \
             REPLICAS=1, VALUE_FORMAT='JSON');"
        );
        let parsed = headwater_syntax::parse(&text);
        debug_assert!(
            parsed.is_ok(),
            "the stream of the processing log is unreadable"
        );
        let commands = self.commands;
        if let Some(statement) = parsed.statements.first() {
            let log = Cluster::default();
            let done = self.execute(statement, &text, &log, VirtualTime::START);
            debug_assert!(done.is_ok(), "the stream of the processing log is refused");
        }
        // It is the server's own; statements of the session are counted from 0.
        self.commands = commands;
        self.processing_log = Some(topic.into());
        self
    }

    /// The topic of the processing log, if there is to be one.
    pub fn processing_log_topic(&self) -> Option<&str> {
        self.processing_log.as_deref()
    }

    /// Statements write nothing to the processing log.
    pub(super) fn check_not_the_log(&self, source: &Source, at: Span) -> Result<(), Diagnostic> {
        if self.processing_log.as_deref() != Some(source.topic.as_str()) {
            return Ok(());
        }
        let message = format!("Cannot insert into read-only topic: {}", source.topic);
        Err(wrong("read-only", message, at))
    }

    /// The value of the record that tells of an error.
    pub fn log_entry(&self, error: &ProcessingError, log: &Cluster, now: VirtualTime) -> String {
        let name = self.query(error.query).map_or("", |it| it.name.as_str());
        let mut logger = format!("processing.{name}");
        if !error.step.is_empty() {
            let _ = write!(logger, ".{}", error.step);
        }
        let record = log.record(error.record);
        let record = record.filter(|_| self.session.is_on("ksql.logging.processing.rows.include"));
        let partition = log.partition(error.record.partition);
        let topic = partition.and_then(|it| log.topic(it.topic()));
        let topic = topic.map_or("", |it| &*it.name);
        let (number, field, body) = match error.kind {
            ProcessingErrorKind::Deserialization => {
                (0, "deserializationError", unreadable(error, record, topic))
            }
            ProcessingErrorKind::Evaluation | ProcessingErrorKind::Timestamp => {
                (1, "recordProcessingError", unprocessed(error, record))
            }
            ProcessingErrorKind::Serialization => {
                let sink = self.query(error.query).and_then(|query| query.sink_topic());
                let body = unwritable(error, record, sink.unwrap_or(""));
                (3, "serializationError", body)
            }
            ProcessingErrorKind::Thread => {
                let service = self.application_id(name);
                (4, "kafkaStreamsThreadError", stopped(error, &service))
            }
        };
        const FIELDS: [&str; 5] = [
            "deserializationError",
            "recordProcessingError",
            "productionError",
            "serializationError",
            "kafkaStreamsThreadError",
        ];
        let mut message = format!("{{\"type\":{number}");
        for known in FIELDS {
            let value = if known == field {
                body.as_str()
            } else {
                "null"
            };
            let _ = write!(message, ",\"{known}\":{value}");
        }
        format!(
            "{{\"level\":\"ERROR\",\"logger\":{},\"time\":{},\"message\":{message}}}}}",
            quoted(&logger),
            now.epoch_millis()
        )
    }
}

fn target(error: &ProcessingError) -> &'static str {
    match error.target {
        Some(Part::Key) => "key",
        _ => "value",
    }
}

fn unreadable(error: &ProcessingError, record: Option<RecordRef<'_>>, topic: &str) -> String {
    let side = target(error);
    let bytes = record.and_then(|record| match error.target {
        Some(Part::Key) => record.key,
        _ => record.value,
    });
    let bytes = bytes.map_or_else(
        || "null".to_owned(),
        |bytes| {
            let mut text = Vec::new();
            encode_base64(bytes, &mut text);
            quoted(&String::from_utf8_lossy(&text))
        },
    );
    let message = format!(
        "Failed to deserialize {side} from topic: {topic}. {}",
        error.message
    );
    format!(
        "{{\"target\":\"{side}\",\"errorMessage\":{},\"recordB64\":{bytes},\"cause\":[{}],\
         \"topic\":{}}}",
        quoted(&message),
        quoted(&error.message),
        quoted(topic)
    )
}

fn unprocessed(error: &ProcessingError, record: Option<RecordRef<'_>>) -> String {
    let message = quoted(&error.message);
    let record = row(record);
    format!("{{\"errorMessage\":{message},\"record\":{record},\"cause\":[{message}]}}")
}

fn unwritable(error: &ProcessingError, record: Option<RecordRef<'_>>, topic: &str) -> String {
    let side = target(error);
    let message = format!(
        "Error serializing {side} to topic: {topic}. {}",
        error.message
    );
    format!(
        "{{\"target\":\"{side}\",\"errorMessage\":{},\"record\":{},\"cause\":[{}],\"topic\":{}}}",
        quoted(&message),
        row(record),
        quoted(&error.message),
        quoted(topic)
    )
}

fn stopped(error: &ProcessingError, application: &str) -> String {
    let message = quoted(&error.message);
    let thread = quoted(&format!("{application}-StreamThread-1"));
    format!("{{\"errorMessage\":{message},\"threadName\":{thread},\"cause\":[{message}]}}")
}

/// The value of the record that was being processed, where it is text.
fn row(record: Option<RecordRef<'_>>) -> String {
    let text = record.and_then(|record| std::str::from_utf8(record.value?).ok());
    text.map_or_else(|| "null".to_owned(), quoted)
}

/// A JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if u32::from(control) < 0x20 => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
