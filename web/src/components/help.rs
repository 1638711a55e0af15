//! Help and about: the keys, how to read the picture, switches, and what this is not.

use crate::components::dialog::Dialog;
use crate::lab::Lab;
use crate::platform::storage;
use crate::ui::Ui;
use yew::prelude::*;

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
pub fn help(lab: &Lab, ui: &Ui) -> Html {
    let close = {
        let lab = lab.clone();
        Callback::from(move |()| lab.choose(|ui| ui.help_open = false))
    };
    let toggle_plain = switch(lab, "plain", !ui.plain, |ui, plain| ui.plain = plain);
    let toggle_keys = switch(lab, "keys", !ui.keys, |ui, keys| ui.keys = keys);
    let toggle_presenter = switch(lab, "presenter", !ui.presenter, |ui, presenter| {
        ui.presenter = presenter;
        ui.guide_folded = presenter;
        ui.catalog_open = false;
    });
    html! {
        <Dialog key="help" label="Help and about" title="Help" {close}>
            <h3>{ "Reading the picture" }</h3>
            <p>{ READING }</p>
            <h3>{ "Keys" }</h3>
            <dl class="keys">
                { for KEYS.into_iter().map(|(key, does)| html! {
                    <><dt><kbd>{ key }</kbd></dt><dd>{ does }</dd></>
                }) }
            </dl>
            <p class="switches">
                <button class="button" aria-pressed={ui.keys.to_string()} onclick={toggle_keys}>
                    { "Single keys" }
                </button>
                <button class="button" aria-pressed={ui.plain.to_string()}
                    onclick={toggle_plain}>
                    { "Plain" }
                </button>
                <button class="button wide-only" aria-pressed={ui.presenter.to_string()}
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
