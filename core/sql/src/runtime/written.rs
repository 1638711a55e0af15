//! Records that tasks have written, as bytes in a few buffers, until they are appended.
//!
//! A task reads the log while it runs, so what it writes waits here; the memory is used again.
//! Records of one partition lie together, so that they are appended in one go.

use headwater_base::{PartitionId, RecordId, VirtualTime};
use headwater_log::{Cluster, HeaderBuf, LogError, NewRecord};

/// How many records one call appends at most.
const RUN: usize = 64;

/// Records that wait to be appended.
#[derive(Clone, Debug, Default)]
pub struct Written {
    lanes: Vec<Lane>,
    /// Where the lane of a partition is, by the partition's id; one more than its index.
    by_partition: Vec<u32>,
}

/// Records that wait for one partition.
#[derive(Clone, Debug)]
struct Lane {
    partition: PartitionId,
    bytes: Vec<u8>,
    places: Vec<Place>,
}

/// Where the parts of a record are: its key begins where the record before it ends.
#[derive(Clone, Debug)]
struct Place {
    timestamp: i64,
    key_end: usize,
    end: usize,
    has_key: bool,
    has_value: bool,
    headers: Option<Box<HeaderBuf>>,
    cause: Option<RecordId>,
}

impl Written {
    /// Adds a record; gives how many wait for its partition before it.
    pub fn add(&mut self, partition: PartitionId, record: &NewRecord<'_>) -> u64 {
        let lane = self.lane(partition);
        let waiting = lane.places.len() as u64;
        lane.bytes.extend_from_slice(record.key.unwrap_or(&[]));
        let key_end = lane.bytes.len();
        lane.bytes.extend_from_slice(record.value.unwrap_or(&[]));
        let headers = (!record.headers.is_empty()).then(|| {
            let mut headers = HeaderBuf::new();
            record
                .headers
                .for_each(|header| headers.push(header.key, header.value));
            Box::new(headers)
        });
        lane.places.push(Place {
            timestamp: record.timestamp,
            key_end,
            end: lane.bytes.len(),
            has_key: record.key.is_some(),
            has_value: record.value.is_some(),
            headers,
            cause: record.cause,
        });
        waiting
    }

    fn lane(&mut self, partition: PartitionId) -> &mut Lane {
        let index = partition.index();
        if index >= self.by_partition.len() {
            self.by_partition.resize(index + 1, 0);
        }
        let place = &mut self.by_partition[index];
        if *place == 0 {
            self.lanes.push(Lane {
                partition,
                bytes: Vec::new(),
                places: Vec::new(),
            });
            *place = self.lanes.len() as u32;
        }
        &mut self.lanes[*place as usize - 1]
    }

    /// Appends everything, in the order in which it came to each partition, and forgets it.
    pub fn append_to(&mut self, log: &mut Cluster, now: VirtualTime) -> Result<(), LogError> {
        let mut done = Ok(());
        for lane in &mut self.lanes {
            if done.is_ok() {
                done = lane.append_to(log, now);
            }
            lane.bytes.clear();
            lane.places.clear();
        }
        done
    }
}

impl Lane {
    fn append_to(&self, log: &mut Cluster, now: VirtualTime) -> Result<(), LogError> {
        let mut start = 0;
        for places in self.places.chunks(RUN) {
            let mut records = [NewRecord::default(); RUN];
            for (record, place) in records.iter_mut().zip(places) {
                let part = |from: usize, to: usize| self.bytes.get(from..to).unwrap_or(&[]);
                *record = NewRecord {
                    timestamp: place.timestamp,
                    key: place.has_key.then(|| part(start, place.key_end)),
                    value: place.has_value.then(|| part(place.key_end, place.end)),
                    cause: place.cause,
                    ..NewRecord::default()
                };
                if let Some(headers) = &place.headers {
                    record.headers = headers.as_headers();
                }
                start = place.end;
            }
            log.append(self.partition, &records[..places.len()], now)?;
        }
        Ok(())
    }
}
