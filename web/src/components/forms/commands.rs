//! The list of all commands, with a field that looks for some, or takes one that is typed.

use crate::components::dialog::Dialog;
use crate::lab::Lab;
use crate::tasks::forms;
use headwater_view::Completion;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The list of commands; `wanted` is what is looked for.
pub fn commands(lab: &Lab, all: &[Completion], wanted: &str) -> Html {
    let close = {
        let lab = lab.clone();
        Callback::from(move |()| forms::close(&lab))
    };
    let oninput = {
        let lab = lab.clone();
        Callback::from(move |event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            lab.choose(|ui| ui.wanted = field.value());
        })
    };
    let found: Vec<&Completion> = all.iter().filter(|it| fits(it, wanted)).collect();
    // What is typed further than a title fills the form in.
    let whole = all.iter().any(|it| wanted.starts_with(&it.label));
    let first = found.first().filter(|_| !whole);
    let onsubmit = open(lab, first.map_or(wanted, |it| &it.insert));
    let onsubmit = Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        onsubmit.emit(());
    });
    html! {
        <Dialog key="" label="All commands" title="Commands" {close}>
            <form {onsubmit}>
                <input value={wanted.to_owned()} {oninput} aria-label="Command"
                    placeholder="a word, or a command" autocomplete="off" spellcheck="false" />
            </form>
            <ul class="commands">
                { for found.into_iter().map(|item| {
                    let onclick = open(lab, &item.insert).reform(|_: MouseEvent| ());
                    html! {
                        <li>
                            <button {onclick}>
                                <code>{ &item.label }</code>
                                <span>{ &item.detail }</span>
                            </button>
                        </li>
                    }
                }) }
            </ul>
        </Dialog>
    }
}

fn open(lab: &Lab, text: &str) -> Callback<()> {
    let (lab, text) = (lab.clone(), text.to_owned());
    Callback::from(move |()| forms::open(&lab, &text))
}

/// Whether a command is what is looked for: its title begins what is typed, or all words are in it.
fn fits(command: &Completion, wanted: &str) -> bool {
    let has = |word: &str| command.label.contains(word) || command.detail.contains(word);
    wanted.starts_with(&command.label) || wanted.split_whitespace().all(has)
}
