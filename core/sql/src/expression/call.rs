//! Calls of functions in expressions: which overload, the arguments as its parameters want them,
//! and lambdas, whose types follow from the arguments before them.

use super::cast;
use super::compile::{Compiler, Options, error};
use super::describe::describe;
use super::node::{Argument, CallNode, Expression, LambdaBody, Node};
use super::scope::Scope;
use crate::function::{
    Aggregate, AggregateRequest, ArgumentType, Body, Call, Function, Kind, Parameter,
    ParameterType, Resolved, TableBody, registry, resolve,
};
use crate::types::SqlType;
use crate::value::{OwnedValue, Value};
use headwater_base::diagnostic::nearest;
use headwater_base::{Diagnostic, Fault};
use headwater_syntax::ast::{self, ExpressionKind};
use std::sync::Arc;

type Result<T> = std::result::Result<T, Diagnostic>;

/// The function of a call.
fn find(call: &ast::FunctionCall) -> Result<&'static Function> {
    let name = &call.name.text;
    registry().find(name).ok_or_else(|| {
        let message = format!("Can't find any functions with the name '{name}'");
        let found = Diagnostic::error(Fault::Yours, "unknown-function", message);
        let near = nearest(name, registry().all().map(|function| function.name));
        let hint = |found: Diagnostic, near| found.hint(format!("Did you mean {near}?"));
        near.into_iter().fold(found.at(call.name.span), hint)
    })
}

/// Compiles a call of a scalar function.
pub(super) fn compile_call(
    compiler: &mut Compiler<'_>,
    call: &ast::FunctionCall,
    whole: &ast::Expression,
) -> Result<Expression> {
    let function = find(call)?;
    if function.kind != Kind::Scalar {
        let kind = if function.kind == Kind::Table {
            "table"
        } else {
            "aggregate"
        };
        let message = format!("The {kind} function {} cannot be used here.", function.name);
        return Err(error("function-place", message, whole));
    }
    let Prepared {
        resolved,
        arguments,
        types,
    } = prepare(compiler, function, call)?;
    let (body, strict) = match resolved.overload.body {
        Body::Strict(body) => (body, true),
        Body::Nullable(body) => (body, false),
        _ => return Err(internal(function)),
    };
    // Lambdas have no value, and a strict function must not take that for a null.
    let has_lambda = arguments
        .iter()
        .any(|argument| matches!(argument, Argument::Lambda(_)));
    let result = resolved.overload.result_type(&types, &resolved.bindings);
    let made = vec![Default::default(); arguments.len()];
    let node = CallNode {
        body,
        strict: strict && !has_lambda,
        arguments,
        types,
        result: result.clone().unwrap_or(SqlType::String),
        made,
    };
    Ok(Expression {
        node: Node::Call(Box::new(node)),
        ty: result,
    })
}

fn internal(function: &Function) -> Diagnostic {
    let message = format!(
        "The function {} has overloads of several kinds.",
        function.name
    );
    Diagnostic::error(Fault::Ours, "function-kind", message)
}

struct Prepared {
    resolved: Resolved<'static>,
    arguments: Vec<Argument>,
    types: Vec<Option<SqlType>>,
}

/// Compiles and resolves; arguments are cast to what their parameters say.
fn prepare(
    compiler: &mut Compiler<'_>,
    function: &'static Function,
    call: &ast::FunctionCall,
) -> Result<Prepared> {
    let mut compiled = Vec::with_capacity(call.arguments.len());
    for argument in &call.arguments {
        compiled.push(match &argument.kind {
            ExpressionKind::Lambda { parameters, .. } => {
                (ArgumentType::Lambda(parameters.len()), None)
            }
            ExpressionKind::Unit(unit) => {
                let name = OwnedValue::from(unit.name());
                (ArgumentType::Unit, Some(Expression::constant(name, None)))
            }
            _ => {
                let value = compiler.compile(argument)?;
                let ty = value
                    .ty
                    .clone()
                    .map_or(ArgumentType::Null, ArgumentType::Value);
                (ty, Some(value))
            }
        });
    }
    let kinds: Vec<ArgumentType> = compiled.iter().map(|(kind, _)| kind.clone()).collect();
    let mut resolved = resolve(function, &kinds)?;
    let count = compiled.len();
    let (mut arguments, mut types) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for (at, (_, value)) in compiled.into_iter().enumerate() {
        let Some(parameter) = resolved.overload.parameter_of(at, count) else {
            return Err(internal(function));
        };
        match value {
            None => {
                let lambda = lambda(compiler, &call.arguments[at], parameter, &mut resolved)?;
                arguments.push(Argument::Lambda(lambda));
                types.push(None);
            }
            Some(value) => {
                let (node, ty) = as_parameter(value, parameter);
                arguments.push(Argument::Value(node));
                types.push(ty);
            }
        }
    }
    Ok(Prepared {
        resolved,
        arguments,
        types,
    })
}

/// An argument as its parameter wants it: numbers widen.
fn as_parameter(value: Expression, parameter: &Parameter) -> (Node, Option<SqlType>) {
    let Expression { node, ty } = value;
    let target = match (&parameter.ty, &ty) {
        (ParameterType::Type(target), Some(ty)) if target != ty => target.clone(),
        (ParameterType::Decimal, Some(ty @ (SqlType::Int | SqlType::BigInt))) => {
            let (precision, scale) = ty.as_decimal().unwrap_or((19, 0));
            SqlType::decimal(precision, scale)
        }
        _ => return (node, ty),
    };
    let from = ty.unwrap_or_else(|| target.clone());
    (cast::node(node, from, target.clone()), Some(target))
}

fn lambda(
    compiler: &mut Compiler<'_>,
    argument: &ast::Expression,
    parameter: &Parameter,
    resolved: &mut Resolved<'_>,
) -> Result<LambdaBody> {
    let (ExpressionKind::Lambda { parameters, body }, ParameterType::Lambda(from, to)) =
        (&argument.kind, &parameter.ty)
    else {
        let message = "This argument is not a lambda.".to_owned();
        return Err(error("lambda-type", message, argument));
    };
    let outer = compiler.lambdas.len();
    for (name, ty) in parameters.iter().zip(from) {
        let clash = compiler
            .lambdas
            .iter()
            .any(|(known, _)| *known == name.text)
            || compiler.scope.column(None, &name.text).is_ok();
        if clash {
            let message = format!(
                "Lambda function argument can't be the same as a column name or another lambda \
                 argument: {}",
                name.text
            );
            compiler.lambdas.truncate(outer);
            return Err(error("lambda-argument", message, argument).at(name.span));
        }
        let Some(ty) = ty.bound(&resolved.bindings, None) else {
            let message = format!(
                "The type of the lambda's argument {} is not known.",
                name.text
            );
            compiler.lambdas.truncate(outer);
            return Err(error("lambda-type", message, argument).at(name.span));
        };
        compiler.lambdas.push((name.text.clone(), ty));
    }
    let compiled = compiler.compile(body);
    compiler.lambdas.truncate(outer);
    let compiled = compiled?;
    if let Some(ty) = &compiled.ty
        && !to.accepts(ty, &mut resolved.bindings, false)
    {
        let message = format!(
            "Lambda body {} is {ty}, and {to} is needed.",
            describe(body)
        );
        return Err(error("lambda-type", message, body));
    }
    Ok(LambdaBody {
        node: compiled.node,
    })
}

/// A compiled call of an aggregate function.
#[derive(Clone, Debug)]
pub struct AggregateCall {
    /// The function's name, in capitals.
    pub name: &'static str,
    /// The arguments that are computed at each record.
    pub arguments: Vec<Expression>,
    /// What folds them.
    pub aggregate: Arc<dyn Aggregate>,
}

/// Compiles a call of an aggregate function; `limits` are the session's properties about them.
pub fn compile_aggregate(
    call: &ast::FunctionCall,
    scope: &dyn Scope,
    options: Options<'_>,
    limits: crate::function::CollectLimits,
) -> Result<AggregateCall> {
    let function = find(call)?;
    let at = call.name.span;
    let mut compiler = Compiler::new(scope, options);
    let Prepared {
        resolved,
        arguments,
        types,
    } = prepare(&mut compiler, function, call).map_err(|found| match found.span {
        Some(_) => found,
        None => found.at(at),
    })?;
    let Body::Aggregate(body) = resolved.overload.body else {
        return Err(internal(function));
    };
    let (mut columns, mut column_types, mut literals) = (Vec::new(), Vec::new(), Vec::new());
    let count = arguments.len();
    for (position, argument) in arguments.into_iter().enumerate() {
        let parameter = resolved.overload.parameter_of(position, count);
        let Argument::Value(node) = argument else {
            continue;
        };
        if !parameter.is_some_and(|parameter| parameter.literal) {
            column_types.push(types[position].clone());
            columns.push(Expression {
                node,
                ty: types[position].clone(),
            });
            continue;
        }
        let written = &call.arguments[position];
        let Some(value) = constant(node) else {
            let message = format!(
                "Parameter {} passed to function {} must be a literal constant, but was \
                 expression: '{}'",
                position + 1,
                function.name,
                describe(written)
            );
            return Err(error("not-a-literal", message, written));
        };
        literals.push(value);
    }
    let result = resolved.overload.result_type(&types, &resolved.bindings);
    let result = result.or_else(|| column_types.iter().flatten().next().cloned());
    let Some(result) = result else {
        let message = format!("The type of {}'s argument is not known.", function.name);
        let found = Diagnostic::error(Fault::Yours, "untyped-null", message).at(at);
        return Err(found.hint("Give it one with CAST(NULL AS type)."));
    };
    let request = AggregateRequest {
        types: &column_types,
        literals: &literals,
        result: &result,
        limits,
    };
    let aggregate = body(&request)
        .map_err(|message| Diagnostic::error(Fault::Yours, "aggregate-argument", message).at(at))?;
    Ok(AggregateCall {
        name: function.name,
        arguments: columns,
        aggregate,
    })
}

fn constant(node: Node) -> Option<OwnedValue> {
    match super::comparison::folded(node) {
        Node::Constant(value) => Some(value),
        _ => None,
    }
}

/// A compiled call of a table function.
#[derive(Clone, Debug)]
pub struct TableCall {
    name: &'static str,
    body: TableBody,
    arguments: Vec<Expression>,
    types: Vec<Option<SqlType>>,
    result: SqlType,
}

/// Compiles a call of a table function.
pub fn compile_table_function(
    call: &ast::FunctionCall,
    scope: &dyn Scope,
    options: Options<'_>,
) -> Result<TableCall> {
    let function = find(call)?;
    let mut compiler = Compiler::new(scope, options);
    let Prepared {
        resolved,
        arguments,
        types,
    } = prepare(&mut compiler, function, call)?;
    let result = resolved.overload.result_type(&types, &resolved.bindings);
    let (Body::Table(body), Some(result)) = (resolved.overload.body, result) else {
        return Err(internal(function));
    };
    let arguments = arguments
        .into_iter()
        .zip(&types)
        .filter_map(|(argument, ty)| match argument {
            Argument::Value(node) => Some(Expression {
                node,
                ty: ty.clone(),
            }),
            Argument::Lambda(_) => None,
        });
    Ok(TableCall {
        name: function.name,
        body,
        arguments: arguments.collect(),
        types,
        result,
    })
}

impl TableCall {
    /// The function's name, in capitals.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The type of its rows.
    pub fn ty(&self) -> &SqlType {
        &self.result
    }

    /// The arguments, for the columns that they read.
    pub fn arguments(&self) -> &[Expression] {
        &self.arguments
    }

    /// The rows at a record; none where it fails, the error goes to the context's log.
    pub fn rows<'a>(&'a self, row: &[Value<'a>], cx: &super::EvalContext<'a>) -> &'a [Value<'a>] {
        let slots = cx.arena.slots(self.arguments.len());
        for (slot, argument) in slots.iter_mut().zip(&self.arguments) {
            *slot = argument.value(row, cx);
        }
        let frame = super::Frame {
            row,
            variables: &[],
            cx,
        };
        let call = Call {
            args: slots,
            types: &self.types,
            result: &self.result,
            frame,
            node: None,
        };
        (self.body)(&call).unwrap_or_else(|error| {
            cx.swallow(error);
            &[]
        })
    }
}
