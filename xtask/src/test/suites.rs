//! How each suite is run. What a suite needs installed, it asks the set-up for.

use super::{Counts, Suite};
use crate::setup::{Setup, WASM_TARGET};
use crate::shell::{self, command};
use crate::tidy::metadata::Workspace;
use crate::{dist, e2e, size, tidy};
use anyhow::{Context, bail};
use std::process::Command;

/// The package of the page: linted for wasm, and tested both here and in a browser.
const PAGE: &str = "headwater-web";
/// What the lessons suite checks: the lessons, and the examples of their format.
const LESSONS: &[&str] = &["static/lessons", "docs/lesson-format.md"];

/// Runs `suite`.
pub(crate) fn run(setup: &Setup<'_>, suite: Suite) -> anyhow::Result<Counts> {
    let project = setup.project();
    match suite {
        Suite::Fmt => fmt(setup),
        Suite::Tidy => tidy::run(project).map(Counts::of_check),
        Suite::Clippy => clippy(setup),
        Suite::Native => native(setup),
        Suite::Lessons => lessons(setup),
        Suite::Wasm => wasm(setup),
        Suite::Dist => dist::build(setup).map(|()| Counts::of_check(true)),
        Suite::Size => size::run(project).map(Counts::of_check),
        Suite::E2e => e2e::run(setup, &[]),
    }
}

/// Where proptest finds the seed of its random cases.
const SEED: &str = "PROPTEST_RNG_SEED";

/// Cargo of the toolchain in use, at the project's root. Random cases are the same each time, so
/// that a commit passes or fails by what is in it; `cargo test` alone draws new ones.
fn cargo(setup: &Setup<'_>) -> Command {
    let mut cargo = command("cargo");
    cargo.current_dir(setup.project().root());
    if std::env::var_os(SEED).is_none() {
        cargo.env(SEED, "1");
    }
    cargo
}

fn fmt(setup: &Setup<'_>) -> anyhow::Result<Counts> {
    setup.components()?;
    let seen = shell::in_view(cargo(setup).args(["fmt", "--all", "--check"]))?;
    Ok(Counts::of_check(seen.success))
}

/// The lab is linted with the toolchain in use, the page with the one that builds it, since
/// much of it exists for wasm only.
fn clippy(setup: &Setup<'_>) -> anyhow::Result<Counts> {
    setup.components()?;
    let mut lab = cargo(setup);
    lab.args(["clippy", "--workspace", "--exclude", PAGE, "--all-targets"]);
    let lab = shell::in_view(lab.args(["--", "-D", "warnings"]))?;
    let mut page = page_clippy(setup)?;
    let page = shell::in_view(page.args(["--all-targets", "--", "-D", "warnings"]))?;
    Ok(Counts::of_check(lab.success && page.success))
}

/// The linter for the page. Where the toolchain for wasm has none, the one in use lints what
/// the page is on this machine.
fn page_clippy(setup: &Setup<'_>) -> anyhow::Result<Command> {
    let mut asked = setup.wasm_command("cargo")?;
    let has_clippy = shell::output(asked.args(["clippy", "--version"])).is_ok();
    let mut page = if has_clippy {
        setup.wasm_command("cargo")?
    } else {
        cargo(setup)
    };
    page.args(["clippy", "--package", PAGE]);
    if has_clippy {
        page.args(["--target", WASM_TARGET]);
    }
    Ok(page)
}

/// Tests on this machine.
fn native(setup: &Setup<'_>) -> anyhow::Result<Counts> {
    let mut tests = cargo(setup);
    tests.args(["test", "--workspace", "--exclude", PAGE, "--no-fail-fast"]);
    let lab = rust_tests(&mut tests)?;
    // Much of the page is plain functions, whose tests need no browser.
    let page = rust_tests(cargo(setup).args(["test", "--package", PAGE, "--lib"]))?;
    Ok(lab + page)
}

/// Every package that depends on `wasm-bindgen-test` is tested in a browser: its library, and
/// its test programs whose names begin with `wasm`.
fn wasm(setup: &Setup<'_>) -> anyhow::Result<Counts> {
    let packages = Workspace::read(setup.project())?.wasm_tested();
    if packages.is_empty() {
        bail!("no package depends on wasm-bindgen-test");
    }
    let browser = setup.browser()?;
    let mut total = Counts::default();
    for package in packages {
        let mut tests = setup.wasm_command("cargo")?;
        tests.args(["test", "--target", WASM_TARGET, "--no-fail-fast"]);
        tests.args(["--package", &package.name, "--lib"]);
        for program in &package.test_programs {
            tests.args(["--test", program]);
        }
        let runner = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";
        tests.env(runner, "wasm-bindgen-test-runner");
        tests.env("CHROMEDRIVER", &browser.driver);
        total = total + rust_tests(&mut tests)?;
    }
    Ok(total)
}

fn rust_tests(command: &mut Command) -> anyhow::Result<Counts> {
    let seen = shell::in_view(command)?;
    let counts = Counts::of_rust_tests(&seen.output);
    Ok(if seen.success {
        counts
    } else {
        counts.at_least_one_failed()
    })
}

fn lessons(setup: &Setup<'_>) -> anyhow::Result<Counts> {
    let mut test = cargo(setup);
    test.args(["run", "--quiet", "--package", "headwater-cli", "--", "test"])
        .args(LESSONS);
    let seen = shell::in_view(&mut test)?;
    let counts = Counts::of_closing_line(&seen.output)
        .context("`headwater test` printed no closing line")?;
    Ok(if seen.success {
        counts
    } else {
        counts.at_least_one_failed()
    })
}
