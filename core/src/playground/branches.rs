//! The lines of time that were left by commands given in their past: what to call them, and the
//! way back to one.

use crate::command::Command;
use crate::lab::{Branch, Lab, place};
use crate::playground::Playground;
use headwater_base::{Diagnostic, Fault};
use headwater_view::{BranchView, Reply};

/// Longest that a command is quoted, in characters.
const QUOTED_MAX: usize = 60;

/// The branches that were left, the oldest first.
pub(super) fn left(lab: &Lab) -> Vec<BranchView> {
    let here = lab.history().branch();
    let left = lab.history().left().iter();
    left.map(|it| branch(here, it)).collect()
}

fn branch(here: &Branch, other: &Branch) -> BranchView {
    let (common, parted) = here.parts_from(other);
    let own = &other.commands[common..];
    BranchView {
        id: other.id,
        parted_ms: parted.time.epoch_millis(),
        head_ms: other.head.time.epoch_millis(),
        commands: own.len() as u32,
        first: own.first().map_or(String::new(), |it| quoted(&it.command)),
    }
}

/// A command in one short line; SQL as it is, everything else in its text form.
fn quoted(command: &Command) -> String {
    let text = match command {
        Command::Sql(text) => text.clone(),
        other => other.to_string(),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(QUOTED_MAX) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

impl Playground {
    pub(super) fn take_branch(&mut self, id: u32) -> Reply {
        if !self.lab.take_branch(id) {
            let text = format!("There is no branch {id} any more: the oldest go first.");
            let found = Diagnostic::error(Fault::Yours, "no-branch", text);
            return Reply::Refused(Box::new(place(found, "")));
        }
        self.running = false;
        self.travelled()
    }
}
