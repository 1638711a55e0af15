//! The settled picture: everything a front end draws of one moment, and nothing of how it came.
//!
//! All lists are in a stable order (by id, partition or offset), so equal states give equal views.

use crate::cluster::{BrokerView, GroupLagView, LagPoint, ReplicationView};
use crate::node::{KsqlClusterView, NodeView};
use crate::query::QueryView;
use crate::table::{ChartView, DualityView, ResultView, TableView};
use headwater_base::{ConsumerId, PartitionId, ProducerId, QueryId, RecordId, TopicId};
use serde::{Deserialize, Serialize};

/// The laboratory at one moment, as far as a [`crate::ViewRequest`] asked for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LabView {
    /// Where in the run this is.
    pub position: Position,
    /// Producers, by id.
    pub producers: Vec<ProducerView>,
    /// Topics, by id; internal ones included.
    pub topics: Vec<TopicView>,
    /// Queries, by id; ended ones only while a result of theirs is asked for.
    pub queries: Vec<QueryView>,
    /// Tables, by name.
    pub tables: Vec<TableView>,
    /// ksqlDB nodes, by id.
    pub nodes: Vec<NodeView>,
    /// ksqlDB clusters, in the order they came.
    pub clusters: Vec<KsqlClusterView>,
    /// Consumers, by id.
    pub readers: Vec<ReaderView>,
    /// Consumer groups, by name.
    pub groups: Vec<GroupView>,
    /// Brokers, by id.
    pub brokers: Vec<BrokerView>,
    /// Replicas of partitions that have several, and of those that nobody leads, by partition.
    pub replication: Vec<ReplicationView>,
    /// Results of push queries that were asked for, by query.
    pub results: Vec<ResultView>,
    /// The stream/table duality, if one was asked for.
    pub duality: Option<DualityView>,
    /// Charts of the lesson.
    pub charts: Vec<ChartView>,
    /// Sources without data, and the commands that would fill them, by source.
    pub offers: Vec<OfferView>,
    /// What just happened.
    pub narration: Option<Narration>,
    /// Lines of time that were left by a command given in their past, the oldest first.
    pub branches: Vec<BranchView>,
}

/// A line of time that was left, and can be gone back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BranchView {
    /// Its number; it keeps it as long as it is kept.
    pub id: u32,
    /// Where it parts from the line that is being lived, in milliseconds since 1970.
    pub parted_ms: i64,
    /// The furthest moment that it reached, in milliseconds since 1970.
    pub head_ms: i64,
    /// Commands that only it has.
    pub commands: u32,
    /// The first of them, in one line; empty if it has none.
    pub first: String,
}

/// A source without data, and a command that would fill it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferView {
    /// The stream or table.
    pub source: String,
    /// Its topic.
    pub topic: String,
    /// The command's text, ready to run.
    pub command: String,
}

/// Where in a run one is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// How many steps have been done; the next one has this number.
    pub step: u64,
    /// Virtual time in milliseconds since 1970.
    pub time_ms: i64,
    /// The state hash: sixteen hexadecimal digits.
    pub hash: String,
}

/// A producer or generator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProducerView {
    /// Its id.
    pub id: ProducerId,
    /// Its name.
    pub name: String,
    /// The topic it writes to.
    pub topic: TopicId,
    /// The generator and its pace in words, such as `ratings, about 2.7/s`.
    pub about: String,
    /// Whether it still produces.
    pub running: bool,
    /// Records produced so far.
    pub produced: u64,
}

/// What a topic is there for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TopicRole {
    /// Written from outside: by producers or by hand.
    Source,
    /// The sink of a query.
    Derived {
        /// The first query that writes it.
        query: QueryId,
    },
    /// A repartition or changelog topic of a query.
    Internal {
        /// The query.
        query: QueryId,
    },
}

/// What the SQL engine takes a topic for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TopicKind {
    /// No stream or table is declared over it.
    Plain,
    /// A stream.
    Stream,
    /// A table.
    Table,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopicView {
    /// Its id.
    pub id: TopicId,
    /// Its name.
    pub name: String,
    /// What it is there for.
    pub role: TopicRole,
    /// What is declared over it.
    pub kind: TopicKind,
    /// Names of the streams and tables declared over it.
    pub declared: Vec<String>,
    /// Its retention in words, such as `10 min or 1 MiB`; empty if unlimited.
    pub retention: String,
    /// Its partitions, by number.
    pub partitions: Vec<LaneView>,
}

/// One partition: its end, as far as it is on screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaneView {
    /// The partition's id over all topics.
    pub id: PartitionId,
    /// Its number in the topic.
    pub partition: u32,
    /// First offset that is left; above 0 once retention has eaten.
    pub start_offset: u64,
    /// Offset of the next record.
    pub end_offset: u64,
    /// First offsets of the segments that the tiles touch.
    pub segment_starts: Vec<u64>,
    /// The newest records, oldest first.
    pub tiles: Vec<Tile>,
    /// Records a virtual second, over the last ten.
    pub rate: f64,
    /// Records in each of the last ten virtual seconds, oldest first.
    pub histogram: Vec<u32>,
}

/// One record on a lane.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tile {
    /// Its offset.
    pub offset: u64,
    /// The time it carries, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The virtual time at which it was appended, in milliseconds since 1970.
    pub appended_ms: i64,
    /// Its key, shortened.
    pub key: String,
    /// How it looks.
    pub face: Face,
    /// What is special about it.
    pub mark: Mark,
    /// The record it was derived from.
    pub cause: Option<RecordId>,
}

/// A record's looks: a glyph from one field, a colour from one field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Face {
    /// The glyph.
    pub glyph: Glyph,
    /// The colour.
    pub colour: Colour,
}

/// What is written on a tile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Glyph {
    /// Nothing.
    #[default]
    Blank,
    /// So many pips, as on a die.
    Pips(u8),
    /// At most three characters.
    Text(String),
}

/// A tile's colour; never the only sign of anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Colour {
    /// Paper.
    #[default]
    None,
    /// A place in the palette of twelve.
    Face(u8),
    /// Club status platinum.
    Platinum,
    /// Club status gold.
    Gold,
    /// Club status silver.
    Silver,
    /// Club status bronze.
    Bronze,
}

/// What is special about a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// Nothing.
    #[default]
    None,
    /// Its value is null.
    Tombstone,
    /// Its bytes are not of the declared format.
    Unreadable,
    /// It came later than its timestamp says, by so many milliseconds.
    Late(i64),
}

/// A consumer: a flag at each of its positions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderView {
    /// Its id.
    pub id: ConsumerId,
    /// Its name.
    pub name: String,
    /// The group it is a member of.
    pub group: Option<String>,
    /// Its pace in words, such as `every 10 s, all there is`.
    pub about: String,
    /// Whether it still reads.
    pub running: bool,
    /// Whether it takes what is there, and if not, why.
    pub state: ReaderState,
    /// Records that it has taken so far.
    pub delivered: u64,
    /// Where it is, by topic and partition; only partitions it is assigned.
    pub positions: Vec<ReaderPosition>,
}

/// Whether a consumer takes what is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReaderState {
    /// It does.
    #[default]
    Reading,
    /// It leaves its partitions out of its polls.
    Paused,
    /// It hangs: it polls no more.
    Stalled,
    /// Its machine failed, and its group has not noticed yet.
    Killed,
}

/// A consumer's place on one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReaderPosition {
    /// The topic.
    pub topic: TopicId,
    /// The partition's id over all topics.
    pub partition: PartitionId,
    /// The partition's number in the topic.
    pub number: u32,
    /// Offset of the next record it will take.
    pub position: u64,
    /// The committed offset.
    pub committed: Option<u64>,
    /// How many records it is behind.
    pub lag: u64,
}

/// A consumer group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// Its name (`group.id`).
    pub name: String,
    /// Its generation.
    pub generation: u32,
    /// Its members.
    pub members: Vec<ConsumerId>,
    /// How many records it is behind, over all partitions.
    pub lag: u64,
    /// Where it is in the protocol, in Kafka's word, such as `Stable`.
    pub state: String,
    /// Its assignor's name, such as `cooperative-sticky`.
    pub assignor: String,
    /// How far it is behind on each partition.
    pub partitions: Vec<GroupLagView>,
    /// Its lag in each of the last seconds, oldest first.
    pub history: Vec<LagPoint>,
}

/// One sentence about what just happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narration {
    /// The step it is about.
    pub step: u64,
    /// The sentence.
    pub text: String,
}
