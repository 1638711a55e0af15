//! Packages from npm, as a folder's lock file says, installed anew only when it has changed.

use super::announced;
use crate::project::Project;
use crate::shell::{self, command, find_program};
use anyhow::{Context, bail};
use std::fs;
use std::path::Path;

/// The file in `node_modules` that says for which lock file it was filled.
const INSTALLED_FOR: &str = ".headwater-installed-for";

/// Fills `folder/node_modules` from `folder/package-lock.json`.
///
/// `probe` are words for Node that have to run then. npm was seen to end well with files missing
/// on a busy machine, so what fails the probe is thrown away and installed once more.
pub(crate) fn ensure(folder: &Path, project: &Project, probe: &[&str]) -> anyhow::Result<()> {
    let lock = fs::read_to_string(folder.join("package-lock.json"))
        .with_context(|| format!("cannot read {}/package-lock.json", folder.display()))?;
    let stamp = folder.join("node_modules").join(INSTALLED_FOR);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    install(folder, project)?;
    if probed(folder, probe).is_err() {
        fs::remove_dir_all(folder.join("node_modules")).context("cannot clear node_modules")?;
        install(folder, project)?;
        probed(folder, probe).context("what npm installed does not run")?;
    }
    fs::write(stamp, lock).context("cannot write into node_modules")
}

fn install(folder: &Path, project: &Project) -> anyhow::Result<()> {
    let Some(npm) = find_program(&["npm", "npm.cmd"]) else {
        bail!("npm is missing: install Node 20 or newer, which comes with npm");
    };
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    announced(&format!("npm packages of {name}"), "20 s", || {
        let mut install = command(npm);
        // Install scripts are not needed by any of the packages, and could run anything.
        install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        install.current_dir(folder);
        let log = project.tools().join(format!("logs/npm-{name}.log"));
        shell::quietly(&mut install, &log)
            .with_context(|| format!("try `npm ci` in {} by hand", folder.display()))
    })
}

fn probed(folder: &Path, probe: &[&str]) -> anyhow::Result<String> {
    shell::output(command("node").args(probe).current_dir(folder))
}
