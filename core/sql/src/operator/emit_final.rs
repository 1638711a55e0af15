//! EMIT FINAL: a window's row goes on once, when nothing can change it any more.
//!
//! - a record that moves stream time past windows' ends and grace: the rows of those windows, by
//!   start and then by key; of sessions, by end and then by key
//! - anything else: nothing; what a record changes is only kept
//!
//! Rows that the store's retention has taken before they were due never go on, as in Kafka.

#[cfg(test)]
mod tests;

use super::{AggregateSession, AggregateStream, Entry};
use crate::plan::Node;
use crate::runtime::{Bounds, Context, Failure};
use crate::state::{Session, StoreState};
use headwater_base::order;

impl AggregateStream {
    /// Sends on the rows of windows that have closed.
    pub(super) fn emit_closed<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let (Some(interval), Some(windows)) = (self.final_interval_millis, self.windows) else {
            return Ok(());
        };
        let now = cx.eval.now_millis;
        let Some(StoreState::Windowed(store)) = cx.stores.get_mut(self.store) else {
            return Ok(());
        };
        let closed = store.stream_time.saturating_sub(windows.grace);
        let Some(before) = store.emitted.due(now, interval, closed) else {
            return Ok(());
        };
        let mut entries = Vec::new();
        for (start, rows) in store.windows() {
            let end = start.saturating_add(windows.size);
            if before < end && end <= closed {
                let window = Some(Bounds { start, end });
                let rows = rows.sorted().into_iter().cloned();
                entries.extend(rows.map(|stored| Entry { stored, window }));
            }
        }
        entries
            .iter()
            .try_for_each(|entry| self.replay(cx, node, entry))
    }
}

impl AggregateSession {
    /// Sends on the rows of sessions that have closed.
    pub(super) fn emit_closed<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let Some(interval) = self.fold.final_interval_millis else {
            return Ok(());
        };
        let now = cx.eval.now_millis;
        let Some(StoreState::Sessions(store)) = cx.stores.get_mut(self.fold.store) else {
            return Ok(());
        };
        let closed = store
            .stream_time
            .saturating_sub(self.grace)
            .saturating_sub(self.gap);
        let Some(before) = store.emitted.due(now, interval, closed) else {
            return Ok(());
        };
        let is_due =
            |session: &&Session| before <= session.bounds.end && session.bounds.end < closed;
        let mut due: Vec<Session> = store.iter().filter(is_due).cloned().collect();
        order::sort_by(&mut due, |a, b| {
            (a.bounds.end, &a.stored.key).cmp(&(b.bounds.end, &b.stored.key))
        });
        for session in due {
            let window = Some(session.bounds);
            let stored = session.stored;
            self.fold.replay(cx, node, &Entry { stored, window })?;
        }
        Ok(())
    }
}
