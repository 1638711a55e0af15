//! Where the hand-written programs write to.

use crate::Failed;
use crate::figures::Contents;
use headwater_base::{PartitionId, VirtualTime};
use headwater_log::{Cluster, NewRecord, NewTopic};

/// How many records one call appends.
const BATCH: usize = 100;

/// Which of a query's topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// The result.
    Sink,
    /// The repartition topic.
    Repartition,
    /// The changelog.
    Changelog,
}

/// Takes what a program writes.
pub trait Output {
    /// Whether the internal topics are written, too.
    const INTERNAL: bool;

    /// Takes a record whose value `write` appends.
    fn send(
        &mut self,
        lane: Lane,
        timestamp: i64,
        key: Option<&[u8]>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
    ) -> Result<(), Failed>;

    /// Nothing more will come.
    fn finish(&mut self) -> Result<(), Failed>;

    /// What a topic holds.
    fn contents(&self, lane: Lane) -> Contents;
}

/// The result alone, in one piece of memory with an index.
#[derive(Debug, Default)]
pub struct Plain {
    bytes: Vec<u8>,
    places: Vec<Place>,
}

/// Where a record is: its key begins where the record before it ends.
#[derive(Clone, Copy, Debug)]
struct Place {
    timestamp: i64,
    has_key: bool,
    key_end: usize,
    end: usize,
}

/// Appends a record to bytes and index.
fn write_record(
    (bytes, places): (&mut Vec<u8>, &mut Vec<Place>),
    timestamp: i64,
    key: Option<&[u8]>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
) -> Result<(), Failed> {
    bytes.extend_from_slice(key.unwrap_or(&[]));
    let key_end = bytes.len();
    write(bytes)?;
    places.push(Place {
        timestamp,
        has_key: key.is_some(),
        key_end,
        end: bytes.len(),
    });
    Ok(())
}

/// The record at a place; `start` is where the one before it ends.
fn record<'b>(bytes: &'b [u8], start: usize, place: &Place) -> NewRecord<'b> {
    let part = |from, to| bytes.get(from..to).unwrap_or(&[]);
    let key = place.has_key.then(|| part(start, place.key_end));
    NewRecord::new(place.timestamp, key, Some(part(place.key_end, place.end)))
}

impl Output for Plain {
    const INTERNAL: bool = false;

    fn send(
        &mut self,
        _: Lane,
        timestamp: i64,
        key: Option<&[u8]>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
    ) -> Result<(), Failed> {
        write_record((&mut self.bytes, &mut self.places), timestamp, key, write)
    }

    fn finish(&mut self) -> Result<(), Failed> {
        Ok(())
    }

    fn contents(&self, lane: Lane) -> Contents {
        let mut contents = Contents::default();
        let mut start = 0;
        let places = if lane == Lane::Sink {
            &self.places[..]
        } else {
            &[]
        };
        for place in places {
            let record = record(&self.bytes, start, place);
            contents.add(record.key, record.value, record.timestamp);
            start = place.end;
        }
        contents
    }
}

/// Topics of a log: the result and what the topology leaves behind.
#[derive(Debug)]
pub struct Fair {
    log: Cluster,
    lanes: Vec<Waiting>,
}

/// Records that wait to be appended together.
#[derive(Debug)]
struct Waiting {
    partition: PartitionId,
    bytes: Vec<u8>,
    places: Vec<Place>,
}

impl Fair {
    /// Three empty topics.
    pub fn new() -> Result<Fair, Failed> {
        let mut log = Cluster::default();
        let mut lanes = Vec::new();
        for name in ["sink", "repartition", "changelog"] {
            let topic = log.create_topic(NewTopic::new(name, 1))?;
            lanes.push(Waiting {
                partition: log.topic(topic)?.partition(0)?,
                bytes: Vec::new(),
                places: Vec::new(),
            });
        }
        Ok(Fair { log, lanes })
    }
}

impl Waiting {
    fn append_to(&mut self, log: &mut Cluster) -> Result<(), Failed> {
        let mut records = [NewRecord::default(); BATCH];
        let mut start = 0;
        for (place, slot) in self.places.iter().zip(&mut records) {
            *slot = record(&self.bytes, start, place);
            start = place.end;
        }
        log.append(
            self.partition,
            &records[..self.places.len()],
            VirtualTime::START,
        )?;
        self.bytes.clear();
        self.places.clear();
        Ok(())
    }
}

impl Output for Fair {
    const INTERNAL: bool = true;

    fn send(
        &mut self,
        lane: Lane,
        timestamp: i64,
        key: Option<&[u8]>,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), serde_json::Error>,
    ) -> Result<(), Failed> {
        let Some(waiting) = self.lanes.get_mut(lane as usize) else {
            return Ok(());
        };
        let Waiting { bytes, places, .. } = waiting;
        write_record((bytes, places), timestamp, key, write)?;
        if places.len() == BATCH {
            waiting.append_to(&mut self.log)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), Failed> {
        let Fair { log, lanes } = self;
        lanes.iter_mut().try_for_each(|lane| lane.append_to(log))
    }

    fn contents(&self, lane: Lane) -> Contents {
        let partition = self.lanes.get(lane as usize).map(|lane| lane.partition);
        let found = partition.and_then(|partition| self.log.partition(partition).ok());
        found.map(Contents::of).unwrap_or_default()
    }
}
