//! "Not supported yet" as data: every statement and clause that is understood and cannot run.
//!
//! Errors, docs and tests read this one list; functions and formats keep theirs.

use headwater_base::{Diagnostic, Fault, Span};

/// Something that ksqlDB can do and this laboratory cannot yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// A stable id.
    pub id: &'static str,
    /// What is missing, for people.
    pub title: &'static str,
    /// What to do instead, if there is something.
    pub instead: &'static str,
}

const fn gap(id: &'static str, title: &'static str, instead: &'static str) -> Gap {
    Gap { id, title, instead }
}

/// All gaps, by id.
pub const GAPS: &[Gap] = &[
    gap(
        "assert-schema-id",
        "ASSERT SCHEMA … ID",
        "Name the SUBJECT.",
    ),
    gap(
        "assert-values",
        "An ASSERT of values, streams or tables, which only test scripts have",
        "Use an expect block of a lesson.",
    ),
    gap(
        "connectors",
        "A connector in SQL",
        "It comes with the simulated systems outside of Kafka; until then a producer or a consumer \
         of the laboratory stands in for it.",
    ),
    gap(
        "pull-join",
        "A join without EMIT CHANGES",
        "Add EMIT CHANGES.",
    ),
    gap("run-script", "RUN SCRIPT", "Paste the script."),
    gap(
        "schema-inference",
        "The inference of columns from a schema registry",
        "List the columns.",
    ),
    gap(
        "with-schema",
        "A schema registry's ids in WITH",
        "List the columns.",
    ),
];

/// The answer to something that cannot run yet.
pub fn refuse(id: &str, at: Span) -> Diagnostic {
    let found = GAPS.iter().find(|gap| gap.id == id);
    let title = found.map_or(id, |gap| gap.title);
    let message = format!("{title} is not supported yet.");
    let refused = Diagnostic::error(Fault::NotSupportedYet, id, message).at(at);
    match found
        .map(|gap| gap.instead)
        .filter(|instead| !instead.is_empty())
    {
        Some(instead) => refused.hint(instead),
        None => refused,
    }
}

#[cfg(test)]
mod tests {
    use super::GAPS;

    #[test]
    fn ids_are_sorted_and_unique() {
        assert!(GAPS.windows(2).all(|two| two[0].id < two[1].id));
    }
}
