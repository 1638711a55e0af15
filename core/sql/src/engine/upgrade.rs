//! CREATE OR REPLACE of a query that runs: what may differ between it and the one before.
//!
//! The new query goes on with the positions and the state of the old one, so it has to read the
//! same topics through the same operators; conditions and projections may differ.

use crate::analyze::wrong;
use crate::catalog::Source;
use crate::operator::Operator;
use crate::plan::{Plan, TopicRole, TopicUse};
use headwater_base::{Diagnostic, Span};

/// Checks that a plan can go on where another was.
pub(super) fn check_upgrade(
    source: &Source,
    before: &Plan,
    after: &Plan,
    at: Span,
) -> Result<(), Diagnostic> {
    let refuse = |why: String| {
        let (noun, name) = (source.noun(), &source.name);
        let message = format!("Cannot replace {noun} '{name}': {why}");
        Err(wrong("replace", message, at).hint(format!(
            "DROP {} {name} first; the new query then begins anew.",
            noun.to_uppercase()
        )))
    };
    let (old, new) = (read(before), read(after));
    if old != new {
        return refuse(format!(
            "The query's sources cannot change. Existing: [{}], new: [{}].",
            old.join(", "),
            new.join(", ")
        ));
    }
    let (old, new) = (steps(before), steps(after));
    if old != new {
        return refuse(format!(
            "The query's operators cannot change. Existing: [{}], new: [{}].",
            old.join(", "),
            new.join(", ")
        ));
    }
    for (old, new) in internal(before).zip(internal(after)) {
        if !same_state(old, new) {
            return refuse(format!(
                "What is kept in topic {} cannot change: the new query has another key, or other \
                 aggregates.",
                old.name
            ));
        }
    }
    Ok(())
}

/// The topics that a plan reads, in order.
fn read(plan: &Plan) -> Vec<&str> {
    let sources = plan.topics.iter();
    let sources = sources.filter(|topic| topic.role == TopicRole::Source);
    sources.map(|topic| topic.name.as_str()).collect()
}

/// The operators of a plan, but for those that only choose rows and columns.
fn steps(plan: &Plan) -> Vec<&'static str> {
    let nodes = plan.subs.iter().flat_map(|sub| &sub.nodes);
    let lasting = nodes.filter(|node| {
        !matches!(
            node.operator,
            Operator::FilterStream(_) | Operator::FilterTable(_) | Operator::Project(_)
        )
    });
    lasting.map(|node| node.operator.name()).collect()
}

fn internal(plan: &Plan) -> impl Iterator<Item = &TopicUse> {
    let is_internal =
        |topic: &&TopicUse| matches!(topic.role, TopicRole::Repartition | TopicRole::Changelog);
    plan.topics.iter().filter(is_internal)
}

/// Whether two topics hold the same: keys for all; for the states of aggregates, the values too.
fn same_state(old: &TopicUse, new: &TopicUse) -> bool {
    if old.name != new.name {
        return false;
    }
    let (Some(a), Some(b)) = (&old.layout, &new.layout) else {
        return old.layout.is_none() && new.layout.is_none();
    };
    let is_aggregate = old
        .name
        .ends_with("-Aggregate-Aggregate-Materialize-changelog");
    a.key == b.key
        && a.key_format == b.key_format
        && a.window == b.window
        && (!is_aggregate || a.value == b.value)
}
