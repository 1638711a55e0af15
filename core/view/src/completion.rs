//! What can be written at a cursor, and help on what is written there.

use headwater_base::Span;
use serde::{Deserialize, Serialize};

/// Something that can be written at a cursor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completion {
    /// What the list shows, such as `STARS`.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words about it: a column's type and source, a function's signature.
    pub detail: String,
    /// What is written in place of `replace`.
    pub insert: String,
    /// The bytes of the text that it takes the place of; empty at the cursor where nothing is
    /// written yet.
    pub replace: Span,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompletionKind {
    /// A column of a source, or a pseudo column.
    Column,
    /// A field of a STRUCT.
    Field,
    /// A stream, or its alias in the statement.
    Stream,
    /// A table, or its alias in the statement.
    Table,
    /// A topic.
    Topic,
    /// A query's name.
    Query,
    /// A property of a WITH clause or of the session, or a key of a lab command.
    Property,
    /// A value of such a property or key.
    Value,
    /// A type.
    Type,
    /// A variable of the session.
    Variable,
    /// A function.
    Function,
    /// A word of the language.
    Keyword,
    /// A noun or verb of a lab command.
    Command,
}

/// Help on a function, a property or a lab command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// Its name.
    pub name: String,
    /// What it is, such as `SCALAR function` or `command`.
    pub kind: String,
    /// What it does, in a sentence or more.
    pub summary: String,
    /// How it is written, a line each.
    pub signatures: Vec<String>,
    /// What its parts are: name and explanation.
    pub parts: Vec<(String, String)>,
    /// Something that can be run.
    pub example: String,
    /// What the example gives, if it gives a value.
    pub gives: Option<String>,
}
