//! Groups under random joins, leaves, polls and late messages: no two members ever share a
//! partition, offsets never go back, and every record is delivered; and what each assignor, a
//! silent member and a late commit come to.

mod group_world;

use group_world::{Message, World};
use headwater_base::{Chance, ConsumerId, Effects, Millis, PartitionId, TraceDetail};
use headwater_log::{Assignor, GroupInput, Producer, ProducerRecord, ResetTo};

fn run(seed: u64) -> Vec<TraceDetail> {
    let mut chance = Chance::new(seed, "world");
    let assignor = *chance.pick(&Assignor::ALL).expect("there are some");
    let mut world = World::new(chance.range(1, 9) as u32, assignor);
    let mut producer = Producer::new(headwater_base::ProducerId(0), seed, "ratings");
    let mut joined = 0;
    for _ in 0..300 {
        world.now = world.now + Millis(chance.range(0, 3000));
        world.heartbeats();
        // Ids are never used again, so a late message reaches nobody else.
        let members: Vec<u32> = world.consumers.keys().map(|id| id.0).collect();
        let id = chance.pick(&members).copied().unwrap_or(0);
        match chance.range(0, 9) {
            0 if members.len() < 5 => {
                world.join(joined);
                joined += 1;
            }
            1 => world.leave(id),
            2..=4 => {
                let value = chance.next_u64().to_le_bytes();
                let record = ProducerRecord {
                    value: Some(&value),
                    ..Default::default()
                };
                let sent = producer.send(&mut world.cluster, world.topic, &record, world.now);
                sent.expect("it can send");
            }
            5..=6 => world.poll(ConsumerId(id)),
            _ => drop(world.turn()),
        }
    }
    if world.consumers.is_empty() {
        world.join(joined);
    }
    for _ in 0..200 {
        world.settle();
        let ids: Vec<ConsumerId> = world.consumers.keys().copied().collect();
        ids.into_iter().for_each(|id| world.poll(id));
    }
    world.the_log_remembers();
    let topic = world.topic;
    for log in world.cluster.partitions().filter(|it| it.topic() == topic) {
        for offset in log.start_offset()..log.end_offset() {
            assert!(
                world.delivered.contains(&(log.id(), offset)),
                "lost {} {offset}",
                log.id()
            );
        }
    }
    world.trace
}

#[test]
fn random_groups_keep_their_promises() {
    for seed in 0..200 {
        let finished = std::panic::catch_unwind(|| run(seed));
        assert!(finished.is_ok(), "seed {seed}");
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    assert_eq!(run(7), run(7));
}

/// Three partitions, two members that have settled.
fn two_members() -> World {
    two_members_by(Assignor::Range)
}

fn two_members_by(assignor: Assignor) -> World {
    let mut world = World::new(3, assignor);
    for id in 0..2 {
        world.join(id);
        world.settle();
    }
    world
}

#[test]
fn two_members_share_and_the_first_has_one_more() {
    let mut world = two_members();
    let of = |world: &World, id| -> Vec<u32> {
        let consumer = &world.consumers[&ConsumerId(id)];
        consumer
            .places()
            .map(|(partition, _)| partition.0)
            .collect()
    };
    assert_eq!((of(&world, 0), of(&world, 1)), (vec![0, 1], vec![2]));
    let group = world.groups.named("dashboard").expect("it exists");
    assert_eq!((group.generation, group.state.name()), (2, "Stable"));
    world.the_log_remembers();
    world.leave(0);
    world.settle();
    assert_eq!(of(&world, 1), [0, 1, 2]);
}

#[test]
fn offsets_are_committed_by_the_clock_and_lag_is_counted() {
    let mut world = two_members();
    let partition = PartitionId(2);
    let mut producer = Producer::new(headwater_base::ProducerId(0), 7, "ratings");
    for _ in 0..5 {
        let record = ProducerRecord {
            partition: Some(2),
            ..Default::default()
        };
        producer
            .send(&mut world.cluster, world.topic, &record, world.now)
            .expect("it can");
    }
    let lag = |world: &World| {
        let group = world.groups.named("dashboard").expect("it exists");
        let lags = group.lag(&world.cluster, world.now);
        lags.into_iter()
            .find(|lag| lag.partition == partition)
            .expect("it is read")
    };
    assert_eq!(
        (lag(&world).committed, lag(&world).end, lag(&world).lag),
        (None, 5, None)
    );
    for _ in 0..2 {
        world.poll(ConsumerId(1));
        world.now = world.now + Millis(5000);
    }
    world.settle();
    assert_eq!((lag(&world).committed, lag(&world).lag), (Some(5), Some(0)));
}

#[test]
fn offsets_are_reset_only_while_nobody_is_active() {
    let mut world = two_members();
    let group = world.groups.open("dashboard");
    let partitions = [PartitionId(0)];
    let reset = |world: &mut World, to| {
        world
            .groups
            .reset(group, &partitions, to, &world.cluster, world.now)
    };
    let refused = reset(&mut world, ResetTo::Earliest).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "Assignments can only be reset if the group 'dashboard' is inactive, but the current \
         state is Stable."
    );
    world.leave(0);
    world.leave(1);
    world.settle();
    let moved = reset(&mut world, ResetTo::Offset(99)).expect("nobody is active");
    assert_eq!(moved, [(PartitionId(0), 0)]);
}

/// The partitions that were revoked from member 0 and given to it since `from`.
fn moved(world: &World, from: usize) -> (Vec<u32>, Vec<u32>) {
    let of_first = |detail: &TraceDetail| match *detail {
        TraceDetail::PartitionRevoked {
            consumer: ConsumerId(0),
            partition,
        } => Some((true, partition.0)),
        TraceDetail::PartitionAssigned {
            consumer: ConsumerId(0),
            partition,
        } => Some((false, partition.0)),
        _ => None,
    };
    let found: Vec<(bool, u32)> = world.trace[from..].iter().filter_map(of_first).collect();
    let part = |revoked| {
        let part = found.iter().filter(move |it| it.0 == revoked);
        part.map(|it| it.1).collect()
    };
    (part(true), part(false))
}

#[test]
fn an_eager_rebalance_revokes_all_and_a_cooperative_one_what_moves() {
    for (assignor, expected, generations) in [
        (Assignor::Sticky, (vec![0, 1, 2], vec![0, 1]), 2),
        (Assignor::CooperativeSticky, (vec![2], vec![]), 3),
    ] {
        let mut world = World::new(3, assignor);
        world.join(0);
        world.settle();
        let from = world.trace.len();
        world.join(1);
        world.settle();
        assert_eq!(moved(&world, from), expected, "{}", assignor.name());
        let group = world.groups.named("dashboard").expect("it exists");
        assert_eq!(group.generation, generations, "{}", assignor.name());
    }
}

#[test]
fn a_silent_member_is_taken_for_dead_when_its_session_is_over() {
    let mut world = two_members();
    let dead = world.consumers.remove(&ConsumerId(0)).expect("it is there");
    let held = |world: &World| world.consumers[&ConsumerId(1)].places().count();
    world.now = world.now + Millis(44_999);
    world.settle();
    assert_eq!(held(&world), 1);
    world.now = world.now + Millis(1);
    world.settle();
    assert_eq!(held(&world), 3);
    assert!(dead.generation().is_some(), "nobody told it");
}

#[test]
fn members_need_an_assignor_that_all_know() {
    let world = two_members_by(Assignor::Sticky);
    let check = |assignors: &[Assignor]| world.groups.check_assignors("dashboard", assignors);
    let refused = check(&[Assignor::Range]).unwrap_err();
    assert_eq!(refused.code(), "inconsistent-group-protocol");
    assert!(check(&[Assignor::Range, Assignor::Sticky]).is_ok());
}

#[test]
fn a_commit_of_a_generation_that_is_over_is_refused() {
    let mut world = two_members();
    let group = world.groups.open("dashboard");
    let commit = |consumer, generation| GroupInput::Commit {
        group,
        consumer: ConsumerId(consumer),
        generation,
        offsets: vec![(PartitionId(0), 1)],
    };
    let mut effects = Effects::<Message>::default();
    let mut on = |input| {
        let done = world
            .groups
            .on(input, &world.cluster, world.now, &mut effects);
        done.map_err(|error| error.code())
    };
    assert_eq!(on(commit(0, Some(1))), Err("illegal-generation"));
    assert_eq!(on(commit(9, Some(2))), Err("unknown-member"));
    assert_eq!(on(commit(9, None)), Err("unknown-member"));
    assert_eq!(on(commit(0, Some(2))), Ok(()));
}
