//! ksqlDB nodes, and the tasks of queries that each of them has.

use headwater_base::{NodeId, QueryId, TopicId};
use serde::{Deserialize, Serialize};

/// How a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeState {
    /// It does its tasks.
    Running,
    /// It left in good order.
    Stopped,
    /// It is gone without a word.
    Killed,
}

/// A ksqlDB cluster: nodes that share queries, apart from other clusters over the same Kafka.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KsqlClusterView {
    /// Its name; the first one is `default`.
    pub name: String,
    /// Whether statements go to it.
    pub chosen: bool,
    /// Its queries, by id.
    pub queries: Vec<QueryId>,
    /// Its command topic, if it has one.
    pub command_topic: Option<TopicId>,
}

/// How a task is on a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NodeTaskState {
    /// It takes records.
    Running,
    /// Its stores are read back from their changelogs.
    Restoring,
    /// The node keeps a copy of its stores; another one runs it.
    Standby,
    /// The node reads its stores back, and gets it from the one that runs it when it has them.
    WarmingUp,
    /// Its node is gone, and no other has taken it over yet.
    Orphaned,
}

/// A ksqlDB node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    /// Its id.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// The cluster it belongs to.
    pub cluster: String,
    /// How it is.
    pub state: NodeState,
    /// Its tasks, by query and number, then the copies that it keeps.
    pub tasks: Vec<NodeTaskView>,
}

/// A task on a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeTaskView {
    /// The query.
    pub query: QueryId,
    /// The query's name, such as `CTAS_COUNTS_1`.
    pub query_name: String,
    /// Kafka Streams' id of it: sub-topology and partition, such as `0_1`.
    pub id: String,
    /// How it is.
    pub state: NodeTaskState,
    /// How many records it is behind: of its changelogs if it restores or is a copy, else of what
    /// it reads.
    pub lag: u64,
    /// How many records its changelogs have, if it restores or is a copy; else 0.
    pub total: u64,
}
