//! Trunk and wasm-bindgen's command line, at fixed versions, in `.tools/bin`.

use super::announced;
use crate::project::Project;
use crate::shell::{self, command};
use anyhow::Context;
use std::fs;
use std::path::Path;

/// The version of wasm-bindgen's command line; the crate of that name has to have the same one,
/// which `cargo xtask tidy` checks.
pub(crate) const WASM_BINDGEN_VERSION: &str = "0.2.130";

/// A program that cargo installs.
#[derive(Debug)]
struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    /// The lock file that the package was published with, or the newest dependencies.
    lock: Lock,
    takes: &'static str,
}

/// Where the versions of a tool's dependencies come from.
#[derive(Debug, PartialEq, Eq)]
enum Lock {
    /// The published lock file.
    Published,
    /// Resolved anew: the published lock file names a version that cannot always be had.
    Fresh,
}

const TOOLS: &[Tool] = &[
    Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: WASM_BINDGEN_VERSION,
        lock: Lock::Fresh,
        takes: "2 min",
    },
    Tool {
        package: "trunk",
        program: "trunk",
        version: "0.21.14",
        lock: Lock::Published,
        takes: "4 min",
    },
];

/// Installs what is missing.
pub(crate) fn ensure(project: &Project) -> anyhow::Result<()> {
    let missing: Vec<&Tool> = TOOLS
        .iter()
        .filter(|tool| !is_there(project, tool))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    // One folder for all of them, so that what they share is built once.
    let build = project.tools().join("build");
    for tool in missing {
        let what = format!("{} {}", tool.package, tool.version);
        announced(&what, tool.takes, || install(project, tool, &build))?;
    }
    if build.exists() {
        fs::remove_dir_all(&build).context("cannot remove the tools' build folder")?;
    }
    Ok(())
}

/// Whether `tool` is in the project's folder or in the search path, at its version.
fn is_there(project: &Project, tool: &Tool) -> bool {
    let own = project.tools().join("bin").join(tool.program);
    [own.as_path(), Path::new(tool.program)]
        .into_iter()
        .any(|program| {
            let version = shell::output(command(program).arg("--version"));
            version.is_ok_and(|text| names_version(&text, tool.version))
        })
}

/// Whether the answer to `--version` names `version`.
fn names_version(answer: &str, version: &str) -> bool {
    answer.split_whitespace().any(|word| word == version)
}

/// Builds and installs `tool`.
fn install(project: &Project, tool: &Tool, build: &Path) -> anyhow::Result<()> {
    let mut cargo = command("cargo");
    cargo.args([
        "install",
        tool.package,
        "--version",
        tool.version,
        "--force",
        "--root",
    ]);
    cargo.arg(project.tools());
    if tool.lock == Lock::Published {
        cargo.arg("--locked");
    }
    cargo
        .current_dir(project.root())
        .env("CARGO_TARGET_DIR", build);
    // The tools' own profiles take several times as long to build, and the page that they make
    // is the same.
    cargo.env("CARGO_PROFILE_RELEASE_LTO", "off");
    cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
    cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    cargo.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
    let log = project.tools().join(format!("logs/{}.log", tool.package));
    shell::quietly(&mut cargo, &log).with_context(|| {
        format!(
            "install it by hand: `cargo install {} --version {}`",
            tool.package, tool.version
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_version_counts() {
        assert!(names_version("wasm-bindgen 0.2.130", "0.2.130"));
        assert!(names_version("trunk 0.21.14", "0.21.14"));
        assert!(!names_version("trunk 0.21.140", "0.21.14"));
    }
}
