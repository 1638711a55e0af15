//! FROM and JOIN: the sources of a query with their aliases.

use super::{World, wrong};
use crate::catalog::Source;
use crate::format::Format;
use headwater_base::{Diagnostic, Span};
use headwater_syntax::ast::{AliasedSource, Query};
use std::sync::Arc;

/// A source of a query.
#[derive(Clone, Debug)]
pub struct Bound {
    /// What the query calls it.
    pub alias: String,
    /// The stream or table.
    pub source: Arc<Source>,
    /// Where.
    pub span: Span,
    /// How many partitions its topic has.
    pub partitions: u32,
}

/// Finds the sources of a query.
pub(super) fn bind(query: &Query, world: World<'_>) -> Result<Vec<Bound>, Diagnostic> {
    let written = std::iter::once(&query.from.body).chain(query.joins.iter().map(|j| &j.source));
    let mut bound: Vec<Bound> = Vec::new();
    for source in written {
        let found = bind_one(source, world)?;
        if let Some(twin) = bound
            .iter()
            .find(|known| known.source.name == found.source.name)
        {
            let name = &twin.source.name;
            let message = match query.joins.len() {
                1 => {
                    format!("Can not join '{name}' to '{name}': self joins are not yet supported.")
                }
                _ => format!(
                    "N-way joins do not support multiple occurrences of the same source. Source: \
                     '{name}'"
                ),
            };
            return Err(wrong("self-join", message, source.span));
        }
        if bound.iter().any(|known| known.alias == found.alias) {
            let message = format!("The alias '{}' names two sources.", found.alias);
            return Err(wrong("duplicate-alias", message, source.span));
        }
        bound.push(found);
    }
    check_value_formats(query, &bound)?;
    Ok(bound)
}

fn bind_one(written: &AliasedSource, world: World<'_>) -> Result<Bound, Diagnostic> {
    let name = &written.name;
    let source = world.catalog.named(&name.text, name.span)?.clone();
    let topic = world.log.find(&source.topic);
    let partitions = topic.map_or(1, |topic| topic.partition_count());
    let alias = written.called().text.clone();
    Ok(Bound {
        alias,
        source,
        span: written.span,
        partitions,
    })
}

fn check_value_formats(query: &Query, bound: &[Bound]) -> Result<(), Diagnostic> {
    let clause = match (query.joins.first(), &query.group_by) {
        (Some(_), _) => "JOIN",
        (None, Some(_)) => "GROUP BY",
        (None, None) => return Ok(()),
    };
    let kafka = bound
        .iter()
        .filter(|b| b.source.value_format.format == Format::Kafka);
    let names: Vec<&str> = kafka
        .clone()
        .map(|bound| bound.source.name.as_str())
        .collect();
    match kafka.clone().next() {
        None => Ok(()),
        Some(first) => {
            let message = format!(
                "Source(s) {} are using the 'KAFKA' value format. This format does not yet \
                 support {clause}.",
                names.join(", ")
            );
            Err(wrong("kafka-value-format", message, first.span))
        }
    }
}
