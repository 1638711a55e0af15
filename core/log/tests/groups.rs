//! Groups under random joins, leaves, polls and late messages: no two members ever share a
//! partition, offsets never go back, and every record is delivered.

use headwater_base::{
    Chance, ConsumerId, Effects, EventQueue, Millis, PartitionId, TopicId, TraceDetail, VirtualTime,
};
use headwater_log::{
    Cluster, Consumer, ConsumerConfig, GroupInput, GroupMessage, Groups, NewTopic, Producer,
    ProducerRecord, ResetTo,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
enum Message {
    ToGroup(GroupInput),
    ToConsumer(GroupMessage),
}

impl From<GroupInput> for Message {
    fn from(input: GroupInput) -> Message {
        Message::ToGroup(input)
    }
}

impl From<GroupMessage> for Message {
    fn from(message: GroupMessage) -> Message {
        Message::ToConsumer(message)
    }
}

/// A laboratory of one topic and one group.
struct World {
    cluster: Cluster,
    groups: Groups,
    consumers: BTreeMap<ConsumerId, Consumer>,
    queue: EventQueue<Message>,
    now: VirtualTime,
    delivered: BTreeSet<(PartitionId, u64)>,
    committed: BTreeMap<PartitionId, u64>,
    trace: Vec<TraceDetail>,
    topic: TopicId,
}

impl World {
    fn new(partitions: u32) -> World {
        let mut cluster = Cluster::default();
        let topic = cluster
            .create_topic(NewTopic::new("ratings", partitions))
            .expect("valid");
        World {
            cluster,
            groups: Groups::default(),
            consumers: BTreeMap::new(),
            queue: EventQueue::default(),
            now: VirtualTime::START,
            delivered: BTreeSet::new(),
            committed: BTreeMap::new(),
            trace: Vec::new(),
            topic,
        }
    }

    fn absorb(&mut self, effects: Effects<Message>) {
        for (delay, message) in effects.messages {
            self.queue.push(self.now + delay, message);
        }
        self.trace.extend(effects.trace);
    }

    fn join(&mut self, id: u32) {
        let config = ConsumerConfig {
            max_poll_records: 7,
            ..ConsumerConfig::default()
        };
        let mut consumer = Consumer::new(ConsumerId(id), config);
        let group = self.groups.open("dashboard");
        let mut effects = Effects::default();
        consumer.subscribe(group, &format!("member {id}"), &[self.topic], &mut effects);
        self.consumers.insert(consumer.id, consumer);
        self.absorb(effects);
    }

    fn leave(&mut self, id: u32) {
        let mut effects = Effects::default();
        if let Some(mut consumer) = self.consumers.remove(&ConsumerId(id)) {
            consumer.close(&mut effects);
        }
        self.absorb(effects);
    }

    fn poll(&mut self, id: ConsumerId) {
        let mut effects = Effects::default();
        let Some(consumer) = self.consumers.get_mut(&id) else {
            return;
        };
        let fetched = consumer
            .poll(&self.cluster, self.now, &mut effects)
            .expect("it can poll");
        for part in fetched {
            for record in part.read(&self.cluster).expect("it is there") {
                self.delivered.insert((part.partition, record.offset));
            }
        }
        self.absorb(effects);
    }

    /// Handles the next message, if one waits.
    fn turn(&mut self) -> bool {
        let Some((_, message)) = self.queue.pop_due(self.now) else {
            return false;
        };
        let mut effects = Effects::default();
        match message {
            Message::ToGroup(input) => {
                self.groups
                    .on(input, &self.cluster, self.now, &mut effects)
                    .expect("in order");
            }
            Message::ToConsumer(GroupMessage::Rejoin { consumer }) => {
                if let Some(consumer) = self.consumers.get_mut(&consumer) {
                    consumer.on_rejoin(&mut effects);
                }
            }
            Message::ToConsumer(GroupMessage::Assigned(assignment)) => {
                if let Some(consumer) = self.consumers.get_mut(&assignment.consumer) {
                    consumer.on_assigned(&assignment, &mut effects);
                }
            }
        }
        self.absorb(effects);
        self.check();
        true
    }

    fn check(&mut self) {
        let mut owners = BTreeMap::new();
        for consumer in self.consumers.values() {
            for (partition, _) in consumer.places() {
                let other = owners.insert(partition, consumer.id);
                assert_eq!(other, None, "{partition} is shared");
            }
        }
        let group = self.groups.iter().next().expect("it was opened");
        for (partition, offset) in group.offsets() {
            let before = self.committed.insert(partition, offset.offset);
            assert!(before.is_none_or(|before| before <= offset.offset));
        }
    }
}

fn run(seed: u64) -> Vec<TraceDetail> {
    let mut chance = Chance::new(seed, "world");
    let mut world = World::new(chance.range(1, 9) as u32);
    let mut producer = Producer::new(headwater_base::ProducerId(0), seed, "ratings");
    let mut joined = 0;
    for _ in 0..300 {
        world.now = world.now + Millis(chance.range(0, 3000));
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
        while world.turn() {}
        let ids: Vec<ConsumerId> = world.consumers.keys().copied().collect();
        ids.into_iter().for_each(|id| world.poll(id));
    }
    for log in world.cluster.partitions() {
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
    for seed in 0..300 {
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
    let mut world = World::new(3);
    for id in 0..2 {
        world.join(id);
        while world.turn() {}
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
    world.leave(0);
    while world.turn() {}
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
        let lags = group.lag(&world.cluster);
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
    while world.turn() {}
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
    while world.turn() {}
    let moved = reset(&mut world, ResetTo::Offset(99)).expect("nobody is active");
    assert_eq!(moved, [(PartitionId(0), 0)]);
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
