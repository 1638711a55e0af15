//! What queries leave to the clock, which here is virtual time: the record cache is sent on at
//! commits, and the rows of an outer join that wait for a match go on when none can come.

use headwater_base::{Millis, NoTrace};
use headwater_core::command::Command;
use headwater_core::lab::{Lab, LabConfig};

fn run(lab: &mut Lab, script: &str) {
    for outcome in lab.execute(&Command::Sql(script.to_owned())) {
        assert!(outcome.ok, "{}", outcome.message);
    }
    lab.settle(&mut NoTrace);
}

fn lab(script: &str) -> Lab {
    let mut lab = Lab::new(LabConfig { seed: 7 });
    run(&mut lab, script);
    lab
}

/// The values of a topic, by partition.
fn values(lab: &Lab, topic: &str) -> Vec<String> {
    let cluster = lab.world().cluster();
    let topic = cluster.topic_named(topic).unwrap();
    let mut values = Vec::new();
    for partition in &topic.partitions {
        let log = cluster.partition(*partition).unwrap();
        for record in log.read(0, u64::MAX, u64::MAX).unwrap() {
            let value = record.value.map(<[u8]>::to_vec).unwrap_or_default();
            values.push(String::from_utf8(value).unwrap());
        }
    }
    values
}

const COUNTS: &str = "
SET 'cache.max.bytes.buffering' = '100000';
SET 'commit.interval.ms' = '5000';
CREATE STREAM s (k STRING KEY, v INT)
  WITH (KAFKA_TOPIC = 's', PARTITIONS = 2, VALUE_FORMAT = 'JSON');
CREATE TABLE c AS SELECT v, COUNT(*) AS n FROM s GROUP BY v;";

const FOUR: &str = "
INSERT INTO s VALUES ('a', 1);
INSERT INTO s VALUES ('b', 1);
INSERT INTO s VALUES ('c', 1);
INSERT INTO s VALUES ('d', 2);";

#[test]
fn the_record_cache_is_sent_on_at_commits() {
    let mut lab = lab(COUNTS);
    run(&mut lab, FOUR);
    lab.advance(Millis(1000));
    assert_eq!(values(&lab, "C"), Vec::<String>::new());
    lab.advance(Millis(5000));
    let mut found = values(&lab, "C");
    found.sort();
    assert_eq!(found, [r#"{"N":1}"#, r#"{"N":3}"#]);
    run(&mut lab, FOUR);
    lab.advance(Millis(10_000));
    assert_eq!(values(&lab, "C").len(), 4);
}

#[test]
fn how_time_is_cut_cannot_be_seen_through_a_cache() {
    let mut whole = lab(COUNTS);
    let mut cut = whole.clone();
    run(&mut whole, FOUR);
    run(&mut cut, FOUR);
    whole.advance(Millis(12_000));
    for _ in 0..120 {
        cut.advance(Millis(100));
    }
    assert_eq!(whole.hash(), cut.hash());
    assert_eq!(values(&whole, "C"), values(&cut, "C"));
}

#[test]
fn rows_without_a_match_go_on_when_their_window_has_closed() {
    let mut lab = lab("
CREATE STREAM l (k STRING KEY, v INT)
  WITH (KAFKA_TOPIC = 'l', PARTITIONS = 1, VALUE_FORMAT = 'JSON');
CREATE STREAM r (k STRING KEY, v INT)
  WITH (KAFKA_TOPIC = 'r', PARTITIONS = 1, VALUE_FORMAT = 'JSON');
CREATE STREAM j AS SELECT l.k AS k, l.v AS lv, r.v AS rv FROM l
  LEFT JOIN r WITHIN 10 SECONDS GRACE PERIOD 5 SECONDS ON l.k = r.k;");
    run(
        &mut lab,
        "INSERT INTO l VALUES ('a', 1); INSERT INTO l VALUES ('b', 2);",
    );
    lab.advance(Millis(2000));
    run(&mut lab, "INSERT INTO r VALUES ('b', 3);");
    let matched = r#"{"LV":2,"RV":3}"#;
    assert_eq!(values(&lab, "J"), [matched]);
    lab.advance(Millis(20_000));
    assert_eq!(
        values(&lab, "J"),
        [matched],
        "time alone moves no stream time"
    );
    run(&mut lab, "INSERT INTO r VALUES ('z', 4);");
    assert_eq!(values(&lab, "J"), [matched, r#"{"LV":1,"RV":null}"#]);
}
