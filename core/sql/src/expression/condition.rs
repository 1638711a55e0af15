//! Conditions: comparisons, BETWEEN, IN and CASE, with the rules on their types.

use super::coerce::{self, Item};
use super::comparison::{self, Comparison};
use super::compile::{Compiler, Result, boolean, error, in_hint, spelled};
use super::describe::describe;
use super::node::{Expression, Node};
use crate::types::SqlType;
use headwater_base::{Diagnostic, Fault};
use headwater_syntax::ast::{self, ExpressionKind};

impl Compiler<'_> {
    pub(super) fn comparison(
        &mut self,
        operator: ast::ComparisonOperator,
        left: &ast::Expression,
        right: &ast::Expression,
    ) -> Result<Expression> {
        let (a, b) = (self.compile(left)?, self.compile(right)?);
        let (a, b) = self.read_times((left, a), (right, b))?;
        if a.ty.is_none() || b.ty.is_none() {
            let message = format!(
                "Comparison with NULL not supported: {} {} {}",
                base_name(&a.ty),
                operator.symbol(),
                base_name(&b.ty),
            );
            let found = error("compare-null", message, left).at(left.span.to(right.span));
            return Err(found.hint("Use IS NULL or IS NOT NULL."));
        }
        let types = (spelled(&a.ty), spelled(&b.ty));
        let how = Comparison::from(operator);
        let Some((a, b)) = comparison::comparable(operator, a, b) else {
            let message = format!(
                "Cannot compare {} ({}) to {} ({}) with {}.",
                describe(left),
                types.0,
                describe(right),
                types.1,
                operator.name(),
            );
            return Err(error("cannot-compare", message, left).at(left.span.to(right.span)));
        };
        Ok(boolean(Node::Compare(how, Box::new(a), Box::new(b))))
    }

    /// Texts beside ROWTIME, WINDOWSTART and WINDOWEND become times.
    pub(super) fn read_times(
        &self,
        (left, a): (&ast::Expression, Expression),
        (right, b): (&ast::Expression, Expression),
    ) -> Result<(Expression, Expression)> {
        let bad = |at: &ast::Expression| {
            let at = at.span;
            move |message| Diagnostic::error(Fault::Yours, "time-literal", message).at(at)
        };
        if self.is_time(left) {
            if let Some(time) = comparison::time_literal(&b.node) {
                return Ok((a, time.map_err(bad(right))?));
            }
        } else if self.is_time(right)
            && let Some(time) = comparison::time_literal(&a.node)
        {
            return Ok((time.map_err(bad(left))?, b));
        }
        Ok((a, b))
    }

    pub(super) fn is_time(&self, expression: &ast::Expression) -> bool {
        let ExpressionKind::Column { source, name } = &expression.kind else {
            return false;
        };
        let source = source.as_ref().map(|source| source.text.as_str());
        self.scope
            .column(source, &name.text)
            .is_ok_and(|column| column.is_time)
    }

    pub(super) fn between(
        &mut self,
        value: &ast::Expression,
        low: &ast::Expression,
        high: &ast::Expression,
    ) -> Result<Expression> {
        use ast::ComparisonOperator::{GreaterThanOrEqual, LessThanOrEqual};
        let above = self.comparison(GreaterThanOrEqual, value, low)?;
        let below = self.comparison(LessThanOrEqual, value, high)?;
        let (Node::Compare(_, v1, low), Node::Compare(_, v2, high)) = (above.node, below.node)
        else {
            let message = "BETWEEN could not be compiled.".to_owned();
            return Err(Diagnostic::error(Fault::Ours, "between", message));
        };
        // Where the two bounds brought the value to different types, it is computed twice.
        let same = matches!((&*v1, &*v2), (Node::Cast(_), _) | (_, Node::Cast(_)));
        Ok(boolean(match same {
            false => Node::Between(Box::new([*v1, *low, *high])),
            true => Node::And(
                Box::new(Node::Compare(Comparison::AtLeast, v1, low)),
                Box::new(Node::Compare(Comparison::AtMost, v2, high)),
            ),
        }))
    }

    pub(super) fn is_in(
        &mut self,
        value: &ast::Expression,
        list: &[ast::Expression],
    ) -> Result<Expression> {
        let compiled = self.compile(value)?;
        if compiled.ty.is_none() {
            let message = "Comparison with NULL not supported: NULL IN (...)".to_owned();
            return Err(error("compare-null", message, value));
        }
        let mut items = vec![Item {
            expression: compiled,
            text: describe(value),
        }];
        for item in list {
            items.push(Item {
                expression: self.compile(item)?,
                text: in_hint(item),
            });
        }
        let Some((_, mut nodes)) = coerce::coerce(items)? else {
            let message = "IN needs a type.".to_owned();
            return Err(error("compare-null", message, value));
        };
        let first = nodes.remove(0);
        Ok(boolean(Node::In(Box::new(first), nodes)))
    }

    pub(super) fn case(
        &mut self,
        operand: Option<&ast::Expression>,
        branches: &[ast::WhenBranch],
        default: Option<&ast::Expression>,
    ) -> Result<Expression> {
        let mut ty: Option<SqlType> = None;
        let mut compiled = Vec::with_capacity(branches.len());
        for branch in branches {
            let condition = match operand {
                None => self.boolean(&branch.condition)?,
                Some(operand) => {
                    let equal = ast::ComparisonOperator::Equal;
                    self.comparison(equal, operand, &branch.condition)?.node
                }
            };
            let result = self.compile(&branch.result)?;
            same_type(&mut ty, &result, &branch.result, "WHEN")?;
            compiled.push((condition, result.node));
        }
        let default = match default {
            None => None,
            Some(default) => {
                let result = self.compile(default)?;
                same_type(&mut ty, &result, default, "ELSE")?;
                Some(Box::new(result.node))
            }
        };
        if ty.is_none() {
            let message = "Invalid Case expression. All case branches have NULL type";
            let found = Diagnostic::error(Fault::Yours, "case-null", message);
            return Err(found.hint("Give one of them a type with CAST(NULL AS type)."));
        }
        Ok(Expression {
            node: Node::Case(compiled, default),
            ty,
        })
    }
}

/// A type's first word: `ARRAY` of `ARRAY<INTEGER>`.
fn base_name(ty: &Option<SqlType>) -> String {
    let mut name = spelled(ty).to_uppercase();
    name.truncate(name.find(['<', '(']).unwrap_or(name.len()));
    name
}

fn same_type(
    ty: &mut Option<SqlType>,
    result: &Expression,
    at: &ast::Expression,
    which: &str,
) -> Result<()> {
    match (&*ty, &result.ty) {
        (_, None) => {}
        (None, Some(found)) => *ty = Some(found.clone()),
        (Some(known), Some(found)) if known == found => {}
        (Some(known), Some(found)) => {
            let message = match which {
                "ELSE" => format!(
                    "Invalid Case expression. Type for the default clause should be the same as \
                     for 'THEN' clauses.\nTHEN type: {known}.\nDEFAULT type: {found}."
                ),
                _ => format!(
                    "Invalid Case expression. Type for all 'THEN' clauses should be the same.\n\
                     THEN expression '{}' has type: {found}.\nPrevious THEN expression(s) type: \
                     {known}.",
                    describe(at)
                ),
            };
            return Err(error("case-types", message, at));
        }
    }
    Ok(())
}
