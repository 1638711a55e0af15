//! What is wrong in a text: what cannot be read, else names and types.
//!
//! The text is tried on a copy of the laboratory as it is before the lesson's SQL, so nothing
//! changes; each statement sees what those before it created.

use crate::command::Command;
use crate::lab::{Lab, place};
use crate::playground::Playground;
use headwater_base::{Diagnostic, Severity, Span};
use headwater_view::PlacedDiagnostic;

/// Most findings that are told at once.
const FINDINGS_MAX: usize = 20;

impl Playground {
    /// What cannot be read in `text`; if everything can, names and types that are wrong.
    pub(super) fn check(&self, text: &str) -> Vec<PlacedDiagnostic> {
        let parsed = headwater_syntax::parse(text);
        let told = |found: Vec<Diagnostic>| {
            let first = found.into_iter().take(FINDINGS_MAX);
            first.map(|it| place(it, text)).collect()
        };
        if !parsed.is_ok() {
            return told(parsed.diagnostics);
        }
        let (mut lab, _) = self.opening.lab_with("");
        let mut live = self.lab.clone();
        let mut findings: Vec<Diagnostic> = Vec::new();
        for range in parsed.ranges {
            let mut found = errors(&mut lab, text, range);
            if found.iter().any(|it| is_known(&live, it, text)) {
                // It reads what was created outside the text, so it is tried where that is.
                found = errors(&mut live, text, range);
            }
            // What a broken statement did not create is missing because of it.
            let has_failed = !findings.is_empty();
            findings.extend(
                found
                    .into_iter()
                    .filter(|it| !(has_failed && is_missing(it))),
            );
            if findings.len() >= FINDINGS_MAX {
                break;
            }
        }
        findings.extend(parsed.diagnostics);
        told(findings)
    }
}

/// The errors of one statement in a laboratory, with their places in the whole text.
fn errors(lab: &mut Lab, text: &str, range: Span) -> Vec<Diagnostic> {
    let outcomes = lab.execute(&Command::Sql(range.of(text).to_owned()));
    let found = outcomes.into_iter().flat_map(|it| it.diagnostics);
    let found = found.map(|it| it.diagnostic.shifted(range.start));
    found.filter(|it| it.severity == Severity::Error).collect()
}

fn is_missing(found: &Diagnostic) -> bool {
    found.code.starts_with("unknown-source") || found.code == "unknown-query"
}

/// Whether a missing source or query is there in the live laboratory, created outside the text.
fn is_known(live: &Lab, found: &Diagnostic, text: &str) -> bool {
    let name = found.span.map_or("", |at| at.of(text)).to_uppercase();
    let engine = live.world().engine();
    let is_there = engine.catalog().get(&name).is_some()
        || engine
            .queries()
            .any(|query| query.name.to_uppercase() == name);
    is_missing(found) && is_there
}
