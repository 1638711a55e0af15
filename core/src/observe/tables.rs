//! Tables with their rows. Beside their topics they are in [`super::duality`].

use crate::observe::text;
use crate::world::{CLUSTER, KsqlCluster, World};
use headwater_base::{RecordId, order};
use headwater_log::{Partition, RecordRef, Topic};
use headwater_sql::catalog::Source;
use headwater_sql::format::Part;
use headwater_sql::inspect::Inspected;
use headwater_sql::runtime::{Query, TableRow as Row};
use headwater_view::{Cell, ColumnView, TableRow, TableView};
use std::collections::{BTreeMap, BTreeSet};

/// Most records of a topic that are folded to show a table that no query keeps.
const FOLDED_MAX: u64 = 2_000;

/// Tables as they were shown last: one is made anew only when a topic that it depends on has
/// other records than then.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    shown: BTreeMap<String, Shown>,
}

#[derive(Clone, Debug)]
struct Shown {
    bounds: Vec<(u64, u64)>,
    most: u32,
    view: TableView,
}

impl Tables {
    /// All tables, by name.
    pub(super) fn view(&mut self, world: &World, most: u32) -> Vec<TableView> {
        let sources = || sources(world);
        self.shown
            .retain(|name, _| sources().any(|it| it.0 == *name));
        let all = sources();
        all.map(|it| self.table(world, it, most)).collect()
    }

    fn table(&mut self, world: &World, named: (String, &Source), most: u32) -> TableView {
        let bounds = bounds(world, named.1);
        let shown = self.shown.get(&named.0);
        if let Some(shown) = shown.filter(|it| it.bounds == bounds && it.most == most) {
            return shown.view.clone();
        }
        let view = table(world, &named, most as usize);
        let shown = Shown {
            bounds,
            most,
            view: view.clone(),
        };
        self.shown.insert(named.0, shown);
        view
    }
}

/// The tables with the names that they are shown by: those of another cluster than the first one
/// with the cluster's name before them.
pub(super) fn sources(world: &World) -> impl Iterator<Item = (String, &Source)> {
    let mut all: Vec<(String, &Source)> = Vec::new();
    for cluster in world.ksql().iter() {
        let tables = cluster
            .engine
            .catalog()
            .sources()
            .filter(|it| it.is_table());
        all.extend(tables.map(|it| (shown_name(cluster, &it.name), &**it)));
    }
    order::sort_by(&mut all, |a, b| a.0.cmp(&b.0));
    all.into_iter()
}

/// The name of a stream or table, with its cluster unless that is the first one.
pub(super) fn shown_name(cluster: &KsqlCluster, name: &str) -> String {
    match &*cluster.name {
        CLUSTER => name.to_owned(),
        other => format!("{other}.{name}"),
    }
}

/// The offsets at which the partitions begin and end that a table is made of.
fn bounds(world: &World, source: &Source) -> Vec<(u64, u64)> {
    let query = source.query.and_then(|id| world.ksql().query(id));
    let of_query = query.into_iter().flat_map(|it| &it.topics).map(|it| it.id);
    let own = world.cluster().find(&source.topic).map(|it| it.id);
    let topics = own.into_iter().chain(of_query);
    let topics = topics.filter_map(|id| world.cluster().topic(id).ok());
    let logs = topics.flat_map(|it| &it.partitions);
    let logs = logs.filter_map(|id| world.cluster().partition(*id).ok());
    logs.map(|log| (log.start_offset(), log.end_offset()))
        .collect()
}

/// All tables, by name.
pub(super) fn tables(world: &World, most: u32) -> Vec<TableView> {
    sources(world)
        .map(|it| table(world, &it, most as usize))
        .collect()
}

fn table(world: &World, (name, source): &(String, &Source), most: usize) -> TableView {
    let kept = source.query.and_then(|id| world.ksql().query(id));
    let kept = kept.filter(|it| it.plan.queryable.is_some());
    let topic = world.cluster().find(&source.topic);
    let (rows, row_count) = match (kept, topic) {
        (Some(query), _) => kept_rows(world, query, source, most),
        (None, Some(topic)) => folded_rows(world, topic, source, most),
        (None, None) => (Vec::new(), 0),
    };
    TableView {
        name: name.clone(),
        topic: topic.map(|it| it.id),
        columns: columns(source),
        rows,
        row_count,
    }
}

fn columns(source: &Source) -> Vec<ColumnView> {
    let column = |key: bool| {
        move |it: &headwater_sql::types::Column| ColumnView {
            name: it.name.clone(),
            sql_type: it.ty.to_string(),
            key,
        }
    };
    let bound = |name: &str| ColumnView {
        name: name.to_owned(),
        sql_type: "BIGINT".to_owned(),
        key: true,
    };
    let bounds = match source.window {
        Some(_) => vec![bound("WINDOWSTART"), bound("WINDOWEND")],
        None => Vec::new(),
    };
    let keys = source.schema.key.iter().map(column(true));
    keys.chain(bounds)
        .chain(source.schema.value.iter().map(column(false)))
        .collect()
}

/// The rows of a table that a query keeps: the newest ones, in key order.
fn kept_rows(world: &World, query: &Query, source: &Source, most: usize) -> (Vec<TableRow>, u64) {
    let all = query.table_rows(world.now());
    let count = all.len() as u64;
    let newest = newest(all, most);
    let causes: BTreeSet<RecordId> = newest.iter().map(|row| row.cause).collect();
    let setters = setters(world, source, &causes);
    let keys = source.schema.key.len();
    let types = || source.schema.key.iter().chain(&source.schema.value);
    let view = |row: &Row| {
        let typed = row.values.iter().zip(types());
        let mut cells: Vec<Cell> = typed
            .map(|(value, column)| text::cell(value, Some(&column.ty)))
            .collect();
        if let Some(window) = row.window {
            let bounds = [window.start, window.end].map(|it| Cell::Number(it.to_string()));
            cells.splice(keys..keys, bounds);
        }
        let bound_count = if row.window.is_some() { 2 } else { 0 };
        let identity: Vec<Cell> = cells.iter().take(keys + bound_count).cloned().collect();
        TableRow {
            set_by: setters
                .iter()
                .find(|(key, _)| *key == identity)
                .map(|(_, id)| *id),
            cells,
            timestamp_ms: row.time,
            cause: Some(row.cause),
        }
    };
    (newest.iter().map(view).collect(), count)
}

/// The newest rows that a query keeps, the newest last.
pub(super) fn newest_rows(world: &World, query: &Query, most: usize) -> Vec<Row> {
    let mut rows = query.table_rows(world.now());
    order::sort_by_key(&mut rows, |row| (row.time, row.cause));
    rows.split_off(rows.len().saturating_sub(most))
}

/// Most records of a partition that are looked through for the value that a newer one replaced.
const REPLACED_WITHIN: u64 = 256;

/// The value that the newest row of a query replaced, as far as its topic still has it nearby.
pub(super) fn replaced(world: &World, query: &Query) -> Option<String> {
    let newest = newest_rows(world, query, 1).pop()?;
    let cluster = world.ksql().of(query.id);
    let source = cluster.engine.catalog().get(query.sink.as_ref()?)?;
    let topic = world.cluster().find(&source.topic)?;
    let mut key = None;
    for_newest(world, topic, REPLACED_WITHIN, |_, record| {
        if record.cause == Some(newest.cause) {
            key = record.key.map(<[u8]>::to_vec);
        }
    });
    let key = key?;
    let reader = world
        .ksql()
        .over_topic(&topic.name)
        .record_reader(&topic.name);
    let mut was = None;
    for_newest(world, topic, REPLACED_WITHIN, |_, record| {
        if record.key == Some(&key[..]) && record.cause != Some(newest.cause) {
            was = record.value.map(|_| reader.read(record));
        }
    });
    let values = was?.columns.into_iter().filter(|it| it.part == Part::Value);
    let texts: Vec<String> = values
        .map(|it| text::column_cell(&it).to_string())
        .collect();
    (!texts.is_empty()).then(|| texts.join(", "))
}

/// The `most` newest rows, in the order they came.
fn newest(rows: Vec<Row>, most: usize) -> Vec<Row> {
    if rows.len() <= most {
        return rows;
    }
    let mut times: Vec<i64> = rows.iter().map(|row| row.time).collect();
    order::sort(&mut times);
    let oldest = times[times.len() - most];
    rows.into_iter()
        .filter(|row| row.time >= oldest)
        .take(most)
        .collect()
}

/// The records near the end of a table's topic that were made from one of `causes`: the newest of
/// each key.
fn setters(
    world: &World,
    source: &Source,
    causes: &BTreeSet<RecordId>,
) -> Vec<(Vec<Cell>, RecordId)> {
    let Some(topic) = world.cluster().find(&source.topic) else {
        return Vec::new();
    };
    let reader = world
        .ksql()
        .over_topic(&topic.name)
        .record_reader(&topic.name);
    let mut found: BTreeMap<String, (Vec<Cell>, RecordId)> = BTreeMap::new();
    for_newest(world, topic, FOLDED_MAX, |log, record| {
        if !record.cause.is_some_and(|cause| causes.contains(&cause)) {
            return;
        }
        let key = key_cells(&reader.read(record));
        let id = RecordId {
            partition: log.id(),
            offset: record.offset,
        };
        found.insert(spelled(&key), (key, id));
    });
    found.into_values().collect()
}

/// The rows of a table that no query keeps: its topic, folded by key.
fn folded_rows(world: &World, topic: &Topic, source: &Source, most: usize) -> (Vec<TableRow>, u64) {
    let mut rows: BTreeMap<String, TableRow> = BTreeMap::new();
    let reader = world
        .ksql()
        .over_topic(&topic.name)
        .record_reader(&topic.name);
    for_newest(world, topic, FOLDED_MAX, |log, record| {
        let inspected = reader.read(record);
        let key = key_cells(&inspected);
        let name = spelled(&key);
        if record.key.is_none() {
            return;
        }
        if record.value.is_none() {
            rows.remove(&name);
            return;
        }
        let row = TableRow {
            cells: row_cells(&inspected, source),
            timestamp_ms: record.timestamp,
            set_by: Some(RecordId {
                partition: log.id(),
                offset: record.offset,
            }),
            cause: record.cause,
        };
        rows.insert(name, row);
    });
    let count = rows.len() as u64;
    let mut rows: Vec<TableRow> = rows.into_values().collect();
    order::sort_by_key(&mut rows, |a| natural(&a.cells));
    rows.truncate(most);
    (rows, count)
}

/// A sort key for rows: numbers by size, also where they are text.
fn natural(cells: &[Cell]) -> (i64, String) {
    let first = cells.first().map_or_else(String::new, Cell::to_string);
    (first.parse().unwrap_or(i64::MAX), first)
}

/// Shows the newest `most` records of each partition to `see`, oldest first.
pub(super) fn for_newest(
    world: &World,
    topic: &Topic,
    most: u64,
    mut see: impl FnMut(&Partition, &RecordRef<'_>),
) {
    for id in &topic.partitions {
        let Ok(log) = world.cluster().partition(*id) else {
            continue;
        };
        let first = log
            .end_offset()
            .saturating_sub(most)
            .max(log.start_offset());
        for record in log.read(first, u64::MAX, u64::MAX).into_iter().flatten() {
            see(log, &record);
        }
    }
}

fn key_cells(inspected: &Inspected) -> Vec<Cell> {
    let keys = inspected.columns.iter().filter(|it| it.part == Part::Key);
    let mut cells: Vec<Cell> = keys.map(text::column_cell).collect();
    if let Some(window) = inspected.window {
        cells.extend([window.start, window.end].map(|it| Cell::Number(it.to_string())));
    }
    cells
}

fn spelled(key: &[Cell]) -> String {
    let cells: Vec<String> = key.iter().map(Cell::to_json).collect();
    cells.join(",")
}

/// A record's cells in the order of the table's columns; nulls where it has no value.
pub(super) fn row_cells(inspected: &Inspected, source: &Source) -> Vec<Cell> {
    let mut cells = key_cells(inspected);
    cells.extend(source.schema.value.iter().map(|column| {
        let values = inspected.columns.iter().filter(|it| it.part == Part::Value);
        let found = values.into_iter().find(|it| it.name == column.name);
        found.map_or(Cell::Null, |it| text::cell(&it.value, Some(&column.ty)))
    }));
    cells
}
