//! Writing: lab commands by menus and forms. Which there are and what they say, the engine tells;
//! what comes of them is a command's text, which goes the way of typed ones.

use crate::lab::Lab;
use crate::platform::{PtrEq, keep};
use crate::tasks;
use crate::ui::{Filling, Tab};
use headwater_view::{Completion, CompletionKind, Reply, Request, Tried};

/// Opens the form of the command that `text` begins, such as `topic alter ratings`; nothing
/// where no command begins so.
pub fn open(lab: &Lab, text: &str) {
    let request = Request::Form {
        text: text.to_owned(),
    };
    lab.ask(request, |lab, reply| {
        let Reply::Form(Some(view)) = reply else {
            return;
        };
        let filling = Filling {
            values: view.fields.iter().map(|it| it.value.clone()).collect(),
            view: PtrEq::new(*view),
            ..Filling::default()
        };
        lab.choose(|ui| {
            ui.commands = PtrEq::default();
            ui.form = Some(PtrEq::new(filling));
        });
        attempt(lab, |_, _| {});
    });
}

/// Lists all commands.
pub fn all(lab: &Lab) {
    menu(lab, "", "", |lab, found| {
        lab.choose(|ui| {
            ui.form = None;
            ui.wanted.clear();
            ui.commands = PtrEq::new(Some(found));
        });
    });
}

/// Puts form and list away.
pub fn close(lab: &Lab) {
    lab.choose(|ui| {
        ui.form = None;
        ui.commands = PtrEq::default();
    });
}

/// What can be done with a thing.
pub fn menu(lab: &Lab, noun: &str, name: &str, then: impl FnOnce(&Lab, Vec<Completion>) + 'static) {
    let request = Request::Menu {
        noun: noun.to_owned(),
        name: name.to_owned(),
    };
    lab.ask(request, |lab, reply| {
        if let Reply::Completions(found) = reply {
            then(lab, found);
        }
    });
}

/// Does what was chosen of a menu: runs it, or opens its form.
pub fn choose(lab: &Lab, item: &Completion) {
    match item.kind {
        CompletionKind::Command => open(lab, &item.insert),
        CompletionKind::Keyword => {
            // What a statement answers is among the results.
            lab.choose(|ui| ui.tab = Tab::Results);
            tasks::run(lab, &item.insert, None);
        }
        _ => tasks::command(lab, &item.insert, None),
    }
}

/// Changes what is in the form, if one is open.
fn change(lab: &Lab, change: impl FnOnce(&mut Filling)) {
    lab.choose(|ui| {
        if let Some(form) = &mut ui.form {
            let mut now = (**form).clone();
            change(&mut now);
            *form = PtrEq::new(now);
        }
    });
}

/// Puts a value into the form's field `at`, and tries what that comes to.
pub fn enter(lab: &Lab, at: usize, value: String) {
    let mut refill = false;
    change(lab, |form| {
        form.said.clear();
        if let Some(field) = form.values.get_mut(at) {
            *field = value;
        }
        // Another subject has other settings.
        refill = at == 0 && form.view.fields.first().is_some_and(|it| it.closed);
    });
    attempt(lab, move |lab, tried| {
        if refill {
            open(lab, &tried.text);
        }
    });
}

/// Asks what the form would come to, shows it, and calls `then` with it.
fn attempt(lab: &Lab, then: impl FnOnce(&Lab, Tried) + 'static) {
    let Some(form) = lab.read(|state| state.ui.form.clone()) else {
        return;
    };
    let request = Request::Try {
        title: form.view.title.clone(),
        values: form.values.clone(),
    };
    lab.ask(request, |lab, reply| {
        if let Reply::Tried(tried) = reply {
            change(lab, |form| form.tried = (*tried).clone());
            then(lab, *tried);
        }
    });
}

/// Runs the form's command if nothing is wrong with it; otherwise `blame` is told the field.
pub fn run(lab: &Lab, blame: impl FnOnce(u32) + 'static) {
    change(lab, |form| form.asked = true);
    attempt(lab, |lab, tried| {
        if tried.problem.is_some() {
            return tried.field.map_or((), blame);
        }
        let then = lab.clone();
        tasks::command_then(lab, &tried.text, None, move |outcomes| {
            let failed = outcomes.iter().find(|it| !it.ok);
            let repeats = |state: &crate::lab::State| {
                let form = state.ui.form.as_ref();
                form.is_some_and(|it| it.view.repeats)
            };
            if failed.is_none() && !then.read(repeats) {
                return close(&then);
            }
            let said = failed.or(outcomes.first());
            let said = said.map_or_else(String::new, |it| it.message.clone());
            change(&then, |form| form.said = said);
        });
    });
}

/// Puts the form's text into the clipboard.
pub fn copy(lab: &Lab) {
    let lab = lab.clone();
    let Some(form) = lab.read(|state| state.ui.form.clone()) else {
        return;
    };
    wasm_bindgen_futures::spawn_local(async move {
        let said = match keep::copied(&form.tried.text).await {
            true => "Copied.",
            false => "The browser did not let us.",
        };
        change(&lab, |form| form.said = said.to_owned());
    });
}
