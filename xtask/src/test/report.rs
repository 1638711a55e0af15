//! The table of suites at the end of `cargo xtask test`.

use super::Counts;
use crate::shell;
use std::fmt::Write;
use std::time::Duration;

/// One suite's line.
#[derive(Debug)]
pub(crate) struct Line {
    /// The suite.
    pub(crate) name: String,
    /// What came of it.
    pub(crate) counts: Counts,
    /// How long it took, with its set-up.
    pub(crate) took: Duration,
}

/// The table, a line a suite.
pub(crate) fn table(lines: &[Line]) -> String {
    let mut table = format!(
        "{:<10} {:>8} {:>8} {:>8}  {}\n",
        "suite", "passed", "failed", "skipped", "time"
    );
    for Line { name, counts, took } in lines {
        let Counts {
            passed,
            failed,
            skipped,
        } = counts;
        let took = shell::seconds(*took);
        // Writing to a string cannot fail.
        let _ = writeln!(
            table,
            "{name:<10} {passed:>8} {failed:>8} {skipped:>8}  {took}"
        );
    }
    table
}
