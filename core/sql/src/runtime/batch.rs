//! Many records of a task in one go: what it has taken notice of is read once, from front to back.
//!
//! What becomes of a record is the same as one by one, see [`Query::process`].

use super::output::Output;
use super::query::{Query, QueryState};
use super::scratch::Scratch;
use super::task::Input;
use headwater_base::VirtualTime;
use headwater_log::{Cluster, RecordRef, Records};
use std::sync::Arc;

/// How a task takes many records in one go.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    /// How many at most.
    pub most: usize,
    /// The clock's time.
    pub now: VirtualTime,
    /// The engine's seed.
    pub seed: u64,
}

/// The records of one input that the task has taken notice of.
struct Waiting<'l> {
    records: Option<Records<'l>>,
    head: Option<RecordRef<'l>>,
    fetched: u64,
}

impl<'l> Waiting<'l> {
    fn new(input: &Input, log: &'l Cluster) -> Waiting<'l> {
        let read = |log: &'l headwater_log::Partition| {
            let from = input.position.max(log.start_offset());
            log.read(from, u64::MAX, u64::MAX).ok()
        };
        let mut waiting = Waiting {
            records: log.partition(input.partition).ok().and_then(read),
            head: None,
            fetched: input.fetched,
        };
        waiting.advance();
        waiting
    }

    /// Gives the first record, and goes to the next.
    fn advance(&mut self) -> Option<RecordRef<'l>> {
        let next = self.records.as_mut().and_then(Records::next);
        let fetched = self.fetched;
        std::mem::replace(&mut self.head, next.filter(|next| next.offset < fetched))
    }
}

/// Which input comes next: the one with the lowest time, then the first of them.
fn next(inputs: &[Waiting<'_>]) -> Option<usize> {
    if let [only] = inputs {
        return only.head.map(|_| 0);
    }
    let times = inputs.iter().enumerate();
    let times = times.filter_map(|(index, input)| Some((input.head?.timestamp, index)));
    times.min().map(|(_, index)| index)
}

impl Query {
    /// Takes the next records that a task has taken notice of, one after the other, as
    /// [`Query::process`] does; gives how many.
    pub fn process_batch(
        &mut self,
        index: u32,
        log: &Cluster,
        batch: Batch,
        scratch: &mut Scratch,
        output: &mut dyn Output,
    ) -> usize {
        let Some(place) = self.tasks.get_mut(index as usize) else {
            return 0;
        };
        if self.state != QueryState::Running {
            return 0;
        }
        if place.cache.is_some() {
            // Between two records what is held back may have to make room.
            return self.process_each(index, log, batch, scratch, output);
        }
        let mut task = std::mem::take(Arc::make_mut(place));
        let mut waiting: Vec<Waiting<'_>> = Vec::with_capacity(task.inputs.len());
        waiting.extend(task.inputs.iter().map(|input| Waiting::new(input, log)));
        let mut taken = 0;
        while taken < batch.most
            && let Some(input) = next(&waiting)
            && let Some(record) = waiting[input].advance()
        {
            taken += 1;
            let place = (batch.now, batch.seed);
            let done = self.take(&mut task, (input, &record), place, scratch, output);
            let Some((id, failure)) = done else {
                break;
            };
            if self.finish(log, id, failure, output).ended {
                break;
            }
        }
        for (input, waiting) in task.inputs.iter_mut().zip(&waiting) {
            if waiting.head.is_none() {
                // Retention or compaction took what else the task had taken notice of.
                input.position = input.position.max(input.fetched);
            }
        }
        self.put_back(index, task);
        taken
    }

    /// The same, one by one.
    fn process_each(
        &mut self,
        index: u32,
        log: &Cluster,
        batch: Batch,
        scratch: &mut Scratch,
        output: &mut dyn Output,
    ) -> usize {
        let Batch { most, now, seed } = batch;
        let mut taken = 0;
        while taken < most
            && let Some(processed) = self.process(index, log, now, seed, scratch, output)
        {
            taken += 1;
            if processed.ended {
                break;
            }
        }
        taken
    }
}
