//! Topics, cleaning and lone consumers, through the public door.

use headwater_base::limits::TOPICS_MAX;
use headwater_base::{ConsumerId, Effects, PartitionId, TopicId, VirtualTime};
use headwater_log::{
    Cluster, Consumer, ConsumerConfig, GroupInput, LogError, NewRecord, NewTopic, OffsetReset,
    Producer, ProducerRecord, TopicConfig,
};

const NOW: VirtualTime = VirtualTime::START;

fn append(cluster: &mut Cluster, partition: u32, count: usize) {
    let record = NewRecord::new(NOW.epoch_millis(), Some(b"key"), Some(&[0; 100]));
    let batch = vec![record; count];
    cluster
        .append(PartitionId(partition), &batch, NOW)
        .expect("it is valid");
}

fn refused(result: Result<TopicId, LogError>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn topics_are_refused_in_kafkas_words() {
    let mut cluster = Cluster::default();
    cluster
        .create_topic(NewTopic::new("a_b", 1))
        .expect("it is valid");
    let mut create = |name: &str, partitions, replication_factor| {
        refused(cluster.create_topic(NewTopic {
            replication_factor,
            ..NewTopic::new(name, partitions)
        }))
    };
    assert_eq!(create("a_b", 1, 1), "Topic 'a_b' already exists.");
    assert_eq!(
        create("a.b", 1, 1),
        "Topic 'a.b' collides with existing topics: a_b"
    );
    assert_eq!(
        create("caf\u{e9}", 1, 1),
        "Topic name is invalid: 'caf\u{e9}' contains one or more characters other than ASCII \
         alphanumerics, '.', '_' and '-'"
    );
    assert!(create(&"x".repeat(250), 1, 1).ends_with("longer than the max allowed length 249"));
    assert!(create("x", 0, 1).contains("non-positive"));
    assert!(create("x", 257, 1).contains("allows 256"));
    assert!(create("x", 1, 4).contains("only 3 broker(s) are registered"));
    assert!(create("x", 1, 0).contains("larger than 0"));
}

#[test]
fn ids_are_not_used_again_and_names_are() {
    let mut cluster = Cluster::default();
    let first = cluster
        .create_topic(NewTopic::new("t", 2))
        .expect("it is valid");
    append(&mut cluster, 1, 3);
    let before = cluster.clone();
    cluster.delete_topic(first).expect("it is there");
    assert!(cluster.find("t").is_none() && cluster.partition(PartitionId(1)).is_err());
    assert!(cluster.append(PartitionId(1), &[], NOW).is_err());
    let second = cluster
        .create_topic(NewTopic::new("t", 1))
        .expect("it is valid");
    let topic = cluster.topic(second).expect("it is there");
    assert_eq!(
        (second, topic.partition(0)),
        (TopicId(1), Ok(PartitionId(2)))
    );
    assert!(cluster.delete_topic(first).is_err());
    // The clone still has what was deleted.
    assert_eq!(
        before.partition(PartitionId(1)).map(|log| log.end_offset()),
        Ok(3)
    );
    let error = before.topic_named("tt").unwrap_err();
    assert_eq!(error.hints(), ["Did you mean t?"]);
}

#[test]
fn topics_are_limited() {
    let mut cluster = Cluster::default();
    for number in 0..TOPICS_MAX {
        cluster
            .create_topic(NewTopic::new(&format!("t{number}"), 1))
            .expect("it is valid");
    }
    let error = cluster
        .create_topic(NewTopic::new("one-more", 1))
        .unwrap_err();
    assert_eq!(error.code(), "too-many-topics");
}

#[test]
fn partitions_can_only_be_added() {
    let mut cluster = Cluster::default();
    let topic = cluster
        .create_topic(NewTopic::new("t", 3))
        .expect("it is valid");
    let error = cluster.add_partitions(topic, 2).unwrap_err();
    assert_eq!(
        error.to_string(),
        "The topic t currently has 3 partition(s); 2 would not be an increase."
    );
    cluster.add_partitions(topic, 5).expect("it is more");
    assert_eq!(
        cluster.topic(topic).map(|topic| topic.partition_count()),
        Ok(5)
    );
}

#[test]
fn cleaning_obeys_a_configuration_altered_while_running() {
    let mut cluster = Cluster::default();
    let config = TopicConfig::parse([("segment.bytes", "1000")]).expect("it is valid");
    let topic = cluster
        .create_topic(NewTopic {
            config: config.clone(),
            ..NewTopic::new("t", 2)
        })
        .expect("it is valid");
    append(&mut cluster, 0, 50);
    assert_eq!(cluster.clean(NOW), []);
    let mut altered = config;
    altered.set("retention.bytes", "1500").expect("it is valid");
    cluster.alter_topic(topic, altered).expect("it is there");
    let moved = cluster.clean(NOW);
    assert_eq!(moved.len(), 1);
    let log = cluster.partition(PartitionId(0)).expect("it is there");
    assert_eq!(moved, [(log.id(), log.start_offset())]);
    assert!(log.size_bytes() >= 1500 && log.size_bytes() < 2500);
}

/// A consumer of three partitions with so many records each.
fn reader(config: ConsumerConfig, counts: [usize; 3]) -> (Cluster, Consumer) {
    let mut cluster = Cluster::default();
    cluster
        .create_topic(NewTopic::new("t", 3))
        .expect("it is valid");
    for (partition, count) in counts.into_iter().enumerate() {
        append(&mut cluster, partition as u32, count);
    }
    let mut consumer = Consumer::new(ConsumerId(0), config);
    let all = [0, 1, 2].map(|id| (PartitionId(id), None));
    consumer.assign(&all, &mut Effects::<GroupInput>::default());
    (cluster, consumer)
}

fn poll(consumer: &mut Consumer, cluster: &Cluster) -> Result<Vec<(u32, u64, u64)>, LogError> {
    let mut effects = Effects::<GroupInput>::default();
    let fetched = consumer.poll(cluster, NOW, &mut effects)?;
    Ok(fetched
        .into_iter()
        .map(|part| (part.partition.0, part.from, part.next))
        .collect())
}

#[test]
fn partitions_take_turns_in_polls() {
    let config = ConsumerConfig {
        max_poll_records: 4,
        ..ConsumerConfig::default()
    };
    let (cluster, mut consumer) = reader(config, [6, 3, 6]);
    let mut polls = Vec::new();
    for _ in 0..6 {
        polls.push(poll(&mut consumer, &cluster).expect("it can poll"));
    }
    let expected = [
        vec![(0, 0, 4)],
        vec![(1, 0, 3), (2, 0, 1)],
        vec![(0, 4, 6), (2, 1, 3)],
        vec![(2, 3, 6)],
        vec![],
        vec![],
    ];
    assert_eq!(polls, expected);
}

#[test]
fn offsets_are_reset_by_policy() {
    let with = |auto_offset_reset| {
        let config = ConsumerConfig {
            auto_offset_reset,
            ..ConsumerConfig::default()
        };
        reader(config, [2, 0, 0])
    };
    let (mut cluster, mut consumer) = with(OffsetReset::Latest);
    assert_eq!(poll(&mut consumer, &cluster), Ok(vec![]));
    append(&mut cluster, 0, 1);
    assert_eq!(poll(&mut consumer, &cluster), Ok(vec![(0, 2, 3)]));

    let (mut cluster, mut consumer) = with(OffsetReset::Earliest);
    cluster
        .delete_records(PartitionId(0), 1)
        .expect("it is in range");
    assert_eq!(poll(&mut consumer, &cluster), Ok(vec![(0, 1, 2)]));

    let (cluster, mut consumer) = with(OffsetReset::None);
    let error = poll(&mut consumer, &cluster).unwrap_err();
    assert_eq!(error.code(), "no-offset");
    let mut effects = Effects::<GroupInput>::default();
    consumer
        .seek(PartitionId(0), 99, &mut effects)
        .expect("it reads that");
    let error = poll(&mut consumer, &cluster).unwrap_err();
    assert_eq!(error.code(), "offset-out-of-range");
    assert!(consumer.seek(PartitionId(7), 0, &mut effects).is_err());
}

#[test]
fn paused_partitions_wait() {
    let (cluster, mut consumer) = reader(ConsumerConfig::default(), [2, 2, 0]);
    consumer.pause(PartitionId(0)).expect("it reads that");
    assert_eq!(poll(&mut consumer, &cluster), Ok(vec![(1, 0, 2)]));
    consumer.resume(PartitionId(0)).expect("it reads that");
    assert_eq!(poll(&mut consumer, &cluster), Ok(vec![(0, 0, 2)]));
}

#[test]
fn a_producer_respects_wishes_and_limits() {
    let mut cluster = Cluster::default();
    let topic = cluster
        .create_topic(NewTopic::new("t", 3))
        .expect("it is valid");
    let mut producer = Producer::new(headwater_base::ProducerId(0), 7, "p");
    let mut send = |record: ProducerRecord<'_>| {
        let sent = producer.send(&mut cluster, topic, &record, NOW);
        sent.map(|sent| (sent.partition.0, sent.offset))
            .map_err(|error| error.to_string())
    };
    let wish = ProducerRecord {
        partition: Some(2),
        key: Some(b"21"),
        ..Default::default()
    };
    assert_eq!(send(wish), Ok((2, 0)));
    assert_eq!(
        send(ProducerRecord {
            partition: None,
            ..wish
        }),
        Ok((0, 0))
    );
    assert_eq!(
        send(ProducerRecord {
            partition: Some(3),
            ..wish
        })
        .unwrap_err(),
        "Invalid partition given with record: 3 is not in the range [0...3) of topic t."
    );
    let big = vec![0; (1 << 20) + 1];
    let error = send(ProducerRecord {
        value: Some(&big),
        ..wish
    })
    .unwrap_err();
    assert!(error.contains("max.request.size"), "{error}");
}
