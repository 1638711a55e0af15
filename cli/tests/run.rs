//! `headwater run`: output in both shapes, places of errors, exit codes, pictures and traces.

mod common;

use common::{Run, folder, headwater, headwater_in};
use serde_json::{Value, json};

const SCRIPT: &str = "\
-- Two streams and a table, of kinds that no lesson has.
SET 'auto.offset.reset' = 'earliest';
CREATE STREAM ORDERS (ID INT KEY, WHO STRING, AMOUNT DECIMAL(6, 2))
  WITH (KAFKA_TOPIC = 'orders', PARTITIONS = 2, VALUE_FORMAT = 'JSON');
CREATE TABLE PEOPLE (NAME STRING PRIMARY KEY, TOWN STRING)
  WITH (KAFKA_TOPIC = 'people', PARTITIONS = 2, VALUE_FORMAT = 'JSON');
INSERT INTO PEOPLE (NAME, TOWN) VALUES ('ann', 'Bath');
CREATE STREAM PLACED AS
  SELECT O.WHO AS WHO, O.ID AS ID, AMOUNT, TOWN
  FROM ORDERS O LEFT JOIN PEOPLE P ON O.WHO = P.NAME;
CREATE TABLE SPENT AS
  SELECT WHO, COUNT(*) AS N, SUM(AMOUNT) AS TOTAL
  FROM ORDERS WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY WHO;
SELECT WHO, TOWN FROM PLACED EMIT CHANGES;
INSERT INTO ORDERS (ROWTIME, ID, WHO, AMOUNT) VALUES (1704067200000, 1, 'ann', 2.50);
INSERT INTO ORDERS (ROWTIME, ID, WHO, AMOUNT) VALUES (1704067201000, 2, 'bob', 1.00);
INSERT INTO ORDERS (ROWTIME, ID, WHO, AMOUNT) VALUES (1704067202000, 3, 'ann', 0.25);
SELECT WHO, N, TOTAL FROM SPENT WHERE WHO = 'ann';
";

fn json_lines(run: &Run) -> Vec<Value> {
    let line = |line: &str| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}"));
    run.stdout.lines().map(line).collect()
}

fn rows_of(lines: &[Value], statement: u64) -> Vec<Value> {
    let rows = lines
        .iter()
        .filter(|it| it["statement"] == statement && it["kind"] == "row");
    rows.map(|row| row["columns"].clone()).collect()
}

#[test]
fn a_script_gives_its_rows_as_json_lines() {
    let folder = folder(&[("shop.sql", SCRIPT)]);
    let run = headwater_in(folder.path(), &["run", "shop.sql", "--format", "json"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    let lines = json_lines(&run);
    assert_eq!(lines[1]["statement"], 2);
    assert_eq!(lines[1]["kind"], "ok");
    assert_eq!(lines[1]["message"], "Stream created");
    let pushed = rows_of(&lines, 7);
    let expected = [
        json!({"WHO": "ann", "TOWN": "Bath"}),
        json!({"WHO": "bob", "TOWN": null}),
        json!({"WHO": "ann", "TOWN": "Bath"}),
    ];
    assert_eq!(pushed, expected);
    let pulled = lines
        .iter()
        .find(|it| it["statement"] == 11 && it["kind"] == "row");
    let pulled = pulled.expect("the pull query gives a row");
    assert_eq!(pulled["columns"]["N"], 2);
    assert!(run.stdout.contains("\"TOTAL\": 2.75"), "{}", run.stdout);
    assert_eq!(pulled["tombstone"], false);
    assert_eq!(pulled["timestamp"], 1_704_067_202_000_i64);
}

#[test]
fn a_script_gives_its_rows_as_tables() {
    let folder = folder(&[("shop.sql", SCRIPT)]);
    let run = headwater_in(folder.path(), &["run", "shop.sql"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("[2] Stream created\n"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("│ ann ┆ 2 ┆ 2.75  │"), "{}", run.stdout);
}

#[test]
fn an_error_ends_the_run_and_says_where() {
    let text = "SHOW TOPICS;\nSELECT *\nFROM NOWHERE EMIT CHANGES;\nSHOW TOPICS;\n";
    let folder = folder(&[("bad.sql", text)]);
    let run = headwater_in(folder.path(), &["run", "bad.sql", "--format", "json"]);
    assert_eq!(run.code, 1);
    let lines = json_lines(&run);
    let error = lines.last().expect("there is a line");
    assert_eq!(error["statement"], 2);
    assert_eq!(error["kind"], "error");
    assert_eq!(error["line"], 3);
    assert_eq!(error["column"], 6);
    assert!(run.stderr.starts_with("bad.sql:3:6: "), "{}", run.stderr);
    assert!(!lines.iter().any(|it| it["statement"] == 3));
}

#[test]
fn a_mark_of_the_encoding_and_an_empty_script_do_no_harm() {
    let folder = folder(&[
        ("a.sql", "\u{feff}SHOW TOPICS;\n"),
        ("b.sql", "-- nothing\n"),
    ]);
    assert_eq!(headwater_in(folder.path(), &["run", "a.sql"]).code, 0);
    let run = headwater_in(folder.path(), &["run", "b.sql"]);
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (0, "", "")
    );
}

#[test]
fn a_query_with_a_limit_ends_by_itself() {
    let lesson = "```lab\ntopic create a\nproduce a key=1 header.h=v value=x\n\
                  produce a key=1 value=y\n```\n\n\
                  ```sql\nPRINT 'a' FROM BEGINNING LIMIT 1;\n```\n";
    let folder = folder(&[("a.md", lesson)]);
    let run = headwater_in(folder.path(), &["run", "a.md", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let expected = json!({"KEY": "1", "VALUE": "x", "PARTITION": 0, "OFFSET": 0,
        "HEADERS": [{"key": "h", "value": "v"}]});
    assert_eq!(rows_of(&json_lines(&run), 4), [expected]);
}

#[test]
fn a_lesson_runs_its_blocks_in_order() {
    let lesson = "# A\n\n```lab\nseed 3\ntopic create a\n```\n\n```sql\nSHOW TOPICS;\n```\n\n\
                  ```lab\nproducer create p topic=a generator=rating\n```\n";
    let folder = folder(&[("a.md", lesson)]);
    let run = headwater_in(folder.path(), &["run", "a.md"]);
    assert_eq!(run.code, 1);
    let expected = "a.md:13:37: There is no generator rating.\n  help: Did you mean ratings?\n";
    assert!(run.stderr.starts_with(expected), "{}", run.stderr);
}

#[test]
fn numbers_count_statements_and_commands() {
    let lesson = "```lab\nseed 3\ntopic create a\n```\n\n```sql\nSHOW TOPICS;\n```\n\n\
                  ```lab\nproduce a key=1 value={\"a\": 1}\nrun 2s\n```\n";
    let folder = folder(&[("a.md", lesson)]);
    let run = headwater_in(folder.path(), &["run", "a.md", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let done = json_lines(&run).into_iter().filter(|it| it["kind"] == "ok");
    let numbers: Vec<u64> = done
        .map(|it| it["statement"].as_u64().unwrap_or(0))
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4, 5]);
}

#[test]
fn an_error_that_the_lesson_expects_does_not_end_the_run() {
    let lesson = "```sql\nDROP STREAM NOWHERE;\nSHOW QUERIES;\n```\n\n\
                  ```expect error\nNOWHERE\n```\n\n```sql\nSHOW TOPICS;\n```\n";
    let folder = folder(&[("a.md", lesson)]);
    let run = headwater_in(folder.path(), &["run", "a.md", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let kinds: Vec<(u64, String)> = json_lines(&run)
        .iter()
        .map(|it| {
            (
                it["statement"].as_u64().unwrap(),
                it["kind"].as_str().unwrap().to_owned(),
            )
        })
        .filter(|(_, kind)| kind != "row")
        .collect();
    assert_eq!(kinds, [(1, "error".to_owned()), (3, "ok".to_owned())]);
}

#[test]
fn the_same_seed_gives_the_same_output_and_another_seed_another() {
    let lesson = "static/lessons/first-light.md";
    let run = |seed: &str| {
        headwater(&[
            "run", lesson, "--seed", seed, "--for", "20s", "--format", "json",
        ])
    };
    let (first, second, other) = (run("7"), run("7"), run("8"));
    assert_eq!(first.code, 0, "{}", first.stderr);
    assert_eq!(first.stdout, second.stdout);
    assert_ne!(first.stdout, other.stdout);
    let first_line = json!({"statement": 1, "kind": "ok",
        "message": "The seed is 7; it was given from outside"});
    assert_eq!(json_lines(&first)[0], first_line);
}

#[test]
fn trace_and_picture_are_written() {
    let lesson = "```lab\ntopic create a\nproducer create p topic=a generator=ratings\n```\n";
    let folder = folder(&[("a.md", lesson)]);
    let arguments = ["--trace", "t.jsonl", "--picture", "p.svg", "--at", "3s"];
    let mut all = vec!["run", "a.md", "--for", "5s"];
    all.extend(arguments);
    let run = headwater_in(folder.path(), &all);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("it is there");
    let trace = read("t.jsonl");
    let kinds: Vec<String> = trace
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("it is JSON"))
        .map(|event| event["kind"].as_str().unwrap_or("").to_owned())
        .collect();
    assert!(
        kinds.iter().any(|kind| kind == "record-appended"),
        "{kinds:?}"
    );
    let picture = read("p.svg");
    assert!(
        picture.starts_with("<svg ") && picture.contains("after 3000 ms"),
        "{picture}"
    );
}

#[test]
fn bad_usage_is_told_and_has_its_own_code() {
    let folder = folder(&[("a.txt", "")]);
    for (arguments, says) in [
        (vec!["run", "nowhere.sql"], "nowhere.sql: cannot be read"),
        (vec!["run", "a.txt"], "has to end with .sql or .md"),
        (vec!["run", "a.md", "--for", "10"], "such as 10s"),
        (vec!["run", "a.md", "--at", "10s"], "--picture"),
        (vec!["test", "nowhere"], "nowhere: cannot be read"),
        (vec!["walk"], "unrecognized subcommand"),
        (vec![], "Usage"),
    ] {
        let run = headwater_in(folder.path(), &arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert!(run.stderr.contains(says), "{arguments:?}: {}", run.stderr);
    }
}

#[test]
fn a_script_may_hold_lab_commands_in_lines_of_their_own() {
    let script = "-- it's a script\nseed 7\ntopic create t partitions=1\n\
        CREATE STREAM s (v INT) WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON');\n\
        produce t value={\"v\": 3}\nSELECT v FROM s EMIT CHANGES LIMIT 1;\n";
    let folder = folder(&[("a.sql", script), ("b.sql", "topic craete t\n")]);
    let run = headwater_in(folder.path(), &["run", "a.sql", "--format", "json"]);
    let rows = rows_of(&json_lines(&run), 5);
    assert_eq!(rows[0]["V"], 3, "{}", run.stdout);
    let wrong = headwater_in(folder.path(), &["run", "b.sql"]);
    assert!(wrong.stderr.contains("b.sql:1:1: "), "{}", wrong.stderr);
    assert_eq!(wrong.code, 1);
}
