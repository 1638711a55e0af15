//! What became of a statement.

use crate::cell::Cell;
use headwater_base::{Diagnostic, LineColumn, QueryId};
use serde::{Deserialize, Serialize};

/// What became of one statement or lab command.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementOutcome {
    /// Whether it ran.
    pub ok: bool,
    /// ksqlDB's answer, or the error's message.
    pub message: String,
    /// The statement's first and last byte in the text that was given.
    pub range: (u32, u32),
    /// The query that it started.
    pub query: Option<QueryId>,
    /// That query's name, or the persistent query's.
    pub query_name: Option<String>,
    /// Column names of `rows`.
    pub columns: Vec<String>,
    /// Rows, for pull queries and for SHOW, LIST and DESCRIBE.
    pub rows: Vec<Vec<Cell>>,
    /// The rows' times in milliseconds since 1970, where they are rows of a source.
    pub timestamps_ms: Vec<i64>,
    /// What stands behind the message and the rows: parts of DESCRIBE, EXPLAIN and SHOW.
    pub sections: Vec<AnswerSection>,
    /// What is wrong, with places.
    pub diagnostics: Vec<PlacedDiagnostic>,
}

/// A part of an answer: a text, a table, or both, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerSection {
    /// Its heading; empty where it has none.
    pub title: String,
    /// Lines of text, whose blanks count.
    pub text: String,
    /// Column names of `rows`.
    pub columns: Vec<String>,
    /// The rows of its table.
    pub rows: Vec<Vec<Cell>>,
}

/// A diagnostic with its place in the text that was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedDiagnostic {
    /// The finding.
    pub diagnostic: Diagnostic,
    /// Where its span begins.
    pub start: LineColumn,
    /// Where its span ends.
    pub end: LineColumn,
}
