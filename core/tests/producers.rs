//! What becomes of records that a producer sends while brokers fail: retries, duplicates, order,
//! and records that are given up.

use headwater_base::{Millis, SendError, TraceDetail, TraceEvent};
use headwater_core::command::{Command, Line};
use headwater_core::lab::{Lab, LabConfig};
use headwater_core::observe;

struct Run {
    lab: Lab,
    trace: Vec<TraceEvent>,
}

impl Run {
    fn new(lines: &[&str]) -> Run {
        let mut run = Run {
            lab: Lab::new(LabConfig { seed: 3 }),
            trace: Vec::new(),
        };
        lines.iter().for_each(|line| run.line(line));
        run
    }

    fn line(&mut self, line: &str) {
        match Line::parse(line).unwrap_or_else(|found| panic!("{line}: {found:?}")) {
            Some(Line::Command(command)) => {
                let done = self.lab.execute_traced(&command, &mut self.trace);
                assert!(done[0].ok, "{line}: {done:?}");
            }
            Some(Line::Run(length)) => {
                let until = self.lab.world().now() + length;
                self.lab.advance_to(until, u64::MAX, &mut self.trace);
            }
            _ => {}
        }
    }

    /// The sequence numbers in partition 0 of topic `t`, in the order of the log.
    fn numbers(&self) -> Vec<i64> {
        let topic = self
            .lab
            .world()
            .cluster()
            .topic_named("t")
            .expect("it is there");
        let log = self.lab.world().cluster().partition(topic.partitions[0]);
        let values = log.expect("it is there").iter().filter_map(|it| it.value);
        let number = |value| {
            let value: serde_json::Value = serde_json::from_slice(value).ok()?;
            value.get("n")?.as_i64()
        };
        values.filter_map(number).collect()
    }

    /// Why records were given up, and how many.
    fn failures(&self) -> Vec<(SendError, u64)> {
        let failed = |event: &TraceEvent| match event.detail {
            TraceDetail::SendFailed { error, records, .. } => Some((error, records)),
            _ => None,
        };
        self.trace.iter().filter_map(failed).collect()
    }

    fn told(&self, wanted: fn(&TraceDetail) -> bool) -> String {
        let found = self.trace.iter().find(|it| wanted(&it.detail));
        let event = found.expect("it happened");
        let told = observe::narrate(std::slice::from_ref(event), self.lab.world());
        told.expect("it is told").text
    }
}

const TOPIC: &str = "topic create t replication-factor=3 min.insync.replicas=2";

/// A producer whose answers stay away for five seconds, since its leader's followers are cut off.
fn without_answers(settings: &str) -> Run {
    let create = format!(
        "producer create p topic=t fields='n: sequence' rate=2/s count=8 {settings} \
         request.timeout.ms=2000"
    );
    let mut run = Run::new(&[
        TOPIC,
        &create,
        "run 1s",
        "broker isolate 2",
        "broker isolate 3",
    ]);
    run.line("run 5s");
    run.line("broker start 2");
    run.line("broker start 3");
    run.line("run 30s");
    run
}

#[test]
fn an_idempotent_producer_writes_each_record_once_and_in_order() {
    let run = without_answers("");
    assert_eq!(run.numbers(), (1..=8).collect::<Vec<_>>());
    assert!(run.failures().is_empty());
    let told = run.told(|it| matches!(it, TraceDetail::SendRetried { .. }));
    assert_eq!(told, "p has no answer for 1 of t/0, and sends again");
}

#[test]
fn without_idempotence_records_come_twice_and_out_of_order() {
    let run = without_answers("enable.idempotence=false");
    let numbers = run.numbers();
    assert!(!numbers.is_sorted(), "{numbers:?}");
    let mut distinct = numbers.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct, (1..=8).collect::<Vec<_>>());
    assert!(numbers.len() > distinct.len(), "{numbers:?}");
}

#[test]
fn one_request_in_flight_keeps_the_order_of_what_comes_twice() {
    let run = without_answers(
        "enable.idempotence=false max.in.flight.requests.per.connection=1 batch.size=0",
    );
    let numbers = run.numbers();
    assert!(numbers.is_sorted(), "{numbers:?}");
    assert!(numbers.len() > 8, "{numbers:?}");
}

#[test]
fn a_record_that_nobody_takes_is_given_up_after_delivery_timeout_ms() {
    let mut run = Run::new(&[
        TOPIC,
        "broker stop 1",
        "broker stop 2",
        "broker stop 3",
        "producer create p topic=t fields='n: sequence' rate=1/s count=3 \
         request.timeout.ms=1000 delivery.timeout.ms=5000",
        "run 7500ms",
    ]);
    assert_eq!(run.failures(), [(SendError::Timeout, 1); 2]);
    let told = run.told(|it| matches!(it, TraceDetail::SendFailed { .. }));
    assert_eq!(
        told,
        "p gives up 1 of t/0: TimeoutException: Expiring 1 record(s) for t-0:5000 ms has passed \
         since batch creation"
    );
    run.line("broker start 1");
    run.line("broker start 2");
    run.line("run 10s");
    assert_eq!(run.numbers(), [3], "what was given up does not come");
}

#[test]
fn without_retries_the_first_refusal_is_the_last() {
    let mut run = Run::new(&[
        TOPIC,
        "broker stop 2",
        "broker stop 3",
        "run 10s",
        "producer create p topic=t fields='n: sequence' rate=1/s count=3 retries=0",
        "run 3500ms",
    ]);
    assert_eq!(run.failures(), [(SendError::NotEnoughReplicas, 1); 3]);
    run.line("broker start 2");
    run.line("run 10s");
    assert!(run.numbers().is_empty());
    let failed: Vec<u64> = run.lab.world().producers().map(|it| it.failed).collect();
    assert_eq!(failed, [3]);
}

#[test]
fn what_can_never_be_taken_is_not_tried_again() {
    let run = Run::new(&[
        "topic create t max.message.bytes=40",
        "producer create p topic=t fields='n: sequence; \
         x: one of a, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' rate=1/s count=9",
        "run 10s",
    ]);
    let failures = run.failures();
    assert!(
        failures
            .iter()
            .all(|it| *it == (SendError::RecordTooLarge, 1))
    );
    assert_eq!(failures.len() + run.numbers().len(), 9);
    assert!(!failures.is_empty() && failures.len() < 9);
}

#[test]
fn a_full_buffer_blocks_the_producer_and_then_costs_records() {
    let run = Run::new(&[
        TOPIC,
        "broker stop 1",
        "broker stop 2",
        "broker stop 3",
        "producer create p topic=t fields='n: sequence' rate=10/s \
         buffer.memory=20 max.block.ms=1000",
        "run 5s",
    ]);
    let failures = run.failures();
    assert!(failures.iter().all(|it| *it == (SendError::BufferFull, 1)));
    assert!((3..=5).contains(&failures.len()), "{failures:?}");
}

#[test]
fn what_waited_goes_in_order_once_there_is_a_leader_again() {
    let mut run = Run::new(&[
        "topic create t",
        "broker stop 1",
        "producer create p topic=t fields='n: sequence' rate=10/s count=30",
        "run 5s",
    ]);
    assert!(run.numbers().is_empty());
    run.line("broker start 1");
    run.line("run 1s");
    assert_eq!(run.numbers(), (1..=30).collect::<Vec<_>>());
    let (end, hash) = (run.lab.world().now(), run.lab.hash());
    run.lab.seek_step(run.lab.world().step() / 2);
    run.lab.seek_time(end);
    assert_eq!(run.lab.hash(), hash);
    assert_eq!(run.lab.world().now() - end, Millis::ZERO);
}

#[test]
fn settings_that_do_not_go_together_are_refused_at_their_place() {
    for (settings, place) in [
        ("enable.idempotence=true acks=1", "acks=1"),
        ("enable.idempotence=true retries=0", "retries=0"),
        (
            "linger.ms=5 max.in.flight.requests.per.connection=6",
            "max.in.flight.requests.per.connection=6",
        ),
        ("delivery.timeout.ms=2 linger.ms=5", "delivery.timeout.ms=2"),
    ] {
        let line = format!("producer create p topic=t generator=ratings {settings}");
        let found = Command::parse(&line).expect_err("Kafka refuses it");
        let span = found.span.expect("it has a place");
        assert_eq!(
            (found.code.as_str(), span.of(&line)),
            ("invalid-config", place)
        );
    }
}
