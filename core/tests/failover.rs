//! What must hold whichever nodes come, leave and are lost, tried with seeds: tables come out the
//! same, each task has one place, copies are elsewhere, and nothing is counted again but what was
//! done after the last commit. A failure names its seed.

mod node_lab;

use headwater_base::{Millis, NoTrace, QueryId};
use headwater_core::lab::{Lab, LabConfig};
use headwater_core::world::{CopyKind, TaskAddress, TaskState};
use node_lab::{Draws, command, records, replays, rows, run};
use std::collections::BTreeMap;

/// Sources, and queries whose final tables do not depend on repeats, nor on what comes first of
/// two partitions.
const QUERIES: &str = "
CREATE TABLE names (g STRING PRIMARY KEY, name STRING)
  WITH (KAFKA_TOPIC = 'names', PARTITIONS = 3, VALUE_FORMAT = 'JSON');
INSERT INTO names VALUES ('g0', 'zero');
INSERT INTO names VALUES ('g1', 'one');
CREATE STREAM s (k STRING KEY, g STRING, v BIGINT)
  WITH (KAFKA_TOPIC = 's', PARTITIONS = 3, VALUE_FORMAT = 'JSON');
CREATE TABLE latest AS
  SELECT k, LATEST_BY_OFFSET(v) AS l, COLLECT_SET(g) AS c FROM s GROUP BY k;
CREATE TABLE extremes AS SELECT g, MAX(v) AS high, MIN(v) AS low FROM s GROUP BY g;
CREATE TABLE big AS SELECT k, l FROM latest WHERE l > 40;
CREATE TABLE named AS
  SELECT extremes.g, high, name FROM extremes LEFT JOIN names ON extremes.g = names.g;
CREATE STREAM even AS
  SELECT s.g AS g, k, v, name FROM s JOIN names ON s.g = names.g WHERE v % 2 = 0;
CREATE TABLE counts AS SELECT k, COUNT(*) AS n FROM s GROUP BY k;
CREATE TABLE groups AS SELECT g, COUNT(*) AS n FROM s GROUP BY g;";
const TABLES: [&str; 4] = ["latest", "extremes", "big", "named"];
const RECORDS: u64 = 16;

/// What a run is with besides its records.
#[derive(Clone, Copy, Debug, Default)]
struct Shape {
    nodes: u64,
    standbys: u64,
    /// `acceptable.recovery.lag` is 0, so that tasks move when their state is warm.
    warms_up: bool,
}

impl Shape {
    fn lab(self) -> Lab {
        let mut lab = Lab::new(LabConfig { seed: 7 });
        for number in 2..=self.nodes {
            command(&mut lab, &format!("node create {number}"));
        }
        let standbys = self.standbys;
        run(
            &mut lab,
            &format!("SET 'num.standby.replicas' = '{standbys}';"),
        );
        if self.warms_up {
            run(&mut lab, "SET 'acceptable.recovery.lag' = '0';");
            run(&mut lab, "SET 'probing.rebalance.interval.ms' = '60000';");
        }
        run(&mut lab, QUERIES);
        lab.settle(&mut NoTrace);
        lab
    }
}

/// Appends the records of a seed with pauses; before each, `meanwhile` may do something.
fn feed(lab: &mut Lab, seed: u64, mut meanwhile: impl FnMut(&mut Lab, u64)) {
    let mut draws = Draws(seed);
    for at in 0..RECORDS {
        meanwhile(lab, at);
        let (key, group, value) = (draws.below(5), draws.below(3), draws.below(100));
        let line = format!(r#"produce s key=k{key} value={{"G": "g{group}", "V": {value}}}"#);
        command(lab, &line);
        lab.advance(Millis(draws.below(700) as i64));
        holds(lab, seed);
    }
    // Two sessions, and a probing rebalance for each pair of tasks.
    for _ in 0..6 {
        lab.advance(Millis::seconds(60));
        holds(lab, seed);
    }
}

/// The invariants: a task runs where a node runs; copies are on other nodes that run; no more of
/// them than were asked for.
fn holds(lab: &Lab, seed: u64) {
    let all = lab.world().nodes();
    let mut places = BTreeMap::new();
    for (address, place) in all.places() {
        places.insert(address, place);
        let runs = place.state != TaskState::Orphaned;
        assert!(
            !runs || all.is_running(place.node),
            "seed {seed}: {place:?}"
        );
    }
    let mut counts: BTreeMap<(TaskAddress, bool), u32> = BTreeMap::new();
    let mut warm_ups: BTreeMap<QueryId, u32> = BTreeMap::new();
    for (address, node, copy) in all.copies() {
        if copy.kind == CopyKind::Left {
            continue;
        }
        let is_warm_up = copy.kind == CopyKind::WarmUp;
        assert!(all.is_running(node), "seed {seed}: a copy where nobody is");
        assert_ne!(
            places[&address].node, node,
            "seed {seed}: a copy beside its task"
        );
        *counts.entry((address, is_warm_up)).or_default() += 1;
        *warm_ups.entry(address.query).or_default() += u32::from(is_warm_up);
    }
    for ((address, is_warm_up), count) in counts {
        let query = lab.world().ksql().query(address.query).expect("a query");
        let wanted = query.plan.availability;
        let most = if is_warm_up {
            1
        } else {
            wanted.standby_replicas
        };
        assert!(count <= most, "seed {seed}: {count} copies");
        assert!(
            warm_ups[&address.query] <= wanted.warmup_replicas,
            "seed {seed}"
        );
    }
}

/// After a while of quiet all tasks run, evenly spread, with all the standbys there can be.
fn has_settled(lab: &Lab, shape: Shape, seed: u64) {
    let all = lab.world().nodes();
    let running: Vec<_> = all.iter().filter(|it| it.is_running()).collect();
    let mut loads: BTreeMap<QueryId, Vec<usize>> = BTreeMap::new();
    for (address, place) in all.places() {
        assert_eq!(place.state, TaskState::Running, "seed {seed}: {address:?}");
        let at = running
            .iter()
            .position(|it| it.id == place.node)
            .expect("it runs");
        let load = loads
            .entry(address.query)
            .or_insert_with(|| vec![0; running.len()]);
        load[at] += 1;
    }
    for (query, load) in loads {
        let (low, high) = (load.iter().min(), load.iter().max());
        assert!(
            high.unwrap_or(&0) - low.unwrap_or(&0) <= 1,
            "seed {seed}: {query:?} {load:?}"
        );
    }
    let most = shape.standbys.min(running.len() as u64 - 1);
    let mut standbys: BTreeMap<TaskAddress, u64> = BTreeMap::new();
    for (address, _, copy) in all.copies() {
        assert_ne!(
            copy.kind,
            CopyKind::WarmUp,
            "seed {seed}: something still warms up"
        );
        *standbys.entry(address).or_default() += u64::from(copy.kind == CopyKind::Standby);
    }
    assert!(standbys.values().all(|it| *it <= most), "seed {seed}");
    assert!(
        most == 0 || standbys.values().any(|it| *it == most),
        "seed {seed}"
    );
}

fn agree(one: &mut Lab, other: &mut Lab, tables: &[&str], seed: u64) {
    for table in tables {
        assert_eq!(rows(one, table), rows(other, table), "seed {seed}: {table}");
    }
}

fn shape(draws: &mut Draws, nodes: u64) -> Shape {
    Shape {
        nodes,
        standbys: draws.below(3),
        warms_up: draws.below(2) == 0,
    }
}

#[test]
fn tables_are_the_same_with_one_two_three_nodes_and_with_one_killed() {
    let mut repeated = 0;
    for seed in 0..36 {
        let mut draws = Draws(seed + 1_000);
        let one = Shape {
            nodes: 1,
            ..Shape::default()
        };
        let mut calm = one.lab();
        feed(&mut calm, seed, |_, _| ());
        let expected = records(&calm, "EVEN");
        for nodes in [2, 3] {
            let shape = shape(&mut draws, nodes);
            let mut more = shape.lab();
            feed(&mut more, seed, |_, _| ());
            agree(&mut calm, &mut more, &TABLES, seed);
            agree(&mut calm, &mut more, &["counts", "groups"], seed);
            assert_eq!(records(&more, "EVEN"), expected, "seed {seed}");
            has_settled(&more, shape, seed);
        }
        let nodes = 1 + draws.below(3);
        let shape = shape(&mut draws, nodes);
        let (moment, victim) = (draws.below(RECORDS), 1 + draws.below(nodes));
        let back = moment + 1 + draws.below(RECORDS);
        let mut hit = shape.lab();
        feed(&mut hit, seed, |lab, at| {
            if at == moment {
                command(lab, &format!("node kill {victim}"));
            } else if at == back {
                command(lab, &format!("node start {victim}"));
            }
        });
        if back >= RECORDS {
            command(&mut hit, &format!("node start {victim}"));
            lab_rests(&mut hit, seed);
        }
        agree(&mut calm, &mut hit, &TABLES, seed);
        has_settled(&hit, shape, seed);
        let mut found = records(&hit, "EVEN");
        repeated += found.len() - expected.len();
        found.dedup();
        let mut once = expected;
        once.dedup();
        assert_eq!(found, once, "seed {seed}: something is lost, or made up");
        if seed % 10 == 0 {
            replays(&mut hit);
        }
    }
    assert!(repeated > 0, "no kill came between a record and its commit");
}

fn lab_rests(lab: &mut Lab, seed: u64) {
    for _ in 0..6 {
        lab.advance(Millis::seconds(60));
        holds(lab, seed);
    }
}

/// Where the tasks of persistent queries are, by node.
fn places(lab: &Lab) -> BTreeMap<TaskAddress, u32> {
    let all = lab.world().nodes().places();
    all.map(|(address, place)| (address, place.node.0))
        .collect()
}

#[test]
fn who_leaves_in_good_order_repeats_nothing_and_moves_only_what_is_theirs() {
    for seed in 0..30 {
        let mut draws = Draws(seed + 2_000);
        let mut calm = Shape {
            nodes: 1,
            ..Shape::default()
        }
        .lab();
        feed(&mut calm, seed, |_, _| ());
        let shape = Shape {
            nodes: 2,
            standbys: draws.below(2),
            warms_up: false,
        };
        let mut changing = shape.lab();
        let mut up = vec![true, true];
        feed(&mut changing, seed, |lab, _| {
            let before = places(lab);
            let node = draws.below(3) as usize;
            match up.get(node).copied() {
                None if draws.below(3) == 0 => {
                    command(lab, "node create 3");
                    up.push(true);
                }
                Some(true) if up.iter().filter(|it| **it).count() > 1 => {
                    command(lab, &format!("node stop {}", node + 1));
                    up[node] = false;
                }
                Some(false) => {
                    command(lab, &format!("node start {}", node + 1));
                    up[node] = true;
                }
                _ => return,
            }
            let after = places(lab);
            for (address, from) in before {
                let (to, node) = (after[&address], node as u32);
                let is_theirs = if up[node as usize] {
                    to == node
                } else {
                    from == node
                };
                assert!(
                    from == to || is_theirs,
                    "seed {seed}: {address:?} {from} {to}"
                );
            }
        });
        agree(&mut calm, &mut changing, &TABLES, seed);
        agree(&mut calm, &mut changing, &["counts", "groups"], seed);
        assert_eq!(
            records(&calm, "EVEN"),
            records(&changing, "EVEN"),
            "seed {seed}"
        );
    }
}

/// For each query the records that tasks on a node have taken since they have committed.
fn uncommitted(lab: &Lab, node: &str) -> BTreeMap<String, u64> {
    let world = lab.world();
    let id = world
        .nodes()
        .iter()
        .find(|it| *it.name == *node)
        .expect("a node")
        .id;
    let sum = |it: &headwater_sql::runtime::Committed| -> u64 {
        it.positions.iter().map(|(_, offset)| offset).sum()
    };
    let mut found = BTreeMap::new();
    for (address, place) in world.nodes().places() {
        if place.node != id || place.state != TaskState::Running {
            continue;
        }
        let cluster = world.ksql().of(address.query);
        let now = cluster
            .engine
            .committed(address.task_ref())
            .expect("a task");
        let before = world.nodes().committed(address).expect("it");
        let query = world.ksql().query(address.query).expect("a query");
        *found.entry(query.name.clone()).or_default() += sum(&now) - sum(before);
    }
    found
}

fn total(lab: &mut Lab, table: &str) -> u64 {
    let outcome = node_lab::sql(lab, &format!("SELECT n FROM {table};"));
    let cells = outcome.rows.iter().map(|row| row[0].to_string());
    cells.map(|it| it.parse::<u64>().expect("a number")).sum()
}

/// What `at_least_once` says of a count: too high by what was counted after the last commit, whose
/// writes to the changelog were made; by nothing else.
#[test]
fn a_kill_counts_again_what_was_not_committed_and_nothing_else() {
    let mut repeated = 0;
    for seed in 0..40 {
        let mut draws = Draws(seed + 3_000);
        let nodes = 1 + draws.below(3);
        let shape = shape(&mut draws, nodes);
        let (moment, victim) = (draws.below(RECORDS), 1 + draws.below(nodes));
        let mut open = BTreeMap::new();
        let mut lab = shape.lab();
        feed(&mut lab, seed, |lab, at| {
            if at == moment {
                open = uncommitted(lab, &victim.to_string());
                command(lab, &format!("node kill {victim}"));
                command(lab, &format!("node start {victim}"));
            }
        });
        let of = |prefix: &str| -> u64 {
            let found = open.iter().filter(|(name, _)| name.starts_with(prefix));
            found.map(|(_, count)| *count).sum()
        };
        assert_eq!(
            total(&mut lab, "counts"),
            RECORDS + of("CTAS_COUNTS"),
            "seed {seed}"
        );
        assert_eq!(
            total(&mut lab, "groups"),
            RECORDS + of("CTAS_GROUPS"),
            "seed {seed}"
        );
        repeated += of("CTAS_COUNTS");
    }
    assert!(repeated > 0, "no kill came between a record and its commit");
}
