//! `headwater`: the laboratory in a terminal.
//!
//! Here are the arguments and the exit codes only: 0 for success, 1 where something failed, 2 for
//! bad usage. What a subcommand does is in [`run`], [`shell`],
//! [`test`] and [`qtt`].

mod listing;
mod output;
mod picture;
mod qtt;
mod report;
mod run;
mod shell;
mod source;
mod test;
mod trace;

use clap::{Parser, Subcommand, ValueEnum};
use headwater_base::Millis;
use headwater_core::command::{amount::parse_duration, help};
use std::path::PathBuf;
use std::process::ExitCode;

/// A Kafka and ksqlDB laboratory in a terminal.
#[derive(Debug, Parser)]
#[command(name = "headwater", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Subcommands,
}

#[derive(Debug, Subcommand)]
enum Subcommands {
    /// Starts from an empty laboratory, runs a file from top to bottom and prints what queries give
    ///
    /// A .sql file holds statements, and lab commands in lines of their own; a .md file is a
    /// lesson, whose sql and lab blocks are run. After each of them the laboratory settles: virtual
    /// time goes on until everything that follows from it has happened, ten seconds at most. The
    /// first failure ends the run.
    #[command(after_long_help = lab_commands())]
    Run(RunArguments),
    /// An interactive prompt on an empty laboratory: SQL, lab commands, help
    ///
    /// Without a terminal it runs what is piped in. Time stands still at the prompt; `run 10s` lets
    /// it go on. At a terminal a push query shows its rows until Ctrl-C.
    #[command(after_long_help = lab_commands())]
    Shell(shell::ShellArguments),
    /// Runs lessons and looks whether everything they expect is true
    Test(TestArguments),
    /// Runs the query validation files of a folder: statements, records in, records out
    Qtt(QttArguments),
}

/// Arguments of `headwater run`.
#[derive(Debug, clap::Args)]
struct RunArguments {
    /// What to run: FILE.sql or FILE.md
    file: PathBuf,
    /// The seed of all chance; beats the file's own
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// How much virtual time passes after the last statement, such as 60s
    #[arg(long = "for", value_name = "DURATION", value_parser = duration)]
    length: Option<Millis>,
    /// How results are printed
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Writes everything that happened into this file, a JSON object a line
    #[arg(long, value_name = "OUT.jsonl")]
    trace: Option<PathBuf>,
    /// Draws the laboratory into this file
    #[arg(long, value_name = "OUT.svg")]
    picture: Option<PathBuf>,
    /// The moment to draw, counted from the laboratory's start; the end of the run without it
    #[arg(long, value_name = "DURATION", value_parser = duration, requires = "picture")]
    at: Option<Millis>,
}

/// Arguments of `headwater test`.
#[derive(Debug, clap::Args)]
struct TestArguments {
    /// Lessons, or folders with lessons
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Writes what is true into the lessons where their tables say something else
    #[arg(long)]
    update: bool,
}

/// Arguments of `headwater qtt`.
#[derive(Debug, clap::Args)]
struct QttArguments {
    /// The folder of .json files
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Runs only cases whose "file - name - FORMAT - config" holds this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Writes what became of every case into this file
    #[arg(long, value_name = "OUT.json")]
    report: Option<PathBuf>,
    /// Tells of each case that failed, and why
    #[arg(long)]
    verbose: bool,
    /// Counts by tier; the table's columns are file, name, format, config, ..., tier
    #[arg(long, value_name = "FILE.tsv")]
    tiers: Option<PathBuf>,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Tables for people
    Table,
    /// A JSON object a line
    Json,
}

/// How a subcommand ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// As it should.
    Success,
    /// Something failed, and was reported.
    Failed,
    /// The arguments cannot be used, and that was reported.
    BadUsage,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let end = match arguments.command {
        Subcommands::Run(arguments) => run::run(&arguments),
        Subcommands::Shell(arguments) => shell::shell(&arguments),
        Subcommands::Test(arguments) => test::test(&arguments),
        Subcommands::Qtt(arguments) => qtt::qtt(&arguments),
    };
    match end {
        End::Success => ExitCode::SUCCESS,
        End::Failed => ExitCode::from(1),
        End::BadUsage => ExitCode::from(2),
    }
}

fn duration(text: &str) -> Result<Millis, String> {
    parse_duration(text).ok_or_else(|| "write a length of time such as 10s, 750ms or 1m".to_owned())
}

fn lab_commands() -> String {
    format!("Lines of lab blocks:\n\n{}", help::text(None))
}
