//! Rows of push queries as the page shows them.

use crate::observe::text;
use crate::world::{PushResult, World};
use headwater_base::QueryId;
use headwater_sql::runtime::{PushRow, Query, QueryState};
use headwater_sql::types::Column;
use headwater_view::{ColumnView, ResultRow, ResultView, ViewRequest};

/// The results that were asked for.
pub(super) fn results(world: &World, request: &ViewRequest) -> Vec<ResultView> {
    let wanted = |id: &QueryId| request.results.as_ref().is_none_or(|all| all.contains(id));
    let results = world.results().filter(|(id, _)| wanted(id));
    results
        .filter_map(|(id, result)| {
            let query = world.ksql().query(id)?;
            Some(result_view(
                world,
                query,
                result,
                request.rows_per_result as usize,
            ))
        })
        .collect()
}

/// A push query's rows, the newest `most` of them.
pub(super) fn result_view(
    world: &World,
    query: &Query,
    result: &PushResult,
    most: usize,
) -> ResultView {
    let columns = &query.plan.result.value;
    let skipped = result.rows.len().saturating_sub(most);
    let rows = result.rows.iter().skip(skipped);
    let rows = rows.map(|(number, row)| result_row(columns, *number, row));
    ResultView {
        query: query.id,
        sql: query.sql.clone(),
        columns: columns
            .iter()
            .map(|it| ColumnView {
                name: it.name.clone(),
                sql_type: it.ty.to_string(),
                key: query.plan.result.key.iter().any(|key| key.name == it.name),
            })
            .collect(),
        of_table: result.rows.iter().any(|(_, row)| !row.key.is_empty()),
        rows: rows.collect(),
        row_count: result.row_count,
        read: world.stats(query.id).map_or(0, |it| it.read),
        ended: match &query.state {
            QueryState::Ended => Some("Limit Reached".to_owned()),
            QueryState::Failed(message) => Some(message.clone()),
            QueryState::Planned | QueryState::Running | QueryState::Paused => None,
        },
    }
}

/// One row of a push query.
pub(super) fn result_row(columns: &[Column], number: u64, row: &PushRow) -> ResultRow {
    let typed = row.values.iter().enumerate();
    let cells = typed.map(|(at, value)| text::cell(value, columns.get(at).map(|it| &it.ty)));
    ResultRow {
        number,
        cells: cells.collect(),
        key: row.key.clone(),
        tombstone: row.tombstone,
        timestamp_ms: row.timestamp,
        cause: Some(row.cause),
    }
}
