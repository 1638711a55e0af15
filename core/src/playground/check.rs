//! Findings about a text that only the engine can have: names and types.
//!
//! The text is tried on a copy of the laboratory as it is before the lesson's SQL, so nothing
//! changes; each statement sees what those before it created.

use crate::command::Command;
use crate::lab::{Lab, place};
use crate::playground::Playground;
use headwater_base::{NoTrace, Severity};
use headwater_view::PlacedDiagnostic;

/// Most findings that are told at once.
const FINDINGS_MAX: usize = 20;

impl Playground {
    /// Names and types that are wrong in `text`. Errors of syntax are the page's own to find: a
    /// text that has some is not looked into.
    pub(super) fn check(&self, text: &str) -> Vec<PlacedDiagnostic> {
        if !headwater_syntax::parse(text).is_ok() {
            return Vec::new();
        }
        let (mut lab, _) = self.opening.lab_with("");
        let mut findings = Vec::new();
        for range in headwater_syntax::statement_ranges(text) {
            let command = Command::Sql(range.of(text).to_owned());
            let outcomes = lab.execute_traced(&command, &mut NoTrace);
            let found = outcomes.into_iter().flat_map(|it| it.diagnostics);
            let found = found.map(|it| it.diagnostic.shifted(range.start));
            let has_failed = !findings.is_empty();
            findings.extend(found.filter(|it| {
                // What a broken statement did not create is missing because of it.
                let is_missing = it.code.starts_with("unknown-source");
                it.severity == Severity::Error
                    && !(is_missing && has_failed)
                    && !is_known(&self.lab, it.code.as_str(), it.span.map(|at| at.of(text)))
            }));
            if findings.len() >= FINDINGS_MAX {
                break;
            }
        }
        findings
            .into_iter()
            .take(FINDINGS_MAX)
            .map(|it| place(it, text))
            .collect()
    }
}

/// Whether a missing source is there in the live laboratory, created outside the text.
fn is_known(lab: &Lab, code: &str, name: Option<&str>) -> bool {
    let catalog = lab.world().engine().catalog();
    let known = |name: &str| catalog.get(&name.to_uppercase()).is_some();
    code.starts_with("unknown-source") && name.is_some_and(known)
}
