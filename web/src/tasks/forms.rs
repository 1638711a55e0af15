//! Writing: lab commands by menus and forms. Which there are and what they say, the engine tells;
//! what comes of them is a command's text, which goes the way of typed ones.

use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::tasks;
use crate::ui::Tab;
use headwater_view::{Completion, CompletionKind, Reply, Request, Tried};

/// Opens the form of the command that `text` begins, such as `topic alter ratings`.
pub fn open(lab: &Lab, text: &str) {
    lab.choose(|ui| ui.commands = PtrEq::default());
    refill(lab, text);
}

/// The form anew, for what `text` says now; nothing where no command begins so.
pub fn refill(lab: &Lab, text: &str) {
    let request = Request::Form {
        text: text.to_owned(),
    };
    lab.ask(request, |lab, reply| {
        if let Reply::Form(Some(form)) = reply {
            lab.choose(|ui| ui.form = Some(PtrEq::new(*form)));
        }
    });
}

/// Lists all commands.
pub fn all(lab: &Lab) {
    menu(lab, "", "", |lab, found| {
        lab.choose(|ui| {
            ui.form = None;
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
pub fn menu(
    lab: &Lab,
    noun: &str,
    name: &str,
    then: impl FnOnce(&Lab, Vec<Completion>) + 'static,
) {
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

/// What the form of this title would come to.
pub fn attempt(lab: &Lab, title: &str, values: &[String], then: impl FnOnce(Tried) + 'static) {
    let request = Request::Try {
        title: title.to_owned(),
        values: values.to_vec(),
    };
    lab.ask(request, |_, reply| {
        if let Reply::Tried(tried) = reply {
            then(*tried);
        }
    });
}
