//! What is said when a projection holds a key column twice, or not at all.

use super::build::Request;
use super::builder::{Stage, StageKey};
use super::result::TopicSink;
use crate::analyze::wrong;
use headwater_base::{Diagnostic, order};
use headwater_syntax::ast::{self, ExpressionKind as Kind};
use headwater_syntax::printer::{self, Quoting};

pub(super) fn key_twice(
    request: Request<'_>,
    stage: &Stage,
    key: &StageKey,
    several: &[usize],
) -> Diagnostic {
    let items = &request.analysis.items;
    let names = several.iter().map(|index| items[*index].name.as_str());
    let mut names: Vec<&str> = names.collect();
    order::sort(&mut names);
    let span = several
        .last()
        .map_or(request.query.span, |index| items[*index].span);
    let message = match stage.key_noun {
        "grouping expression" => {
            let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            format!(
                "The projection contains a key column more than once: {}.",
                quoted.join(" and ")
            )
        }
        _ => {
            let name = key.viable.first().map(|viable| key_text(viable, request));
            format!(
                "The projection contains a key column (`{}`) more than once, aliased as: {}.",
                name.unwrap_or_default().replace('.', "_"),
                names.join(" and ")
            )
        }
    };
    wrong("key-twice", message, span).hint("Copy the key with AS_VALUE(…).")
}

/// How messages call a key: a column without its source where there is only one.
fn key_text(expression: &ast::Expression, request: Request<'_>) -> String {
    match &expression.kind {
        Kind::Column { name, .. } if request.analysis.sources.len() == 1 => name.text.clone(),
        _ => printer::expression(expression, Quoting::Never),
    }
}

pub(super) fn key_missing(
    request: Request<'_>,
    stage: &Stage,
    missing: &[&StageKey],
    sink: TopicSink<'_>,
) -> Diagnostic {
    if stage.key_noun == FOREIGN_KEY_NOUN {
        return primary_key_missing(request, missing);
    }
    let is_join = stage.key_noun == "join expression";
    let first = |key: &StageKey| key.viable.first().map(|e| key_text(e, request));
    let names: Vec<String> = match (stage.key_noun, missing) {
        ("join expression", [only]) => only.viable.iter().map(|e| key_text(e, request)).collect(),
        ("key column", _) => stage.keys.iter().filter_map(first).collect(),
        _ => missing.iter().filter_map(|key| first(key)).collect(),
    };
    let word = if is_join { " or " } else { " and " };
    let listed = match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{}{word}{last}", rest.join(", ")),
        _ => names.join(""),
    };
    let example = match is_join {
        true => names.first().cloned().unwrap_or_default(),
        false => names.join(", "),
    };
    let plural = |count: usize, noun: &str| match count {
        1 => noun.to_owned(),
        _ => format!("{noun}s"),
    };
    let keys = if stage.keys.len() == 1 {
        "Key"
    } else {
        "Key(s)"
    };
    let own = is_join.then(|| synthetic(missing)).flatten();
    let own = own.map_or(String::new(), |name| {
        format!(
            "\n{name} was added as a synthetic key column because the join criteria did not match \
             any source column. This expression must be included in the projection and may be \
             aliased."
        )
    });
    let message = format!(
        "{keys} missing from projection (ie, SELECT). See https://cnfl.io/2LV7ouS.\nThe query used \
         to build `{}` must include the {} {listed} in its projection (eg, SELECT \
         {example}...).{own}",
        sink.name,
        plural(names.len(), stage.key_noun),
    );
    wrong("key-missing", message, request.query.select.span)
        .hint(format!("Add {example} to the SELECT."))
}

/// The key that a join has made, if it is one.
fn synthetic<'k>(missing: &[&'k StageKey]) -> Option<&'k str> {
    match missing {
        [only] => match &only.viable.first()?.kind {
            Kind::Column { source: None, name } => Some(&name.text),
            _ => None,
        },
        _ => None,
    }
}

/// What messages call the key of a foreign-key join.
pub(super) const FOREIGN_KEY_NOUN: &str = "primary key column";

/// A foreign-key join keeps the whole primary key of its left table.
fn primary_key_missing(request: Request<'_>, missing: &[&StageKey]) -> Diagnostic {
    let column = |key: &&StageKey| match &key.viable.first()?.kind {
        Kind::Column { name, .. } => Some(format!("`{}`", name.text)),
        _ => None,
    };
    let names: Vec<String> = missing.iter().filter_map(column).collect();
    let first = request.analysis.sources.first();
    let table = first.map_or("", |bound| bound.alias.as_str());
    let columns = if names.len() == 1 {
        "column"
    } else {
        "columns"
    };
    let message = format!(
        "Primary key column missing in projection. For foreign-key table-table joins, the \
         projection must include all primary key columns from the left input table (`{table}`). \
         Missing {columns}: {}.",
        names.join(", ")
    );
    wrong("key-missing", message, request.query.select.span)
        .hint(format!("Add {} to the SELECT.", names.join(", ")))
}
