//! SELECT: computes the columns of the result.
//!
//! - an insert or update: the computed row; a column whose expression fails is null
//! - a delete, or a record with a null value: the same without value columns
//! - a late record: like any other

#[cfg(test)]
mod tests;

use crate::arena::Arena;
use crate::expression::Expression;
use crate::plan::Node;
use crate::runtime::{Change, Context, Failure};
use crate::value::Value;

/// Computes new slots from the old ones.
#[derive(Clone, Debug)]
pub struct Project {
    /// One a slot.
    pub columns: Vec<ProjectColumn>,
    /// Whether what follows wants to know the row before.
    pub keeps_old: bool,
}

/// One computed column.
#[derive(Clone, Debug)]
pub struct ProjectColumn {
    /// What it is.
    pub expression: Expression,
    /// Whether it is a key column or a window bound, which deletes keep.
    pub identifies: bool,
}

impl Project {
    pub(super) fn process<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        node: &'b Node,
        change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        let row = self.project(cx, change.row, change.present);
        let old = match change.old {
            Some(old) if self.keeps_old => Some(self.project(cx, old, true)),
            _ => None,
        };
        cx.passed(node.station);
        cx.forward(node.next, change.with_row(row, old))
    }

    fn project<'r, 'b>(
        &'b self,
        cx: &mut Context<'r>,
        row: &'b [Value<'b>],
        present: bool,
    ) -> &'b [Value<'b>]
    where
        'r: 'b,
    {
        let arena: &'b Arena = cx.eval.arena;
        arena.slots_with(self.columns.len(), |at| {
            let column = &self.columns[at];
            if !present && !column.identifies {
                return Value::Null;
            }
            cx.value_or_null(&column.expression, row)
        })
    }
}
