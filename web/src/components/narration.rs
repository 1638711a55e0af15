//! One line under the stage: what just happened.

use headwater_view::Narration;
use yew::prelude::*;

/// The line. It is a log for readers aloud only when they go there: while time moves it changes
/// far too often to be spoken.
pub fn line(narration: &Option<Narration>) -> Html {
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
