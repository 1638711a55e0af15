//! Comparisons: which types may be compared, and how values compare.
//!
//! A comparison with null is false, for `<>` too; only IS [NOT] DISTINCT FROM treats null as a
//! value.

use super::cast;
use super::node::{Expression, Node};
use crate::time;
use crate::types::{BaseType, SqlType};
use crate::value::{OwnedValue, Value, bytes_order, numeric_order, same, text_order};
use headwater_syntax::ast::ComparisonOperator as Operator;
use std::cmp::Ordering;

/// A comparison, as evaluation does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Below,
    AtMost,
    Above,
    AtLeast,
    Distinct,
    NotDistinct,
}

impl From<Operator> for Comparison {
    fn from(operator: Operator) -> Comparison {
        match operator {
            Operator::Equal => Comparison::Equal,
            Operator::NotEqual => Comparison::NotEqual,
            Operator::LessThan => Comparison::Below,
            Operator::LessThanOrEqual => Comparison::AtMost,
            Operator::GreaterThan => Comparison::Above,
            Operator::GreaterThanOrEqual => Comparison::AtLeast,
            Operator::IsDistinctFrom => Comparison::Distinct,
            Operator::IsNotDistinctFrom => Comparison::NotDistinct,
        }
    }
}

/// Whether the comparison holds.
#[inline]
pub(crate) fn compare(how: Comparison, left: Value<'_>, right: Value<'_>) -> bool {
    if left.is_null() || right.is_null() {
        let both = left.is_null() && right.is_null();
        return match how {
            Comparison::Distinct => !both,
            Comparison::NotDistinct => both,
            _ => false,
        };
    }
    let order = order(left, right);
    match how {
        Comparison::Equal | Comparison::NotDistinct => order == Some(Ordering::Equal),
        Comparison::NotEqual | Comparison::Distinct => order != Some(Ordering::Equal),
        Comparison::Below => order == Some(Ordering::Less),
        Comparison::AtMost => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        Comparison::Above => order == Some(Ordering::Greater),
        Comparison::AtLeast => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

/// The order of two values that may be compared; `None` where they are neither equal nor ordered.
pub(crate) fn order(left: Value<'_>, right: Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(&b)),
        (Value::BigInt(a), Value::BigInt(b)) => Some(a.cmp(&b)),
        (Value::String(a), Value::String(b)) => Some(text_order(a, b)),
        (Value::Boolean(a), Value::Boolean(b)) => Some(a.cmp(&b)),
        (Value::Bytes(a), Value::Bytes(b)) => Some(bytes_order(a, b)),
        (Value::Time(a), Value::Time(b)) | (Value::Date(a), Value::Date(b)) => Some(a.cmp(&b)),
        (Value::Timestamp(a), Value::Timestamp(b)) => Some(a.cmp(&b)),
        (Value::Array(_), _) | (Value::Map(_), _) | (Value::Struct(_), _) => {
            same(left, right).then_some(Ordering::Equal)
        }
        _ => numeric_order(left, right),
    }
}

/// Brings both sides to types whose values compare; `None` if the operator does not allow it.
pub(super) fn comparable(
    operator: Operator,
    left: Expression,
    right: Expression,
) -> Option<(Node, Node)> {
    let (a, b) = (left.ty?, right.ty?);
    let (mut left, mut right) = (left.node, right.node);
    match (a.base(), b.base()) {
        _ if a.is_number() && b.is_number() => {}
        (BaseType::String, BaseType::Date | BaseType::Time | BaseType::Timestamp) => {
            left = folded(cast::node(left, a, b));
        }
        (BaseType::Date | BaseType::Time | BaseType::Timestamp, BaseType::String) => {
            right = folded(cast::node(right, b, a));
        }
        (BaseType::Date, BaseType::Timestamp) => left = cast::node(left, a, b),
        (BaseType::Timestamp, BaseType::Date) => right = cast::node(right, b, a),
        (BaseType::Boolean | BaseType::Array | BaseType::Map | BaseType::Struct, other) => {
            let only_equality = matches!(
                operator,
                Operator::Equal
                    | Operator::NotEqual
                    | Operator::IsDistinctFrom
                    | Operator::IsNotDistinctFrom
            );
            if a.base() != other || !only_equality {
                return None;
            }
        }
        (one, other) if one == other => {}
        _ => return None,
    }
    Some((left, right))
}

/// A cast of a constant, done once.
pub(super) fn folded(node: Node) -> Node {
    let Node::Cast(cast) = &node else {
        return node;
    };
    let Node::Constant(value) = &cast.value else {
        return node;
    };
    let arena = crate::arena::Arena::new();
    match cast::cast(&cast.plan, value.borrow(&arena), &arena) {
        Ok(value) => Node::Constant(value.to_owned()),
        Err(_) => node,
    }
}

/// A text of a time beside ROWTIME or a window's bound, as epoch milliseconds.
pub(super) fn time_literal(node: &Node) -> Option<Result<Expression, String>> {
    let Node::Constant(OwnedValue::String(text)) = node else {
        return None;
    };
    Some(match time::parse_timestamp(text) {
        Some(millis) => Ok(Expression::constant(
            OwnedValue::BigInt(millis),
            Some(SqlType::BigInt),
        )),
        None => Err(format!(
            "Failed to parse timestamp '{text}'. Required format is: \
             \"yyyy-MM-dd'T'HH:mm:ss.SSS\", with an optional numeric 4-digit timezone, \
             for example: \"1970-01-01T00:00:00.000\" or \"1970-01-01T00:00:00.000+0100\""
        )),
    })
}
