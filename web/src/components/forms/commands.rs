//! The list of all commands, with a field that looks for some, or takes one that is typed.

use crate::components::dialog::Dialog;
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::tasks::forms;
use headwater_view::Completion;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// What the list shows.
#[derive(PartialEq, Properties)]
pub struct CommandsProps {
    /// The lab.
    pub lab: Lab,
    /// All commands.
    pub commands: PtrEq<Option<Vec<Completion>>>,
}

/// The list of commands.
#[component]
pub fn Commands(props: &CommandsProps) -> Html {
    let wanted = use_state(String::new);
    let close = {
        let lab = props.lab.clone();
        Callback::from(move |()| forms::close(&lab))
    };
    let oninput = {
        let wanted = wanted.setter();
        Callback::from(move |event: InputEvent| {
            let field: HtmlInputElement = event.target_unchecked_into();
            wanted.set(field.value());
        })
    };
    let all = props.commands.as_deref().unwrap_or_default();
    let found: Vec<&Completion> = all.iter().filter(|it| fits(it, &wanted)).collect();
    let onsubmit = {
        // What is typed further than a title fills the form in.
        let first = found.first().map(|it| it.insert.clone());
        let whole = all.iter().any(|it| wanted.starts_with(&it.label));
        let text = first.filter(|_| !whole).unwrap_or_else(|| (*wanted).clone());
        let lab = props.lab.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            forms::open(&lab, &text);
        })
    };
    html! {
        <Dialog label="All commands" title="Commands" class="form" {close}>
            <form {onsubmit}>
                <input type="search" value={(*wanted).clone()} {oninput} aria-label="Command"
                    placeholder="a word, or a command" autocomplete="off" spellcheck="false"
                    autocapitalize="none" />
            </form>
            <ul class="commands">
                { for found.into_iter().map(|item| {
                    let (lab, text) = (props.lab.clone(), item.insert.clone());
                    let onclick = Callback::from(move |_: MouseEvent| forms::open(&lab, &text));
                    html! {
                        <li key={item.label.clone()}>
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

/// Whether a command is what is looked for: its title begins what is typed, or all words are in it.
fn fits(command: &Completion, wanted: &str) -> bool {
    let text = format!("{} {}", command.label, command.detail).to_lowercase();
    let wanted = wanted.to_lowercase();
    wanted.starts_with(&command.label) || wanted.split_whitespace().all(|word| text.contains(word))
}
