//! A note pinned to the page: whose fault, what happened, what to do.

use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::tasks;
use crate::ui::{Note, Way};
use yew::prelude::*;

/// A pinned note. Its place is always there, so that readers aloud hear of a new one.
pub fn pinned(lab: &Lab, note: &Option<Note>) -> Html {
    let close = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.note = PtrEq::default()))
    };
    html! {
        <div class="note-place" role="status">
            if let Some(note) = note {
                <div class="note">
                    <strong class="note-title">{ &note.title }</strong>
                    <p>{ &note.text }</p>
                    { for note.hints.iter().map(|hint| html! { <p class="hint">{ hint }</p> }) }
                    <div class="note-ways">
                        { for note.ways.iter().map(|it| way(lab, it)) }
                        if note.ways.is_empty() {
                            <button class="button" onclick={close}>{ "Put away" }</button>
                        }
                    </div>
                </div>
            }
        </div>
    }
}

fn way(lab: &Lab, way: &Way) -> Html {
    let text = match way {
        Way::WithoutLast(last) => format!("Go on without: {last}"),
        Way::FromStart => "Begin the lesson again".to_owned(),
    };
    let (lab, way) = (lab.clone(), way.clone());
    let onclick = Callback::from(move |_: MouseEvent| tasks::recover::go_on(&lab, &way));
    html! { <button class="button" {onclick}>{ text }</button> }
}
