//! A topic's configuration: Kafka's names, defaults and limits, parsed from text.
//!
//! What the values do is in `partition`, `retention` and `compaction`.

use crate::error::LogError;
use headwater_base::limits::RECORD_BYTES_MAX;
use headwater_base::{diagnostic::nearest, order};

/// What happens to old records (`cleanup.policy`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CleanupPolicy {
    /// Old segments go, by time and by size.
    Delete,
    /// The last record of each key stays.
    Compact,
    /// Both.
    CompactDelete,
}

impl CleanupPolicy {
    /// Whether retention by time and size acts.
    pub const fn deletes(self) -> bool {
        matches!(self, CleanupPolicy::Delete | CleanupPolicy::CompactDelete)
    }

    /// Whether compaction acts.
    pub const fn compacts(self) -> bool {
        matches!(self, CleanupPolicy::Compact | CleanupPolicy::CompactDelete)
    }
}

/// Which time a record gets (`message.timestamp.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimestampType {
    /// The producer's.
    CreateTime,
    /// The log's, when it takes the record.
    LogAppendTime,
}

/// The configuration of one topic.
///
/// ```
/// use headwater_log::TopicConfig;
/// let config = TopicConfig::parse([("retention.ms", "60000"), ("segment.bytes", "65536")])?;
/// assert_eq!(config.retention_ms, 60_000);
/// assert!(TopicConfig::parse([("retention.msec", "1")]).is_err());
/// # Ok::<(), headwater_log::LogError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct TopicConfig {
    /// `cleanup.policy`.
    pub cleanup_policy: CleanupPolicy,
    /// `retention.ms`; -1 is for ever.
    pub retention_ms: i64,
    /// `retention.bytes` of one partition; -1 is without limit.
    pub retention_bytes: i64,
    /// `segment.bytes`.
    pub segment_bytes: u32,
    /// `segment.ms`.
    pub segment_ms: i64,
    /// `delete.retention.ms`: how long a tombstone stays after it was first compacted.
    pub delete_retention_ms: i64,
    /// `min.cleanable.dirty.ratio`: which share must be uncompacted before compaction starts.
    pub min_cleanable_dirty_ratio: f64,
    /// `min.compaction.lag.ms`: how long a record stays uncompacted.
    pub min_compaction_lag_ms: i64,
    /// `max.compaction.lag.ms`: after which time compaction starts whatever the ratio.
    pub max_compaction_lag_ms: i64,
    /// `max.message.bytes`.
    pub max_message_bytes: u32,
    /// `message.timestamp.type`.
    pub message_timestamp_type: TimestampType,
    /// `min.insync.replicas`.
    pub min_insync_replicas: u16,
}

impl Default for TopicConfig {
    fn default() -> TopicConfig {
        TopicConfig {
            cleanup_policy: CleanupPolicy::Delete,
            retention_ms: 604_800_000,
            retention_bytes: -1,
            segment_bytes: 1 << 30,
            segment_ms: 604_800_000,
            delete_retention_ms: 86_400_000,
            min_cleanable_dirty_ratio: 0.5,
            min_compaction_lag_ms: 0,
            max_compaction_lag_ms: i64::MAX,
            max_message_bytes: RECORD_BYTES_MAX as u32,
            message_timestamp_type: TimestampType::CreateTime,
            min_insync_replicas: 1,
        }
    }
}

/// The names that are understood, in the order of the alphabet.
pub const NAMES: [&str; 12] = [
    "cleanup.policy",
    "delete.retention.ms",
    "max.compaction.lag.ms",
    "max.message.bytes",
    "message.timestamp.type",
    "min.cleanable.dirty.ratio",
    "min.compaction.lag.ms",
    "min.insync.replicas",
    "retention.bytes",
    "retention.ms",
    "segment.bytes",
    "segment.ms",
];

/// Kafka's other topic configurations, which do nothing here yet.
pub const NOT_SUPPORTED_YET: [&str; 17] = [
    "compression.gzip.level",
    "compression.lz4.level",
    "compression.type",
    "compression.zstd.level",
    "file.delete.delay.ms",
    "flush.messages",
    "flush.ms",
    "follower.replication.throttled.replicas",
    "index.interval.bytes",
    "leader.replication.throttled.replicas",
    "local.retention.bytes",
    "local.retention.ms",
    "message.timestamp.after.max.ms",
    "message.timestamp.before.max.ms",
    "remote.storage.enable",
    "segment.index.bytes",
    "unclean.leader.election.enable",
];

impl TopicConfig {
    /// Kafka's defaults, changed by `pairs` of name and value.
    pub fn parse<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<TopicConfig, LogError> {
        let mut config = TopicConfig::default();
        for (name, value) in pairs {
            config.set(name, value)?;
        }
        Ok(config)
    }

    /// Changes one configuration.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), LogError> {
        let entry = Entry { name, value };
        match name {
            "cleanup.policy" => self.cleanup_policy = entry.cleanup_policy()?,
            "retention.ms" => self.retention_ms = entry.whole(-1, i64::MAX)?,
            "retention.bytes" => self.retention_bytes = entry.whole(-1, i64::MAX)?,
            "segment.bytes" => {
                self.segment_bytes = entry.whole(14, i64::from(i32::MAX))? as u32;
            }
            "segment.ms" => self.segment_ms = entry.whole(1, i64::MAX)?,
            "delete.retention.ms" => self.delete_retention_ms = entry.whole(0, i64::MAX)?,
            "min.cleanable.dirty.ratio" => self.min_cleanable_dirty_ratio = entry.ratio()?,
            "min.compaction.lag.ms" => self.min_compaction_lag_ms = entry.whole(0, i64::MAX)?,
            "max.compaction.lag.ms" => self.max_compaction_lag_ms = entry.whole(1, i64::MAX)?,
            "max.message.bytes" => {
                self.max_message_bytes = entry.whole(0, i64::from(i32::MAX))? as u32;
            }
            "message.timestamp.type" => self.message_timestamp_type = entry.timestamp_type()?,
            "min.insync.replicas" => {
                self.min_insync_replicas = entry.whole(1, i64::from(u16::MAX))? as u16;
            }
            _ => return Err(unknown("topic", name, &NAMES, &NOT_SUPPORTED_YET)),
        }
        Ok(())
    }

    /// The value of one configuration, as Kafka's tools print it.
    pub fn get(&self, name: &str) -> Option<String> {
        Some(match name {
            "cleanup.policy" => match self.cleanup_policy {
                CleanupPolicy::Delete => "delete".to_owned(),
                CleanupPolicy::Compact => "compact".to_owned(),
                CleanupPolicy::CompactDelete => "compact,delete".to_owned(),
            },
            "retention.ms" => self.retention_ms.to_string(),
            "retention.bytes" => self.retention_bytes.to_string(),
            "segment.bytes" => self.segment_bytes.to_string(),
            "segment.ms" => self.segment_ms.to_string(),
            "delete.retention.ms" => self.delete_retention_ms.to_string(),
            "min.cleanable.dirty.ratio" => format!("{:?}", self.min_cleanable_dirty_ratio),
            "min.compaction.lag.ms" => self.min_compaction_lag_ms.to_string(),
            "max.compaction.lag.ms" => self.max_compaction_lag_ms.to_string(),
            "max.message.bytes" => self.max_message_bytes.to_string(),
            "message.timestamp.type" => match self.message_timestamp_type {
                TimestampType::CreateTime => "CreateTime".to_owned(),
                TimestampType::LogAppendTime => "LogAppendTime".to_owned(),
            },
            "min.insync.replicas" => self.min_insync_replicas.to_string(),
            _ => return None,
        })
    }
}

/// The error for a name that is not understood: unknown to Kafka, or only here.
pub(crate) fn unknown(
    of: &'static str,
    name: &str,
    known: &[&'static str],
    not_supported_yet: &[&'static str],
) -> LogError {
    if not_supported_yet.contains(&name) {
        return LogError::UnsupportedConfig {
            name: name.to_owned(),
        };
    }
    let near = nearest(name, known.iter().copied());
    LogError::UnknownConfig {
        of,
        name: name.to_owned(),
        near: near.into_iter().map(str::to_owned).collect(),
    }
}

/// One name with its value, on the way into a configuration.
pub(crate) struct Entry<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
}

impl Entry<'_> {
    pub(crate) fn refuse(&self, why: String) -> LogError {
        LogError::InvalidConfig {
            name: self.name.to_owned(),
            value: self.value.to_owned(),
            why,
        }
    }

    pub(crate) fn whole(&self, least: i64, most: i64) -> Result<i64, LogError> {
        let number: i64 = self
            .value
            .trim()
            .parse()
            .map_err(|_| self.refuse("Not a whole number of 64 bits".to_owned()))?;
        if number < least {
            return Err(self.refuse(format!("Value must be at least {least}")));
        }
        if number > most {
            return Err(self.refuse(format!("Value must be no more than {most}")));
        }
        Ok(number)
    }

    /// `true` or `false`; like Kafka, without regard to case.
    pub(crate) fn truth(&self) -> Result<bool, LogError> {
        match self.value.trim() {
            value if value.eq_ignore_ascii_case("true") => Ok(true),
            value if value.eq_ignore_ascii_case("false") => Ok(false),
            _ => Err(self.refuse("Expected value to be either true or false".to_owned())),
        }
    }

    /// The one value that works here; others of Kafka's have not come yet.
    pub(crate) fn only(&self, value: &str, later: &[&str]) -> Result<(), LogError> {
        match self.value.trim() {
            given if given == value => Ok(()),
            given if later.contains(&given) => Err(LogError::UnsupportedConfig {
                name: format!("{}={given}", self.name),
            }),
            _ => {
                let all = [&[value], later].concat().join(", ");
                Err(self.refuse(format!("String must be one of: {all}")))
            }
        }
    }

    fn ratio(&self) -> Result<f64, LogError> {
        match self.value.trim().parse() {
            Ok(ratio) if (0.0..=1.0).contains(&ratio) => Ok(ratio),
            _ => Err(self.refuse("Value must be a number from 0 to 1".to_owned())),
        }
    }

    fn cleanup_policy(&self) -> Result<CleanupPolicy, LogError> {
        let mut parts: Vec<&str> = self.value.split(',').map(str::trim).collect();
        order::sort(&mut parts);
        parts.dedup();
        match parts[..] {
            ["delete"] => Ok(CleanupPolicy::Delete),
            ["compact"] => Ok(CleanupPolicy::Compact),
            ["compact", "delete"] => Ok(CleanupPolicy::CompactDelete),
            _ => Err(self.refuse("String must be one of: compact, delete, or both".to_owned())),
        }
    }

    fn timestamp_type(&self) -> Result<TimestampType, LogError> {
        match self.value.trim() {
            "CreateTime" => Ok(TimestampType::CreateTime),
            "LogAppendTime" => Ok(TimestampType::LogAppendTime),
            _ => Err(self.refuse("String must be one of: CreateTime, LogAppendTime".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_value_that_can_be_set_again() {
        let config = TopicConfig::default();
        for name in NAMES {
            let value = config.get(name).expect("it is a known name");
            let mut other = TopicConfig::default();
            other.set(name, &value).expect("its own value suits");
            assert_eq!(other, config, "{name}");
        }
        assert_eq!(config.get("flush.ms"), None);
    }

    #[test]
    fn errors_tell_the_nearest_name_and_the_limit() {
        let mut config = TopicConfig::default();
        let error = config.set("retention.mss", "1").unwrap_err();
        assert_eq!(error.hints()[0], "Did you mean retention.ms?");
        let error = config.set("segment.bytes", "13").unwrap_err();
        assert_eq!(
            error.to_string(),
            "Invalid value 13 for configuration segment.bytes: Value must be at least 14"
        );
        let error = config.set("flush.ms", "13").unwrap_err();
        assert_eq!(error.code(), "unsupported-config");
        for (name, value) in [
            ("cleanup.policy", "delete,shred"),
            ("cleanup.policy", ""),
            ("min.cleanable.dirty.ratio", "NaN"),
            ("retention.ms", "1e3"),
            ("message.timestamp.type", "createtime"),
        ] {
            assert_eq!(
                config.set(name, value).unwrap_err().code(),
                "invalid-config"
            );
        }
        assert_eq!(config, TopicConfig::default());
    }
}
