//! Gives rows to the reader of a push query.
//!
//! - an insert or update: a row
//! - a delete of a table: a row marked as a tombstone, with key columns and window bounds alone
//! - a stream's record with a null value: nothing
//! - after LIMIT rows: nothing more; the runtime ends the query

#[cfg(test)]
mod tests;

use crate::plan::Node;
use crate::runtime::{Change, Context, Failure, PushRow};
use crate::value::{Value, write_text};
use headwater_base::trace::Rejection;

/// Gives rows to a reader.
#[derive(Clone, Debug)]
pub struct Push {
    /// How many of the first slots the reader sees; those behind identify the row of a table.
    pub visible: usize,
    /// Whether the result is a table.
    pub table: bool,
    /// At most so many rows.
    pub limit: Option<u64>,
}

impl Push {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        if self.limit.is_some_and(|limit| *cx.emitted >= limit) {
            return Ok(());
        }
        if !change.present && !self.table {
            cx.rejected(node.station, Rejection::NullValue);
            return Ok(());
        }
        *cx.emitted += 1;
        cx.passed(node.station);
        let (shown, identity) = change.row.split_at(self.visible.min(change.row.len()));
        let mut key = String::new();
        for value in identity {
            let at = key.len();
            // Writing to a String cannot fail.
            let _ = write_text(&mut key, *value, None);
            let length = key.len() - at;
            key.push_str(&format!("\u{1f}{length}\u{1f}"));
        }
        if let Some(window) = change.window {
            key.push_str(&format!("@{}..{}", window.start, window.end));
        }
        let row = PushRow {
            values: shown.iter().map(Value::to_owned).collect(),
            timestamp: change.time,
            tombstone: self.table && !change.present,
            cause: cx.input,
            key,
        };
        let query = cx.query;
        cx.output.row(query, row);
        Ok(())
    }
}
