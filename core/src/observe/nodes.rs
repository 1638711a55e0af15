//! ksqlDB nodes and their tasks as the page shows them.

use crate::world::{CopyKind, KsqlCluster, Node, NodeState, TaskAddress, TaskState, World};
use headwater_view::{KsqlClusterView, NodeTaskState, NodeTaskView, NodeView};

/// All nodes, stopped ones included.
pub(super) fn nodes(world: &World) -> Vec<NodeView> {
    world.nodes().iter().map(|it| node(world, it)).collect()
}

/// All ksqlDB clusters.
pub(super) fn clusters(world: &World) -> Vec<KsqlClusterView> {
    let chosen = &world.ksql().chosen().name;
    let cluster = |it: &KsqlCluster| KsqlClusterView {
        name: it.name.to_string(),
        chosen: it.name == *chosen,
        queries: it.engine.queries().map(|it| it.id).collect(),
        command_topic: world.cluster().find(&it.command_topic()).map(|it| it.id),
    };
    world.ksql().iter().map(cluster).collect()
}

fn node(world: &World, node: &Node) -> NodeView {
    let places = world.nodes().places().filter(|(_, it)| it.node == node.id);
    let copies = world.nodes().copies();
    let replicas = copies.filter(|(_, on, copy)| *on == node.id && copy.kind != CopyKind::Left);
    let mut tasks: Vec<NodeTaskView> = places
        .filter_map(|(address, place)| {
            let state = match place.state {
                TaskState::Running => NodeTaskState::Running,
                TaskState::Restoring => NodeTaskState::Restoring,
                TaskState::Orphaned => NodeTaskState::Orphaned,
            };
            task(world, address, state, lag(world, address, node))
        })
        .collect();
    tasks.extend(replicas.filter_map(|(address, _, copy)| {
        let log = world.cluster();
        let lag = (copy.standby.lag(log), copy.standby.total(log));
        let state = match copy.kind {
            CopyKind::WarmUp => NodeTaskState::WarmingUp,
            CopyKind::Left | CopyKind::Standby => NodeTaskState::Standby,
        };
        task(world, address, state, lag)
    }));
    NodeView {
        id: node.id,
        name: node.name.to_string(),
        cluster: world.cluster_of(node).to_owned(),
        state: match node.state {
            NodeState::Running => headwater_view::NodeState::Running,
            NodeState::Stopped => headwater_view::NodeState::Stopped,
            NodeState::Killed => headwater_view::NodeState::Killed,
        },
        tasks,
    }
}

/// How many records a task is behind: of its changelogs and of how many there while it restores,
/// else of its inputs.
fn lag(world: &World, address: TaskAddress, node: &Node) -> (u64, u64) {
    let mut copies = world.nodes().copies();
    let restoring = copies.find(|(of, on, _)| *of == address && *on == node.id);
    if let Some((_, _, copy)) = restoring {
        let log = world.cluster();
        return (copy.standby.lag(log), copy.standby.total(log));
    }
    let query = world.ksql().query(address.query);
    let task = query.and_then(|it| it.tasks.get(address.task as usize));
    (task.map_or(0, |it| it.lag(world.cluster())), 0)
}

fn task(
    world: &World,
    address: TaskAddress,
    state: NodeTaskState,
    (lag, total): (u64, u64),
) -> Option<NodeTaskView> {
    let query = world.ksql().query(address.query)?;
    let task = query.tasks.get(address.task as usize)?;
    Some(NodeTaskView {
        query: query.id,
        query_name: query.name.clone(),
        id: format!("{}_{}", task.sub, task.partition),
        state,
        lag,
        total,
    })
}
