//! Expressions: from the tree of the syntax to a typed tree that is evaluated once a record.
//!
//! [`compile`] resolves names against a [`Scope`], checks types with ksqlDB's words, and decides
//! everything that does not depend on the record. [`Expression::eval`] then reads slots and makes
//! values in the record's arena. An error while evaluating makes the nearest argument, element,
//! cast or column null and goes to the [`ErrorLog`]; it never ends a query.

mod arithmetic;
mod call;
mod cast;
mod coerce;
mod comparison;
mod compile;
mod condition;
mod construct;
mod context;
mod describe;
mod eval;
mod like;
mod literal;
mod node;
mod scope;
mod types;

pub use call::{AggregateCall, TableCall, compile_aggregate, compile_table_function};
pub(crate) use cast::read_double;
pub use cast::{CastPlan, cast_plan};
pub(crate) use comparison::order;
pub use compile::{Clause, Options, compile, compile_condition};
pub use context::{ErrorLog, EvalContext, EvalError};
pub use describe::describe;
pub use node::Expression;
pub(crate) use node::{Argument, CallNode, Frame, Node};
pub use scope::{ColumnRef, ColumnScope, Scope, Unresolved};
pub use types::{TypeAliases, sql_type};

#[cfg(test)]
mod tests;
