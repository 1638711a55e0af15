//! What the commands need installed: each step looks first, installs only what is missing, says
//! what it does and about how long it takes, and fails with what to install by hand.
//! A step is done at most once in a run, when the first command asks for it.

mod browser;
mod cargo_tools;
mod components;
mod npm;
mod packages;
mod wasm_target;

pub(crate) use browser::Browser;
pub(crate) use cargo_tools::WASM_BINDGEN_VERSION;
pub(crate) use wasm_target::TARGET as WASM_TARGET;

use crate::project::Project;
use crate::shell;
use std::cell::OnceCell;
use std::process::Command;
use std::time::Instant;

/// The outcome of a step, kept for whoever asks next.
type Kept<T> = OnceCell<Result<T, String>>;

/// The set-up of one run of a command.
#[derive(Debug)]
pub(crate) struct Setup<'p> {
    project: &'p Project,
    components: Kept<()>,
    toolchain: Kept<wasm_target::Toolchain>,
    cargo_tools: Kept<()>,
    editor: Kept<()>,
    flows: Kept<()>,
    browser: Kept<Browser>,
}

impl<'p> Setup<'p> {
    /// A set-up in which nothing has been looked at yet.
    pub(crate) fn new(project: &'p Project) -> Self {
        Self {
            project,
            components: OnceCell::new(),
            toolchain: OnceCell::new(),
            cargo_tools: OnceCell::new(),
            editor: OnceCell::new(),
            flows: OnceCell::new(),
            browser: OnceCell::new(),
        }
    }

    /// The project that is set up.
    pub(crate) fn project(&self) -> &'p Project {
        self.project
    }

    /// The formatter and the linter.
    pub(crate) fn components(&self) -> anyhow::Result<()> {
        keep(&self.components, || components::ensure(self.project)).copied()
    }

    /// A command for `program` that builds for wasm: with the toolchain that has the target's
    /// library, and with the project's own tools first in its search path.
    pub(crate) fn wasm_command(&self, program: &str) -> anyhow::Result<Command> {
        let toolchain = keep(&self.toolchain, || wasm_target::ensure(self.project))?;
        keep(&self.cargo_tools, || cargo_tools::ensure(self.project))?;
        let tools = self.project.tools().join("bin");
        let npm = self.project.editor().join("node_modules/.bin");
        let path = shell::path_with(&[tools, npm])?;
        let mut command = match find_in_tools(self.project, program) {
            Some(tool) => shell::command(tool),
            None => shell::command(program),
        };
        command.current_dir(self.project.root()).env("PATH", path);
        toolchain.apply(&mut command);
        Ok(command)
    }

    /// The packages that the page's build takes from npm.
    pub(crate) fn editor(&self) -> anyhow::Result<()> {
        keep(&self.editor, || {
            let probe = ["-e", "require('esbuild')"];
            npm::ensure(&self.project.editor(), self.project, &probe)
        })
        .copied()
    }

    /// The packages that the browser flows take from npm.
    pub(crate) fn flows(&self) -> anyhow::Result<()> {
        keep(&self.flows, || {
            let probe = ["node_modules/@playwright/test/cli.js", "--version"];
            npm::ensure(&self.project.flows(), self.project, &probe)
        })
        .copied()
    }

    /// A browser for tests, with its driver.
    pub(crate) fn browser(&self) -> anyhow::Result<&Browser> {
        keep(&self.browser, || browser::ensure(self.project))
    }
}

/// The kept outcome of a step, which is done now if it has not been.
fn keep<T>(kept: &Kept<T>, step: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<&T> {
    let outcome = kept.get_or_init(|| step().map_err(|error| format!("{error:#}")));
    outcome
        .as_ref()
        .map_err(|error| anyhow::Error::msg(error.clone()))
}

/// The program of the project's own tools, where it is one of them.
fn find_in_tools(project: &Project, program: &str) -> Option<std::path::PathBuf> {
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    Some(project.tools().join("bin").join(file)).filter(|path| path.is_file())
}

/// Announces a step and about how long it takes, does it, and says how long it took.
fn announced<T>(
    what: &str,
    takes: &str,
    step: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    println!("set-up: {what} (about {takes})");
    let begun = Instant::now();
    let done = step()?;
    println!(
        "set-up: {what}: done in {}",
        shell::seconds(begun.elapsed())
    );
    Ok(done)
}
