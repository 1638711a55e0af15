//! A producer: chooses partitions and appends. It knows nothing of what it sends.
//!
//! A send is over once the leader has the record; batches that wait, and who waits for followers,
//! are the simulation's.

use crate::client::partitioner::{Sticky, partition_for_key};
use crate::client::producer_config::ProducerConfig;
use crate::cluster::Cluster;
use crate::error::LogError;
use crate::record::{Headers, NewRecord};
use headwater_base::{Chance, ProducerId, RecordId, SortedMap, TopicId, VirtualTime};

/// A record to send, as Kafka's `ProducerRecord`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProducerRecord<'a> {
    /// The partition, if the sender wants a certain one.
    pub partition: Option<u32>,
    /// The time it carries; without it, now.
    pub timestamp: Option<i64>,
    /// The key.
    pub key: Option<&'a [u8]>,
    /// The value.
    pub value: Option<&'a [u8]>,
    /// The headers.
    pub headers: Headers<'a>,
    /// The record that this one is made from.
    pub cause: Option<RecordId>,
}

/// A producer.
///
/// ```
/// use headwater_base::{ProducerId, VirtualTime};
/// use headwater_log::{Cluster, NewTopic, Producer, ProducerRecord};
/// let mut cluster = Cluster::default();
/// let topic = cluster.create_topic(NewTopic::new("ratings", 3))?;
/// let mut producer = Producer::new(ProducerId(0), 7, "ratings generator");
/// let record = ProducerRecord { key: Some(b"21"), value: Some(b"{}"), ..Default::default() };
/// let sent = producer.send(&mut cluster, topic, &record, VirtualTime::START)?;
/// assert_eq!(cluster.partition(sent.partition)?.number(), 0);
/// # Ok::<(), headwater_log::LogError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Producer {
    /// Its id.
    pub id: ProducerId,
    /// How it works.
    pub config: ProducerConfig,
    chance: Chance,
    sticky: SortedMap<TopicId, Sticky>,
}

impl Producer {
    /// A producer whose chance is the stream of `name` under `seed`.
    pub fn new(id: ProducerId, seed: u64, name: &str) -> Producer {
        Producer {
            id,
            config: ProducerConfig::default(),
            chance: Chance::new(seed, &format!("partitioner {name}")),
            sticky: SortedMap::new(),
        }
    }

    /// Chooses the partition of a record and appends it.
    pub fn send(
        &mut self,
        cluster: &mut Cluster,
        topic: TopicId,
        record: &ProducerRecord<'_>,
        now: VirtualTime,
    ) -> Result<RecordId, LogError> {
        let found = cluster.topic(topic)?;
        self.check_size(record)?;
        let number = match record.partition {
            Some(number) => number,
            None => self.partition_for(topic, found.partition_count(), record),
        };
        let partition = found.partition(number)?;
        let new = NewRecord {
            timestamp: record.timestamp.unwrap_or(now.epoch_millis()),
            key: record.key,
            value: record.value,
            headers: record.headers,
            cause: record.cause,
        };
        let offset = cluster
            .append_with(partition, &[new], self.config.acks, now)?
            .start;
        Ok(RecordId { partition, offset })
    }

    /// Refuses a record that exceeds `max.request.size`.
    pub fn check_size(&self, record: &ProducerRecord<'_>) -> Result<(), LogError> {
        let (bytes, most) = (
            contents_bytes(record),
            u64::from(self.config.max_request_size),
        );
        match bytes > most {
            true => Err(LogError::RequestTooLarge { bytes, most }),
            false => Ok(()),
        }
    }

    /// The partition, of so many of a topic, that a record without a wish goes to: that of its key,
    /// else the one that records without keys go to at present. To be asked once a record.
    pub fn partition_for(
        &mut self,
        topic: TopicId,
        partitions: u32,
        record: &ProducerRecord<'_>,
    ) -> u32 {
        if let Some(key) = record.key {
            return partition_for_key(key, partitions);
        }
        self.sticky.entry(topic).or_default().choose(
            partitions,
            contents_bytes(record),
            u64::from(self.config.batch_size),
            &mut self.chance,
        )
    }
}

fn contents_bytes(record: &ProducerRecord<'_>) -> u64 {
    let part = |bytes: Option<&[u8]>| bytes.map_or(0, <[u8]>::len);
    (part(record.key) + part(record.value) + record.headers.bytes().len()) as u64
}
