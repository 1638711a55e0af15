//! `headwater-bench [--events N] [--rounds N] [--alone] [--only NAME]…`: the tables, measured
//! natively.

use headwater_bench::{Options, run};
use std::process::ExitCode;
use std::time::Instant;

const USAGE: &str =
    "headwater-bench [--events N] [--rounds N] [--alone] [--only Q1|Q2|Q3|Q4|log]...";

fn main() -> ExitCode {
    let options = match read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(wrong) => {
            eprintln!("error: {wrong}\nusage: {USAGE}");
            return ExitCode::FAILURE;
        }
    };
    let begun = Instant::now();
    let clock = || processor_seconds().unwrap_or_else(|| begun.elapsed().as_secs_f64());
    match run(&options, &clock, &|line| println!("{line}")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// How long this thread has had a processor, where Linux tells it: other programs on the machine
/// do not count.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(nanos / 1e9)
}

fn read(mut words: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options::default();
    while let Some(word) = words.next() {
        if word == "--alone" {
            options.alone = true;
            continue;
        }
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        let number = || value.parse().map_err(|_| format!("{value} is no number"));
        match word.as_str() {
            "--events" => options.events = number()?,
            "--rounds" => options.rounds = number()?,
            "--only" => options.only.push(value),
            _ => return Err(format!("{word} is unknown")),
        }
    }
    Ok(options)
}
