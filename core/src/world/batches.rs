//! Batches of a producer: records wait for each other, up to `linger.ms` or `batch.size`, and are
//! then sent one after the other at the same moment.

use crate::generator::GeneratedRecord;
use crate::world::{Message, World};
use headwater_base::{Millis, ProducerId, SortedMap, VirtualTime};
use std::collections::VecDeque;
use std::sync::Arc;

/// What a producer has and the log does not have yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Batches {
    open: SortedMap<u32, Batch>,
    /// Records of closed batches, each with its partition and the moment its batch was opened.
    ready: VecDeque<(u32, VirtualTime, GeneratedRecord)>,
    made: u64,
}

/// Records for one partition.
#[derive(Clone, Debug)]
struct Batch {
    number: u64,
    created: VirtualTime,
    bytes: u64,
    records: Vec<GeneratedRecord>,
}

impl Batches {
    /// Closes the batch of a partition; whether anything became ready that was not waited for.
    fn close(&mut self, partition: u32) -> bool {
        let was_idle = self.ready.is_empty();
        if let Some(Batch {
            created, records, ..
        }) = self.open.remove(&partition)
        {
            let records = records.into_iter();
            self.ready
                .extend(records.map(|it| (partition, created, it)));
        }
        was_idle && !self.ready.is_empty()
    }
}

impl World {
    /// Puts a record into the batch of its partition.
    pub(super) fn gather(&mut self, id: ProducerId, partition: u32, record: GeneratedRecord) {
        let Some(actor) = self.producers.get_mut(id.index()) else {
            return;
        };
        let actor = Arc::make_mut(actor);
        let now = self.now;
        let (limit, linger) = (actor.batch_bytes(), actor.linger());
        let bytes = bytes_of(&record);
        let batches = &mut actor.batches;
        let is_full = |batch: &Batch| batch.bytes + bytes > limit;
        let mut is_ready = false;
        if batches.open.get(&partition).is_some_and(is_full) {
            is_ready = batches.close(partition);
        }
        if !batches.open.contains_key(&partition) {
            batches.made += 1;
            let message = Message::Batch(id, partition, batches.made);
            self.queue.push(self.now + linger, message);
        }
        let number = batches.made;
        let batch = batches.open.entry(partition).or_insert_with(|| Batch {
            number,
            created: now,
            bytes: 0,
            records: Vec::new(),
        });
        batch.bytes += bytes;
        batch.records.push(record);
        if batch.bytes >= limit {
            is_ready |= batches.close(partition);
        }
        if is_ready {
            self.queue.push(self.now, Message::Send(id));
        }
    }

    /// A batch has waited long enough, if it has not been sent before.
    pub(super) fn on_batch(&mut self, id: ProducerId, partition: u32, number: u64) {
        let Some(actor) = self.producers.get_mut(id.index()) else {
            return;
        };
        let batches = &mut Arc::make_mut(actor).batches;
        let is_it = |batch: &Batch| batch.number == number;
        if batches.open.get(&partition).is_some_and(is_it) && batches.close(partition) {
            self.queue.push(self.now, Message::Send(id));
        }
    }

    /// Closes all batches, as a producer does that ends.
    pub(super) fn flush(&mut self, id: ProducerId) {
        let Some(actor) = self.producers.get_mut(id.index()) else {
            return;
        };
        let batches = &mut Arc::make_mut(actor).batches;
        let partitions: Vec<u32> = batches.open.keys().copied().collect();
        let mut is_ready = false;
        for partition in partitions {
            is_ready |= batches.close(partition);
        }
        if is_ready {
            self.queue.push(self.now, Message::Send(id));
        }
    }

    /// Sends one record of a closed batch.
    pub(super) fn on_send(&mut self, id: ProducerId) {
        let Some(actor) = self.producers.get_mut(id.index()) else {
            return;
        };
        let batches = &mut Arc::make_mut(actor).batches;
        let Some((partition, created, record)) = batches.ready.pop_front() else {
            return;
        };
        if !batches.ready.is_empty() {
            self.queue.push(self.now, Message::Send(id));
        }
        if !self.deliver(id, partition, record, created) {
            // Its topic is gone.
            if let Some(actor) = self.producers.get_mut(id.index()) {
                Arc::make_mut(actor).batches = Batches::default();
            }
            self.end_producer(id.index());
        }
    }
}

pub(super) fn bytes_of(record: &GeneratedRecord) -> u64 {
    let part = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
    let headers = record
        .headers
        .iter()
        .map(|(name, value)| name.len() + value.len());
    (part(&record.key) + part(&record.value) + headers.sum::<usize>()) as u64
}

/// `linger.ms` as a length of time.
pub(super) fn linger(millis: u32) -> Millis {
    Millis(i64::from(millis))
}

#[cfg(test)]
mod tests {
    use crate::command::{Command, Line};
    use crate::lab::{Lab, LabConfig};

    fn run(lab: &mut Lab, line: &str) {
        match Line::parse(line).expect("it is a line") {
            Some(Line::Command(command)) => assert!(lab.execute(&command)[0].ok, "{line}"),
            Some(Line::Run(length)) => {
                lab.advance(length);
            }
            _ => {}
        }
    }

    fn records(lab: &Lab) -> u64 {
        let partitions = lab.world().cluster().partitions();
        partitions.map(|it| it.end_offset()).sum()
    }

    #[test]
    fn records_wait_for_each_other_up_to_linger_ms() {
        let mut lab = Lab::new(LabConfig::default());
        run(&mut lab, "topic create t");
        run(
            &mut lab,
            "producer create p topic=t fields='a: 1' rate=10/s linger.ms=1000",
        );
        run(&mut lab, "run 1050ms");
        assert_eq!(records(&lab), 0);
        run(&mut lab, "run 100ms");
        // From the record at 100 ms to the one at 1100 ms, when the batch goes.
        assert!((10..=11).contains(&records(&lab)), "{}", records(&lab));
        run(&mut lab, "run 500ms");
        assert!(records(&lab) <= 11);
        run(&mut lab, "producer stop p");
        run(&mut lab, "run 1ms");
        assert_eq!(records(&lab), 16);
    }

    #[test]
    fn a_full_batch_does_not_wait() {
        let mut lab = Lab::new(LabConfig::default());
        run(&mut lab, "topic create t");
        let line =
            "producer create p topic=t fields='a: 1' rate=10/s batch.size=14 linger.ms=60000";
        run(&mut lab, line);
        run(&mut lab, "run 1s");
        assert_eq!(records(&lab), 10);
        run(&mut lab, "producer alter p batch.size=1000");
        run(&mut lab, "run 1s");
        assert_eq!(records(&lab), 10);
        assert_eq!(
            Command::parse(line).expect("it is a command").to_string(),
            line
        );
    }

    #[test]
    fn the_count_holds_for_what_waits_too() {
        let mut lab = Lab::new(LabConfig::default());
        run(&mut lab, "topic create t partitions=3");
        run(
            &mut lab,
            "producer create p topic=t fields='a: 1' rate=10/s count=7 linger.ms=5000",
        );
        run(&mut lab, "run 2s");
        assert_eq!(records(&lab), 7);
    }
}
