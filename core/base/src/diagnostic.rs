//! What is wrong, where, whose fault it is, and what to do about it.

use crate::{order, span::Span};
use serde::{Deserialize, Serialize};

/// Whose fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The text that was given: a statement, a command, a lesson.
    Yours,
    /// The text is right; this laboratory cannot do it yet.
    NotSupportedYet,
    /// One record's contents.
    Record,
    /// A bug of this laboratory.
    Ours,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It cannot run.
    Error,
    /// It runs, and probably does not do what was meant.
    Warning,
}

/// One finding about a text.
///
/// ```
/// use headwater_base::{Diagnostic, Fault, Span};
/// let found = Diagnostic::error(Fault::Yours, "unknown-column", "There is no column STAR.")
///     .at(Span::new(7, 11))
///     .hint("Did you mean STARS?");
/// assert_eq!(found.hints, ["Did you mean STARS?"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Whose fault it is.
    pub fault: Fault,
    /// A stable name of the kind of finding, in kebab case.
    pub code: String,
    /// What is wrong, as a sentence; ksqlDB's words where ksqlDB has words for it.
    pub message: String,
    /// Where, if it is at a place.
    pub span: Option<Span>,
    /// What to do, nearest first.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error without a place or hints yet.
    pub fn error(fault: Fault, code: &str, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            fault,
            code: code.to_owned(),
            message: message.into(),
            span: None,
            hints: Vec::new(),
        }
    }

    /// The same at a place.
    pub fn at(self, span: Span) -> Diagnostic {
        Diagnostic {
            span: Some(span),
            ..self
        }
    }

    /// The same with one hint more.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }

    /// The same in a text that begins `bytes` later.
    pub fn shifted(self, bytes: u32) -> Diagnostic {
        Diagnostic {
            span: self.span.map(|span| span.shifted(bytes)),
            ..self
        }
    }
}

/// The names in `known` that are nearest to `name`, at most three, the nearest first.
///
/// Near means an edit distance of at most a third of the name's length, and of at least 1 allowed.
/// Case does not count, and two letters in the wrong order count once.
///
/// ```
/// use headwater_base::diagnostic::nearest;
/// assert_eq!(nearest("STAR", ["STARS", "CHANNEL"]), ["STARS"]);
/// assert_eq!(nearest("topci", ["topic"]), ["topic"]);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let allowed = (name.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .map(|candidate| (edit_distance(name, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .collect();
    order::sort(&mut found);
    found.dedup();
    found
        .into_iter()
        .take(3)
        .map(|(_, candidate)| candidate)
        .collect()
}

/// The fewest letters to insert, delete, replace or swap with a neighbour.
fn edit_distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_ascii_lowercase().chars().collect();
    let b: Vec<char> = b.to_ascii_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            next[j] = replaced.min(next[j - 1] + 1).min(row[j] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}
