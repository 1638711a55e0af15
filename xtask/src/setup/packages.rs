//! Debian's package manager: installing packages, as root or with a sudo that asks nothing.

use crate::project::Project;
use crate::shell::{self, command, find_program};
use anyhow::{Context, bail};
use std::path::Path;
use std::process::Command;

/// Whether this machine has `apt-get`.
pub(crate) fn has_apt() -> bool {
    find_program(&["apt-get"]).is_some()
}

/// Installs `packages`. The error says which command a person can give instead.
pub(crate) fn install(project: &Project, packages: &[&str]) -> anyhow::Result<()> {
    let by_hand = format!("sudo apt-get install {}", packages.join(" "));
    let logs = project.tools().join("logs");
    let mut update = as_root("apt-get")
        .with_context(|| format!("packages are missing: install them with `{by_hand}`"))?;
    update
        .arg("update")
        .env("DEBIAN_FRONTEND", "noninteractive");
    let mut install = as_root("apt-get")?;
    install
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    shell::quietly(&mut update, &logs.join("apt-update.log"))
        .and_then(|()| shell::quietly(&mut install, &logs.join("apt-install.log")))
        .with_context(|| format!("the package manager failed: try `{by_hand}` by hand"))
}

/// A command for `program` as root.
pub(crate) fn as_root(program: impl AsRef<Path>) -> anyhow::Result<Command> {
    if shell::output(command("id").arg("-u"))? == "0" {
        return Ok(command(program));
    }
    let may_sudo = find_program(&["sudo"]).is_some()
        && shell::output(command("sudo").args(["-n", "true"])).is_ok();
    if !may_sudo {
        bail!("this step needs root, and sudo is not there or asks for a password");
    }
    let mut sudo = command("sudo");
    sudo.args(["-n", "--preserve-env=DEBIAN_FRONTEND"])
        .arg(program.as_ref());
    Ok(sudo)
}
