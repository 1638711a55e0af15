//! A Chromium and its driver for tests: what is there, else Debian's.

use super::{announced, packages};
use crate::project::Project;
use crate::shell::find_program;
use anyhow::bail;
use std::path::PathBuf;

/// Names under which a Chromium may be found.
const BROWSERS: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
/// Names under which its driver may be found.
const DRIVERS: &[&str] = &["chromedriver", "chromium.chromedriver"];
/// Where macOS keeps Chrome.
const MACOS_CHROME: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
/// Debian's browser and driver.
const DEBIAN_PACKAGES: &[&str] = &["chromium", "chromium-driver"];

/// A browser for tests.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    /// The browser itself.
    pub(crate) chrome: PathBuf,
    /// Its WebDriver.
    pub(crate) driver: PathBuf,
}

/// Finds a browser and its driver, and installs them where one of them is missing.
pub(crate) fn ensure(project: &Project) -> anyhow::Result<Browser> {
    if let Some(browser) = find() {
        return Ok(browser);
    }
    if packages::has_apt() {
        announced("Chromium and its driver", "1 min", || {
            packages::install(project, DEBIAN_PACKAGES)
        })?;
        if let Some(browser) = find() {
            return Ok(browser);
        }
    }
    bail!(
        "no browser for the tests: install Chrome or Chromium and the chromedriver of the same \
         version by hand, or name them in the variables CHROME and CHROMEDRIVER"
    );
}

/// What is there: the two variables are asked first.
fn find() -> Option<Browser> {
    let chrome = named("CHROME")
        .or_else(|| find_program(BROWSERS))
        .or_else(|| Some(PathBuf::from(MACOS_CHROME)).filter(|path| path.is_file()))?;
    let driver = named("CHROMEDRIVER").or_else(|| find_program(DRIVERS))?;
    Some(Browser { chrome, driver })
}

/// The file that an environment variable names.
fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|path| path.is_file())
}
