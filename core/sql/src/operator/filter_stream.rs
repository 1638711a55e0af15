//! WHERE over a stream.
//!
//! - a record whose condition is true: goes on unchanged
//! - a record whose condition is false or null, or fails: is dropped
//! - a record with a null value: is dropped
//! - a late record: like any other

#[cfg(test)]
mod tests;

use crate::expression::Expression;
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure};
use crate::value::Value;
use headwater_base::trace::Rejection;

/// Keeps the records whose condition is true.
#[derive(Clone, Debug)]
pub struct FilterStream {
    /// The condition.
    pub condition: Expression,
}

impl FilterStream {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        if !change.present {
            cx.rejected(node.station, Rejection::NullValue);
            return Ok(());
        }
        match cx.value(&self.condition, change.row) {
            Ok(Value::Boolean(true)) => {
                cx.passed(node.station);
                cx.forward(node.next, change)
            }
            Ok(_) => {
                cx.rejected(node.station, Rejection::Predicate);
                Ok(())
            }
            Err(_) => {
                cx.rejected(node.station, Rejection::Error);
                Ok(())
            }
        }
    }
}
