//! Two tables with the same key, side by side.

use super::super::Port;
use super::super::builder::{Builder, Stage, Tail};
use super::{Joining, Side, key_expression};
use crate::operator::{Operator, TableSide, TableTableJoin, TableView};
use headwater_base::Diagnostic;
use headwater_syntax::ast::JoinKind;

/// Joins a table, or joined tables, with one more.
pub(super) fn table_table(
    builder: &mut Builder<'_>,
    joining: Joining<'_>,
    left: Stage,
) -> Result<Stage, Diagnostic> {
    let (keeps_left, keeps_right) = match joining.join.kind {
        JoinKind::Inner => (false, false),
        JoinKind::Left => (true, false),
        JoinKind::Right => (false, true),
        JoinKind::Full => (true, true),
    };
    let (mut left, left_view) = left_table(builder, joining, left)?;
    let right = joining.right_source(builder, left.sub)?;
    let moves = (joining.decision.right_moves, Some(left.sub));
    let (right, right_store) = joining.table(builder, right, Side::Right, moves, true)?;
    let side = |stage: &Stage, current: TableView, keeps_unmatched: bool| TableSide {
        key: key_expression(stage),
        codec: joining.key_codec(),
        slots: stage.relation.columns.len(),
        keeps_unmatched,
        current,
    };
    let operator = Operator::TableTableJoin(TableTableJoin {
        left: side(&left, left_view, keeps_left),
        right: side(&right, TableView::Store(right_store), keeps_right),
    });
    builder.append(&mut left, operator, joining.station);
    if let Tail::Node(node) = left.tail {
        builder.connect(left.sub, right.tail, node, Port::Right);
    }
    Ok(joining.joined(left, right))
}

/// The left side with what shows its rows: a source gets a store, a join before is asked itself,
/// unless its rows have to move.
fn left_table(
    builder: &mut Builder<'_>,
    joining: Joining<'_>,
    left: Stage,
) -> Result<(Stage, TableView), Diagnostic> {
    let moves = joining.decision.left_moves;
    match left.tail {
        Tail::Node(node) if !moves => {
            let view = match builder.store_written_by(left.sub, node) {
                Some(store) => TableView::Store(store),
                None => TableView::Join(node as u16),
            };
            Ok((left, view))
        }
        _ => {
            let (left, store) = joining.table(builder, left, Side::Left, (moves, None), true)?;
            Ok((left, TableView::Store(store)))
        }
    }
}
