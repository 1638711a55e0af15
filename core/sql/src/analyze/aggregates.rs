//! The aggregates of a query: found, resolved to their overloads, their literal arguments read.

use super::relation::Relation;
use super::walk::{any_node, each_node, each_part};
use super::{World, wrong};
use crate::arena::Arena;
use crate::expression::{Clause, ErrorLog, EvalContext, Expression};
use crate::function::{
    Aggregate, AggregateRequest, ArgumentType, Body, CollectLimits, registry, resolve,
};
use crate::types::SqlType;
use crate::value::OwnedValue;
use headwater_base::{Diagnostic, Fault, Span};
use headwater_syntax::ast::{self, ExpressionKind as Kind, FunctionCall};
use headwater_syntax::printer::{self, Quoting};
use std::sync::Arc;

/// One aggregate.
#[derive(Clone, Debug)]
pub struct Aggregated {
    /// The call, canonical.
    pub canonical: ast::Expression,
    /// What folds.
    pub aggregate: Arc<dyn Aggregate>,
    /// The arguments that are computed at each record.
    pub arguments: Vec<ast::Expression>,
    /// The type of the result.
    pub ty: SqlType,
}

/// Whether an expression is the call of an aggregate.
pub fn is_aggregate(expression: &ast::Expression) -> bool {
    matches!(&expression.kind, Kind::Call(call) if registry().is_aggregate(&call.name.text))
}

/// The name of the first aggregate in an expression.
pub fn aggregate_name(expression: &ast::Expression) -> String {
    let mut name = String::new();
    each_node(expression, &mut |node| {
        if let (Kind::Call(call), true, true) = (&node.kind, is_aggregate(node), name.is_empty()) {
            name.push_str(&call.name.text);
        }
    });
    name
}

fn spelled(expression: &ast::Expression) -> String {
    printer::expression(expression, Quoting::Never)
}

/// Collects the aggregates of an expression.
pub(super) fn collect(
    expression: &ast::Expression,
    relation: &Relation,
    world: World<'_>,
    found: &mut Vec<Aggregated>,
) -> Result<(), Diagnostic> {
    if let (Kind::Call(call), true) = (&expression.kind, is_aggregate(expression)) {
        if call
            .arguments
            .iter()
            .any(|argument| any_node(argument, &is_aggregate))
        {
            let message = format!(
                "Aggregate functions can not be nested: {}",
                spelled(expression).replace("(*)", "()")
            );
            return Err(wrong("nested-aggregates", message, expression.span));
        }
        let canonical = relation.canonical(expression);
        if !found.iter().any(|known| known.canonical == canonical) {
            found.push(aggregated(
                call,
                canonical,
                expression.span,
                relation,
                world,
            )?);
        }
        return Ok(());
    }
    let mut result = Ok(());
    each_part(expression, &mut |part| {
        if result.is_ok() {
            result = collect(part, relation, world, found);
        }
    });
    result
}

fn aggregated(
    call: &FunctionCall,
    canonical: ast::Expression,
    at: Span,
    relation: &Relation,
    world: World<'_>,
) -> Result<Aggregated, Diagnostic> {
    let unknown = || {
        wrong(
            "unknown-function",
            format!(
                "Can't find any functions with the name '{}'",
                call.name.text
            ),
            at,
        )
    };
    let function = registry().find(&call.name.text).ok_or_else(unknown)?;
    // A call without arguments is of ROWTIME, unless the function has a form without any.
    let rowtime = [super::relation::column_expression("", "ROWTIME")];
    let bare = call.arguments.is_empty()
        && function
            .overloads
            .iter()
            .all(|form| !form.parameters.is_empty());
    let given: &[ast::Expression] = if bare { &rowtime } else { &call.arguments };
    let compile = |argument| world.compile(argument, relation, Clause::Select);
    let compiled: Vec<Expression> = given.iter().map(compile).collect::<Result<_, _>>()?;
    let types: Vec<Option<SqlType>> = compiled.iter().map(|e| e.ty().cloned()).collect();
    let argument = |ty: &Option<SqlType>| match ty {
        Some(ty) => ArgumentType::Value(ty.clone()),
        None => ArgumentType::Null,
    };
    let arguments: Vec<ArgumentType> = types.iter().map(argument).collect();
    let resolved = resolve(function, &arguments).map_err(|found| found.at(at))?;
    let is_literal = |index: usize| {
        let parameter = resolved.overload.parameter_of(index, arguments.len());
        parameter.is_some_and(|parameter| parameter.literal)
    };
    let split = Split::new(given, &compiled, function.spelling, &is_literal)?;
    let Some(result) = resolved.overload.result_type(&types, &resolved.bindings) else {
        let message = format!("{} has no result type for these arguments.", function.name);
        return Err(Diagnostic::error(Fault::Ours, "aggregate-type", message).at(at));
    };
    let Body::Aggregate(make) = resolved.overload.body else {
        return Err(unknown());
    };
    let number = |name: &str| world.session.number(name).unwrap_or(-1);
    let request = AggregateRequest {
        types: &split.types,
        literals: &split.literals,
        result: &result,
        limits: CollectLimits {
            list: number("ksql.functions.collect_list.limit"),
            set: number("ksql.functions.collect_set.limit"),
        },
    };
    let aggregate = make(&request).map_err(|why| wrong("aggregate-argument", why, at))?;
    Ok(Aggregated {
        canonical,
        aggregate,
        arguments: split.computed,
        ty: result,
    })
}

/// The arguments of an aggregate: those computed at each record, and those said once.
struct Split {
    computed: Vec<ast::Expression>,
    types: Vec<Option<SqlType>>,
    literals: Vec<OwnedValue>,
}

impl Split {
    fn new(
        written: &[ast::Expression],
        compiled: &[Expression],
        spelling: &str,
        is_literal: &dyn Fn(usize) -> bool,
    ) -> Result<Split, Diagnostic> {
        let mut split = Split {
            computed: Vec::new(),
            types: Vec::new(),
            literals: Vec::new(),
        };
        for (index, (expression, compiled)) in written.iter().zip(compiled).enumerate() {
            if !is_literal(index) {
                split.computed.push(expression.clone());
                split.types.push(compiled.ty().cloned());
                continue;
            }
            if !compiled.is_constant() || !matches!(expression.kind, Kind::Literal(_)) {
                let message = format!(
                    "Parameter {} passed to function {spelling} must be a literal constant, but \
                     was expression: '{}'",
                    index + 1,
                    spelled(expression),
                );
                return Err(wrong("literal-argument", message, expression.span));
            }
            split.literals.push(constant(compiled));
        }
        Ok(split)
    }
}

/// The value of an expression that reads no slot; null where it fails.
fn constant(expression: &Expression) -> OwnedValue {
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let context = EvalContext::new(&arena, &errors, 0, 0);
    expression.value(&[], &context).to_owned()
}
