//! Queries and their stations as the page shows them.

use crate::observe::{tables, text};
use crate::world::{StationStats, World};
use headwater_base::{StationId, TopicId};
use headwater_sql::plan::{self, Station, TopicRole};
use headwater_sql::runtime;
use headwater_view::{
    QueryFailure, QueryKind, QueryState, QueryView, StationKind, StationView, ViewRequest,
};

/// Most groups that a GROUP BY shows as cups.
const CUPS_MAX: usize = 6;

/// All queries that have not ended.
pub(super) fn queries(world: &World, request: &ViewRequest) -> Vec<QueryView> {
    let all = world.ksql().queries().into_iter();
    all.map(|it| query(world, it, request)).collect()
}

fn query(world: &World, query: &runtime::Query, request: &ViewRequest) -> QueryView {
    let topics = |wanted: &[TopicRole]| -> Vec<TopicId> {
        let with_role = query.topics.iter().zip(&query.plan.topics);
        let wanted = with_role.filter(|(_, of)| wanted.contains(&of.role));
        wanted.map(|(topic, _)| topic.id).collect()
    };
    let stations = query
        .plan
        .stations
        .iter()
        .map(|it| station(world, query, it, request))
        .collect::<Vec<StationView>>();
    QueryView {
        id: query.id,
        name: query.name.clone(),
        sql: query.sql.clone(),
        kind: match query.kind.is_persistent() {
            true => QueryKind::Persistent,
            false => QueryKind::Push,
        },
        state: match query.state {
            runtime::QueryState::Planned | runtime::QueryState::Running => QueryState::Running,
            runtime::QueryState::Paused => QueryState::Paused,
            runtime::QueryState::Failed(_) => QueryState::Error,
            runtime::QueryState::Ended => QueryState::Ended,
        },
        sources: topics(&[TopicRole::Source]),
        sink: topics(&[TopicRole::Sink]).first().copied(),
        internal: topics(&[TopicRole::Repartition, TopicRole::Changelog]),
        emitted: match query.kind.is_persistent() {
            true => stations.last().map_or(0, |it| it.passed),
            false => query.emitted,
        },
        stations,
        failure: failure(world, query),
    }
}

/// Why a query stopped, and at which record.
fn failure(world: &World, query: &runtime::Query) -> Option<QueryFailure> {
    let runtime::QueryState::Failed(message) = &query.state else {
        return None;
    };
    let place = |id| text::place(world, id);
    Some(QueryFailure {
        message: message.clone(),
        record: query.failed_at,
        place: query.failed_at.map_or_else(String::new, place),
    })
}

fn station(
    world: &World,
    query: &runtime::Query,
    station: &Station,
    request: &ViewRequest,
) -> StationView {
    let counted = world.stats(query.id);
    let StationStats { passed, rejected } =
        counted.map_or_else(StationStats::default, |it| it.station(station.id));
    let is_join = station.kind == plan::StationKind::Join;
    let is_grouping = station.kind == plan::StationKind::GroupBy;
    StationView {
        id: StationId(station.id.0),
        kind: kind(station.kind),
        sql: station.sql.clone(),
        table: match (is_join, is_grouping) {
            (true, _) => station.source.clone(),
            (_, true) => query.sink.clone(),
            _ => None,
        },
        passed,
        rejected: rejected.into_iter().collect(),
        cups: match is_grouping {
            true => cups(world, query, request),
            false => Vec::new(),
        },
        was: is_grouping
            .then(|| tables::replaced(world, query))
            .flatten(),
    }
}

/// The groups that changed last, the newest last: key and value.
fn cups(world: &World, query: &runtime::Query, request: &ViewRequest) -> Vec<(String, String)> {
    let most = CUPS_MAX.min(request.rows_per_table as usize);
    let rows = tables::newest_rows(world, query, most);
    let keys = query.plan.result.key.len();
    let columns = || query.plan.result.key.iter().chain(&query.plan.result.value);
    let texts = |row: &runtime::TableRow| {
        let typed = row.values.iter().zip(columns());
        let cells: Vec<String> = typed
            .map(|(value, column)| text::cell(value, Some(&column.ty)).to_string())
            .collect();
        let (key, value) = cells.split_at(keys.min(cells.len()));
        let window = row.window.map(|it| format!(" {}", text::clock(it.start)));
        (
            format!("{}{}", key.join(", "), window.unwrap_or_default()),
            value.join(", "),
        )
    };
    rows.iter().map(texts).collect()
}

fn kind(kind: plan::StationKind) -> StationKind {
    match kind {
        plan::StationKind::From => StationKind::From,
        plan::StationKind::Join => StationKind::Join,
        plan::StationKind::Where => StationKind::Where,
        plan::StationKind::GroupBy => StationKind::GroupBy,
        plan::StationKind::Having => StationKind::Having,
        plan::StationKind::PartitionBy => StationKind::PartitionBy,
        plan::StationKind::Select => StationKind::Select,
    }
}
