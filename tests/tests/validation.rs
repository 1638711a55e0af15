//! The query validation files beside the repository, where they are: what fails is what
//! `tests/qtt/known-failures.txt` lists, and nothing else. That list may only shrink.
//!
//! `UPDATE_EXPECT=1` takes out of the list what passes now; it never puts anything in.

#![cfg(not(target_arch = "wasm32"))]

use headwater_qtt::{Status, files, run_file};
use std::collections::BTreeSet;
use std::path::Path;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/ksqldb/cases");
const KNOWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/qtt/known-failures.txt");

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "a developer asks for a shorter list by a variable"
)]
fn nothing_fails_that_is_not_known() {
    let folder = Path::new(FOLDER);
    if !folder.is_dir() {
        eprintln!("no validation files in {FOLDER}: nothing was validated");
        return;
    }
    let text = std::fs::read_to_string(KNOWN).expect("the list of known failures is there");
    let known: BTreeSet<&str> = text.lines().collect();
    assert!(
        text.lines().is_sorted(),
        "the list of known failures is sorted"
    );
    let mut failed = BTreeSet::new();
    let mut messages = Vec::new();
    for path in files(folder).expect("the folder can be read") {
        for case in run_file(folder, &path, None).expect("the file can be read") {
            if case.status == Status::Failed {
                if !known.contains(case.title.as_str()) {
                    messages.push(format!("{}\n  {}", case.title, case.message));
                }
                failed.insert(case.title);
            }
        }
    }
    let now_passing: Vec<&str> = known
        .iter()
        .copied()
        .filter(|title| !failed.contains(*title))
        .collect();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        let left: String = known
            .iter()
            .filter(|title| failed.contains(**title))
            .map(|title| format!("{title}\n"))
            .collect();
        std::fs::write(KNOWN, left).expect("the list can be written");
    } else {
        assert!(
            now_passing.is_empty(),
            "these pass now; run with UPDATE_EXPECT=1 to take them out of {KNOWN}:\n{}",
            now_passing.join("\n")
        );
    }
    assert!(
        messages.is_empty(),
        "these fail and are not known to:\n{}",
        messages.join("\n")
    );
}
