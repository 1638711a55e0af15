//! Queries: a line a clause, SELECT items on lines of their own where there are several.

use super::{Quoting, expression, joined, name};
use crate::ast::{
    AliasedSource, Duration, Emit, Expression, Join, JoinKind, Query, SelectItem, SelectItemKind,
    Window, WindowKind, Within,
};

/// What a query is for: in a persistent one ksqlDB says EMIT CHANGES where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryUse {
    /// A SELECT on its own.
    Transient,
    /// In CREATE … AS or INSERT INTO.
    Persistent,
}

/// A query, without a line break at its end.
///
/// ```
/// use headwater_syntax::ast::StatementKind;
/// use headwater_syntax::printer::{QueryUse, query};
/// let parsed = headwater_syntax::parse("select a, b from s where a=1 emit changes;");
/// let StatementKind::Query(tree) = &parsed.statements[0].kind else { unreachable!() };
/// assert_eq!(
///     query(tree, QueryUse::Transient),
///     "SELECT\n  A,\n  B\nFROM S S\nWHERE (A = 1)\nEMIT CHANGES"
/// );
/// ```
pub fn query(query: &Query, query_use: QueryUse) -> String {
    let write = |it: &Expression| expression(it, Quoting::Needed);
    let list = |items: &[Expression]| joined(items, ", ", write);
    let mut lines = vec![select(&query.select.body)];
    lines.push(format!("FROM {}", aliased_source(&query.from.body)));
    lines.extend(query.joins.iter().map(join));
    lines.extend(query.window.as_ref().map(window));
    if let Some(filter) = &query.filter {
        lines.push(format!("WHERE {}", write(&filter.body)));
    }
    if let Some(group_by) = &query.group_by {
        lines.push(format!(
            "GROUP BY {}",
            bracketed_if_empty(list(&group_by.body))
        ));
    }
    if let Some(partition_by) = &query.partition_by {
        lines.push(format!(
            "PARTITION BY {}",
            bracketed_if_empty(list(&partition_by.body))
        ));
    }
    if let Some(having) = &query.having {
        lines.push(format!("HAVING {}", write(&having.body)));
    }
    let implied = (query_use == QueryUse::Persistent).then_some(Emit::Changes);
    match query.emit.as_ref().map(|emit| emit.body).or(implied) {
        Some(Emit::Changes) => lines.push("EMIT CHANGES".to_owned()),
        Some(Emit::Final) => lines.push("EMIT FINAL".to_owned()),
        None => {}
    }
    if let Some(limit) = &query.limit {
        lines.push(format!("LIMIT {}", limit.body));
    }
    lines.join("\n")
}

fn bracketed_if_empty(list: String) -> String {
    if list.is_empty() {
        "()".to_owned()
    } else {
        list
    }
}

fn select(items: &[SelectItem]) -> String {
    match items {
        [item] => format!("SELECT {}", select_item(item)),
        _ => format!("SELECT\n  {}", joined(items, ",\n  ", select_item)),
    }
}

fn select_item(item: &SelectItem) -> String {
    match &item.kind {
        SelectItemKind::Expression {
            expression: it,
            alias,
        } => {
            let written = expression(it, Quoting::Needed);
            match alias {
                Some(alias) => format!("{written} {}", name(&alias.text, Quoting::Needed)),
                None => written,
            }
        }
        SelectItemKind::All { source: None } => "*".to_owned(),
        SelectItemKind::All {
            source: Some(source),
        } => {
            format!("{}.*", name(&source.text, Quoting::Needed))
        }
        SelectItemKind::AllFields { base } => {
            format!("{}->*", expression(base, Quoting::Needed))
        }
    }
}

/// The alias is always said, as ksqlDB does.
fn aliased_source(source: &AliasedSource) -> String {
    let called = name(&source.called().text, Quoting::Needed);
    format!("{} {called}", name(&source.name.text, Quoting::Needed))
}

fn join(join: &Join) -> String {
    let kind = match join.kind {
        JoinKind::Inner => "INNER",
        JoinKind::Left => "LEFT OUTER",
        JoinKind::Right => "RIGHT OUTER",
        JoinKind::Full => "FULL OUTER",
    };
    let source = aliased_source(&join.source);
    let within = join.within.as_ref().map(within).unwrap_or_default();
    let on = expression(&join.on, Quoting::Needed);
    format!("{kind} JOIN {source}{within} ON ({on})")
}

fn within(within: &Within) -> String {
    let (before, after) = (duration(&within.before), duration(&within.after));
    let size = if before == after {
        before
    } else {
        format!("({before}, {after})")
    };
    let grace = within.grace.as_ref().map(duration);
    let grace = grace.map_or(String::new(), |grace| format!(" GRACE PERIOD {grace}"));
    format!(" WITHIN {size}{grace}")
}

fn window(window: &Window) -> String {
    let (word, size) = match &window.kind {
        WindowKind::Tumbling { size } => ("TUMBLING", format!("SIZE {}", duration(size))),
        WindowKind::Hopping { size, advance } => {
            let (size, advance) = (duration(size), duration(advance));
            ("HOPPING", format!("SIZE {size} , ADVANCE BY {advance}"))
        }
        WindowKind::Session { gap } => ("SESSION", duration(gap)),
    };
    let retention = window.retention.as_ref().map(duration);
    let retention = retention.map_or(String::new(), |it| format!(" , RETENTION {it}"));
    let grace = window.grace.as_ref().map(duration);
    let grace = grace.map_or(String::new(), |it| format!(" , GRACE PERIOD {it}"));
    format!("WINDOW {word} ( {size}{retention}{grace} ) ")
}

pub(super) fn duration(duration: &Duration) -> String {
    format!("{} {}", duration.count, duration.unit.name())
}
