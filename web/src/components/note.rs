//! A note pinned to the page: whose fault, what happened, what to do.

use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::ui::Note;
use yew::prelude::*;

/// What the note shows.
#[derive(PartialEq, Properties)]
pub struct PinnedProps {
    /// The lab.
    pub lab: Lab,
    /// The note, if there is one.
    pub note: PtrEq<Option<Note>>,
}

/// A pinned note. Its place is always there, so that readers aloud hear of a new one.
#[component]
pub fn Pinned(props: &PinnedProps) -> Html {
    let close = {
        let lab = props.lab.clone();
        Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.note = PtrEq::default()))
    };
    html! {
        <div class="note-place" role="status">
            if let Some(note) = props.note.as_ref() {
                <div class="note">
                    <strong class="note-title">{ &note.title }</strong>
                    <p>{ &note.text }</p>
                    { for note.hints.iter().map(|hint| html! { <p class="hint">{ hint }</p> }) }
                    <button class="button" onclick={close}>{ "Put away" }</button>
                </div>
            }
        </div>
    }
}
