//! The rows of a SOURCE TABLE: what its topic says last of each key.
//!
//! ksqlDB keeps such a table in a store of its own; here the topic itself is read, up to its end.

use crate::arena::Arena;
use crate::catalog::Source;
use crate::format::{Codec, ColumnSet, Part};
use crate::plan::RowReader;
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
    let (keys, values) = (source.schema.key.len(), source.schema.value.len());
    let reader = RowReader {
        key: Codec::new(&source.key_format, Part::Key, &source.schema.key),
        value: Codec::new(&source.value_format, Part::Value, &source.schema.value),
        wanted_key: ColumnSet::all(keys),
        wanted_value: ColumnSet::all(values),
        headers: source.headers.clone(),
        window: None,
        timestamp: None,
        strict_time: false,
    };
    let mut rows: BTreeMap<Vec<u8>, TableRow> = BTreeMap::new();
    let Ok(partition) = topic.partition(number).and_then(|id| log.partition(id)) else {
        return Vec::new();
    };
    for record in partition.iter() {
        let arena = Arena::new();
        // A record that is not of its format is no change.
        let (Some(key), Ok(change)) = (record.key, reader.read_in(&arena, &record, number)) else {
            continue;
        };
        if !change.present {
            rows.remove(key);
            continue;
        }
        let columns = change.row.iter().take(reader.bounds_slot());
        let row = TableRow {
            values: columns.map(Value::to_owned).collect(),
            window: None,
            time: change.time,
            partition: number,
            cause: RecordId {
                partition: partition.id(),
                offset: record.offset,
            },
            changelog: None,
        };
        rows.insert(key.to_vec(), row);
    }
    rows.into_values().collect()
}
