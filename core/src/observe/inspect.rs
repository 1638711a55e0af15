//! One record in the inspector.

use crate::lab::Lab;
use crate::observe::{bytes, lineage};
use headwater_base::RecordId;
use headwater_log::explain;
use headwater_sql::format::Part;
use headwater_view::{PartitionChoice, RecordDetail};

/// Everything about a record; `None` if it is not there.
pub fn record_detail(lab: &Lab, id: RecordId) -> Option<RecordDetail> {
    let world = lab.world();
    let record = world.cluster().record(id)?;
    let partition = world.cluster().partition(id.partition).ok()?;
    let topic = world.cluster().topic(partition.topic()).ok()?;
    let inspected = world
        .ksql()
        .over_topic(&topic.name)
        .inspect(&topic.name, &record);
    let choice = record.key.map(|key| explain(key, topic.partition_count()));
    // A record that was sent to a partition by its number, or whose topic has grown since, did
    // not get there by its key.
    let choice = choice.filter(|it| it.partition == partition.number());
    let (came_from, became) = lineage::lineage(lab, id);
    Some(RecordDetail {
        record: id,
        topic: topic.id,
        topic_name: topic.name.to_string(),
        partition: partition.number(),
        timestamp_ms: record.timestamp,
        appended_ms: record.append_time.epoch_millis(),
        key: bytes::detail(&inspected, Part::Key, record.key),
        value: bytes::detail(&inspected, Part::Value, record.value),
        headers: record
            .headers
            .map(|it| (it.key.to_owned(), bytes::header(it.value)))
            .collect(),
        choice: choice.map(|it| PartitionChoice {
            hash: it.hash as u32,
            partitions: it.partitions,
            partition: it.partition,
        }),
        came_from,
        became,
    })
}
