//! The groups that an aggregation keeps: listed for pull queries, and sent on once more.

use super::aggregate::fill_bounds;
use super::{AggregateStream, Entry};
use crate::format::ColumnSet;
use crate::plan::Node;
use crate::runtime::{Bounds, Change, Context, Failure};
use crate::state::{StoreState, Stored};
use headwater_base::order;
use headwater_log::Headers;
use std::sync::Arc;

impl AggregateStream {
    /// The groups as they stand, by key bytes and then by window.
    pub(super) fn entries(&self, stores: &[StoreState]) -> Vec<Entry> {
        match (stores.get(self.store), self.windows) {
            (Some(StoreState::Keyed(store)), _) => {
                let rows = store.sorted().into_iter().cloned();
                rows.map(|stored| Entry {
                    stored,
                    window: None,
                })
                .collect()
            }
            (Some(StoreState::Windowed(store)), Some(windows)) => {
                let mut rows: Vec<Entry> = Vec::new();
                for (start, window) in store.windows() {
                    let window_bounds = Bounds {
                        start,
                        end: start.saturating_add(windows.size),
                    };
                    let entry = |stored: &Arc<Stored>| Entry {
                        stored: stored.clone(),
                        window: Some(window_bounds),
                    };
                    rows.extend(window.sorted().into_iter().map(entry));
                }
                order::sort_by(&mut rows, |a, b| {
                    (&a.stored.key, a.window).cmp(&(&b.stored.key, b.window))
                });
                rows
            }
            _ => Vec::new(),
        }
    }

    /// Sends the row of an entry on.
    pub(super) fn replay<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        entry: &Entry,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let arena = cx.eval.arena;
        let keys = self.keys.len();
        let bounds = if entry.window.is_some() { 2 } else { 0 };
        let row = arena.slots(keys + self.calls.len() + bounds);
        let wanted = ColumnSet::all(keys);
        let key: &'r [u8] = arena.bytes(&entry.stored.key);
        if self
            .key
            .decode(Some(key), arena, &wanted, &mut row[..keys])
            .is_err()
        {
            return Ok(());
        }
        self.results(&entry.stored.values, arena, &mut row[keys..]);
        fill_bounds(row, entry.window);
        let change = Change {
            row,
            present: true,
            old: None,
            time: entry.stored.time,
            window: entry.window,
            headers: Headers::EMPTY,
        };
        cx.forward(node.next, change)
    }
}
