//! Evaluation of the typed tree, node by node.
//!
//! AND, OR and CASE look at no more than they need, left to right. A comparison with null is
//! false. Errors travel up to the nearest call, constructor, cast or column.

use super::node::{Argument, CallNode, Frame, Node};
use super::{EvalError, cast, comparison};
use crate::function::Call;
use crate::value::{Value, same};

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// Most arguments that are kept on the stack.
const ARGUMENTS_INLINE: usize = 4;

impl Node {
    /// The value at a record.
    pub(crate) fn eval<'a>(&'a self, frame: &Frame<'_, 'a>) -> Result<'a> {
        match self {
            Node::Column(index) => Ok(frame.row.get(*index).copied().unwrap_or_default()),
            Node::Constant(value) => Ok(value.borrow(frame.cx.arena)),
            Node::Variable(index) => Ok(frame.variables.get(*index).copied().unwrap_or_default()),
            Node::Compare(how, left, right) => {
                let (left, right) = (left.eval(frame)?, right.eval(frame)?);
                Ok(Value::Boolean(comparison::compare(*how, left, right)))
            }
            Node::And(left, right) => {
                Ok(Value::Boolean(truth(left, frame)? && truth(right, frame)?))
            }
            Node::Or(left, right) => {
                Ok(Value::Boolean(truth(left, frame)? || truth(right, frame)?))
            }
            Node::Not(operand) => Ok(Value::Boolean(!truth(operand, frame)?)),
            Node::Between(three) => between(three, frame),
            Node::In(value, items) => is_in(value, items, frame),
            Node::Like(value, pattern) => pattern.matches(value.eval(frame)?, frame),
            Node::IsNull(value, negated) => {
                Ok(Value::Boolean(value.eval(frame)?.is_null() != *negated))
            }
            Node::Arithmetic(arithmetic) => arithmetic.eval(frame),
            Node::Negate(operand) => {
                super::arithmetic::negate(operand.eval(frame)?, frame.cx.arena)
            }
            Node::Case(branches, default) => case(branches, default.as_deref(), frame),
            Node::Cast(node) => {
                let value = node.value.eval(frame);
                let cast = value.and_then(|value| cast::cast(&node.plan, value, frame.cx.arena));
                Ok(cast.unwrap_or_else(|error| frame.cx.swallow(error)))
            }
            Node::Call(call) => call.eval(frame),
            nested => nested.eval_nested(frame),
        }
    }

    /// The value, or null with the error in the log: what arguments and elements are.
    pub(crate) fn eval_part<'a>(&'a self, frame: &Frame<'_, 'a>) -> Value<'a> {
        self.eval(frame)
            .unwrap_or_else(|error| frame.cx.swallow(error))
    }

    /// Access to what is nested, and constructors.
    fn eval_nested<'a>(&'a self, frame: &Frame<'_, 'a>) -> Result<'a> {
        match self {
            Node::Field(base, index) => Ok(match base.eval(frame)? {
                Value::Struct(fields) => fields.get(*index).copied().unwrap_or_default(),
                _ => Value::Null,
            }),
            Node::Element(base, index) => Ok(element(base.eval(frame)?, index.eval(frame)?)),
            Node::Entry(base, key) => {
                let (base, key) = (base.eval(frame)?, key.eval(frame)?);
                let Value::Map(entries) = base else {
                    return Ok(Value::Null);
                };
                let found = entries.iter().find(|(candidate, _)| same(*candidate, key));
                Ok(found.map(|(_, value)| *value).unwrap_or_default())
            }
            Node::Array(items) => Ok(Value::Array(parts(items, frame))),
            Node::Struct(fields) => Ok(Value::Struct(parts(fields, frame))),
            Node::Map(entries) => Ok(map(entries, frame)),
            _ => Err(EvalError::fixed("this expression cannot be evaluated")),
        }
    }
}

/// A boolean; null is false, as a comparison with null is.
fn truth<'a>(node: &'a Node, frame: &Frame<'_, 'a>) -> std::result::Result<bool, EvalError> {
    match node.eval(frame)? {
        Value::Boolean(truth) => Ok(truth),
        _ => Err(EvalError::fixed("a condition is null")),
    }
}

fn between<'a>(three: &'a [Node; 3], frame: &Frame<'_, 'a>) -> Result<'a> {
    let [value, low, high] = three;
    let value = value.eval(frame)?;
    let above = comparison::compare(comparison::Comparison::AtLeast, value, low.eval(frame)?);
    let within =
        above && comparison::compare(comparison::Comparison::AtMost, value, high.eval(frame)?);
    Ok(Value::Boolean(within))
}

fn is_in<'a>(value: &'a Node, items: &'a [Node], frame: &Frame<'_, 'a>) -> Result<'a> {
    let value = value.eval(frame)?;
    for item in items {
        if comparison::compare(comparison::Comparison::Equal, value, item.eval(frame)?) {
            return Ok(Value::Boolean(true));
        }
    }
    Ok(Value::Boolean(false))
}

fn case<'a>(
    branches: &'a [(Node, Node)],
    default: Option<&'a Node>,
    frame: &Frame<'_, 'a>,
) -> Result<'a> {
    for (condition, result) in branches {
        if matches!(condition.eval(frame)?, Value::Boolean(true)) {
            return result.eval(frame);
        }
    }
    default.map_or(Ok(Value::Null), |default| default.eval(frame))
}

/// An array's element: 1-based, negative from the end, null outside.
fn element<'a>(base: Value<'a>, index: Value<'a>) -> Value<'a> {
    let (Value::Array(items), index) = (base, index) else {
        return Value::Null;
    };
    let index = match index {
        Value::Int(index) => i64::from(index),
        Value::BigInt(index) => index,
        _ => return Value::Null,
    };
    let at = if index > 0 {
        index - 1
    } else {
        items.len() as i64 + index
    };
    if index == 0 || at < 0 {
        return Value::Null;
    }
    items.get(at as usize).copied().unwrap_or_default()
}

fn parts<'a>(nodes: &'a [Node], frame: &Frame<'_, 'a>) -> &'a [Value<'a>] {
    let slots = frame.cx.arena.slots(nodes.len());
    for (slot, node) in slots.iter_mut().zip(nodes) {
        *slot = node.eval_part(frame);
    }
    slots
}

/// A map of evaluated entries; a later key replaces an earlier one.
fn map<'a>(nodes: &'a [(Node, Node)], frame: &Frame<'_, 'a>) -> Value<'a> {
    let mut entries = frame.cx.arena.list();
    for (key, value) in nodes {
        let (key, value) = (key.eval_part(frame), value.eval_part(frame));
        crate::function::put(&mut entries, key, value);
    }
    Value::Map(entries.into_bump_slice())
}

impl CallNode {
    fn eval<'a>(&'a self, frame: &Frame<'_, 'a>) -> Result<'a> {
        let mut inline = [Value::Null; ARGUMENTS_INLINE];
        let arguments: &mut [Value<'a>] = match inline.get_mut(..self.arguments.len()) {
            Some(inline) => inline,
            None => frame.cx.arena.slots(self.arguments.len()),
        };
        for (slot, argument) in arguments.iter_mut().zip(&self.arguments) {
            if let Argument::Value(node) = argument {
                *slot = node.eval_part(frame);
                if self.strict && slot.is_null() {
                    return Ok(Value::Null);
                }
            }
        }
        (self.body)(&Call {
            args: arguments,
            types: &self.types,
            result: &self.result,
            frame: *frame,
            node: Some(self),
        })
    }
}
