//! The form of any command: its fields, the text that they come to, and what is wrong with it.
//! Each change is tried by the engine; nothing is done until one presses Run.

use crate::components::dialog::{Dialog, focus};
use crate::lab::Lab;
use crate::tasks::forms;
use crate::ui::Filling;
use headwater_view::{FieldView, PlacedDiagnostic};
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// Most choices that are offered beside a field in which others are possible.
const CHOICES_MAX: usize = 8;

/// The form.
pub fn form(lab: &Lab, form: &Filling) -> Html {
    let (view, tried) = (&form.view, &form.tried);
    let enter = {
        let lab = lab.clone();
        Callback::from(move |target: HtmlInputElement| {
            if let Ok(at) = target.name().parse() {
                forms::enter(&lab, at, target.value());
            }
        })
    };
    let oninput = enter.reform(|event: InputEvent| event.target_unchecked_into());
    let onclick = Callback::from(move |event: MouseEvent| {
        let target: HtmlInputElement = event.target_unchecked_into();
        if target.type_() == "button" {
            enter.emit(target);
        }
    });
    let onsubmit = submit(lab);
    let act = |task: fn(&Lab)| {
        let lab = lab.clone();
        Callback::from(move |()| task(&lab))
    };
    let problem = tried.problem.as_ref();
    let problem = problem.filter(|it| form.asked || it.diagnostic.code != "missing-part");
    let fields = |folded: bool| {
        let all = view.fields.iter().zip(&form.values).enumerate();
        let wanted = all.filter(|(_, (it, _))| it.folded == folded);
        let shown = wanted.map(|(at, (it, value))| {
            field(
                at,
                it,
                value,
                problem.filter(|_| tried.field == Some(at as u32)),
            )
        });
        shown.collect::<Html>()
    };
    html! {
        <Dialog key={view.title.clone()} label={view.title.clone()} title={view.title.clone()}
            close={act(forms::close)}>
            <form {oninput} {onclick} {onsubmit} autocomplete="off">
                <p>{ &view.about }</p>
                { fields(false) }
                if view.fields.iter().any(|it| it.folded) {
                    <details>
                        <summary>{ "More settings" }</summary>
                        { fields(true) }
                    </details>
                }
                <pre class="command-text" tabindex="0" role="group" aria-label="Command">
                    { &tried.text }
                </pre>
                <div role="status">
                    { problem.filter(|_| tried.field.is_none()).map(told) }
                    { &form.said }
                </div>
                <p class="switches">
                    <button class="button primary">{ "Run" }</button>
                    <button class="button" type="button"
                        onclick={act(forms::copy).reform(|_: MouseEvent| ())}>{ "Copy" }</button>
                </p>
            </form>
        </Dialog>
    }
}

/// Runs the command, or goes to the field that is to blame.
fn submit(lab: &Lab) -> Callback<SubmitEvent> {
    let lab = lab.clone();
    Callback::from(move |event: SubmitEvent| {
        event.prevent_default();
        let form: Element = event.target_unchecked_into();
        forms::run(&lab, move |at| {
            let field = form.query_selector(&format!("[name='{at}']"));
            focus(field.ok().flatten());
        });
    })
}

/// A field with its name, what it does, and what is wrong in it.
fn field(at: usize, field: &FieldView, value: &str, problem: Option<&PlacedDiagnostic>) -> Html {
    let name = at.to_string();
    let label = field.name.clone();
    let empty = field.without.clone().unwrap_or_default();
    let description = field.about.clone();
    let invalid = problem.map(|_| "true");
    let required = field.without.is_none().then_some("true");
    let value = value.to_owned();
    let control = if field.closed {
        let option = |text: &str, it: &str| {
            html! {
                <option value={it.to_owned()} selected={it == value}>{ text }</option>
            }
        };
        html! {
            <select {name} aria-label={label} aria-invalid={invalid} aria-required={required}
                aria-description={description}>
                { option(&empty, "") }
                { for field.choices.iter().map(|it| option(it, it)) }
            </select>
        }
    } else if field.lines {
        html! {
            <textarea {name} {value} placeholder={empty} rows="2" spellcheck="false"
                aria-label={label} aria-invalid={invalid} aria-required={required}
                aria-description={description} />
        }
    } else {
        html! {
            <input {name} {value} placeholder={empty} spellcheck="false" autocapitalize="none"
                aria-label={label} aria-invalid={invalid} aria-required={required}
                aria-description={description} />
        }
    };
    html! {
        <div class="field">
            <label>
                <span class="field-name">{ &field.name }{ required.map(|_| " *") }</span>
                { control }
            </label>
            if !field.closed {
                { for field.choices.iter().take(CHOICES_MAX).map(|it| html! {
                    <button type="button" class="button small" name={at.to_string()}
                        value={it.clone()}>{ it }</button>
                }) }
            }
            <p class="quiet">{ &field.about }</p>
            <div role="alert">{ problem.map(told) }</div>
        </div>
    }
}

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
