//! How producers are configured: Kafka's names, defaults and limits, parsed from text, and which
//! values go together.

use crate::config::{Entry, unknown};
use crate::error::LogError;
use headwater_base::Millis;

/// Whose word a producer waits for (`acks`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Acks {
    /// Nobody's.
    None,
    /// The leader's.
    Leader,
    /// That of all in-sync replicas.
    #[default]
    All,
}

impl Acks {
    /// What is written for it in a configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Acks::None => "0",
            Acks::Leader => "1",
            Acks::All => "all",
        }
    }

    /// Reads `0`, `1`, `all` or `-1`, which is the same as `all`.
    pub fn named(text: &str) -> Option<Acks> {
        match text.trim() {
            "0" => Some(Acks::None),
            "1" => Some(Acks::Leader),
            "all" | "-1" => Some(Acks::All),
            _ => None,
        }
    }
}

/// How a producer works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProducerConfig {
    /// `acks`.
    pub acks: Acks,
    /// `batch.size`: after so many bytes, records without a key change partition.
    pub batch_size: u32,
    /// `buffer.memory`: so many bytes can wait to be sent.
    pub buffer_memory: u64,
    /// `delivery.timeout.ms`, where it was set.
    pub delivery_timeout_ms: Option<u32>,
    /// `enable.idempotence`, where it was set.
    pub enable_idempotence: Option<bool>,
    /// `linger.ms`: how long records wait for others that go with them. Kafka's own default is 5
    /// since version 4, and was 0 before.
    pub linger_ms: u32,
    /// `max.block.ms`: how long a send waits for room among what waits.
    pub max_block_ms: u32,
    /// `max.in.flight.requests.per.connection`: how many requests can wait for their answers.
    pub max_in_flight: u32,
    /// `max.request.size`: the largest record it sends.
    pub max_request_size: u32,
    /// `request.timeout.ms`: after which time without an answer it sends again.
    pub request_timeout_ms: u32,
    /// `retries`.
    pub retries: u32,
    /// `retry.backoff.ms`: how long it waits before it sends again.
    pub retry_backoff_ms: u32,
}

impl Default for ProducerConfig {
    fn default() -> ProducerConfig {
        ProducerConfig {
            acks: Acks::All,
            batch_size: 16_384,
            buffer_memory: 32 << 20,
            delivery_timeout_ms: None,
            enable_idempotence: None,
            linger_ms: 0,
            max_block_ms: 60_000,
            max_in_flight: 5,
            max_request_size: 1 << 20,
            request_timeout_ms: 30_000,
            retries: i32::MAX as u32,
            retry_backoff_ms: 100,
        }
    }
}

/// How many requests an idempotent producer can have in flight.
const IDEMPOTENT_IN_FLIGHT_MAX: u32 = 5;

impl ProducerConfig {
    /// The names that are understood.
    pub const NAMES: [&str; 12] = [
        "acks",
        "batch.size",
        "buffer.memory",
        "delivery.timeout.ms",
        "enable.idempotence",
        "linger.ms",
        "max.block.ms",
        "max.in.flight.requests.per.connection",
        "max.request.size",
        "request.timeout.ms",
        "retries",
        "retry.backoff.ms",
    ];

    /// Kafka's other configurations of a producer that a learner meets, which do nothing here yet.
    pub const NOT_SUPPORTED_YET: [&str; 8] = [
        "compression.type",
        "partitioner.adaptive.partitioning.enable",
        "partitioner.availability.timeout.ms",
        "partitioner.class",
        "partitioner.ignore.keys",
        "retry.backoff.max.ms",
        "transaction.timeout.ms",
        "transactional.id",
    ];

    /// Changes one configuration.
    ///
    /// ```
    /// use headwater_log::ProducerConfig;
    /// let mut config = ProducerConfig::default();
    /// assert!(config.is_idempotent());
    /// config.set("acks", "1")?;
    /// assert!(!config.is_idempotent(), "as in Kafka, it is then switched off");
    /// config.set("enable.idempotence", "true")?;
    /// assert!(config.check().is_err());
    /// # Ok::<(), headwater_log::LogError>(())
    /// ```
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), LogError> {
        let entry = Entry { name, value };
        let number = |least| entry.whole(least, i64::from(i32::MAX)).map(|it| it as u32);
        match name {
            "acks" => {
                let why = "String must be one of: all, -1, 0, 1";
                let acks = Acks::named(value);
                self.acks = acks.ok_or_else(|| entry.refuse(why.to_owned()))?;
            }
            "batch.size" => self.batch_size = number(0)?,
            "buffer.memory" => self.buffer_memory = entry.whole(0, i64::MAX)? as u64,
            "delivery.timeout.ms" => self.delivery_timeout_ms = Some(number(0)?),
            "enable.idempotence" => self.enable_idempotence = Some(entry.truth()?),
            "linger.ms" => self.linger_ms = number(0)?,
            "max.block.ms" => self.max_block_ms = number(0)?,
            "max.in.flight.requests.per.connection" => self.max_in_flight = number(1)?,
            "max.request.size" => self.max_request_size = number(0)?,
            "request.timeout.ms" => self.request_timeout_ms = number(0)?,
            "retries" => self.retries = number(0)?,
            "retry.backoff.ms" => self.retry_backoff_ms = number(0)?,
            _ => {
                let later = &Self::NOT_SUPPORTED_YET;
                return Err(unknown("producer", name, &Self::NAMES, later));
            }
        }
        Ok(())
    }

    /// Whether the brokers recognise what is sent twice: unless it is switched off, or `acks` and
    /// `retries` leave nothing to recognise.
    pub fn is_idempotent(&self) -> bool {
        let can = self.acks == Acks::All && self.retries > 0;
        self.enable_idempotence.unwrap_or(true) && can
    }

    /// `delivery.timeout.ms`: how long it tries. Its default leaves time for one request at least.
    pub fn delivery_timeout(&self) -> Millis {
        let default = self.least_delivery_timeout().max(120_000);
        Millis(self.delivery_timeout_ms.map_or(default, i64::from))
    }

    fn least_delivery_timeout(&self) -> i64 {
        i64::from(self.linger_ms) + i64::from(self.request_timeout_ms)
    }

    /// Whether the values go together, by Kafka's rules.
    pub fn check(&self) -> Result<(), LogError> {
        let refuse = |name: &str, value: String, why: &str| {
            Err(LogError::InvalidConfig {
                name: name.to_owned(),
                value,
                why: why.to_owned(),
            })
        };
        let asked = self.enable_idempotence;
        if asked == Some(true) && self.retries == 0 {
            let why = "Must set retries to non-zero when using the idempotent producer.";
            return refuse("retries", "0".to_owned(), why);
        }
        if asked == Some(true) && self.acks != Acks::All {
            let why = "Must set acks to all in order to use the idempotent producer. Otherwise we \
                       cannot guarantee idempotence.";
            return refuse("acks", self.acks.name().to_owned(), why);
        }
        if asked != Some(false) && self.max_in_flight > IDEMPOTENT_IN_FLIGHT_MAX {
            let name = "max.in.flight.requests.per.connection";
            let why = "To use the idempotent producer, it must be set to at most 5.";
            return refuse(name, self.max_in_flight.to_string(), why);
        }
        match self.delivery_timeout_ms {
            Some(set) if i64::from(set) < self.least_delivery_timeout() => {
                let why = "should be equal to or larger than linger.ms + request.timeout.ms";
                refuse("delivery.timeout.ms", set.to_string(), why)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_values_are_refused() {
        let mut config = ProducerConfig::default();
        for (name, value) in [("batch.size", "-1"), ("acks", "2"), ("retries", "many")] {
            assert_eq!(
                config.set(name, value).unwrap_err().code(),
                "invalid-config"
            );
        }
        let later = config.set("transactional.id", "t").unwrap_err();
        assert_eq!(later.code(), "unsupported-config");
        assert_eq!(config, ProducerConfig::default());
    }

    #[test]
    fn producers_are_refused_what_kafka_refuses() {
        let refused = |pairs: &[(&str, &str)]| {
            let mut config = ProducerConfig::default();
            for (name, value) in pairs {
                config.set(name, value).expect("each is possible alone");
            }
            config.check().map_err(|it| it.to_string())
        };
        for (pairs, why) in [
            (
                &[("enable.idempotence", "true"), ("acks", "1")][..],
                "Invalid value 1 for configuration acks: Must set acks to all in order to use the \
                 idempotent producer. Otherwise we cannot guarantee idempotence.",
            ),
            (
                &[("enable.idempotence", "true"), ("retries", "0")],
                "Invalid value 0 for configuration retries: Must set retries to non-zero when \
                 using the idempotent producer.",
            ),
            (
                &[("max.in.flight.requests.per.connection", "6")],
                "Invalid value 6 for configuration max.in.flight.requests.per.connection: To use \
                 the idempotent producer, it must be set to at most 5.",
            ),
            (
                &[("delivery.timeout.ms", "30004"), ("linger.ms", "5")],
                "Invalid value 30004 for configuration delivery.timeout.ms: should be equal to or \
                 larger than linger.ms + request.timeout.ms",
            ),
        ] {
            assert_eq!(refused(pairs), Err(why.to_owned()));
        }
        assert_eq!(refused(&[("acks", "1"), ("retries", "0")]), Ok(()));
        let off = ("enable.idempotence", "false");
        let many = ("max.in.flight.requests.per.connection", "100");
        assert_eq!(refused(&[off, many]), Ok(()));
        // What was not set gives way.
        assert_eq!(refused(&[("request.timeout.ms", "200000")]), Ok(()));
    }
}
