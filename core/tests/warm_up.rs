//! Warm-up replicas: a task moves to a node when what the node lacks of its state is acceptable,
//! and runs where it is until then.

mod node_lab;

use headwater_base::{Millis, NoTrace, TraceDetail, TraceEvent};
use headwater_core::lab::{Lab, LabConfig};
use headwater_core::observe::narrate;
use headwater_view::NodeTaskState;
use node_lab::{command, nodes, replays, rows, run, sql};

/// Six tasks on one node with some hundred records of state, and a second node that joins.
fn lab(settings: &str) -> Lab {
    let mut lab = Lab::new(LabConfig { seed: 1 });
    run(&mut lab, settings);
    run(
        &mut lab,
        "CREATE STREAM s (k STRING KEY, v BIGINT)
          WITH (KAFKA_TOPIC = 's', PARTITIONS = 6, VALUE_FORMAT = 'JSON');
        CREATE TABLE t AS SELECT k, MAX(v) AS m FROM s GROUP BY k;",
    );
    for at in 0..400 {
        command(
            &mut lab,
            &format!(r#"produce s key=k{} value={{"V": {at}}}"#, at % 60),
        );
    }
    lab.advance(Millis::seconds(5));
    command(&mut lab, "node create 2");
    lab
}

const STRICT: &str = "SET 'acceptable.recovery.lag' = '0';
  SET 'probing.rebalance.interval.ms' = '60000';";

/// How many tasks of a node are in a state.
fn count(lab: &Lab, node: usize, state: NodeTaskState) -> usize {
    let tasks = &nodes(lab)[node].tasks;
    tasks.iter().filter(|it| it.state == state).count()
}

#[test]
fn what_is_acceptable_moves_at_once() {
    let lab = lab("SET 'num.standby.replicas' = '0';");
    assert_eq!(count(&lab, 0, NodeTaskState::Running), 3);
    assert_eq!(count(&lab, 1, NodeTaskState::Restoring), 3);
}

#[test]
fn a_task_moves_when_its_state_is_warm_and_two_warm_up_at_a_time() {
    let mut lab = lab(STRICT);
    let mut told = Vec::new();
    let start = lab.world().now();
    for (seconds, moved, warming) in [(0, 0, 2), (59, 0, 2), (61, 2, 1), (119, 2, 1), (121, 3, 0)] {
        let mut events: Vec<TraceEvent> = Vec::new();
        lab.advance_to(start + Millis::seconds(seconds), u64::MAX, &mut events);
        told.extend(events);
        assert_eq!(
            count(&lab, 0, NodeTaskState::Running),
            6 - moved,
            "at {seconds}"
        );
        assert_eq!(
            count(&lab, 1, NodeTaskState::Running),
            moved,
            "at {seconds}"
        );
        assert_eq!(
            count(&lab, 1, NodeTaskState::WarmingUp),
            warming,
            "at {seconds}"
        );
        // Nothing stands still meanwhile.
        assert_eq!(rows(&mut lab, "t").len(), 60);
    }
    let warmed = told
        .iter()
        .filter(|it| matches!(it.detail, TraceDetail::TaskWarmed { .. }));
    let told: Vec<String> = warmed
        .filter_map(|it| narrate(&[*it], lab.world()))
        .map(|it| it.text)
        .collect();
    let begins = |start: &str| told.iter().any(|it| it.starts_with(start));
    assert!(begins("Node 2 warms up for task 0_"), "{told:?}");
    assert!(begins("Node 2 has warmed up for task 0_"), "{told:?}");
    replays(&mut lab);
}

#[test]
fn a_node_that_is_warm_takes_over_when_the_other_is_killed() {
    let mut lab = lab(STRICT);
    run(&mut lab, "SET 'max.warmup.replicas' = '6';");
    lab.advance(Millis::seconds(10));
    assert_eq!(count(&lab, 1, NodeTaskState::WarmingUp), 2);
    let before = rows(&mut lab, "t");
    command(&mut lab, "node kill 1");
    lab.advance(Millis(45_000));
    assert_eq!(count(&lab, 1, NodeTaskState::Running), 2);
    assert_eq!(count(&lab, 1, NodeTaskState::Restoring), 4);
    lab.settle(&mut NoTrace);
    assert_eq!(rows(&mut lab, "t"), before);
}

#[test]
fn more_may_warm_up_at_a_time_and_standbys_are_kept_beside() {
    let more = "SET 'max.warmup.replicas' = '5'; SET 'num.standby.replicas' = '1';";
    let mut lab = lab(&format!("{STRICT} {more}"));
    assert_eq!(count(&lab, 1, NodeTaskState::WarmingUp), 3);
    assert_eq!(count(&lab, 1, NodeTaskState::Standby), 3);
    lab.advance(Millis::seconds(62));
    for node in 0..2 {
        assert_eq!(count(&lab, node, NodeTaskState::Running), 3);
        assert_eq!(count(&lab, node, NodeTaskState::Standby), 3);
    }
}

#[test]
fn what_kafka_streams_does_not_take_is_refused() {
    let mut lab = Lab::new(LabConfig { seed: 1 });
    for (name, value, least) in [
        ("max.warmup.replicas", "0", "1"),
        ("acceptable.recovery.lag", "-1", "0"),
        ("probing.rebalance.interval.ms", "59999", "60000"),
        ("num.standby.replicas", "-2", "0"),
    ] {
        let refused = sql(&mut lab, &format!("SET '{name}' = '{value}';"));
        let wanted = format!(
            "Invalid value {value} for configuration {name}: Value must be at least {least}"
        );
        assert_eq!(refused.message, wanted);
        let set = sql(&mut lab, &format!("SET 'ksql.streams.{name}' = '{least}';"));
        assert!(set.ok, "{}", set.message);
    }
    let refused = sql(&mut lab, "SET 'max.warmup.replica' = '1';");
    let hints = &refused.diagnostics[0].diagnostic.hints;
    assert_eq!(*hints, ["Did you mean 'max.warmup.replicas'?"]);
}
