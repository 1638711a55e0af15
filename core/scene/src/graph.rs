//! Who feeds whom: groups of blocks that belong together, their ranks, and the links between them.
//!
//! A source topic with its producers and readers is a group; a query with its sink, the sink's
//! ledger and readers is one; a table over a source topic is one. A group's rank is the length of
//! the longest way to it, which becomes its column; a cycle counts only once.

use crate::display::Target;
use crate::options::Options;
use headwater_base::{QueryId, SortedMap, TopicId, order};
use headwater_view::{
    LabView, QueryKind, QueryState, QueryView, StationKind, StationView, TopicRole,
};

/// A card or a few lines; the numbers are places in the lists of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    Producers(Vec<usize>),
    Topic(usize),
    Readers(Vec<usize>),
    Query(usize),
    Ledger(usize),
    Result(usize),
}

/// Blocks that stand one under the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Group {
    pub(crate) rank: usize,
    pub(crate) blocks: Vec<Block>,
}

/// An arrow to draw.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Link {
    pub(crate) from: Target,
    pub(crate) to: Target,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) groups: Vec<Group>,
    pub(crate) links: Vec<Link>,
}

/// Where a topic's or a table's block went.
type Homes<K> = SortedMap<K, usize>;

struct Builder<'a> {
    view: &'a LabView,
    options: &'a Options,
    graph: Graph,
    topics: Homes<TopicId>,
    tables: Homes<&'a str>,
    queries: Homes<QueryId>,
}

pub(crate) fn graph(view: &LabView, options: &Options) -> Graph {
    let mut builder = Builder {
        view,
        options,
        graph: Graph::default(),
        topics: SortedMap::new(),
        tables: SortedMap::new(),
        queries: SortedMap::new(),
    };
    builder.make_query_groups();
    builder.make_topics();
    builder.make_ledgers();
    builder.make_readers();
    builder.link();
    builder.rank();
    builder.graph
}

fn alive(query: &QueryView) -> bool {
    query.state != QueryState::Ended
}

impl<'a> Builder<'a> {
    fn group(&mut self, blocks: Vec<Block>) -> usize {
        self.graph.groups.push(Group { rank: 0, blocks });
        self.graph.groups.len() - 1
    }

    fn make_query_groups(&mut self) {
        for (place, query) in self.view.queries.iter().enumerate() {
            if alive(query) {
                let mut blocks = vec![Block::Query(place)];
                if query.kind == QueryKind::Push {
                    blocks.push(Block::Result(place));
                }
                let group = self.group(blocks);
                self.queries.insert(query.id, group);
            }
        }
    }

    fn make_topics(&mut self) {
        for (place, topic) in self.view.topics.iter().enumerate() {
            let owner = match topic.role {
                TopicRole::Source => None,
                TopicRole::Derived { query } => self.queries.get(&query).copied(),
                TopicRole::Internal { query } if self.options.open_queries.contains(&query) => {
                    self.queries.get(&query).copied()
                }
                TopicRole::Internal { .. } => continue,
            };
            let group = match owner {
                Some(group) => {
                    self.graph.groups[group].blocks.push(Block::Topic(place));
                    group
                }
                None => self.source(place, topic.id),
            };
            self.topics.insert(topic.id, group);
        }
    }

    fn source(&mut self, place: usize, topic: TopicId) -> usize {
        let producers = self.view.producers.iter().enumerate();
        let of_topic: Vec<usize> = producers
            .filter(|(_, it)| it.topic == topic)
            .map(|(place, _)| place)
            .collect();
        let mut blocks = Vec::new();
        if !of_topic.is_empty() {
            blocks.push(Block::Producers(of_topic));
        }
        blocks.push(Block::Topic(place));
        self.group(blocks)
    }

    fn make_ledgers(&mut self) {
        for (place, table) in self.view.tables.iter().enumerate() {
            let home = table.topic.and_then(|it| self.topics.get(&it).copied());
            let derived = home.filter(|group| {
                let blocks = &self.graph.groups[*group].blocks;
                blocks.iter().any(|it| matches!(it, Block::Query(_)))
            });
            let group = match derived {
                Some(group) => {
                    self.graph.groups[group].blocks.push(Block::Ledger(place));
                    group
                }
                None => self.group(vec![Block::Ledger(place)]),
            };
            self.tables.insert(&table.name, group);
        }
    }

    fn make_readers(&mut self) {
        let mut docks: SortedMap<Option<TopicId>, Vec<usize>> = SortedMap::new();
        for (place, reader) in self.view.readers.iter().enumerate() {
            let mut topics = reader.positions.iter().map(|it| it.topic);
            let home = topics.find(|it| self.topics.contains_key(it));
            docks.entry(home).or_default().push(place);
        }
        for (topic, readers) in docks {
            match topic.and_then(|it| self.topics.get(&it).copied()) {
                Some(group) => {
                    let blocks = &mut self.graph.groups[group].blocks;
                    let topics = &self.view.topics;
                    let at = blocks.iter().position(|it| match it {
                        Block::Topic(at) => Some(topics[*at].id) == topic,
                        _ => false,
                    });
                    let after = at.map_or(blocks.len(), |it| it + 1);
                    // A ledger keeps its place right under its topic.
                    let ledgers = blocks[after..].iter();
                    let ledgers = ledgers.take_while(|it| matches!(it, Block::Ledger(_)));
                    let after = after + ledgers.count();
                    blocks.insert(after, Block::Readers(readers));
                }
                None => {
                    self.group(vec![Block::Readers(readers)]);
                }
            }
        }
    }

    fn arrow(&mut self, from: Target, to: Target) {
        self.graph.links.push(Link { from, to });
    }

    fn link(&mut self) {
        let view = self.view;
        for producer in &view.producers {
            if self.topics.contains_key(&producer.topic) {
                self.arrow(Target::Producer(producer.id), Target::Topic(producer.topic));
            }
        }
        for query in view.queries.iter().filter(|it| alive(it)) {
            let reached = self.link_joins(query);
            for source in &query.sources {
                if self.topics.contains_key(source) && !reached.contains(source) {
                    self.arrow(Target::Topic(*source), Target::Query(query.id));
                }
            }
            if let Some(sink) = query.sink.filter(|it| self.topics.contains_key(it)) {
                self.arrow(Target::Query(query.id), Target::Topic(sink));
            }
            if query.kind == QueryKind::Push {
                self.arrow(Target::Query(query.id), Target::Result(query.id));
            }
        }
        for table in &view.tables {
            if let Some(topic) = table.topic.filter(|it| self.topics.contains_key(it)) {
                self.arrow(Target::Topic(topic), Target::Table(table.name.clone()));
            }
        }
        order::sort_by(&mut self.graph.links, Ord::cmp);
        self.graph.links.dedup();
    }

    /// Arms into tables, and the topics that need no arrow of their own because of them.
    fn link_joins(&mut self, query: &QueryView) -> Vec<TopicId> {
        let mut reached = Vec::new();
        for station in &query.stations {
            if station.kind != StationKind::Join {
                continue;
            }
            let named = |name: &String| self.view.tables.iter().find(|it| it.name == *name);
            if let Some(table) = station.table.as_ref().and_then(named) {
                self.arrow(
                    Target::Table(table.name.clone()),
                    Target::Station(query.id, station.id),
                );
                // A query may read one topic twice, as a stream and as a table.
                if query.sources.len() > 1 {
                    reached.extend(table.topic);
                }
            } else if let Some(topic) = self.stream_of(query, station) {
                // The other stream of a join enters at the clause that names it.
                self.arrow(Target::Topic(topic), Target::Station(query.id, station.id));
                reached.push(topic);
            }
        }
        reached
    }

    /// The topic of the stream that a JOIN names, where it is another than that of FROM.
    fn stream_of(&self, query: &QueryView, station: &StationView) -> Option<TopicId> {
        let name = station.table.as_ref()?;
        let topics = self.view.topics.iter();
        let mut named = topics.filter(|it| it.declared.contains(name));
        let topic = named.find(|it| query.sources.contains(&it.id))?.id;
        let drawn = self.topics.contains_key(&topic);
        (drawn && query.sources.first() != Some(&topic)).then_some(topic)
    }

    fn home(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Topic(topic) => self.topics.get(topic).copied(),
            Target::Table(name) => self.tables.get(name.as_str()).copied(),
            Target::Query(query) | Target::Station(query, _) | Target::Result(query) => {
                self.queries.get(query).copied()
            }
            _ => None,
        }
    }

    fn rank(&mut self) {
        let mut feeders: Vec<Vec<usize>> = vec![Vec::new(); self.graph.groups.len()];
        for link in &self.graph.links {
            if let (Some(from), Some(to)) = (self.home(&link.from), self.home(&link.to))
                && from != to
            {
                feeders[to].push(from);
            }
        }
        let mut ranks = vec![None; feeders.len()];
        for group in 0..feeders.len() {
            measure(group, &feeders, &mut ranks);
        }
        for (group, rank) in self.graph.groups.iter_mut().zip(ranks) {
            group.rank = rank.flatten().unwrap_or(0);
        }
    }
}

/// Longest way to `start`, without recursion; `Some(None)` marks a group that is being measured,
/// which is how a cycle is noticed and cut.
fn measure(start: usize, feeders: &[Vec<usize>], ranks: &mut [Option<Option<usize>>]) {
    let mut stack = vec![start];
    while let Some(group) = stack.last().copied() {
        match ranks[group] {
            Some(Some(_)) => {
                stack.pop();
            }
            None => {
                ranks[group] = Some(None);
                let open = feeders[group].iter().filter(|it| ranks[**it].is_none());
                stack.extend(open.copied().collect::<Vec<_>>());
            }
            Some(None) => {
                let measured = feeders[group].iter().filter_map(|it| ranks[*it].flatten());
                ranks[group] = Some(Some(measured.max().map_or(0, |it| it + 1)));
                stack.pop();
            }
        }
    }
}
