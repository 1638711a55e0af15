//! Two tables with one key side by side: INNER, LEFT, RIGHT and FULL JOIN on primary keys.

use crate::expression::Expression;
use crate::format::Codec;
use crate::plan::{Node, Port};
use crate::runtime::{Change, Context, Failure};

/// Joins each change of a table with the row that the other has now.
///
/// The joined row holds the left slots, the right slots, and in one slot more the value that both
/// keys have. Both inputs must come with old rows (`Materialize::emits_old`).
#[derive(Clone, Debug)]
pub struct TableTableJoin {
    /// The left table.
    pub left: TableSide,
    /// The right table.
    pub right: TableSide,
}

/// One table of a join.
#[derive(Clone, Debug)]
pub struct TableSide {
    /// The key that is compared, said of the table's own row.
    pub key: Vec<Expression>,
    /// Writes it as the keys of the table's store.
    pub codec: Codec,
    /// How many slots a row has.
    pub slots: usize,
    /// Whether rows without a match go on.
    pub keeps_unmatched: bool,
    /// Where its rows are.
    pub current: TableView,
}

/// Where the rows of a table are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableView {
    /// In the store of a `Materialize` upstream, an index into the sub-topology's.
    Store(usize),
    /// In the tables of an earlier join, a node of the sub-topology; it has no store of its own.
    Join(u16),
}

impl TableTableJoin {
    pub(super) fn process<'r, 'b>(
        &'b self,
        _cx: &mut Context<'r>,
        _node: &'b Node,
        _port: Port,
        _change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        Ok(())
    }
}
