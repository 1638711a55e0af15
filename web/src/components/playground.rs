//! The lab's frame: owns one lab, turns it, and hands each panel what it shows.

use crate::api;
use crate::clock::Clock;
use crate::components::catalog::catalog;
use crate::components::chart::ChartPanel;
use crate::components::cluster::Cluster;
use crate::components::duality::Duality;
use crate::components::editor::Editor;
use crate::components::forms::{commands, form};
use crate::components::guide::Guide;
use crate::components::help::help;
use crate::components::inspector::Inspector;
use crate::components::results::Results;
use crate::components::share::share;
use crate::components::splitter::{Axis, Splitter};
use crate::components::stage::StagePanel;
use crate::components::tabs::Tabs;
use crate::components::timeline::{TimelineProps, timeline};
use crate::components::top_bar::top_bar;
use crate::components::{narration, note};
use crate::lab::{Lab, Snapshot};
use crate::platform::PtrEq;
use crate::queries::cluster::pane;
use crate::tasks;
use crate::ui::{Note, Stage, Tab, Ui};
use headwater_view::SavedLab;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Below this width of the lab, panels are shown one at a time.
const NARROW_BELOW: f64 = 760.0;

/// What the lab is opened with.
#[derive(PartialEq, Properties)]
pub struct PlaygroundProps {
    /// The lesson's Markdown, once it is there.
    pub lesson: Option<AttrValue>,
    /// Why there is none.
    pub problem: Option<AttrValue>,
    /// The lesson's name, as addresses have it.
    pub name: AttrValue,
    /// A lab that was kept, in place of the lesson as it begins.
    pub saved: Option<PtrEq<SavedLab>>,
}

/// One lab with all its panels.
#[component]
pub fn Playground(props: &PlaygroundProps) -> Html {
    let (lab, snapshot) = use_lab();
    use_lesson(&lab, props);
    let root = use_node_ref();
    use_width(&root, &lab);
    let Snapshot {
        shown,
        ui,
        furthest_ms,
        picture,
        zoom,
    } = (*snapshot).clone();
    let onkeydown = {
        let lab = lab.clone();
        Callback::from(move |event: KeyboardEvent| shortcut(&lab, &event))
    };
    let on_stage = ui.tab == Tab::Stage;
    html! {
        <div class="lab" ref={root} {onkeydown}
            data-theme={ui.theme.name()}
            data-narrow={ui.narrow.to_string()}
            data-tab={ui.tab.name()}
            data-presenter={(ui.presenter && !ui.narrow).to_string()}
            data-inspecting={ui.inspector_open.to_string()}
            data-opening={(ui.stage == Stage::Opening).to_string()}
        >
            { top_bar(&lab, &ui, &props.name) }
            { note::pinned(&lab, &ui.note) }
            <div class="lab-body">
                { catalog(&lab, ui.catalog_open || ui.narrow, &shown) }
                { column(&lab, &snapshot) }
                <Splitter name="column" axis={Axis::Vertical} initial={400.0} min={280.0}
                    max={720.0}
                    label="Width of Guide, Editor and Results" />
                <div class="lab-right">
                    <StagePanel lab={lab.clone()} {picture} {zoom} topics={shown.topics.clone()}
                        replication={shown.replication.clone()} focused={ui.focused.clone()}
                        active={ui.tree_active}
                        opening={ui.stage == Stage::Opening}
                        shown={on_stage || !ui.narrow} />
                    { narration::line(&shown.narration) }
                    <Splitter name="strip" axis={Axis::Horizontal} initial={232.0} min={96.0}
                        max={480.0} label="Height of Duality and Chart" />
                    { strip(&lab, &snapshot) }
                </div>
                <Inspector lab={lab.clone()} detail={ui.detail.clone()} selected={ui.selected}
                    open={ui.inspector_open} back={!ui.trail.is_empty()}
                    topics={shown.topics.clone()} queries={shown.queries.clone()}
                    narrow={ui.narrow} />
            </div>
            { timeline(&TimelineProps {
                lab: lab.clone(),
                position: shown.position.clone(),
                running: shown.running,
                asked: ui.speed,
                real: shown.real_speed,
                furthest_ms,
                branches: shown.branches.clone(),
                branches_open: ui.branches_open,
                opening: ui.stage == Stage::Opening,
            }) }
            if ui.narrow {
                <Tabs lab={lab.clone()} chosen={ui.tab} strip=false />
            }
            { over(&lab, &ui) }
        </div>
    }
}

/// What lies over the lab while it is open: help, and what there is to share.
fn over(lab: &Lab, ui: &Ui) -> Html {
    html! {
        <>
            if ui.help_open {
                { help(lab, ui) }
            }
            if ui.share_open {
                { share(lab, &ui.link) }
            }
            { ui.commands.as_ref().map(|all| commands(lab, all, &ui.wanted)) }
            { ui.form.as_ref().map(|it| form(lab, it)) }
        </>
    }
}

/// What lies under the stage: the panel that is chosen there, or by the narrow page's tabs.
fn strip(lab: &Lab, Snapshot { shown, ui, .. }: &Snapshot) -> Html {
    let pane = pane(ui, shown);
    let below = matches!(pane, Tab::Brokers | Tab::Nodes | Tab::Groups);
    let table = shown.duality.as_ref();
    let table = table.map_or("", |it| it.table.name.as_str());
    html! {
        <div class="strip" data-chart={(!shown.charts.is_empty()).to_string()}>
            if !ui.narrow {
                <div class="strip-head">
                    <Tabs lab={lab.clone()} chosen={pane} strip=true />
                    if !below {
                        <span class="quiet mono">{ table }</span>
                    }
                </div>
            }
            if below {
                <Cluster lab={lab.clone()} {pane} brokers={shown.brokers.clone()}
                    replication={shown.replication.clone()} nodes={shown.nodes.clone()}
                    groups={shown.groups.clone()} readers={shown.readers.clone()}
                    topics={shown.topics.clone()} />
            } else {
                <>
                    <Duality lab={lab.clone()} duality={shown.duality.clone()} />
                    <ChartPanel charts={shown.charts.clone()} theme={ui.theme} tab={ui.tab} />
                </>
            }
        </div>
    }
}

/// Guide, Editor and Results with the splitters between them.
fn column(lab: &Lab, Snapshot { shown, ui, .. }: &Snapshot) -> Html {
    html! {
        <div class="column">
            <Guide lab={lab.clone()} lesson={ui.lesson.clone()}
                folded={ui.guide_folded && !ui.narrow} />
            <Splitter name="guide" axis={Axis::Horizontal} initial={240.0} min={60.0} max={640.0}
                label="Height of Guide" />
            <Editor lab={lab.clone()} lesson={ui.lesson.clone()} ran={ui.ran.clone()}
                findings={ui.findings.clone()} />
            <Splitter name="results" axis={Axis::Horizontal} initial={240.0} min={60.0} max={640.0}
                label="Height of Results" />
            <Results lab={lab.clone()} ran={ui.ran.clone()} results={shown.results.clone()}
                queries={shown.queries.clone()} chosen={ui.result} />
        </div>
    }
}

/// A lab that lives as long as the component, and what it shows.
#[hook]
fn use_lab() -> (Lab, UseStateHandle<Snapshot>) {
    let lab = (*use_memo((), |()| Lab::new())).clone();
    let snapshot = use_state(|| lab.snapshot());
    {
        let (lab, snapshot) = (lab.clone(), snapshot.setter());
        use_effect_with((), move |()| {
            let reader = lab.clone();
            lab.on_change(Callback::from(move |()| snapshot.set(reader.snapshot())));
            lab.spawn();
            let clock = Clock::start(lab.clone());
            let published = api::publish(&lab);
            move || {
                drop(clock);
                drop(published);
                lab.close();
            }
        });
    }
    (lab, snapshot)
}

/// Opens the lesson once it is there, or says why it is not.
#[hook]
fn use_lesson(lab: &Lab, props: &PlaygroundProps) {
    let lab = lab.clone();
    let given = (
        props.lesson.clone(),
        props.problem.clone(),
        props.saved.clone(),
    );
    use_effect_with(given, move |(lesson, problem, saved)| {
        match (saved, lesson) {
            (Some(saved), _) => lab.load(saved),
            (None, Some(lesson)) => lab.open(lesson),
            (None, None) => {}
        }
        if let Some(problem) = problem {
            let note = Note {
                title: "The lesson is not there".to_owned(),
                text: problem.to_string(),
                hints: vec!["Open #/lab for the opening lesson.".to_owned()],
                ways: Vec::new(),
            };
            lab.choose(|ui| ui.note = PtrEq::new(Some(note)));
        }
    });
}

/// Keeps an eye on the lab's own width: it may stand in a page of any.
#[hook]
fn use_width(root: &NodeRef, lab: &Lab) {
    let (root, lab) = (root.clone(), lab.clone());
    use_effect_with((), move |()| {
        let element = root.cast::<Element>();
        let observer = element.and_then(|element| {
            let measured = element.clone();
            let resized = Closure::<dyn Fn()>::new(move || {
                let width = f64::from(measured.client_width());
                let narrow = width > 0.0 && width < NARROW_BELOW;
                if lab.read(|state| state.ui.narrow) != narrow {
                    lab.choose(|ui| ui.narrow = narrow);
                }
            });
            let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
            observer.observe(&element);
            Some((observer, resized))
        });
        move || {
            if let Some((observer, _resized)) = observer {
                observer.disconnect();
            }
        }
    });
}

/// Single keys, while the focus is in the lab and on nothing that takes keys itself.
fn shortcut(lab: &Lab, event: &KeyboardEvent) {
    let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
    if event.default_prevented() || modified || !lab.read(|state| state.ui.keys) {
        return;
    }
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let takes_keys = target.is_some_and(|target| {
        let taken = "input, select, textarea, button, a, summary, [data-keys=own]";
        target.closest(taken).ok().flatten().is_some()
    });
    if takes_keys {
        return;
    }
    match event.key().as_str() {
        " " => tasks::time::toggle(lab),
        "." => tasks::time::step(lab, 1),
        "," => tasks::time::step_back(lab),
        _ => return,
    }
    event.prevent_default();
}
