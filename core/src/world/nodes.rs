//! ksqlDB nodes in the simulation: who is there, whose each task is, and what was committed.
//!
//! Each persistent query is a group of its own, as in Kafka Streams, and the nodes are its members.
//! A node that is killed keeps its tasks until its session has run out. Who gets them then is
//! decided in [`super::assign`]; how their state comes back is in [`super::restore`].

use crate::command::{NodeAction, NodeCommand};
use crate::world::{CLUSTER, Message, TaskAddress, World};
use headwater_base::{
    Diagnostic, Fault, Millis, NodeId, PartitionId, QueryId, SortedMap, SortedSet, TraceDetail,
    VirtualTime, diagnostic::nearest,
};
use headwater_sql::runtime::{Committed, Standby, TaskRef};
use std::sync::Arc;

/// `session.timeout.ms` of nodes for which nothing else is said.
pub const SESSION_TIMEOUT: Millis = Millis::seconds(45);

/// Most nodes, stopped ones included.
const NODES_MAX: usize = 16;

/// How a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// It does its tasks.
    Running,
    /// It left in good order.
    Stopped,
    /// It is gone without a word.
    Killed,
}

/// A ksqlDB node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its id.
    pub id: NodeId,
    /// Its name; each cluster has names of its own.
    pub name: Arc<str>,
    /// The place of its cluster.
    pub(super) cluster: usize,
    /// How it is.
    pub state: NodeState,
    /// `session.timeout.ms`.
    pub session_timeout: Millis,
    /// Sessions of earlier lives of it that have not run out.
    open_sessions: u32,
}

/// How a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaskState {
    /// It takes records.
    Running,
    /// Its stores are read back from their changelogs.
    Restoring,
    /// Its node is gone, and nobody has taken it over yet.
    Orphaned,
}

/// Whose a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The node.
    pub node: NodeId,
    /// How it is there.
    pub state: TaskState,
}

/// A task's stores on a node that does not run it.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The stores.
    pub standby: Arc<Standby>,
    /// What they are for.
    pub kind: CopyKind,
}

/// What a copy of a task's stores is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyKind {
    /// It was left behind, or is read back by the task's own node; nobody keeps it up to date.
    Left,
    /// `num.standby.replicas` asks for it.
    Standby,
    /// The task moves to it when it is warm.
    WarmUp,
}

/// The nodes, and who has what.
#[derive(Clone, Debug)]
pub struct Nodes {
    all: Vec<Node>,
    pub(super) places: SortedMap<TaskAddress, Place>,
    pub(super) copies: SortedMap<(TaskAddress, NodeId), Copy>,
    pub(super) committed: SortedMap<TaskAddress, Arc<Committed>>,
    /// When is looked again whether warm-ups of a query are done.
    pub(super) probes: SortedMap<QueryId, VirtualTime>,
    /// Copies for which a message is under way.
    pub(super) called: SortedSet<(TaskAddress, NodeId)>,
}

impl Default for Nodes {
    /// One node, as a laboratory begins.
    fn default() -> Nodes {
        Nodes {
            all: vec![Node::new(NodeId(0), "1", 0, SESSION_TIMEOUT)],
            places: SortedMap::new(),
            copies: SortedMap::new(),
            committed: SortedMap::new(),
            probes: SortedMap::new(),
            called: SortedSet::new(),
        }
    }
}

impl Node {
    fn new(id: NodeId, name: &str, cluster: usize, session_timeout: Millis) -> Node {
        Node {
            id,
            name: Arc::from(name),
            cluster,
            state: NodeState::Running,
            session_timeout,
            open_sessions: 0,
        }
    }

    /// Whether it runs.
    pub fn is_running(&self) -> bool {
        self.state == NodeState::Running
    }
}

impl Nodes {
    /// All nodes, stopped ones included, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.all.iter()
    }

    /// The node with this id.
    pub fn get(&self, id: NodeId) -> Option<&Node> {
        self.all.get(id.index())
    }

    /// Whether a node runs.
    pub fn is_running(&self, id: NodeId) -> bool {
        self.get(id).is_some_and(Node::is_running)
    }

    /// Whose each task is.
    pub fn places(&self) -> impl Iterator<Item = (TaskAddress, Place)> {
        self.places
            .iter()
            .map(|(address, place)| (*address, *place))
    }

    /// The stores of tasks on nodes that do not run them.
    pub fn copies(&self) -> impl Iterator<Item = (TaskAddress, NodeId, &Copy)> {
        let copies = self.copies.iter();
        copies.map(|((address, node), copy)| (*address, *node, copy))
    }

    /// Whether a task takes records now.
    pub fn runs(&self, address: TaskAddress) -> bool {
        let place = self.places.get(&address);
        place.is_some_and(|it| it.state == TaskState::Running)
    }

    /// What a task has committed.
    pub fn committed(&self, address: TaskAddress) -> Option<&Committed> {
        self.committed.get(&address).map(|it| &**it)
    }

    /// The next offset of each input of each task, as it was last committed.
    pub(super) fn committed_positions(&self) -> impl Iterator<Item = (PartitionId, u64)> {
        let all = self.committed.values();
        all.flat_map(|it| it.positions.iter().copied())
    }

    /// Tasks of queries that nobody runs now.
    pub(super) fn away(&self) -> SortedSet<TaskRef> {
        let away = self.places().filter(|(address, _)| !self.runs(*address));
        away.map(|(address, _)| address.task_ref()).collect()
    }

    /// The tasks of a query, in their order.
    pub(super) fn tasks_of(&self, query: QueryId) -> Vec<(TaskAddress, Place)> {
        let first = TaskAddress { query, task: 0 };
        let all = self.places.range(first..);
        let of_query = all.take_while(|(address, _)| address.query == query);
        of_query
            .map(|(address, place)| (*address, *place))
            .collect()
    }

    /// The tasks that a node has.
    pub(super) fn tasks_on(&self, node: NodeId) -> Vec<TaskAddress> {
        let all = self.places().filter(|(_, place)| place.node == node);
        all.map(|(address, _)| address).collect()
    }

    /// Writes down what a task has committed.
    pub(super) fn commit(&mut self, address: TaskAddress, committed: Committed) {
        self.committed.insert(address, Arc::new(committed));
    }

    /// Forgets queries.
    pub(super) fn forget(&mut self, is_gone: impl Fn(QueryId) -> bool) {
        self.places.retain(|it, _| !is_gone(it.query));
        self.committed.retain(|it, _| !is_gone(it.query));
        self.copies.retain(|(it, _), _| !is_gone(it.query));
        self.probes.retain(|it, _| !is_gone(*it));
    }

    /// The nodes of a cluster.
    pub(super) fn of(&self, cluster: usize) -> impl Iterator<Item = &Node> {
        self.all.iter().filter(move |it| it.cluster == cluster)
    }

    /// How many nodes of a cluster run, and how many of those that were killed nobody misses yet.
    pub(super) fn hosts(&self, cluster: usize) -> (u32, u32) {
        let count = |it: &dyn Fn(&Node) -> bool| self.of(cluster).filter(|node| it(node)).count();
        let silent = |it: &Node| !it.is_running() && it.open_sessions > 0;
        (count(&Node::is_running) as u32, count(&silent) as u32)
    }

    /// Whether some group of a cluster still waits for a node that is gone.
    pub(super) fn waits(&self, cluster: usize) -> bool {
        self.of(cluster).any(|it| it.open_sessions > 0)
    }

    fn node_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.all.get_mut(id.index())
    }
}

impl World {
    /// Carries out a command about a node; what it answers.
    pub(super) fn apply_node(&mut self, command: &NodeCommand) -> Result<String, Diagnostic> {
        let name = &command.name;
        let cluster = command.cluster.as_deref().unwrap_or(CLUSTER);
        if command.action == NodeAction::Create {
            let cluster = self.cluster_for_node(cluster)?;
            self.create_node(command, cluster)?;
            return Ok(match self.commands_of(cluster) {
                0 => format!("Node {name} started"),
                count => format!("Node {name} started; it read {count} statements"),
            });
        }
        let cluster = self.ksql.find(cluster)?;
        Ok(match command.action {
            NodeAction::Create | NodeAction::Start => {
                let id = self.node_that(cluster, name, "running", |it| !it.is_running())?;
                self.start_node(id);
                format!("Node {name} started")
            }
            NodeAction::Stop => {
                let id = self.node_that(cluster, name, "stopped", Node::is_running)?;
                self.stop_node(id);
                format!("Node {name} stopped")
            }
            NodeAction::Kill => {
                let id = self.node_that(cluster, name, "stopped", Node::is_running)?;
                self.kill_node(id);
                format!("Node {name} killed")
            }
        })
    }

    /// Refuses SQL where there is no node that could take it.
    pub(super) fn need_node(&self) -> Result<(), Diagnostic> {
        let mut nodes = self.nodes.of(self.ksql.chosen_index());
        if nodes.any(Node::is_running) {
            return Ok(());
        }
        let message = "No ksqlDB node is running, so nobody can carry this out.";
        let found = Diagnostic::error(Fault::Yours, "no-node", message);
        let mut nodes = self.nodes.of(self.ksql.chosen_index());
        let first = nodes.next().map_or("1", |it| &*it.name);
        let cluster = match &*self.ksql.chosen().name {
            CLUSTER => String::new(),
            other => format!(" cluster={other}"),
        };
        Err(found.hint(format!("Start one: node start {first}{cluster}")))
    }

    /// The node of this name, if it is as it has to be.
    fn node_that(
        &self,
        cluster: usize,
        name: &str,
        already: &str,
        fits: impl Fn(&Node) -> bool,
    ) -> Result<NodeId, Diagnostic> {
        let Some(node) = self.nodes.of(cluster).find(|it| *it.name == *name) else {
            let names = self.nodes.of(cluster).map(|it| &*it.name);
            let near = nearest(name, names);
            return Err(super::producers::unknown("node", name, &near));
        };
        if !fits(node) {
            let message = format!("Node {name} is {already} already.");
            return Err(Diagnostic::error(Fault::Yours, "node-state", message));
        }
        Ok(node.id)
    }

    fn create_node(&mut self, command: &NodeCommand, cluster: usize) -> Result<(), Diagnostic> {
        let name = &command.name;
        if self.nodes.of(cluster).any(|it| *it.name == **name) {
            let message = format!("There is a node {name} already.");
            let found = Diagnostic::error(Fault::Yours, "node-exists", message);
            return Err(found.hint(format!("If it is down, start it: node start {name}")));
        }
        let count = self.nodes.iter().count();
        if count >= NODES_MAX {
            let message = format!("There are {count} nodes; more are not possible.");
            return Err(Diagnostic::error(Fault::Yours, "too-many-nodes", message));
        }
        let id = NodeId(count as u32);
        let timeout = command.session_timeout_ms.map(|it| Millis(it.into()));
        let node = Node::new(id, name, cluster, timeout.unwrap_or(SESSION_TIMEOUT));
        Arc::make_mut(&mut self.nodes).all.push(node);
        self.start_node(id);
        Ok(())
    }

    fn start_node(&mut self, id: NodeId) {
        if let Some(node) = Arc::make_mut(&mut self.nodes).node_mut(id) {
            node.state = NodeState::Running;
        }
        self.note(TraceDetail::NodeStarted { node: id });
        self.rebalance_nodes(id);
    }

    /// A node leaves: its tasks commit, and what they keep stays on its disk.
    fn stop_node(&mut self, id: NodeId) {
        self.note(TraceDetail::NodeStopped { node: id });
        for address in self.nodes.tasks_on(id) {
            if self.nodes.runs(address) {
                self.suspend(address, id);
            }
        }
        self.take_down(id, NodeState::Stopped);
        self.rebalance_nodes(id);
    }

    /// A node is gone: nobody notices before its session has run out, and its disk is gone, too.
    fn kill_node(&mut self, id: NodeId) {
        self.note(TraceDetail::NodeKilled { node: id });
        self.take_down(id, NodeState::Killed);
        let nodes = Arc::make_mut(&mut self.nodes);
        nodes.copies.retain(|(_, node), _| *node != id);
        let Some(node) = nodes.node_mut(id) else {
            return;
        };
        node.open_sessions += 1;
        let timeout = node.session_timeout;
        self.queue
            .push(self.now + timeout, Message::NodeExpired(id));
    }

    /// Nobody does what a node did; the push queries that it answered end.
    fn take_down(&mut self, id: NodeId, state: NodeState) {
        let nodes = Arc::make_mut(&mut self.nodes);
        let mut name = Arc::from("");
        if let Some(node) = nodes.node_mut(id) {
            node.state = state;
            name = node.name.clone();
        }
        for place in nodes.places.values_mut() {
            if place.node == id {
                place.state = TaskState::Orphaned;
            }
        }
        for ((_, node), copy) in &mut nodes.copies {
            if *node == id {
                copy.kind = CopyKind::Left;
            }
        }
        let queries: SortedSet<QueryId> = nodes.tasks_on(id).iter().map(|it| it.query).collect();
        for query in queries {
            let found = self.ksql.query(query);
            if found.is_some_and(|it| !it.kind.is_persistent()) {
                let message = format!("Node {name}, which answered this query, is gone.");
                self.fail_query(query, None, message);
            }
        }
    }

    /// The session of a killed node runs out: its tasks are free.
    pub(super) fn on_node_expired(&mut self, id: NodeId) {
        if let Some(node) = Arc::make_mut(&mut self.nodes).node_mut(id) {
            node.open_sessions = node.open_sessions.saturating_sub(1);
        }
        self.note(TraceDetail::NodeLost { node: id });
        self.rebalance_nodes(id);
    }
}
