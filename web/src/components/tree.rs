//! A tree that mirrors the picture for keyboard and readers aloud: topic, partition, record. Its
//! focus is drawn on the canvas; Enter on a record inspects it.

use crate::components::stage::{spoken_record, toggle_topic};
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::queries::cluster::spoken;
use crate::queries::tree::{Place, Step, moved, place_of, target_of};
use crate::tasks;
use headwater_base::RecordId;
use headwater_scene::Target;
use headwater_view::{LaneView, ReplicationView, TopicKind, TopicView};
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
    /// Replicas of partitions.
    pub replication: PtrEq<Vec<ReplicationView>>,
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
            let next = event
                .related_target()
                .and_then(|it| it.dyn_into::<Element>().ok());
            let stays = next.is_some_and(|it| it.closest("[role=tree]").ok().flatten().is_some());
            if !stays {
                lab.choose(|ui| ui.tree_active = false);
            }
        })
    };
    let show = |place: Place| Node {
        topics: &props.topics,
        replication: &props.replication,
        at: place,
    };
    html! {
        <ul class="stage-tree" role="tree" aria-label="Topics, partitions and records" {onkeydown}>
            { for props.topics.iter().enumerate().map(|(topic, _)| {
                let place_here = Place { topic, ..Place::default() };
                show(place_here).topic(place, &onfocus, &onblur, props.active)
            }) }
        </ul>
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

/// Renders one node.
#[derive(Clone, Copy)]
struct Node<'a> {
    topics: &'a [TopicView],
    replication: &'a [ReplicationView],
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
            lanes
                .map(|(lane, view)| self.lane(lane, view, focus, &item))
                .collect::<Html>()
        });
        show(item, &format!("topic {}", topic.id), lanes)
    }

    fn lane(self, place: usize, lane: &LaneView, focus: Place, like: &ItemProps) -> Html {
        let here = focus.lane == Some(place);
        let unfolded = here && focus.tile.is_some();
        let mut label = format!(
            "partition {}, offsets {} to {}",
            lane.partition, lane.start_offset, lane.end_offset
        );
        let mut replicated = self.replication.iter();
        if let Some(it) = replicated.find(|it| it.partition == lane.id) {
            label.push_str(&spoken(it));
        }
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
                let record = RecordId {
                    partition: lane.id,
                    offset: tile.offset,
                };
                let label = spoken_record(topic, record).unwrap_or_default();
                let current = focus.tile == Some(at);
                let item = ItemProps {
                    label,
                    expanded: None,
                    current,
                    ..like.clone()
                };
                show(item, &format!("record {}", tile.offset), None)
            });
            shown.collect::<Html>()
        });
        show(item, &format!("lane {}", lane.id), tiles)
    }
}

fn show(item: ItemProps, key: &str, children: Option<Html>) -> Html {
    let item = ItemProps {
        children: Rc::new(children),
        ..item
    };
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
