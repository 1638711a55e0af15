//! Tests of [`super`]: what a rebalance comes to, for tasks and nodes made by hand and by chance.

use super::*;
use headwater_base::Chance;

fn nodes(ids: &[u32]) -> Vec<Room> {
    ids.iter().map(|id| (NodeId(*id), 0)).collect()
}

fn running(owners: &[u32]) -> Vec<Wanted> {
    let wanted = |id: &u32| Wanted {
        owner: Some(NodeId(*id)),
        ready: vec![NodeId(*id)],
        ..Wanted::default()
    };
    owners.iter().map(wanted).collect()
}

fn ids(nodes: &[NodeId]) -> Vec<u32> {
    nodes.iter().map(|it| it.0).collect()
}

fn at(owner: u32, warm_up: Option<u32>) -> Chosen {
    Chosen {
        owner: NodeId(owner),
        warm_up: warm_up.map(NodeId),
    }
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
fn tasks_wait_for_their_state_and_no_more_than_so_many_warm_up() {
    let tasks = running(&[0, 0, 0, 0]);
    let targets = [0, 1, 1, 1].map(NodeId);
    let waiting = wait_for_state(&tasks, &targets, 2);
    assert_eq!(
        waiting,
        [at(0, None), at(0, Some(1)), at(0, Some(1)), at(0, None)]
    );
    let mut warm = tasks;
    warm[2].ready.push(NodeId(1));
    warm[3].ready.clear();
    let moved = wait_for_state(&warm, &targets, 2);
    assert_eq!(
        moved,
        [at(0, None), at(0, Some(1)), at(1, None), at(1, None)]
    );
}

#[test]
fn copies_are_never_where_the_task_runs_or_warms_up() {
    let tasks = running(&[0, 1, 0, 1]);
    let places = [at(0, None), at(1, None), at(0, Some(2)), at(1, None)];
    for most in 0..4 {
        let copies = replicas(&tasks, &places, &nodes(&[0, 1, 2]), most);
        for (place, copies) in places.iter().zip(copies) {
            let free = 2 - usize::from(place.warm_up.is_some());
            assert_eq!(copies.len(), most.min(free));
            assert!(!copies.contains(&place.owner));
            assert!(place.warm_up.is_none_or(|it| !copies.contains(&it)));
        }
    }
}

/// Of an even spread only a new node's share moves, all of it there; of a node that is gone only
/// what it had; and any spread is even afterwards, and stays as it is then.
#[test]
fn no_more_moves_than_has_to() {
    for seed in 0..500 {
        let mut chance = Chance::new(seed, "assign");
        let count = chance.range(1, 5) as u32;
        let tasks = chance.range(0, 20) as usize;
        let before: Vec<u32> = (0..count).collect();
        let spread = assign(&vec![Wanted::default(); tasks], &nodes(&before));
        let mut wanted = running(&ids(&spread));
        for task in &mut wanted {
            let copies = 0..chance.range(0, 2);
            task.state = copies
                .map(|_| NodeId(chance.range(0, count.into()) as u32))
                .collect();
        }
        let more: Vec<u32> = (0..=count).collect();
        let added = assign(&wanted, &nodes(&more));
        let moved = || spread.iter().zip(&added).filter(|(a, b)| a != b);
        assert_eq!(moved().count(), tasks / more.len(), "seed {seed}");
        assert!(moved().all(|(_, to)| to.0 == count), "seed {seed}");
        let gone = chance.range(0, i64::from(count) - 1) as u32;
        let left: Vec<u32> = before.into_iter().filter(|id| *id != gone).collect();
        let removed = assign(&wanted, &nodes(&left));
        if left.is_empty() {
            assert_eq!(removed, [], "seed {seed}");
            continue;
        }
        for (from, to) in spread.iter().zip(&removed) {
            assert!(from == to || from.0 == gone, "seed {seed}");
        }
        for (owners, nodes) in [(&added, &nodes(&more)), (&removed, &nodes(&left))] {
            let of = |id: NodeId| owners.iter().filter(|it| **it == id).count();
            let counts: Vec<usize> = nodes.iter().map(|it| of(it.0)).collect();
            let (low, high) = (counts.iter().min(), counts.iter().max());
            assert!(high.unwrap_or(&0) - low.unwrap_or(&0) <= 1, "seed {seed}");
            assert_eq!(
                *owners,
                assign(&running(&ids(owners)), nodes),
                "seed {seed}"
            );
        }
    }
}
