//! A partition against a vector: whatever is appended, cleaned, deleted and cloned, reading gives
//! what the slow and obvious way gives.

use headwater_base::{PartitionId, RecordId, TopicId, VirtualTime};
use headwater_log::{
    CleanupPolicy, HeaderBuf, NewRecord, Partition, RecordRef, TimestampType, TopicConfig,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A record that owns its contents, with its offset.
#[derive(Clone, Debug, PartialEq)]
struct Owned {
    offset: u64,
    timestamp: i64,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    header: Option<Vec<u8>>,
    cause: Option<RecordId>,
}

impl Owned {
    fn of(record: RecordRef<'_>) -> Owned {
        Owned {
            offset: record.offset,
            timestamp: record.timestamp,
            key: record.key.map(<[u8]>::to_vec),
            value: record.value.map(<[u8]>::to_vec),
            header: record
                .headers
                .last("h")
                .and_then(|header| header.value)
                .map(<[u8]>::to_vec),
            cause: record.cause,
        }
    }
}

fn contents(partition: &Partition) -> Vec<Owned> {
    partition.iter().map(Owned::of).collect()
}

#[derive(Clone, Debug)]
enum Step {
    Append(Vec<Owned>),
    Retain,
    DeleteRecords(u64),
    Compact,
    Snapshot,
}

fn owned() -> impl Strategy<Value = Owned> {
    let bytes = |most| proptest::option::of(proptest::collection::vec(any::<u8>(), 0..most));
    let key = proptest::option::weighted(0.9, (0u8..6).prop_map(|key| vec![key]));
    let cause = proptest::option::of((0u32..9, 0u64..99));
    (-3000i64..3000, key, bytes(400), bytes(20), cause).prop_map(
        |(timestamp, key, value, header, cause)| Owned {
            offset: 0,
            timestamp,
            key,
            value,
            header,
            cause: cause.map(|(partition, offset)| RecordId {
                partition: PartitionId(partition),
                offset,
            }),
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => proptest::collection::vec(owned(), 0..40).prop_map(Step::Append),
        1 => Just(Step::Retain),
        1 => (0u64..300).prop_map(Step::DeleteRecords),
        1 => Just(Step::Compact),
        1 => Just(Step::Snapshot),
    ]
}

/// Appends to the partition and to the vector, one batch to the first.
fn append(
    log: &mut Partition,
    all: &mut Vec<Owned>,
    new: &[Owned],
    config: &TopicConfig,
    now: i64,
) {
    let headers: Vec<HeaderBuf> = new
        .iter()
        .map(|record| {
            let mut buffer = HeaderBuf::new();
            if let Some(header) = &record.header {
                buffer.push("h", Some(header));
            }
            buffer
        })
        .collect();
    let batch: Vec<NewRecord<'_>> = new
        .iter()
        .zip(&headers)
        .map(|(record, headers)| NewRecord {
            timestamp: now + record.timestamp,
            key: record.key.as_deref(),
            value: record.value.as_deref(),
            headers: headers.as_headers(),
            cause: record.cause,
        })
        .collect();
    let first = log.end_offset();
    let offsets = log
        .append(&batch, config, VirtualTime(now))
        .expect("the batch is valid");
    assert_eq!(offsets, first..first + new.len() as u64);
    all.extend(new.iter().enumerate().map(|(at, record)| Owned {
        offset: first + at as u64,
        timestamp: now + record.timestamp,
        ..record.clone()
    }));
}

fn check_reads(log: &Partition, all: &[Owned], now: i64) {
    assert_eq!(contents(log), all);
    for from in log.start_offset()..=log.end_offset() {
        let expected = all.iter().find(|record| record.offset >= from);
        let read = log.read(from, 1, u64::MAX).expect("it is in range").next();
        assert_eq!(read.map(Owned::of).as_ref(), expected);
        let exact = expected.filter(|record| record.offset == from);
        assert_eq!(log.get(from).map(Owned::of).as_ref(), exact);
    }
    for time in (now - 4000..now + 4000).step_by(500) {
        let expected = all.iter().find(|record| record.timestamp >= time);
        assert_eq!(
            log.offset_for_time(time),
            expected.map(|record| record.offset)
        );
    }
    assert!(log.read(log.end_offset() + 1, 1, 1).is_err());
}

/// What compaction must leave: of the records before `active`, the last one of each key.
fn compacted(all: &[Owned], active: u64) -> Vec<Owned> {
    let mut last = BTreeMap::new();
    for record in all.iter().filter(|record| record.offset < active) {
        last.insert(record.key.clone(), record.offset);
    }
    let is_kept = |record: &&Owned| {
        let is_last = record.key.is_some() && last.get(&record.key) == Some(&record.offset);
        record.offset >= active || is_last
    };
    all.iter().filter(is_kept).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn it_reads_like_a_vector(
        steps in proptest::collection::vec(step(), 1..24),
        segment_bytes in 500u32..9000,
        segment_ms in 500i64..9000,
    ) {
        let config = TopicConfig {
            segment_bytes,
            segment_ms,
            retention_ms: 4000,
            retention_bytes: 20_000,
            ..TopicConfig::default()
        };
        let compacting = TopicConfig { cleanup_policy: CleanupPolicy::Compact, ..config.clone() };
        let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
        let mut all: Vec<Owned> = Vec::new();
        let mut snapshots = Vec::new();
        let mut now = 1_000_000;
        for step in &steps {
            now += 700;
            match step {
                Step::Append(new) => append(&mut log, &mut all, new, &config, now),
                Step::Retain => {
                    let active = log.segment_starts().last().unwrap_or(0);
                    log.delete_old_segments(&config, VirtualTime(now));
                    prop_assert!(log.start_offset() <= active.max(log.start_offset()));
                    all.retain(|record| record.offset >= log.start_offset());
                }
                Step::DeleteRecords(before) => {
                    let before = (*before).min(log.end_offset());
                    log.delete_records(before).expect("it is in range");
                    all.retain(|record| record.offset >= before);
                }
                Step::Compact => {
                    let active = log.segment_starts().last().unwrap_or(0);
                    log.compact(&compacting, VirtualTime(now));
                    all = compacted(&all, active);
                }
                Step::Snapshot => snapshots.push((log.clone(), all.clone())),
            }
        }
        check_reads(&log, &all, now);
        // What is written after a snapshot does not show in it.
        for (snapshot, expected) in &snapshots {
            prop_assert_eq!(&contents(snapshot), expected);
        }
    }

    /// How appends are cut into batches cannot be observed.
    #[test]
    fn batches_do_not_matter(
        records in proptest::collection::vec(owned(), 1..200),
        cut in 1usize..50,
    ) {
        let defaults = TopicConfig::default();
        let config = TopicConfig { segment_bytes: 3000, segment_ms: 2000, ..defaults };
        let build = |size: usize| {
            let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
            let mut all = Vec::new();
            for batch in records.chunks(size) {
                append(&mut log, &mut all, batch, &config, 10_000);
            }
            log
        };
        let (one, many) = (build(1), build(cut));
        prop_assert_eq!(contents(&one), contents(&many));
        prop_assert!(one.segment_starts().eq(many.segment_starts()));
    }
}

fn filled(config: &TopicConfig, records: i64, value: &[u8]) -> Partition {
    let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
    for second in 0..records {
        let record = NewRecord::new(second * 1000, Some(b"key"), Some(value));
        log.append(&[record], config, VirtualTime(second * 1000))
            .expect("it is valid");
    }
    log
}

#[test]
fn retention_by_time_spares_the_active_segment() {
    let config = TopicConfig::parse([("segment.ms", "9000"), ("retention.ms", "20000")])
        .expect("it is valid");
    let mut log = filled(&config, 100, b"v");
    let starts: Vec<u64> = log.segment_starts().collect();
    assert_eq!(starts, (0..100).step_by(10).collect::<Vec<u64>>());
    // At 99 s the segment that ends at 79 s is 20 s old, not older.
    assert_eq!(
        log.delete_old_segments(&config, VirtualTime(99_000)),
        Some(70)
    );
    assert_eq!(log.delete_old_segments(&config, VirtualTime(99_000)), None);
    assert_eq!(
        log.delete_old_segments(&config, VirtualTime(i64::MAX)),
        Some(90)
    );
    assert_eq!((log.start_offset(), log.end_offset()), (90, 100));
    let error = log.read(89, 1, 1).unwrap_err();
    assert_eq!(error.code(), "offset-out-of-range");
}

#[test]
fn retention_by_size_leaves_at_least_the_size() {
    let mut config = TopicConfig::parse([("segment.bytes", "1000")]).expect("it is valid");
    let mut log = filled(&config, 100, &[0; 81]);
    assert_eq!(log.size_bytes(), 100 * 100);
    config.set("retention.bytes", "2500").expect("it is valid");
    assert_eq!(log.delete_old_segments(&config, VirtualTime(0)), Some(70));
    assert_eq!(log.size_bytes(), 3000);
    config.set("retention.bytes", "0").expect("it is valid");
    assert_eq!(log.delete_old_segments(&config, VirtualTime(0)), Some(90));
}

#[test]
fn tombstones_go_when_their_time_has_come() {
    let config = TopicConfig::parse([
        ("cleanup.policy", "compact"),
        ("segment.bytes", "40"),
        ("delete.retention.ms", "1000"),
    ])
    .expect("it is valid");
    let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
    for value in [Some(&b"value"[..]), None] {
        let a = NewRecord::new(0, Some(b"a"), value);
        let b = NewRecord::new(0, Some(b"b"), Some(b"still here"));
        log.append(&[a, b], &config, VirtualTime(0))
            .expect("it is valid");
    }
    let offsets = |log: &Partition| log.iter().map(|record| record.offset).collect::<Vec<_>>();
    assert!(log.is_compaction_due(&config, VirtualTime(0)));
    log.compact(&config, VirtualTime(0));
    assert_eq!(offsets(&log), [1, 2, 3]);
    assert!(!log.is_compaction_due(&config, VirtualTime(0)));
    log.compact(&config, VirtualTime(999));
    assert_eq!(offsets(&log), [1, 2, 3]);
    log.compact(&config, VirtualTime(1000));
    assert_eq!(offsets(&log), [1, 3]);
    assert_eq!((log.start_offset(), log.end_offset()), (0, 4));
    let keyless = NewRecord::new(0, None, Some(b"v"));
    let error = log.append(&[keyless], &config, VirtualTime(0)).unwrap_err();
    assert_eq!(error.code(), "key-required");
}

#[test]
fn a_sealed_record_costs_at_most_32_bytes_beyond_its_contents() {
    let config = TopicConfig {
        segment_bytes: 1 << 20,
        ..TopicConfig::default()
    };
    let cause = RecordId {
        partition: PartitionId(9),
        offset: 1 << 33,
    };
    let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
    let record = NewRecord::new(1_704_067_200_000, Some(&[1; 16]), Some(&[2; 144]));
    let mut sealed = 0;
    while log.segment_count() < 2 {
        sealed = log.end_offset();
        let batch = [record.caused_by(cause)];
        log.append(&batch, &config, VirtualTime::START)
            .expect("it is valid");
    }
    let cost = log.memory_bytes() as f64 / sealed as f64 - 160.0;
    assert!(cost <= 32.0, "{cost} bytes a record");
}

#[test]
fn records_of_any_size_are_kept_and_too_big_ones_refused() {
    let config = TopicConfig::default();
    let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
    let sizes = [0, 65_519, 65_520, 65_521, 70_000, 1, 1_000_000, 3];
    let big = vec![7; 2_000_000];
    for size in sizes {
        let record = NewRecord::new(0, None, Some(&big[..size]));
        log.append(&[record, record], &config, VirtualTime(0))
            .expect("it fits");
    }
    let read: Vec<usize> = log
        .iter()
        .filter_map(|record| record.value)
        .map(<[u8]>::len)
        .collect();
    let expected: Vec<usize> = sizes.iter().flat_map(|size| [*size, *size]).collect();
    assert_eq!(read, expected);
    let before = log.end_offset();
    let small = NewRecord::new(0, None, None);
    let too_big = NewRecord::new(0, None, Some(&big));
    let error = log
        .append(&[small, too_big], &config, VirtualTime(0))
        .unwrap_err();
    assert_eq!(error.code(), "record-too-large");
    let negative = NewRecord::new(-1, None, None);
    let error = log
        .append(&[small, negative], &config, VirtualTime(0))
        .unwrap_err();
    assert_eq!(error.code(), "invalid-timestamp");
    assert_eq!(log.end_offset(), before);
}

#[test]
fn a_read_is_bounded_by_bytes_but_gives_one_record() {
    let log = filled(&TopicConfig::default(), 10, &[0; 97]);
    let count = |bytes| log.read(2, 5, bytes).expect("it is in range").count();
    assert_eq!(
        [count(0), count(99), count(250), count(300), count(9999)],
        [1, 1, 2, 3, 5]
    );
}

#[test]
fn log_append_time_overrides_the_producers_time() {
    let config = TopicConfig {
        message_timestamp_type: TimestampType::LogAppendTime,
        ..TopicConfig::default()
    };
    let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
    log.append(&[NewRecord::new(-5, None, None)], &config, VirtualTime(77))
        .expect("it is valid");
    assert_eq!(
        log.get(0)
            .map(|record| (record.timestamp, record.append_time.0)),
        Some((77, 77))
    );
}
