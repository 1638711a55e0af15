//! The typed tree that evaluation walks.
//!
//! Everything that does not depend on the record has been decided when a node is made: slots,
//! precisions, overloads. How each node computes is in `eval`.

use super::comparison::Comparison;
use super::like::Pattern;
use super::{EvalContext, EvalError};
use crate::format::ColumnSet;
use crate::function::ScalarBody;
use crate::types::SqlType;
use crate::value::{OwnedValue, Value};

/// A compiled expression.
///
/// It is evaluated by [`Expression::eval`] with a row whose slots are those of the scope that it
/// was compiled against.
#[derive(Clone, Debug)]
pub struct Expression {
    pub(crate) node: Node,
    pub(crate) ty: Option<SqlType>,
}

/// One step of an evaluation.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    Constant(OwnedValue),
    Column(usize),
    Variable(usize),
    Field(Box<Node>, usize),
    Element(Box<Node>, Box<Node>),
    Entry(Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Arithmetic(Box<super::arithmetic::Arithmetic>),
    Compare(Comparison, Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Between(Box<[Node; 3]>),
    In(Box<Node>, Vec<Node>),
    Like(Box<Node>, Pattern),
    IsNull(Box<Node>, bool),
    Case(Vec<(Node, Node)>, Option<Box<Node>>),
    Cast(Box<CastNode>),
    Array(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Struct(Vec<Node>),
    Call(Box<CallNode>),
}

/// A cast from one type to another.
#[derive(Clone, Debug)]
pub(crate) struct CastNode {
    pub(crate) value: Node,
    pub(crate) plan: super::CastPlan,
}

/// A call of a scalar function with everything that resolution has found.
#[derive(Clone, Debug)]
pub(crate) struct CallNode {
    pub(crate) body: ScalarBody,
    /// Whether a null argument makes the result null without asking the function.
    pub(crate) strict: bool,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) types: Vec<Option<SqlType>>,
    pub(crate) result: SqlType,
    /// What the function has made of each constant argument, such as a compiled pattern.
    pub(crate) made: Vec<Made>,
}

/// Something that is made once, at the first record that needs it.
pub(crate) type Made = std::sync::OnceLock<std::sync::Arc<dyn std::any::Any + Send + Sync>>;

/// An argument of a call.
#[derive(Clone, Debug)]
pub(crate) enum Argument {
    Value(Node),
    Lambda(LambdaBody),
}

/// What a lambda computes, over the variables around it and its own after them.
#[derive(Clone, Debug)]
pub(crate) struct LambdaBody {
    pub(crate) node: Node,
}

/// What a node sees while it is evaluated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame<'f, 'a> {
    pub(crate) row: &'f [Value<'a>],
    pub(crate) variables: &'f [Value<'a>],
    pub(crate) cx: &'f EvalContext<'a>,
}

impl Expression {
    /// An expression that reads one slot.
    pub fn column(index: usize, ty: SqlType) -> Expression {
        Expression {
            node: Node::Column(index),
            ty: Some(ty),
        }
    }

    /// An expression that is the same at every record; `None` is the type of an untyped null.
    pub fn constant(value: OwnedValue, ty: Option<SqlType>) -> Expression {
        Expression {
            node: Node::Constant(value),
            ty,
        }
    }

    /// Its type; `None` for a null that nothing gives a type.
    pub fn ty(&self) -> Option<&SqlType> {
        self.ty.as_ref()
    }

    /// The slot that it reads, if that is all it does.
    #[inline]
    pub fn as_column(&self) -> Option<usize> {
        match self.node {
            Node::Column(index) => Some(index),
            _ => None,
        }
    }

    /// Its value at a record. An error means null for the whole expression and is the caller's to
    /// log; errors inside have gone to the context's log.
    #[inline]
    pub fn eval<'a>(
        &'a self,
        row: &[Value<'a>],
        cx: &EvalContext<'a>,
    ) -> Result<Value<'a>, EvalError> {
        let variables = &[];
        self.node.eval(&Frame { row, variables, cx })
    }

    /// Its value at a record, null where it has none; the error goes to the context's log.
    #[inline]
    pub fn value<'a>(&'a self, row: &[Value<'a>], cx: &EvalContext<'a>) -> Value<'a> {
        self.eval(row, cx).unwrap_or_else(|error| cx.swallow(error))
    }

    /// Whether it is true at a record; errors go to the context's log and count as false.
    #[inline]
    pub fn is_true<'a>(&'a self, row: &[Value<'a>], cx: &EvalContext<'a>) -> bool {
        matches!(self.value(row, cx), Value::Boolean(true))
    }

    /// Adds the slots that it reads.
    pub fn columns_into(&self, set: &mut ColumnSet) {
        self.node.visit(&mut |node| {
            if let Node::Column(index) = node {
                set.insert(*index);
            }
        });
    }

    /// Whether it reads no slot.
    pub fn is_constant(&self) -> bool {
        let mut constant = true;
        self.node
            .visit(&mut |node| constant &= !matches!(node, Node::Column(_)));
        constant
    }
}

impl Node {
    /// Calls `see` with this node and all nodes in it.
    pub(crate) fn visit(&self, see: &mut dyn FnMut(&Node)) {
        see(self);
        match self {
            Node::Constant(_) | Node::Column(_) | Node::Variable(_) => {}
            Node::Field(a, _) | Node::Negate(a) | Node::Not(a) | Node::IsNull(a, _) => a.visit(see),
            Node::Element(a, b)
            | Node::Entry(a, b)
            | Node::Compare(_, a, b)
            | Node::And(a, b)
            | Node::Or(a, b) => {
                a.visit(see);
                b.visit(see);
            }
            Node::Arithmetic(arithmetic) => {
                arithmetic.left.visit(see);
                arithmetic.right.visit(see);
            }
            Node::Between(three) => three.iter().for_each(|node| node.visit(see)),
            Node::In(value, items) => {
                value.visit(see);
                items.iter().for_each(|node| node.visit(see));
            }
            Node::Like(value, pattern) => {
                value.visit(see);
                if let Pattern::Computed(node, _) = pattern {
                    node.visit(see);
                }
            }
            Node::Case(branches, default) => {
                visit_pairs(branches, see);
                if let Some(default) = default {
                    default.visit(see);
                }
            }
            Node::Cast(cast) => cast.value.visit(see),
            Node::Array(items) | Node::Struct(items) => {
                items.iter().for_each(|node| node.visit(see));
            }
            Node::Map(entries) => visit_pairs(entries, see),
            Node::Call(call) => call.arguments.iter().for_each(|argument| match argument {
                Argument::Value(node) => node.visit(see),
                Argument::Lambda(lambda) => lambda.node.visit(see),
            }),
        }
    }
}

fn visit_pairs(pairs: &[(Node, Node)], see: &mut dyn FnMut(&Node)) {
    for (a, b) in pairs {
        a.visit(see);
        b.visit(see);
    }
}
