//! What must hold for every input: one function a subject, which panics where it does not hold.
//!
//! The functions do not know who makes the inputs: libFuzzer does it in `fuzz/`, seeded mutation
//! of a corpus in `tests/seeded.rs`. Read the subjects' files for what is promised; `corpus` is
//! where the inputs begin and `mutation` how they go on without a fuzzer.

pub mod corpus;
pub mod findings;
pub mod mutation;

mod commands;
mod evaluation;
mod formats;
mod json;
mod syntax;

/// One subject of fuzzing.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name, also that of its binary and of its corpus.
    pub name: &'static str,
    /// Tries one input.
    pub run: fn(&[u8]),
    /// How many seeded inputs an ordinary test run tries: as many as take a few seconds.
    pub seeded: u32,
}

/// All subjects.
pub const TARGETS: &[Target] = &[
    target("parser", syntax::parser, 6_000),
    target("printer", syntax::printer, 6_000),
    target("expressions", evaluation::expressions, 6_000),
    target("scripts", evaluation::scripts, 1_000),
    target("formats", formats::formats, 12_000),
    target("json", json::json, 12_000),
    target("commands", commands::commands, 12_000),
    target("lessons", commands::lessons, 1_500),
];

const fn target(name: &'static str, run: fn(&[u8]), seeded: u32) -> Target {
    Target { name, run, seeded }
}

/// Tries one input of a subject; the fuzzer's binaries call this.
///
/// # Panics
/// Where something does not hold, or there is no such subject.
pub fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.expect("a target's name").run)(data);
}
