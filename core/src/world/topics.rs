//! Topics that are created, altered and deleted, with the brokers' settings; and records that are
//! produced by hand.

use crate::command::{Produce, SeekTo, TopicAlter, TopicCreate, TopicPlace};
use crate::observe::text;
use crate::world::{Message, World};
use headwater_base::{Diagnostic, PartitionId, RecordId, TopicId, TraceDetail};
use headwater_log::{
    BrokerConfig, GroupInput, HeaderBuf, LogError, NewTopic, ProducerRecord, TopicConfig,
};

impl World {
    pub(super) fn create_topic(&mut self, new: &TopicCreate) -> Result<String, Diagnostic> {
        let brokers = self.cluster.config;
        let mut config = brokers.topic_defaults();
        for (name, value) in &new.config {
            config.set(name, value).map_err(|it| it.to_diagnostic())?;
        }
        let replicas = new.replication_factor.map(|it| it as u16);
        self.add_topic(NewTopic {
            name: &new.name,
            partitions: new.partitions.unwrap_or(brokers.num_partitions),
            replication_factor: replicas.unwrap_or(brokers.default_replication_factor),
            config,
        })
        .map_err(|it| it.to_diagnostic())?;
        Ok(format!("Created topic {}.", new.name))
    }

    pub(super) fn make_topic(
        &mut self,
        name: &str,
        partitions: u32,
        replication_factor: u16,
        config: TopicConfig,
    ) -> Result<TopicId, LogError> {
        let config = with_defaults(config, &self.cluster.config);
        self.add_topic(NewTopic {
            name,
            partitions,
            replication_factor,
            config,
        })
    }

    fn add_topic(&mut self, new: NewTopic<'_>) -> Result<TopicId, LogError> {
        let partitions = new.partitions;
        let topic = self.cluster.create_topic(new)?;
        self.note(TraceDetail::TopicCreated { topic, partitions });
        self.topic_changed(topic);
        Ok(topic)
    }

    /// The partitions of a topic, or one of them.
    pub(super) fn partitions_of(
        &self,
        topic: &str,
        number: Option<u32>,
    ) -> Result<Vec<PartitionId>, Diagnostic> {
        let found = self.cluster.topic_named(topic);
        let found = found.and_then(|it| match number {
            Some(number) => it.partition(number).map(|it| vec![it]),
            None => Ok(it.partitions.clone()),
        });
        found.map_err(|it| it.to_diagnostic())
    }

    /// Deletes records by hand. Refused where one partition refuses; nothing is kept then.
    pub(super) fn delete_records(&mut self, place: &TopicPlace) -> Result<String, Diagnostic> {
        for partition in self.partitions_of(&place.name, place.partition)? {
            let done = self.delete_before(partition, place.to);
            done.map_err(|it| it.to_diagnostic())?;
        }
        Ok(format!("Deleted records of {}.", place.name))
    }

    fn delete_before(&mut self, partition: PartitionId, to: SeekTo) -> Result<(), LogError> {
        let log = self.cluster.partition(partition)?;
        let (start, end) = (log.start_offset(), log.high_watermark());
        let to = match to {
            SeekTo::Earliest => start,
            SeekTo::Latest => end,
            SeekTo::Offset(offset) => offset,
            SeekTo::By(by) => start.saturating_add_signed(by),
            SeekTo::Time(time) => log.offset_for_time(time).unwrap_or(end),
        };
        let offset = self.cluster.delete_records(partition, to)?;
        if offset > start {
            self.note(TraceDetail::LogStartAdvanced { partition, offset });
        }
        Ok(())
    }

    fn topic_changed(&mut self, topic: TopicId) {
        let input = GroupInput::TopicChanged { topic };
        self.queue.push(self.now, Message::Coordinator(input));
    }

    pub(super) fn alter_topic(&mut self, change: &TopicAlter) -> Result<String, Diagnostic> {
        let found = self
            .cluster
            .topic_named(&change.name)
            .map_err(|it| it.to_diagnostic())?;
        let (topic, mut config) = (found.id, found.config.clone());
        for (name, value) in &change.config {
            config.set(name, value).map_err(|it| it.to_diagnostic())?;
        }
        self.cluster
            .alter_topic(topic, config)
            .map_err(|it| it.to_diagnostic())?;
        // Readers may see more where fewer replicas have to be in sync.
        let altered = self.cluster.topic(topic).map(|it| it.partitions.clone());
        for partition in altered.unwrap_or_default() {
            self.send_again(partition);
            self.acknowledge(partition);
            self.call_readers(partition);
        }
        if let Some(partitions) = change.partitions {
            self.cluster
                .add_partitions(topic, partitions)
                .map_err(|it| it.to_diagnostic())?;
            self.note(TraceDetail::TopicCreated { topic, partitions });
            self.topic_changed(topic);
        }
        Ok(format!("Altered topic {}.", change.name))
    }

    pub(super) fn delete_topic(&mut self, name: &str) -> Result<String, Diagnostic> {
        let topic = self
            .cluster
            .topic_named(name)
            .map_err(|it| it.to_diagnostic())?
            .id;
        self.drop_topic(topic).map_err(|it| it.to_diagnostic())?;
        Ok(format!("Deleted topic {name}."))
    }

    pub(super) fn drop_topic(&mut self, topic: TopicId) -> Result<(), LogError> {
        self.groups.forget_topic(topic, &self.cluster);
        for partition in self.cluster.topic(topic)?.partitions.clone() {
            self.forget_outboxes(partition);
        }
        self.cluster.delete_topic(topic)?;
        self.write_offsets();
        self.note(TraceDetail::TopicDeleted { topic });
        self.topic_changed(topic);
        Ok(())
    }

    pub(super) fn produce(&mut self, produce: &Produce) -> Result<String, Diagnostic> {
        let topic = self
            .cluster
            .topic_named(&produce.topic)
            .map_err(|it| it.to_diagnostic())?
            .id;
        let mut headers = HeaderBuf::new();
        for (name, value) in &produce.headers {
            headers.push(name, Some(value.as_bytes()));
        }
        let key = self.key_bytes(&produce.topic, produce.key.as_deref())?;
        let record = ProducerRecord {
            partition: produce.partition,
            timestamp: produce.timestamp,
            key: key.as_deref(),
            value: produce.value.as_deref().map(str::as_bytes),
            headers: headers.as_headers(),
            cause: None,
        };
        let sent = self.hand.send(&mut self.cluster, topic, &record, self.now);
        let sent = sent.map_err(|it| it.to_diagnostic())?;
        self.appended(sent);
        Ok(self.appended_text(sent))
    }

    /// Where a record was appended, in words.
    pub(super) fn appended_text(&self, sent: RecordId) -> String {
        format!("Appended {}", text::place(self, sent))
    }

    /// A key's text as the bytes of the key format that is declared for the topic.
    fn key_bytes(&self, topic: &str, key: Option<&str>) -> Result<Option<Vec<u8>>, Diagnostic> {
        match key {
            None => Ok(None),
            Some(text) => self
                .ksql
                .over_topic(topic)
                .key_from_text(topic, text)
                .map(Some),
        }
    }
}

/// A configuration that SQL asks for: what is Kafka's default there is the brokers'.
fn with_defaults(config: TopicConfig, brokers: &BrokerConfig) -> TopicConfig {
    let defaults = brokers.topic_defaults();
    TopicConfig {
        segment_bytes: defaults.segment_bytes,
        retention_bytes: defaults.retention_bytes,
        min_insync_replicas: defaults.min_insync_replicas,
        ..config
    }
}
