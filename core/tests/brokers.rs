//! What commands say of brokers and topics: preferred leaders, laggards, defaults of topics, and
//! records that are deleted by hand.

use headwater_base::{BrokerId, Millis, TraceDetail, TraceEvent};
use headwater_core::command::{Command, Line};
use headwater_core::lab::{Lab, LabConfig};
use headwater_log::Partition;

fn lab(lines: &[&str]) -> Lab {
    let mut lab = Lab::new(LabConfig { seed: 4 });
    for line in lines {
        say(&mut lab, line).unwrap_or_else(|found| panic!("{line}: {found}"));
    }
    lab
}

/// What a line answers, or the first finding with its hints.
fn say(lab: &mut Lab, line: &str) -> Result<String, String> {
    let command = match (Line::parse(line), line.strip_prefix("sql ")) {
        (_, Some(sql)) => Command::Sql(sql.to_owned()),
        (Ok(Some(Line::Command(command))), _) => command,
        (Ok(Some(Line::Run(length))), _) => {
            lab.advance(length);
            return Ok(String::new());
        }
        (other, _) => panic!("{line}: {other:?}"),
    };
    let outcome = lab.execute(&command).remove(0);
    match outcome.ok {
        true => Ok(outcome.message),
        false => Err(outcome.message),
    }
}

fn partition<'a>(lab: &'a Lab, topic: &str, number: usize) -> &'a Partition {
    let cluster = lab.world().cluster();
    let topic = cluster.topic_named(topic).expect("it is there");
    cluster
        .partition(topic.partitions[number])
        .expect("it is there")
}

fn leader(lab: &Lab) -> Option<u32> {
    let leader = partition(lab, "t", 0).replication().leader;
    leader.map(|it| it.0)
}

#[test]
fn preferred_leaders_lead_again_by_command_or_by_themselves() {
    let mut lab = lab(&["topic create t replication-factor=3"]);
    assert_eq!(leader(&lab), Some(1));
    let refused = say(&mut lab, "topic elect t").unwrap_err();
    assert_eq!(refused, "Leader election not needed for topic partition.");
    for line in ["broker stop 1", "run 20s"] {
        say(&mut lab, line).expect("it is possible");
    }
    assert_eq!(leader(&lab), Some(2));
    let refused = say(&mut lab, "topic elect t").unwrap_err();
    assert_eq!(refused, "The preferred leader was not available.");
    for line in ["broker start 1", "run 1s"] {
        say(&mut lab, line).expect("it is possible");
    }
    assert_eq!(leader(&lab), Some(2), "whoever leads goes on");
    assert_eq!(
        say(&mut lab, "topic elect t"),
        Ok("Elected t/0: 1.".to_owned())
    );
    assert_eq!(leader(&lab), Some(1));
    // And once more, this time the controller sees to it, five minutes after the beginning.
    for line in ["broker stop 1", "run 20s", "broker start 1", "run 250s"] {
        say(&mut lab, line).expect("it is possible");
    }
    assert_eq!(leader(&lab), Some(2));
    say(&mut lab, "run 10s").expect("it is possible");
    assert_eq!(leader(&lab), Some(1));
}

#[test]
fn leaders_stay_where_the_rebalance_is_switched_off() {
    let lab = lab(&[
        "broker alter auto.leader.rebalance.enable=false",
        "topic create t replication-factor=2",
        "broker stop 1",
        "run 20s",
        "broker start 1",
        "run 700s",
    ]);
    assert_eq!(leader(&lab), Some(2));
}

#[test]
fn a_follower_that_lags_for_replica_lag_time_max_ms_is_not_in_sync() {
    for (settings, most) in [("broker alter replica.lag.time.max.ms=3000", 3), ("", 8)] {
        let mut lab = lab(&["topic create t replication-factor=2"]);
        if !settings.is_empty() {
            say(&mut lab, settings).expect("it is possible");
        }
        // The controller would take a second longer, and the leader is the first to notice.
        for line in [
            "producer create p topic=t generator=ratings rate=10/s acks=1",
            "run 1s",
            "broker isolate 2",
        ] {
            say(&mut lab, line).expect("it is possible");
        }
        let began = lab.world().now();
        let mut trace: Vec<TraceEvent> = Vec::new();
        lab.advance_to(began + Millis::seconds(20), u64::MAX, &mut trace);
        let out = |event: &TraceEvent| match event.detail {
            TraceDetail::InSyncChanged {
                broker: BrokerId(2),
                in_sync: false,
                ..
            } => Some((event.time - began).0 / 1000),
            _ => None,
        };
        let noticed = trace.iter().find_map(out).expect("it falls out");
        assert!((most..=most + 1).contains(&noticed), "{noticed} s");
    }
}

#[test]
fn topics_take_what_they_do_not_say_from_the_brokers() {
    let mut lab = lab(&[
        "broker alter num.partitions=4 default.replication.factor=2 min.insync.replicas=2 \
         log.segment.bytes=1000",
        "topic create a",
        "topic create b partitions=1 replication-factor=1 min.insync.replicas=1 \
         retention.bytes=-1 segment.bytes=1073741824",
    ]);
    let topic = |lab: &Lab, name: &str| {
        let found = lab.world().cluster().topic_named(name);
        found.expect("it is there").clone()
    };
    let (a, b) = (topic(&lab, "a"), topic(&lab, "b"));
    assert_eq!((a.partition_count(), a.replication_factor), (4, 2));
    assert_eq!(
        (a.config.min_insync_replicas, a.config.segment_bytes),
        (2, 1000)
    );
    assert_eq!((b.partition_count(), b.replication_factor), (1, 1));
    assert_eq!(
        (b.config.retention_bytes, b.config.segment_bytes),
        (-1, 1 << 30)
    );
    let refused = say(&mut lab, "topic create c replication-factor=4").unwrap_err();
    assert_eq!(
        refused,
        "Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot \
         be reached because only 3 broker(s) are registered."
    );
    let sql = |replicas: i32| {
        format!(
            "sql CREATE STREAM S{replicas} (A INT) WITH (KAFKA_TOPIC = 's{replicas}', \
             PARTITIONS = 1, REPLICAS = {replicas}, VALUE_FORMAT = 'JSON');"
        )
    };
    say(&mut lab, &sql(3)).expect("there are three");
    assert_eq!(topic(&lab, "s3").replication_factor, 3);
    let refused = say(&mut lab, &sql(5)).unwrap_err();
    assert!(
        refused.contains("only 3 broker(s) are registered"),
        "{refused}"
    );
    for line in ["broker start 4", "broker start 5"] {
        say(&mut lab, line).expect("there can be five");
    }
    say(&mut lab, &sql(5)).expect("there are five now");
    assert_eq!(topic(&lab, "s5").replication_factor, 5);
}

#[test]
fn records_are_deleted_by_hand_where_the_policy_deletes() {
    let mut lab = lab(&[
        "topic create t",
        "produce t value=a",
        "produce t value=b",
        "produce t value=c",
        "topic delete-records t to=2",
    ]);
    let range = |lab: &Lab| {
        let log = partition(lab, "t", 0);
        (log.start_offset(), log.end_offset())
    };
    assert_eq!(range(&lab), (2, 3));
    let refused = say(&mut lab, "topic delete-records t to=9").unwrap_err();
    assert!(refused.contains("out of range"), "{refused}");
    assert_eq!(range(&lab), (2, 3));
    say(&mut lab, "topic delete-records t to=latest").expect("it is possible");
    assert_eq!(range(&lab), (3, 3));
    say(&mut lab, "topic create k cleanup.policy=compact").expect("it is possible");
    let refused = say(&mut lab, "topic delete-records k to=latest").unwrap_err();
    assert_eq!(
        refused,
        "Records of the partition can not be deleted due to the configured policy."
    );
}

#[test]
fn a_consumer_without_offset_and_reset_policy_stops() {
    let mut lab = lab(&[
        "topic create t partitions=2",
        "produce t value=a",
        "consumer create c topic=t group=g auto.offset.reset=none",
        "run 1s",
    ]);
    let reader = |lab: &Lab, at: usize| {
        let found = lab.world().consumers().nth(at).expect("it was there");
        (found.running, found.delivered)
    };
    assert_eq!(reader(&lab, 0), (false, 0));
    for line in [
        "group reset g topic=t to=earliest",
        "consumer create d topic=t group=g auto.offset.reset=none",
        "run 1s",
    ] {
        say(&mut lab, line).expect("it is possible");
    }
    assert_eq!(reader(&lab, 1), (true, 1));
}
