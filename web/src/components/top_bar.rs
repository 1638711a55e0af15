//! The bar at the top: mark, the lesson's name, Restart, Reset, theme, help.

use crate::lab::Lab;
use crate::platform::storage;
use crate::tasks;
use crate::ui::{ThemeChoice, Ui};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The bar at the top.
pub fn top_bar(lab: &Lab, ui: &Ui, name: &AttrValue) -> Html {
    let title = ui
        .lesson
        .as_ref()
        .map_or("First light", |lesson| lesson.title.as_str());
    let restart = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| {
            let script = lab.read(|state| state.ui.script.clone());
            tasks::restart(&lab, &script);
        })
    };
    let reset = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| tasks::reset(&lab))
    };
    let help = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.help_open = !ui.help_open))
    };
    let share = {
        let (lab, name) = (lab.clone(), name.clone());
        Callback::from(move |_: MouseEvent| tasks::keep::make_link(&lab, &name))
    };
    html! {
        <header class="top-bar">
            <span class="mark" aria-hidden="true">
                <svg viewBox="0 0 24 24" width="24" height="24">
                    <path d="M3 17c3 0 3-3 6-3s3 3 6 3 3-3 6-3" />
                    <path d="M3 11c3 0 3-3 6-3s3 3 6 3 3-3 6-3" />
                    <circle cx="6" cy="5" r="2" />
                </svg>
            </span>
            <span class="product">{ "Headwater" }</span>
            <h1 class="lesson-title">{ title }</h1>
            <span class="grow" />
            <button class="button" onclick={restart}
                title="Begin again with the same seed and this script, up to this moment">
                { "Restart" }
            </button>
            <button class="button" onclick={reset} title="Back to the lesson's start">
                { "Reset" }
            </button>
            <button class="button" onclick={share} title="A link to this very moment, or a file">
                { "Share" }
            </button>
            { theme_choice(lab, ui.theme) }
            <button class="button icon-button" onclick={help} aria-label="Help and about">
                { "?" }
            </button>
        </header>
    }
}

/// Light, dark, or as the system has it.
fn theme_choice(lab: &Lab, chosen: ThemeChoice) -> Html {
    let lab = lab.clone();
    let onchange = Callback::from(move |event: Event| {
        let select = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
        if let Some(select) = select {
            storage::keep("theme", &select.value());
            lab.choose(|ui| ui.theme = ThemeChoice::named(&select.value()));
        }
    });
    let choices = [ThemeChoice::Auto, ThemeChoice::Light, ThemeChoice::Dark];
    html! {
        <label class="theme-choice">
            <span class="hidden">{ "Theme" }</span>
            <select {onchange} aria-label="Theme">
                { for choices.into_iter().map(|choice| html! {
                    <option value={choice.name()} selected={choice == chosen}>
                        { choice.name() }
                    </option>
                }) }
            </select>
        </label>
    }
}
