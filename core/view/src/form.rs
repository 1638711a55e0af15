//! A lab command as a form: its fields, what each can be, and what the text of it comes to.
//!
//! The engine makes forms out of its one list of commands, so that a front end needs none.

use crate::outcome::PlacedDiagnostic;
use serde::{Deserialize, Serialize};

/// A command, ready to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormView {
    /// The command's noun and verb, such as `topic create`.
    pub title: String,
    /// What it does, as a sentence.
    pub about: String,
    /// Whether it is often given again, with other values.
    pub repeats: bool,
    /// Its fields, the most needed first.
    pub fields: Vec<FieldView>,
}

/// A field of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldView {
    /// Its name: a key such as `retention.ms`, or what the command is about.
    pub name: String,
    /// What it does, as a phrase.
    pub about: String,
    /// What is in it at first.
    pub value: String,
    /// What happens where it is left empty; `None` where it has to be filled in.
    pub without: Option<String>,
    /// Whether it can stay out of sight until someone asks for more.
    pub folded: bool,
    /// Whether its value may have several lines.
    pub lines: bool,
    /// Whether nothing but the choices is possible.
    pub closed: bool,
    /// What can be in it, or some of it.
    pub choices: Vec<String>,
}

/// What a filled-in form comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// The command's text.
    pub text: String,
    /// What would be wrong with it now.
    pub problem: Option<PlacedDiagnostic>,
    /// The place of the field that is to blame.
    pub field: Option<u32>,
}
