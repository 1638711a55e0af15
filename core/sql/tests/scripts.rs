//! Runs the scripts in `tests/scripts`: Markdown files whose blocks are statements, records that
//! go in, and what has to come out. `UPDATE=1 cargo test` writes what came out into the files.
//!
//! Blocks: `sql` runs statements; `topic NAME N` creates a topic with N partitions; `in TOPIC`
//! appends records, a line each: `key | value | time`, where a key is `null`, `int 7`, `bigint 7`
//! or text; `out TOPIC` lists what is new in a topic: `partition: key | value | time`; `rows`
//! lists new rows of push queries; `result` the rows or the message of the last statement; `error`
//! the error of the last statement; `log` what is new in the processing log; `topics` all topics.

use headwater_base::{LineIndex, RecordId};
use headwater_log::NewRecord;
use headwater_sql::engine::{Execution, Outcome, Section};
use headwater_sql::runtime::immediate::Immediate;
use headwater_sql::value::{OwnedValue, write_text};
use std::collections::BTreeMap;
use std::fmt::Write;

struct Script {
    lab: Immediate,
    seen: BTreeMap<(String, u32), u64>,
    rows_seen: usize,
    errors_seen: usize,
    last: Result<Execution, String>,
}

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "whether to update is said in the environment"
)]
fn scripts_do_what_they_say() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scripts");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let mut wrong = Vec::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a text");
        let actual = run(&text);
        if actual == text {
            continue;
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, actual).expect("it can be written");
        } else {
            wrong.push(format!(
                "{}:\n{}",
                path.display(),
                difference(&text, &actual)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_index_leads_to_every_page() {
    let root = env!("CARGO_MANIFEST_DIR");
    let index = std::fs::read_to_string(format!("{root}/../../docs/sql.md")).expect("the index");
    for folder in ["scripts", "functions"] {
        for entry in std::fs::read_dir(format!("{root}/tests/{folder}")).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            let link = format!("(../core/sql/tests/{folder}/{})", name.to_string_lossy());
            assert!(
                index.contains(&link),
                "docs/sql.md has no link to {folder}/{name:?}"
            );
        }
    }
}

fn difference(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let mut out = String::new();
    for line in 0..old.len().max(new.len()) {
        let (a, b) = (old.get(line).unwrap_or(&""), new.get(line).unwrap_or(&""));
        if a != b {
            let _ = writeln!(out, "  {}: - {a}\n  {}: + {b}", line + 1, line + 1);
        }
    }
    out
}

/// The text with the contents of all expectation blocks replaced by what came out.
fn run(text: &str) -> String {
    let mut script = Script {
        lab: Immediate::with_processing_log(),
        seen: BTreeMap::new(),
        rows_seen: 0,
        errors_seen: 0,
        last: Err("no statement yet".to_owned()),
    };
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else {
            continue;
        };
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let _ = writeln!(out, "{}```", script.block(kind, &body));
    }
    out
}

impl Script {
    fn block(&mut self, kind: &str, body: &[&str]) -> String {
        let words: Vec<&str> = kind.split_whitespace().collect();
        let given: String = body.iter().map(|line| format!("{line}\n")).collect();
        match words.as_slice() {
            ["sql"] => {
                self.sql(&given);
                given
            }
            ["topic", name, partitions] => {
                let count = partitions.parse().expect("a number of partitions");
                self.lab.create_topic(name, count).expect("a topic");
                given
            }
            ["in", topic] => {
                body.iter().for_each(|line| self.append(topic, line));
                given
            }
            ["out", topic] => self.new_records(topic),
            ["rows"] => self.new_rows(),
            ["result"] => self.result(),
            ["error"] => match &self.last {
                Ok(execution) => format!("no error: {}\n", execution.message),
                Err(message) => format!("{message}\n"),
            },
            ["log"] => self.new_errors(),
            ["topics"] => {
                let topics = self.lab.log.topics();
                topics
                    .map(|t| format!("{} {}\n", t.name, t.partition_count()))
                    .collect()
            }
            _ => given,
        }
    }

    fn sql(&mut self, text: &str) {
        if text.contains("${") || text.contains("DEFINE") {
            return self.sql_with_variables(text);
        }
        self.statements(text);
    }

    /// Statements one by one, since each may define what the next one needs.
    fn sql_with_variables(&mut self, text: &str) {
        for range in headwater_syntax::statement_ranges(text) {
            let session = self.lab.engine.session();
            let variable = |name: &str| session.variable(name).map(str::to_owned);
            let substituted = headwater_syntax::substitute(range.of(text), variable);
            match substituted {
                Ok(substituted) => self.statements(&substituted.text),
                Err(found) => self.last = Err(found.message),
            }
            if self.last.is_err() {
                return;
            }
        }
    }

    fn statements(&mut self, text: &str) {
        let parsed = headwater_syntax::parse(text);
        if let Some(found) = parsed.diagnostics.first() {
            self.last = Err(found.message.clone());
            return;
        }
        for statement in &parsed.statements {
            let done = self.lab.execute(statement, text);
            let failed = done.is_err();
            self.last = done.map_err(|found| {
                let place = found
                    .span
                    .map(|at| LineIndex::new(text).place(text, at.start));
                let place = place.map_or("?".to_owned(), |p| format!("{}:{}", p.line, p.column));
                let hints: String = found.hints.iter().map(|h| format!("\nhint: {h}")).collect();
                format!(
                    "{place} {:?} {}\n{}{hints}",
                    found.fault, found.code, found.message
                )
            });
            if failed {
                return;
            }
        }
    }

    fn append(&mut self, topic: &str, line: &str) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let [key, value, time] = parts.as_slice() else {
            panic!("key | value | time: {line}")
        };
        let number = |text: &str| text.trim().parse::<i64>().expect("a number");
        let key = match (*key, key.split_once(' ')) {
            ("null", _) => None,
            (_, Some(("int", text))) => Some((number(text) as i32).to_be_bytes().to_vec()),
            (_, Some(("bigint", text))) => Some(number(text).to_be_bytes().to_vec()),
            (text, _) => Some(text.as_bytes().to_vec()),
        };
        let value = Some(value.as_bytes()).filter(|value| *value != b"null");
        let record = NewRecord::new(number(time), key.as_deref(), value);
        self.lab
            .append(topic, None, record)
            .expect("it can be appended");
    }

    fn new_records(&mut self, name: &str) -> String {
        let mut out = String::new();
        let Some(topic) = self.lab.log.find(name) else {
            return "no such topic\n".to_owned();
        };
        for (number, id) in topic.partitions.iter().enumerate() {
            let partition = self.lab.log.partition(*id).expect("a partition");
            let seen = self
                .seen
                .entry((name.to_owned(), number as u32))
                .or_default();
            for record in partition.iter().filter(|record| record.offset >= *seen) {
                let place = RecordId {
                    partition: *id,
                    offset: record.offset,
                };
                let decoded = self.lab.engine.decode_record(place, &self.lab.log);
                let decoded = decoded.expect("the record is there");
                let keys = decoded.columns.iter();
                let keys = keys.filter(|c| c.part == headwater_sql::format::Part::Key);
                let mut key = keys.map(|c| c.text.clone()).collect::<Vec<_>>().join(",");
                if record.key.is_none() {
                    key = "null".to_owned();
                }
                if let Some(window) = decoded.window {
                    let _ = write!(key, "@{}..{}", window.start, window.end);
                }
                let value = record.value.map_or("null".into(), String::from_utf8_lossy);
                let _ = writeln!(out, "{number}: {key} | {value} | {}", record.timestamp);
            }
            *seen = partition.end_offset();
        }
        out
    }

    fn new_rows(&mut self) -> String {
        let rows = &self.lab.rows[self.rows_seen..];
        self.rows_seen = self.lab.rows.len();
        let line = |row: &headwater_sql::runtime::PushRow| {
            let mark = if row.tombstone { " tombstone" } else { "" };
            format!("{} | {}{mark}\n", texts(&row.values), row.timestamp)
        };
        rows.iter().map(|(_, row)| line(row)).collect()
    }

    fn result(&self) -> String {
        match &self.last {
            Err(message) => format!("error: {message}\n"),
            Ok(execution) => match &execution.outcome {
                Outcome::Rows(rows) => {
                    let names: Vec<String> = rows.columns.iter().map(|c| c.to_string()).collect();
                    let mut out = format!("{}\n", names.join(", "));
                    for row in &rows.rows {
                        let _ = writeln!(out, "{}", texts(&row.values));
                    }
                    if let Some(ending) = rows.ending {
                        let _ = writeln!(out, "{ending}");
                    }
                    let is_said = !execution.message.is_empty();
                    let message = is_said.then(|| format!("{}\n", execution.message));
                    message.unwrap_or_default() + &out + &sections(&execution.sections)
                }
                _ => format!("{}\n{}", execution.message, sections(&execution.sections)),
            },
        }
    }

    fn new_errors(&mut self) -> String {
        let errors = &self.lab.errors[self.errors_seen..];
        self.errors_seen = self.lab.errors.len();
        errors
            .iter()
            .map(|error| format!("{:?}: {}\n", error.kind, error.message))
            .collect()
    }
}

/// What stands behind an answer's rows.
fn sections(sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        if !section.title.is_empty() {
            let _ = writeln!(out, "# {}", section.title);
        }
        if !section.text.is_empty() {
            let _ = writeln!(out, "{}", section.text);
        }
        for row in &section.rows {
            let _ = writeln!(out, "{}", texts(&row.values));
        }
    }
    out
}

fn texts(values: &[OwnedValue]) -> String {
    let text = |value: &OwnedValue| {
        let arena = headwater_sql::arena::Arena::new();
        let mut text = String::new();
        write_text(&mut text, value.borrow(&arena), None).expect("writing to a String");
        text
    };
    values.iter().map(text).collect::<Vec<_>>().join(", ")
}
