//! A topic: a name, a configuration and its partitions.
//!
//! Records are in the partitions, which the cluster keeps; the rules for names are here.

use crate::config::TopicConfig;
use crate::error::LogError;
use headwater_base::{PartitionId, TopicId};
use std::sync::Arc;

/// Longest name of a topic, in bytes.
pub const NAME_BYTES_MAX: usize = 249;

/// One topic.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    pub name: Arc<str>,
    /// Its partitions, in the order of their numbers.
    pub partitions: Vec<PartitionId>,
    /// How many replicas each partition has.
    pub replication_factor: u16,
    /// Its configuration.
    pub config: TopicConfig,
}

impl Topic {
    /// The id of partition `number`.
    pub fn partition(&self, number: u32) -> Result<PartitionId, LogError> {
        let found = self.partitions.get(number as usize).copied();
        found.ok_or_else(|| LogError::InvalidPartition {
            topic: self.name.to_string(),
            partition: number,
            count: self.partition_count(),
        })
    }

    /// How many partitions there are.
    pub fn partition_count(&self) -> u32 {
        self.partitions.len() as u32
    }
}

/// Checks a name by Kafka's rules.
///
/// ```
/// use headwater_log::topic::check_name;
/// assert!(check_name("ratings-by_club.status").is_ok());
/// let error = check_name(".").unwrap_err();
/// assert_eq!(error.to_string(), "Topic name is invalid: '.' is not allowed");
/// ```
pub fn check_name(name: &str) -> Result<(), LogError> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let why = match name {
        "" => "the empty string is not allowed".to_owned(),
        "." | ".." => format!("'{name}' is not allowed"),
        _ if name.len() > NAME_BYTES_MAX => {
            format!("the length of '{name}' is longer than the max allowed length {NAME_BYTES_MAX}")
        }
        _ if !name.chars().all(is_legal) => format!(
            "'{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' \
             and '-'"
        ),
        _ => return Ok(()),
    };
    Err(LogError::InvalidTopicName { why })
}
