//! What several tests share: the statements of ksqlDB's own validation cases, where that folder
//! exists beside the project.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary uses a part of this"
)]

use serde_json::Value;
use std::path::{Path, PathBuf};

/// One case: its statements, and the message, or else the type, of the error that ends it.
pub struct Case {
    pub name: String,
    pub statements: Vec<String>,
    pub refused: Option<String>,
}

/// All cases, sorted by file; empty, with a word on stderr, where the folder is absent.
pub fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/ksqldb/cases");
    let mut files = Vec::new();
    for suite in ["query-validation-tests", "rest-query-validation-tests"] {
        collect(&root.join(suite), &mut files);
    }
    files.sort();
    if files.is_empty() {
        eprintln!(
            "no validation cases at {}: nothing is compared",
            root.display()
        );
    }
    files.iter().flat_map(|file| cases_of(file)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    files.extend(
        entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "json")
            }),
    );
}

fn cases_of(file: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(file).expect("the case file can be read");
    let value: Value = serde_json::from_str(&without_comments(&text)).expect("it is JSON");
    let tests = value["tests"].as_array().cloned().unwrap_or_default();
    tests
        .iter()
        .map(|test| Case {
            name: format!(
                "{}: {}",
                file.file_stem().unwrap_or_default().to_string_lossy(),
                test["name"].as_str().unwrap_or("?")
            ),
            statements: strings(&test["statements"]),
            refused: ["expectedException", "expectedError"]
                .iter()
                .find_map(|field| {
                    let expected = test.get(*field)?;
                    let message = expected["message"].as_str().or(expected["type"].as_str());
                    Some(message.unwrap_or("").to_owned())
                }),
        })
        .collect()
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .filter_map(|item| Some(item.as_str()?.replace("{FORMAT}", "JSON")))
        .collect()
}

/// JSON without `//` and `/* */` comments; strings are left alone.
fn without_comments(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' {
            string_length(rest)
        } else if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
            continue;
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
            continue;
        } else {
            first.len_utf8()
        };
        result.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    result
}

fn string_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}
