//! One line under the stage: what just happened.

use crate::platform::PtrEq;
use headwater_view::Narration;
use yew::prelude::*;

/// What the line says.
#[derive(PartialEq, Properties)]
pub struct NarrationProps {
    /// The sentence.
    pub narration: PtrEq<Option<Narration>>,
}

/// The line. It is a log for readers aloud only when they go there: while time moves it changes
/// far too often to be spoken.
#[component]
pub fn NarrationLine(props: &NarrationProps) -> Html {
    let narration = props.narration.as_ref();
    html! {
        <section class="narration" aria-label="Narration">
            if let Some(narration) = narration {
                <span class="narration-step">{ format!("#{}", narration.step) }</span>
                <span class="narration-text">{ &narration.text }</span>
            } else {
                <span class="narration-text ghost">{ "Nothing has happened yet." }</span>
            }
        </section>
    }
}
