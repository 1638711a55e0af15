//! `headwater qtt` as a user sees it: a line a file, the closing line, the report, the exit code.

use std::path::Path;
use std::process::{Command, Output};

const FILE: &str = r#"{
  // Comments and trailing commas are read over.
  "tests": [
    {
      "name": "a filter - {FORMAT}",
      "format": ["JSON", "AVRO"],
      "statements": [
        "CREATE STREAM I (K STRING KEY, V INT) WITH (KAFKA_TOPIC='i', VALUE_FORMAT='{FORMAT}');",
        "CREATE STREAM O AS SELECT * FROM I WHERE V > 1;",
      ],
      "inputs": [
        {"topic": "i", "key": "a", "value": {"v": 1}},
        {"topic": "i", "key": "b", "value": {"v": 2}, "timestamp": 5},
      ],
      "outputs": [{"topic": "O", "key": "b", "value": {"V": 2}, "timestamp": 5}],
      "post": {"sources": [{"name": "O", "type": "stream", "schema": "K STRING KEY, V INT"}]},
    },
    {
      "name": "an error",
      "statements": ["CREATE STREAM O AS SELECT * FROM I;"],
      "expectedException": {"type": "KsqlException", "message": "I does not exist"},
    },
    {"name": "taken out", "enabled": false, "statements": []},
    {
      "name": "wrong",
      "statements": [
        "CREATE STREAM I (K STRING KEY, V INT) WITH (KAFKA_TOPIC='i', VALUE_FORMAT='JSON');",
        "CREATE STREAM O AS SELECT * FROM I;"
      ],
      "inputs": [{"topic": "i", "key": "a", "value": {"V": 1}}],
      "outputs": [{"topic": "O", "key": "a", "value": {"V": 2}}]
    }
  ]
}"#;

fn headwater(folder: &Path, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_headwater"));
    command.arg("qtt").arg(folder).args(more);
    command.output().expect("it runs")
}

#[test]
fn files_are_run_and_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("filters.json"), FILE).expect("it can be written");
    let report = folder.path().join("report.txt");
    let output = headwater(
        folder.path(),
        &["--report", report.to_str().unwrap_or_default()],
    );
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> = text.lines().collect();
    let expected = [
        "FAILED filters.json: 3 of 5, 1 skipped",
        "3 passed, 1 failed, 1 skipped",
    ];
    assert_eq!(lines, expected);
    assert_eq!(output.status.code(), Some(1));
    let report = std::fs::read_to_string(report).expect("the report");
    let report: serde_json::Value = serde_json::from_str(&report).expect("it is JSON");
    let statuses: Vec<_> = report
        .as_array()
        .into_iter()
        .flatten()
        .map(|it| &it["status"])
        .collect();
    assert_eq!(
        statuses,
        ["passed", "passed", "passed", "skipped", "failed"]
    );
    assert_eq!(report[1]["format"], "AVRO");
    assert_eq!(report[1]["name"], "a filter - {FORMAT}");
    assert!(report[0]["config"].is_null());
}

#[test]
fn a_filter_picks_cases() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("filters.json"), FILE).expect("it can be written");
    let output = headwater(folder.path(), &["--filter", "an error"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.ends_with("1 passed, 0 failed, 0 skipped\n"), "{text}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn what_cannot_be_read_is_bad_usage() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("odd.json"), "{\n  \"tests\" [}").expect("it is written");
    let output = headwater(folder.path(), &[]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(
        text.contains("odd.json:2:11: a colon is expected here"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(2));
}
