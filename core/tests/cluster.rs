//! Random runs with random commands and faults: members of a group never share a partition in one
//! generation, offsets never go back but by a reset, order within a partition is kept, nothing is
//! lost that was acknowledged under its promise, what an idempotent producer sends comes once and
//! in order, and a replay equals the run.

use headwater_base::{
    Chance, ConsumerId, GroupId, Millis, PartitionId, RecordId, TraceDetail, TraceEvent, TraceSink,
};
use headwater_core::command::Command;
use headwater_core::lab::{Lab, LabConfig};
use std::collections::{BTreeMap, BTreeSet};

/// Looks at every event as it comes.
#[derive(Default)]
struct Watch {
    events: Vec<TraceEvent>,
    /// The committed offset of each partition of the one group.
    committed: BTreeMap<PartitionId, u64>,
    /// Where seeks went in each partition that no commit has followed yet: what was committed
    /// before a seek can arrive behind it.
    sought: BTreeMap<PartitionId, Vec<u64>>,
    /// What was appended, by place; a new leader may give an offset to another record.
    digests: BTreeMap<RecordId, u64>,
    /// Up to where all in-sync replicas agree.
    watermarks: BTreeMap<PartitionId, u64>,
    /// Records that were under a high watermark.
    promised: BTreeMap<RecordId, u64>,
    delivered: BTreeSet<RecordId>,
    /// Records that the producer gave up.
    given_up: u64,
    replicated: BTreeSet<PartitionId>,
}

impl TraceSink for Watch {
    fn take(&mut self, event: &TraceEvent) {
        self.events.push(*event);
        match event.detail {
            TraceDetail::OffsetCommitted { record, .. } => {
                let before = self.committed.insert(record.partition, record.offset);
                let went_back = before.is_some_and(|before| before > record.offset);
                assert!(
                    !went_back || self.was_sought(record),
                    "{before:?} became {record:?}"
                );
            }
            TraceDetail::GroupOffsetReset { record, .. } => {
                self.committed.insert(record.partition, record.offset);
            }
            TraceDetail::PositionMoved { record, .. } => {
                let sought = self.sought.entry(record.partition).or_default();
                sought.push(record.offset);
            }
            TraceDetail::RecordAppended { record, digest, .. } => {
                self.digests.insert(record, digest);
            }
            TraceDetail::HighWatermarkAdvanced { partition, offset } => {
                self.replicated.insert(partition);
                let from = self.watermarks.insert(partition, offset).unwrap_or(0);
                assert!(from < offset, "the high watermark went back");
                for offset in from..offset {
                    let record = RecordId { partition, offset };
                    self.promised.insert(record, self.digests[&record]);
                }
            }
            TraceDetail::SendFailed { records, .. } => self.given_up += records,
            TraceDetail::RecordDelivered { record, .. } => {
                self.delivered.insert(record);
            }
            _ => {}
        }
    }
}

impl Watch {
    /// Whether a commit lies before the last one because of a seek, which counts once.
    fn was_sought(&mut self, record: RecordId) -> bool {
        let sought = self.sought.entry(record.partition).or_default();
        let at = sought.iter().position(|to| *to <= record.offset);
        at.is_some_and(|at| sought.drain(..=at).count() > 0)
    }
}

/// The present state of the world keeps what has to hold at every moment.
fn check(lab: &Lab, watch: &Watch) {
    let world = lab.world();
    let mut owners: BTreeMap<(GroupId, u32, PartitionId), ConsumerId> = BTreeMap::new();
    for actor in world.consumers().filter(|it| it.running) {
        let (Some(group), Some(generation)) = (actor.group, actor.generation()) else {
            continue;
        };
        for (partition, _) in actor.positions() {
            let other = owners.insert((group, generation, partition), actor.id);
            assert_eq!(
                other, None,
                "{partition} is shared in generation {generation}"
            );
        }
    }
    for (record, digest) in &watch.promised {
        let log = world
            .cluster()
            .partition(record.partition)
            .expect("it is there");
        if record.offset >= log.start_offset() {
            let found = world.cluster().record(*record).map(|it| it.digest());
            assert_eq!(found, Some(*digest), "lost {record:?}");
        }
    }
}

fn run_command(lab: &mut Lab, text: &str, watch: &mut Watch) -> bool {
    let command = Command::parse(text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
    let outcomes = lab.execute_traced(&command, watch);
    outcomes[0].ok
}

/// A command; some runs delete records, too.
fn drawn(chance: &mut Chance, strategy: &str, joined: &mut u32, prunes: bool) -> String {
    let reader = format!("c{}", chance.range(0, i64::from((*joined).max(1)) - 1));
    let broker = chance.range(1, 3);
    let lag = chance.range(1, 30) * 1000;
    match chance.range(0, 24) {
        0..=3 => {
            *joined += 1;
            let pace = *chance.pick(&["", "rate=3/s", "interval=2s"]).expect("some");
            format!(
                "consumer create c{} topic=events group=readers {pace} session.timeout.ms=6000 \
                 heartbeat.interval.ms=2000 max.poll.interval.ms=9000 \
                 auto.commit.interval.ms=1000 auto.offset.reset=earliest \
                 partition.assignment.strategy={strategy}",
                *joined - 1
            )
        }
        4 => format!("consumer stop {reader}"),
        5 => format!("consumer kill {reader}"),
        6 => format!("consumer pause {reader}"),
        7 => format!("consumer stall {reader}"),
        8..=9 => format!("consumer resume {reader}"),
        10 => format!("consumer commit {reader}"),
        11..=12 => format!("broker stop {broker}"),
        13 => format!("broker isolate {broker}"),
        14 => format!("broker alter replica.lag.time.max.ms={lag}"),
        15 => "topic elect events".to_owned(),
        // Forwards would leave records out on purpose.
        16 => "group reset readers topic=events to=-7".to_owned(),
        17 => format!("consumer seek {reader} to=-5"),
        18 if prunes => "topic delete-records events to=+3".to_owned(),
        _ => format!("broker start {broker}"),
    }
}

/// What a producer promises besides.
#[derive(Clone, Copy, PartialEq)]
enum Promise {
    /// Its records come once and in order.
    Once,
    /// They come in order, maybe twice.
    InOrder,
    Nothing,
}

/// Settings of a producer, and what they promise.
fn drawn_settings(chance: &mut Chance) -> (String, Promise) {
    let acks = *chance.pick(&["1", "all", "all", "all"]).expect("some");
    let kinds = [
        ("", Promise::Once),
        ("", Promise::Once),
        ("enable.idempotence=false", Promise::Nothing),
        (
            "enable.idempotence=false max.in.flight.requests.per.connection=1 batch.size=0",
            Promise::InOrder,
        ),
    ];
    let (kind, promise) = *chance.pick(&kinds).expect("some");
    let patience = [
        "",
        "request.timeout.ms=1500",
        "request.timeout.ms=1500 delivery.timeout.ms=6000",
        "retries=20 request.timeout.ms=2000",
    ];
    let patience = *chance.pick(&patience).expect("some");
    let linger = *chance.pick(&["", "", "linger.ms=200"]).expect("some");
    let promise = match acks {
        // The leader's word comes at once, so nothing is sent again.
        "1" => Promise::Once,
        _ => promise,
    };
    (format!("acks={acks} {kind} {patience} {linger}"), promise)
}

fn run(seed: u64) -> (Lab, Watch) {
    let mut chance = Chance::new(seed, "commands");
    let mut lab = Lab::new(LabConfig { seed });
    let mut watch = Watch::default();
    let strategies = ["range", "roundrobin", "sticky", "cooperative-sticky"];
    let strategy = *chance.pick(&strategies).expect("some");
    let factor = *chance.pick(&[1, 3, 3]).expect("some");
    let least = chance.range(1, factor.min(2));
    let (settings, promise) = drawn_settings(&mut chance);
    let partitions = chance.range(1, 5);
    for text in [
        format!(
            "topic create events partitions={partitions} replication-factor={factor} \
             min.insync.replicas={least}"
        ),
        format!("producer create p topic=events generator=ratings rate=20/s count=400 {settings}"),
    ] {
        assert!(run_command(&mut lab, &text, &mut watch), "{text}");
    }
    let mut joined = 0;
    let prunes = chance.range(0, 3) == 0;
    for _ in 0..25 {
        let text = drawn(&mut chance, strategy, &mut joined, prunes);
        run_command(&mut lab, &text, &mut watch);
        let until = lab.world().now() + Millis(chance.range(0, 3_000));
        lab.advance_to(until, u64::MAX, &mut watch);
        check(&lab, &watch);
    }
    heal(&mut lab, &mut watch);
    let keeps_all = settings.contains("acks=all") && !prunes;
    check_order(&lab, &watch, promise, keeps_all);
    (lab, watch)
}

/// Everything comes back, and one member is left that reads to the end.
fn heal(lab: &mut Lab, watch: &mut Watch) {
    for broker in 1..=3 {
        run_command(lab, &format!("broker start {broker}"), watch);
    }
    let names: Vec<String> = lab
        .world()
        .consumers()
        .filter(|it| it.running)
        .map(|it| it.name.to_string())
        .collect();
    for name in names {
        run_command(lab, &format!("consumer stop {name}"), watch);
    }
    let until = lab.world().now() + Millis::seconds(60);
    lab.advance_to(until, u64::MAX, watch);
    check(lab, watch);
}

/// Every record that is in the log now is there as often and in the order that was promised; and
/// none is missing that the producer did not give up.
fn check_order(lab: &Lab, watch: &Watch, promise: Promise, keeps_all: bool) {
    let topic = lab.world().cluster().topic_named("events");
    let mut distinct = BTreeSet::new();
    for id in &topic.expect("it is there").partitions {
        let log = lab.world().cluster().partition(*id).expect("it is there");
        let ids = log.iter().filter_map(|it| {
            let value: serde_json::Value = serde_json::from_slice(it.value?).ok()?;
            value.get("rating_id")?.as_i64()
        });
        let ids: Vec<i64> = ids.collect();
        match promise {
            Promise::Once => assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}"),
            Promise::InOrder => assert!(ids.is_sorted(), "{ids:?}"),
            Promise::Nothing => {}
        }
        distinct.extend(ids);
    }
    let missing = 400 - distinct.len() as u64;
    let producer = lab.world().producers().next().expect("it is there");
    assert!(!producer.running);
    assert_eq!(producer.failed, watch.given_up);
    assert!(
        !keeps_all || missing <= watch.given_up,
        "{missing} are missing, {} were given up",
        watch.given_up
    );
}

/// Whoever joins after all others are gone reads what they left, and nobody misses a record.
fn check_complete(lab: &mut Lab, watch: &mut Watch) {
    assert!(run_command(
        lab,
        "consumer create last topic=events group=readers partition.assignment.strategy=sticky",
        watch
    ));
    let until = lab.world().now() + Millis::seconds(20);
    lab.advance_to(until, u64::MAX, watch);
    let topic = lab
        .world()
        .cluster()
        .topic_named("events")
        .expect("it is there");
    for id in &topic.partitions {
        let log = lab.world().cluster().partition(*id).expect("it is there");
        for record in log {
            let record = RecordId {
                partition: *id,
                offset: record.offset,
            };
            assert!(watch.delivered.contains(&record), "nobody read {record:?}");
        }
    }
}

#[test]
fn random_faults_break_no_promise() {
    for seed in seeds() {
        let finished = std::panic::catch_unwind(|| {
            let (mut lab, mut watch) = run(seed);
            check_complete(&mut lab, &mut watch);
        });
        assert!(finished.is_ok(), "seed {seed}");
    }
}

#[test]
fn a_replay_of_faults_equals_the_run() {
    for seed in 0..12 {
        let (mut lab, _) = run(1_000 + seed);
        let (end, hash) = (lab.world().now(), lab.hash());
        lab.seek_step(lab.world().step() / 3);
        lab.seek_time(end);
        assert_eq!(lab.hash(), hash, "seed {seed}");
        assert_eq!(run(1_000 + seed).0.hash(), hash, "seed {seed}");
    }
}

/// The seeds that are tried; another range by `HEADWATER_SEEDS=FROM..TO`.
#[allow(
    clippy::disallowed_methods,
    reason = "a developer asks for more runs by a variable"
)]
fn seeds() -> std::ops::Range<u64> {
    let asked = std::env::var("HEADWATER_SEEDS").ok();
    let range = asked.as_deref().and_then(|it| it.split_once(".."));
    let range = range.and_then(|(from, to)| Some(from.parse().ok()?..to.parse().ok()?));
    range.unwrap_or(0..150)
}
