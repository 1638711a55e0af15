//! Completion: what can be written at a cursor, of SQL and of lab commands.
//!
//! Which words fit is the parser's knowledge; names come from the laboratory as it is. The page
//! and `headwater shell` both ask here. Next: `place` finds where the cursor is, `names` and
//! `properties` and `commands` what fits there, `help` explains one name.

pub(super) mod commands;
mod help;
mod names;
mod place;
mod properties;

pub use help::help;

use crate::command::Command;
use crate::lab::Lab;
use crate::world::World;
use headwater_base::{Span, order};
use headwater_syntax::ExpectedPlace;
use headwater_syntax::ast::{Statement, StatementKind};
use headwater_view::{Completion, CompletionKind};
use place::Place;

/// Most completions that are offered at once.
pub const COMPLETIONS_MAX: usize = 300;
/// Most statements of a text that are tried for what they create.
const DECLARED_MAX: usize = 200;

/// What can be written at `cursor`, which counts bytes, the best first.
///
/// ```
/// use headwater_core::lab::{Lab, LabConfig};
/// use headwater_core::playground::complete::complete;
/// let lab = Lab::new(LabConfig::default());
/// let found = complete("SELECT UCA", 10, lab.world());
/// assert_eq!(found[0].insert, "UCASE(");
/// assert_eq!((found[0].replace.start, found[0].replace.end), (7, 10));
/// ```
pub fn complete(text: &str, cursor: u32, world: &World) -> Vec<Completion> {
    let cursor = boundary(text, cursor);
    if let Some((line_start, line)) = commands::line_at(text, cursor) {
        let (word, candidates) = commands::candidates(line, world);
        let start = line_start + word;
        return ranked(candidates, &text[start..cursor], start, cursor);
    }
    let Some(place) = Place::at(text, cursor) else {
        return Vec::new();
    };
    let mut candidates = match properties::candidates(&place, world) {
        Some(found) => found,
        None => names::candidates(&place, world),
    };
    if place.expected.place == ExpectedPlace::Statement {
        candidates.extend(commands::nouns());
    }
    let start = place.word.start as usize;
    let typed = place.typed.trim_start_matches(['\'', '`', '"']);
    let mut found = ranked(candidates, typed, start, cursor);
    for completion in &mut found {
        completion.replace = place.word;
    }
    found
}

/// As [`complete`], with the sources too that the text before the cursor would create.
pub fn complete_in(text: &str, cursor: u32, lab: &Lab) -> Vec<Completion> {
    let parsed = headwater_syntax::parse(text);
    let before = parsed.statements.iter().filter(|it| it.span.end <= cursor);
    let missing: Vec<&Statement> = before.filter(|it| is_missing(it, lab)).collect();
    if missing.is_empty() {
        return complete(text, cursor, lab.world());
    }
    let mut tried = lab.clone();
    for statement in missing.into_iter().take(DECLARED_MAX) {
        tried.execute(&Command::Sql(statement.span.of(text).to_owned()));
    }
    complete(text, cursor, tried.world())
}

/// Whether a statement creates a source or type that is not there yet.
fn is_missing(statement: &Statement, lab: &Lab) -> bool {
    let catalog = lab.world().engine().catalog();
    match &statement.kind {
        StatementKind::CreateSource(it) => catalog.get(&it.name.text).is_none(),
        StatementKind::CreateAs(it) => catalog.get(&it.name.text).is_none(),
        StatementKind::CreateType(it) => !catalog.types().contains_key(&it.name.text),
        _ => false,
    }
}

/// Something that may be offered.
#[derive(Clone, Debug)]
struct Candidate {
    label: String,
    kind: CompletionKind,
    detail: String,
    insert: String,
}

impl Candidate {
    fn new(kind: CompletionKind, label: &str, detail: impl Into<String>) -> Candidate {
        Candidate {
            label: label.to_owned(),
            kind,
            detail: detail.into(),
            insert: label.to_owned(),
        }
    }

    fn inserting(mut self, insert: impl Into<String>) -> Candidate {
        self.insert = insert.into();
        self
    }
}

/// The candidates that fit what is typed: those that begin with it, then those of which a part
/// does; kinds in their order, and within a kind the order they came in.
fn ranked(candidates: Vec<Candidate>, typed: &str, start: usize, end: usize) -> Vec<Completion> {
    let typed = typed.to_lowercase();
    let mut fitting: Vec<(u8, Candidate)> = candidates
        .into_iter()
        .filter_map(|it| fit(&it.label.to_lowercase(), &typed).map(|rank| (rank, it)))
        .collect();
    order::sort_by_key(&mut fitting, |(rank, it)| (*rank, it.kind));
    let replace = Span::new(start as u32, end as u32);
    let mut found: Vec<Completion> = Vec::with_capacity(fitting.len().min(COMPLETIONS_MAX));
    for (_, it) in fitting {
        let is_there = |known: &Completion| known.label == it.label && known.kind == it.kind;
        if !found.iter().any(is_there) {
            found.push(Completion {
                label: it.label,
                kind: it.kind,
                detail: it.detail,
                insert: it.insert,
                replace,
            });
        }
        if found.len() == COMPLETIONS_MAX {
            break;
        }
    }
    found
}

/// How well a label fits what is typed: 0 begins with it, 1 a part of it does, 2 holds it.
fn fit(label: &str, typed: &str) -> Option<u8> {
    if label.starts_with(typed) {
        return Some(0);
    }
    let mut parts = label.split(['_', '.', '-', ' ', '`']).skip(1);
    if parts.any(|part| part.starts_with(typed)) {
        return Some(1);
    }
    (typed.chars().count() > 1 && label.contains(typed)).then_some(2)
}

/// The cursor, moved back to where a character begins.
fn boundary(text: &str, cursor: u32) -> usize {
    let mut at = (cursor as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests;
