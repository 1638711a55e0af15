//! Operators in tables: a change stream goes in as text, and what comes out stands below each line.
//!
//! ```text
//! L + a 1 @10                 an insert on the left port, at time 10
//! R - a @12                   a delete on the right one
//!   + a 2 was a 1 @7 [0..10]  an update with its old row, in a window
//! clock 5000                  the clock, from then on
//!   > + a 1 a 2 a @12         what goes on
//!   ! no-match                why a record ends here
//!   # 0 {"K":1} {"V":2} @10   what is written to a topic
//! ```
//!
//! Rows are words: `_` is null, numbers are BIGINT, `yes` and `no` BOOLEAN, `[1,2]` an array, all
//! else STRING.

use super::Operator;
use crate::arena::Arena;
use crate::expression::{ErrorLog, EvalContext, Expression};
use crate::format::{Codec, ColumnSet, Format, FormatSpec, Part};
use crate::plan::{Node, Port, StoreKind, Target, TopicRole};
use crate::runtime::immediate::Immediate;
use crate::runtime::{
    Bounds, Buffers, Change, Context, Failure, Output, ProcessingError, PushRow, RunningTopic,
};
use crate::state::StoreState;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use headwater_base::{PartitionId, QueryId, RecordId, StationId, TopicId, TraceDetail};
use headwater_log::{Headers, NewRecord};
use std::fmt::Write;

/// Operators of one or more tasks, with their stores.
pub(crate) struct Bench {
    nodes: Vec<Node>,
    pub(crate) stores: Vec<StoreState>,
    topics: Vec<RunningTopic>,
    /// Where left and right input go.
    pub(crate) entries: [Target; 2],
    /// The topics whose records are shown.
    pub(crate) shown: Vec<usize>,
    /// Topics that lead back to an operator, with what reads their keys; values are raw bytes.
    pub(crate) loops: Vec<(usize, Codec, Target)>,
    /// Records of the last line that led nowhere.
    pub(crate) kept: Vec<Sent>,
    clock: i64,
    offset: u64,
}

/// A way into an operator.
pub(crate) const fn target(node: u16, port: Port) -> Target {
    Target { node, port }
}

/// Columns of STRING and BIGINT, said as `K STRING, V BIGINT`.
pub(crate) fn columns(text: &str) -> Vec<Column> {
    let column = |part: &str| {
        let (name, ty) = part.trim().split_once(' ').unwrap();
        let ty = match ty {
            "STRING" => SqlType::String,
            _ => SqlType::BigInt,
        };
        Column::new(name, ty)
    };
    text.split(',').map(column).collect()
}

/// A codec of such columns: KAFKA for a key, JSON for a value.
pub(crate) fn codec(part: Part, text: &str) -> Codec {
    let format = match part {
        Part::Key => Format::Kafka,
        Part::Value => Format::Json,
    };
    Codec::new(&FormatSpec::new(format), part, &columns(text))
}

/// The STRING in a slot.
pub(crate) fn slot(index: usize) -> Expression {
    Expression::column(index, SqlType::String)
}

impl Bench {
    /// Operators with the target of each; `None` is where the bench looks. `topics` have one
    /// partition each.
    pub(crate) fn new(
        operators: Vec<(Operator, Option<Target>)>,
        stores: &[StoreKind],
        topics: usize,
    ) -> Bench {
        let collect = target(operators.len() as u16, Port::Left);
        let mut nodes: Vec<Node> = Vec::new();
        for (operator, next) in operators {
            nodes.push(Node {
                operator,
                next: next.or(Some(collect)),
                station: StationId(0),
            });
        }
        nodes.push(Node {
            operator: Operator::Collect,
            next: None,
            station: StationId(0),
        });
        let topic = |index: u32| RunningTopic {
            id: TopicId(index),
            partitions: vec![PartitionId(index)],
        };
        Bench {
            nodes,
            stores: stores.iter().map(|kind| StoreState::new(*kind)).collect(),
            topics: (0..topics as u32).map(topic).collect(),
            entries: [target(0, Port::Left), target(0, Port::Right)],
            shown: Vec::new(),
            loops: Vec::new(),
            kept: Vec::new(),
            clock: 0,
            offset: 0,
        }
    }

    /// The operator of this name in the last query of a script. Its repartition topics are shown,
    /// and its sink.
    pub(crate) fn of(script: &str, name: &str) -> Bench {
        let mut lab = Immediate::default();
        lab.run(script).unwrap();
        let plan = lab.engine.queries().last().unwrap().plan.clone();
        let has = |node: &&Node| node.operator.name() == name;
        let sub = plan
            .subs
            .iter()
            .find(|sub| sub.nodes.iter().any(|it| has(&it)));
        let sub = sub.unwrap();
        let operator = sub.nodes.iter().find(has).unwrap().operator.clone();
        let kinds: Vec<StoreKind> = sub.stores.iter().map(|store| store.kind).collect();
        let mut bench = Bench::new(vec![(operator, None)], &kinds, plan.topics.len());
        let shows = |role| matches!(role, TopicRole::Repartition | TopicRole::Sink);
        let topics = plan.topics.iter().enumerate();
        bench.shown = topics
            .filter(|(_, topic)| shows(topic.role))
            .map(|(index, _)| index)
            .collect();
        bench
    }

    /// Runs the input lines of a table, and compares what comes out with the lines below each.
    pub(crate) fn check(&mut self, table: &str) {
        let expected: Vec<&str> = table
            .lines()
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .collect();
        let mut actual: Vec<String> = Vec::new();
        for line in &expected {
            if line.starts_with(['>', '!', '#']) {
                continue;
            }
            actual.push((*line).to_owned());
            match line.strip_prefix("clock ") {
                Some(millis) => self.clock = millis.parse().unwrap(),
                None => actual.extend(self.line(line)),
            }
        }
        let shown = actual.join("\n");
        assert_eq!(
            shown,
            expected.join("\n"),
            "\n--- what came out:\n{shown}\n"
        );
    }

    /// What comes out for one line.
    pub(crate) fn line(&mut self, line: &str) -> Vec<String> {
        let arena = Arena::new();
        let (port, change) = parse(line, &arena);
        let entry = self.entries[usize::from(port == Port::Right)];
        let mut lines = Lines::default();
        self.run(entry, change, &arena, &mut lines);
        lines.shown
    }

    fn run<'r>(&mut self, entry: Target, change: Change<'r>, arena: &'r Arena, lines: &mut Lines) {
        let errors = ErrorLog::default();
        let mut buffers = Buffers::default();
        let mut emitted = 0;
        lines.topics.clone_from(&self.shown);
        let mut cx = Context {
            eval: EvalContext::new(arena, &errors, self.clock, 0),
            nodes: &self.nodes,
            topics: &self.topics,
            stores: &mut self.stores,
            buffers: &mut buffers,
            output: &mut *lines,
            capture: None,
            query: QueryId(0),
            input: RecordId {
                partition: PartitionId(9),
                offset: self.offset,
            },
            partition: 0,
            emitted: &mut emitted,
        };
        self.offset += 1;
        if let Err(failure) = cx.forward(Some(entry), change) {
            lines.shown.push(format!("! stops: {}", failure.message));
        }
        let sent = std::mem::take(&mut lines.sent);
        self.follow(sent, lines);
    }

    /// What comes out when records reach the operators that their topics lead back to.
    pub(crate) fn deliver(&mut self, sent: Vec<Sent>) -> Vec<String> {
        let mut lines = Lines::default();
        self.follow(sent, &mut lines);
        lines.shown
    }

    fn follow(&mut self, sent: Vec<Sent>, lines: &mut Lines) {
        self.kept.clear();
        for (topic, key, value, time) in sent {
            let found = self.loops.iter().find(|(index, ..)| *index == topic);
            let Some((_, codec, entry)) = found.cloned() else {
                self.kept.push((topic, key, value, time));
                continue;
            };
            let arena = Arena::new();
            let keys = codec.columns().len();
            let row = arena.slots(keys + 1);
            let key = key.map(|key| arena.bytes(&key));
            codec
                .decode(key, &arena, &ColumnSet::all(keys), &mut row[..keys])
                .unwrap();
            row[keys] = value.map_or(Value::Null, |value| Value::Bytes(arena.bytes(&value)));
            let change = change_of(row, true, time);
            self.run(entry, change, &arena, lines);
        }
    }
}

fn change_of<'a>(row: &'a [Value<'a>], present: bool, time: i64) -> Change<'a> {
    Change {
        row,
        present,
        old: None,
        time,
        window: None,
        headers: Headers::EMPTY,
    }
}

fn parse<'a>(line: &str, arena: &'a Arena) -> (Port, Change<'a>) {
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
pub(super) fn collect(cx: &mut Context<'_>, change: &Change<'_>) -> Result<(), Failure> {
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
struct Lines {
    topics: Vec<usize>,
    shown: Vec<String>,
    sent: Vec<Sent>,
}

fn text(bytes: Option<&[u8]>) -> String {
    bytes.map_or("_".to_owned(), |bytes| {
        String::from_utf8_lossy(bytes).into_owned()
    })
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
        match row.key.is_empty() {
            // A row for the reader of a push query.
            true => {
                let values: Vec<String> = row.values.iter().map(shown).collect();
                self.shown.push(format!("> row {}", values.join(" ")));
            }
            false => self.shown.push(row.key),
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
        self.shown.push(format!("! error: {}", error.message));
    }
}
