//! Help and about: the keys, how to read the picture, switches, and what this is not.

use crate::components::dialog::Dialog;
use crate::lab::Lab;
use crate::platform::storage;
use crate::ui::Ui;
use yew::prelude::*;

/// What the help shows.
#[derive(PartialEq, Properties)]
pub struct HelpProps {
    /// The lab.
    pub lab: Lab,
    /// Straight outlines.
    pub plain: bool,
    /// Whether single keys act.
    pub keys: bool,
    /// Whether everything is larger.
    pub presenter: bool,
}

/// How to read the picture.
const READING: &str = "Old is left, new is right. A tile is a record: its pips are the stars, its \
    colour the club status once a JOIN has found it. A flag stands where a reader will read next; \
    the ring on the line is what it has committed. A query is a card with a station for each \
    clause: what passes goes on, what is rejected is counted.";

/// Keys and what they do.
const KEYS: [(&str, &str); 8] = [
    ("Space", "play, pause"),
    (".", "step"),
    (",", "step back"),
    (
        "Ctrl Enter",
        "run the statement at the cursor, or the selection",
    ),
    (
        "Shift Ctrl Enter",
        "restart with the whole script, up to this moment",
    ),
    ("Ctrl Space", "in the editor: what can be written here"),
    ("F1", "in the editor: help on the name at the cursor"),
    (
        "arrows",
        "in the stage: from topic to partition to record; Enter inspects",
    ),
];

/// Help and about.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let close = {
        let lab = props.lab.clone();
        Callback::from(move |()| lab.choose(|ui| ui.help_open = false))
    };
    let toggle_plain = switch(&props.lab, "plain", !props.plain, |ui, plain| {
        ui.plain = plain
    });
    let toggle_keys = switch(&props.lab, "keys", !props.keys, |ui, keys| ui.keys = keys);
    let toggle_presenter = switch(
        &props.lab,
        "presenter",
        !props.presenter,
        |ui, presenter| {
            ui.presenter = presenter;
            ui.guide_folded = presenter;
            ui.catalog_open = false;
        },
    );
    html! {
        <Dialog label="Help and about" title="Help" {close}>
            <h3>{ "Reading the picture" }</h3>
            <p>{ READING }</p>
            <h3>{ "Keys" }</h3>
            <dl class="keys">
                { for KEYS.into_iter().map(|(key, does)| html! {
                    <><dt><kbd>{ key }</kbd></dt><dd>{ does }</dd></>
                }) }
            </dl>
            <p class="switches">
                <button class="button" aria-pressed={props.keys.to_string()} onclick={toggle_keys}>
                    { "Single keys" }
                </button>
                <button class="button" aria-pressed={props.plain.to_string()}
                    onclick={toggle_plain}>
                    { "Plain" }
                </button>
                <button class="button wide-only" aria-pressed={props.presenter.to_string()}
                    onclick={toggle_presenter}>
                    { "Presenter size" }
                </button>
            </p>
            <p class="about">
                { format!("Headwater {}. ", env!("CARGO_PKG_VERSION")) }
                { "Not affiliated with Confluent or the Apache Software Foundation." }
            </p>
        </Dialog>
    }
}

/// Sets a switch and keeps it.
fn switch(lab: &Lab, name: &'static str, to: bool, set: fn(&mut Ui, bool)) -> Callback<MouseEvent> {
    let lab = lab.clone();
    Callback::from(move |_: MouseEvent| {
        storage::keep(name, if to { "yes" } else { "no" });
        lab.choose(|ui| set(ui, to));
    })
}
