//! A plan as EXPLAIN tells it: one line a step, the last step first, each step's inputs indented
//! behind it, with its columns and its logger.

use super::{Plan, ResultColumns, StationKind, TopicLayout, TopicRole, TopicUse};
use crate::operator::Operator;
use crate::types::Column;

/// A piece of a plan: a source or an operator of a sub-topology.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Source(usize, usize),
    Node(usize, usize),
}

impl Plan {
    /// The steps of the plan, as ksqlDB's EXPLAIN shows them.
    pub fn execution_plan(&self, query: &str, sink: Option<&str>) -> String {
        let mut out = String::new();
        let last = self.subs.iter().enumerate().rev().find_map(|(sub, plan)| {
            let ends = |node: &usize| plan.nodes[*node].next.is_none();
            let found = (0..plan.nodes.len()).rev().find(ends);
            found.map(|node| Piece::Node(sub, node))
        });
        if let Some(last) = last {
            self.step(last, query, sink, 0, &mut out);
        }
        out.truncate(out.trim_end().len());
        out
    }

    fn step(&self, piece: Piece, query: &str, sink: Option<&str>, depth: usize, out: &mut String) {
        let deeper = match self.step_name(piece) {
            None => depth,
            Some(name) => {
                let logger = match (piece, sink) {
                    (Piece::Node(sub, node), Some(sink))
                        if matches!(self.subs[sub].nodes[node].operator, Operator::Sink(_)) =>
                    {
                        format!("{query}.{sink}")
                    }
                    (Piece::Node(sub, node), _) => {
                        format!("{query}.{}", self.step_of_node(sub, node as u16))
                    }
                    (Piece::Source(sub, source), _) => {
                        format!("{query}.{}", self.step_of_source(sub, source as u16))
                    }
                };
                let schema = self.schema(piece);
                let indent = "\t".repeat(depth);
                out.push_str(&format!(
                    "{indent} > [ {name} ] | Schema: {schema} | Logger: {logger}\n"
                ));
                depth + 1
            }
        };
        for input in self.inputs(piece) {
            self.step(input, query, sink, deeper, out);
        }
    }

    /// What ksqlDB calls a step; none for what only a push query's reader has.
    fn step_name(&self, piece: Piece) -> Option<&'static str> {
        let Piece::Node(sub, node) = piece else {
            let Piece::Source(sub, source) = piece else {
                return None;
            };
            let source = &self.subs[sub].sources[source];
            return (self.topics[source.topic].role == TopicRole::Source).then_some("SOURCE");
        };
        let node = &self.subs[sub].nodes[node];
        Some(match &node.operator {
            Operator::FilterStream(_) | Operator::FilterTable(_) => "FILTER",
            Operator::FlatMap(_) => "FLAT_MAP",
            Operator::Project(_) => "PROJECT",
            Operator::Materialize(_) => return None,
            Operator::Repartition(_) | Operator::RepartitionTable(_) => {
                match self.station_kind(node.station) {
                    StationKind::GroupBy => "GROUP_BY",
                    _ => "REKEY",
                }
            }
            Operator::AggregateStream(_) | Operator::AggregateSession(_) => "AGGREGATE",
            Operator::Sink(_) => "SINK",
            Operator::Push(_) => return None,
            _ => "JOIN",
        })
    }

    /// The pieces whose changes come into this one.
    fn inputs(&self, piece: Piece) -> Vec<Piece> {
        match piece {
            Piece::Node(sub, node) => {
                let plan = &self.subs[sub];
                let leads = |next: Option<super::Target>| {
                    next.is_some_and(|target| usize::from(target.node) == node)
                };
                let sources = plan.sources.iter().enumerate();
                let sources = sources.filter(|(_, source)| leads(source.next));
                let nodes = plan.nodes.iter().enumerate();
                let nodes = nodes.filter(|(_, before)| leads(before.next));
                sources
                    .map(|(at, _)| Piece::Source(sub, at))
                    .chain(nodes.map(|(at, _)| Piece::Node(sub, at)))
                    .collect()
            }
            Piece::Source(sub, source) => self.writer(self.subs[sub].sources[source].topic),
        }
    }

    /// The operator that writes an internal topic.
    fn writer(&self, topic: usize) -> Vec<Piece> {
        let all = self.subs.iter().enumerate().flat_map(|(sub, plan)| {
            let nodes = plan.nodes.iter().enumerate();
            nodes.map(move |(at, node)| (sub, at, node))
        });
        let writes = |operator: &Operator| match operator {
            Operator::Repartition(it) => it.topic == topic,
            Operator::RepartitionTable(it) => it.topic == topic,
            _ => false,
        };
        all.filter(|(_, _, node)| writes(&node.operator))
            .map(|(sub, at, _)| Piece::Node(sub, at))
            .collect()
    }

    /// The columns behind a piece, as far as the plan still knows their names.
    fn schema(&self, piece: Piece) -> String {
        let of_topic = |topic: &TopicUse| topic.layout.as_ref().map(|layout| layout.columns_text());
        let own = match piece {
            Piece::Source(sub, source) => {
                of_topic(&self.topics[self.subs[sub].sources[source].topic])
            }
            Piece::Node(sub, at) => {
                let node = &self.subs[sub].nodes[at];
                let stored = node.operator.store().and_then(|store| {
                    let store = self.subs[sub].stores.get(store)?;
                    of_topic(self.topics.get(store.changelog)?)
                });
                match &node.operator {
                    Operator::Sink(_) | Operator::Push(_) => Some(self.result.text()),
                    Operator::Repartition(it) => of_topic(&self.topics[it.topic]),
                    Operator::RepartitionTable(it) => of_topic(&self.topics[it.topic]),
                    Operator::Project(_) if self.is_last_projection(sub, at) => {
                        Some(self.result.text())
                    }
                    _ => stored,
                }
            }
        };
        own.unwrap_or_else(|| {
            let inputs = self.inputs(piece).into_iter();
            let texts: Vec<String> = inputs.map(|input| self.schema(input)).collect();
            texts.join(", ")
        })
    }

    /// Whether only filters and the sink follow.
    fn is_last_projection(&self, sub: usize, node: usize) -> bool {
        let mut next = self.subs[sub].nodes[node].next;
        while let Some(target) = next {
            let node = &self.subs[sub].nodes[usize::from(target.node)];
            match &node.operator {
                Operator::Sink(_) | Operator::Push(_) => return true,
                Operator::FilterTable(_) | Operator::Materialize(_) => next = node.next,
                _ => return false,
            }
        }
        false
    }
}

/// Columns as ksqlDB lists them.
fn listed(key: &[Column], value: &[Column]) -> String {
    let keys = key.iter().map(|column| format!("{column} KEY"));
    let values = value.iter().map(|column| column.to_string());
    keys.chain(values).collect::<Vec<_>>().join(", ")
}

impl TopicLayout {
    fn columns_text(&self) -> String {
        listed(&self.key, &self.value)
    }
}

impl ResultColumns {
    fn text(&self) -> String {
        // The hidden key of a push query's rows is among its columns already, where it is shown.
        let is_shown = |column: &&Column| !self.value.contains(column);
        let keys: Vec<Column> = self.key.iter().filter(is_shown).cloned().collect();
        listed(&keys, &self.value)
    }
}
