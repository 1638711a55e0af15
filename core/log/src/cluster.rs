//! All topics and their partitions, in dense tables by id: what a snapshot of the log clones.
//!
//! Cloning clones one pointer a topic and a partition; writing copies what it writes to and
//! nothing else. Ids are never reused.

use crate::broker::Broker;
use crate::broker_config::BrokerConfig;
use crate::client::producer_config::Acks;
use crate::config::TopicConfig;
use crate::error::LogError;
use crate::partition::Partition;
use crate::record::{NewRecord, RecordRef};
use crate::topic::{Topic, check_name};
use headwater_base::SortedMap;
use headwater_base::diagnostic::nearest;
use headwater_base::limits::{PARTITIONS_MAX, TOPICS_MAX};
use headwater_base::{BrokerId, PartitionId, RecordId, TopicId, VirtualTime};
use std::ops::Range;
use std::sync::Arc;

/// How many brokers a laboratory has at first.
pub const BROKERS: u16 = 3;

/// What a topic is to be.
#[derive(Clone, Debug)]
pub struct NewTopic<'a> {
    /// Its name.
    pub name: &'a str,
    /// How many partitions.
    pub partitions: u32,
    /// How many replicas of each.
    pub replication_factor: u16,
    /// Its configuration.
    pub config: TopicConfig,
}

impl<'a> NewTopic<'a> {
    /// A topic with one replica and Kafka's defaults.
    pub fn new(name: &'a str, partitions: u32) -> NewTopic<'a> {
        NewTopic {
            name,
            partitions,
            replication_factor: 1,
            config: TopicConfig::default(),
        }
    }
}

/// The topics of one laboratory.
///
/// ```
/// use headwater_base::VirtualTime;
/// use headwater_log::{Cluster, NewRecord, NewTopic};
/// let mut cluster = Cluster::default();
/// let topic = cluster.create_topic(NewTopic::new("ratings", 3))?;
/// let partition = cluster.topic(topic)?.partition(1)?;
/// cluster.append(partition, &[NewRecord::new(5, None, Some(b"v"))], VirtualTime::START)?;
/// let before = cluster.clone();
/// cluster.append(partition, &[NewRecord::new(6, None, Some(b"w"))], VirtualTime::START)?;
/// assert_eq!(before.partition(partition)?.end_offset(), 1);
/// assert_eq!(cluster.partition(partition)?.end_offset(), 2);
/// # Ok::<(), headwater_log::LogError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cluster {
    pub(crate) brokers: Arc<Vec<Broker>>,
    /// How all brokers are configured.
    pub config: BrokerConfig,
    topics: Vec<Option<Arc<Topic>>>,
    names: Arc<SortedMap<Arc<str>, TopicId>>,
    partitions: Vec<Option<Arc<Partition>>>,
}

impl Default for Cluster {
    fn default() -> Cluster {
        Cluster {
            brokers: Arc::new(
                (1..=u32::from(BROKERS))
                    .map(|id| Broker::new(BrokerId(id)))
                    .collect(),
            ),
            config: BrokerConfig::default(),
            topics: Vec::new(),
            names: Arc::default(),
            partitions: Vec::new(),
        }
    }
}

impl Cluster {
    /// Creates a topic.
    pub fn create_topic(&mut self, new: NewTopic<'_>) -> Result<TopicId, LogError> {
        self.check_new(&new)?;
        let id = TopicId(self.topics.len() as u32);
        let name: Arc<str> = Arc::from(new.name);
        let mut topic = Topic {
            id,
            name: name.clone(),
            partitions: Vec::new(),
            replication_factor: new.replication_factor,
            config: new.config,
        };
        self.grow(&mut topic, new.partitions);
        self.topics.push(Some(Arc::new(topic)));
        Arc::make_mut(&mut self.names).insert(name, id);
        Ok(id)
    }

    fn check_new(&self, new: &NewTopic<'_>) -> Result<(), LogError> {
        check_name(new.name)?;
        if self.names.contains_key(new.name) {
            return Err(LogError::TopicExists {
                name: new.name.to_owned(),
            });
        }
        let plain = |name: &str| name.replace('.', "_");
        let wanted = plain(new.name);
        if let Some(existing) = self.names.keys().find(|name| plain(name) == wanted) {
            return Err(LogError::TopicCollision {
                name: new.name.to_owned(),
                existing: existing.to_string(),
            });
        }
        check_partition_count(new.partitions)?;
        self.check_replication_factor(i64::from(new.replication_factor))?;
        if self.names.len() >= TOPICS_MAX {
            return Err(LogError::TooManyTopics {
                most: TOPICS_MAX as u64,
            });
        }
        Ok(())
    }

    /// Refuses a number of replicas that there cannot be. As in Kafka, brokers that are not there
    /// for the controller get none.
    pub fn check_replication_factor(&self, asked: i64) -> Result<(), LogError> {
        let brokers = self.brokers.iter().filter(|it| !it.is_fenced).count() as u16;
        match (1..=i64::from(brokers)).contains(&asked) {
            true => Ok(()),
            false => Err(LogError::InvalidReplicationFactor { asked, brokers }),
        }
    }

    /// Adds partitions. Replicas go to neighbouring brokers, each partition begins one further.
    fn grow(&mut self, topic: &mut Topic, partitions: u32) {
        let alive = self.brokers.iter().filter(|it| !it.is_fenced);
        let alive: Vec<BrokerId> = alive.map(|it| it.id).collect();
        for number in topic.partition_count()..partitions {
            let id = PartitionId(self.partitions.len() as u32);
            let first = topic.id.index() + number as usize;
            let places = alive.iter().cycle().skip(first % alive.len().max(1));
            let factor = usize::from(topic.replication_factor).min(alive.len());
            let brokers: Vec<BrokerId> = places.take(factor).copied().collect();
            let mut log = Partition::with_replicas(id, topic.id, number, &brokers);
            log.replication
                .set_least_in_sync(topic.config.min_insync_replicas);
            self.partitions.push(Some(Arc::new(log)));
            topic.partitions.push(id);
        }
    }

    /// Adds partitions to a topic, so that it has `partitions` of them. Keys may then belong to
    /// other partitions than before, as in Kafka.
    pub fn add_partitions(&mut self, topic: TopicId, partitions: u32) -> Result<(), LogError> {
        check_partition_count(partitions)?;
        let mut changed = Topic::clone(self.topic(topic)?);
        if partitions <= changed.partition_count() {
            return Err(LogError::PartitionsNotIncreased {
                name: changed.name.to_string(),
                has: changed.partition_count(),
                asked: partitions,
            });
        }
        self.grow(&mut changed, partitions);
        self.put_topic(changed);
        Ok(())
    }

    /// Gives a topic another configuration.
    pub fn alter_topic(&mut self, topic: TopicId, config: TopicConfig) -> Result<(), LogError> {
        let mut changed = Topic::clone(self.topic(topic)?);
        let least = config.min_insync_replicas;
        changed.config = config;
        for id in changed.partitions.clone() {
            let log = self.partition_mut(id);
            log.replication.set_least_in_sync(least);
            log.advance_high_watermark();
        }
        self.put_topic(changed);
        Ok(())
    }

    fn put_topic(&mut self, topic: Topic) {
        let index = topic.id.index();
        if let Some(place) = self.topics.get_mut(index) {
            *place = Some(Arc::new(topic));
        }
    }

    /// Deletes a topic with its records. Its ids stay taken.
    pub fn delete_topic(&mut self, topic: TopicId) -> Result<(), LogError> {
        let gone = self.topic(topic)?.clone();
        for partition in &gone.partitions {
            self.partitions[partition.index()] = None;
        }
        self.topics[topic.index()] = None;
        Arc::make_mut(&mut self.names).remove(&gone.name);
        Ok(())
    }

    /// The topic with this id.
    pub fn topic(&self, id: TopicId) -> Result<&Topic, LogError> {
        let found = self.topics.get(id.index()).and_then(Option::as_deref);
        found.ok_or_else(|| LogError::UnknownTopic {
            name: format!("#{id}"),
            near: Vec::new(),
        })
    }

    /// The topic of this name.
    pub fn find(&self, name: &str) -> Option<&Topic> {
        self.names.get(name).and_then(|id| self.topic(*id).ok())
    }

    /// The topic of this name, or an error that tells the nearest names.
    pub fn topic_named(&self, name: &str) -> Result<&Topic, LogError> {
        self.find(name).ok_or_else(|| {
            let near = nearest(name, self.names.keys().map(|known| &**known));
            LogError::UnknownTopic {
                name: name.to_owned(),
                near: near.into_iter().map(str::to_owned).collect(),
            }
        })
    }

    /// All topics, in the order of their names.
    pub fn topics(&self) -> impl Iterator<Item = &Topic> {
        self.names.values().filter_map(|id| self.topic(*id).ok())
    }

    /// The partition with this id.
    pub fn partition(&self, id: PartitionId) -> Result<&Partition, LogError> {
        let found = self.partitions.get(id.index()).and_then(Option::as_deref);
        found.ok_or(LogError::UnknownPartition { partition: id })
    }

    /// All partitions, in the order of their ids.
    pub fn partitions(&self) -> impl Iterator<Item = &Partition> {
        self.partitions.iter().filter_map(Option::as_deref)
    }

    /// The record with this id, if it is still there; also one that consumers may not see yet.
    pub fn record(&self, id: RecordId) -> Option<RecordRef<'_>> {
        let log = self.partition(id.partition).ok()?;
        log.tail(id.offset, 1)
            .next()
            .filter(|it| it.offset == id.offset)
    }

    /// Appends all of `records` or none to a partition; gives their offsets. Those who append so
    /// ask for `acks=all`; see [`Cluster::append_with`].
    pub fn append(
        &mut self,
        partition: PartitionId,
        records: &[NewRecord<'_>],
        now: VirtualTime,
    ) -> Result<Range<u64>, LogError> {
        self.append_with(partition, records, Acks::All, now)
    }

    /// Appends as a producer with these `acks` asks the leader to.
    ///
    /// # Errors
    /// Where there is no leader, where `acks=all` and too few replicas are in sync, and where a
    /// record is not possible.
    pub fn append_with(
        &mut self,
        partition: PartitionId,
        records: &[NewRecord<'_>],
        acks: Acks,
        now: VirtualTime,
    ) -> Result<Range<u64>, LogError> {
        if !self.is_available(partition) {
            self.partition(partition)?;
            return Err(LogError::LeaderNotAvailable { partition });
        }
        self.write(partition, |log, config| {
            let in_sync = log.replication.in_sync_count();
            let least = config.min_insync_replicas;
            if acks == Acks::All && in_sync < least {
                return Err(LogError::NotEnoughReplicas { in_sync, least });
            }
            log.append(records, config, now)
        })?
    }

    /// A partition to be changed; one that exists.
    pub(crate) fn partition_mut(&mut self, id: PartitionId) -> &mut Partition {
        match self.partitions.get_mut(id.index()).and_then(Option::as_mut) {
            Some(found) => Arc::make_mut(found),
            None => unreachable!("the caller has looked it up"),
        }
    }

    /// How many partition ids have been given.
    pub(crate) fn partition_places(&self) -> u32 {
        self.partitions.len() as u32
    }

    /// Lets `change` write to a partition, with its topic's configuration.
    fn write<T>(
        &mut self,
        id: PartitionId,
        change: impl FnOnce(&mut Partition, &TopicConfig) -> T,
    ) -> Result<T, LogError> {
        let place = self.partitions.get_mut(id.index()).and_then(Option::as_mut);
        let unknown = LogError::UnknownPartition { partition: id };
        let Some(partition) = place else {
            return Err(unknown);
        };
        let topic = self
            .topics
            .get(partition.topic().index())
            .and_then(Option::as_deref);
        let topic = topic.ok_or(unknown)?;
        Ok(change(Arc::make_mut(partition), &topic.config))
    }

    /// Removes old records of all topics, as their configurations say. Gives the partitions whose
    /// log start offset has moved.
    ///
    /// Kafka looks every five minutes (`log.retention.check.interval.ms`); when to look is up to
    /// the caller.
    pub fn clean(&mut self, now: VirtualTime) -> Vec<(PartitionId, u64)> {
        let mut moved = Vec::new();
        for index in 0..self.partitions.len() {
            let id = PartitionId(index as u32);
            if !self.has_work(id, now) {
                continue;
            }
            let started = self.write(id, |log, config| {
                if log.is_compaction_due(config, now) {
                    log.compact(config, now);
                }
                log.delete_old_segments(config, now)
            });
            if let Ok(Some(offset)) = started {
                moved.push((id, offset));
            }
        }
        moved
    }

    /// Whether cleaning would change the partition; looked up first, since writing copies.
    fn has_work(&self, id: PartitionId, now: VirtualTime) -> bool {
        let Ok(log) = self.partition(id) else {
            return false;
        };
        let Ok(topic) = self.topic(log.topic()) else {
            return false;
        };
        log.is_compaction_due(&topic.config, now) || log.old_segment_count(&topic.config, now) > 0
    }

    /// Removes the records of a partition before `offset`, as Kafka's `deleteRecords`. Refused
    /// where `cleanup.policy` deletes nothing.
    pub fn delete_records(&mut self, partition: PartitionId, offset: u64) -> Result<u64, LogError> {
        self.write(partition, |log, config| {
            match config.cleanup_policy.deletes() {
                true => log.delete_records(offset),
                false => Err(LogError::PolicyViolation { partition }),
            }
        })?
    }
}

fn check_partition_count(asked: u32) -> Result<(), LogError> {
    if asked == 0 || asked > PARTITIONS_MAX {
        return Err(LogError::InvalidPartitionCount {
            asked,
            most: PARTITIONS_MAX,
        });
    }
    Ok(())
}
