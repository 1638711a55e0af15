//! The processing log as records of the laboratory: each leads to the record that it is about, and
//! replay makes the same ones. A query that an error stopped says so in the view.

use headwater_base::{NoTrace, RecordId};
use headwater_core::command::Command;
use headwater_core::lab::{Lab, LabConfig};
use headwater_core::observe::{Observer, record_detail};
use headwater_view::{QueryState, StatementOutcome, ViewRequest};

const SCRIPT: &str = "
CREATE STREAM sales (shop STRING KEY, amount DECIMAL(3, 1), sold STRING)
  WITH (KAFKA_TOPIC='sales', VALUE_FORMAT='JSON', PARTITIONS=1);
CREATE STREAM timed AS SELECT shop, CAST(sold AS INT) AS sold FROM sales;
CREATE TABLE takings AS SELECT shop, SUM(amount) AS total FROM sales GROUP BY shop;
INSERT INTO sales VALUES ('north', 60.0, '1');
INSERT INTO sales VALUES ('north', 60.0, 'noon');
";

fn run(lab: &mut Lab, sql: &str) -> Vec<StatementOutcome> {
    let outcomes = lab.execute(&Command::Sql(sql.to_owned()));
    for outcome in &outcomes {
        assert!(outcome.ok, "{}", outcome.message);
    }
    lab.settle(&mut NoTrace);
    outcomes
}

fn lab() -> Lab {
    let mut lab = Lab::new(LabConfig { seed: 7 });
    run(&mut lab, SCRIPT);
    lab
}

fn entries(lab: &Lab) -> Vec<RecordId> {
    let cluster = lab.world().cluster();
    let topic = cluster
        .find("default_ksql_processing_log")
        .expect("there were errors");
    let partition = topic.partitions[0];
    let end = cluster.partition(partition).expect("it").end_offset();
    (0..end)
        .map(|offset| RecordId { partition, offset })
        .collect()
}

#[test]
fn an_entry_leads_to_the_record_that_it_is_about() {
    let lab = lab();
    let entries = entries(&lab);
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let record = lab.world().cluster().record(entry).expect("an entry");
        let cause = record.cause.expect("what it is about");
        let topic = lab
            .world()
            .cluster()
            .partition(cause.partition)
            .expect("it");
        let topic = lab.world().cluster().topic(topic.topic()).expect("a topic");
        assert_eq!((&*topic.name, cause.offset), ("sales", 1));
        let detail = record_detail(&lab, entry).expect("the inspector has it");
        assert_eq!(detail.came_from[0].input, Some(cause));
    }
    let kept = lab.world().processing_log().filter(|it| it.entry.is_some());
    assert_eq!(kept.count(), 2);
}

#[test]
fn a_query_that_stopped_says_at_which_record() {
    let lab = lab();
    let view = Observer::default().view(lab.world(), &ViewRequest::default());
    let stopped = view.queries.iter().find(|it| it.state == QueryState::Error);
    let stopped = stopped.expect("the aggregate overflows");
    let failure = stopped.failure.as_ref().expect("why");
    assert!(
        failure.message.ends_with("Numeric field overflow"),
        "{failure:?}"
    );
    assert_eq!(failure.place, "sales/0@1");
    assert!(failure.record.is_some());
}

#[test]
fn replay_makes_the_same_log() {
    let mut lab = lab();
    let (hash, step, before) = (lab.hash(), lab.world().step(), entries(&lab));
    lab.seek_step(1);
    assert!(
        lab.world()
            .cluster()
            .find("default_ksql_processing_log")
            .is_none()
    );
    lab.seek_step(step);
    assert_eq!(lab.hash(), hash);
    assert_eq!(entries(&lab), before);
}

#[test]
fn a_query_over_the_log_that_fails_does_not_feed_itself() {
    let mut lab = lab();
    run(
        &mut lab,
        "CREATE STREAM copied AS SELECT CAST(logger AS INT) AS n FROM KSQL_PROCESSING_LOG;
         CREATE STREAM again AS SELECT 1 / (n + 1) AS m, CAST('x' AS INT) AS x FROM copied;",
    );
    assert_eq!(entries(&lab).len(), 2);
    assert!(lab.world().processing_log().count() > 2);
}

#[test]
fn an_assertion_waits_in_virtual_time() {
    let mut lab = Lab::new(LabConfig { seed: 7 });
    let assert = |lab: &mut Lab, sql: &str| lab.execute(&Command::Sql(sql.to_owned())).remove(0);
    let before = lab.world().now();
    let failed = assert(&mut lab, "ASSERT TOPIC nowhere TIMEOUT 5 SECONDS;");
    assert_eq!(failed.message, "Topic nowhere does not exist");
    assert_eq!(lab.world().now(), before, "what is refused changes nothing");
    run(&mut lab, SCRIPT);
    let found = assert(
        &mut lab,
        "ASSERT TOPIC sales WITH (PARTITIONS=1, REPLICAS=1);",
    );
    assert_eq!(
        (found.ok, found.message.as_str()),
        (true, "Topic sales exists")
    );
    let wrong = assert(&mut lab, "ASSERT TOPIC sales WITH (PARTITIONS=3);");
    let expected = "Mismatched configuration for topic sales: For config partitions, expected 3 \
                    actual 1";
    assert_eq!(wrong.message, expected);
}
