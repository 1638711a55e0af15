//! How all brokers are configured: Kafka's names, defaults and limits, parsed from text.
//!
//! What counts for topics counts for those that are created later.

use crate::config::{Entry, TopicConfig, unknown};
use crate::error::LogError;
use headwater_base::Millis;
use headwater_base::limits::{BROKERS_MAX, PARTITIONS_MAX};

/// The configuration that all brokers share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokerConfig {
    /// `auto.leader.rebalance.enable`: whether preferred leaders lead again by themselves.
    pub auto_leader_rebalance_enable: bool,
    /// `broker.session.timeout.ms`: a broker that the controller has not heard of for so long is
    /// fenced, and others take its place.
    pub broker_session_timeout: Millis,
    /// `default.replication.factor`.
    pub default_replication_factor: u16,
    /// `leader.imbalance.check.interval.seconds`.
    pub leader_imbalance_check_interval: Millis,
    /// `log.retention.bytes`, for topics that do not say otherwise. Kafka has no limit there.
    pub log_retention_bytes: i64,
    /// `log.segment.bytes`, likewise. Kafka's default is 1 GiB.
    pub log_segment_bytes: u32,
    /// `min.insync.replicas`, likewise.
    pub min_insync_replicas: u16,
    /// `num.partitions`.
    pub num_partitions: u32,
    /// `replica.lag.time.max.ms`: a follower that has not caught up for so long is not in sync.
    pub replica_lag_time_max: Millis,
}

impl Default for BrokerConfig {
    fn default() -> BrokerConfig {
        BrokerConfig {
            auto_leader_rebalance_enable: true,
            broker_session_timeout: Millis::seconds(9),
            default_replication_factor: 1,
            leader_imbalance_check_interval: Millis::seconds(300),
            log_retention_bytes: 4 << 20,
            log_segment_bytes: 64 << 10,
            min_insync_replicas: 1,
            num_partitions: 1,
            replica_lag_time_max: Millis::seconds(30),
        }
    }
}

impl BrokerConfig {
    /// The names that are understood.
    pub const NAMES: [&str; 9] = [
        "auto.leader.rebalance.enable",
        "broker.session.timeout.ms",
        "default.replication.factor",
        "leader.imbalance.check.interval.seconds",
        "log.retention.bytes",
        "log.segment.bytes",
        "min.insync.replicas",
        "num.partitions",
        "replica.lag.time.max.ms",
    ];

    /// Changes one configuration.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), LogError> {
        let entry = Entry { name, value };
        let millis = || entry.whole(1, i64::from(i32::MAX)).map(Millis);
        match name {
            "auto.leader.rebalance.enable" => self.auto_leader_rebalance_enable = entry.truth()?,
            "broker.session.timeout.ms" => self.broker_session_timeout = millis()?,
            "default.replication.factor" => {
                self.default_replication_factor = entry.whole(1, i64::from(BROKERS_MAX))? as u16;
            }
            "leader.imbalance.check.interval.seconds" => {
                self.leader_imbalance_check_interval = Millis(millis()?.0 * 1000);
            }
            "log.retention.bytes" => self.log_retention_bytes = entry.whole(-1, i64::MAX)?,
            "log.segment.bytes" => {
                self.log_segment_bytes = entry.whole(14, i64::from(i32::MAX))? as u32;
            }
            "min.insync.replicas" => {
                self.min_insync_replicas = entry.whole(1, i64::from(u16::MAX))? as u16;
            }
            "num.partitions" => {
                self.num_partitions = entry.whole(1, i64::from(PARTITIONS_MAX))? as u32;
            }
            "replica.lag.time.max.ms" => self.replica_lag_time_max = millis()?,
            _ => {
                let later = ["unclean.leader.election.enable", "compression.type"];
                return Err(unknown("broker", name, &Self::NAMES, &later));
            }
        }
        Ok(())
    }

    /// The configuration of a topic that says nothing itself.
    pub fn topic_defaults(&self) -> TopicConfig {
        TopicConfig {
            segment_bytes: self.log_segment_bytes,
            retention_bytes: self.log_retention_bytes,
            min_insync_replicas: self.min_insync_replicas,
            ..TopicConfig::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_takes_a_value_and_refuses_another() {
        for name in BrokerConfig::NAMES {
            let mut config = BrokerConfig::default();
            let value = if name.ends_with(".enable") {
                "false"
            } else {
                "20"
            };
            let value = if name.starts_with("default.") {
                "2"
            } else {
                value
            };
            config.set(name, value).expect("it is possible");
            assert_ne!(config, BrokerConfig::default(), "{name}");
            let refused = config.set(name, "-7").unwrap_err();
            assert_eq!(refused.code(), "invalid-config");
        }
        let error = BrokerConfig::default()
            .set("num.partition", "1")
            .unwrap_err();
        assert_eq!(error.hints(), ["Did you mean num.partitions?"]);
    }
}
