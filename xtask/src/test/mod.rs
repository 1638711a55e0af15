//! `cargo xtask test`: every suite, in the order of how soon it can tell something. A suite that
//! fails does not stop the others. The last line counts over all of them; CI reads it.
//! The suites themselves are in `suites`, reading their counts in `counts`.

mod counts;
mod report;
mod suites;

pub(crate) use counts::Counts;

use crate::setup::Setup;
use clap::{Args, ValueEnum};
use report::Line;
use std::time::Instant;

/// What can be said to `test`.
#[derive(Debug, Args)]
pub(crate) struct TestArguments {
    /// Run only this suite; may be given more than once.
    #[arg(long, value_name = "SUITE")]
    only: Vec<Suite>,
    /// Leave this suite out; may be given more than once.
    #[arg(long, value_name = "SUITE")]
    skip: Vec<Suite>,
}

/// What is run, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Suite {
    /// The formatting.
    Fmt,
    /// What `cargo xtask tidy` checks.
    Tidy,
    /// The linter, for the lab and for the page.
    Clippy,
    /// Unit, snapshot and property tests on this machine.
    Native,
    /// Lessons against their own expectations.
    Lessons,
    /// Tests in a browser's wasm.
    Wasm,
    /// Building the page.
    Dist,
    /// The page's sizes against the budget.
    Size,
    /// The flows in a real browser.
    E2e,
}

/// Runs the suites that are asked for; false where something failed.
pub(crate) fn run(setup: &Setup<'_>, arguments: &TestArguments) -> anyhow::Result<bool> {
    let chosen = Suite::value_variants().iter().copied().filter(|suite| {
        let asked = arguments.only.is_empty() || arguments.only.contains(suite);
        asked && !arguments.skip.contains(suite)
    });
    let mut lines = Vec::new();
    for suite in chosen {
        let name = suite
            .to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned());
        println!("\n== {name}");
        let begun = Instant::now();
        let counts = suites::run(setup, suite).unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Counts::of_check(false)
        });
        lines.push(Line {
            name,
            counts,
            took: begun.elapsed(),
        });
    }
    print!("\n{}", report::table(&lines));
    let total = lines
        .iter()
        .fold(Counts::default(), |total, line| total + line.counts);
    println!("{total}");
    Ok(total.failed == 0)
}
