//! A tree that mirrors the picture for keyboard and readers aloud: topic, partition, record. Its
//! focus is drawn on the canvas; Enter on a record inspects it.

use crate::components::stage::{spoken_record, toggle_topic};
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::tasks;
use headwater_base::RecordId;
use headwater_scene::Target;
use headwater_view::{LaneView, QueryView, TopicKind, TopicView};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};
use yew::prelude::*;

/// What the tree mirrors.
#[derive(PartialEq, Properties)]
pub struct TreeProps {
    /// The lab.
    pub lab: Lab,
    /// Topics.
    pub topics: PtrEq<Vec<TopicView>>,
    /// Queries.
    pub queries: PtrEq<Vec<QueryView>>,
    /// The place of the focus.
    pub focused: Option<Target>,
    /// Whether the focus is there now.
    pub active: bool,
}

/// The tree. Only the branch that has the focus is unfolded, so that it stays small.
#[component]
pub fn StageTree(props: &TreeProps) -> Html {
    let place = place_of(&props.topics, props.focused.as_ref());
    let onkeydown = {
        let (lab, topics) = (props.lab.clone(), props.topics.clone());
        let focused = props.focused.clone();
        Callback::from(move |event: KeyboardEvent| {
            let at = place_of(&topics, focused.as_ref());
            let Some(step) = Step::of_key(&event.key()) else {
                return;
            };
            event.prevent_default();
            event.stop_propagation();
            take(&lab, &topics, at, step);
        })
    };
    let onfocus = {
        let (lab, topics) = (props.lab.clone(), props.topics.clone());
        Callback::from(move |_: FocusEvent| {
            if lab.read(|state| state.ui.tree_active) {
                return;
            }
            lab.choose(|ui| {
                ui.tree_active = true;
                let first = topics.first().map(|topic| Target::Topic(topic.id));
                ui.focused = ui.focused.take().or(first);
            });
        })
    };
    let onblur = {
        let lab = props.lab.clone();
        Callback::from(move |event: FocusEvent| {
            let next = event.related_target().and_then(|it| it.dyn_into::<Element>().ok());
            let stays = next.is_some_and(|it| it.closest("[role=tree]").ok().flatten().is_some());
            if !stays {
                lab.choose(|ui| ui.tree_active = false);
            }
        })
    };
    let show = |place: Place| Node { topics: &props.topics, at: place };
    html! {
        <ul class="stage-tree" role="tree" aria-label="Topics, partitions and records" {onkeydown}>
            { for props.topics.iter().enumerate().map(|(topic, _)| {
                let place_here = Place { topic, ..Place::default() };
                show(place_here).topic(place, &onfocus, &onblur, props.active)
            }) }
        </ul>
    }
}

/// Where in the tree: a topic, a partition of it, a record of that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Place {
    topic: usize,
    lane: Option<usize>,
    tile: Option<usize>,
}

fn place_of(topics: &[TopicView], target: Option<&Target>) -> Place {
    let none = Place::default();
    let find_lane = |wanted| {
        topics.iter().enumerate().find_map(|(topic, view)| {
            let lane = view.partitions.iter().position(|lane| lane.id == wanted)?;
            Some(Place { topic, lane: Some(lane), tile: None })
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
            let lane = place.lane.and_then(|lane| topics[place.topic].partitions.get(lane));
            let tiles = lane.map_or(&[][..], |lane| &lane.tiles);
            // A record that retention took away hands the focus to the oldest that is left.
            let tile = tiles.iter().position(|tile| tile.offset >= record.offset);
            Place { tile, ..place }
        }
        _ => none,
    }
}

fn target_of(topics: &[TopicView], at: Place) -> Option<Target> {
    let topic = topics.get(at.topic)?;
    let Some(lane) = at.lane else {
        return Some(Target::Topic(topic.id));
    };
    let lane = topic.partitions.get(lane)?;
    match at.tile {
        None => Some(Target::Lane(lane.id)),
        Some(tile) => lane.tiles.get(tile).map(|tile| record_of(lane, tile.offset)),
    }
}

fn record_of(lane: &LaneView, offset: u64) -> Target {
    Target::Record(RecordId { partition: lane.id, offset })
}

/// What a key does in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Next,
    Previous,
    In,
    Out,
    First,
    Last,
    Choose,
}

impl Step {
    fn of_key(key: &str) -> Option<Step> {
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

fn take(lab: &Lab, topics: &[TopicView], at: Place, step: Step) {
    if step == Step::Choose {
        match target_of(topics, at) {
            Some(Target::Record(record)) => tasks::inspect(lab, record),
            Some(Target::Topic(topic)) => toggle_topic(lab, topic),
            _ => {}
        }
        return;
    }
    let next = moved(topics, at, step);
    let target = target_of(topics, next);
    if target.is_some() {
        lab.choose(|ui| ui.focused = target);
    }
}

/// The place that a key leads to. Siblings are gone through by up and down; right goes in, to the
/// newest record of a partition, and left goes out.
fn moved(topics: &[TopicView], at: Place, step: Step) -> Place {
    let lanes = topics.get(at.topic).map_or(0, |topic| topic.partitions.len());
    let tiles = at.lane.and_then(|lane| topics.get(at.topic)?.partitions.get(lane));
    let tiles = tiles.map_or(0, |lane| lane.tiles.len());
    let slide = |value: usize, count: usize| match step {
        Step::Next => (value + 1).min(count.saturating_sub(1)),
        Step::Previous => value.saturating_sub(1),
        Step::First => 0,
        Step::Last => count.saturating_sub(1),
        _ => value,
    };
    match (at.lane, at.tile, step) {
        (None, _, Step::In) if lanes > 0 => Place { lane: Some(0), ..at },
        (Some(_), None, Step::In) if tiles > 0 => Place { tile: Some(tiles - 1), ..at },
        (Some(_), Some(_), Step::Out) => Place { tile: None, ..at },
        (Some(_), None, Step::Out) => Place { lane: None, ..at },
        (_, _, Step::In | Step::Out) => at,
        (Some(_), Some(tile), _) => Place { tile: Some(slide(tile, tiles)), ..at },
        (Some(lane), None, _) => Place { lane: Some(slide(lane, lanes)), ..at },
        (None, _, _) => Place { topic: slide(at.topic, topics.len()), ..at },
    }
}

/// Renders one node.
#[derive(Clone, Copy)]
struct Node<'a> {
    topics: &'a [TopicView],
    at: Place,
}

impl Node<'_> {
    fn topic(
        self,
        focus: Place,
        onfocus: &Callback<FocusEvent>,
        onblur: &Callback<FocusEvent>,
        active: bool,
    ) -> Html {
        let topic = &self.topics[self.at.topic];
        let kind = match topic.kind {
            TopicKind::Plain => "topic",
            TopicKind::Stream => "stream topic",
            TopicKind::Table => "table topic",
        };
        let here = focus.topic == self.at.topic;
        let unfolded = here && focus.lane.is_some();
        let count = topic.partitions.len();
        let label = format!("{kind} {}, {count} partitions", topic.name);
        let item = ItemProps {
            label,
            expanded: Some(unfolded),
            current: here && focus.lane.is_none(),
            active,
            onfocus: onfocus.clone(),
            onblur: onblur.clone(),
            children: Rc::default(),
        };
        let lanes = unfolded.then(|| {
            let lanes = topic.partitions.iter().enumerate();
            lanes.map(|(lane, view)| self.lane(lane, view, focus, &item)).collect::<Html>()
        });
        show(item, &format!("topic {}", topic.id), lanes)
    }

    fn lane(self, place: usize, lane: &LaneView, focus: Place, like: &ItemProps) -> Html {
        let here = focus.lane == Some(place);
        let unfolded = here && focus.tile.is_some();
        let label = format!(
            "partition {}, offsets {} to {}",
            lane.partition, lane.start_offset, lane.end_offset
        );
        let item = ItemProps {
            label,
            expanded: Some(unfolded),
            current: here && focus.tile.is_none(),
            ..like.clone()
        };
        let topic = &self.topics[self.at.topic];
        let tiles = unfolded.then(|| {
            let tiles = lane.tiles.iter().enumerate();
            let shown = tiles.map(|(at, tile)| {
                let record = RecordId { partition: lane.id, offset: tile.offset };
                let label = spoken_record(topic, record).unwrap_or_default();
                let current = focus.tile == Some(at);
                let item = ItemProps { label, expanded: None, current, ..like.clone() };
                show(item, &format!("record {}", tile.offset), None)
            });
            shown.collect::<Html>()
        });
        show(item, &format!("lane {}", lane.id), tiles)
    }
}

fn show(item: ItemProps, key: &str, children: Option<Html>) -> Html {
    let item = ItemProps { children: Rc::new(children), ..item };
    html! { <Item key={key.to_owned()} ..item /> }
}

#[derive(Clone, PartialEq, Properties)]
struct ItemProps {
    label: String,
    expanded: Option<bool>,
    /// Whether the focus is, or would be, here.
    current: bool,
    /// Whether the tree has the focus.
    active: bool,
    onfocus: Callback<FocusEvent>,
    onblur: Callback<FocusEvent>,
    children: Rc<Option<Html>>,
}

#[component]
fn Item(props: &ItemProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.current, props.active), move |(current, active)| {
            if let (true, true, Some(item)) = (*current, *active, node.cast::<HtmlElement>()) {
                let options = FocusOptions::new();
                options.set_prevent_scroll(true);
                // An item that cannot take the focus leaves it where it is.
                let _ = item.focus_with_options(&options);
            }
        });
    }
    html! {
        <li role="treeitem" ref={node} aria-label={props.label.clone()}
            aria-expanded={props.expanded.map(|it| it.to_string())}
            aria-selected={props.current.to_string()}
            tabindex={if props.current { "0" } else { "-1" }}
            onfocus={props.onfocus.clone()} onblur={props.onblur.clone()}>
            if let Some(children) = &*props.children {
                <ul role="group">{ children.clone() }</ul>
            }
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_base::{PartitionId, TopicId};
    use headwater_view::{Face, Mark, Tile, TopicRole};

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
        let record = RecordId { partition: PartitionId(1), offset: 4 };
        assert_eq!(target_of(&topics, at), Some(Target::Record(record)));
        assert_eq!(place_of(&topics, Some(&Target::Record(record))), at);
        at = moved(&topics, moved(&topics, at, Step::Out), Step::Out);
        assert_eq!(target_of(&topics, at), Some(Target::Topic(TopicId(0))));
    }

    #[test]
    fn a_record_that_is_gone_hands_the_focus_to_the_oldest_that_is_left() {
        let record = RecordId { partition: PartitionId(0), offset: 1 };
        let at = place_of(&topics(), Some(&Target::Record(record)));
        assert_eq!(at.tile, Some(0));
    }
}
