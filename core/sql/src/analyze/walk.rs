//! Walks over expressions: visiting every node, and replacing some of them.
//!
//! It knows the shape of the tree and nothing of names or types.

use headwater_syntax::ast::{Expression, ExpressionKind as Kind, WhenBranch};

/// Calls `visit` with each direct part of `expression`.
pub fn each_part<'e>(expression: &'e Expression, visit: &mut dyn FnMut(&'e Expression)) {
    match &expression.kind {
        Kind::Literal(_) | Kind::Column { .. } | Kind::Unit(_) => {}
        Kind::Field { base, .. } => visit(base),
        Kind::Subscript { base, index } => [base, index].into_iter().for_each(|e| visit(e)),
        Kind::Sign { operand, .. } | Kind::Not(operand) => visit(operand),
        Kind::Arithmetic { left, right, .. }
        | Kind::Comparison { left, right, .. }
        | Kind::Logical { left, right, .. } => [left, right].into_iter().for_each(|e| visit(e)),
        Kind::Between { value, low, high } => {
            [value, low, high].into_iter().for_each(|e| visit(e));
        }
        Kind::In { value, list } => {
            visit(value);
            list.iter().for_each(visit);
        }
        Kind::Like { value, pattern, .. } => [value, pattern].into_iter().for_each(|e| visit(e)),
        Kind::IsNull { value, .. } | Kind::Cast { value, .. } => visit(value),
        Kind::Case {
            operand,
            branches,
            default,
        } => {
            operand.iter().for_each(|e| visit(e));
            for branch in branches {
                visit(&branch.condition);
                visit(&branch.result);
            }
            default.iter().for_each(|e| visit(e));
        }
        Kind::Call(call) => call.arguments.iter().for_each(visit),
        Kind::Lambda { body, .. } => visit(body),
        Kind::Array(items) => items.iter().for_each(visit),
        Kind::Map(entries) => {
            for entry in entries {
                visit(&entry.key);
                visit(&entry.value);
            }
        }
        Kind::Struct(entries) => entries.iter().for_each(|entry| visit(&entry.value)),
        Kind::AtTimeZone { value, zone } => [value, zone].into_iter().for_each(|e| visit(e)),
    }
}

/// Calls `visit` with `expression` and everything in it, outermost first.
pub fn each_node<'e>(expression: &'e Expression, visit: &mut dyn FnMut(&'e Expression)) {
    visit(expression);
    each_part(expression, &mut |part| each_node(part, visit));
}

/// Whether `expression` or anything in it is such.
pub fn any_node(expression: &Expression, is_such: &dyn Fn(&Expression) -> bool) -> bool {
    let mut found = false;
    each_node(expression, &mut |node| found |= is_such(node));
    found
}

/// The tree with each node for which `replace` has something else exchanged, outermost first;
/// what was put in is not looked into again.
pub fn replaced(
    expression: &Expression,
    replace: &mut dyn FnMut(&Expression) -> Option<Expression>,
) -> Expression {
    if let Some(other) = replace(expression) {
        return other;
    }
    let mut copy = expression.clone();
    each_part_mut(&mut copy, &mut |part| *part = replaced(part, replace));
    copy
}

fn each_part_mut(expression: &mut Expression, visit: &mut dyn FnMut(&mut Expression)) {
    match &mut expression.kind {
        Kind::Literal(_) | Kind::Column { .. } | Kind::Unit(_) => {}
        Kind::Field { base, .. } => visit(base),
        Kind::Subscript { base, index } => [base, index].into_iter().for_each(|e| visit(e)),
        Kind::Sign { operand, .. } | Kind::Not(operand) => visit(operand),
        Kind::Arithmetic { left, right, .. }
        | Kind::Comparison { left, right, .. }
        | Kind::Logical { left, right, .. } => [left, right].into_iter().for_each(|e| visit(e)),
        Kind::Between { value, low, high } => {
            [value, low, high].into_iter().for_each(|e| visit(e));
        }
        Kind::In { value, list } => {
            visit(value);
            list.iter_mut().for_each(visit);
        }
        Kind::Like { value, pattern, .. } => [value, pattern].into_iter().for_each(|e| visit(e)),
        Kind::IsNull { value, .. } | Kind::Cast { value, .. } => visit(value),
        Kind::Case {
            operand,
            branches,
            default,
        } => {
            operand.iter_mut().for_each(|e| visit(e));
            for WhenBranch {
                condition, result, ..
            } in branches
            {
                visit(condition);
                visit(result);
            }
            default.iter_mut().for_each(|e| visit(e));
        }
        Kind::Call(call) => call.arguments.iter_mut().for_each(visit),
        Kind::Lambda { body, .. } => visit(body),
        Kind::Array(items) => items.iter_mut().for_each(visit),
        Kind::Map(entries) => {
            for entry in entries {
                visit(&mut entry.key);
                visit(&mut entry.value);
            }
        }
        Kind::Struct(entries) => entries.iter_mut().for_each(|entry| visit(&mut entry.value)),
        Kind::AtTimeZone { value, zone } => [value, zone].into_iter().for_each(|e| visit(e)),
    }
}
