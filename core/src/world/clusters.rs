//! ksqlDB clusters over one Kafka: each has an engine of its own, and a service id that its topics'
//! names begin with. Queries are numbered over all clusters.
//!
//! What changes a cluster is a record of its command topic, which nodes that join read. The nodes
//! themselves are in [`super::nodes`].

use crate::world::{Node, World};
use headwater_base::diagnostic::nearest;
use headwater_base::{Diagnostic, Fault, QueryId, RecordId, VirtualTime, order};
use headwater_log::{LogError, NewRecord, TopicConfig};
use headwater_sql::Engine;
use headwater_sql::engine::command_topic;
use headwater_sql::runtime::Query;
use headwater_syntax::ast::Statement;
use std::sync::Arc;

/// The cluster that a laboratory begins with.
pub const CLUSTER: &str = "default";

/// Most clusters.
const CLUSTERS_MAX: usize = 4;
/// Longest name of a cluster: topics' names contain it.
const NAME_MAX: usize = 64;

/// A ksqlDB cluster.
#[derive(Clone, Debug)]
pub struct KsqlCluster {
    /// Its name; its service id is the name and an underscore.
    pub name: Arc<str>,
    /// Its catalog and queries.
    pub engine: Engine,
    /// What its command topic says, whether or not there is one already.
    commands: Arc<Vec<Arc<Distributed>>>,
    /// Whether it has the topic: a cluster of one node has nobody to tell.
    has_topic: bool,
}

/// A record of a command topic.
#[derive(Debug)]
struct Distributed {
    time: VirtualTime,
    key: String,
    value: String,
}

/// All clusters, and the one that statements go to.
#[derive(Clone, Debug)]
pub struct KsqlClusters {
    all: Vec<KsqlCluster>,
    chosen: usize,
}

impl KsqlCluster {
    fn new(name: &str, seed: u64) -> KsqlCluster {
        let mut engine = Engine::new(seed);
        if name != CLUSTER {
            engine.session_mut().set_service(&format!("{name}_"));
        }
        let mut engine = engine.with_processing_log();
        engine.session_mut().emit_at_once();
        KsqlCluster {
            name: Arc::from(name),
            engine,
            commands: Arc::default(),
            has_topic: false,
        }
    }

    /// The name of its command topic, as ksqlDB has it.
    pub fn command_topic(&self) -> String {
        format!("_confluent-ksql-{}__command_topic", self.name)
    }
}

impl KsqlClusters {
    pub(super) fn new(seed: u64) -> KsqlClusters {
        KsqlClusters {
            all: vec![KsqlCluster::new(CLUSTER, seed)],
            chosen: 0,
        }
    }

    /// All clusters, in the order they came.
    pub fn iter(&self) -> impl Iterator<Item = &KsqlCluster> {
        self.all.iter()
    }

    /// The cluster that statements go to.
    pub fn chosen(&self) -> &KsqlCluster {
        &self.all[self.chosen]
    }

    pub(super) fn chosen_index(&self) -> usize {
        self.chosen
    }

    /// The engine that statements go to.
    pub(super) fn engine(&self) -> &Engine {
        &self.chosen().engine
    }

    pub(super) fn engine_mut(&mut self) -> &mut Engine {
        &mut self.all[self.chosen].engine
    }

    /// The place of a query's cluster; that of the first one where it is gone.
    pub(super) fn index_of(&self, query: QueryId) -> usize {
        let has = |it: &KsqlCluster| it.engine.query(query).is_some();
        self.all.iter().position(has).unwrap_or(0)
    }

    /// The cluster of a query.
    pub fn of(&self, query: QueryId) -> &KsqlCluster {
        &self.all[self.index_of(query)]
    }

    pub(super) fn of_mut(&mut self, query: QueryId) -> &mut Engine {
        let at = self.index_of(query);
        &mut self.all[at].engine
    }

    /// The query with this number, whosever it is.
    pub fn query(&self, id: QueryId) -> Option<&Query> {
        self.all.iter().find_map(|it| it.engine.query(id))
    }

    /// All queries of all clusters that have not ended, by number.
    pub fn queries(&self) -> Vec<&Query> {
        let mut all: Vec<&Query> = self.all.iter().flat_map(|it| it.engine.queries()).collect();
        order::sort_by_key(&mut all, |it| it.id);
        all
    }

    /// The engine that knows what is in a topic: the chosen one, unless only another one has
    /// something declared over it.
    pub fn over_topic(&self, topic: &str) -> &Engine {
        let others = self.all.iter().map(|it| &it.engine);
        let mut all = std::iter::once(self.engine()).chain(others);
        let declares = |it: &&Engine| it.catalog().over_topic(topic).next().is_some();
        all.find(declares).unwrap_or(self.engine())
    }

    /// The place of the cluster with this name.
    pub(super) fn find(&self, name: &str) -> Result<usize, Diagnostic> {
        let found = self.all.iter().position(|it| *it.name == *name);
        found.ok_or_else(|| {
            let near = nearest(name, self.all.iter().map(|it| &*it.name));
            super::producers::unknown("cluster", name, &near)
        })
    }

    /// Numbers of queries are those of all clusters together.
    fn number_on(&mut self) {
        let counts = self.all.iter().map(|it| it.engine.query_counts());
        let most = counts.fold((0, 0), |a, b| (a.0.max(b.0), a.1.max(b.1)));
        self.engine_mut().number_from(most);
    }
}

impl World {
    /// The ksqlDB clusters.
    pub fn ksql(&self) -> &KsqlClusters {
        &self.ksql
    }

    /// The name of a node's cluster.
    pub fn cluster_of(&self, node: &Node) -> &str {
        &self.ksql.all[node.cluster].name
    }

    /// Statements go to another cluster from now on.
    pub(super) fn use_cluster(&mut self, name: &str) -> Result<String, Diagnostic> {
        self.ksql.chosen = self.ksql.find(name)?;
        Ok(format!("Statements go to cluster {name}"))
    }

    /// Does something with another cluster being the chosen one.
    pub(super) fn in_cluster<T>(
        &mut self,
        name: &str,
        work: impl FnOnce(&mut World) -> Result<T, Vec<Diagnostic>>,
    ) -> Result<T, Vec<Diagnostic>> {
        let at = self.ksql.find(name).map_err(|found| vec![found])?;
        let before = std::mem::replace(&mut self.ksql.chosen, at);
        let done = work(self);
        self.ksql.chosen = before;
        done
    }

    /// The place of a cluster for a new node: a cluster is there from its first node on. From its
    /// second node on, or from the start if it is not the first one, it has a command topic.
    pub(super) fn cluster_for_node(&mut self, name: &str) -> Result<usize, Diagnostic> {
        let at = match self.ksql.find(name) {
            Ok(at) => at,
            Err(_) => {
                check_name(name, self.ksql.all.len())?;
                self.ksql.all.push(KsqlCluster::new(name, self.seed));
                self.ksql.all.len() - 1
            }
        };
        self.ksql.all[at].has_topic = true;
        self.write_commands(at, 0)
            .map_err(|it| it.to_diagnostic())?;
        Ok(at)
    }

    /// How many statements a node reads when it joins.
    pub(super) fn commands_of(&self, cluster: usize) -> usize {
        self.ksql.all[cluster].commands.len()
    }

    /// Lets the chosen cluster number its next statement.
    pub(super) fn begin_statement(&mut self) -> u64 {
        self.ksql.number_on();
        self.ksql.engine().command_count()
    }

    /// Writes a statement that has taken its place among the commands to the command topic.
    pub(super) fn distribute(
        &mut self,
        count_before: u64,
        statement: &Statement,
        text: &str,
    ) -> Result<(), LogError> {
        let engine = self.ksql.engine();
        if engine.command_count() == count_before {
            return Ok(());
        }
        let new = Distributed {
            time: self.now,
            key: command_topic::key(statement),
            value: engine.command_value(statement, text),
        };
        let at = self.ksql.chosen;
        let commands = Arc::make_mut(&mut self.ksql.all[at].commands);
        commands.push(Arc::new(new));
        let first = commands.len() - 1;
        self.write_commands(at, first)
    }

    /// Appends commands from `first` on to a cluster's topic, which is made where it is not there.
    fn write_commands(&mut self, cluster: usize, first: usize) -> Result<(), LogError> {
        let of = &self.ksql.all[cluster];
        if !of.has_topic {
            return Ok(());
        }
        let (name, commands) = (of.command_topic(), of.commands.clone());
        let (topic, first) = match self.cluster.find(&name) {
            Some(found) if first == 0 => (found.id, commands.len()),
            Some(found) => (found.id, first),
            None => {
                let config = [("retention.ms", "-1"), ("retention.bytes", "-1")];
                let config = TopicConfig::parse(config)?;
                (self.make_topic(&name, 1, 1, config)?, 0)
            }
        };
        let partition = self.cluster.topic(topic)?.partition(0)?;
        for it in &commands[first..] {
            let key = Some(it.key.as_bytes());
            let time = it.time.epoch_millis();
            let record = NewRecord::new(time, key, Some(it.value.as_bytes()));
            let offset = self.cluster.append(partition, &[record], self.now)?.start;
            self.appended(RecordId { partition, offset });
        }
        Ok(())
    }
}

/// Refuses names that would let the names of topics of two clusters be the same: a service id ends
/// at its first underscore.
fn check_name(name: &str, count: usize) -> Result<(), Diagnostic> {
    let fits = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '.');
    if name.is_empty() || name.len() > NAME_MAX || !name.chars().all(fits) {
        let message = format!("A cluster cannot be named {name}: its topics' names begin with it.");
        let found = Diagnostic::error(Fault::Yours, "impossible-value", message);
        return Err(found.hint("Letters, digits, - and . are possible, 64 at most."));
    }
    if count >= CLUSTERS_MAX {
        let message = format!("There are {count} clusters; more are not possible.");
        return Err(Diagnostic::error(
            Fault::Yours,
            "too-many-clusters",
            message,
        ));
    }
    Ok(())
}
