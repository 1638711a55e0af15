//! The record cache: what is held back until a commit changes how often rows are emitted, never
//! what the tables come to.

use headwater_log::NewRecord;
use headwater_sql::runtime::immediate::Immediate;
use proptest::prelude::*;
use std::collections::BTreeMap;

const SOURCES: &str = "
    CREATE STREAM s (k STRING KEY, v BIGINT)
      WITH (KAFKA_TOPIC='s', PARTITIONS=2, VALUE_FORMAT='JSON');
    CREATE STREAM r (k STRING KEY, v BIGINT)
      WITH (KAFKA_TOPIC='r', PARTITIONS=2, VALUE_FORMAT='JSON');
    CREATE TABLE t (k STRING PRIMARY KEY, v BIGINT)
      WITH (KAFKA_TOPIC='t', PARTITIONS=2, VALUE_FORMAT='JSON');
    CREATE TABLE u (k STRING PRIMARY KEY, v BIGINT)
      WITH (KAFKA_TOPIC='u', PARTITIONS=2, VALUE_FORMAT='JSON');";

const TOPICS: [&str; 4] = ["s", "r", "t", "u"];

/// Queries whose tables are the same with and without a cache.
const TABLES: [&str; 7] = [
    "CREATE TABLE q AS SELECT k, COUNT(*) AS n, SUM(v) AS x FROM s GROUP BY k;",
    "CREATE TABLE q AS SELECT v, COUNT(*) AS n FROM s GROUP BY v HAVING COUNT(*) < 3;",
    "CREATE TABLE q AS SELECT k, SUM(v) AS n FROM s WINDOW HOPPING
       (SIZE 20 MILLISECONDS, ADVANCE BY 10 MILLISECONDS) GROUP BY k;",
    "CREATE TABLE q AS SELECT k, COUNT(*) AS n FROM s WINDOW SESSION (10 MILLISECONDS) GROUP BY k;",
    "CREATE TABLE q AS SELECT * FROM t WHERE v > 2;",
    "CREATE TABLE q AS SELECT v, COUNT(*) AS n FROM t GROUP BY v;",
    "CREATE TABLE q AS SELECT ROWKEY, t.v, u.v FROM t FULL OUTER JOIN u ON t.k = u.k;",
];

/// Queries that no cache changes.
const UNCACHED: [&str; 3] = [
    "CREATE TABLE q AS SELECT k, COUNT(*) AS n FROM s WINDOW TUMBLING
       (SIZE 10 MILLISECONDS, GRACE PERIOD 0 MILLISECONDS) GROUP BY k EMIT FINAL;",
    "CREATE STREAM q AS SELECT s.k, s.v, r.v FROM s
       LEFT JOIN r WITHIN 10 MILLISECONDS ON s.k = r.k;",
    "CREATE STREAM q AS SELECT * FROM s WHERE v > 1;",
];

type Row = (usize, u8, Option<i64>, i64);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let value = prop::option::weighted(0.8, 0..5i64);
    prop::collection::vec((0..4usize, 0..3u8, value, 0..60i64), 1..60)
}

fn lab(cache_bytes: u64, query: &str) -> Immediate {
    let mut lab = Immediate::default();
    lab.run(SOURCES).unwrap();
    let set = format!("SET 'cache.max.bytes.buffering' = '{cache_bytes}';");
    lab.run(&set).unwrap();
    lab.run(query).unwrap();
    lab
}

fn append(lab: &mut Immediate, (source, key, value, time): &Row) {
    let key = format!("key{key}");
    let value = value.map(|value| format!(r#"{{"V":{value}}}"#));
    let value = value.as_deref().map(str::as_bytes);
    let record = NewRecord::new(*time, Some(key.as_bytes()), value);
    lab.append(TOPICS[*source], None, record).unwrap();
}

type Written = (Option<Vec<u8>>, Option<Vec<u8>>, i64);

fn written(lab: &Immediate) -> Vec<Written> {
    let mut all = Vec::new();
    for partition in &lab.log.topic_named("Q").unwrap().partitions {
        let log = lab.log.partition(*partition).unwrap();
        for record in log.read(0, u64::MAX, u64::MAX).unwrap() {
            let bytes = |part: Option<&[u8]>| part.map(<[u8]>::to_vec);
            all.push((bytes(record.key), bytes(record.value), record.timestamp));
        }
    }
    all
}

/// What a reader of the topic knows in the end. Groups without rows do not count: one that came
/// and went between two commits was never seen.
fn table(lab: &Immediate) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut table = BTreeMap::new();
    for (key, value, _) in written(lab) {
        match value {
            Some(value) => table.insert(key.unwrap(), value),
            None => table.remove(&key.unwrap()),
        };
    }
    table.retain(|_, value| value != br#"{"N":0}"#);
    table
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 150,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn tables_come_to_the_same_with_fewer_rows(
        rows in rows(), query in 0..TABLES.len(), bytes in prop_oneof![1..400u64, Just(1_000_000)],
        commits in prop::collection::vec(any::<bool>(), 60)
    ) {
        let (mut plain, mut cached) = (lab(0, TABLES[query]), lab(bytes, TABLES[query]));
        // What a join makes of rows that are deleted between commits depends on when those are.
        let is_kept = |row: &&Row| row.2.is_some() || !TABLES[query].contains("JOIN");
        for (row, commit) in rows.iter().filter(is_kept).zip(commits) {
            append(&mut plain, row);
            append(&mut cached, row);
            if commit {
                cached.commit().unwrap();
                prop_assert_eq!(table(&plain), table(&cached));
            }
        }
        cached.commit().unwrap();
        prop_assert_eq!(table(&plain), table(&cached));
        prop_assert!(written(&cached).len() <= written(&plain).len());
    }

    #[test]
    fn windows_that_are_final_and_joins_of_streams_are_not_held_back(
        rows in rows(), query in 0..UNCACHED.len()
    ) {
        let (mut plain, mut cached) = (lab(0, UNCACHED[query]), lab(1000, UNCACHED[query]));
        for row in &rows {
            append(&mut plain, row);
            append(&mut cached, row);
        }
        prop_assert_eq!(written(&plain), written(&cached));
    }
}

#[test]
fn rows_wait_for_the_commit_and_their_changelog_does_too() {
    let mut lab = lab(1_000_000, TABLES[0]);
    for value in 1..4 {
        append(&mut lab, &(0, 1, Some(value), value));
        append(&mut lab, &(0, 2, Some(value), value));
    }
    assert_eq!(written(&lab), []);
    let rows = lab.engine.queries().last().unwrap().table_rows(lab.now);
    assert_eq!(rows.len(), 2, "the store has what is held back");
    lab.commit().unwrap();
    let values: Vec<String> = written(&lab)
        .into_iter()
        .map(|(_, value, time)| format!("{} @{time}", String::from_utf8(value.unwrap()).unwrap()))
        .collect();
    assert_eq!(values, [r#"{"N":3,"X":6} @3"#; 2]);
    let changelog = |topic: &&headwater_log::Topic| topic.name.ends_with("changelog");
    let topic = lab.log.topics().find(changelog).unwrap();
    let logs = topic
        .partitions
        .iter()
        .map(|it| lab.log.partition(*it).unwrap());
    assert_eq!(logs.map(|log| log.end_offset()).sum::<u64>(), 2);
}

#[test]
fn a_full_cache_sends_on_what_a_store_holds_back() {
    let mut lab = lab(300, TABLES[0]);
    for value in 1..30 {
        append(&mut lab, &(0, value as u8, Some(value), value));
    }
    let count = written(&lab).len();
    assert!((1..29).contains(&count), "{count}");
}

#[test]
fn a_session_that_was_sent_on_and_updated_ends_where_it_is_merged() {
    let (mut plain, mut cached) = (lab(0, TABLES[3]), lab(1_000_000, TABLES[3]));
    for (time, commits) in [(41, true), (41, false), (31, true)] {
        append(&mut plain, &(0, 0, Some(1), time));
        append(&mut cached, &(0, 0, Some(1), time));
        if commits {
            cached.commit().unwrap();
        }
    }
    assert_eq!(table(&plain), table(&cached));
}
