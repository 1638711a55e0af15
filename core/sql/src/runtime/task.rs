//! A task: one sub-topology over one partition number, with its positions and stores.
//!
//! A task first takes notice of what is in its partitions ([`Task::fetch`]) and then takes the
//! records one by one: among those it knows of, the one with the lowest time, then of the lowest
//! partition, as Kafka Streams does.

use super::cache::Cache;
use crate::plan::SubTopology;
use crate::state::{Emitted, HeldMark, StoreState};
use headwater_base::limits::POLL_RECORDS_MAX;
use headwater_base::{PartitionId, RecordId};
use headwater_log::Cluster;
use std::sync::Arc;

/// One of the partitions that a task reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Which source of the sub-topology.
    pub source: u16,
    /// The partition.
    pub partition: PartitionId,
    /// The next offset to take.
    pub position: u64,
    /// One past the last offset that the task has taken notice of.
    pub fetched: u64,
    /// The time of the next record, once it was looked at.
    head: Option<i64>,
}

/// What a task's commit writes down beside its changelogs: positions and, as Kafka does in the
/// metadata of a commit, what no changelog holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// The next offset of each input.
    pub positions: Vec<(PartitionId, u64)>,
    /// The highest record time seen.
    pub stream_time: i64,
    /// One for each store.
    pub marks: Vec<Mark>,
}

/// What is committed of one store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing that its changelog does not hold.
    Nothing,
    /// Up to where EMIT FINAL has given rows.
    Emitted(Emitted),
    /// How far a join has looked for records that have waited long enough.
    Held(HeldMark),
}

/// What one task remembers.
#[derive(Clone, Debug, Default)]
pub struct Task {
    /// The sub-topology.
    pub sub: u16,
    /// The partition number.
    pub partition: u32,
    /// What it reads.
    pub inputs: Vec<Input>,
    /// Its stores, in the order of the sub-topology's.
    pub stores: Vec<StoreState>,
    /// What has not been sent on yet of the stores' changes; `None` where all is sent at once.
    pub cache: Option<Arc<Cache>>,
    /// The highest record time seen.
    pub stream_time: i64,
}

impl Task {
    /// A task that has read nothing yet.
    pub fn new(sub: u16, partition: u32, plan: &SubTopology, inputs: Vec<Input>) -> Task {
        let stores = plan
            .stores
            .iter()
            .map(|it| StoreState::new(it.kind))
            .collect();
        Task {
            sub,
            partition,
            inputs,
            stores,
            cache: None,
            stream_time: i64::MIN,
        }
    }

    /// Whether another task is at the same place of its query.
    pub fn is_same_place(&self, other: &Task) -> bool {
        self.sub == other.sub && self.partition == other.partition
    }

    /// Goes on where another task was: its positions, and its stores where they are of one kind.
    pub fn inherit(&mut self, before: &Task) {
        for input in &mut self.inputs {
            let same = before
                .inputs
                .iter()
                .find(|known| known.partition == input.partition);
            if let Some(known) = same {
                *input = Input::new(input.source, input.partition, known.position);
            }
        }
        if self.stores.len() == before.stores.len() {
            self.stores.clone_from(&before.stores);
            self.cache.clone_from(&before.cache);
        }
        self.stream_time = before.stream_time;
    }

    /// A task out of what is left of another: its stores, and what it has committed. Inputs that
    /// nothing was committed of are read from where they stand.
    pub(super) fn resumed(
        sub: u16,
        partition: u32,
        inputs: Vec<Input>,
        mut stores: Vec<StoreState>,
        committed: &Committed,
    ) -> Task {
        let position = |input: Input| {
            let mut known = committed.positions.iter();
            let known = known.find(|(partition, _)| *partition == input.partition);
            let position = known.map_or(input.position, |(_, position)| *position);
            Input::new(input.source, input.partition, position)
        };
        for (store, mark) in stores.iter_mut().zip(&committed.marks) {
            match (store, mark) {
                (StoreState::Windowed(store), Mark::Emitted(mark)) => store.emitted = *mark,
                (StoreState::Sessions(store), Mark::Emitted(mark)) => store.emitted = *mark,
                (StoreState::Held(store), Mark::Held(mark)) => store.mark = *mark,
                _ => {}
            }
        }
        Task {
            sub,
            partition,
            inputs: inputs.into_iter().map(position).collect(),
            stores,
            cache: None,
            stream_time: committed.stream_time,
        }
    }

    /// What a commit writes down of the task as it stands.
    pub fn committed(&self) -> Committed {
        let mark = |store: &StoreState| match store {
            StoreState::Windowed(store) => Mark::Emitted(store.emitted),
            StoreState::Sessions(store) => Mark::Emitted(store.emitted),
            StoreState::Held(store) => Mark::Held(store.mark),
            _ => Mark::Nothing,
        };
        let inputs = self.inputs.iter();
        Committed {
            positions: inputs.map(|it| (it.partition, it.position)).collect(),
            stream_time: self.stream_time,
            marks: self.stores.iter().map(mark).collect(),
        }
    }

    /// Sets how much the record cache may hold. What another task's cache held back is kept, and
    /// sent on with the next record where there is no cache any more.
    pub(super) fn set_cache(&mut self, bytes_max: Option<u64>) {
        match &mut self.cache {
            Some(cache) => Arc::make_mut(cache).bytes_max = bytes_max.unwrap_or(0),
            None => self.cache = bytes_max.map(|bytes_max| Arc::new(Cache::new(bytes_max))),
        }
    }

    /// Takes notice of what is in the partitions: for each whose records have all been taken, of
    /// at most `max.poll.records` more. Whether there is anything to do then.
    pub fn fetch(&mut self, log: &Cluster) -> bool {
        let mut any = false;
        for input in &mut self.inputs {
            if input.position >= input.fetched
                && let Ok(partition) = log.partition(input.partition)
            {
                input.position = input.position.max(partition.start_offset());
                let end = partition.high_watermark();
                input.fetched = end.min(input.position + POLL_RECORDS_MAX as u64);
                input.head = None;
            }
            any |= input.position < input.fetched;
        }
        any
    }

    /// Which input comes next, and its record; `None` when a fetch is due.
    pub fn next(&mut self, log: &Cluster) -> Option<(usize, RecordId)> {
        if let [only] = self.inputs.as_slice() {
            let record = RecordId {
                partition: only.partition,
                offset: only.position,
            };
            return (only.position < only.fetched).then_some((0, record));
        }
        let mut best: Option<(i64, usize)> = None;
        for (index, input) in self.inputs.iter_mut().enumerate() {
            let Some(time) = input.head_time(log) else {
                continue;
            };
            if best.is_none_or(|(lowest, _)| time < lowest) {
                best = Some((time, index));
            }
        }
        let (_, index) = best?;
        let input = &self.inputs[index];
        Some((
            index,
            RecordId {
                partition: input.partition,
                offset: input.position,
            },
        ))
    }

    /// The next record of an input was taken.
    pub fn taken(&mut self, index: usize) {
        if let Some(input) = self.inputs.get_mut(index) {
            input.position += 1;
            input.head = None;
        }
    }

    /// A number that rises with each record taken, also over a restart: the sum of all positions.
    pub fn place(&self) -> u64 {
        self.inputs.iter().map(|input| input.position).sum()
    }

    /// How many records lie behind the positions, taken notice of or not.
    pub fn lag(&self, log: &Cluster) -> u64 {
        let lag = |input: &Input| {
            let end = log
                .partition(input.partition)
                .map_or(0, |log| log.high_watermark());
            end.saturating_sub(input.position)
        };
        self.inputs.iter().map(lag).sum()
    }
}

impl Input {
    /// An input whose first record to take is at `position`.
    pub fn new(source: u16, partition: PartitionId, position: u64) -> Input {
        Input {
            source,
            partition,
            position,
            fetched: position,
            head: None,
        }
    }

    fn head_time(&mut self, log: &Cluster) -> Option<i64> {
        if self.position >= self.fetched {
            return None;
        }
        if self.head.is_none() {
            // Compaction and retention leave holes, so the next record may lie further on.
            let partition = log.partition(self.partition).ok()?;
            self.position = self.position.max(partition.start_offset());
            let record = partition.read(self.position, 1, u64::MAX).ok()?.next();
            match record.filter(|record| record.offset < self.fetched) {
                Some(record) => {
                    self.position = record.offset;
                    self.head = Some(record.timestamp);
                }
                None => self.position = self.fetched,
            }
        }
        self.head
    }
}
