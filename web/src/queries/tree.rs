//! Reading: places in the stage's tree and the ways between them. Topic, partition, record.

use headwater_base::RecordId;
use headwater_scene::Target;
use headwater_view::{LaneView, TopicView};

/// Where in the tree: a topic, a partition of it, a record of that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The topic, by its place in the list.
    pub topic: usize,
    /// The partition, by its place in the topic.
    pub lane: Option<usize>,
    /// The record, by its place among the partition's tiles.
    pub tile: Option<usize>,
}

/// The place of a target; the first topic's where it is none of the tree's.
pub fn place_of(topics: &[TopicView], target: Option<&Target>) -> Place {
    let none = Place::default();
    let find_lane = |wanted| {
        topics.iter().enumerate().find_map(|(topic, view)| {
            let lane = view.partitions.iter().position(|lane| lane.id == wanted)?;
            Some(Place {
                topic,
                lane: Some(lane),
                tile: None,
            })
        })
    };
    match target {
        Some(Target::Topic(id)) => {
            let topic = topics.iter().position(|topic| topic.id == *id).unwrap_or(0);
            Place { topic, ..none }
        }
        Some(Target::Lane(id)) => find_lane(*id).unwrap_or(none),
        Some(Target::Record(record)) => {
            let Some(place) = find_lane(record.partition) else {
                return none;
            };
            let lane = place
                .lane
                .and_then(|lane| topics[place.topic].partitions.get(lane));
            let tiles = lane.map_or(&[][..], |lane| &lane.tiles);
            // A record that retention took away hands the focus to the oldest that is left.
            let tile = tiles.iter().position(|tile| tile.offset >= record.offset);
            Place { tile, ..place }
        }
        _ => none,
    }
}

/// What stands at a place.
pub fn target_of(topics: &[TopicView], at: Place) -> Option<Target> {
    let topic = topics.get(at.topic)?;
    let Some(lane) = at.lane else {
        return Some(Target::Topic(topic.id));
    };
    let lane = topic.partitions.get(lane)?;
    match at.tile {
        None => Some(Target::Lane(lane.id)),
        Some(tile) => lane
            .tiles
            .get(tile)
            .map(|tile| record_of(lane, tile.offset)),
    }
}

fn record_of(lane: &LaneView, offset: u64) -> Target {
    Target::Record(RecordId {
        partition: lane.id,
        offset,
    })
}

/// What a key does in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the direction of its name")]
pub enum Step {
    Next,
    Previous,
    In,
    Out,
    First,
    Last,
    Choose,
}

impl Step {
    /// What the key of this name does; `None` if it is not the tree's.
    pub fn of_key(key: &str) -> Option<Step> {
        Some(match key {
            "ArrowDown" => Step::Next,
            "ArrowUp" => Step::Previous,
            "ArrowRight" => Step::In,
            "ArrowLeft" => Step::Out,
            "Home" => Step::First,
            "End" => Step::Last,
            "Enter" | " " => Step::Choose,
            _ => return None,
        })
    }
}

/// The place that a key leads to. Siblings are gone through by up and down; right goes in, to the
/// newest record of a partition, and left goes out.
pub fn moved(topics: &[TopicView], at: Place, step: Step) -> Place {
    let lanes = topics
        .get(at.topic)
        .map_or(0, |topic| topic.partitions.len());
    let tiles = at
        .lane
        .and_then(|lane| topics.get(at.topic)?.partitions.get(lane));
    let tiles = tiles.map_or(0, |lane| lane.tiles.len());
    let slide = |value: usize, count: usize| match step {
        Step::Next => (value + 1).min(count.saturating_sub(1)),
        Step::Previous => value.saturating_sub(1),
        Step::First => 0,
        Step::Last => count.saturating_sub(1),
        _ => value,
    };
    match (at.lane, at.tile, step) {
        (None, _, Step::In) if lanes > 0 => Place {
            lane: Some(0),
            ..at
        },
        (Some(_), None, Step::In) if tiles > 0 => Place {
            tile: Some(tiles - 1),
            ..at
        },
        (Some(_), Some(_), Step::Out) => Place { tile: None, ..at },
        (Some(_), None, Step::Out) => Place { lane: None, ..at },
        (_, _, Step::In | Step::Out) => at,
        (Some(_), Some(tile), _) => Place {
            tile: Some(slide(tile, tiles)),
            ..at
        },
        (Some(lane), None, _) => Place {
            lane: Some(slide(lane, lanes)),
            ..at
        },
        (None, _, _) => Place {
            topic: slide(at.topic, topics.len()),
            ..at
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_base::{PartitionId, TopicId};
    use headwater_view::{Face, Mark, Tile, TopicKind, TopicRole};

    fn topics() -> Vec<TopicView> {
        let tile = |offset| Tile {
            offset,
            timestamp_ms: 0,
            appended_ms: 0,
            key: offset.to_string(),
            face: Face::default(),
            mark: Mark::None,
            cause: None,
        };
        let lane = |id: u32| LaneView {
            id: PartitionId(id),
            partition: id,
            start_offset: 3,
            end_offset: 6,
            segment_starts: vec![3],
            tiles: vec![tile(3), tile(4), tile(5)],
            rate: 0.0,
            histogram: Vec::new(),
        };
        vec![TopicView {
            id: TopicId(0),
            name: "ratings".to_owned(),
            role: TopicRole::Source,
            kind: TopicKind::Plain,
            declared: Vec::new(),
            retention: String::new(),
            partitions: vec![lane(0), lane(1)],
        }]
    }

    #[test]
    fn keys_lead_from_a_topic_to_its_newest_record_and_back() {
        let topics = topics();
        let mut at = Place::default();
        for step in [Step::In, Step::Next, Step::In, Step::Previous] {
            at = moved(&topics, at, step);
        }
        let record = RecordId {
            partition: PartitionId(1),
            offset: 4,
        };
        assert_eq!(target_of(&topics, at), Some(Target::Record(record)));
        assert_eq!(place_of(&topics, Some(&Target::Record(record))), at);
        at = moved(&topics, moved(&topics, at, Step::Out), Step::Out);
        assert_eq!(target_of(&topics, at), Some(Target::Topic(TopicId(0))));
    }

    #[test]
    fn a_record_that_is_gone_hands_the_focus_to_the_oldest_that_is_left() {
        let record = RecordId {
            partition: PartitionId(0),
            offset: 1,
        };
        let at = place_of(&topics(), Some(&Target::Record(record)));
        assert_eq!(at.tile, Some(0));
    }
}
