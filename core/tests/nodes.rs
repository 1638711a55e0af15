//! Nodes of a ksqlDB cluster: however many there are and whichever is lost, nothing is lost that
//! queries make, and tables come out the same. A kill may repeat what was not committed.

mod node_lab;

use headwater_base::{Millis, NoTrace};
use headwater_core::command::Command;
use headwater_core::lab::{Lab, LabConfig};
use headwater_view::{NodeState, NodeTaskState};
use node_lab::{Draws, command, nodes, records, replays, rows, run, sql};
use std::collections::BTreeSet;

const QUERIES: &str = "
CREATE STREAM s (k STRING KEY, g STRING, v BIGINT)
  WITH (KAFKA_TOPIC = 's', PARTITIONS = 4, VALUE_FORMAT = 'JSON');
CREATE STREAM even AS SELECT k, v FROM s WHERE v % 2 = 0;
CREATE TABLE latest AS SELECT k, LATEST_BY_OFFSET(v) AS l, MIN(v) AS m FROM s GROUP BY k;
CREATE TABLE most AS SELECT g, MAX(v) AS m FROM s GROUP BY g;
CREATE TABLE counts AS SELECT g, COUNT(*) AS n, SUM(v) AS t FROM s GROUP BY g;";

fn lab(nodes: usize, standbys: u32) -> Lab {
    let mut lab = Lab::new(LabConfig { seed: 7 });
    for number in 2..=nodes {
        command(&mut lab, &format!("node create {number}"));
    }
    run(
        &mut lab,
        &format!("SET 'num.standby.replicas' = '{standbys}';"),
    );
    run(&mut lab, QUERIES);
    lab.settle(&mut NoTrace);
    lab
}

/// Appends 50 records with pauses; before each, `meanwhile` may do something.
fn feed(lab: &mut Lab, seed: u64, mut meanwhile: impl FnMut(&mut Lab, u64)) {
    let mut draws = Draws(seed);
    for at in 0..50 {
        meanwhile(lab, at);
        let (key, group, value) = (draws.below(9), draws.below(3), draws.below(100));
        let line = format!(r#"produce s key=k{key} value={{"G": "g{group}", "V": {value}}}"#);
        command(lab, &line);
        lab.advance(Millis(draws.below(400) as i64));
    }
    lab.advance(Millis::seconds(60));
}

fn states(lab: &Lab, node: usize) -> BTreeSet<String> {
    let tasks = &nodes(lab)[node].tasks;
    tasks.iter().map(|it| format!("{:?}", it.state)).collect()
}

#[test]
fn tables_are_the_same_with_one_two_and_three_nodes() {
    for seed in 0..4 {
        let mut one = lab(1, 0);
        feed(&mut one, seed, |_, _| ());
        for (count, standbys) in [(2, 0), (3, 0), (3, 1)] {
            let mut more = lab(count, standbys);
            let spread = nodes(&more);
            assert!(spread.iter().all(|it| it.tasks.len() >= 4), "{spread:?}");
            feed(&mut more, seed, |_, _| ());
            for table in ["latest", "most", "counts"] {
                assert_eq!(rows(&mut one, table), rows(&mut more, table), "seed {seed}");
            }
            assert_eq!(records(&one, "EVEN"), records(&more, "EVEN"), "seed {seed}");
        }
    }
}

#[test]
fn nodes_that_come_and_leave_in_good_order_change_nothing() {
    for seed in 0..6 {
        let mut one = lab(1, 0);
        feed(&mut one, seed, |_, _| ());
        let mut changing = lab(1, 0);
        feed(&mut changing, seed, |lab, at| match at + seed {
            10 => command(lab, "node create 2"),
            20 => command(lab, "node stop 1"),
            30 => command(lab, "node start 1"),
            40 => command(lab, "node stop 2"),
            _ => {}
        });
        for table in ["latest", "most", "counts"] {
            assert_eq!(
                rows(&mut one, table),
                rows(&mut changing, table),
                "seed {seed}"
            );
        }
        assert_eq!(
            records(&one, "EVEN"),
            records(&changing, "EVEN"),
            "seed {seed}"
        );
    }
}

#[test]
fn a_killed_node_loses_nothing_and_may_repeat() {
    let mut repeated = 0;
    for seed in 0..24 {
        let mut draws = Draws(seed + 1_000);
        let (count, standbys) = (2 + draws.below(2) as usize, draws.below(2) as u32);
        let (moment, victim) = (draws.below(50), 1 + draws.below(count as u64));
        let back = moment + 1 + draws.below(60);
        let mut calm = lab(1, 0);
        feed(&mut calm, seed, |_, _| ());
        let mut hit = lab(count, standbys);
        feed(&mut hit, seed, |lab, at| {
            if at == moment {
                command(lab, &format!("node kill {victim}"));
            } else if at == back {
                command(lab, &format!("node start {victim}"));
            }
        });
        for table in ["latest", "most"] {
            assert_eq!(rows(&mut calm, table), rows(&mut hit, table), "seed {seed}");
        }
        assert_eq!(
            rows(&mut calm, "counts").len(),
            rows(&mut hit, "counts").len()
        );
        let (all, found) = (records(&calm, "EVEN"), records(&hit, "EVEN"));
        assert!(found.len() >= all.len(), "seed {seed}: records are lost");
        repeated += found.len() - all.len();
        let mut once = found;
        once.dedup();
        let mut expected = all;
        expected.dedup();
        assert_eq!(once, expected, "seed {seed}");
        replays(&mut hit);
    }
    assert!(repeated > 0, "no kill came between a record and its commit");
}

#[test]
fn without_a_node_queries_stand_still_and_sql_is_refused() {
    let mut lab = lab(1, 0);
    feed(&mut lab, 3, |_, _| ());
    let before = rows(&mut lab, "counts");
    let written = records(&lab, "EVEN").len();
    command(&mut lab, "node kill 1");
    assert_eq!(states(&lab, 0), BTreeSet::from(["Orphaned".to_owned()]));
    command(&mut lab, r#"produce s key=k1 value={"G": "g1", "V": 2}"#);
    lab.advance(Millis::seconds(100));
    assert_eq!(records(&lab, "EVEN").len(), written);
    let refused = sql(&mut lab, "SELECT * FROM counts;");
    assert_eq!(refused.diagnostics[0].diagnostic.code, "no-node");
    command(&mut lab, "node start 1");
    lab.advance(Millis::seconds(10));
    assert_eq!(records(&lab, "EVEN").len(), written + 1);
    assert_ne!(rows(&mut lab, "counts"), before);
}

#[test]
fn a_task_is_taken_over_when_the_session_has_run_out_and_its_state_is_read_back() {
    let mut lab = lab(2, 0);
    feed(&mut lab, 5, |_, _| ());
    let before = rows(&mut lab, "latest");
    command(&mut lab, "node kill 1");
    lab.advance(Millis(44_000));
    assert_eq!(nodes(&lab)[0].state, NodeState::Killed);
    assert_eq!(states(&lab, 0), BTreeSet::from(["Orphaned".to_owned()]));
    let refused = sql(&mut lab, "SELECT * FROM latest;");
    assert_eq!(refused.diagnostics[0].diagnostic.code, "not-restored");
    lab.advance(Millis(1_050));
    assert!(states(&lab, 0).is_empty());
    let restoring = nodes(&lab)[1].tasks.clone().into_iter();
    let restoring = restoring.filter(|it| it.state == NodeTaskState::Restoring);
    assert!(restoring.clone().count() > 0);
    assert!(restoring.clone().all(|it| it.lag > 0));
    lab.advance(Millis(1_000));
    assert_eq!(states(&lab, 1), BTreeSet::from(["Running".to_owned()]));
    assert_eq!(rows(&mut lab, "latest"), before);
}

#[test]
fn a_standby_takes_over_at_once() {
    let mut lab = lab(2, 1);
    feed(&mut lab, 5, |_, _| ());
    let before = rows(&mut lab, "latest");
    assert!(states(&lab, 1).contains("Standby"));
    command(&mut lab, "node kill 1");
    lab.advance(Millis(45_000));
    assert_eq!(states(&lab, 1), BTreeSet::from(["Running".to_owned()]));
    assert_eq!(rows(&mut lab, "latest"), before);
}

#[test]
fn what_is_not_possible_with_nodes_is_refused() {
    let mut lab = lab(1, 0);
    for (line, code) in [
        ("node create 1", "node-exists"),
        ("node start 1", "node-state"),
        ("node kill 2", "unknown-node"),
        ("node stop 1 cluster=other", "unknown-cluster"),
    ] {
        let outcomes = lab.execute(&Command::parse(line).expect("it is a command"));
        assert_eq!(outcomes[0].diagnostics[0].diagnostic.code, code, "{line}");
    }
}

#[test]
fn statements_tell_on_how_many_nodes_queries_run() {
    let mut lab = lab(3, 0);
    let status = |lab: &mut Lab, text: &str| {
        let outcome = sql(lab, text);
        outcome.rows[0][2].to_string()
    };
    assert_eq!(status(&mut lab, "SHOW QUERIES;"), "RUNNING:3");
    command(&mut lab, "node kill 1");
    let silent = "RUNNING:2,UNRESPONSIVE:1";
    assert_eq!(status(&mut lab, "SHOW QUERIES;"), silent);
    let told = sql(&mut lab, "EXPLAIN CTAS_LATEST_2;").message;
    assert!(told.contains(silent), "{told}");
    lab.advance(Millis(46_000));
    assert_eq!(status(&mut lab, "SHOW QUERIES;"), "RUNNING:2");
}

#[test]
fn push_queries_end_with_the_node_that_answers_them() {
    let mut lab = lab(2, 0);
    let outcome = sql(&mut lab, "SELECT * FROM s EMIT CHANGES;");
    let query = outcome.query.expect("a push query");
    command(&mut lab, "node kill 2");
    assert_eq!(
        lab.world().engine().query(query).expect("it").state.word(),
        "RUNNING"
    );
    command(&mut lab, "node kill 1");
    assert_eq!(
        lab.world().engine().query(query).expect("it").state.word(),
        "ERROR"
    );
}

#[test]
fn restoring_goes_on_and_ends_when_it_has_to() {
    for seed in 0..10 {
        let mut draws = Draws(seed);
        let mut lab = Lab::new(LabConfig { seed });
        command(&mut lab, "node create 2");
        run(
            &mut lab,
            "CREATE STREAM s (k STRING KEY, v BIGINT)
          WITH (KAFKA_TOPIC = 's', PARTITIONS = 2, VALUE_FORMAT = 'JSON');
          CREATE TABLE t AS SELECT k, MAX(v) AS m FROM s GROUP BY k;",
        );
        for at in 0..150 + draws.below(100) {
            command(
                &mut lab,
                &format!(r#"produce s key=k{} value={{"V": {at}}}"#, draws.below(40)),
            );
        }
        lab.settle(&mut NoTrace);
        let expected = rows(&mut lab, "t");
        command(&mut lab, "node kill 1");
        lab.advance(Millis(45_000));
        let left = |lab: &Lab| -> u64 {
            let tasks = nodes(lab).into_iter().flat_map(|it| it.tasks);
            let restoring = tasks.filter(|it| it.state == NodeTaskState::Restoring);
            restoring.map(|it| it.lag).sum()
        };
        let mut before = left(&lab);
        assert!(before > 50, "seed {seed}: {before}");
        let mut rounds = 0;
        while before > 0 {
            lab.advance(Millis(100));
            let now = left(&lab);
            assert_eq!(now, before.saturating_sub(50), "seed {seed}");
            (before, rounds) = (now, rounds + 1);
        }
        assert!(rounds <= 5, "seed {seed}: {rounds}");
        assert_eq!(rows(&mut lab, "t"), expected, "seed {seed}");
    }
}
