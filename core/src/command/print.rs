//! From a command to its text form, which reads back as the same command.

use super::amount::{duration_text, time_text};
use super::words::quote;
use super::{
    Command, ConsumerCreate, ConsumerPace, NodeAction, NodeCommand, OffsetReset, Pace, PageCommand,
    Produce, ProducerAlter, ProducerCreate, SeekTo,
};
use headwater_base::Millis;
use std::fmt;

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Command {
    fn text(&self) -> String {
        match self {
            Command::Sql(text) => Text::new("sql").word(text).0,
            Command::TopicCreate(topic) => {
                Text::new("topic create")
                    .word(&topic.name)
                    .key("partitions", topic.partitions)
                    .key("replication-factor", topic.replication_factor)
                    .keys(&topic.config)
                    .0
            }
            Command::TopicAlter(topic) => {
                Text::new("topic alter")
                    .word(&topic.name)
                    .key("partitions", topic.partitions)
                    .keys(&topic.config)
                    .0
            }
            Command::TopicDelete { name } => Text::new("topic delete").word(name).0,
            Command::Produce(produce) => self::produce(produce),
            Command::ProducerCreate(producer) => producer_create(producer),
            Command::ProducerAlter(producer) => producer_alter(producer),
            Command::ProducerStop { name } => Text::new("producer stop").word(name).0,
            Command::ConsumerCreate(consumer) => consumer_create(consumer),
            Command::ConsumerStop { name } => Text::new("consumer stop").word(name).0,
            Command::ConsumerSeek(seek) => {
                Text::new("consumer seek")
                    .word(&seek.name)
                    .key("topic", seek.topic.as_ref())
                    .key("partition", seek.partition)
                    .key("to", Some(place(seek.to)))
                    .0
            }
            Command::ConsumerKill { name } => Text::new("consumer kill").word(name).0,
            Command::ConsumerPause { name } => Text::new("consumer pause").word(name).0,
            Command::ConsumerStall { name } => Text::new("consumer stall").word(name).0,
            Command::ConsumerResume { name } => Text::new("consumer resume").word(name).0,
            Command::ConsumerCommit { name } => Text::new("consumer commit").word(name).0,
            Command::GroupReset(reset) => {
                Text::new("group reset")
                    .word(&reset.name)
                    .key("topic", reset.topic.as_ref())
                    .key("partition", reset.partition)
                    .key("to", Some(place(reset.to)))
                    .0
            }
            Command::BrokerAlter { config } => Text::new("broker alter").keys(config).0,
            Command::TopicDeleteRecords(it) => {
                let to = Some(place(it.to));
                topic_place("topic delete-records", &it.name, to, it.partition)
            }
            Command::TopicElect { name, partition } => {
                topic_place("topic elect", name, None, *partition)
            }
            Command::BrokerStop { id } => format!("broker stop {id}"),
            Command::BrokerIsolate { id } => format!("broker isolate {id}"),
            Command::BrokerStart { id } => format!("broker start {id}"),
            Command::QueryClose { name } => Text::new("query close").word(name).0,
            Command::Page(page) => self::page(page),
            Command::Node(node) => self::node(node),
            Command::ClusterUse { name } => Text::new("cluster use").word(name).0,
            Command::SqlIn { cluster, text } => {
                Text::new("sql").word(text).key("cluster", Some(cluster)).0
            }
        }
    }
}

fn node(node: &NodeCommand) -> String {
    let title = match node.action {
        NodeAction::Create => "node create",
        NodeAction::Kill => "node kill",
        NodeAction::Start => "node start",
        NodeAction::Stop => "node stop",
    };
    Text::new(title)
        .word(&node.name)
        .key("cluster", node.cluster.as_ref())
        .key("session.timeout.ms", node.session_timeout_ms)
        .0
}

fn topic_place(title: &str, name: &str, to: Option<String>, partition: Option<u32>) -> String {
    Text::new(title)
        .word(name)
        .key("to", to)
        .key("partition", partition)
        .0
}

fn producer_alter(producer: &ProducerAlter) -> String {
    Text::new("producer alter")
        .word(&producer.name)
        .key("interval", producer.pace.and_then(interval))
        .key("rate", producer.pace.and_then(rate))
        .keys(&producer.config)
        .0
}

fn produce(produce: &Produce) -> String {
    let text = Text::new("produce")
        .word(&produce.topic)
        .key("key", produce.key.as_ref());
    let header = |text: Text, (name, value): &(String, String)| {
        text.key(&format!("header.{name}"), Some(value))
    };
    let text = produce
        .headers
        .iter()
        .fold(text, header)
        .key("partition", produce.partition)
        .key("timestamp", produce.timestamp);
    match &produce.value {
        Some(value) if runs_to_the_end(value) => format!("{} value={value}", text.0),
        value => text.key("value", value.as_ref()).0,
    }
}

/// Whether a value can be written as JSON that runs to the end of its line.
fn runs_to_the_end(value: &str) -> bool {
    value.starts_with(['{', '['])
        && !value.contains(char::is_control)
        && value.trim_end() == value
        && serde_json::from_str::<serde::de::IgnoredAny>(value).is_ok()
}

fn interval(pace: Pace) -> Option<String> {
    match pace {
        Pace::Between(range) => Some(range.to_string()),
        Pace::Rate(_) => None,
    }
}

fn rate(pace: Pace) -> Option<String> {
    match pace {
        Pace::Between(_) => None,
        Pace::Rate(rate) => Some(rate.to_string()),
    }
}

fn producer_create(producer: &ProducerCreate) -> String {
    let options = &producer.options;
    // What these do is said by fields= and file=.
    let implied = match producer.generator.as_str() {
        "custom" => options.fields.is_some(),
        "file" => options.file.is_some() || options.data.is_some(),
        _ => false,
    };
    let percent = |per_mille: u32| match per_mille % 10 {
        0 => format!("{}%", per_mille / 10),
        tenth => format!("{}.{tenth}%", per_mille / 10),
    };
    Text::new("producer create")
        .word(&producer.name)
        .key("topic", Some(&producer.topic))
        .key("generator", Some(&producer.generator).filter(|_| !implied))
        .key("fields", options.fields.as_ref())
        .key("key", options.key.as_ref())
        .key("keys", options.keys)
        .key("interval", producer.pace.and_then(interval))
        .key("rate", producer.pace.and_then(rate))
        .duration("jitter", options.jitter)
        .key("lateness", options.lateness)
        .key("late", options.late_per_mille.map(percent))
        .key("count", producer.count)
        .duration("start", producer.start)
        .keys(&producer.config)
        .key("file", options.file.as_ref())
        .key("data", options.data.as_ref())
        .0
}

fn consumer_create(consumer: &ConsumerCreate) -> String {
    let (every, rate) = match consumer.pace {
        ConsumerPace::KeepUp => (None, None),
        ConsumerPace::Every(length) => (Some(duration_text(length)), None),
        ConsumerPace::Rate(rate) => (None, Some(rate.to_string())),
    };
    let reset = match consumer.offset_reset {
        OffsetReset::Earliest => None,
        OffsetReset::Latest => Some("latest"),
        OffsetReset::None => Some("none"),
    };
    Text::new("consumer create")
        .word(&consumer.name)
        .key("topic", Some(consumer.topics.join(",")))
        .key("group", consumer.group.as_ref())
        .key("interval", every)
        .key("rate", rate)
        .key("auto.offset.reset", reset)
        .key("max.poll.records", consumer.max_poll_records)
        .keys(&consumer.config)
        .duration("start", consumer.start)
        .0
}

fn place(to: SeekTo) -> String {
    match to {
        SeekTo::Earliest => "earliest".to_owned(),
        SeekTo::Latest => "latest".to_owned(),
        SeekTo::Offset(offset) => offset.to_string(),
        SeekTo::By(records) => format!("{records:+}"),
        SeekTo::Time(time) => time_text(time),
    }
}

fn page(page: &PageCommand) -> String {
    match page {
        PageCommand::Face {
            topic,
            glyph,
            colour,
        } => {
            Text::new("page face")
                .key("glyph", glyph.as_ref())
                .key("colour", colour.as_ref())
                .key("topic", topic.as_ref())
                .0
        }
        PageCommand::Chart { topic, by, bucket } => {
            Text::new("page chart")
                .key("topic", Some(topic))
                .key("by", Some(by))
                .key("bucket", Some(duration_text(*bucket)))
                .0
        }
        PageCommand::Duality { table } => Text::new("page duality").key("table", Some(table)).0,
    }
}

/// A line in the making.
struct Text(String);

impl Text {
    fn new(title: &str) -> Text {
        Text(title.to_owned())
    }

    fn word(mut self, word: &str) -> Text {
        self.0.push(' ');
        self.0.push_str(&quote(word));
        self
    }

    fn key(mut self, key: &str, value: Option<impl ToString>) -> Text {
        if let Some(value) = value {
            let pair = format!(" {}={}", quote(key), quote(&value.to_string()));
            self.0.push_str(&pair);
        }
        self
    }

    fn keys(self, config: &headwater_base::SortedMap<String, String>) -> Text {
        config
            .iter()
            .fold(self, |text, (key, value)| text.key(key, Some(value)))
    }

    fn duration(self, key: &str, length: Millis) -> Text {
        let length = (length != Millis::ZERO).then(|| duration_text(length));
        self.key(key, length)
    }
}
