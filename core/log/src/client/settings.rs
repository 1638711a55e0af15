//! How consumers are configured: Kafka's names, defaults and limits, parsed from text. Producers
//! have theirs in [`super::producer_config`].

use crate::client::assignor::Assignor;
use crate::client::coordinator::Terms;
use crate::config::{Entry, unknown};
use crate::error::LogError;
use headwater_base::Millis;

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
    /// `session.timeout.ms`: a member that is silent for so long is taken for dead.
    pub session_timeout_ms: i64,
    /// `heartbeat.interval.ms`: how often a member tells that it is alive.
    pub heartbeat_interval_ms: i64,
    /// `max.poll.interval.ms`: a member that does not poll for so long leaves its group. It is
    /// also how long a rebalance waits for the member.
    pub max_poll_interval_ms: i64,
    /// `partition.assignment.strategy`, the preferred one first; never empty.
    pub assignors: Vec<Assignor>,
}

impl Default for ConsumerConfig {
    fn default() -> ConsumerConfig {
        ConsumerConfig {
            auto_offset_reset: OffsetReset::Earliest,
            enable_auto_commit: true,
            auto_commit_interval_ms: 5000,
            max_poll_records: 500,
            max_partition_fetch_bytes: 1 << 20,
            session_timeout_ms: 45_000,
            heartbeat_interval_ms: 3_000,
            max_poll_interval_ms: 300_000,
            assignors: vec![Assignor::Range, Assignor::CooperativeSticky],
        }
    }
}

impl ConsumerConfig {
    /// The names that are understood.
    pub const NAMES: [&str; 11] = [
        "auto.commit.interval.ms",
        "auto.offset.reset",
        "enable.auto.commit",
        "group.protocol",
        "heartbeat.interval.ms",
        "isolation.level",
        "max.partition.fetch.bytes",
        "max.poll.interval.ms",
        "max.poll.records",
        "partition.assignment.strategy",
        "session.timeout.ms",
    ];

    /// Kafka's other configurations of a consumer that a learner meets, which do nothing here yet.
    pub const NOT_SUPPORTED_YET: [&str; 7] = [
        "client.rack",
        "fetch.max.bytes",
        "fetch.max.wait.ms",
        "fetch.min.bytes",
        "group.instance.id",
        "group.remote.assignor",
        "request.timeout.ms",
    ];

    /// On which terms a consumer so configured is a member of a group.
    pub fn terms(&self) -> Terms {
        Terms {
            assignors: self.assignors.clone(),
            session_timeout: Millis(self.session_timeout_ms),
            rebalance_timeout: Millis(self.max_poll_interval_ms),
        }
    }

    /// Whether the values go together, by Kafka's rule: a member has to be heard of within its
    /// session.
    pub fn check(&self) -> Result<(), LogError> {
        if self.heartbeat_interval_ms < self.session_timeout_ms {
            return Ok(());
        }
        Err(LogError::InvalidConfig {
            name: "heartbeat.interval.ms".to_owned(),
            value: self.heartbeat_interval_ms.to_string(),
            why: "The value must be lower than session.timeout.ms".to_owned(),
        })
    }

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
            "session.timeout.ms" => {
                self.session_timeout_ms = entry.whole(1, i64::from(i32::MAX))?;
            }
            "heartbeat.interval.ms" => {
                self.heartbeat_interval_ms = entry.whole(1, i64::from(i32::MAX))?;
            }
            "max.poll.interval.ms" => {
                self.max_poll_interval_ms = entry.whole(1, i64::from(i32::MAX))?;
            }
            "partition.assignment.strategy" => self.assignors = assignors(&entry)?,
            // Of these the one value is what there is here; the others have not come yet.
            "isolation.level" => entry.only("read_uncommitted", &["read_committed"])?,
            "group.protocol" => entry.only("classic", &["consumer"])?,
            _ => {
                let later = &Self::NOT_SUPPORTED_YET;
                return Err(unknown("consumer", name, &Self::NAMES, later));
            }
        }
        Ok(())
    }
}

/// The assignors of a list with commas, each once.
fn assignors(entry: &Entry<'_>) -> Result<Vec<Assignor>, LogError> {
    let mut found = Vec::new();
    for name in entry.value.split(',').map(str::trim) {
        let Some(assignor) = Assignor::named(name) else {
            let names: Vec<&str> = Assignor::ALL.iter().map(|it| it.name()).collect();
            return Err(entry.refuse(format!("Each has to be one of: {}", names.join(", "))));
        };
        if found.contains(&assignor) {
            return Err(entry.refuse(format!("{name} is given twice")));
        }
        found.push(assignor);
    }
    Ok(found)
}

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
        let later = config.set("isolation.level", "read_committed").unwrap_err();
        assert_eq!(
            (later.code(), later.to_string().as_str()),
            (
                "unsupported-config",
                "isolation.level=read_committed is not supported yet."
            )
        );
        config
            .set("isolation.level", "read_uncommitted")
            .expect("it is what there is");
        let later = config.set("group.instance.id", "a").unwrap_err();
        assert_eq!(later.code(), "unsupported-config");
        for (name, value) in [
            ("auto.offset.reset", "first"),
            ("enable.auto.commit", "yes"),
            ("max.poll.records", "0"),
            ("isolation.level", "dirty"),
            ("partition.assignment.strategy", "range,rnge"),
            ("partition.assignment.strategy", ""),
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
    }
}
