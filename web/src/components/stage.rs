//! The stage: one canvas with the picture, cards of words over it, and a tree that mirrors it for
//! keyboard and readers aloud. What is where, `headwater_scene` decides.

use crate::components::cards::Cards;
use crate::components::tree::StageTree;
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::platform::style::use_style;
use crate::tasks;
use crate::ui::Tab;
use headwater_base::{QueryId, RecordId, TopicId};
use headwater_scene::{DisplayList, Rect, Target};
use headwater_view::{ReplicationView, TopicView};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

/// What the stage shows.
#[derive(PartialEq, Properties)]
pub struct StageProps {
    /// The lab.
    pub lab: Lab,
    /// The settled picture.
    pub picture: PtrEq<DisplayList>,
    /// How much larger than its own size the picture is shown.
    pub zoom: f64,
    /// Topics, for the tree.
    pub topics: PtrEq<Vec<TopicView>>,
    /// Replicas, for the tree.
    pub replication: PtrEq<Vec<ReplicationView>>,
    /// What has the keyboard's focus in the tree.
    pub focused: Option<Target>,
    /// Whether the tree has that focus now.
    pub active: bool,
    /// Whether there is no lab yet.
    pub opening: bool,
    /// Whether the stage can be seen.
    pub shown: bool,
}

/// The stage.
#[component]
pub fn StagePanel(props: &StageProps) -> Html {
    let scroller = use_node_ref();
    let world = use_node_ref();
    let canvas = use_node_ref();
    use_canvas(&props.lab, &canvas);
    use_viewport(&props.lab, &scroller);
    use_follow(&scroller, props);
    let over = use_node_ref();
    let (picture, zoom) = (&props.picture, props.zoom);
    use_style(
        &world,
        vec![
            ("width", format!("{}px", picture.width * zoom)),
            ("height", format!("{}px", picture.height * zoom)),
        ],
    );
    use_style(&over, vec![("transform", format!("scale({zoom})"))]);
    let point = {
        let world = world.clone();
        move |event: &MouseEvent| {
            let place = world.cast::<Element>()?.get_bounding_client_rect();
            let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
            Some((x - place.left(), y - place.top()))
        }
    };
    let onclick = {
        let (lab, point) = (props.lab.clone(), point.clone());
        Callback::from(move |event: MouseEvent| {
            if let Some(point) = point(&event) {
                click(&lab, point);
            }
        })
    };
    let onpointermove = {
        let lab = props.lab.clone();
        Callback::from(move |event: PointerEvent| {
            let hit = point(&event).and_then(|(x, y)| lab.drawing(|it| it.hit(x, y)));
            // A lane is nearly everywhere; lighting it up would only flicker.
            hover(&lab, hit.filter(|it| !matches!(it, Target::Lane(_))));
        })
    };
    let onpointerleave = {
        let lab = props.lab.clone();
        Callback::from(move |_: PointerEvent| hover(&lab, None))
    };
    html! {
        <section class="stage" aria-label="Stage">
            <div class="stage-scroll" ref={scroller}>
                <div class="stage-world" ref={world} {onclick} {onpointermove} {onpointerleave}>
                    <canvas ref={canvas} aria-hidden="true" />
                    <div class="stage-over" ref={over}>
                        <Cards lab={props.lab.clone()} picture={picture.clone()} />
                    </div>
                    <StageTree lab={props.lab.clone()} topics={props.topics.clone()}
                        replication={props.replication.clone()} focused={props.focused.clone()}
                        active={props.active} />
                </div>
                if props.opening {
                    { ruled() }
                }
            </div>
        </section>
    }
}

/// The page before the engine answers: rules and the names of the lanes to come.
fn ruled() -> Html {
    let lanes = [
        "ratings",
        "customers",
        "RATINGS_LIVE",
        "POOR_RATINGS",
        "RATINGS_WITH_CUSTOMER_DATA",
        "UNHAPPY_PLATINUM_CUSTOMERS",
        "RATINGS_BY_CLUB_STATUS",
    ];
    html! {
        <div class="ruled-page" aria-hidden="true">
            { for lanes.into_iter().map(|lane| html! {
                <div class="ruled-lane"><span>{ lane }</span><i /></div>
            }) }
        </div>
    }
}

/// What a click does: on a record or near it, it inspects it; on rows, it shows them.
fn click(lab: &Lab, (x, y): (f64, f64)) {
    let hit = lab.drawing(|drawing| drawing.hit(x, y));
    let near = lab.drawing(|drawing| drawing.record_near(x, y));
    match (hit, near) {
        (Some(Target::Record(record)), _) => tasks::inspect(lab, record),
        (Some(Target::Lane(_)) | None, Some(record)) => tasks::inspect(lab, record),
        (Some(Target::Failure(query)), _) => {
            let found = lab.read(|state| {
                let mut queries = state.model.view.queries.iter();
                queries.find(|it| it.id == query)?.failure.as_ref()?.record
            });
            if let Some(record) = found {
                tasks::inspect(lab, record);
            }
        }
        (Some(Target::Result(query)), _) => lab.choose(|ui| {
            ui.result = Some(query);
            ui.tab = if ui.narrow { Tab::Results } else { ui.tab };
        }),
        _ => {}
    }
}

/// Opens or folds a topic.
pub(crate) fn toggle_topic(lab: &Lab, topic: TopicId) {
    lab.choose(|ui| {
        let mut open = (*ui.open_topics).clone();
        if !open.remove(&topic) {
            open.insert(topic);
        }
        ui.open_topics = PtrEq::new(open);
    });
}

/// Opens or folds a query.
pub(crate) fn toggle_query(lab: &Lab, query: QueryId) {
    lab.choose(|ui| {
        let mut open = (*ui.open_queries).clone();
        if !open.remove(&query) {
            open.insert(query);
        }
        ui.open_queries = PtrEq::new(open);
    });
}

fn hover(lab: &Lab, target: Option<Target>) {
    if lab.read(|state| state.ui.hovered != target) {
        lab.choose(|ui| ui.hovered = target);
    }
}

#[hook]
fn use_canvas(lab: &Lab, canvas: &NodeRef) {
    let (lab, canvas) = (lab.clone(), canvas.clone());
    use_effect_with((), move |()| {
        if let Some(canvas) = canvas.cast::<HtmlCanvasElement>() {
            lab.drawing(|drawing| drawing.attach(canvas));
        }
    });
}

/// Tells the drawing how much room there is, whenever that changes.
#[hook]
fn use_viewport(lab: &Lab, scroller: &NodeRef) {
    let (lab, scroller) = (lab.clone(), scroller.clone());
    use_effect_with((), move |()| {
        let element = scroller.cast::<Element>();
        let observed = element.and_then(|element| {
            let measured = element.clone();
            let resized = Closure::<dyn Fn()>::new(move || {
                let (width, height) = (measured.client_width(), measured.client_height());
                if width > 0 && height > 0 {
                    lab.drawing(|it| it.resize(f64::from(width), f64::from(height)));
                }
            });
            let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
            observer.observe(&element);
            Some((observer, resized))
        });
        move || {
            if let Some((observer, _resized)) = observed {
                observer.disconnect();
            }
        }
    });
}

/// Scrolls to what has the keyboard's focus. Nothing else ever moves the picture unasked.
#[hook]
fn use_follow(scroller: &NodeRef, props: &StageProps) {
    let (scroller, picture, zoom) = (scroller.clone(), props.picture.clone(), props.zoom);
    use_effect_with(props.focused.clone(), move |focused| {
        let rect = focused.as_ref().and_then(|target| picture.rect_of(target));
        let rect =
            rect.map(|it| Rect::new(it.x * zoom, it.y * zoom, it.width * zoom, it.height * zoom));
        if let (Some(rect), Some(scroller)) = (rect, scroller.cast::<Element>()) {
            let top = f64::from(scroller.scroll_top());
            let height = f64::from(scroller.client_height());
            if rect.y < top || rect.bottom() > top + height {
                scroller.set_scroll_top((rect.y - height / 3.0).max(0.0) as i32);
            }
            let left = f64::from(scroller.scroll_left());
            let width = f64::from(scroller.client_width());
            if rect.x < left || rect.right() > left + width {
                scroller.set_scroll_left((rect.x - width / 3.0).max(0.0) as i32);
            }
        }
    });
}

/// A record in words for readers aloud.
pub(crate) fn spoken_record(topic: &TopicView, record: RecordId) -> Option<String> {
    let lane = topic
        .partitions
        .iter()
        .find(|lane| lane.id == record.partition)?;
    let tile = lane
        .tiles
        .iter()
        .find(|tile| tile.offset == record.offset)?;
    Some(format!("offset {}, key {}", tile.offset, tile.key))
}
