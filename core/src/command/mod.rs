//! The closed set of what can come into a laboratory from outside, and its text form.
//!
//! A line of text is a command: `noun verb [name] key=value …`, with Kafka's configuration names
//! as keys. [`table::FORMS`] is the one list of nouns, verbs and keys that the parser, the help and
//! the documentation read. Nothing here knows what a command does. Next: [`table`], `parse`.

pub mod amount;
mod build;
mod forms;
mod forms_cluster;
mod forms_nodes;
pub mod help;
mod parse;
mod print;
mod producer_keys;
pub mod table;
#[cfg(test)]
mod tests;
pub(crate) mod topic_settings;
mod values;
pub(crate) mod words;
#[cfg(test)]
mod wrong_lines;

pub use amount::{DurationRange, Rate};
pub use parse::Line;

use crate::generator::GeneratorOptions;
use headwater_base::{Millis, SortedMap};
use serde::{Deserialize, Serialize};

/// One thing that happens to a laboratory from outside. Nothing else gets in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// SQL: the text of one statement or of a whole script.
    Sql(String),
    /// A new topic.
    TopicCreate(TopicCreate),
    /// Other settings, or more partitions, for a topic.
    TopicAlter(TopicAlter),
    /// A topic goes, with all its records.
    TopicDelete {
        /// The topic.
        name: String,
    },
    /// One record, made by hand.
    Produce(Produce),
    /// A generator begins to append to a topic.
    ProducerCreate(ProducerCreate),
    /// A generator goes on at another pace.
    ProducerAlter(ProducerAlter),
    /// A generator stops for good.
    ProducerStop {
        /// The producer.
        name: String,
    },
    /// A reader joins, alone or as a member of a group.
    ConsumerCreate(ConsumerCreate),
    /// A reader leaves.
    ConsumerStop {
        /// The consumer.
        name: String,
    },
    /// A reader's machine fails: it neither commits nor leaves.
    ConsumerKill {
        /// The consumer.
        name: String,
    },
    /// A reader's partitions are left out of its polls.
    ConsumerPause {
        /// The consumer.
        name: String,
    },
    /// A reader polls no more, though it is alive.
    ConsumerStall {
        /// The consumer.
        name: String,
    },
    /// A reader that was paused or hung reads on.
    ConsumerResume {
        /// The consumer.
        name: String,
    },
    /// A reader commits what it has taken.
    ConsumerCommit {
        /// The consumer.
        name: String,
    },
    /// A reader goes on from another place.
    ConsumerSeek(ConsumerSeek),
    /// What a group has committed moves.
    GroupReset(GroupReset),
    /// All brokers get other settings.
    BrokerAlter {
        /// Kafka's settings, as text that was checked.
        config: SortedMap<String, String>,
    },
    /// The records of a topic before a place go.
    TopicDeleteRecords(TopicPlace),
    /// Preferred leaders lead again.
    TopicElect {
        /// The topic.
        name: String,
        /// Only this partition.
        partition: Option<u32>,
    },
    /// A broker stops, as by a power cut.
    BrokerStop {
        /// The broker.
        id: u32,
    },
    /// A broker is cut off from the others.
    BrokerIsolate {
        /// The broker.
        id: u32,
    },
    /// A broker runs again, or is added.
    BrokerStart {
        /// The broker.
        id: u32,
    },
    /// A push query ends.
    QueryClose {
        /// The query's name, such as `transient_RATINGS_4`.
        name: String,
    },
    /// How the laboratory is shown; changes nothing in it.
    Page(PageCommand),
    /// A ksqlDB node comes or goes.
    Node(NodeCommand),
    /// Statements go to this ksqlDB cluster from now on.
    ClusterUse {
        /// The cluster.
        name: String,
    },
    /// SQL for a ksqlDB cluster that need not be the chosen one.
    SqlIn {
        /// The cluster.
        cluster: String,
        /// The text of one statement or of a whole script.
        text: String,
    },
}

/// What happens to a ksqlDB node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCommand {
    /// What.
    pub action: NodeAction,
    /// The node.
    pub name: String,
    /// The cluster it belongs to; the default one where `None`.
    pub cluster: Option<String>,
    /// `session.timeout.ms` of a new node.
    pub session_timeout_ms: Option<u32>,
}

/// What can happen to a ksqlDB node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeAction {
    /// It comes into being, and joins.
    Create,
    /// It is gone without a word.
    Kill,
    /// It comes back.
    Start,
    /// It leaves in good order.
    Stop,
}

/// A new topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicCreate {
    /// Its name.
    pub name: String,
    /// How many partitions; `num.partitions` where `None`.
    pub partitions: Option<u32>,
    /// How many copies of each record; `default.replication.factor` where `None`.
    pub replication_factor: Option<u32>,
    /// Kafka's topic settings, such as `retention.ms`, as text that was checked.
    pub config: SortedMap<String, String>,
}

/// Changes of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicAlter {
    /// The topic.
    pub name: String,
    /// A new, larger number of partitions.
    pub partitions: Option<u32>,
    /// Settings to replace, as text that was checked.
    pub config: SortedMap<String, String>,
}

/// One record, made by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Produce {
    /// The topic.
    pub topic: String,
    /// The key's text; `None` is a null key.
    pub key: Option<String>,
    /// The value's text; `None` is a null value, which is a tombstone.
    pub value: Option<String>,
    /// Headers, in the order they were given.
    pub headers: Vec<(String, String)>,
    /// The partition, where it is not left to the key.
    pub partition: Option<u32>,
    /// Milliseconds since 1970, where it is not the present moment.
    pub timestamp: Option<i64>,
}

/// A generator that appends to a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProducerCreate {
    /// Its name; its stream of chance is named after it.
    pub name: String,
    /// The topic.
    pub topic: String,
    /// The preset, such as `ratings`; `auto`, `custom` or `file`. See [`crate::generator`].
    pub generator: String,
    /// What else is said about the generator.
    pub options: Box<GeneratorOptions>,
    /// How long it waits before a record; the preset's own pace where `None`.
    pub pace: Option<Pace>,
    /// How long after its creation it begins.
    pub start: Millis,
    /// After how many records it stops by itself.
    pub count: Option<u64>,
    /// Kafka's settings, such as `acks`, as text that was checked.
    pub config: SortedMap<String, String>,
}

/// Changes of a generator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProducerAlter {
    /// The producer.
    pub name: String,
    /// Its new pace.
    pub pace: Option<Pace>,
    /// Kafka's settings from now on, as text that was checked.
    pub config: SortedMap<String, String>,
}

/// How long a producer waits before each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pace {
    /// A uniform draw from this range.
    Between(DurationRange),
    /// Evenly, so many records a second.
    Rate(Rate),
}

/// A reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerCreate {
    /// Its name.
    pub name: String,
    /// The topics it reads; at least one.
    pub topics: Vec<String>,
    /// The group whose partitions it shares; alone where `None`.
    pub group: Option<String>,
    /// How fast it reads.
    pub pace: ConsumerPace,
    /// Where it begins in a partition for which nothing is committed.
    pub offset_reset: OffsetReset,
    /// Most records that one poll gives; where `None`, 500, or 1 where it keeps up or has a rate.
    pub max_poll_records: Option<u32>,
    /// Kafka's other settings, such as `session.timeout.ms`, as text that was checked.
    pub config: SortedMap<String, String>,
    /// How long after its creation it begins.
    pub start: Millis,
}

/// How fast a consumer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsumerPace {
    /// It takes each record as it comes.
    KeepUp,
    /// It comes so often and takes what is there.
    Every(Millis),
    /// It takes one record at a time, so many a second.
    Rate(Rate),
}

/// Where a reader begins that has no committed offset (`auto.offset.reset`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OffsetReset {
    /// At the oldest record that is left. The laboratory's default.
    #[default]
    Earliest,
    /// After the newest record.
    Latest,
    /// Nowhere: it is an error.
    None,
}

/// Moves a reader's position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerSeek {
    /// The consumer.
    pub name: String,
    /// Only in this topic.
    pub topic: Option<String>,
    /// Only in this partition.
    pub partition: Option<u32>,
    /// Where to.
    pub to: SeekTo,
}

/// A place to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SeekTo {
    /// The oldest record that is left.
    Earliest,
    /// After the newest record.
    Latest,
    /// This offset.
    Offset(u64),
    /// So many records on, or back where negative.
    By(i64),
    /// The first record of this time or later, in milliseconds since 1970.
    Time(i64),
}

/// A place in a topic's partitions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicPlace {
    /// The topic.
    pub name: String,
    /// Only this partition.
    pub partition: Option<u32>,
    /// Where.
    pub to: SeekTo,
}

/// Moves what a group has committed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupReset {
    /// The group.
    pub name: String,
    /// Only for this topic; all that it has committed for where `None`.
    pub topic: Option<String>,
    /// Only for this partition.
    pub partition: Option<u32>,
    /// Where to.
    pub to: SeekTo,
}

/// How a lesson wants the laboratory to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageCommand {
    /// What is drawn on the tiles of records.
    Face {
        /// The topic; every topic that has no face of its own where `None`.
        topic: Option<String>,
        /// The field that gives the glyph; its name in any case.
        glyph: Option<String>,
        /// The field that gives the colour; its name in any case.
        colour: Option<String>,
    },
    /// A chart of a topic's records: how many, by a field, in each bucket of virtual time.
    Chart {
        /// The topic.
        topic: String,
        /// The field.
        by: String,
        /// Length of a bucket.
        bucket: Millis,
    },
    /// The table that is shown beside its changelog at first.
    Duality {
        /// The table.
        table: String,
    },
}
