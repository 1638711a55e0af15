//! The developer commands: `cargo xtask serve | test | dist | tidy | e2e | size | bench`.
//! Each command is a module of its name; what they need installed is in `setup`.

mod bench;
mod dist;
mod e2e;
mod project;
mod serve;
mod setup;
mod shell;
mod size;
mod test;
mod tidy;

use clap::{Parser, Subcommand};
use project::Project;
use setup::Setup;
use std::process::ExitCode;

/// Developer commands of Headwater.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What can be asked for; each does the set-up steps that it needs.
#[derive(Debug, Subcommand)]
enum Command {
    /// Builds the page, serves it on this machine and opens it.
    Serve(serve::ServeArguments),
    /// Runs every check and test, and counts them.
    Test(test::TestArguments),
    /// Builds the page into dist/, a folder for any static server.
    Dist,
    /// Checks what the compiler cannot: layers, sizes, headers, licences.
    Tidy,
    /// Drives the page in dist/ with a real browser.
    E2e(e2e::E2eArguments),
    /// Prints the sizes of the files in dist/ against their budget.
    Size,
    /// Measures the engine and the log beside hand-written programs, natively and as wasm.
    Bench(bench::BenchArguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Carries out `command`; false says that it ran and found something wrong.
fn run(command: Command) -> anyhow::Result<bool> {
    let project = Project::find()?;
    let setup = Setup::new(&project);
    match command {
        Command::Serve(arguments) => serve::run(&setup, &arguments).map(|()| true),
        Command::Test(arguments) => test::run(&setup, &arguments),
        Command::Dist => dist::build(&setup).map(|()| true),
        Command::Tidy => tidy::run(&project),
        Command::E2e(arguments) => {
            dist::build(&setup)?;
            let outcome = e2e::run(&setup, &arguments.playwright)?;
            Ok(outcome.failed == 0)
        }
        Command::Size => {
            dist::build(&setup)?;
            size::run(&project)
        }
        Command::Bench(arguments) => bench::run(&setup, &arguments).map(|()| true),
    }
}
