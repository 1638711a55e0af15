//! Brokers that stop, start and are cut off at random: what `acks` promises holds under every
//! fault, logs of in-sync replicas agree, and the high watermark never goes back.

use headwater_base::{BrokerId, Chance, Millis, PartitionId, TraceDetail, VirtualTime};
use headwater_log::{Acks, BrokerState, Cluster, LogError, NewRecord, NewTopic, TopicConfig};
use std::collections::BTreeMap;

struct World {
    cluster: Cluster,
    partition: PartitionId,
    now: VirtualTime,
    notes: Vec<TraceDetail>,
    /// Values that were written with `acks=all` and are not known to be safe.
    waiting: BTreeMap<u64, u64>,
    /// Values that a producer was told are safe.
    promised: BTreeMap<u64, u64>,
    watermark: u64,
    next: u64,
}

impl World {
    fn new(brokers: u32, factor: u16, least: u16) -> World {
        let mut cluster = Cluster::default();
        let mut notes = Vec::new();
        for id in 4..=brokers {
            cluster
                .start_broker(BrokerId(id), VirtualTime::START, &mut notes)
                .expect("it is new");
        }
        let config = TopicConfig {
            min_insync_replicas: least,
            segment_bytes: 300,
            ..TopicConfig::default()
        };
        let topic = cluster
            .create_topic(NewTopic {
                name: "ratings",
                partitions: 1,
                replication_factor: factor,
                config,
            })
            .expect("valid");
        let partition = cluster.topic(topic).expect("it is there").partitions[0];
        World {
            cluster,
            partition,
            now: VirtualTime::START,
            notes,
            waiting: BTreeMap::new(),
            promised: BTreeMap::new(),
            watermark: 0,
            next: 0,
        }
    }

    fn send(&mut self, acks: Acks) -> Result<u64, LogError> {
        let value = self.next.to_le_bytes();
        let record = NewRecord::new(self.now.epoch_millis(), None, Some(&value));
        let sent = self
            .cluster
            .append_with(self.partition, &[record], acks, self.now)?;
        if acks == Acks::All {
            self.waiting.insert(sent.start, self.next);
        }
        self.next += 1;
        Ok(sent.start)
    }

    fn tick(&mut self) {
        self.cluster.tick(self.now, &mut self.notes);
        for note in self.notes.drain(..) {
            if let TraceDetail::LeaderElected { broker, .. } = note
                && broker != BrokerId(0)
            {
                // Whoever has no answer tries again with the new leader, which knows what it has.
                let log = self.cluster.partition(self.partition).expect("it is there");
                let end = log.end_offset();
                self.waiting.retain(|offset, _| *offset < end);
            }
        }
        self.check();
    }

    fn fetch(&mut self) {
        self.cluster
            .replicate(self.partition, self.now, &mut self.notes);
        self.tick();
    }

    fn value(&self, offset: u64) -> Option<u64> {
        let log = self.cluster.partition(self.partition).ok()?;
        let value = log.get(offset)?.value?;
        Some(u64::from_le_bytes(value.try_into().ok()?))
    }

    fn check(&mut self) {
        let log = self.cluster.partition(self.partition).expect("it is there");
        let watermark = log.high_watermark();
        assert!(watermark >= self.watermark, "the high watermark went back");
        assert!(watermark <= log.end_offset());
        self.watermark = watermark;
        let later = self.waiting.split_off(&watermark);
        self.promised.append(&mut self.waiting);
        self.waiting = later;
        for (offset, value) in &self.promised {
            assert_eq!(self.value(*offset), Some(*value), "lost what was promised");
        }
        for replica in &log.replication().replicas {
            let end = log.replica_end(replica.broker).expect("it is a replica");
            assert!(
                !replica.in_sync || end >= watermark,
                "in sync, but without what is agreed"
            );
        }
    }

    fn fault(&mut self, chance: &mut Chance, brokers: u32) {
        let id = BrokerId(chance.range(1, i64::from(brokers)) as u32);
        let _refused = match chance.range(0, 3) {
            0 => self
                .cluster
                .break_broker(id, BrokerState::Stopped, self.now),
            1 => self
                .cluster
                .break_broker(id, BrokerState::Isolated, self.now),
            _ => self.cluster.start_broker(id, self.now, &mut self.notes),
        };
        self.tick();
    }
}

fn run(seed: u64) {
    let mut chance = Chance::new(seed, "brokers");
    let brokers = chance.range(3, 5) as u32;
    let factor = chance.range(1, 3) as u16;
    let least = chance.range(1, i64::from(factor)) as u16;
    let mut world = World::new(brokers, factor, least);
    for _ in 0..400 {
        world.now = world.now + Millis(chance.range(0, 4_000));
        match chance.range(0, 9) {
            0 => world.fault(&mut chance, brokers),
            1..=4 => {
                let acks = *chance
                    .pick(&[Acks::None, Acks::Leader, Acks::All])
                    .expect("some");
                let _refused = world.send(acks);
            }
            _ => world.fetch(),
        }
        world.tick();
    }
    // Everything comes back, and all replicas agree.
    for id in 1..=brokers {
        let _running = world
            .cluster
            .start_broker(BrokerId(id), world.now, &mut world.notes);
    }
    for _ in 0..4 {
        world.fetch();
    }
    let log = world
        .cluster
        .partition(world.partition)
        .expect("it is there");
    assert_eq!(log.high_watermark(), log.end_offset());
    assert_eq!(log.replication().in_sync_count(), factor);
    assert!(
        log.replication()
            .replicas
            .iter()
            .all(|it| !it.has_diverged())
    );
}

#[test]
fn what_acks_all_promises_holds_under_every_fault() {
    for seed in 0..300 {
        let finished = std::panic::catch_unwind(|| run(seed));
        assert!(finished.is_ok(), "seed {seed}");
    }
}

#[test]
fn what_acks_one_was_told_can_be_lost_and_acks_all_waits() {
    let mut world = World::new(3, 3, 2);
    world.send(Acks::All).expect("the leader is there");
    world.fetch();
    world.fetch();
    assert_eq!(world.promised.len(), 1);
    let leader = |world: &World| {
        let log = world.cluster.partition(world.partition).expect("there");
        log.replication().leader
    };
    let first = leader(&world).expect("it leads");
    // The leader takes one more, and dies before anybody fetches it.
    assert_eq!(world.send(Acks::Leader), Ok(1));
    world
        .cluster
        .break_broker(first, BrokerState::Stopped, world.now)
        .expect("it runs");
    let error = world.send(Acks::All).unwrap_err();
    assert_eq!(error.code(), "leader-not-available");
    world.now = world.now + Millis(9_000);
    world.tick();
    assert_ne!(leader(&world), Some(first));
    assert_eq!(world.send(Acks::All), Ok(1), "the offset is taken again");
    world
        .cluster
        .start_broker(first, world.now, &mut world.notes)
        .expect("it was stopped");
    let mut notes = Vec::new();
    world
        .cluster
        .replicate(world.partition, world.now, &mut notes);
    let truncated = TraceDetail::LogTruncated {
        partition: world.partition,
        broker: first,
        from: 1,
        to: 2,
    };
    assert!(notes.contains(&truncated), "{notes:?}");
}

#[test]
fn too_few_in_sync_replicas_refuse_acks_all_only() {
    let mut world = World::new(3, 3, 2);
    let leader = world.cluster.partition(world.partition).expect("there");
    let leader = leader.replication().leader.expect("it leads");
    for id in (1..=3).map(BrokerId).filter(|id| *id != leader) {
        world
            .cluster
            .break_broker(id, BrokerState::Isolated, world.now)
            .expect("it runs");
    }
    world.now = world.now + Millis(9_000);
    world.tick();
    let refused = world.send(Acks::All).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "The size of the current ISR is insufficient to satisfy the min.isr requirement of 2 for \
         partition: 1 in sync."
    );
    assert_eq!(world.send(Acks::Leader), Ok(0));
}

#[test]
fn followers_share_the_leaders_memory() {
    let mut one = World::new(3, 1, 1);
    let mut three = World::new(3, 3, 1);
    for world in [&mut one, &mut three] {
        for _ in 0..500 {
            world.send(Acks::All).expect("it can send");
            world.fetch();
        }
    }
    let bytes = |world: &World| {
        let log = world.cluster.partition(world.partition).expect("there");
        log.memory_bytes()
    };
    assert_eq!(bytes(&one), bytes(&three));
}
