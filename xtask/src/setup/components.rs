//! The formatter and the linter of the toolchain in use, which a minimal Rust comes without.

use super::announced;
use crate::project::Project;
use crate::shell::{self, command};
use anyhow::{Context, bail};

/// The part of the toolchain, by rustup's name, and the cargo command that needs it.
const COMPONENTS: &[(&str, &str)] = &[("rustfmt", "fmt"), ("clippy", "clippy")];

/// Installs what is missing.
pub(crate) fn ensure(project: &Project) -> anyhow::Result<()> {
    for (component, cargo_command) in COMPONENTS {
        if is_there(cargo_command) {
            continue;
        }
        announced(component, "10 s", || {
            let mut add = command("rustup");
            add.args(["component", "add", component]);
            shell::quietly(&mut add, &project.tools().join("logs/rustup-component.log"))
                .with_context(|| format!("install {component} for your Rust by hand"))
        })?;
        if !is_there(cargo_command) {
            bail!("`cargo {cargo_command}` does not answer: install {component} by hand");
        }
    }
    Ok(())
}

/// Whether cargo has the command.
fn is_there(cargo_command: &str) -> bool {
    shell::output(command("cargo").args([cargo_command, "--version"])).is_ok()
}
