//! `headwater shell` with what is piped in.

mod common;

use common::root;
use std::io::Write;
use std::process::{Command, Stdio};

/// What the prompt prints for this input, and how it ends.
fn shell(input: &str) -> (String, i32) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_headwater"))
        .args(["shell", "--seed", "7"])
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("it listens");
    stdin.write_all(input.as_bytes()).expect("it listens");
    drop(stdin);
    let done = child.wait_with_output().expect("it ends");
    let out = String::from_utf8(done.stdout).expect("it is text");
    (out, done.status.code().unwrap_or(-1))
}

#[test]
fn statements_and_commands_take_turns() {
    let (out, code) = shell(
        "CREATE STREAM S (ID INT KEY,\n  V INT) WITH (KAFKA_TOPIC='s', PARTITIONS=1, \
         VALUE_FORMAT='JSON');\n\
         producer create s topic=s fields='v: sequence' rate=1/s count=3\n\
         SELECT V FROM S EMIT CHANGES;\nrun 10s\nLIST STREAMS;\nexit\nDROP STREAM S;\n",
    );
    assert!(
        out.contains("Nothing writes to S yet. For sample records: producer create s"),
        "{out}"
    );
    let width = 78;
    let row = |text: &str| format!("|{text:<width$}|\n");
    let rows = format!("{}{}{}", row("1"), row("2"), row("3"));
    assert!(out.contains(&row("V")) && out.contains(&rows), "{out}");
    assert!(
        out.contains("Stream Name") && !out.contains("dropped"),
        "{out}"
    );
    assert_eq!(code, 0);
}

#[test]
fn what_is_wrong_is_told_and_the_prompt_goes_on() {
    let (out, code) = shell("topic crate a\nSELECT 1 FRM X;\nhelp ucase\nhelp topic\nLIST TOPICS");
    assert!(
        out.contains("input:1:1: There is no command topic crate."),
        "{out}"
    );
    assert!(out.contains("help: Did you mean topic create?"), "{out}");
    assert!(
        out.contains("Syntax Error") && out.contains("UCASE(VARCHAR text) -> VARCHAR"),
        "{out}"
    );
    assert!(
        out.contains("topic delete TOPIC") && out.contains("A statement ends with `;`."),
        "{out}"
    );
    assert_eq!(code, 1);
}

#[test]
fn a_file_of_lines_is_read() {
    let path = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(path.path(), "id,name\n1,a\n2,b\n").expect("it is written");
    let (out, code) = shell(&format!(
        "topic create t\nproducer create p topic=t file={} key=id rate=10/s\nrun 2s\n\
         PRINT t FROM BEGINNING LIMIT 2;\n",
        path.path().display()
    ));
    assert!(
        out.contains(r#"00.100 Z, key: 2, value: {"id":2,"name":"b"}, partition: 0"#),
        "{out}"
    );
    assert_eq!(code, 0, "{out}");
    let (out, code) = shell("topic create t\nproducer create p topic=t file=nowhere.csv\n");
    assert!(out.contains("nowhere.csv cannot be used"), "{out}");
    assert_eq!(code, 1);
}

#[test]
fn a_query_after_one_that_reached_its_limit_is_its_own() {
    let (out, code) = shell(
        "topic create t\nCREATE STREAM s (v INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON');\n\
         SELECT v FROM s EMIT CHANGES LIMIT 1;\nproduce t value={\"v\": 1}\nrun 1s\n\
         SELECT v AS w FROM s EMIT CHANGES;\nproduce t value={\"v\": 2}\nrun 1s\n",
    );
    assert_eq!(code, 0, "{out}");
    assert!(out.contains("|W  ") && out.contains("|2  "), "{out}");
    assert!(!out.contains("Query terminated"), "{out}");
}
