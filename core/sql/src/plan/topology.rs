//! A plan as Kafka Streams describes a topology: sub-topologies with sources, processors and
//! sinks, each with those before and behind it.

use super::{Plan, SubTopology, Target, TopicRole};
use crate::operator::Operator;
use std::fmt::Write;

/// The names of the pieces of one sub-topology.
struct Names {
    sources: Vec<String>,
    nodes: Vec<String>,
}

impl Plan {
    /// The topology, as Kafka Streams' `Topology.describe()` spells it.
    pub fn topology(&self) -> String {
        let mut out = String::from("Topologies:\n");
        let mut number = 0;
        for (index, sub) in self.subs.iter().enumerate() {
            let names = self.names(index, sub, &mut number);
            let _ = writeln!(out, "   Sub-topology: {index}");
            for (at, source) in sub.sources.iter().enumerate() {
                let topic = self.topic_text(source.topic);
                let _ = writeln!(out, "    Source: {} (topics: [{topic}])", names.sources[at]);
                write_next(&mut out, source.next, &names);
            }
            for (at, node) in sub.nodes.iter().enumerate() {
                let name = &names.nodes[at];
                let written = match &node.operator {
                    Operator::Sink(it) => Some(it.topic),
                    Operator::Repartition(it) => Some(it.topic),
                    Operator::RepartitionTable(it) => Some(it.topic),
                    _ => None,
                };
                match written {
                    Some(topic) => {
                        let topic = self.topic_text(topic);
                        let _ = writeln!(out, "    Sink: {name} (topic: {topic})");
                    }
                    None => {
                        let stores = self.stores_of(sub, &node.operator);
                        let _ = writeln!(out, "    Processor: {name} (stores: [{stores}])");
                        write_next(&mut out, node.next, &names);
                    }
                }
                let before = before(sub, at, &names);
                let _ = writeln!(out, "      <-- {}", before.join(", "));
            }
            out.push('\n');
        }
        out.truncate(out.trim_end().len());
        out
    }

    /// Names as Kafka Streams gives them: a running number behind what nobody named.
    fn names(&self, index: usize, sub: &SubTopology, number: &mut u32) -> Names {
        let mut numbered = |kind: &str| {
            let name = format!("{kind}-{number:010}");
            *number += 1;
            name
        };
        let sources = sub.sources.iter().enumerate().map(|(at, source)| {
            match (self.topics[source.topic].role, source.table) {
                (TopicRole::Repartition, _) => {
                    let step = self.step_of_source(index, at as u16).replace('.', "-");
                    format!("{step}-repartition-source")
                }
                _ => numbered("KSTREAM-SOURCE"),
            }
        });
        let sources = sources.collect();
        let nodes = sub.nodes.iter().enumerate().map(|(at, node)| {
            let step = self.step_of_node(index, at as u16).replace('.', "-");
            match &node.operator {
                Operator::Sink(_) => numbered("KSTREAM-SINK"),
                Operator::Repartition(_) | Operator::RepartitionTable(_) => {
                    format!("{step}-repartition-sink")
                }
                Operator::AggregateStream(_) | Operator::AggregateSession(_) => {
                    numbered("KSTREAM-AGGREGATE")
                }
                Operator::Materialize(_) => numbered("KTABLE-SOURCE"),
                Operator::Push(_) => numbered("KSTREAM-PROCESSOR"),
                Operator::StreamTableJoin(_) => numbered("KSTREAM-JOIN"),
                _ => step,
            }
        });
        let mut names = Names {
            sources,
            nodes: nodes.collect(),
        };
        make_unique(&mut names.nodes);
        names
    }

    /// An internal topic is named without what all of them begin with, as Kafka Streams does.
    fn topic_text(&self, topic: usize) -> &str {
        let Some(topic) = self.topics.get(topic) else {
            return "";
        };
        let is_internal = matches!(topic.role, TopicRole::Repartition | TopicRole::Changelog);
        let of_query = topic.name.split_once("query_").filter(|_| is_internal);
        let step = of_query.and_then(|(_, rest)| rest.split_once('-'));
        step.map_or(&topic.name, |(_, step)| step)
    }

    fn stores_of(&self, sub: &SubTopology, operator: &Operator) -> String {
        let stores = operator.stores().into_iter().chain(operator.looks_into());
        let names = stores.filter_map(|store| Some(sub.stores.get(store)?.name.as_str()));
        names.collect::<Vec<_>>().join(", ")
    }
}

fn write_next(out: &mut String, next: Option<Target>, names: &Names) {
    let next = next.and_then(|target| names.nodes.get(usize::from(target.node)));
    let _ = writeln!(out, "      --> {}", next.map_or("none", String::as_str));
}

/// The names of the pieces that lead to an operator.
fn before<'n>(sub: &SubTopology, node: usize, names: &'n Names) -> Vec<&'n str> {
    let leads = |next: Option<Target>| next.is_some_and(|target| usize::from(target.node) == node);
    let sources = sub.sources.iter().zip(&names.sources);
    let sources = sources.filter(|(source, _)| leads(source.next));
    let nodes = sub.nodes.iter().zip(&names.nodes);
    let nodes = nodes.filter(|(before, _)| leads(before.next));
    let sources = sources.map(|(_, name)| name.as_str());
    sources
        .chain(nodes.map(|(_, name)| name.as_str()))
        .collect()
}

/// Steps of one name are told apart by a number.
fn make_unique(names: &mut [String]) {
    for at in 1..names.len() {
        let (before, rest) = names.split_at_mut(at);
        let same = before
            .iter()
            .filter(|name| name.as_str() == rest[0] || name.starts_with(&format!("{}#", rest[0])))
            .count();
        if same > 0 {
            rest[0] = format!("{}#{}", rest[0], same + 1);
        }
    }
}
