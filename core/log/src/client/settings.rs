//! How clients are configured: Kafka's names, defaults and limits, parsed from text.

use crate::config::{Entry, unknown};
use crate::error::LogError;

/// Where to begin without a usable offset (`auto.offset.reset`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OffsetReset {
    /// At the first record that is there. Kafka's own default is `latest`.
    #[default]
    Earliest,
    /// After the last record.
    Latest,
    /// Nowhere: polling fails.
    None,
}

/// How a consumer works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerConfig {
    /// `auto.offset.reset`.
    pub auto_offset_reset: OffsetReset,
    /// `enable.auto.commit`.
    pub enable_auto_commit: bool,
    /// `auto.commit.interval.ms`.
    pub auto_commit_interval_ms: i64,
    /// `max.poll.records`.
    pub max_poll_records: u32,
    /// `max.partition.fetch.bytes`.
    pub max_partition_fetch_bytes: u32,
}

impl Default for ConsumerConfig {
    fn default() -> ConsumerConfig {
        ConsumerConfig {
            auto_offset_reset: OffsetReset::Earliest,
            enable_auto_commit: true,
            auto_commit_interval_ms: 5000,
            max_poll_records: 500,
            max_partition_fetch_bytes: 1 << 20,
        }
    }
}

impl ConsumerConfig {
    /// The names that are understood.
    pub const NAMES: [&str; 5] = [
        "auto.commit.interval.ms",
        "auto.offset.reset",
        "enable.auto.commit",
        "max.partition.fetch.bytes",
        "max.poll.records",
    ];

    /// Changes one configuration.
    ///
    /// ```
    /// use headwater_log::{ConsumerConfig, OffsetReset};
    /// let mut config = ConsumerConfig::default();
    /// config.set("auto.offset.reset", "latest")?;
    /// assert_eq!(config.auto_offset_reset, OffsetReset::Latest);
    /// # Ok::<(), headwater_log::LogError>(())
    /// ```
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), LogError> {
        let entry = Entry { name, value };
        match name {
            "auto.commit.interval.ms" => {
                self.auto_commit_interval_ms = entry.whole(1, i64::from(i32::MAX))?;
            }
            "auto.offset.reset" => {
                self.auto_offset_reset = match value.trim() {
                    "earliest" => OffsetReset::Earliest,
                    "latest" => OffsetReset::Latest,
                    "none" => OffsetReset::None,
                    _ => {
                        let why = "String must be one of: earliest, latest, none";
                        return Err(entry.refuse(why.to_owned()));
                    }
                };
            }
            "enable.auto.commit" => self.enable_auto_commit = entry.truth()?,
            "max.partition.fetch.bytes" => {
                self.max_partition_fetch_bytes = entry.whole(0, i64::from(i32::MAX))? as u32;
            }
            "max.poll.records" => {
                self.max_poll_records = entry.whole(1, i64::from(i32::MAX))? as u32;
            }
            _ => {
                return Err(unknown(
                    "consumer",
                    name,
                    &Self::NAMES,
                    &CONSUMER_UNSUPPORTED,
                ));
            }
        }
        Ok(())
    }
}

/// Kafka's other consumer configurations that a learner meets, which do nothing here yet.
const CONSUMER_UNSUPPORTED: [&str; 11] = [
    "fetch.max.bytes",
    "fetch.max.wait.ms",
    "fetch.min.bytes",
    "group.instance.id",
    "group.protocol",
    "heartbeat.interval.ms",
    "isolation.level",
    "max.poll.interval.ms",
    "partition.assignment.strategy",
    "request.timeout.ms",
    "session.timeout.ms",
];

/// How a producer works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProducerConfig {
    /// `batch.size`: after so many bytes, records without a key change partition.
    pub batch_size: u32,
    /// `linger.ms`: how long records wait for others that go with them. Kafka's own default is 5
    /// since version 4, and was 0 before.
    pub linger_ms: u32,
    /// `max.request.size`: the largest record it sends.
    pub max_request_size: u32,
}

impl Default for ProducerConfig {
    fn default() -> ProducerConfig {
        ProducerConfig {
            batch_size: 16_384,
            linger_ms: 0,
            max_request_size: 1 << 20,
        }
    }
}

impl ProducerConfig {
    /// The names that are understood.
    pub const NAMES: [&str; 3] = ["batch.size", "linger.ms", "max.request.size"];

    /// Changes one configuration.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), LogError> {
        let entry = Entry { name, value };
        match name {
            "batch.size" => self.batch_size = entry.whole(0, i64::from(i32::MAX))? as u32,
            "linger.ms" => self.linger_ms = entry.whole(0, i64::from(i32::MAX))? as u32,
            "max.request.size" => {
                self.max_request_size = entry.whole(0, i64::from(i32::MAX))? as u32;
            }
            _ => {
                return Err(unknown(
                    "producer",
                    name,
                    &Self::NAMES,
                    &PRODUCER_UNSUPPORTED,
                ));
            }
        }
        Ok(())
    }
}

/// Kafka's other producer configurations that a learner meets, which do nothing here yet.
const PRODUCER_UNSUPPORTED: [&str; 8] = [
    "acks",
    "buffer.memory",
    "compression.type",
    "delivery.timeout.ms",
    "enable.idempotence",
    "max.in.flight.requests.per.connection",
    "retries",
    "transactional.id",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_and_values_are_refused() {
        let mut config = ConsumerConfig::default();
        let near = config.set("max.pol.records", "5").unwrap_err();
        assert_eq!(
            near.to_string(),
            "Unknown consumer config name: max.pol.records"
        );
        assert_eq!(near.hints(), ["Did you mean max.poll.records?"]);
        let later = config.set("session.timeout.ms", "5").unwrap_err();
        assert_eq!(later.code(), "unsupported-config");
        for (name, value) in [
            ("auto.offset.reset", "first"),
            ("enable.auto.commit", "yes"),
            ("max.poll.records", "0"),
        ] {
            assert_eq!(
                config.set(name, value).unwrap_err().code(),
                "invalid-config"
            );
        }
        assert_eq!(config, ConsumerConfig::default());
        config
            .set("enable.auto.commit", "FALSE")
            .expect("Kafka ignores case here");
        assert!(!config.enable_auto_commit);
        let mut producer = ProducerConfig::default();
        assert!(producer.set("batch.size", "-1").is_err());
        assert!(producer.set("acks", "all").is_err());
    }
}
