//! Rows of one push query, for front ends that print them as they come.

use crate::observe::results;
use crate::world::World;
use headwater_base::QueryId;
use headwater_view::{ResultRow, ResultView};

/// All rows that are kept of a push query; `None` if it is none or was closed.
pub fn result(world: &World, query: QueryId) -> Option<ResultView> {
    let found = world.ksql().query(query)?;
    Some(results::result_view(
        world,
        found,
        world.result(query)?,
        usize::MAX,
    ))
}

/// The row of this number of a push query; `None` if it is no longer kept.
pub fn result_row(world: &World, query: QueryId, number: u64) -> Option<ResultRow> {
    let columns = &world.ksql().query(query)?.plan.result.value;
    let rows = &world.result(query)?.rows;
    let at = number.checked_sub(rows.front()?.0)?;
    let (number, row) = rows.get(usize::try_from(at).ok()?)?;
    Some(results::result_row(columns, *number, row))
}
