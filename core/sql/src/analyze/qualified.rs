//! A query with every column said with its source and every item with its name, as ksqlDB's
//! errors reprint statements.

use super::items::{StarRules, expand};
use super::relation::Relation;
use super::{World, sources};
use headwater_syntax::ast::{Identifier, Query, SelectItemKind, Statement, StatementKind};

/// The statement with its query qualified; as it is where its names cannot be resolved.
pub fn qualified_statement(statement: &Statement, world: World<'_>) -> Statement {
    let mut statement = statement.clone();
    let query = match &mut statement.kind {
        StatementKind::CreateAs(it) => &mut it.query,
        StatementKind::InsertQuery(it) => &mut it.query,
        StatementKind::Query(it) => it,
        _ => return statement,
    };
    if let Some(qualified) = qualified(query, world) {
        *query = qualified;
    }
    statement
}

fn qualified(query: &Query, world: World<'_>) -> Option<Query> {
    let sources = sources::bind(query, world).ok()?;
    let mut relation = Relation::default();
    for bound in &sources {
        relation = relation.joined(Relation::of_source(&bound.alias, &bound.source));
    }
    let mut qualified = query.clone();
    let rules = StarRules {
        joined: sources.len() > 1,
        persistent: true,
        keys_last: query.partition_by.is_some(),
        synthetic_key: None,
    };
    // Stars stay as they are, so only the items without them are named.
    let no_stars = query
        .select
        .body
        .iter()
        .all(|item| matches!(item.kind, SelectItemKind::Expression { .. }));
    let items = match no_stars {
        true => expand(query, &relation, rules, &[], &|_| Ok(Vec::new())).ok()?,
        false => Vec::new(),
    };
    let mut names = items.into_iter().map(|item| item.name);
    for item in &mut qualified.select.body {
        if let SelectItemKind::Expression { expression, alias } = &mut item.kind {
            *expression = relation.canonical(expression);
            let name = names.next();
            if let (None, Some(text)) = (&alias, name) {
                let span = item.span;
                *alias = Some(Identifier {
                    text,
                    quoted: false,
                    span,
                });
            }
        }
    }
    let clauses = [&mut qualified.filter, &mut qualified.having];
    for clause in clauses.into_iter().flatten() {
        clause.body = relation.canonical(&clause.body);
    }
    let lists = [&mut qualified.group_by, &mut qualified.partition_by];
    for list in lists.into_iter().flatten() {
        list.body = list.body.iter().map(|it| relation.canonical(it)).collect();
    }
    Some(qualified)
}
