//! GROUP BY: the grouping expressions, the aggregates, and the rules between them.

use super::items::Item;
use super::relation::Relation;
use super::walk::{any_node, each_node, each_part};
use super::{Purpose, World, gaps, wrong};
use crate::arena::Arena;
use crate::expression::{
    Clause, ColumnRef, ErrorLog, EvalContext, Expression, Scope, Unresolved,
};
use crate::function::{
    Aggregate, AggregateRequest, ArgumentType, Body, CollectLimits, Kind as FunctionKind, registry,
    resolve,
};
use crate::operator::Windows;
use crate::catalog::{SourceKind, WindowType};
use crate::types::SqlType;
use crate::value::OwnedValue;
use headwater_base::{Diagnostic, Fault, Span};
use headwater_syntax::ast::{self, ExpressionKind as Kind, FunctionCall, Query, WindowKind};
use headwater_syntax::printer::{self, Quoting};
use std::sync::Arc;

/// GROUP BY with its aggregates.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// The grouping expressions, in their order.
    pub keys: Vec<GroupKey>,
    /// The aggregates of SELECT and HAVING, each once.
    pub aggregates: Vec<Aggregated>,
    /// The windows.
    pub window: Option<GroupWindow>,
}

/// One grouping expression.
#[derive(Clone, Debug)]
pub struct GroupKey {
    /// As written.
    pub expression: ast::Expression,
    /// Canonical.
    pub canonical: ast::Expression,
    /// Its type.
    pub ty: SqlType,
}

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

/// The windows of a grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupWindow {
    /// Their kind and size, as the result's key says it.
    pub kind: WindowType,
    /// How records find them.
    pub windows: Windows,
    /// For how long their state is kept.
    pub retention_millis: i64,
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

/// Analyses GROUP BY; `None` where the query does not group.
pub fn grouping(
    query: &Query,
    items: &[Item],
    relation: &Relation,
    world: World<'_>,
    purpose: Purpose,
) -> Result<Option<Grouping>, Diagnostic> {
    check_where(query)?;
    let having = query.having.as_ref().map(|clause| &clause.body);
    let Some(clause) = &query.group_by else {
        let aggregate = items.iter().find(|item| any_node(&item.expression, &is_aggregate));
        return match aggregate {
            Some(item) => Err(without_group_by(item, relation, purpose)),
            None => Ok(None),
        };
    };
    let keys = keys(&clause.body, query, relation, world)?;
    let mut aggregates = Vec::new();
    let expressions = items.iter().map(|item| &item.expression).chain(having);
    for expression in expressions {
        collect(expression, relation, world, &mut aggregates)?;
    }
    if aggregates.is_empty() {
        let message =
            "GROUP BY requires aggregate functions in either the SELECT or HAVING clause.";
        return Err(wrong("group-by-without-aggregate", message, clause.span));
    }
    let grouping = Grouping { keys, aggregates, window: group_window(query)? };
    let selected = items.iter().map(|item| (&item.expression, "SELECT"));
    check_members(selected.collect(), &grouping, relation)?;
    check_members(having.map(|having| (having, "HAVING")).into_iter().collect(), &grouping, relation)?;
    Ok(Some(grouping))
}

fn check_where(query: &Query) -> Result<(), Diagnostic> {
    let Some(clause) = &query.filter else { return Ok(()) };
    if any_node(&clause.body, &is_aggregate) {
        let message = format!(
            "WHERE does not support aggregate functions: {} is an aggregate function.",
            aggregate_name(&clause.body)
        );
        return Err(wrong("aggregate-in-where", message, clause.span)
            .hint("A condition on aggregates belongs into HAVING."));
    }
    Ok(())
}

fn without_group_by(item: &Item, relation: &Relation, purpose: Purpose) -> Diagnostic {
    let mut calls = Vec::new();
    each_node(&item.expression, &mut |node| {
        if is_aggregate(node) {
            let mut call = relation.canonical(node);
            // A call without arguments counts records, that is ROWTIME.
            if let Kind::Call(FunctionCall { arguments, .. }) = &mut call.kind
                && arguments.is_empty()
            {
                arguments.push(super::relation::column_expression("", "ROWTIME"));
            }
            calls.push(spelled(&call));
        }
    });
    let calls = calls.join(", ");
    let message = match purpose {
        Purpose::Create(kind) => format!(
            "CREATE {} AS SELECT statement does not support aggregate function [{calls}] without \
             a GROUP BY clause.",
            if kind == SourceKind::Table { "TABLE" } else { "STREAM" },
        ),
        _ => format!("Use of aggregate function {calls} requires a GROUP BY clause."),
    };
    wrong("aggregate-without-group-by", message, item.span)
}

fn keys(
    expressions: &[ast::Expression],
    query: &Query,
    relation: &Relation,
    world: World<'_>,
) -> Result<Vec<GroupKey>, Diagnostic> {
    let mut keys: Vec<GroupKey> = Vec::new();
    for expression in expressions {
        if any_node(expression, &is_aggregate) {
            let message = format!(
                "GROUP BY does not support aggregate functions: {} is an aggregate function.",
                aggregate_name(expression)
            );
            return Err(wrong("aggregate-in-group-by", message, expression.span));
        }
        let is_bound = |node: &ast::Expression| {
            matches!(&node.kind, Kind::Column { name, .. }
                if matches!(name.text.as_str(), "WINDOWSTART" | "WINDOWEND"))
        };
        if query.window.is_some() && any_node(expression, &is_bound) {
            let message = format!(
                "Window bounds column {} can only be used in the SELECT clause of windowed \
                 aggregations",
                spelled(expression)
            );
            return Err(wrong("window-bounds", message, expression.span));
        }
        let canonical = relation.canonical(expression);
        let compiled = world.compile(expression, relation, Clause::GroupBy)?;
        if keys.iter().any(|key| key.canonical == canonical) {
            let message = format!("Duplicate GROUP BY expression: {}", spelled(&canonical));
            return Err(wrong("duplicate-group-by", message, expression.span));
        }
        let Some(ty) = compiled.ty().cloned() else {
            let message = "Can't infer a type of null. Please explicitly cast it to a required \
                           type, e.g. CAST(null AS VARCHAR).";
            return Err(wrong("untyped-null", message, expression.span));
        };
        keys.push(GroupKey { expression: expression.clone(), canonical, ty });
    }
    Ok(keys)
}

/// Collects the aggregates of an expression.
fn collect(
    expression: &ast::Expression,
    relation: &Relation,
    world: World<'_>,
    found: &mut Vec<Aggregated>,
) -> Result<(), Diagnostic> {
    if let (Kind::Call(call), true) = (&expression.kind, is_aggregate(expression)) {
        if call.arguments.iter().any(|argument| any_node(argument, &is_aggregate)) {
            let message = format!("Aggregate functions can not be nested: {}", spelled(expression));
            return Err(wrong("nested-aggregates", message, expression.span));
        }
        let canonical = relation.canonical(expression);
        if !found.iter().any(|known| known.canonical == canonical) {
            found.push(aggregated(call, canonical, expression.span, relation, world)?);
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
    let unknown = || wrong("unknown-function", format!("Can't find any functions with the name '{}'", call.name.text), at);
    let function = registry().find(&call.name.text).ok_or_else(unknown)?;
    debug_assert_eq!(function.kind, FunctionKind::Aggregate);
    let compile = |argument| world.compile(argument, relation, Clause::Select);
    let compiled: Vec<Expression> =
        call.arguments.iter().map(compile).collect::<Result<_, _>>()?;
    let types: Vec<Option<SqlType>> = compiled.iter().map(|e| e.ty().cloned()).collect();
    let argument = |ty: &Option<SqlType>| match ty {
        Some(ty) => ArgumentType::Value(ty.clone()),
        None => ArgumentType::Null,
    };
    let arguments: Vec<ArgumentType> = types.iter().map(argument).collect();
    let resolved = resolve(function, &arguments).map_err(|found| found.at(at))?;
    let mut literals = Vec::new();
    let mut computed = Vec::new();
    for (index, (expression, compiled)) in call.arguments.iter().zip(&compiled).enumerate() {
        let parameter = resolved.overload.parameter_of(index, compiled_len(&arguments));
        if !parameter.is_some_and(|parameter| parameter.literal) {
            computed.push((expression.clone(), types[index].clone()));
            continue;
        }
        if !compiled.is_constant() || !matches!(expression.kind, Kind::Literal(_)) {
            let message = format!(
                "Parameter {} passed to function {} must be a literal constant, but was \
                 expression: '{}'",
                index + 1,
                function.spelling,
                spelled(expression),
            );
            return Err(wrong("literal-argument", message, expression.span));
        }
        literals.push(constant(compiled));
    }
    let Some(result) = resolved.overload.result_type(&types, &resolved.bindings) else {
        let message = format!("{} has no result type for these arguments.", function.name);
        return Err(Diagnostic::error(Fault::Ours, "aggregate-type", message).at(at));
    };
    let Body::Aggregate(make) = resolved.overload.body else { return Err(unknown()) };
    let number = |name: &str| world.session.number(name).unwrap_or(-1);
    let computed_types: Vec<Option<SqlType>> = computed.iter().map(|(_, ty)| ty.clone()).collect();
    let request = AggregateRequest {
        types: &computed_types,
        literals: &literals,
        result: &result,
        limits: CollectLimits {
            list: number("ksql.functions.collect_list.limit"),
            set: number("ksql.functions.collect_set.limit"),
        },
    };
    let aggregate = make(&request).map_err(|why| wrong("aggregate-argument", why, at))?;
    let arguments = computed.into_iter().map(|(expression, _)| expression).collect();
    Ok(Aggregated { canonical, aggregate, arguments, ty: result })
}

fn compiled_len(arguments: &[ArgumentType]) -> usize {
    arguments.len()
}

/// The value of an expression that reads no slot; null where it fails.
pub fn constant(expression: &Expression) -> OwnedValue {
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let context = EvalContext::new(&arena, &errors, 0, 0);
    expression.value(&[], &context).to_owned()
}

fn group_window(query: &Query) -> Result<Option<GroupWindow>, Diagnostic> {
    let Some(window) = &query.window else { return Ok(None) };
    let millis = |duration: &ast::Duration| {
        let found = duration.millis().filter(|millis| *millis > 0);
        found.ok_or_else(|| {
            let message = "A window's size has to be a positive length of time.";
            wrong("window-size", message, duration.span)
        })
    };
    let (kind, size, advance) = match &window.kind {
        WindowKind::Tumbling { size } => {
            let size = millis(size)?;
            (WindowType::Tumbling(size), size, size)
        }
        WindowKind::Hopping { size, advance } => {
            let (length, step) = (millis(size)?, millis(advance)?);
            if step > length {
                let message = "Window advance interval should be more than zero and not more \
                               than the window duration.";
                return Err(wrong("window-advance", message, advance.span));
            }
            (WindowType::Hopping(length), length, step)
        }
        WindowKind::Session { .. } => return Err(gaps::refuse("window-session", window.span)),
    };
    const DAY: i64 = 86_400_000;
    let grace = match &window.grace {
        Some(grace) => grace.millis().unwrap_or(0),
        None => (DAY - size).max(0),
    };
    let least = size.saturating_add(grace);
    let retention = window.retention.as_ref().and_then(ast::Duration::millis);
    let retention_millis = retention.unwrap_or(least).max(least);
    Ok(Some(GroupWindow { kind, windows: Windows { size, advance, grace }, retention_millis }))
}

/// Checks that everything outside aggregates is made of grouping expressions and constants.
fn check_members(
    expressions: Vec<(&ast::Expression, &str)>,
    grouping: &Grouping,
    relation: &Relation,
) -> Result<(), Diagnostic> {
    let mut strangers: Vec<(&ast::Expression, &str)> = Vec::new();
    for (expression, clause) in expressions {
        if has_stranger(expression, grouping, relation) {
            strangers.push((expression, clause));
        }
    }
    let Some((first, clause)) = strangers.first() else { return Ok(()) };
    let listed: Vec<String> = strangers.iter().map(|(e, _)| spelled_unqualified(e)).collect();
    let message = format!(
        "Non-aggregate {clause} expression(s) not part of GROUP BY: {}\nEither add the column(s) \
         to the GROUP BY or remove them from the {clause}.",
        listed.join(", ")
    );
    Err(wrong("not-in-group-by", message, first.span))
}

fn spelled_unqualified(expression: &ast::Expression) -> String {
    let bare = super::walk::replaced(expression, &mut |node| match &node.kind {
        Kind::Column { source: Some(_), name } => {
            Some(super::relation::column_expression("", &name.text))
        }
        _ => None,
    });
    spelled(&bare)
}

fn has_stranger(expression: &ast::Expression, grouping: &Grouping, relation: &Relation) -> bool {
    if is_aggregate(expression) {
        return false;
    }
    let canonical = relation.canonical(expression);
    if grouping.keys.iter().any(|key| key.canonical == canonical) {
        return false;
    }
    if let Kind::Column { source, name } = &expression.kind {
        let bound = matches!(name.text.as_str(), "WINDOWSTART" | "WINDOWEND");
        if bound && source.is_none() && grouping.window.is_some() {
            return false;
        }
        // What is no column at all is a lambda's argument, or an error that compiling finds.
        return relation.slot_of(expression).is_some();
    }
    let mut found = false;
    each_part(expression, &mut |part| found |= has_stranger(part, grouping, relation));
    found
}

/// What names mean behind the aggregation: grouping expressions, aggregates and window bounds, in
/// the slots that the aggregation fills.
pub struct GroupScope<'g> {
    /// The grouping.
    pub grouping: &'g Grouping,
    /// What expressions were written against.
    pub relation: &'g Relation,
}

impl Scope for GroupScope<'_> {
    fn column(&self, source: Option<&str>, name: &str) -> Result<ColumnRef, Unresolved> {
        let (keys, calls) = (self.grouping.keys.len(), self.grouping.aggregates.len());
        let bound = match name {
            "WINDOWSTART" => Some(0),
            "WINDOWEND" => Some(1),
            _ => None,
        };
        match bound.filter(|_| source.is_none() && self.grouping.window.is_some()) {
            Some(at) => {
                let index = keys + calls + at;
                Ok(ColumnRef { index, ty: SqlType::BigInt, is_time: true })
            }
            // Members were checked, so what is left is a name that nothing has.
            None => match self.relation.column(source, name) {
                Err(unresolved) => Err(unresolved),
                Ok(_) => Err(Unresolved::Unknown(Vec::new())),
            },
        }
    }

    fn substitute(&self, expression: &ast::Expression) -> Option<ColumnRef> {
        let canonical = self.relation.canonical(expression);
        let key = self.grouping.keys.iter().position(|key| key.canonical == canonical);
        if let Some(index) = key {
            let ty = self.grouping.keys[index].ty.clone();
            return Some(ColumnRef { index, ty, is_time: false });
        }
        let calls = &self.grouping.aggregates;
        let call = calls.iter().position(|call| call.canonical == canonical)?;
        let index = self.grouping.keys.len() + call;
        Some(ColumnRef { index, ty: calls[call].ty.clone(), is_time: false })
    }
}
