//! Joins in the simulation, over several partitions: tasks that read several topics, records that
//! change their partition, and the two ways of a foreign-key join's records. What comes out in the
//! end does not depend on which task was first, so it is compared with what a table of all rows
//! says.

use headwater_base::{Chance, Millis, NoTrace};
use headwater_core::command::Command;
use headwater_core::lab::{Lab, LabConfig};
use headwater_core::observe;
use std::collections::BTreeMap;

/// A lab that was told some statements, and settled.
fn lab(seed: u64, script: &str) -> Lab {
    let mut lab = Lab::new(LabConfig { seed });
    run(&mut lab, script);
    lab
}

fn run(lab: &mut Lab, script: &str) {
    for outcome in lab.execute(&Command::Sql(script.to_owned())) {
        assert!(outcome.ok, "{}", outcome.message);
    }
    lab.settle(&mut NoTrace);
}

/// The rows of a query as they stand once nothing happens any more, sorted.
fn rows(lab: &Lab, sql: &str) -> Vec<String> {
    let mut lab = lab.clone();
    let outcome = lab.execute(&Command::Sql(sql.to_owned())).remove(0);
    assert!(outcome.ok, "{}", outcome.message);
    lab.advance(Millis::seconds(5));
    let found = outcome
        .query
        .and_then(|query| observe::result(lab.world(), query));
    let rows: Vec<Vec<_>> = match found {
        Some(result) => result.rows.into_iter().map(|row| row.cells).collect(),
        None => outcome.rows,
    };
    let text = |row: Vec<_>| {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        cells.join(" ")
    };
    let mut rows: Vec<String> = rows.into_iter().map(text).collect();
    rows.sort();
    rows
}

const STREAMS: &str = "
CREATE STREAM l (id INT KEY, k INT, v INT)
  WITH (KAFKA_TOPIC = 'l', PARTITIONS = 3, VALUE_FORMAT = 'JSON');
CREATE STREAM r (id INT KEY, k INT, v INT)
  WITH (KAFKA_TOPIC = 'r', PARTITIONS = 3, VALUE_FORMAT = 'JSON');
CREATE STREAM by_key AS
  SELECT l.id AS id, l.v AS lv, r.v AS rv FROM l JOIN r WITHIN 1 HOUR ON l.id = r.id;
CREATE STREAM by_value AS
  SELECT l.k AS k, l.v AS lv, r.v AS rv FROM l JOIN r WITHIN 1 HOUR ON l.k = r.k;
";

/// Rows of (id, k, v) for a source.
fn drawn(chance: &mut Chance, count: i64) -> Vec<(i64, i64, i64)> {
    let row = |v| (chance.range(0, 7), chance.range(0, 3), v);
    (0..count).map(row).collect()
}

fn inserts(source: &str, rows: &[(i64, i64, i64)]) -> String {
    let insert =
        |(id, k, v): &(i64, i64, i64)| format!("INSERT INTO {source} VALUES ({id}, {k}, {v});");
    rows.iter().map(insert).collect()
}

#[test]
fn streams_of_three_partitions_meet_by_key_and_by_value() {
    let mut chance = Chance::new(3, "joins");
    let (left, right) = (drawn(&mut chance, 30), drawn(&mut chance, 30));
    let mut lab = lab(5, STREAMS);
    run(&mut lab, &inserts("l", &left));
    run(&mut lab, &inserts("r", &right));
    let meet = |same: &dyn Fn(&(i64, i64, i64)) -> i64| {
        let mut pairs = Vec::new();
        for l in &left {
            for r in right.iter().filter(|r| same(r) == same(l)) {
                pairs.push(format!("{} {} {}", same(l), l.2, r.2));
            }
        }
        pairs.sort();
        pairs
    };
    let by_key = rows(&lab, "SELECT id, lv, rv FROM by_key EMIT CHANGES;");
    assert_eq!(by_key, meet(&|row| row.0));
    let by_value = rows(&lab, "SELECT k, lv, rv FROM by_value EMIT CHANGES;");
    assert_eq!(by_value, meet(&|row| row.1));
}

#[test]
fn the_changelogs_of_a_join_can_be_looked_into() {
    let mut lab = lab(5, STREAMS);
    run(&mut lab, &inserts("l", &[(1, 2, 3)]));
    let (engine, log) = (lab.world().engine(), lab.world().cluster());
    let mut seen = 0;
    let changelogs = log.topics().filter(|it| it.name.contains("JOINTHIS"));
    for topic in changelogs {
        let reader = engine.record_reader(&topic.name);
        for partition in &topic.partitions {
            for record in log.partition(*partition).expect("it is there").iter() {
                let found = reader.read(&record);
                assert_eq!(found.error, None);
                let key = if topic.name.contains("BY_KEY") {
                    "1"
                } else {
                    "2"
                };
                assert_eq!(found.columns[0].text, key);
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 2);
}

const TABLES: &str = "
CREATE TABLE a (id INT PRIMARY KEY, k INT, v INT)
  WITH (KAFKA_TOPIC = 'a', PARTITIONS = 3, VALUE_FORMAT = 'JSON');
CREATE TABLE b (id INT PRIMARY KEY, k INT, v INT)
  WITH (KAFKA_TOPIC = 'b', PARTITIONS = 3, KEY_FORMAT = 'JSON', VALUE_FORMAT = 'JSON');
CREATE TABLE c (id INT PRIMARY KEY, k INT, v INT)
  WITH (KAFKA_TOPIC = 'c', PARTITIONS = 2, VALUE_FORMAT = 'JSON');
CREATE TABLE inner_ab AS SELECT a.id AS id, a.v AS x, b.v AS y FROM a JOIN b ON a.id = b.id;
CREATE TABLE full_ab AS
  SELECT ROWKEY AS id, a.v AS x, b.v AS y FROM a FULL JOIN b ON a.id = b.id;
CREATE TABLE inner_ac AS SELECT a.id AS id, a.v AS x, c.v AS y FROM a JOIN c ON a.k = c.id;
CREATE TABLE left_ac AS SELECT a.id AS id, a.v AS x, c.v AS y FROM a LEFT JOIN c ON a.k = c.id;
CREATE TABLE chain AS
  SELECT a.id AS id, c.v AS x, b.v AS y FROM a JOIN c ON a.k = c.id JOIN b ON a.id = b.id;
";

/// The last row of each id.
fn table(rows: &[(i64, i64, i64)]) -> BTreeMap<i64, (i64, i64)> {
    rows.iter().map(|(id, k, v)| (*id, (*k, *v))).collect()
}

#[test]
fn tables_of_different_partitions_and_key_formats_meet() {
    for seed in 0..8 {
        let mut chance = Chance::new(seed, "joins");
        let mut lab = lab(seed, TABLES);
        let mut written: BTreeMap<&str, Vec<(i64, i64, i64)>> = BTreeMap::new();
        for round in 0..6 {
            let name = ["a", "b", "c"][round % 3];
            let rows = drawn(&mut chance, 6);
            run(&mut lab, &inserts(name, &rows));
            written.entry(name).or_default().extend(rows);
        }
        let [a, b, c] = ["a", "b", "c"].map(|name| table(&written[name]));
        let shown = |value: Option<&(i64, i64)>| {
            value.map_or_else(|| "null".to_owned(), |(_, v)| v.to_string())
        };
        let sorted = |rows: &mut dyn Iterator<Item = String>| {
            let mut rows: Vec<String> = rows.collect();
            rows.sort();
            rows
        };
        let line = |id: &i64, x: Option<&(i64, i64)>, y: Option<&(i64, i64)>| {
            format!("{id} {} {}", shown(x), shown(y))
        };
        let select = |name: &str| rows(&lab, &format!("SELECT id, x, y FROM {name};"));
        let both = a.keys().filter(|id| b.contains_key(id));
        let expected = sorted(&mut both.map(|id| line(id, a.get(id), b.get(id))));
        assert_eq!(select("inner_ab"), expected);
        let any = a.keys().chain(b.keys().filter(|id| !a.contains_key(id)));
        let expected = sorted(&mut any.map(|id| line(id, a.get(id), b.get(id))));
        assert_eq!(select("full_ab"), expected);
        let known = a.iter().filter(|(_, (k, _))| c.contains_key(k));
        let expected = sorted(&mut known.map(|(id, row)| line(id, Some(row), c.get(&row.0))));
        assert_eq!(select("inner_ac"), expected);
        let expected = sorted(&mut a.iter().map(|(id, row)| line(id, Some(row), c.get(&row.0))));
        assert_eq!(select("left_ac"), expected);
        let known = a
            .iter()
            .filter(|(id, (k, _))| c.contains_key(k) && b.contains_key(id));
        let expected = sorted(&mut known.map(|(id, row)| line(id, c.get(&row.0), b.get(id))));
        assert_eq!(select("chain"), expected);
    }
}
