//! The rows of a SOURCE TABLE: what its topic says last of each key.
//!
//! ksqlDB keeps such a table in a store of its own; here the topic itself is read, up to its end.

use crate::arena::Arena;
use crate::catalog::Source;
use crate::format::{Codec, ColumnSet, Decoded, Part};
use crate::runtime::TableRow;
use crate::value::Value;
use headwater_base::RecordId;
use headwater_log::{Cluster, Topic};
use std::collections::BTreeMap;

/// The rows of a table over a topic, by partition and then by key bytes.
pub(super) fn rows(source: &Source, log: &Cluster) -> Vec<TableRow> {
    let Some(topic) = log.find(&source.topic) else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for partition in 0..topic.partition_count() {
        all.extend(rows_of(source, log, topic, partition));
    }
    all
}

fn rows_of(source: &Source, log: &Cluster, topic: &Topic, number: u32) -> Vec<TableRow> {
    let key = Codec::new(&source.key_format, Part::Key, &source.schema.key);
    let value = Codec::new(&source.value_format, Part::Value, &source.schema.value);
    let (keys, values) = (source.schema.key.len(), source.schema.value.len());
    let mut rows: BTreeMap<Vec<u8>, TableRow> = BTreeMap::new();
    let Ok(partition) = topic.partition(number).and_then(|id| log.partition(id)) else {
        return Vec::new();
    };
    for record in partition.iter() {
        let arena = Arena::new();
        let slots = arena.slots(keys + values);
        let (key_slots, value_slots) = slots.split_at_mut(keys);
        let found = key.decode(record.key, &arena, &ColumnSet::all(keys), key_slots);
        let Some(bytes) = record.key.filter(|_| found == Ok(Decoded::Row)) else {
            continue;
        };
        let all = ColumnSet::all(values);
        match value.decode(record.value, &arena, &all, value_slots) {
            Ok(Decoded::Null) => {
                rows.remove(bytes);
            }
            Ok(Decoded::Row) => {
                let values = slots.iter().map(Value::to_owned).collect();
                let row = TableRow {
                    values,
                    window: None,
                    time: record.timestamp,
                    partition: number,
                    cause: RecordId {
                        partition: partition.id(),
                        offset: record.offset,
                    },
                    changelog: None,
                };
                rows.insert(bytes.to_vec(), row);
            }
            // A record that is not of its format is no change.
            Err(_) => {}
        }
    }
    rows.into_values().collect()
}
