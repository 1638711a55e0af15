//! The names of a plan's steps as ksqlDB has them: loggers of the processing log and EXPLAIN show
//! them, behind the query's id.

use super::{Plan, StationKind, TopicRole};
use crate::operator::Operator;
use headwater_base::StationId;

impl Plan {
    /// The step of an operator, such as `WhereFilter` or `Aggregate.Project`.
    pub fn step_of_node(&self, sub: usize, node: u16) -> String {
        let found = self
            .subs
            .get(sub)
            .and_then(|it| Some((it, it.nodes.get(usize::from(node))?)));
        let Some((sub, node)) = found else {
            return String::new();
        };
        let station = self.station_kind(node.station);
        if let Some(store) = node.operator.store().and_then(|at| sub.stores.get(at)) {
            let name = store.name.strip_suffix("-Materialize");
            return name.unwrap_or(&store.name).replace('-', ".");
        }
        match &node.operator {
            Operator::FilterStream(_) | Operator::FilterTable(_) => match station {
                StationKind::Having => "Aggregate.HavingFilter".to_owned(),
                _ => "WhereFilter".to_owned(),
            },
            Operator::FlatMap(_) => "FlatMap".to_owned(),
            Operator::Project(_) => self.projection_step(station),
            Operator::Repartition(it) => self.repartition_step(it.topic),
            Operator::RepartitionTable(it) => self.repartition_step(it.topic),
            Operator::Sink(_) => self.sink_step(),
            _ => match station {
                StationKind::Join => self.join_step(node.station),
                StationKind::PartitionBy => "PartitionBy".to_owned(),
                StationKind::GroupBy => "Aggregate.GroupBy".to_owned(),
                _ => "Project".to_owned(),
            },
        }
    }

    /// The step of a source: `KsqlTopic.Source`, `KafkaTopic_Left.Source`, or the step whose
    /// records it takes up again.
    pub fn step_of_source(&self, sub: usize, source: u16) -> String {
        let sources = self.subs.get(sub).map_or(&[][..], |sub| &sub.sources);
        let Some(source) = sources.get(usize::from(source)) else {
            return String::new();
        };
        // The topics that a plan reads stand in the order of FROM and the joins.
        let is_source = |topic: &usize| self.topics[*topic].role == TopicRole::Source;
        let all: Vec<usize> = (0..self.topics.len()).filter(is_source).collect();
        match all.iter().position(|topic| *topic == source.topic) {
            None => self.repartition_step(source.topic),
            Some(position) => {
                let step = super::names::source_step(position, all.len());
                format!("{step}.Source")
            }
        }
    }

    /// `Join`, or `L_Join` for an inner one of several.
    fn join_step(&self, station: StationId) -> String {
        let joins = self.stations.iter();
        let joins = joins.filter(|station| station.kind == StationKind::Join);
        let ids: Vec<StationId> = joins.map(|station| station.id).collect();
        let position = ids.iter().position(|id| *id == station).unwrap_or(0);
        super::names::join_step(position, ids.len())
    }

    /// The clause that a station stands for.
    pub fn station_kind(&self, id: StationId) -> StationKind {
        let station = self.stations.iter().find(|station| station.id == id);
        station.map_or(StationKind::Select, |station| station.kind)
    }

    fn projection_step(&self, station: StationKind) -> String {
        let aggregates = self
            .stations
            .iter()
            .any(|it| it.kind == StationKind::GroupBy);
        match (station, aggregates) {
            (StationKind::GroupBy, _) => "Aggregate.Prepare".to_owned(),
            (_, true) => "Aggregate.Project".to_owned(),
            (StationKind::PartitionBy, false) => "PartitionBy".to_owned(),
            (_, false) => "Project".to_owned(),
        }
    }

    /// `Aggregate.GroupBy` of `…-Aggregate-GroupBy-repartition`.
    fn repartition_step(&self, topic: usize) -> String {
        let name = self
            .topics
            .get(topic)
            .map_or("", |topic| topic.name.as_str());
        let name = name.strip_suffix("-repartition").unwrap_or(name);
        let step = name
            .split_once("query_")
            .and_then(|(_, rest)| rest.split_once('-'));
        step.map_or(name, |(_, step)| step).replace('-', ".")
    }

    fn sink_step(&self) -> String {
        let sink = self
            .topics
            .iter()
            .find(|topic| topic.role == TopicRole::Sink);
        sink.map_or(String::new(), |topic| topic.name.clone())
    }
}
