//! Operators in tables: a change stream goes in as text, and what comes out stands below each line.
//!
//! ```text
//! L + a 1 @10                 an insert on the left port, at time 10
//! R - a @12                   a delete on the right one
//!   + a 2 was a 1 @7 [0..10]  an update with its old row, in a window
//! clock 5000                  the clock, from then on
//! record a {"V":1} @10        a record, where the bench reads one
//!   > + a 1 a 2 a @12         what goes on
//!   ! no-match                why a record ends here
//!   # 0 {"K":1} {"V":2} @10   what is written to a topic
//! ```
//!
//! Rows are words: `_` is null, numbers are BIGINT, `yes` and `no` BOOLEAN, `[1,2]` an array, all
//! else STRING.

mod text;

pub(crate) use text::Sent;
pub(super) use text::collect;

use super::{Operator, Restoring};
use crate::arena::Arena;
use crate::expression::{ErrorLog, EvalContext, Expression};
use crate::format::{Codec, ColumnSet, Format, FormatSpec, Part};
use crate::plan::{Node, Port, SourceNode, StoreKind, Target, TopicRole};
use crate::runtime::immediate::Immediate;
use crate::runtime::{Buffers, Change, Context, RunningTopic};
use crate::state::StoreState;
use crate::types::{Column, SqlType};
use crate::value::Value;
use headwater_base::{PartitionId, QueryId, RecordId, StationId, TopicId, VirtualTime};
use headwater_log::{Cluster, Headers, RecordRef};
use text::{Lines, change_of, parse};

/// Operators of one or more tasks, with their stores.
pub(crate) struct Bench {
    nodes: Vec<Node>,
    kinds: Vec<StoreKind>,
    pub(crate) stores: Vec<StoreState>,
    topics: Vec<RunningTopic>,
    /// Where left and right input go.
    pub(crate) entries: [Target; 2],
    /// What reads records.
    source: Option<SourceNode>,
    /// The topics whose records are shown.
    pub(crate) shown: Vec<usize>,
    /// Topics that lead back to an operator, with what reads their keys; values are raw bytes.
    pub(crate) loops: Vec<(usize, Codec, Target)>,
    /// Records of the last line that led nowhere.
    pub(crate) kept: Vec<Sent>,
    /// The changelogs of the stores.
    changelogs: Vec<usize>,
    /// All that was ever sent, with what caused it.
    written: Vec<(Sent, RecordId)>,
    clock: i64,
    offset: u64,
}

/// A stream of (key, group, value).
pub(crate) const STREAM: &str = "
    CREATE STREAM s (k STRING KEY, g STRING, v BIGINT)
      WITH (KAFKA_TOPIC='s', PARTITIONS=1, VALUE_FORMAT='JSON');";

/// A table of (key, group, value).
pub(crate) const TABLE: &str = "
    CREATE TABLE t (k STRING PRIMARY KEY, g STRING, v BIGINT)
      WITH (KAFKA_TOPIC='t', PARTITIONS=1, VALUE_FORMAT='JSON');";

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
            kinds: stores.to_vec(),
            stores: stores.iter().map(|kind| StoreState::new(*kind)).collect(),
            topics: (0..topics as u32).map(topic).collect(),
            entries: [target(0, Port::Left), target(0, Port::Right)],
            source: None,
            shown: Vec::new(),
            loops: Vec::new(),
            kept: Vec::new(),
            changelogs: (0..stores.len()).collect(),
            written: Vec::new(),
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
        bench.source = sub.sources.first().cloned();
        if let Some(source) = &mut bench.source {
            source.next = Some(target(1, Port::Left));
        }
        bench.changelogs = sub.stores.iter().map(|store| store.changelog).collect();
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
        self.check_changelogs();
    }

    /// The stores can be made from what was written to their changelogs.
    fn check_changelogs(&self) {
        let kinds = self.kinds.iter().map(|kind| StoreState::new(*kind));
        let mut stores: Vec<StoreState> = kinds.collect();
        for ((topic, key, value, timestamp), cause) in &self.written {
            let store = self.changelogs.iter().position(|it| it == topic);
            let Some(store) = store else {
                continue;
            };
            let owner = |node: &&Node| node.operator.stores().contains(&store);
            let arena = Arena::new();
            let mut from = Restoring {
                arena: &arena,
                stores: &mut stores,
                store,
                record: RecordRef {
                    offset: 0,
                    timestamp: *timestamp,
                    append_time: VirtualTime::START,
                    key: key.as_deref(),
                    value: value.as_deref(),
                    headers: Headers::EMPTY,
                    cause: Some(*cause),
                },
                id: *cause,
                partition: 0,
                reader: None,
                log: &Cluster::default(),
            };
            // A bench of one operator may lack the one that writes the store.
            if let Some(owner) = self.nodes.iter().find(owner) {
                assert!(
                    owner.operator.restore(&mut from),
                    "{store}: {key:?} {value:?}"
                );
            }
        }
        for (live, restored) in self.stores.iter().zip(&stores) {
            assert_eq!(live.contents(), restored.contents());
        }
    }

    /// What comes out for one line.
    pub(crate) fn line(&mut self, line: &str) -> Vec<String> {
        let arena = Arena::new();
        if let Some(line) = line.strip_prefix("record ") {
            return self.record(line, &arena);
        }
        let (port, change) = parse(line, &arena);
        let entry = self.entries[usize::from(port == Port::Right)];
        let mut lines = Lines::default();
        self.run(entry, change, &arena, &mut lines);
        lines.shown
    }

    /// A record: key, value, time.
    fn record<'r>(&mut self, line: &str, arena: &'r Arena) -> Vec<String> {
        let mut words = line.split_whitespace();
        let mut bytes = || {
            let word = words.next().unwrap();
            let bytes: &'r [u8] = arena.bytes(word.as_bytes());
            (word != "_").then_some(bytes)
        };
        let (key, value) = (bytes(), bytes());
        let record = RecordRef {
            offset: self.offset,
            timestamp: words.next().unwrap()[1..].parse().unwrap(),
            append_time: VirtualTime::START,
            key,
            value,
            headers: Headers::EMPTY,
            cause: None,
        };
        let source = self.source.take().unwrap();
        let mut lines = Lines::default();
        self.with(arena, &mut lines, Work::Record(&source, record));
        self.source = Some(source);
        lines.shown
    }

    fn run<'r>(&mut self, entry: Target, change: Change<'r>, arena: &'r Arena, lines: &mut Lines) {
        self.with(arena, lines, Work::Change(entry, change));
        let sent = std::mem::take(&mut lines.sent);
        let cause = RecordId {
            partition: PartitionId(9),
            offset: self.offset - 1,
        };
        self.written
            .extend(sent.iter().map(|it| (it.clone(), cause)));
        self.follow(sent, lines);
    }

    fn with<'r>(&mut self, arena: &'r Arena, lines: &mut Lines, work: Work<'r>) {
        let errors = ErrorLog::default();
        let mut buffers = Buffers::default();
        let mut emitted = 0;
        lines.topics.clone_from(&self.shown);
        let mut cx = Context {
            eval: EvalContext::new(arena, &errors, self.clock, 0),
            nodes: &self.nodes,
            plan: None,
            at: None,
            source: 0,
            topics: &self.topics,
            stores: &mut self.stores,
            cache: None,
            buffers: &mut buffers,
            output: &mut *lines,
            capture: None,
            query: QueryId(0),
            input: RecordId {
                partition: PartitionId(9),
                offset: self.offset,
            },
            place: self.offset,
            partition: 0,
            emitted: &mut emitted,
        };
        self.offset += 1;
        let done = match work {
            Work::Change(entry, change) => cx.forward(Some(entry), change),
            Work::Record(source, record) => source.process(&mut cx, &record),
        };
        if let Err(failure) = done {
            lines.shown.push(format!("! stops: {}", failure.message));
        }
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

/// What a bench runs.
enum Work<'r> {
    Change(Target, Change<'r>),
    Record(&'r SourceNode, RecordRef<'r>),
}
