//! Topics, their partitions as lanes, and the newest records as tiles.

use crate::observe::Observer;
use crate::observe::face::FaceRule;
use crate::observe::tables::shown_name;
use crate::observe::text;
use crate::world::World;
use headwater_base::{PartitionId, RecordId, order};
use headwater_log::{Partition, RecordRef, Topic};
use headwater_sql::inspect::RecordReader;
use headwater_sql::plan;
use headwater_syntax::ast::SourceKind;
use headwater_view::{LaneView, Mark, Tile, TopicKind, TopicRole, TopicView, ViewRequest};
use std::rc::Rc;

/// How far back rates and histograms look, in seconds.
const SECONDS_BACK: i64 = 10;
/// A record this much older than the newest before it is shown as late, in milliseconds.
const LATE_MILLIS: i64 = 1_000;

/// What the tiles of one topic are made with.
#[derive(Clone, Debug)]
pub(super) struct Looks {
    rule: FaceRule,
    reader: RecordReader,
    is_internal: bool,
}

impl Observer {
    pub(super) fn topics(&mut self, world: &World, request: &ViewRequest) -> Vec<TopicView> {
        let is_wanted = |topic: &&Topic| request.all_topics || !is_kafkas(topic);
        let mut topics: Vec<&Topic> = world.cluster().topics().filter(is_wanted).collect();
        order::sort_by_key(&mut topics, |topic| topic.id);
        topics
            .into_iter()
            .map(|topic| self.topic(world, topic, request))
            .collect()
    }

    fn topic(&mut self, world: &World, topic: &Topic, request: &ViewRequest) -> TopicView {
        let mut declared = Vec::new();
        for cluster in world.ksql().iter() {
            let sources = cluster.engine.catalog().over_topic(&topic.name);
            declared.extend(sources.map(|it| (it.kind, shown_name(cluster, &it.name))));
        }
        let looks = self.looks(world, topic);
        let lanes = topic
            .partitions
            .iter()
            .filter_map(|id| world.cluster().partition(*id).ok());
        let most = u64::from(request.tiles_per_lane);
        let partitions = lanes
            .map(|log| self.lane(world, log, &looks, most))
            .collect();
        TopicView {
            id: topic.id,
            name: topic.name.to_string(),
            role: role(world, topic),
            kind: match declared.first().map(|it| it.0) {
                Some(SourceKind::Stream) => TopicKind::Stream,
                Some(SourceKind::Table) => TopicKind::Table,
                None => TopicKind::Plain,
            },
            declared: declared.into_iter().map(|it| it.1).collect(),
            retention: retention(topic),
            partitions,
        }
    }

    fn lane(&mut self, world: &World, log: &Partition, looks: &Looks, most: u64) -> LaneView {
        let (start, end) = (log.start_offset(), log.end_offset());
        let first = end.saturating_sub(most).max(start);
        let histogram = histogram(world, log);
        let records = log.tail(first, most);
        let tiles = records.map(|record| self.tile(log.id(), looks, &record));
        LaneView {
            id: log.id(),
            partition: log.number(),
            start_offset: start,
            end_offset: end,
            tiles: tiles.collect(),
            segment_starts: log.segment_starts().filter(|it| *it >= first).collect(),
            rate: histogram.iter().map(|it| f64::from(*it)).sum::<f64>() / SECONDS_BACK as f64,
            histogram,
        }
    }

    /// How a topic's records are looked into, as long as no command changes it.
    fn looks(&mut self, world: &World, topic: &Topic) -> Rc<Looks> {
        let make = || {
            Rc::new(Looks {
                rule: FaceRule::of(world, &topic.name),
                reader: world
                    .ksql()
                    .over_topic(&topic.name)
                    .record_reader(&topic.name),
                is_internal: matches!(role(world, topic), TopicRole::Internal { .. }),
            })
        };
        self.looks.entry(topic.id).or_insert_with(make).clone()
    }

    fn tile(&mut self, partition: PartitionId, looks: &Looks, record: &RecordRef<'_>) -> Tile {
        let id = RecordId {
            partition,
            offset: record.offset,
        };
        let made = || make_tile(looks, record);
        self.tiles.entry(id).or_insert_with(made).clone()
    }
}

/// Whether a topic is the business of Kafka or of ksqlDB's nodes alone.
fn is_kafkas(topic: &Topic) -> bool {
    topic.name.starts_with("__") || topic.name.ends_with("__command_topic")
}

fn make_tile(looks: &Looks, record: &RecordRef<'_>) -> Tile {
    let inspected = looks.reader.read(record);
    let key = text::key(&inspected, record);
    let lateness = record.append_time.epoch_millis() - record.timestamp;
    let mark = match record.value {
        None => Mark::Tombstone,
        // What an operator keeps need not be a row of any format.
        Some(_) if inspected.error.is_some() && !looks.is_internal => Mark::Unreadable,
        // A record made from another carries that one's time, which is not late.
        Some(_) if record.cause.is_none() && lateness >= LATE_MILLIS => Mark::Late(lateness),
        Some(_) => Mark::None,
    };
    Tile {
        offset: record.offset,
        timestamp_ms: record.timestamp,
        appended_ms: record.append_time.epoch_millis(),
        face: looks.rule.face(&inspected, &key),
        key: text::shortened(&key, 24),
        mark,
        cause: record.cause,
    }
}

/// Records of each of the last ten seconds, oldest first.
fn histogram(world: &World, log: &Partition) -> Vec<u32> {
    let mut counts = vec![0; SECONDS_BACK as usize];
    let now = world.now().epoch_millis();
    let oldest = now - SECONDS_BACK * 1000;
    // Append times never go back, so the place to begin is found by halving.
    let (mut low, mut high) = (log.start_offset(), log.end_offset());
    while low < high {
        let middle = low + (high - low) / 2;
        let next = log
            .read(middle, 1, u64::MAX)
            .ok()
            .and_then(|mut it| it.next());
        match next {
            Some(record) if record.append_time.epoch_millis() <= oldest => {
                low = record.offset + 1;
            }
            _ => high = middle,
        }
    }
    let newest = log.read(low, u64::MAX, u64::MAX).into_iter().flatten();
    for record in newest {
        let age = (now - record.append_time.epoch_millis()).max(0);
        let second = SECONDS_BACK - 1 - age / 1000;
        if let Some(count) = counts.get_mut(second.max(0) as usize) {
            *count += 1;
        }
    }
    counts
}

fn role(world: &World, topic: &Topic) -> TopicRole {
    match world.topic_role(topic.id) {
        Some((query, plan::TopicRole::Sink)) => TopicRole::Derived { query },
        Some((query, _)) => TopicRole::Internal { query },
        None => TopicRole::Source,
    }
}

fn retention(topic: &Topic) -> String {
    let config = &topic.config;
    if !config.cleanup_policy.deletes() {
        return "compacted".to_owned();
    }
    let time = (config.retention_ms >= 0).then(|| length(config.retention_ms));
    let bytes = (config.retention_bytes >= 0).then(|| size(config.retention_bytes));
    let limits: Vec<String> = time.into_iter().chain(bytes).collect();
    limits.join(" or ")
}

fn length(millis: i64) -> String {
    match millis {
        ms if ms % 86_400_000 == 0 => format!("{} d", ms / 86_400_000),
        ms if ms % 3_600_000 == 0 => format!("{} h", ms / 3_600_000),
        ms if ms % 60_000 == 0 => format!("{} min", ms / 60_000),
        ms if ms % 1000 == 0 => format!("{} s", ms / 1000),
        ms => format!("{ms} ms"),
    }
}

fn size(bytes: i64) -> String {
    match bytes {
        bytes if bytes % (1 << 20) == 0 => format!("{} MiB", bytes >> 20),
        bytes if bytes % (1 << 10) == 0 => format!("{} KiB", bytes >> 10),
        bytes => format!("{bytes} B"),
    }
}
