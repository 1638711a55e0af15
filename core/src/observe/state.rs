//! The state as plain values, for scripts and tests that look into a page.

use crate::observe::{readers, results, tables};
use crate::world::World;
use headwater_base::order;
use headwater_view::{Cell, LabState};

/// Most rows of a table, and of a result, that are told.
const ROWS_MAX: usize = 1_000;

/// The state of a world; lists are in the order of names.
pub fn lab_state(world: &World, running: bool) -> LabState {
    LabState {
        step: world.step(),
        time_ms: world.now().epoch_millis(),
        running,
        hash: format!("{:016x}", world.hash()),
        topics: topics(world),
        queries: by_name(world.ksql().queries().into_iter().map(|query| {
            (
                query.name.clone(),
                query.sql.clone(),
                query.state.word().to_owned(),
            )
        })),
        tables: tables::tables(world, ROWS_MAX as u32)
            .into_iter()
            .map(|table| {
                let columns = table.columns.into_iter().map(|it| it.name).collect();
                (
                    table.name,
                    columns,
                    table.rows.into_iter().map(|it| it.cells).collect(),
                )
            })
            .collect(),
        consumers: consumers(world),
        results: results_of(world),
    }
}

type Partitions = Vec<(u32, u64, u64)>;

fn topics(world: &World) -> Vec<(String, Partitions)> {
    let lanes = |topic: &headwater_log::Topic| -> Partitions {
        let logs = topic
            .partitions
            .iter()
            .filter_map(|id| world.cluster().partition(*id).ok());
        logs.map(|log| (log.number(), log.start_offset(), log.end_offset()))
            .collect()
    };
    world
        .cluster()
        .topics()
        .map(|topic| (topic.name.to_string(), lanes(topic)))
        .collect()
}

type Places = Vec<(String, headwater_view::ReaderPosition)>;

fn consumers(world: &World) -> Vec<(String, Option<String>, Places)> {
    let running = world.consumers().filter(|it| it.running);
    by_name(running.map(|actor| {
        let places = readers::positions(world, actor).into_iter();
        let named = places.map(|it| {
            let topic = world.cluster().topic(it.topic);
            (
                topic.map_or_else(|_| String::new(), |it| it.name.to_string()),
                it,
            )
        });
        let group = actor.group.map(|group| world.group_name(group).to_owned());
        (actor.name.to_string(), group, named.collect())
    }))
}

type Rows = Vec<Vec<Cell>>;

fn results_of(world: &World) -> Vec<(String, Vec<String>, Rows)> {
    by_name(world.results().filter_map(|(id, result)| {
        let query = world.ksql().query(id)?;
        let view = results::result_view(world, query, result, ROWS_MAX);
        let columns = view.columns.into_iter().map(|it| it.name).collect();
        Some((
            query.name.clone(),
            columns,
            view.rows.into_iter().map(|it| it.cells).collect(),
        ))
    }))
}

fn by_name<T: Named>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    order::sort_by(&mut items, |a, b| a.name().cmp(b.name()));
    items
}

trait Named {
    fn name(&self) -> &str;
}

impl<A, B> Named for (String, A, B) {
    fn name(&self) -> &str {
        &self.0
    }
}
