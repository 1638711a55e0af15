//! Puts a plan together: topics, sub-topologies, operators and stations, one after the other.
//!
//! It knows how pieces are connected and named, not which pieces a query needs: that is `build`.

use super::names;
use super::{
    Node, Plan, Port, Queryable, ResultColumns, SourceNode, Station, StationKind, StoreKind,
    StorePlan, SubTopology, Target, TopicLayout, TopicRole, TopicUse,
};
use crate::analyze::items::Item;
use crate::analyze::relation::Relation;
use crate::catalog::WindowType;
use crate::expression::Expression;
use crate::format::{Codec, Format, FormatSpec};
use crate::operator::Operator;
use crate::types::SqlType;
use headwater_base::{Span, StationId};
use headwater_syntax::ast;

/// Where a chain of operators ends so far.
#[derive(Clone, Copy, Debug)]
pub(super) enum Tail {
    /// At a source of the sub-topology.
    Source(usize),
    /// At an operator of the sub-topology.
    Node(usize),
}

/// What has been built so far of one chain: the columns at its end, and where it ends.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    /// The columns, each in its slot.
    pub(super) relation: Relation,
    /// What the records' key is made of.
    pub(super) keys: Vec<StageKey>,
    /// What messages call the key's parts: `key column`, `join expression`.
    pub(super) key_noun: &'static str,
    /// How keys are written.
    pub(super) key_format: FormatSpec,
    /// How values are written.
    pub(super) value_format: FormatSpec,
    /// Whether the records are changes of a table.
    pub(super) is_table: bool,
    /// The windows in the key.
    pub(super) window: Option<WindowType>,
    /// The sub-topology.
    pub(super) sub: usize,
    /// The end of the chain in it.
    pub(super) tail: Tail,
    /// How many partitions the records are in.
    pub(super) partitions: u32,
}

/// One part of a key.
#[derive(Clone, Debug)]
pub(super) struct StageKey {
    /// Its value at a record.
    pub(super) expression: Expression,
    /// Its type.
    pub(super) ty: SqlType,
    /// The canonical expressions that mean it, the first to be asked for first.
    pub(super) viable: Vec<ast::Expression>,
}

impl StageKey {
    /// The name that the key goes by: the first that the projection holds.
    pub(super) fn name(&self, items: &[Item]) -> Option<&ast::Expression> {
        let holds = |name: &&ast::Expression| items.iter().any(|item| item.canonical == **name);
        self.viable.iter().find(holds).or(self.viable.first())
    }
}

/// A plan in the making.
#[derive(Debug)]
pub(super) struct Builder<'t> {
    text: &'t str,
    application_id: String,
    topics: Vec<TopicUse>,
    subs: Vec<SubTopology>,
    stations: Vec<Station>,
    queryable: Option<Queryable>,
}

impl<'t> Builder<'t> {
    /// An empty plan of a query whose internal topics begin with `application_id`.
    pub(super) fn new(text: &'t str, application_id: String) -> Builder<'t> {
        Builder {
            text,
            application_id,
            topics: Vec::new(),
            subs: Vec::new(),
            stations: Vec::new(),
            queryable: None,
        }
    }

    /// The topic of this name, added if it is new.
    pub(super) fn topic(&mut self, topic: TopicUse) -> usize {
        let same = |known: &TopicUse| known.name == topic.name && known.role == topic.role;
        match self.topics.iter().position(same) {
            Some(index) => index,
            None => {
                self.topics.push(topic);
                self.topics.len() - 1
            }
        }
    }

    /// The internal topic that changes the key at a step.
    pub(super) fn repartition_topic(
        &mut self,
        step: &str,
        partitions: u32,
        layout: TopicLayout,
    ) -> usize {
        self.topic(TopicUse {
            name: names::repartition(&self.application_id, step),
            role: TopicRole::Repartition,
            partitions,
            compacted: false,
            layout: Some(layout),
        })
    }

    /// A store with its changelog; gives the indexes of both.
    pub(super) fn store(
        &mut self,
        sub: usize,
        name: &str,
        retention_millis: Option<i64>,
        layout: TopicLayout,
    ) -> (usize, usize) {
        let sessions = layout.window == Some(WindowType::Session);
        let kind = match retention_millis {
            Some(retention) if sessions => StoreKind::Sessions(retention),
            Some(retention) => StoreKind::Windowed(retention),
            None => StoreKind::Keyed,
        };
        self.store_of(sub, name, kind, Some(layout))
    }

    /// The same, of any kind; without a layout nobody can look into its changelog.
    pub(super) fn store_of(
        &mut self,
        sub: usize,
        name: &str,
        kind: StoreKind,
        layout: Option<TopicLayout>,
    ) -> (usize, usize) {
        let partitions = self.subs[sub].partitions;
        let changelog = self.topic(TopicUse {
            name: names::changelog(&self.application_id, name),
            role: TopicRole::Changelog,
            partitions,
            compacted: true,
            layout,
        });
        let stores = &mut self.subs[sub].stores;
        stores.push(StorePlan {
            name: name.to_owned(),
            changelog,
            kind,
        });
        (stores.len() - 1, changelog)
    }

    /// What the names of internal topics begin with.
    pub(super) fn application_id(&self) -> &str {
        &self.application_id
    }

    /// The store that an operator writes.
    pub(super) fn store_written_by(&self, sub: usize, node: usize) -> Option<usize> {
        self.subs[sub].nodes.get(node)?.operator.store()
    }

    /// A new sub-topology.
    pub(super) fn sub(&mut self, partitions: u32) -> usize {
        self.subs.push(SubTopology {
            partitions,
            ..SubTopology::default()
        });
        self.subs.len() - 1
    }

    /// A station for a clause.
    pub(super) fn station(&mut self, kind: StationKind, span: Span) -> StationId {
        let id = StationId(self.stations.len() as u16);
        let sql = span.of(self.text).to_owned();
        self.stations.push(Station {
            id,
            kind,
            sql,
            source: None,
            store: None,
        });
        id
    }

    /// The station of FROM.
    pub(super) fn first_station(&self) -> Option<StationId> {
        self.stations.first().map(|station| station.id)
    }

    /// Says which source a station reads.
    pub(super) fn station_source(&mut self, id: StationId, source: &str) {
        if let Some(station) = self.stations.get_mut(usize::from(id.0)) {
            station.source = Some(source.to_owned());
        }
    }

    /// Says which store a station looks into or writes.
    pub(super) fn station_store(&mut self, id: StationId, store: &str) {
        if let Some(station) = self.stations.get_mut(usize::from(id.0)) {
            station.store = Some(store.to_owned());
        }
    }

    /// Adds a source to a sub-topology.
    pub(super) fn source(&mut self, sub: usize, source: SourceNode) -> Tail {
        let sources = &mut self.subs[sub].sources;
        sources.push(source);
        Tail::Source(sources.len() - 1)
    }

    /// How the records that a source reads are written: its topic's layout, its codecs.
    pub(super) fn read_by(&self, sub: usize, source: usize) -> (TopicLayout, Codec, Codec) {
        let source = &self.subs[sub].sources[source];
        let (key, value) = (source.reader.key.clone(), source.reader.value.clone());
        let known = self.topics[source.topic].layout.clone();
        let layout = known.unwrap_or_else(|| TopicLayout {
            key: key.columns().to_vec(),
            value: value.columns().to_vec(),
            key_format: FormatSpec::new(Format::None),
            value_format: FormatSpec::new(Format::None),
            window: None,
            changes: false,
            key_suffix: 0,
        });
        (layout, key, value)
    }

    /// Adds an operator behind a chain, which then ends there.
    pub(super) fn append(&mut self, stage: &mut Stage, operator: Operator, station: StationId) {
        let node = self.subs[stage.sub].nodes.len();
        self.subs[stage.sub].nodes.push(Node {
            operator,
            next: None,
            station,
        });
        self.connect(stage.sub, stage.tail, node, Port::Left);
        stage.tail = Tail::Node(node);
    }

    /// Lets a chain end in an operator that is there.
    pub(super) fn connect(&mut self, sub: usize, tail: Tail, node: usize, port: Port) {
        let target = Some(Target {
            node: node as u16,
            port,
        });
        let sub = &mut self.subs[sub];
        match tail {
            Tail::Source(source) => sub.sources[source].next = target,
            Tail::Node(before) => sub.nodes[before].next = target,
        }
    }

    /// Pull queries read the store of the operator that the chain ends with.
    pub(super) fn make_queryable(&mut self, stage: &Stage) {
        if let Tail::Node(node) = stage.tail {
            self.queryable = Some(Queryable {
                sub: stage.sub,
                node: node as u16,
            });
        }
    }

    /// Whether pull queries can read what is built so far.
    pub(super) const fn is_queryable(&self) -> bool {
        self.queryable.is_some()
    }

    /// The plan.
    pub(super) fn finish(mut self, result: ResultColumns) -> Plan {
        self.order();
        Plan {
            topics: self.topics,
            subs: self.subs,
            stations: self.stations,
            result,
            queryable: self.queryable,
            cache: None,
            commit_interval_millis: super::COMMIT_INTERVAL_MILLIS,
            availability: super::Availability::default(),
        }
    }

    /// Puts the sub-topologies into an order in which records go from one to later ones, but for
    /// the answers of a foreign-key join, which come back.
    fn order(&mut self) {
        let mut order: Vec<usize> = Vec::new();
        for sub in 0..self.subs.len() {
            self.visit(sub, &mut Vec::new(), &mut order);
        }
        let mut subs: Vec<Option<SubTopology>> = self.subs.drain(..).map(Some).collect();
        let moved = order.iter().filter_map(|sub| subs[*sub].take());
        self.subs = moved.collect();
        if let Some(queryable) = &mut self.queryable {
            let place = order.iter().position(|sub| *sub == queryable.sub);
            queryable.sub = place.unwrap_or(queryable.sub);
        }
    }

    /// Adds a sub-topology behind those whose records it reads; `open` is what waits for it.
    fn visit(&self, sub: usize, open: &mut Vec<usize>, order: &mut Vec<usize>) {
        if order.contains(&sub) || open.contains(&sub) {
            return;
        }
        open.push(sub);
        for source in &self.subs[sub].sources {
            let writes = |(_, other): &(usize, &SubTopology)| {
                let mut nodes = other.nodes.iter();
                nodes.any(|node| node.operator.writes() == Some(source.topic))
            };
            let before = self.subs.iter().enumerate().filter(writes);
            let before: Vec<usize> = before.map(|(index, _)| index).collect();
            // The answers of a foreign-key join come from a task that its own questions started.
            let first = before.into_iter().filter(|before| {
                let asks = |source: &SourceNode| {
                    let mut nodes = self.subs[sub].nodes.iter();
                    nodes.any(|node| node.operator.writes() == Some(source.topic))
                };
                !self.subs[*before].sources.iter().any(asks)
            });
            for before in first.collect::<Vec<usize>>() {
                self.visit(before, open, order);
            }
        }
        open.pop();
        order.push(sub);
    }
}
