//! Topics that are created, altered and deleted, with the brokers' settings; and records that are
//! produced by hand.

use crate::command::{Produce, TopicAlter, TopicCreate};
use crate::world::{Message, World};
use headwater_base::{Diagnostic, TopicId, TraceDetail};
use headwater_log::{GroupInput, HeaderBuf, LogError, NewTopic, ProducerRecord, TopicConfig};

/// `log.segment.bytes` of the brokers. Kafka's default is 1 GiB.
const LOG_SEGMENT_BYTES: u32 = 64 << 10;
/// `log.retention.bytes` of the brokers. Kafka's default is no limit.
const LOG_RETENTION_BYTES: i64 = 4 << 20;

impl World {
    pub(super) fn create_topic(&mut self, new: &TopicCreate) -> Result<String, Diagnostic> {
        let pairs = new
            .config
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let config = TopicConfig::parse(pairs).map_err(|it| it.to_diagnostic())?;
        let replicas = u16::try_from(new.replication_factor).unwrap_or(u16::MAX);
        self.make_topic(&new.name, new.partitions, replicas, config)
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
        let config = within_limits(config);
        let topic = self.cluster.create_topic(NewTopic {
            name,
            partitions,
            replication_factor,
            config,
        })?;
        self.note(TraceDetail::TopicCreated { topic, partitions });
        self.topic_changed(topic);
        Ok(topic)
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
        let number = self
            .cluster
            .partition(sent.partition)
            .map_or(0, |it| it.number());
        Ok(format!(
            "Appended {}/{}@{}",
            produce.topic, number, sent.offset
        ))
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

/// The brokers' settings that a tab in a browser needs: where a topic has Kafka's defaults, its
/// segments are small, so that retention and compaction have something to work on, and its
/// partitions are bounded.
fn within_limits(config: TopicConfig) -> TopicConfig {
    let kafka = TopicConfig::default();
    TopicConfig {
        segment_bytes: match config.segment_bytes == kafka.segment_bytes {
            true => LOG_SEGMENT_BYTES,
            false => config.segment_bytes,
        },
        retention_bytes: match config.retention_bytes == kafka.retention_bytes {
            true => LOG_RETENTION_BYTES,
            false => config.retention_bytes,
        },
        ..config
    }
}
