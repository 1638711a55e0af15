//! What the code of a function sees of its call.

use crate::arena::Arena;
use crate::expression::{Argument, CallNode, EvalContext, EvalError, Frame, Node};
use crate::types::SqlType;
use crate::value::{Value, same};
use std::any::Any;
use std::sync::Arc;

/// A call at one record: arguments, their types, memory.
#[derive(Debug)]
pub struct Call<'c, 'a> {
    /// The arguments; a lambda's place is null.
    pub args: &'c [Value<'a>],
    /// Their types; `None` for an untyped null or a lambda.
    pub types: &'c [Option<SqlType>],
    /// The type of the result.
    pub result: &'c SqlType,
    pub(crate) frame: Frame<'c, 'a>,
    pub(crate) node: Option<&'a CallNode>,
}

impl<'a> Call<'_, 'a> {
    /// Memory for what is made.
    pub fn arena(&self) -> &'a Arena {
        self.frame.cx.arena
    }

    /// The context of the record.
    pub fn cx(&self) -> &EvalContext<'a> {
        self.frame.cx
    }

    /// The argument at `at`; null if there is none.
    pub fn arg(&self, at: usize) -> Value<'a> {
        self.args.get(at).copied().unwrap_or_default()
    }

    /// The text at `at`; empty for anything else.
    pub fn str(&self, at: usize) -> &'a str {
        match self.arg(at) {
            Value::String(text) => text,
            _ => "",
        }
    }

    /// The text at `at`, if there is one.
    pub fn opt_str(&self, at: usize) -> Option<&'a str> {
        match self.arg(at) {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number at `at`; 0 for anything else.
    pub fn int(&self, at: usize) -> i64 {
        self.opt_int(at).unwrap_or(0)
    }

    /// The whole number at `at`, if there is one.
    pub fn opt_int(&self, at: usize) -> Option<i64> {
        match self.arg(at) {
            Value::Int(x) => Some(i64::from(x)),
            Value::BigInt(x) | Value::Timestamp(x) => Some(x),
            Value::Date(x) | Value::Time(x) => Some(i64::from(x)),
            _ => None,
        }
    }

    /// The double at `at`; NaN for what is no number.
    pub fn double(&self, at: usize) -> f64 {
        match self.arg(at) {
            Value::Double(x) => x,
            Value::Int(x) => f64::from(x),
            Value::BigInt(x) => x as f64,
            Value::Decimal(x) => x.to_f64(),
            _ => f64::NAN,
        }
    }

    /// The elements of the array at `at`; none for anything else.
    pub fn array(&self, at: usize) -> &'a [Value<'a>] {
        match self.arg(at) {
            Value::Array(items) => items,
            _ => &[],
        }
    }

    /// The entries of the map at `at`; none for anything else.
    pub fn map(&self, at: usize) -> &'a [(Value<'a>, Value<'a>)] {
        match self.arg(at) {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// A text in the record's memory.
    pub fn text(&self, text: &str) -> Result<Value<'a>, EvalError> {
        Ok(Value::String(self.arena().string(text)))
    }

    /// An array in the record's memory.
    pub fn list(&self, items: &[Value<'a>]) -> Result<Value<'a>, EvalError> {
        Ok(Value::Array(self.arena().values(items)))
    }

    /// What `make` makes of the text at `at`, such as a compiled pattern. Where the text is a
    /// constant it is made once for all records. Of one argument a function makes one thing.
    pub(crate) fn made<T: Any + Send + Sync>(
        &self,
        at: usize,
        make: fn(&str) -> Result<T, EvalError>,
    ) -> Result<Arc<T>, EvalError> {
        let constant = self.node.filter(|node| {
            let argument = node.arguments.get(at);
            matches!(argument, Some(Argument::Value(Node::Constant(_))))
        });
        let known = constant.and_then(|node| node.made.get(at)?.get());
        if let Some(known) = known.and_then(|known| known.clone().downcast::<T>().ok()) {
            return Ok(known);
        }
        let made = Arc::new(make(self.str(at))?);
        if let Some(place) = constant.and_then(|node| node.made.get(at)) {
            // If the place has been filled meanwhile, this one serves one record.
            let _ = place.set(made.clone());
        }
        Ok(made)
    }

    /// What the lambda at `at` computes of `values`.
    pub fn lambda(&self, at: usize, values: &[Value<'a>]) -> Result<Value<'a>, EvalError> {
        let argument = self.node.and_then(|node| node.arguments.get(at));
        let Some(Argument::Lambda(lambda)) = argument else {
            return Err(EvalError::fixed("a lambda is missing"));
        };
        let mut variables = self.arena().list();
        variables.extend_from_slice(self.frame.variables);
        variables.extend_from_slice(values);
        let frame = Frame {
            variables: &variables,
            ..self.frame
        };
        lambda.node.eval(&frame)
    }
}

/// Puts an entry into a map; a key that is there takes the new value.
pub(crate) fn put<'a>(
    entries: &mut bumpalo::collections::Vec<'a, (Value<'a>, Value<'a>)>,
    key: Value<'a>,
    value: Value<'a>,
) {
    match entries.iter_mut().find(|(known, _)| same(*known, key)) {
        Some(entry) => entry.1 = value,
        None => entries.push((key, value)),
    }
}
