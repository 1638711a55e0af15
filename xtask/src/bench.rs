//! `cargo xtask bench`: the package `bench` in release, natively and as wasm under Node, and what
//! the engine keeps of its speed there. How to read the tables is in `docs/performance.md`.

use crate::setup::{Setup, WASM_TARGET};
use crate::shell::{self, command};
use anyhow::{Context, bail};
use clap::Args;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

/// What can be said to `bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArguments {
    /// How many ratings the topic holds.
    #[arg(long, default_value_t = 1_000_000)]
    events: u32,
    /// How often everything is run; the middle run counts.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Q1, Q2, Q3, Q4 or log; may be said more than once.
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Natively alone.
    #[arg(long, conflicts_with = "wasm")]
    native: bool,
    /// As wasm under Node alone.
    #[arg(long)]
    wasm: bool,
}

/// The line with which the bench says again how fast the engine was, for this program.
const RATES: &str = "engine, kev/s:";

/// Calls the one function of the bench's wasm, with a clock that counts this process alone.
const LOADER: &str = "const bench = require('./headwater_bench.js');
performance.now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
};
bench.bench(Number(process.argv[2]), Number(process.argv[3]), process.argv[4] ?? '');
";

/// Builds and runs what is asked for.
pub(crate) fn run(setup: &Setup<'_>, arguments: &BenchArguments) -> anyhow::Result<()> {
    let native = match arguments.wasm {
        true => Vec::new(),
        false => run_native(setup, arguments)?,
    };
    let wasm = match arguments.native {
        true => Vec::new(),
        false => run_wasm(setup, arguments)?,
    };
    for (name, native) in &native {
        if let Some((_, wasm)) = wasm.iter().find(|(other, _)| other == name) {
            println!(
                "{name}: as wasm, the engine keeps {:.2} of its native rate",
                wasm / native
            );
        }
    }
    Ok(())
}

/// Where the bench is built: its profile is its own, and so is its folder.
fn folder(setup: &Setup<'_>) -> PathBuf {
    setup.project().root().join("target/bench")
}

fn run_native(setup: &Setup<'_>, arguments: &BenchArguments) -> anyhow::Result<Vec<(String, f64)>> {
    println!("bench: building in release (about 3 min the first time)");
    let begun = Instant::now();
    let folder = folder(setup);
    let mut build = command("cargo");
    build
        .args([
            "build",
            "--profile",
            "bench",
            "-p",
            "headwater-bench",
            "--bins",
        ])
        .arg("--target-dir")
        .arg(&folder)
        .current_dir(setup.project().root());
    shell::quietly(&mut build, &setup.project().tools().join("logs/bench.log"))?;
    println!("bench: built, in {}", shell::seconds(begun.elapsed()));
    let file = format!("headwater-bench{}", std::env::consts::EXE_SUFFIX);
    let mut bench = command(folder.join("release").join(file));
    bench.arg("--events").arg(arguments.events.to_string());
    bench.arg("--rounds").arg(arguments.rounds.to_string());
    for name in &arguments.only {
        bench.arg("--only").arg(name);
    }
    println!("\nnatively:");
    measured(&mut bench)
}

fn run_wasm(setup: &Setup<'_>, arguments: &BenchArguments) -> anyhow::Result<Vec<(String, f64)>> {
    println!("bench: building wasm in release (about 3 min the first time)");
    let begun = Instant::now();
    let (folder, logs) = (folder(setup), setup.project().tools().join("logs"));
    let mut build = setup.wasm_command("cargo")?;
    build
        .args([
            "build",
            "--profile",
            "bench",
            "-p",
            "headwater-bench",
            "--lib",
        ])
        .args(["--target", WASM_TARGET, "--target-dir"])
        .arg(&folder);
    shell::quietly(&mut build, &logs.join("bench-wasm.log"))?;
    let out = folder.join("node");
    let mut bind = setup.wasm_command("wasm-bindgen")?;
    bind.args(["--target", "nodejs", "--out-dir"]).arg(&out);
    bind.arg(
        folder
            .join(WASM_TARGET)
            .join("release/headwater_bench.wasm"),
    );
    shell::quietly(&mut bind, &logs.join("bench-bindgen.log"))?;
    fs::write(out.join("run.cjs"), LOADER).context("cannot write the loader")?;
    println!(
        "bench: wasm is built, in {}",
        shell::seconds(begun.elapsed())
    );
    let mut node = command("node");
    node.arg(out.join("run.cjs"));
    node.args([arguments.events.to_string(), arguments.rounds.to_string()]);
    node.arg(arguments.only.join(","));
    println!("\nas wasm under Node:");
    measured(&mut node)
}

/// Runs the bench in full view; gives how fast the engine was, by query.
fn measured(bench: &mut std::process::Command) -> anyhow::Result<Vec<(String, f64)>> {
    let seen = shell::in_view(bench)?;
    if !seen.success {
        bail!("the bench failed");
    }
    Ok(rates(&seen.output))
}

fn rates(output: &str) -> Vec<(String, f64)> {
    let line = output.lines().find_map(|line| line.strip_prefix(RATES));
    let parts = line.unwrap_or("").split(',');
    let rate = |part: &str| {
        let (name, rate) = part.trim().split_once(' ')?;
        Some((name.to_owned(), rate.parse().ok()?))
    };
    parts.filter_map(rate).collect()
}

#[cfg(test)]
mod tests {
    use super::rates;

    #[test]
    fn rates_are_read_from_their_line() {
        let output = "| Q1 | 9 |\nengine, kev/s: Q1 3303.5, Q4 896.0\n";
        let found = [("Q1".to_owned(), 3303.5), ("Q4".to_owned(), 896.0)];
        assert_eq!(rates(output), found);
        assert_eq!(rates("nothing"), []);
    }
}
