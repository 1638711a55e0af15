//! What a partition reaches beside a vector of the same bytes with an index.

use crate::Failed;
use crate::measure::{Sample, Sampler, median};
use crate::report::Options;
use headwater_base::{PartitionId, TopicId, VirtualTime};
use headwater_log::{NewRecord, Partition, TopicConfig};
use std::hint::black_box;

const BATCH: usize = 100;
const KEY_BYTES: usize = 16;
const VALUE_BYTES: usize = 144;
/// How often a log is read through for one sample: once is too short for the clock.
const READS: usize = 20;

/// The figures of the log.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LogFigures {
    /// Appending to the vector, and to the partition.
    pub append: (Sample, Sample),
    /// Reading through the vector, and through the partition.
    pub read: (Sample, Sample),
    /// Bytes of memory that a record of sealed segments takes beyond key and value.
    pub overhead_bytes: f64,
}

/// Bytes of records, one after the other, and where each of them ends.
#[derive(Debug)]
struct Copied {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

/// Measures all of them, in turns.
pub(crate) fn measure(options: &Options, clock: &dyn Fn() -> f64) -> Result<LogFigures, Failed> {
    let records = options.events as usize / BATCH * BATCH;
    let (mut append, mut read) = ((Vec::new(), Vec::new()), (Vec::new(), Vec::new()));
    let mut overhead_bytes = 0.0;
    for _ in 0..options.rounds {
        let (copied, sample) = timed(clock, records, || Ok(copy(records)))?;
        append.0.push(sample);
        let (log, sample) = timed(clock, records, || fill(records))?;
        append.1.push(sample);
        let through = || (0..READS).map(|_| sum_copied(black_box(&copied))).sum();
        let (sum, sample): (u64, _) = timed(clock, READS * records, || Ok(through()))?;
        read.0.push(sample);
        let through = || (0..READS).map(|_| sum_log(black_box(&log))).sum();
        let (same, sample): (u64, _) = timed(clock, READS * records, || Ok(through()))?;
        read.1.push(sample);
        if sum != same {
            return Err(Failed("the log has other bytes than the vector".to_owned()));
        }
        overhead_bytes = sealed_overhead(&log);
    }
    Ok(LogFigures {
        append: (median(append.0), median(append.1)),
        read: (median(read.0), median(read.1)),
        overhead_bytes,
    })
}

fn timed<T>(
    clock: &dyn Fn() -> f64,
    records: usize,
    work: impl FnOnce() -> Result<T, Failed>,
) -> Result<(T, Sample), Failed> {
    let sampler = Sampler::start(clock);
    let done = black_box(work()?);
    let sample = sampler.finish(clock, records as u64);
    Ok((done, sample))
}

fn copy(records: usize) -> Copied {
    let (key, value) = ([1u8; KEY_BYTES], [2u8; VALUE_BYTES]);
    let mut copied = Copied {
        bytes: Vec::with_capacity(records * (KEY_BYTES + VALUE_BYTES)),
        ends: Vec::with_capacity(records),
    };
    for _ in 0..records {
        copied.bytes.extend_from_slice(black_box(&key));
        copied.bytes.extend_from_slice(black_box(&value));
        copied.ends.push(copied.bytes.len() as u32);
    }
    copied
}

fn fill(records: usize) -> Result<Partition, Failed> {
    let (key, value) = ([1u8; KEY_BYTES], [2u8; VALUE_BYTES]);
    let mut log = Partition::new(PartitionId(0), TopicId(0), 0);
    // Several segments, so that most of them are sealed.
    let config = TopicConfig {
        segment_bytes: 1 << 24,
        ..TopicConfig::default()
    };
    for _ in 0..records / BATCH {
        let time = VirtualTime::START.epoch_millis();
        let record = NewRecord::new(time, Some(black_box(&key)), Some(black_box(&value)));
        log.append(&[record; BATCH], &config, VirtualTime::START)?;
    }
    Ok(log)
}

fn sum_copied(copied: &Copied) -> u64 {
    let mut start = 0;
    let mut sum = 0;
    for end in &copied.ends {
        let end = *end as usize;
        if let Some((key, value)) = copied.bytes[start..end].split_at_checked(KEY_BYTES) {
            sum += touch(key) + touch(value);
        }
        start = end;
    }
    sum
}

fn sum_log(log: &Partition) -> u64 {
    let part = |part: Option<&[u8]>| part.map_or(0, touch);
    log.iter().map(|it| part(it.key) + part(it.value)).sum()
}

/// The first and the last byte: enough to have found the record.
fn touch(bytes: &[u8]) -> u64 {
    let byte = |byte: Option<&u8>| byte.map_or(0, |byte| u64::from(*byte));
    byte(bytes.first()) + byte(bytes.last())
}

/// What of a log's memory is neither key nor value, a record.
fn sealed_overhead(log: &Partition) -> f64 {
    let payload = (log.end_offset() * (KEY_BYTES + VALUE_BYTES) as u64) as f64;
    (log.memory_bytes() as f64 - payload) / (log.end_offset().max(1) as f64)
}
