//! The bar of time: play and pause, steps, speed asked and real, scrubber, where in the run it is.

use crate::components::branches;
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::queries::{count_text, time};
use crate::tasks;
use headwater_base::time::EPOCH_MILLIS;
use headwater_view::{BranchView, Position};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// Speeds to choose from, in virtual seconds a wall second.
const SPEEDS: [f64; 12] = [
    0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 25.0, 50.0, 100.0, 300.0, 1000.0,
];

/// What the bar shows.
#[derive(Debug)]
pub struct TimelineProps {
    /// The lab.
    pub lab: Lab,
    /// Where in the run this is.
    pub position: Position,
    /// Whether time moves.
    pub running: bool,
    /// The speed that was asked for.
    pub asked: f64,
    /// The speed that the engine does.
    pub real: f64,
    /// The furthest moment seen, in milliseconds since 1970.
    pub furthest_ms: i64,
    /// Lines of time that were left.
    pub branches: PtrEq<Vec<BranchView>>,
    /// Whether they are listed.
    pub branches_open: bool,
    /// Whether there is no lab yet.
    pub opening: bool,
}

/// The bar of time.
pub fn timeline(props: &TimelineProps) -> Html {
    let act = |task: fn(&Lab)| {
        let lab = props.lab.clone();
        Callback::from(move |_: MouseEvent| task(&lab))
    };
    let (name, path) = match props.running {
        true => ("Pause", "M6 4h4v16H6zM14 4h4v16h-4z"),
        false => ("Play", "M6 4l14 8-14 8z"),
    };
    let off = props.opening;
    html! {
        <section class="timeline" aria-label="Timeline">
            <button class="button time-button play" disabled={off} aria-label={name}
                onclick={act(tasks::time::toggle)}>{ icon(path) }</button>
            <button class="button time-button" disabled={off} aria-label="Step back"
                title="Undo the last step" onclick={act(tasks::time::step_back)}>
                { icon("M18 5v14l-9-7zM5 5h3v14H5z") }
            </button>
            <button class="button time-button" disabled={off} aria-label="Step"
                title="Go to the next step that changes what can be seen"
                onclick={act(|lab| tasks::time::step(lab, 1))}>
                { icon("M6 5v14l9-7zM16 5h3v14h-3z") }
            </button>
            { speed(props) }
            <Scrubber lab={props.lab.clone()} time_ms={props.position.time_ms}
                furthest_ms={props.furthest_ms} branches={props.branches.clone()} />
            { branches::control(&props.lab, &props.branches, props.branches_open) }
            <dl class="where">
                <dt>{ "time" }</dt>
                <dd class="virtual-time" title={time::iso(props.position.time_ms)}>
                    { time::of_day(props.position.time_ms) }
                </dd>
                <dt>{ "step" }</dt>
                <dd class="step-number">{ count_text(props.position.step) }</dd>
                <dt>{ "hash" }</dt>
                <dd class="hash" title={props.position.hash.clone()}>
                    { props.position.hash.chars().take(6).collect::<String>() }
                </dd>
            </dl>
        </section>
    }
}

fn icon(path: &'static str) -> Html {
    html! {
        <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
            <path d={path} />
        </svg>
    }
}

fn speed(props: &TimelineProps) -> Html {
    let onchange = {
        let lab = props.lab.clone();
        Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            let chosen = select.map(|select| select.value()).unwrap_or_default();
            let mut speeds = SPEEDS.into_iter();
            if let Some(speed) = speeds.find(|it| it.to_string() == chosen) {
                tasks::time::set_speed(&lab, speed);
            }
        })
    };
    html! {
        <div class="speed">
            <select aria-label="Speed" {onchange}>
                { for SPEEDS.into_iter().map(|speed| html! {
                    <option value={speed.to_string()} selected={speed == props.asked}>
                        { format!("{}x", time::number(speed)) }
                    </option>
                }) }
            </select>
            <output class="speed-real" aria-label="Speed asked and real">
                { time::speed(props.asked, props.real, props.running) }
            </output>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct ScrubberProps {
    lab: Lab,
    time_ms: i64,
    furthest_ms: i64,
    branches: PtrEq<Vec<BranchView>>,
}

/// While it is dragged it shows the moment that was taken hold of; letting go seeks.
#[component]
fn Scrubber(props: &ScrubberProps) -> Html {
    let held = use_state(|| None::<i64>);
    let value = |event: &dyn AsRef<web_sys::Event>| {
        let target = event.as_ref().target();
        let input = target.and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
        input.map(|input| input.value_as_number() as i64)
    };
    let oninput = {
        let held = held.clone();
        Callback::from(move |event: InputEvent| held.set(value(&event)))
    };
    let onchange = {
        let (held, lab) = (held.clone(), props.lab.clone());
        Callback::from(move |event: Event| {
            held.set(None);
            if let Some(time_ms) = value(&event) {
                tasks::time::seek(&lab, time_ms);
            }
        })
    };
    let now = (props.time_ms - EPOCH_MILLIS).max(0);
    let end = (props.furthest_ms - EPOCH_MILLIS).max(now).max(1);
    let shown = (*held).unwrap_or(now);
    html! {
        <div class="scrubber">
            { branches::lines(&props.branches, end) }
            <input type="range" min="0" max={end.to_string()} step="100" value={shown.to_string()}
                aria-label="Moment of the run" aria-valuetext={time::age(EPOCH_MILLIS + shown)}
                {oninput} {onchange} />
            <span class="scrubber-text">{ time::age(EPOCH_MILLIS + shown) }</span>
        </div>
    }
}
