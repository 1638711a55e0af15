//! Readers, groups and queries that come and go, as a visitor would make them.

use headwater_base::{Millis, TraceDetail, TraceEvent};
use headwater_core::command::Command;
use headwater_core::lab::{Lab, LabConfig};
use headwater_view::{Cell, LabView, ReaderView, StatementOutcome, ViewRequest};
use std::collections::BTreeSet;

fn lab(commands: &[&str]) -> Lab {
    let mut lab = Lab::new(LabConfig { seed: 5 });
    for command in commands {
        run(&mut lab, command);
    }
    lab
}

fn run(lab: &mut Lab, text: &str) -> StatementOutcome {
    let command = match text.strip_prefix("sql ") {
        Some(sql) => Command::Sql(sql.to_owned()),
        None => Command::parse(text).unwrap_or_else(|found| panic!("{text}: {found:?}")),
    };
    let outcomes = lab.execute(&command);
    let last = outcomes.last().expect("an outcome").clone();
    assert!(last.ok, "{text}: {last:?}");
    last
}

fn view(lab: &Lab) -> LabView {
    headwater_core::observe::Observer::default().view(lab.world(), &ViewRequest::default())
}

fn reader(lab: &Lab, name: &str) -> ReaderView {
    let readers = view(lab).readers;
    readers
        .into_iter()
        .find(|it| it.name == name)
        .expect("the reader")
}

fn lag(lab: &Lab, name: &str) -> u64 {
    reader(lab, name).positions.iter().map(|it| it.lag).sum()
}

const WORLD: [&str; 2] = [
    "topic create ratings partitions=3",
    "producer create ratings topic=ratings generator=ratings rate=10/s",
];

#[test]
fn readers_have_positions_of_their_own() {
    let mut lab = lab(&WORLD);
    run(&mut lab, "consumer create Sally topic=ratings");
    run(&mut lab, "consumer create Fred topic=ratings interval=10s");
    run(&mut lab, "consumer create George topic=ratings rate=1/s");
    lab.advance(Millis(9_950));
    assert_eq!((lag(&lab, "Sally"), lag(&lab, "Fred")), (0, 99));
    assert_eq!(lag(&lab, "George"), 99 - reader(&lab, "George").delivered);
    lab.advance(Millis(100));
    assert!(
        lag(&lab, "Fred") <= 1,
        "Fred has come and taken what was there"
    );
}

#[test]
fn a_reader_that_seeks_reads_again() {
    let mut lab = lab(&WORLD);
    run(&mut lab, "consumer create Sally topic=ratings");
    lab.advance(Millis::seconds(5));
    let before = reader(&lab, "Sally").delivered;
    run(&mut lab, "consumer seek Sally to=earliest");
    lab.advance(Millis(200));
    assert!(reader(&lab, "Sally").delivered >= 2 * before);
}

#[test]
fn members_of_a_group_share_what_they_read() {
    let mut lab = lab(&WORLD);
    run(
        &mut lab,
        "consumer create left topic=ratings group=dashboard",
    );
    run(
        &mut lab,
        "consumer create right topic=ratings group=dashboard",
    );
    let mut trace: Vec<TraceEvent> = Vec::new();
    let until = lab.world().now() + Millis::seconds(12);
    lab.advance_to(until, u64::MAX, &mut trace);
    let delivered = trace.iter().filter_map(|event| match event.detail {
        TraceDetail::RecordDelivered { record, .. } => Some(record),
        _ => None,
    });
    let delivered: Vec<_> = delivered.collect();
    let distinct: BTreeSet<_> = delivered.iter().collect();
    assert_eq!(delivered.len(), distinct.len(), "no record is read twice");
    assert!(
        delivered.len() >= 118,
        "{} records were read",
        delivered.len()
    );
    let held = |name| reader(&lab, name).positions.len();
    assert_eq!(held("left") + held("right"), 3);
    let committed = |name| {
        let positions = reader(&lab, name).positions;
        positions
            .iter()
            .all(|it| it.committed.is_some_and(|offset| offset <= it.position))
    };
    assert!(committed("left") && committed("right"));
    run(&mut lab, "consumer stop left");
    // The other one learns of it by its next heartbeat.
    lab.advance(Millis::seconds(4));
    assert_eq!(reader(&lab, "right").positions.len(), 3);
}

#[test]
fn a_paused_query_waits_and_goes_on() {
    let mut lab = lab(&WORLD);
    run(
        &mut lab,
        "sql CREATE STREAM R (RATING_ID STRING KEY, STARS INT) \
         WITH (KAFKA_TOPIC = 'ratings', VALUE_FORMAT = 'JSON');",
    );
    let started = run(
        &mut lab,
        "sql CREATE STREAM S AS SELECT * FROM R EMIT CHANGES;",
    );
    let name = started
        .message
        .rsplit(' ')
        .next()
        .expect("a name")
        .to_owned();
    let written = |lab: &Lab| -> u64 {
        let topic = view(lab)
            .topics
            .into_iter()
            .find(|it| it.name == "S")
            .expect("the sink");
        topic.partitions.iter().map(|it| it.end_offset).sum()
    };
    lab.advance(Millis::seconds(2));
    run(&mut lab, &format!("sql PAUSE {name};"));
    let paused_at = written(&lab);
    lab.advance(Millis::seconds(2));
    assert_eq!(written(&lab), paused_at);
    run(&mut lab, "producer stop ratings");
    run(&mut lab, &format!("sql RESUME {name};"));
    lab.advance(Millis(100));
    assert_eq!(
        written(&lab),
        40,
        "nothing was lost, and nobody had to write for it to go on"
    );
}

#[test]
fn a_query_over_a_topic_that_retention_eats_goes_on() {
    let mut lab = lab(&[
        "topic create small partitions=1 segment.bytes=1000 retention.bytes=2000",
        "producer create small topic=small generator=ratings rate=50/s",
        "sql CREATE STREAM R (RATING_ID STRING KEY, STARS INT) \
         WITH (KAFKA_TOPIC = 'small', VALUE_FORMAT = 'JSON');",
    ]);
    let started = run(
        &mut lab,
        "sql CREATE STREAM S AS SELECT * FROM R EMIT CHANGES;",
    );
    let name = started
        .message
        .rsplit(' ')
        .next()
        .expect("a name")
        .to_owned();
    run(&mut lab, &format!("sql PAUSE {name};"));
    lab.advance(Millis::seconds(60));
    run(&mut lab, &format!("sql RESUME {name};"));
    lab.advance(Millis::seconds(5));
    let topics = view(&lab).topics;
    let lane = |name: &str| {
        let topic = topics.iter().find(|it| it.name == name).expect("the topic");
        topic.partitions[0].clone()
    };
    assert!(lane("small").start_offset > 0, "retention has eaten");
    let newest = lane("S")
        .tiles
        .last()
        .expect("a record")
        .cause
        .expect("its cause");
    assert!(
        newest.offset + 2 >= lane("small").end_offset,
        "the query has caught up"
    );
}

#[test]
fn answers_of_a_pull_query_keep_the_spelling_of_numbers() {
    let mut lab = lab(&[
        "sql CREATE STREAM S (K STRING KEY, D DECIMAL(5, 2), X DOUBLE) \
         WITH (KAFKA_TOPIC = 's', PARTITIONS = 1, VALUE_FORMAT = 'JSON');",
        "sql INSERT INTO S (K, D, X) VALUES ('a', 1.50, 1E10);",
    ]);
    lab.settle(&mut Vec::new());
    let rows = run(&mut lab, "sql SELECT D, X FROM S;").rows;
    let expected = vec![Cell::Number("1.50".into()), Cell::Number("1.0E10".into())];
    assert_eq!(rows, [expected]);
}
