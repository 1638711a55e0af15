//! Tasks out of their changelogs: after random input, the stores that are rebuilt from the
//! changelog topics alone equal the live ones, and a laboratory whose tasks have all been replaced
//! that way goes on as if nothing had happened.

use headwater_base::{PartitionId, TopicId};
use headwater_log::NewRecord;
use headwater_sql::runtime::immediate::Immediate;
use headwater_sql::runtime::{Scratch, TaskRef};
use proptest::prelude::*;

const SOURCES: &str = "
    CREATE STREAM s (k STRING KEY, g STRING, v BIGINT, d DOUBLE)
      WITH (KAFKA_TOPIC='s', PARTITIONS=2, VALUE_FORMAT='JSON');
    CREATE STREAM r (k STRING KEY, g STRING, v BIGINT, d DOUBLE)
      WITH (KAFKA_TOPIC='r', PARTITIONS=2, VALUE_FORMAT='JSON');
    CREATE TABLE t (k STRING PRIMARY KEY, g STRING, v BIGINT, d DOUBLE)
      WITH (KAFKA_TOPIC='t', PARTITIONS=2, VALUE_FORMAT='JSON');
    CREATE TABLE u (k STRING PRIMARY KEY, g STRING, v BIGINT, d DOUBLE)
      WITH (KAFKA_TOPIC='u', PARTITIONS=2, VALUE_FORMAT='JSON');";

const TOPICS: [&str; 4] = ["s", "r", "t", "u"];

/// One query for each kind of store.
const QUERIES: [&str; 16] = [
    "CREATE TABLE q AS SELECT g, COUNT(*) AS n, SUM(d) AS x, AVG(v) AS a, MAX(d) AS m,
       LATEST_BY_OFFSET(v) AS l, EARLIEST_BY_OFFSET(g, 2) AS e FROM s GROUP BY g;",
    "CREATE TABLE q AS SELECT k, COLLECT_LIST(g) AS c, COLLECT_SET(v) AS o, TOPK(v, 2) AS p,
       HISTOGRAM(g) AS h, COUNT_DISTINCT(g) AS n, STDDEV_SAMP(v) AS x FROM s GROUP BY k;",
    "CREATE TABLE q AS SELECT k, COUNT(*) AS n FROM s WINDOW TUMBLING
       (SIZE 20 MILLISECONDS, RETENTION 60 MILLISECONDS, GRACE PERIOD 10 MILLISECONDS) GROUP BY k;",
    "CREATE TABLE q AS SELECT k, SUM(v) AS n FROM s WINDOW HOPPING
       (SIZE 20 MILLISECONDS, ADVANCE BY 5 MILLISECONDS, GRACE PERIOD 5 MILLISECONDS)
       GROUP BY k EMIT FINAL;",
    "CREATE TABLE q AS SELECT g, COUNT(*) AS n, MIN(v) AS m FROM s WINDOW SESSION
       (10 MILLISECONDS, GRACE PERIOD 10 MILLISECONDS) GROUP BY g EMIT FINAL;",
    "CREATE TABLE q AS SELECT g, COUNT(*) AS n, COLLECT_LIST(v) AS m FROM s WINDOW SESSION
       (10 MILLISECONDS) GROUP BY g;",
    "CREATE TABLE q AS SELECT *, ROWTIME AS a, ROWPARTITION AS b, ROWOFFSET AS c FROM t
       WHERE v > 2;",
    "CREATE TABLE q AS SELECT g, SUM(v) AS n, AVG(d) AS a FROM t GROUP BY g HAVING SUM(v) > 3;",
    "CREATE STREAM q AS SELECT s.k, s.v, t.g FROM s LEFT JOIN t ON s.k = t.k;",
    "CREATE STREAM q AS SELECT s.k, s.v, r.v FROM s
       JOIN r WITHIN 10 MILLISECONDS ON s.k = r.k;",
    "CREATE STREAM q AS SELECT s.k, s.v, r.g FROM s
       LEFT JOIN r WITHIN (10 MILLISECONDS, 5 MILLISECONDS) GRACE PERIOD 5 MILLISECONDS
       ON s.k = r.k;",
    "CREATE STREAM q AS SELECT ROWKEY, s.v, r.g FROM s
       FULL OUTER JOIN r WITHIN 5 MILLISECONDS GRACE PERIOD 0 MILLISECONDS ON s.g = r.g;",
    "CREATE TABLE q AS SELECT ROWKEY, t.v, u.v, t.d FROM t FULL OUTER JOIN u ON t.k = u.k;",
    "CREATE TABLE q AS SELECT t.k, t.v, u.v, t.d FROM t LEFT JOIN u ON t.k = u.k WHERE t.v > 1;",
    "CREATE TABLE q AS SELECT t.k, t.v, u.v, t.g FROM t JOIN u ON t.g = u.k;",
    "CREATE TABLE q AS SELECT t.k, t.v, u.v, t.g FROM t LEFT JOIN u ON t.g = u.k WHERE t.v > 1;",
];

/// A record: which source, key, value columns, time.
#[derive(Clone, Debug)]
struct Row {
    source: usize,
    key: u8,
    value: Option<(u8, i64)>,
    time: i64,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let value = prop::option::weighted(0.85, (0..3u8, 0..6i64));
    let row = (0..4usize, 0..4u8, value, 0..30i64).prop_map(|(source, key, value, time)| Row {
        source,
        key,
        value,
        time,
    });
    prop::collection::vec(row, 1..60).prop_map(|mut rows| {
        for (at, row) in rows.iter_mut().enumerate() {
            row.time += at as i64 * 4;
        }
        rows
    })
}

fn append(lab: &mut Immediate, row: &Row) {
    let key = format!("key{}", row.key);
    let value = row.value.map(|(group, number)| {
        let double = number as f64 / 3.0;
        match group {
            0 => format!(r#"{{"G":null,"V":{number},"D":{double}}}"#),
            _ => format!(r#"{{"G":"key{group}","V":{number},"D":{double}}}"#),
        }
    });
    let value = value.as_deref().map(str::as_bytes);
    let record = NewRecord::new(row.time, Some(key.as_bytes()), value);
    lab.append(TOPICS[row.source], None, record).unwrap();
}

/// Replaces every task by one that is made of its changelogs, read in batches.
fn replace_tasks(lab: &mut Immediate, batch: u64) {
    let query = lab.engine.queries().last().unwrap().clone();
    for (index, live) in query.tasks.iter().enumerate() {
        let task = index as u32;
        let mut standby = query.standby(task).unwrap();
        let mut scratch = Scratch::default();
        while standby.lag(&lab.log) > 0 {
            let lag = standby.lag(&lab.log);
            let read = standby.restore(&query.plan, &lab.log, batch, &mut scratch);
            assert_eq!(read, Ok(batch.min(lag)));
        }
        for (live, restored) in live.stores.iter().zip(&standby.stores) {
            assert_eq!(live.contents(), restored.contents());
        }
        let query = query.id;
        let committed = live.committed();
        lab.engine
            .take_over(TaskRef { query, task }, standby, &committed);
    }
}

type Written = (TopicId, u32, u64, i64, Option<Vec<u8>>, Option<Vec<u8>>);

/// All records of all topics.
fn records(lab: &Immediate) -> Vec<Written> {
    let mut all = Vec::new();
    for topic in lab.log.topics() {
        for (number, partition) in topic.partitions.iter().enumerate() {
            let partition: PartitionId = *partition;
            let log = lab.log.partition(partition).unwrap();
            for record in log.read(log.start_offset(), u64::MAX, u64::MAX).unwrap() {
                all.push((
                    topic.id,
                    number as u32,
                    record.offset,
                    record.timestamp,
                    record.key.map(<[u8]>::to_vec),
                    record.value.map(<[u8]>::to_vec),
                ));
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 120,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn restored_tasks_go_on_as_the_live_ones(
        before in rows(), after in rows(), batch in 1..7u64, query in 0..QUERIES.len()
    ) {
        let mut live = Immediate::default();
        live.run(SOURCES).unwrap();
        live.run(QUERIES[query]).unwrap();
        before.iter().for_each(|row| append(&mut live, row));
        let mut restored = live.clone();
        replace_tasks(&mut restored, batch);
        let later = |row: &Row| Row { time: row.time + 150, ..row.clone() };
        for row in after.iter().map(later) {
            append(&mut live, &row);
            append(&mut restored, &row);
        }
        prop_assert_eq!(records(&live), records(&restored));
    }
}
