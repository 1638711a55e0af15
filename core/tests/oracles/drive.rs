//! Runs a case on one of the drivers and reads what came out; and says which task takes which
//! record when.

use crate::cases::Rec;
use headwater_base::{Millis, NoTrace, VirtualTime};
use headwater_core::command::{Command, Produce};
use headwater_core::lab::{Lab, LabConfig};
use headwater_log::{Cluster, NewRecord, partition_for_key};
use headwater_sql::engine::Engine;
use headwater_sql::format::Part;
use headwater_sql::runtime::immediate::Immediate;
use serde_json::Value;
use std::collections::BTreeMap;

/// How a case is run.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    /// Partitions of each topic.
    pub(crate) partitions: u32,
    /// Whether the simulation runs it.
    pub(crate) simulated: bool,
    /// The simulation's seed.
    pub(crate) seed: u64,
    /// How many records are appended before tasks run, over and over; none means one by one.
    pub(crate) cuts: Vec<usize>,
    /// How many records a task of the immediate driver takes at once.
    pub(crate) poll: usize,
    /// Whether times begin at zero, and not at the beginning of all laboratories.
    pub(crate) from_zero: bool,
    /// The record cache: its bytes, and how often it is committed in milliseconds.
    pub(crate) cache: Option<(u64, i64)>,
}

/// A record of the sink.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Out {
    pub(crate) key: Option<String>,
    pub(crate) window: Option<(i64, i64)>,
    pub(crate) value: Option<Value>,
    pub(crate) time: i64,
}

/// More than any throttle by the clock.
const BETWEEN: Millis = Millis(1100);
/// The property that lets EMIT FINAL look at each record.
pub(crate) const UNTHROTTLED: &str =
    "SET 'ksql.streams.__emit.interval.ms.kstreams.windowed.aggregation__' = '0';";

impl Way {
    /// The same, without deletes if there is a record cache: what joins make of rows that are
    /// deleted between two commits depends on when those are.
    pub(crate) fn timed_for_joins(&self, records: &[Rec]) -> Vec<Rec> {
        let mut records = self.timed(records);
        records.retain(|rec| self.cache.is_none() || rec.value.is_some());
        records
    }

    /// The records at the times that this way gives them.
    pub(crate) fn timed(&self, records: &[Rec]) -> Vec<Rec> {
        let base = match self.from_zero {
            true => 0,
            false => VirtualTime::START.epoch_millis(),
        };
        let timed = |rec: &Rec| Rec {
            time: rec.time + base,
            ..rec.clone()
        };
        records.iter().map(timed).collect()
    }

    fn batches<'r>(&self, mut records: &'r [Rec]) -> Vec<&'r [Rec]> {
        let mut batches = Vec::new();
        let mut sizes = self.cuts.iter().copied().cycle();
        while !records.is_empty() {
            let size = sizes.next().unwrap_or(1).min(records.len());
            let (batch, rest) = records.split_at(size);
            batches.push(batch);
            records = rest;
        }
        batches
    }

    /// The records that each task takes, in its order, where `key` decides the partition.
    pub(crate) fn tasks<'r>(
        &self,
        records: &'r [Rec],
        key: impl Fn(&Rec) -> Option<String>,
    ) -> Vec<Vec<&'r Rec>> {
        let mut tasks = vec![Vec::new(); self.partitions as usize];
        for batch in self.batches(records) {
            let mut waiting: BTreeMap<(usize, usize), Vec<&Rec>> = BTreeMap::new();
            for rec in batch.iter().rev() {
                let partition = partition_of(key(rec).as_deref(), self.partitions);
                waiting
                    .entry((partition as usize, rec.source))
                    .or_default()
                    .push(rec);
            }
            for (partition, task) in tasks.iter_mut().enumerate() {
                let lowest = |waiting: &BTreeMap<(usize, usize), Vec<&Rec>>| {
                    let heads = waiting.iter().filter(|((of, _), _)| *of == partition);
                    let heads = heads.filter_map(|(at, list)| Some((list.last()?.time, *at)));
                    heads.min().map(|(_, at)| at)
                };
                while let Some(at) = lowest(&waiting) {
                    task.extend(waiting.get_mut(&at).and_then(Vec::pop));
                }
            }
        }
        tasks
    }

    /// Runs statements, then the records of the named topics; gives the sink `Q` by partition.
    pub(crate) fn run(&self, names: &[&str], script: &str, records: &[Rec]) -> Vec<Vec<Out>> {
        let set = |(bytes, commit): (u64, i64)| {
            format!(
                "SET 'cache.max.bytes.buffering' = '{bytes}'; \
                 SET 'commit.interval.ms' = '{commit}';"
            )
        };
        let script = format!("{}{script}", self.cache.map(set).unwrap_or_default());
        let mut driver = Driver::new(self, &script);
        let mut read = vec![Vec::new(); self.partitions as usize];
        for batch in self.batches(records) {
            for rec in batch {
                driver.append(names[rec.source], rec);
            }
            driver.settle();
            driver.read(&mut read);
            driver.wait(BETWEEN);
        }
        driver.commit();
        driver.read(&mut read);
        read
    }
}

fn partition_of(key: Option<&str>, count: u32) -> u32 {
    key.map_or(0, |key| partition_for_key(key.as_bytes(), count))
}

/// The value of a record as JSON.
fn json(rec: &Rec) -> Option<String> {
    let value = rec.value.as_ref()?;
    Some(serde_json::json!({ "G": value.g, "V": value.v }).to_string())
}

enum Driver {
    Immediate(Box<Immediate>),
    Simulated(Box<Lab>),
}

impl Driver {
    fn new(way: &Way, script: &str) -> Driver {
        match way.simulated {
            false => {
                let mut lab = Immediate::default();
                lab.poll_records = way.poll;
                if let Err(found) = lab.run(script) {
                    panic!("{}\n{script}", found.message);
                }
                Driver::Immediate(Box::new(lab))
            }
            true => {
                let mut lab = Lab::new(LabConfig { seed: way.seed });
                for outcome in lab.execute(&Command::Sql(script.to_owned())) {
                    assert!(outcome.ok, "{}\n{script}", outcome.message);
                }
                Driver::Simulated(Box::new(lab))
            }
        }
    }

    fn append(&mut self, topic: &str, rec: &Rec) {
        let value = json(rec);
        match self {
            Driver::Immediate(lab) => {
                let found = lab.log.topic_named(topic).unwrap();
                let number = partition_of(rec.key.as_deref(), found.partition_count());
                let partition = found.partition(number).unwrap();
                let key = rec.key.as_deref().map(str::as_bytes);
                let record = NewRecord::new(rec.time, key, value.as_deref().map(str::as_bytes));
                lab.log.append(partition, &[record], lab.now).unwrap();
            }
            Driver::Simulated(lab) => {
                let produce = Command::Produce(Produce {
                    topic: topic.to_owned(),
                    key: rec.key.clone(),
                    value,
                    headers: Vec::new(),
                    partition: rec.key.is_none().then_some(0),
                    timestamp: Some(rec.time),
                });
                for outcome in lab.execute(&produce) {
                    assert!(outcome.ok, "{}", outcome.message);
                }
            }
        }
    }

    fn settle(&mut self) {
        match self {
            Driver::Immediate(lab) => {
                lab.settle().unwrap();
                assert_eq!(lab.errors, []);
            }
            Driver::Simulated(lab) => {
                lab.settle(&mut NoTrace);
                assert_eq!(lab.world().processing_log().count(), 0);
            }
        }
    }

    fn wait(&mut self, length: Millis) {
        match self {
            Driver::Immediate(lab) => lab.now = lab.now + length,
            Driver::Simulated(lab) => {
                lab.advance(length);
            }
        }
    }

    /// Lets everything that a cache holds back come out.
    fn commit(&mut self) {
        match self {
            Driver::Immediate(lab) => lab.commit().unwrap(),
            Driver::Simulated(lab) => {
                lab.advance(Millis::seconds(30));
            }
        }
    }

    fn parts(&self) -> (&Engine, &Cluster) {
        match self {
            Driver::Immediate(lab) => (&lab.engine, &lab.log),
            Driver::Simulated(lab) => (lab.world().engine(), lab.world().cluster()),
        }
    }

    /// Reads on in the sink, right after it was written: later, compaction may leave records out.
    fn read(&self, read: &mut [Vec<Out>]) {
        let (engine, log) = self.parts();
        let topic = log.topic_named("Q").unwrap();
        assert_eq!(topic.partitions.len(), read.len());
        let reader = engine.record_reader("Q");
        for (partition, known) in topic.partitions.iter().zip(read) {
            let partition = log.partition(*partition).unwrap();
            let from = known.len() as u64;
            for record in partition.iter().filter(|it| it.offset >= from) {
                assert_eq!(record.offset, known.len() as u64, "a record is gone");
                let seen = reader.read(&record);
                assert_eq!(seen.error, None);
                let mut keys = seen.columns.iter().filter(|it| it.part == Part::Key);
                let key = record.key.and_then(|_| keys.next());
                let parse = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap();
                known.push(Out {
                    key: key.map(|column| column.text.clone()),
                    window: seen.window.map(|it| (it.start, it.end)),
                    value: record.value.map(parse),
                    time: record.timestamp,
                });
            }
        }
    }
}
