//! GROUP BY: the grouping expressions, the aggregates, and the rules between them.

use super::aggregates::{Aggregated, aggregate_name, collect, is_aggregate};
use super::items::Item;
use super::relation::Relation;
use super::walk::{any_node, each_node, each_part};
use super::{Purpose, World, wrong};
use crate::catalog::{SourceKind, WindowType};
use crate::expression::Clause;
use crate::operator::Windows;
use crate::types::SqlType;
use headwater_base::{Diagnostic, Span};
use headwater_syntax::ast::{self, ExpressionKind as Kind, FunctionCall, Query, WindowKind};
use headwater_syntax::printer::{self, Quoting};

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

/// The windows of a grouping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupWindow {
    /// Their kind and size, as the result's key says it.
    pub kind: WindowType,
    /// How records find them.
    pub finds: Finds,
    /// For how long their state is kept.
    pub retention_millis: i64,
}

fn spelled(expression: &ast::Expression) -> String {
    printer::expression(expression, Quoting::Never)
}

/// How records find their windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finds {
    /// By their time alone.
    Fixed(Windows),
    /// By the records before: gap and grace, in milliseconds.
    Sessions {
        /// How far apart two records of one session may be.
        gap: i64,
        /// How long a session takes records after that.
        grace: i64,
    },
}

/// Analyses GROUP BY; `None` where the query does not group.
pub fn grouping(
    query: &Query,
    items: &[Item],
    relation: &Relation,
    world: World<'_>,
    purpose: Purpose,
) -> Result<Option<Grouping>, Diagnostic> {
    check_bounds(query, items)?;
    check_where(query)?;
    let having = query.having.as_ref().map(|clause| &clause.body);
    let Some(clause) = &query.group_by else {
        let aggregate = items
            .iter()
            .find(|item| any_node(&item.expression, &is_aggregate));
        return match aggregate {
            Some(item) => {
                if let Purpose::Create(_) = purpose {
                    check_alone(items)?;
                }
                Err(without_group_by(item, relation, purpose))
            }
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
        // A function that nobody knows may have been meant as an aggregate.
        for item in items {
            match world.compile(&item.expression, relation, Clause::Select) {
                Err(found) if found.code == "unknown-function" => return Err(found),
                _ => {}
            }
        }
        let message =
            "GROUP BY requires aggregate functions in either the SELECT or HAVING clause.";
        return Err(wrong("group-by-without-aggregate", message, clause.span));
    }
    let grouping = Grouping {
        keys,
        aggregates,
        window: group_window(query)?,
    };
    let selected = items.iter().map(|item| (&item.expression, "SELECT"));
    check_members(selected.collect(), &grouping, relation)?;
    check_members(
        having
            .map(|having| (having, "HAVING"))
            .into_iter()
            .collect(),
        &grouping,
        relation,
    )?;
    Ok(Some(grouping))
}

fn check_where(query: &Query) -> Result<(), Diagnostic> {
    let Some(clause) = &query.filter else {
        return Ok(());
    };
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

/// Window bounds are made by the aggregation: nothing before it has them, aggregates neither, and
/// HAVING has not, too.
fn check_bounds(query: &Query, items: &[Item]) -> Result<(), Diagnostic> {
    if query.window.is_none() {
        return Ok(());
    }
    let bound = |expression: &ast::Expression| {
        let mut found = None;
        each_node(expression, &mut |node| {
            if let Kind::Column { name, .. } = &node.kind
                && matches!(name.text.as_str(), "WINDOWSTART" | "WINDOWEND")
            {
                found.get_or_insert_with(|| (name.text.clone(), node.span));
            }
        });
        found
    };
    if let Some((name, at)) = query.filter.as_ref().and_then(|clause| bound(&clause.body)) {
        let message = format!("Error in WHERE expression: Unknown column {name}.");
        return Err(wrong("window-bounds", message, at));
    }
    let mut found = query.having.as_ref().and_then(|clause| bound(&clause.body));
    for item in items {
        each_node(&item.expression, &mut |node| {
            if found.is_none() && is_aggregate(node) {
                found = bound(node);
            }
        });
    }
    match found {
        Some((name, at)) => Err(misplaced_bound(&name, at)),
        None => Ok(()),
    }
}

fn misplaced_bound(name: &str, at: Span) -> Diagnostic {
    let message = format!(
        "Window bounds column {name} can only be used in the SELECT clause of windowed \
         aggregations and can not be passed to aggregate functions."
    );
    wrong("window-bounds", message, at)
}

/// Beside an aggregate only aggregates and constants may stand.
fn check_alone(items: &[Item]) -> Result<(), Diagnostic> {
    let is_column = |node: &ast::Expression| matches!(node.kind, Kind::Column { .. });
    let plain = items.iter().filter(|item| {
        !any_node(&item.expression, &is_aggregate) && any_node(&item.expression, &is_column)
    });
    let plain: Vec<(&ast::Expression, &str)> =
        plain.map(|item| (&item.expression, "SELECT")).collect();
    not_grouped(&plain)
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
            if kind == SourceKind::Table {
                "TABLE"
            } else {
                "STREAM"
            },
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
            return Err(misplaced_bound(&spelled(expression), expression.span));
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
        keys.push(GroupKey {
            expression: expression.clone(),
            canonical,
            ty,
        });
    }
    Ok(keys)
}

fn group_window(query: &Query) -> Result<Option<GroupWindow>, Diagnostic> {
    let Some(window) = &query.window else {
        return Ok(None);
    };
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
        WindowKind::Session { gap } => {
            let gap = millis(gap)?;
            (WindowType::Session, gap, 0)
        }
    };
    const DAY: i64 = 86_400_000;
    let grace = match &window.grace {
        Some(grace) => grace.millis().unwrap_or(0),
        None => (DAY - size).max(0),
    };
    let least = size.saturating_add(grace);
    let retention = window.retention.as_ref().and_then(ast::Duration::millis);
    let retention_millis = retention.unwrap_or(least).max(least);
    Ok(Some(GroupWindow {
        kind,
        finds: match kind {
            WindowType::Session => Finds::Sessions { gap: size, grace },
            _ => Finds::Fixed(Windows {
                size,
                advance,
                grace,
            }),
        },
        retention_millis,
    }))
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
    not_grouped(&strangers)
}

fn not_grouped(strangers: &[(&ast::Expression, &str)]) -> Result<(), Diagnostic> {
    let Some((first, clause)) = strangers.first() else {
        return Ok(());
    };
    let listed: Vec<String> = strangers
        .iter()
        .map(|(e, _)| spelled_unqualified(e))
        .collect();
    let message = format!(
        "Non-aggregate {clause} expression(s) not part of GROUP BY: {}\nEither add the column(s) \
         to the GROUP BY or remove them from the {clause}.",
        listed.join(", ")
    );
    Err(wrong("not-in-group-by", message, first.span))
}

fn spelled_unqualified(expression: &ast::Expression) -> String {
    let bare = super::walk::replaced(expression, &mut |node| match &node.kind {
        Kind::Column {
            source: Some(_),
            name,
        } => Some(super::relation::column_expression("", &name.text)),
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
    if let Kind::Column { name, .. } = &expression.kind {
        let bound = matches!(name.text.as_str(), "WINDOWSTART" | "WINDOWEND");
        if bound && grouping.window.is_some() {
            return false;
        }
        // What is no column at all is a lambda's argument, or an error that compiling finds.
        return relation.slot_of(expression).is_some();
    }
    let mut found = false;
    each_part(expression, &mut |part| {
        found |= has_stranger(part, grouping, relation)
    });
    found
}
