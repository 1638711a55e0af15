//! Every target on inputs that are made by chance from a fixed seed, and on all inputs that once
//! were findings. The amount of work is fixed: about half a minute in all.

use headwater_base::Chance;
use headwater_fuzz_targets::{TARGETS, Target, corpus, findings, mutation};
use std::panic::catch_unwind;

/// Tries an input; what it was is told if something does not hold.
fn attempt(target: &Target, data: &[u8]) {
    let tried = catch_unwind(|| (target.run)(data));
    assert!(
        tried.is_ok(),
        "{}: {:?}\n{data:?}",
        target.name,
        String::from_utf8_lossy(data)
    );
}

fn seeded(name: &str) {
    let target = TARGETS
        .iter()
        .find(|target| target.name == name)
        .expect("a target");
    let seeds = corpus::seeds(name);
    assert!(!seeds.is_empty());
    for seed in &seeds {
        attempt(target, seed);
    }
    for (of, finding) in findings::FINDINGS {
        if *of == name {
            attempt(target, finding);
        }
    }
    let mut chance = Chance::new(2024, name);
    for _ in 0..target.seeded {
        attempt(target, &mutation::mutated(&seeds, &mut chance));
    }
}

#[test]
fn parser() {
    seeded("parser");
}

#[test]
fn printer() {
    seeded("printer");
}

#[test]
fn expressions() {
    seeded("expressions");
}

#[test]
fn scripts() {
    seeded("scripts");
}

#[test]
fn formats() {
    seeded("formats");
}

#[test]
fn json() {
    seeded("json");
}

#[test]
fn commands() {
    seeded("commands");
}

#[test]
fn lessons() {
    seeded("lessons");
}
