//! The form of any command: its fields, the text that they come to, and what is wrong with it.
//! Each change is tried by the engine; nothing is done until one presses Run.

use crate::components::dialog::{Dialog, focus};
use crate::lab::Lab;
use crate::platform::{PtrEq, keep};
use crate::tasks;
use crate::tasks::forms;
use headwater_view::{FieldView, FormView, PlacedDiagnostic, Tried};
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// What the form shows.
#[derive(PartialEq, Properties)]
pub struct FormProps {
    /// The lab.
    pub lab: Lab,
    /// The command.
    pub form: PtrEq<FormView>,
}

/// What is in the form now.
#[derive(Clone, Debug, Default, PartialEq)]
struct Filled {
    values: Vec<String>,
    /// Whether one tried to run it: then it is told what is missing.
    asked: bool,
}

/// The form.
#[component]
pub fn Form(props: &FormProps) -> Html {
    let (lab, form) = (&props.lab, &props.form);
    let filled = use_state(Filled::default);
    let tried = use_state(Tried::default);
    let said = use_state(String::new);
    let node = use_node_ref();
    {
        let (lab, filled, tried) = (lab.clone(), filled.setter(), tried.setter());
        use_effect_with(form.clone(), move |form| {
            let values: Vec<String> = form.fields.iter().map(|it| it.value.clone()).collect();
            forms::attempt(&lab, &form.title, &values, move |it| tried.set(it));
            filled.set(Filled {
                values,
                asked: false,
            });
        });
    }
    let enter = entered(props, &filled, &tried);
    let oninput = enter.reform(|event: InputEvent| event.target_unchecked_into());
    let onclick = Callback::from(move |event: MouseEvent| {
        let target: HtmlInputElement = event.target_unchecked_into();
        if target.type_() == "button" {
            enter.emit(target);
        }
    });
    let onsubmit = {
        let run = run(props, &filled, &tried, &said, &node);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            run.emit(());
        })
    };
    let copy = {
        let (text, said) = (tried.text.clone(), said.setter());
        Callback::from(move |_: MouseEvent| {
            let (text, said) = (text.clone(), said.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let done = keep::copied(&text).await;
                said.set(if done { "Copied." } else { "This browser does not let us." }.to_owned());
            });
        })
    };
    let close = {
        let lab = lab.clone();
        Callback::from(move |()| forms::close(&lab))
    };
    let problem = tried.problem.as_ref();
    let problem = problem.filter(|it| filled.asked || it.diagnostic.code != "missing-part");
    let of_field = |at: usize| problem.filter(|_| tried.field == Some(at as u32));
    let fields = |folded: bool| {
        let wanted = form.fields.iter().enumerate().filter(move |(_, it)| it.folded == folded);
        let shown = wanted.map(|(at, it)| {
            field(at, it, filled.values.get(at).map_or("", |it| it), of_field(at))
        });
        shown.collect::<Html>()
    };
    html! {
        <Dialog label={form.title.clone()} title="Form" class="form" {close}>
            <form ref={node} {oninput} {onclick} {onsubmit} autocomplete="off">
                <p><code>{ &form.title }</code>{ " " }{ &form.about }</p>
                { fields(false) }
                if form.fields.iter().any(|it| it.folded) {
                    <details>
                        <summary>{ "More settings" }</summary>
                        { fields(true) }
                    </details>
                }
                <pre class="command-text" tabindex="0" aria-label="Command">{ &tried.text }</pre>
                <div role="status">
                    if let Some(problem) = problem.filter(|_| tried.field.is_none()) {
                        { told(problem) }
                    }
                    { &*said }
                </div>
                <p class="switches">
                    <button class="button primary">{ "Run" }</button>
                    <button class="button" type="button" onclick={copy}>{ "Copy" }</button>
                </p>
            </form>
        </Dialog>
    }
}

/// Takes what a field has now, and tries what that comes to.
fn entered(
    props: &FormProps,
    filled: &UseStateHandle<Filled>,
    tried: &UseStateHandle<Tried>,
) -> Callback<HtmlInputElement> {
    let (lab, form) = (props.lab.clone(), props.form.clone());
    let (filled, tried) = (filled.clone(), tried.setter());
    Callback::from(move |target: HtmlInputElement| {
        let mut now = (*filled).clone();
        let at = target.name().parse::<usize>().ok();
        let Some((at, value)) = at.and_then(|at| Some((at, now.values.get_mut(at)?))) else {
            return;
        };
        *value = target.value();
        let (lab_then, tried) = (lab.clone(), tried.clone());
        // Another subject has other settings.
        let refill = at == 0 && form.fields[0].closed;
        forms::attempt(&lab, &form.title, &now.values, move |it| {
            if refill {
                forms::refill(&lab_then, &it.text);
            }
            tried.set(it);
        });
        filled.set(now);
    })
}

/// Runs the command if nothing is wrong with it; otherwise goes to what is.
fn run(
    props: &FormProps,
    filled: &UseStateHandle<Filled>,
    tried: &UseStateHandle<Tried>,
    said: &UseStateHandle<String>,
    node: &NodeRef,
) -> Callback<()> {
    let (lab, form, node) = (props.lab.clone(), props.form.clone(), node.clone());
    let (filled, tried, said) = (filled.clone(), tried.setter(), said.setter());
    Callback::from(move |()| {
        filled.set(Filled {
            asked: true,
            ..(*filled).clone()
        });
        let (lab_then, node, said) = (lab.clone(), node.clone(), said.clone());
        let (tried, repeats) = (tried.clone(), form.repeats);
        forms::attempt(&lab, &form.title, &filled.values, move |it| {
            let lab = lab_then.clone();
            if it.problem.is_none() {
                tasks::command_then(&lab, &it.text, None, move |outcomes| {
                    let outcome = outcomes.first();
                    if !repeats && outcome.is_none_or(|it| it.ok) {
                        return forms::close(&lab_then);
                    }
                    said.set(outcome.map_or_else(String::new, |it| it.message.clone()));
                });
            } else if let Some(at) = it.field {
                let form = node.cast::<Element>();
                let name = format!("[name='{at}']");
                focus(form.and_then(|it| it.query_selector(&name).ok().flatten()));
            }
            tried.set(it);
        });
    })
}

/// A field with its name, what it does, and what is wrong in it.
fn field(at: usize, field: &FieldView, value: &str, problem: Option<&PlacedDiagnostic>) -> Html {
    let name = at.to_string();
    let empty = field.without.clone().unwrap_or_default();
    let description = field.about.clone();
    let invalid = problem.map(|_| "true");
    let required = field.without.is_none().then_some("true");
    let value = value.to_owned();
    let control = if field.closed {
        html! {
            <select {name} aria-invalid={invalid} aria-required={required}
                aria-description={description}>
                <option value="" selected={value.is_empty()}>{ empty }</option>
                { for field.choices.iter().map(|it| html! {
                    <option value={it.clone()} selected={*it == value}>{ it }</option>
                }) }
            </select>
        }
    } else if field.lines {
        html! {
            <textarea {name} {value} placeholder={empty} rows="2" spellcheck="false"
                aria-invalid={invalid} aria-required={required} aria-description={description} />
        }
    } else {
        html! {
            <input type="text" {name} {value} placeholder={empty} spellcheck="false"
                autocapitalize="none" aria-invalid={invalid} aria-required={required}
                aria-description={description} />
        }
    };
    html! {
        <div class="field" key={at}>
            <label>
                <span class="field-name">
                    { &field.name }
                    if required.is_some() { <b aria-hidden="true">{ " *" }</b> }
                </span>
                { control }
            </label>
            if !field.closed {
                { for field.choices.iter().take(CHOICES_MAX).map(|it| html! {
                    <button type="button" class="button small" name={at.to_string()}
                        value={it.clone()}>{ it }</button>
                }) }
            }
            <p class="quiet">{ &field.about }</p>
            if let Some(problem) = problem {
                <div role="alert">{ told(problem) }</div>
            }
        </div>
    }
}

/// Most choices that are offered beside a field in which others are possible.
const CHOICES_MAX: usize = 8;

/// What is wrong, and what to do.
fn told(problem: &PlacedDiagnostic) -> Html {
    let diagnostic = &problem.diagnostic;
    html! {
        <>
            <p class="refused">{ &diagnostic.message }</p>
            { for diagnostic.hints.iter().map(|hint| html! { <p class="hint">{ hint }</p> }) }
        </>
    }
}
