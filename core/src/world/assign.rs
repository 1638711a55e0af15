//! Which node does which task of a query, and which nodes keep copies: sticky and even.
//!
//! As in Kafka Streams, a task stays where it runs, else goes where its state is; only what makes
//! the spread uneven moves. Nothing here knows of time, of the log or of what a task does.

use headwater_base::{NodeId, order};
use std::collections::BTreeMap;

/// A task that wants a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The node that runs it now.
    pub owner: Option<NodeId>,
    /// Nodes that have some of its state, the one with the most of it first.
    pub state: Vec<NodeId>,
}

/// A node that can take tasks, and how many it has of other queries.
pub(super) type Room = (NodeId, usize);

/// The node of each task; the numbers of tasks differ by one at most. Empty if there is no node.
pub(super) fn assign(tasks: &[Wanted], nodes: &[Room]) -> Vec<NodeId> {
    let mut counts: BTreeMap<NodeId, usize> = nodes.iter().map(|(id, _)| (*id, 0)).collect();
    let mut owners: Vec<Option<NodeId>> = Vec::new();
    for task in tasks {
        let known = |id: &&NodeId| counts.contains_key(id);
        let sticky = task.owner.iter().chain(&task.state).find(known).copied();
        if let Some(count) = sticky.and_then(|id| counts.get_mut(&id)) {
            *count += 1;
        }
        owners.push(sticky);
    }
    for owner in owners.iter_mut().filter(|it| it.is_none()) {
        *owner = emptiest(&counts, nodes);
        if let Some(count) = owner.and_then(|id| counts.get_mut(&id)) {
            *count += 1;
        }
    }
    while let (Some(low), Some(high)) = (emptiest(&counts, nodes), fullest(&counts))
        && counts[&high] > counts[&low] + 1
    {
        let movable = || (0..tasks.len()).filter(|at| owners[*at] == Some(high));
        // What costs the least to move: a task whose state is there, or that has none anywhere.
        let cheap = |at: &usize| tasks[*at].state.contains(&low);
        let at = movable()
            .rev()
            .find(cheap)
            .or_else(|| movable().next_back());
        let Some(at) = at else {
            break;
        };
        owners[at] = Some(low);
        *counts.entry(high).or_default() -= 1;
        *counts.entry(low).or_default() += 1;
    }
    owners.into_iter().flatten().collect()
}

/// For each task the nodes that keep a copy of its state, at most `most` of them.
pub(super) fn replicas(
    tasks: &[Wanted],
    owners: &[NodeId],
    nodes: &[Room],
    most: usize,
) -> Vec<Vec<NodeId>> {
    let mut counts: BTreeMap<NodeId, usize> = nodes.iter().map(|(id, _)| (*id, 0)).collect();
    let mut chosen = Vec::new();
    for (task, owner) in tasks.iter().zip(owners) {
        let mut others: Vec<Room> = nodes.iter().copied().filter(|it| it.0 != *owner).collect();
        order::sort_by_key(&mut others, |(id, load)| {
            (!task.state.contains(id), counts[id], *load, *id)
        });
        let ids: Vec<NodeId> = others.into_iter().map(|it| it.0).take(most).collect();
        for id in &ids {
            *counts.entry(*id).or_default() += 1;
        }
        chosen.push(ids);
    }
    chosen
}

fn emptiest(counts: &BTreeMap<NodeId, usize>, nodes: &[Room]) -> Option<NodeId> {
    let by_load = |it: &&Room| (counts[&it.0], it.1, it.0);
    nodes.iter().min_by_key(by_load).map(|it| it.0)
}

fn fullest(counts: &BTreeMap<NodeId, usize>) -> Option<NodeId> {
    let most = counts.iter().max_by_key(|(_, count)| **count);
    most.map(|(id, _)| *id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(ids: &[u32]) -> Vec<Room> {
        ids.iter().map(|id| (NodeId(*id), 0)).collect()
    }

    fn running(owners: &[u32]) -> Vec<Wanted> {
        let wanted = |id: &u32| Wanted {
            owner: Some(NodeId(*id)),
            state: Vec::new(),
        };
        owners.iter().map(wanted).collect()
    }

    fn ids(nodes: &[NodeId]) -> Vec<u32> {
        nodes.iter().map(|it| it.0).collect()
    }

    #[test]
    fn new_tasks_are_spread_evenly() {
        let tasks = vec![Wanted::default(); 5];
        assert_eq!(ids(&assign(&tasks, &nodes(&[0, 1]))), [0, 1, 0, 1, 0]);
        let loaded = [(NodeId(0), 3), (NodeId(1), 0)];
        assert_eq!(ids(&assign(&tasks[..1], &loaded)), [1]);
        assert_eq!(assign(&tasks, &[]), []);
    }

    #[test]
    fn a_new_node_takes_no_more_than_its_share() {
        let owners = assign(&running(&[0, 0, 0, 1, 1, 1]), &nodes(&[0, 1, 2]));
        assert_eq!(ids(&owners), [0, 0, 2, 1, 1, 2]);
        let owners = assign(&running(&[0, 0, 1]), &nodes(&[0, 1, 2]));
        assert_eq!(ids(&owners), [0, 2, 1]);
    }

    #[test]
    fn tasks_of_a_lost_node_go_where_their_state_is() {
        let mut tasks = running(&[0, 1, 2]);
        tasks[1].state = vec![NodeId(2)];
        assert_eq!(ids(&assign(&tasks, &nodes(&[0, 2]))), [0, 2, 2]);
    }

    #[test]
    fn copies_are_never_where_the_task_runs() {
        let tasks = running(&[0, 1, 0, 1]);
        let owners = assign(&tasks, &nodes(&[0, 1, 2]));
        for most in 0..4 {
            let copies = replicas(&tasks, &owners, &nodes(&[0, 1, 2]), most);
            for (owner, copies) in owners.iter().zip(copies) {
                assert_eq!(copies.len(), most.min(2));
                assert!(!copies.contains(owner));
            }
        }
    }
}
