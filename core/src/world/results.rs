//! Rows of push queries, kept for their readers: the newest ones, up to a limit.

use crate::world::World;
use headwater_base::{Diagnostic, Fault, QueryId, TraceDetail, limits};
use headwater_sql::runtime::PushRow;
use std::collections::VecDeque;
use std::sync::Arc;

/// What a push query has given so far.
#[derive(Clone, Debug, Default)]
pub struct PushResult {
    /// The newest rows with their numbers, oldest first.
    pub rows: VecDeque<(u64, Arc<PushRow>)>,
    /// Rows given in all.
    pub row_count: u64,
}

impl World {
    /// What a push query has given; `None` if it is none or was closed.
    pub fn result(&self, query: QueryId) -> Option<&PushResult> {
        self.results.get(&query).map(|it| &**it)
    }

    /// All push queries with results, by id.
    pub fn results(&self) -> impl Iterator<Item = (QueryId, &PushResult)> {
        self.results
            .iter()
            .map(|(query, result)| (*query, &**result))
    }

    /// Opens an empty result for a push query.
    pub(super) fn open_result(&mut self, query: QueryId) {
        self.results.insert(query, Arc::default());
    }

    pub(super) fn keep_row(&mut self, query: QueryId, row: PushRow) {
        let Some(result) = self.results.get_mut(&query) else {
            return;
        };
        let result = Arc::make_mut(result);
        let number = result.row_count;
        result.row_count += 1;
        if result.rows.len() == limits::RESULT_ROWS_MAX {
            result.rows.pop_front();
        }
        result.rows.push_back((number, Arc::new(row)));
        self.note(TraceDetail::RowEmitted { query, row: number });
    }

    /// Ends a push query and forgets its rows.
    pub(super) fn close_query(&mut self, name: &str) -> Result<(), Diagnostic> {
        let is_named = |id: &&QueryId| {
            let found = self.ksql.query(**id);
            found.is_some_and(|it| it.name.eq_ignore_ascii_case(name))
        };
        let found = self.results.keys().find(is_named).copied();
        let Some(query) = found else {
            let message = format!("There is no push query named {name}.");
            return Err(Diagnostic::error(Fault::Yours, "unknown-query", message));
        };
        self.results.remove(&query);
        for action in self.ksql.of_mut(query).stop(query) {
            self.carry_out_action(action)
                .map_err(|it| it.to_diagnostic())?;
        }
        Ok(())
    }
}
