//! The words of operator tables: lines that become changes, and changes that become lines.

use crate::arena::Arena;
use crate::plan::Port;
use crate::runtime::{Bounds, Change, Context, Failure, Output, ProcessingError, PushRow};
use crate::value::{OwnedValue, Value};
use headwater_base::{QueryId, RecordId, TopicId, TraceDetail};
use headwater_log::{Headers, NewRecord};
use std::fmt::Write;

pub(super) fn change_of<'a>(row: &'a [Value<'a>], present: bool, time: i64) -> Change<'a> {
    Change {
        row,
        present,
        old: None,
        time,
        window: None,
        headers: Headers::EMPTY,
    }
}

pub(super) fn parse<'a>(line: &str, arena: &'a Arena) -> (Port, Change<'a>) {
    let (mut port, mut change) = (Port::Left, change_of(&[], true, 0));
    let (mut row, mut old) = (Vec::new(), None);
    for word in line.split_whitespace() {
        match word {
            "L" => port = Port::Left,
            "R" => port = Port::Right,
            "+" | "-" => change.present = word == "+",
            "was" => old = Some(Vec::new()),
            _ if word.starts_with('@') => change.time = word[1..].parse().unwrap(),
            _ if word.contains("..") => {
                let (start, end) = word.trim_matches(['[', ']']).split_once("..").unwrap();
                let (start, end) = (start.parse().unwrap(), end.parse().unwrap());
                change.window = Some(Bounds { start, end });
            }
            _ => old.as_mut().unwrap_or(&mut row).push(value(word, arena)),
        }
    }
    change.row = arena.values(&row);
    change.old = old.map(|old| arena.values(&old));
    (port, change)
}

fn value<'a>(word: &str, arena: &'a Arena) -> Value<'a> {
    if let Some(items) = word.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
        let items = items.split(',').filter(|it| !it.is_empty());
        let items: Vec<Value<'a>> = items.map(|it| value(it, arena)).collect();
        return Value::Array(arena.values(&items));
    }
    match (word, word.parse()) {
        ("_", _) => Value::Null,
        ("yes" | "no", _) => Value::Boolean(word == "yes"),
        (_, Ok(number)) => Value::BigInt(number),
        _ => Value::String(arena.string(word)),
    }
}

fn shown(value: &OwnedValue) -> String {
    match value {
        OwnedValue::Null => "_".to_owned(),
        OwnedValue::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        OwnedValue::BigInt(number) => number.to_string(),
        OwnedValue::Int(number) => number.to_string(),
        OwnedValue::Double(number) => number.to_string(),
        OwnedValue::String(text) => text.to_string(),
        OwnedValue::Array(items) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            format!("[{}]", items.join(","))
        }
        other => format!("{other:?}"),
    }
}

/// A change as a line shows it.
pub(in super::super) fn collect(cx: &mut Context<'_>, change: &Change<'_>) -> Result<(), Failure> {
    let mut key = String::from(if change.present { "> +" } else { "> -" });
    let words = |row: &[Value<'_>]| -> String {
        row.iter().fold(String::new(), |mut text, value| {
            let _ = write!(text, " {}", shown(&value.to_owned()));
            text
        })
    };
    key.push_str(&words(change.row));
    if let Some(old) = change.old {
        key.push_str(" was");
        key.push_str(&words(old));
    }
    if let Some(window) = change.window {
        let _ = write!(key, " [{}..{}]", window.start, window.end);
    }
    let _ = write!(key, " @{}", change.time);
    let row = PushRow {
        values: Vec::new(),
        timestamp: change.time,
        tombstone: !change.present,
        cause: cx.input,
        key,
    };
    let query = cx.query;
    cx.output.row(query, row);
    Ok(())
}

/// A record that was sent: topic, key, value, time.
pub(crate) type Sent = (usize, Option<Vec<u8>>, Option<Vec<u8>>, i64);

/// Takes down what happens as lines.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) topics: Vec<usize>,
    pub(super) shown: Vec<String>,
    pub(super) sent: Vec<Sent>,
}

/// Bytes as text; control characters by their number.
fn text(bytes: Option<&[u8]>) -> String {
    let Some(bytes) = bytes else {
        return "_".to_owned();
    };
    let mut text = String::new();
    for letter in String::from_utf8_lossy(bytes).chars() {
        match letter.is_control() {
            true => text.push_str(&format!("\\x{:02x}", u32::from(letter))),
            false => text.push(letter),
        }
    }
    text
}

impl Output for Lines {
    fn send(&mut self, topic: TopicId, _: Option<u32>, record: NewRecord<'_>) -> Option<RecordId> {
        let index = topic.0 as usize;
        if let Some(place) = self.topics.iter().position(|it| *it == index) {
            let (key, value) = (text(record.key), text(record.value));
            let time = record.timestamp;
            self.shown.push(format!("# {place} {key} {value} @{time}"));
        }
        let (key, value) = (
            record.key.map(<[u8]>::to_vec),
            record.value.map(<[u8]>::to_vec),
        );
        self.sent.push((index, key, value, record.timestamp));
        None
    }

    fn row(&mut self, _: QueryId, row: PushRow) {
        match row.key.starts_with("> ") {
            true => self.shown.push(row.key),
            // A row for the reader of a push query.
            false => {
                let values: Vec<String> = row.values.iter().map(shown).collect();
                self.shown.push(format!("> row {}", values.join(" ")));
            }
        }
    }

    fn note(&mut self, detail: TraceDetail) {
        if let TraceDetail::StationRejected { reason, .. } = detail {
            let mut words = String::new();
            for letter in format!("{reason:?}").chars() {
                if letter.is_uppercase() && !words.is_empty() {
                    words.push('-');
                }
                words.extend(letter.to_lowercase());
            }
            self.shown.push(format!("! {words}"));
        }
    }

    fn error(&mut self, error: ProcessingError) {
        let kind = format!("{:?}", error.kind).to_lowercase();
        self.shown.push(format!("! error: {kind}"));
    }
}
