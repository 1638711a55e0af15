//! What lies over the page until it is closed: a title, a way to close it, the keyboard's focus in
//! it and back to where it was.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, window};
use yew::prelude::*;

/// What a dialogue shows.
#[derive(PartialEq, Properties)]
pub struct DialogProps {
    /// Its name.
    pub label: AttrValue,
    /// Its heading.
    pub title: AttrValue,
    /// What to do when it is closed.
    pub close: Callback<()>,
    /// What is in it.
    pub children: Html,
}

/// A dialogue.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let document = window().and_then(|window| window.document());
            let before = document.and_then(|document| document.active_element());
            let inside = node.cast::<HtmlElement>();
            let first = inside.and_then(|it| {
                let fields = it.query_selector(FIRST).ok().flatten();
                fields.or_else(|| it.query_selector("button").ok().flatten())
            });
            focus(first);
            move || focus(before)
        });
    }
    let onkeydown = {
        let close = props.close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close.emit(());
            }
        })
    };
    let close = props.close.reform(|_: MouseEvent| ());
    html! {
        <div class="help" ref={node} role="dialog" data-keys="own"
            aria-label={props.label.clone()} {onkeydown}>
            <div class="help-head">
                <h2>{ &props.title }</h2>
                <button class="button" onclick={close}
                    aria-label={format!("Close {}", props.title.to_lowercase())}>
                    { "Close" }
                </button>
            </div>
            { props.children.clone() }
        </div>
    }
}

/// What takes the focus first.
const FIRST: &str = ".first, form input, form select, form textarea";

/// Gives something the focus; where it cannot take it, the focus stays where it is.
pub fn focus(element: Option<web_sys::Element>) {
    if let Some(element) = element.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
