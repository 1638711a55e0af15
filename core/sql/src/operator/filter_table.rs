//! WHERE over a table, and HAVING over aggregates.
//!
//! - an insert or update whose new row passes: goes on as an update
//! - one whose new row fails: a delete, if the row before had passed; else nothing
//! - a delete: a delete, if the row before had passed; else nothing
//! - a late update: like any other, for the order is that of the log

#[cfg(test)]
mod tests;

use crate::expression::Expression;
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure};
use crate::value::Value;
use headwater_base::trace::Rejection;

/// Keeps the rows whose condition is true, and takes back those that no longer pass.
#[derive(Clone, Debug)]
pub struct FilterTable {
    /// The condition.
    pub condition: Expression,
}

impl FilterTable {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let passes = change.present && self.passes(cx, change.row);
        let old = match change.old {
            Some(old) if self.passes(cx, old) => Some(old),
            _ => None,
        };
        if passes {
            cx.passed(node.station);
            return cx.forward(node.next, Change { old, ..change });
        }
        let reason = match (change.present, old) {
            (true, _) => Rejection::Predicate,
            (false, Some(_)) => Rejection::NullValue,
            (false, None) => Rejection::NothingToDelete,
        };
        cx.rejected(node.station, reason);
        match old {
            Some(_) => cx.forward(
                node.next,
                Change {
                    present: false,
                    old,
                    ..change
                },
            ),
            None => Ok(()),
        }
    }

    fn passes<'r, 'b>(&'b self, cx: &mut Context<'r>, row: &'b [Value<'b>]) -> bool
    where
        'r: 'b,
    {
        matches!(cx.value(&self.condition, row), Ok(Value::Boolean(true)))
    }
}
