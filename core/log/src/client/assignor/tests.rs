//! The examples of Kafka's documentation of its assignors, and what holds for all inputs.

use super::*;
use headwater_base::Chance;
use std::collections::BTreeSet;

fn member(name: &str, topics: &[u32]) -> Subscription {
    owner(name, topics, &[])
}

fn owner(name: &str, topics: &[u32], owned: &[u32]) -> Subscription {
    Subscription {
        consumer: ConsumerId(0),
        member_id: name.into(),
        topics: topics.iter().copied().map(TopicId).collect(),
        owned: owned.iter().copied().map(PartitionId).collect(),
        previous: owned.iter().copied().map(PartitionId).collect(),
        generation: (!owned.is_empty()).then_some(1),
    }
}

/// Topic `id` with partitions 10 * id and on.
fn topic(id: u32, partitions: u32) -> TopicPartitions {
    TopicPartitions {
        topic: TopicId(id),
        partitions: (0..partitions)
            .map(|number| PartitionId(10 * id + number))
            .collect(),
    }
}

fn shared(by: Assignor, topics: &[TopicPartitions], members: &[Subscription]) -> Vec<Vec<u32>> {
    by.assign(topics, members)
        .into_iter()
        .map(|of| of.into_iter().map(|p| p.0).collect())
        .collect()
}

fn range(topics: &[TopicPartitions], members: &[Subscription]) -> Vec<Vec<u32>> {
    shared(Assignor::Range, topics, members)
}

#[test]
fn the_example_of_kafkas_documentation_of_range() {
    // Two consumers C0 and C1, two topics t0 and t1 of three partitions each:
    // C0: [t0p0, t0p1, t1p0, t1p1], C1: [t0p2, t1p2].
    let members = [member("C0", &[0, 1]), member("C1", &[0, 1])];
    let found = range(&[topic(0, 3), topic(1, 3)], &members);
    assert_eq!(found, [vec![0, 1, 10, 11], vec![2, 12]]);
}

#[test]
fn the_cases_of_kafkas_range_assignor_test() {
    assert_eq!(
        range(&[topic(0, 3)], &[member("C0", &[])]),
        [vec![]; 1] as [Vec<u32>; 1]
    );
    assert_eq!(range(&[topic(0, 3)], &[member("C0", &[0])]), [[0, 1, 2]]);
    let two = [member("C0", &[0]), member("C1", &[0])];
    assert_eq!(range(&[topic(0, 1)], &two), [vec![0], vec![]]);
    assert_eq!(range(&[topic(0, 2)], &two), [[0], [1]]);
    // Multiple consumers with mixed topics.
    let mixed = [
        member("C0", &[0]),
        member("C1", &[0, 1]),
        member("C2", &[0]),
    ];
    let found = range(&[topic(0, 3), topic(1, 2)], &mixed);
    assert_eq!(found, [vec![0], vec![1, 10, 11], vec![2]]);
}

#[test]
fn members_are_ordered_by_their_ids_and_not_by_arrival() {
    let members = [member("b", &[0]), member("a", &[0])];
    assert_eq!(range(&[topic(0, 3)], &members), [vec![2], vec![0, 1]]);
}

#[test]
fn the_examples_of_kafkas_documentation_of_round_robin() {
    let both = [member("C0", &[0, 1]), member("C1", &[0, 1])];
    let found = shared(Assignor::RoundRobin, &[topic(0, 3), topic(1, 3)], &both);
    assert_eq!(found, [[0, 2, 11], [1, 10, 12]]);
    let mixed = [
        member("C0", &[0]),
        member("C1", &[0, 1]),
        member("C2", &[0, 1, 2]),
    ];
    let topics = [topic(0, 1), topic(1, 2), topic(2, 3)];
    let found = shared(Assignor::RoundRobin, &topics, &mixed);
    assert_eq!(found, [vec![0], vec![10], vec![11, 20, 21, 22]]);
}

#[test]
fn the_first_example_of_kafkas_documentation_of_sticky() {
    let topics = [topic(0, 2), topic(1, 2), topic(2, 2), topic(3, 2)];
    let all = [0, 1, 2, 3];
    let three = [member("C0", &all), member("C1", &all), member("C2", &all)];
    let first = shared(Assignor::Sticky, &topics, &three);
    assert_eq!(first, [vec![0, 11, 30], vec![1, 20, 31], vec![10, 21]]);
    // C1 is removed: the others keep what they have.
    let two = [owner("C0", &all, &first[0]), owner("C2", &all, &first[2])];
    let second = shared(Assignor::Sticky, &topics, &two);
    assert_eq!(second, [[0, 11, 20, 30], [1, 10, 21, 31]]);
}

#[test]
fn the_second_example_of_kafkas_documentation_of_sticky() {
    let topics = [topic(0, 1), topic(1, 2), topic(2, 3)];
    let three = [
        member("C0", &[0]),
        member("C1", &[0, 1]),
        member("C2", &[0, 1, 2]),
    ];
    let first = shared(Assignor::Sticky, &topics, &three);
    assert_eq!(first, [vec![0], vec![10, 11], vec![20, 21, 22]]);
    let two = [
        owner("C1", &[0, 1], &first[1]),
        owner("C2", &[0, 1, 2], &first[2]),
    ];
    let second = shared(Assignor::Sticky, &topics, &two);
    assert_eq!(second, [[0, 10, 11], [20, 21, 22]]);
}

#[test]
fn a_cooperative_newcomer_gets_only_what_nobody_owns() {
    let topics = [topic(0, 4)];
    let members = [owner("C0", &[0], &[0, 1, 2, 3]), member("C1", &[0])];
    let first = shared(Assignor::CooperativeSticky, &topics, &members);
    assert_eq!(first, [vec![0, 1], vec![]]);
    let members = [owner("C0", &[0], &[0, 1]), member("C1", &[0])];
    let second = shared(Assignor::CooperativeSticky, &topics, &members);
    assert_eq!(second, [[0, 1], [2, 3]]);
}

#[test]
fn of_two_claims_the_later_generation_counts() {
    let mut late = owner("C1", &[0], &[0]);
    late.generation = Some(2);
    let members = [owner("C0", &[0], &[0, 1]), late];
    let found = shared(Assignor::Sticky, &[topic(0, 2)], &members);
    assert_eq!(found, [[1], [0]]);
}

/// Members with equal wishes and any claims.
fn drawn(chance: &mut Chance) -> (Vec<TopicPartitions>, Vec<Subscription>) {
    let topics = vec![
        topic(0, chance.range(1, 9) as u32),
        topic(1, chance.range(1, 9) as u32),
    ];
    let all: Vec<PartitionId> = topics.iter().flat_map(|it| it.partitions.clone()).collect();
    let mut members: Vec<Subscription> = (0..chance.range(1, 6))
        .map(|at| member(&format!("C{at}"), &[0, 1]))
        .collect();
    for partition in all {
        let last = members.len() as i64;
        if let Some(owner) = members.get_mut(chance.range(0, last) as usize) {
            owner.owned.push(partition);
            owner.previous.push(partition);
            owner.generation = Some(1);
        }
    }
    (topics, members)
}

#[test]
fn sticky_is_even_complete_and_moves_as_little_as_it_can() {
    for seed in 0..2_000 {
        let (topics, members) = drawn(&mut Chance::new(seed, "sticky"));
        let found = Assignor::Sticky.assign(&topics, &members);
        let all: usize = topics.iter().map(|it| it.partitions.len()).sum();
        let distinct: BTreeSet<&PartitionId> = found.iter().flatten().collect();
        assert_eq!(
            (distinct.len(), found.iter().flatten().count()),
            (all, all),
            "seed {seed}"
        );
        let loads: Vec<usize> = found.iter().map(Vec::len).collect();
        let (least, most) = (all / members.len(), all.div_ceil(members.len()));
        assert!(
            loads.iter().all(|it| (least..=most).contains(it)),
            "seed {seed}: {loads:?}"
        );
        // No even assignment lets members keep more: those with most keep the bigger shares.
        let mut owned: Vec<usize> = members.iter().map(|it| it.owned.len()).collect();
        owned.sort_unstable_by(|a, b| b.cmp(a));
        let bigger = all % members.len();
        let share = |rank: usize| if rank < bigger { most } else { least };
        let can: usize = owned
            .iter()
            .enumerate()
            .map(|(at, it)| (*it).min(share(at)))
            .sum();
        let kept = found.iter().zip(&members);
        let kept: usize = kept
            .map(|(of, member)| of.iter().filter(|it| member.owned.contains(it)).count())
            .sum();
        assert_eq!(kept, can, "seed {seed}");
    }
}

#[test]
fn a_cooperative_round_revokes_only_what_moves_and_the_second_settles() {
    for seed in 0..2_000 {
        let (topics, mut members) = drawn(&mut Chance::new(seed, "cooperative"));
        let target = Assignor::Sticky.assign(&topics, &members);
        let first = Assignor::CooperativeSticky.assign(&topics, &members);
        for ((member, first), target) in members.iter_mut().zip(&first).zip(&target) {
            let keeps: Vec<_> = member
                .owned
                .iter()
                .filter(|it| target.contains(it))
                .collect();
            assert!(keeps.iter().all(|it| first.contains(it)), "seed {seed}");
            member.owned = first.clone();
            member.generation = Some(2);
        }
        let second = Assignor::CooperativeSticky.assign(&topics, &members);
        let all: usize = topics.iter().map(|it| it.partitions.len()).sum();
        assert_eq!(second.iter().flatten().count(), all, "seed {seed}");
        for (member, second) in members.iter().zip(&second) {
            assert!(
                member.owned.iter().all(|it| second.contains(it)),
                "seed {seed}"
            );
        }
    }
}

/// Of all even assignments, the most partitions that members can keep: by trying every one.
fn most_kept(all: &[PartitionId], members: &[Subscription]) -> usize {
    let (least, most) = (all.len() / members.len(), all.len().div_ceil(members.len()));
    let ways = members.len().pow(all.len() as u32);
    let kept = |way: usize| {
        let mut loads = vec![0; members.len()];
        let (mut rest, mut kept) = (way, 0);
        for partition in all {
            let at = rest % members.len();
            rest /= members.len();
            loads[at] += 1;
            kept += usize::from(members[at].owned.contains(partition));
        }
        let is_even = loads.iter().all(|it| (least..=most).contains(it));
        is_even.then_some(kept)
    };
    (0..ways).filter_map(kept).max().expect("there is one")
}

#[test]
fn sticky_keeps_as_much_as_the_best_of_all_assignments() {
    for seed in 0..400 {
        let mut chance = Chance::new(seed, "brute force");
        let all: Vec<PartitionId> = (0..chance.range(1, 6) as u32).map(PartitionId).collect();
        let topics = [topic(0, all.len() as u32)];
        let mut members: Vec<Subscription> = (0..chance.range(1, 4))
            .map(|at| member(&format!("C{at}"), &[0]))
            .collect();
        for partition in &all {
            let last = members.len() as i64;
            if let Some(owner) = members.get_mut(chance.range(0, last) as usize) {
                owner.owned.push(*partition);
                owner.previous.push(*partition);
                owner.generation = Some(1);
            }
        }
        let found = Assignor::Sticky.assign(&topics, &members);
        let kept = found.iter().zip(&members);
        let kept = kept.map(|(of, it)| of.iter().filter(|id| it.owned.contains(id)).count());
        assert_eq!(
            kept.sum::<usize>(),
            most_kept(&all, &members),
            "seed {seed}"
        );
    }
}
