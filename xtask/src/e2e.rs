//! `cargo xtask e2e`: the flows in `tests/e2e` drive the page in `dist/` with a real browser,
//! below a sub-path and under the strict policy. Playwright runs them and counts.

use crate::serve::Site;
use crate::setup::Setup;
use crate::shell::{self, command};
use crate::test::Counts;
use anyhow::Context;
use clap::Args;
use serde_json::Value;
use std::fs;

/// What can be said to `e2e`.
#[derive(Debug, Args)]
pub(crate) struct E2eArguments {
    /// Words for Playwright, such as a file's name or `--grep TEXT`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) playwright: Vec<String>,
}

/// The path below which the page is served: it has to work under any.
const PREFIX: &str = "/deep/sub/";

/// Runs the flows against `dist/`, which has to be built already.
pub(crate) fn run(setup: &Setup<'_>, words: &[String]) -> anyhow::Result<Counts> {
    setup.flows()?;
    let browser = setup.browser()?;
    let project = setup.project();
    let flows = project.flows();
    let report = flows.join("out/report.json");
    if report.exists() {
        fs::remove_file(&report).context("cannot remove the last report")?;
    }
    let site = Site::open(&project.dist(), PREFIX, 0)?;
    let mut playwright = command("node");
    playwright
        .args(["node_modules/@playwright/test/cli.js", "test"])
        .args(words);
    playwright.current_dir(&flows);
    playwright.env("HEADWATER_URL", site.address());
    playwright.env("HEADWATER_REPORT", &report);
    playwright.env("CHROME", &browser.chrome);
    let seen = shell::in_view(&mut playwright)?;
    let text = fs::read_to_string(&report)
        .context("Playwright wrote no report: did its configuration load?")?;
    let counts = counts(&text)?;
    Ok(if seen.success {
        counts
    } else {
        counts.at_least_one_failed()
    })
}

/// The counts in Playwright's report. A flow that passed only when tried again has failed.
fn counts(report: &str) -> anyhow::Result<Counts> {
    let report: Value = serde_json::from_str(report).context("Playwright's report is not JSON")?;
    let count = |name: &str| report["stats"][name].as_u64().unwrap_or(0);
    Ok(Counts {
        passed: count("expected"),
        failed: count("unexpected") + count("flaky"),
        skipped: count("skipped"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaky_flow_has_failed() {
        let report = r#"{"stats": {"expected": 3, "unexpected": 1, "flaky": 2, "skipped": 4}}"#;
        assert_eq!(
            counts(report).unwrap(),
            Counts {
                passed: 3,
                failed: 3,
                skipped: 4
            }
        );
    }
}
