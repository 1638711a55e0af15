//! `+ - * / %`: result types at compile time, and the operations.
//!
//! Integers wrap and divide towards zero; a decimal result that is not exact is an error, and so
//! is a null operand (but of a STRING concatenation). Doubles follow IEEE 754.

use super::node::{Expression, Frame, Node};
use super::{EvalError, cast};
use crate::arena::Arena;
use crate::types::SqlType;
use crate::value::{Value, write_text};
use headwater_syntax::ast::ArithmeticOperator as Operator;

/// A compiled operation.
#[derive(Clone, Debug)]
pub(crate) struct Arithmetic {
    pub(crate) operator: Operator,
    pub(crate) result: SqlType,
    pub(crate) left: Node,
    pub(crate) right: Node,
}

/// The operation on two compiled sides; `None` if their types do not allow it.
pub(super) fn arithmetic(
    operator: Operator,
    left: Expression,
    right: Expression,
) -> Option<Expression> {
    let (left_type, right_type) = (left.ty?, right.ty?);
    let result = result_type(operator, &left_type, &right_type)?;
    let side = |node: Node, ty: SqlType| match (&result, &ty) {
        (SqlType::Double, SqlType::Double) => node,
        (SqlType::Double, _) => cast::node(node, ty, SqlType::Double),
        (SqlType::Decimal { .. }, SqlType::Decimal { .. }) => node,
        (SqlType::Decimal { .. }, _) => {
            let (precision, scale) = ty.as_decimal().unwrap_or((19, 0));
            cast::node(node, ty, SqlType::decimal(precision, scale))
        }
        (SqlType::BigInt, SqlType::Int) => cast::node(node, ty, SqlType::BigInt),
        _ => node,
    };
    let node = Arithmetic {
        operator,
        left: side(left.node, left_type),
        right: side(right.node, right_type),
        result: result.clone(),
    };
    Some(Expression {
        node: Node::Arithmetic(Box::new(node)),
        ty: Some(result),
    })
}

fn result_type(operator: Operator, left: &SqlType, right: &SqlType) -> Option<SqlType> {
    if (left, right) == (&SqlType::String, &SqlType::String) && operator == Operator::Add {
        return Some(SqlType::String);
    }
    let common = left.common_number(right)?;
    if !matches!(common, SqlType::Decimal { .. }) {
        return Some(common);
    }
    let ((p1, s1), (p2, s2)) = (left.as_decimal()?, right.as_decimal()?);
    let scale = s1.max(s2);
    Some(match operator {
        Operator::Add | Operator::Subtract => {
            SqlType::decimal(scale + (p1 - s1).max(p2 - s2) + 1, scale)
        }
        Operator::Multiply => SqlType::decimal(p1 + p2 + 1, s1 + s2),
        Operator::Divide => {
            let scale = (s1 + p2 + 1).max(6);
            SqlType::decimal(p1 - s1 + s2 + scale, scale)
        }
        Operator::Modulus => SqlType::decimal((p1 - s1).min(p2 - s2) + scale, scale),
    })
}

const NULL_OPERAND: EvalError = EvalError::fixed("an operand of an arithmetic operation is null");
const BY_ZERO: EvalError = EvalError::fixed("/ by zero");
const INEXACT: EvalError = EvalError::fixed("Rounding necessary");

impl Arithmetic {
    pub(super) fn eval<'a>(&'a self, frame: &Frame<'_, 'a>) -> Result<Value<'a>, EvalError> {
        let (left, right) = (self.left.eval(frame)?, self.right.eval(frame)?);
        match (left, right) {
            (Value::Int(a), Value::Int(b)) => integers(self.operator, a, b),
            (Value::BigInt(a), Value::BigInt(b)) => bigints(self.operator, a, b),
            (Value::Double(a), Value::Double(b)) => Ok(Value::Double(doubles(self.operator, a, b))),
            (Value::Decimal(_), Value::Decimal(_)) => self.decimals(left, right, frame.cx.arena),
            _ if self.result == SqlType::String => concatenation(left, right, frame.cx.arena),
            _ => Err(NULL_OPERAND),
        }
    }

    fn decimals<'a>(
        &self,
        left: Value<'a>,
        right: Value<'a>,
        arena: &'a Arena,
    ) -> Result<Value<'a>, EvalError> {
        let (Value::Decimal(a), Value::Decimal(b), SqlType::Decimal { precision, scale }) =
            (left, right, &self.result)
        else {
            return Err(NULL_OPERAND);
        };
        let exact = match self.operator {
            Operator::Add => a.add(b),
            Operator::Subtract => a.subtract(b),
            Operator::Multiply => a.multiply(b),
            Operator::Divide if b.is_zero() => return Err(BY_ZERO),
            Operator::Modulus if b.is_zero() => return Err(BY_ZERO),
            Operator::Divide => a.divide(b, *precision, *scale),
            Operator::Modulus => a.remainder(b),
        };
        let fitted = exact.and_then(|exact| exact.fitted(*precision, *scale));
        fitted
            .map(|fitted| Value::Decimal(arena.decimal(fitted)))
            .ok_or(INEXACT)
    }
}

fn integers<'a>(operator: Operator, a: i32, b: i32) -> Result<Value<'a>, EvalError> {
    Ok(Value::Int(match operator {
        Operator::Add => a.wrapping_add(b),
        Operator::Subtract => a.wrapping_sub(b),
        Operator::Multiply => a.wrapping_mul(b),
        Operator::Divide | Operator::Modulus if b == 0 => return Err(BY_ZERO),
        Operator::Divide => a.wrapping_div(b),
        Operator::Modulus => a.wrapping_rem(b),
    }))
}

fn bigints<'a>(operator: Operator, a: i64, b: i64) -> Result<Value<'a>, EvalError> {
    Ok(Value::BigInt(match operator {
        Operator::Add => a.wrapping_add(b),
        Operator::Subtract => a.wrapping_sub(b),
        Operator::Multiply => a.wrapping_mul(b),
        Operator::Divide | Operator::Modulus if b == 0 => return Err(BY_ZERO),
        Operator::Divide => a.wrapping_div(b),
        Operator::Modulus => a.wrapping_rem(b),
    }))
}

fn doubles(operator: Operator, a: f64, b: f64) -> f64 {
    match operator {
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        Operator::Modulus => libm::fmod(a, b),
    }
}

/// Java's concatenation of strings, where null is shown as `null`.
fn concatenation<'a>(
    left: Value<'a>,
    right: Value<'a>,
    arena: &'a Arena,
) -> Result<Value<'a>, EvalError> {
    let mut text = arena.text();
    // Writing to memory cannot fail.
    let _ = write_text(&mut text, left, None);
    let _ = write_text(&mut text, right, None);
    Ok(Value::String(text.into_bump_str()))
}

/// `-value`.
pub(super) fn negate<'a>(value: Value<'a>, arena: &'a Arena) -> Result<Value<'a>, EvalError> {
    match value {
        Value::Int(x) => Ok(Value::Int(x.wrapping_neg())),
        Value::BigInt(x) => Ok(Value::BigInt(x.wrapping_neg())),
        Value::Double(x) => Ok(Value::Double(-x)),
        Value::Decimal(x) => Ok(Value::Decimal(arena.decimal(x.negated()))),
        _ => Err(NULL_OPERAND),
    }
}
