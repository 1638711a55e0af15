//! The stream/table duality: a table beside the newest records of its topic.

use super::tables::{for_newest, row_cells, sources};
use crate::command::PageCommand;
use crate::world::World;
use headwater_base::{RecordId, order};
use headwater_log::Topic;
use headwater_sql::catalog::Source;
use headwater_view::{DualityView, TableView, TapeEntry, ViewRequest};

/// The table beside its topic: the one asked for, else the lesson's.
pub(super) fn duality(
    world: &World,
    request: &ViewRequest,
    tables: &[TableView],
) -> Option<DualityView> {
    let of_lesson = world.page().iter().rev().find_map(|setting| match setting {
        PageCommand::Duality { table } => Some(table),
        _ => None,
    });
    let name = request.duality.as_ref().or(of_lesson)?;
    let named = |name: &str| sources(world).find(|it| it.0 == name);
    let (name, source) = named(name).or_else(|| named(&name.to_uppercase()))?;
    let table = tables.iter().find(|it| it.name == name)?.clone();
    let tape = world
        .cluster()
        .find(&source.topic)
        .map_or_else(Vec::new, |topic| {
            tape(world, topic, source, u64::from(request.tape_length), &table)
        });
    Some(DualityView { table, tape })
}

/// The newest records of a table's topic, in the order they were appended.
fn tape(
    world: &World,
    topic: &Topic,
    source: &Source,
    most: u64,
    table: &TableView,
) -> Vec<TapeEntry> {
    let mut entries = Vec::new();
    let reader = world
        .ksql()
        .over_topic(&topic.name)
        .record_reader(&topic.name);
    for_newest(world, topic, most, |log, record| {
        let inspected = reader.read(record);
        let id = RecordId {
            partition: log.id(),
            offset: record.offset,
        };
        let entry = TapeEntry {
            record: id,
            partition: log.number(),
            timestamp_ms: record.timestamp,
            cells: row_cells(&inspected, source),
            tombstone: record.value.is_none(),
            current: table.rows.iter().any(|row| row.set_by == Some(id)),
        };
        entries.push((record.append_time, entry));
    });
    order::sort_by_key(&mut entries, |(time, entry)| {
        (*time, entry.partition, entry.record.offset)
    });
    let skipped = entries.len().saturating_sub(most as usize);
    entries
        .into_iter()
        .skip(skipped)
        .map(|(_, entry)| entry)
        .collect()
}
