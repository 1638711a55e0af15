//! Table functions in SELECT: where they may stand, and what names mean behind them.

use super::relation::Relation;
use super::walk::{each_node, each_part};
use super::{World, items::Item, wrong};
use crate::expression::{Clause, ColumnRef, Scope, TableCall, Unresolved, compile_table_function};
use crate::function::registry;
use crate::types::SqlType;
use headwater_base::Diagnostic;
use headwater_syntax::ast::{self, ExpressionKind as Kind, FunctionCall};

/// A call of a table function.
#[derive(Clone, Debug)]
pub struct TableFunction {
    /// The call, canonical.
    pub canonical: ast::Expression,
    /// The call, compiled against the sources' columns.
    pub call: TableCall,
}

fn as_table_call(expression: &ast::Expression) -> Option<&FunctionCall> {
    match &expression.kind {
        Kind::Call(call) if registry().is_table_function(&call.name.text) => Some(call),
        _ => None,
    }
}

/// The table functions of a projection, each once, in order of writing.
pub(super) fn find(
    items: &[Item],
    relation: &Relation,
    world: World<'_>,
) -> Result<Vec<TableFunction>, Diagnostic> {
    let mut found = Vec::new();
    for item in items {
        collect(&item.expression, relation, world, &mut found)?;
    }
    Ok(found)
}

fn collect(
    expression: &ast::Expression,
    relation: &Relation,
    world: World<'_>,
    found: &mut Vec<TableFunction>,
) -> Result<(), Diagnostic> {
    if let Some(call) = as_table_call(expression) {
        if let Some(inner) = call.arguments.iter().find_map(first_inside) {
            let message = "Table functions cannot be nested.";
            return Err(wrong("nested-table-functions", message, inner.span));
        }
        let canonical = relation.canonical(expression);
        if !found.iter().any(|known| known.canonical == canonical) {
            let options = world.options(Clause::Select);
            let call = compile_table_function(call, relation, options).map_err(|found| {
                let span = found.span.unwrap_or(expression.span);
                found.at(span)
            })?;
            found.push(TableFunction { canonical, call });
        }
        return Ok(());
    }
    if let (Kind::Case { .. }, Some(inner)) = (&expression.kind, first_inside(expression)) {
        let message = "Table functions cannot be used in CASE.";
        return Err(wrong("table-function-in-case", message, inner.span));
    }
    let mut result = Ok(());
    each_part(expression, &mut |part| {
        if result.is_ok() {
            result = collect(part, relation, world, found);
        }
    });
    result
}

/// Whether a table function is anywhere in an expression.
pub(super) fn is_inside(expression: &ast::Expression) -> bool {
    first_inside(expression).is_some()
}

/// A table function anywhere in an expression.
fn first_inside(expression: &ast::Expression) -> Option<ast::Expression> {
    let mut found = None;
    each_node(expression, &mut |node| {
        if found.is_none() && as_table_call(node).is_some() {
            found = Some(node.clone());
        }
    });
    found
}

/// What names mean behind the table functions: the sources' columns, then one slot a call.
pub struct TableScope<'t> {
    /// The calls.
    pub calls: &'t [TableFunction],
    /// The sources' columns, with a slot without a name for each call behind them.
    pub relation: &'t Relation,
}

impl Scope for TableScope<'_> {
    fn column(&self, source: Option<&str>, name: &str) -> Result<ColumnRef, Unresolved> {
        self.relation.column(source, name)
    }

    fn substitute(&self, expression: &ast::Expression) -> Option<ColumnRef> {
        as_table_call(expression)?;
        let canonical = self.relation.canonical(expression);
        let at = self
            .calls
            .iter()
            .position(|call| call.canonical == canonical)?;
        let ty: SqlType = self.calls[at].call.ty().clone();
        let index = self.relation.columns.len() - self.calls.len() + at;
        Some(ColumnRef {
            index,
            ty,
            is_time: false,
        })
    }
}
