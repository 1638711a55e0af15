//! Links and files: the lab as it is now, to give away, and one that was kept, to open.

use crate::components::dialog::Dialog;
use crate::lab::Lab;
use crate::tasks::keep;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The dialogue.
pub fn share(lab: &Lab, link: &Option<Result<String, String>>) -> Html {
    let close = {
        let lab = lab.clone();
        Callback::from(move |()| lab.choose(|ui| ui.share_open = false))
    };
    let save = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| keep::save_file(&lab))
    };
    let opened = {
        let lab = lab.clone();
        Callback::from(move |event: Event| {
            let input = event.target().and_then(|it| it.dyn_into().ok());
            if let Some(input) = input {
                keep::open_file(&lab, input);
            }
        })
    };
    html! {
        <Dialog key="share" label="Share" title="Share" {close}>
            <p>{ "The lab is its seed and what was done to it. Whoever opens the link or the file \
                 sees this very moment, and can go on or back." }</p>
            <h3>{ "Link" }</h3>
            { self::link(lab, link) }
            <h3>{ "File" }</h3>
            <p class="switches">
                <button class="button" onclick={save}>{ "Save file" }</button>
                <label class="button file-choice">
                    { "Open file" }
                    <input type="file" accept=".json,application/json" onchange={opened} />
                </label>
            </p>
        </Dialog>
    }
}

fn link(lab: &Lab, link: &Option<Result<String, String>>) -> Html {
    match link {
        None => html! { <p class="ghost">{ "being made" }</p> },
        Some(Err(why)) => html! { <p class="refused" role="status">{ why }</p> },
        Some(Ok(link)) => html! { <Link lab={lab.clone()} link={link.clone()} /> },
    }
}

#[derive(PartialEq, Properties)]
struct LinkProps {
    lab: Lab,
    link: String,
}

/// The link's text, and a button that copies it.
#[component]
fn Link(props: &LinkProps) -> Html {
    let copied = use_state(|| None::<bool>);
    let field = use_node_ref();
    let copy = {
        let (lab, copied, field) = (props.lab.clone(), copied.setter(), field.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.select();
            }
            let copied = copied.clone();
            keep::copy_link(&lab, move |done| copied.set(Some(done)));
        })
    };
    let said = match *copied {
        None => "",
        Some(true) => "copied",
        Some(false) => "it is selected: copy it with Ctrl C",
    };
    html! {
        <div class="share-link">
            <input ref={field} type="text" readonly=true value={props.link.clone()}
                aria-label="Link to this moment" />
            <button class="button" onclick={copy}>{ "Copy" }</button>
            <span class="quiet" role="status">{ said }</span>
        </div>
    }
}
