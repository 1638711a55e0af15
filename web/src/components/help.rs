//! Help and about: the keys, how to read the picture, switches, and what this is not.

use crate::lab::Lab;
use crate::platform::storage;
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
}

/// Help and about.
#[component]
pub fn Help(props: &HelpProps) -> Html {
    let button = use_node_ref();
    {
        let button = button.clone();
        use_effect_with((), move |()| {
            if let Some(button) = button.cast::<web_sys::HtmlElement>() {
                // Where it cannot take the focus, the focus stays on the question mark.
                let _ = button.focus();
            }
        });
    }
    let close = {
        let lab = props.lab.clone();
        Callback::from(move |()| lab.choose(|ui| ui.help_open = false))
    };
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close.emit(());
            }
        })
    };
    let toggle_plain = {
        let (lab, plain) = (props.lab.clone(), !props.plain);
        Callback::from(move |_: MouseEvent| {
            storage::keep("plain", if plain { "yes" } else { "no" });
            lab.choose(|ui| ui.plain = plain);
        })
    };
    let toggle_keys = {
        let (lab, keys) = (props.lab.clone(), !props.keys);
        Callback::from(move |_: MouseEvent| {
            storage::keep("keys", if keys { "yes" } else { "no" });
            lab.choose(|ui| ui.keys = keys);
        })
    };
    html! {
        <div class="help" role="dialog" aria-label="Help and about" {onkeydown}>
            <div class="help-head">
                <h2>{ "Help" }</h2>
                <button ref={button} class="button" onclick={move |_: MouseEvent| close.emit(())}>
                    { "Close help" }
                </button>
            </div>
            <h3>{ "Reading the picture" }</h3>
            <p>{ "Old is left, new is right. A tile is a record: its pips are the stars, its colour \
                the club status once a JOIN has found it. A flag stands where a reader will read \
                next; the ring on the line is what it has committed. A query is a card with a \
                station for each clause: what passes goes on, what is rejected is counted." }</p>
            <h3>{ "Keys" }</h3>
            <dl class="keys">
                <dt><kbd>{ "Space" }</kbd></dt><dd>{ "play, pause" }</dd>
                <dt><kbd>{ "." }</kbd>{ " " }<kbd>{ "," }</kbd></dt><dd>{ "step, step back" }</dd>
                <dt><kbd>{ "Ctrl Enter" }</kbd></dt><dd>{ "run the statement at the cursor, or the selection" }</dd>
                <dt><kbd>{ "Shift Ctrl Enter" }</kbd></dt><dd>{ "restart with the whole script, up to this moment" }</dd>
                <dt><kbd>{ "arrows" }</kbd></dt><dd>{ "in the stage: from topic to partition to record; Enter inspects" }</dd>
            </dl>
            <p class="switches">
                <button class="button" aria-pressed={props.keys.to_string()} onclick={toggle_keys}>
                    { "Single keys" }
                </button>
                <button class="button" aria-pressed={props.plain.to_string()} onclick={toggle_plain}>
                    { "Plain" }
                </button>
            </p>
            <p class="about">
                { format!("Headwater {}. ", env!("CARGO_PKG_VERSION")) }
                { "Not affiliated with Confluent or the Apache Software Foundation." }
            </p>
        </div>
    }
}
