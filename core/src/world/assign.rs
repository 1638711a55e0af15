//! Which node does which task of a query, and which nodes keep copies: sticky and even.
//!
//! As in Kafka Streams, a task stays where it runs, else goes where its state is; only what makes
//! the spread uneven moves, and not before its state is there if another node has it. Nothing here
//! knows of time, of the log or of what a task does.

use headwater_base::{NodeId, SortedMap, order};

/// A task that wants a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The node that runs it now.
    pub owner: Option<NodeId>,
    /// Nodes that have some of its state, the one with the most of it first.
    pub state: Vec<NodeId>,
    /// Nodes whose state of it is near enough to its end to take it over, if it has state.
    pub ready: Vec<NodeId>,
}

/// Where a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// The node that runs it.
    pub owner: NodeId,
    /// The node that is to run it once it has its state.
    pub warm_up: Option<NodeId>,
}

/// A node that can take tasks, and how many it has of other queries.
pub(super) type Room = (NodeId, usize);

/// The node of each task; the numbers of tasks differ by one at most. Empty if there is no node.
pub(super) fn assign(tasks: &[Wanted], nodes: &[Room]) -> Vec<NodeId> {
    let mut counts: SortedMap<NodeId, usize> = nodes.iter().map(|(id, _)| (*id, 0)).collect();
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
        // What costs the least to move: what does not run there yet, what has its state there.
        let cheap = |at: &usize| {
            let is_new = tasks[*at].owner != Some(high);
            (is_new, tasks[*at].state.contains(&low))
        };
        let Some(at) = movable().max_by_key(cheap) else {
            break;
        };
        owners[at] = Some(low);
        *counts.entry(high).or_default() -= 1;
        *counts.entry(low).or_default() += 1;
    }
    owners.into_iter().flatten().collect()
}

/// Lets tasks stay with nodes that have their state until those that are to have them are warm; at
/// most `most` at a time warm up. A task whose state nobody has goes where it is to be at once.
pub(super) fn wait_for_state(tasks: &[Wanted], targets: &[NodeId], mut most: usize) -> Vec<Chosen> {
    let mut counts: SortedMap<NodeId, usize> = SortedMap::new();
    let mut chosen = Vec::new();
    for (task, target) in tasks.iter().zip(targets) {
        let is_ready = task.ready.is_empty() || task.ready.contains(target);
        let stays = task.owner.filter(|it| task.ready.contains(it));
        let least = || task.ready.iter().min_by_key(|id| (counts.get(id), **id));
        let owner = match is_ready {
            true => *target,
            false => stays.or_else(|| least().copied()).unwrap_or(*target),
        };
        let warm_up = (owner != *target && most > 0).then_some(*target);
        most -= usize::from(warm_up.is_some());
        *counts.entry(owner).or_default() += 1;
        chosen.push(Chosen { owner, warm_up });
    }
    chosen
}

/// For each task the nodes that keep a copy of its state, at most `most` of them.
pub(super) fn replicas(
    tasks: &[Wanted],
    places: &[Chosen],
    nodes: &[Room],
    most: usize,
) -> Vec<Vec<NodeId>> {
    let mut counts: SortedMap<NodeId, usize> = nodes.iter().map(|(id, _)| (*id, 0)).collect();
    let mut chosen = Vec::new();
    for (task, place) in tasks.iter().zip(places) {
        let is_free = |it: &Room| it.0 != place.owner && Some(it.0) != place.warm_up;
        let mut others: Vec<Room> = nodes.iter().copied().filter(is_free).collect();
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

fn emptiest(counts: &SortedMap<NodeId, usize>, nodes: &[Room]) -> Option<NodeId> {
    let by_load = |it: &&Room| (counts[&it.0], it.1, it.0);
    nodes.iter().min_by_key(by_load).map(|it| it.0)
}

fn fullest(counts: &SortedMap<NodeId, usize>) -> Option<NodeId> {
    let most = counts.iter().max_by_key(|(_, count)| **count);
    most.map(|(id, _)| *id)
}

#[cfg(test)]
mod tests;
