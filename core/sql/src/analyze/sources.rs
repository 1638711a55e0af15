//! FROM and JOIN: sources with their aliases, join conditions, and what may be joined with what.

use super::relation::Relation;
use super::walk::each_node;
use super::{World, gaps, wrong};
use crate::catalog::Source;
use crate::expression::Clause;
use crate::format::Format;
use crate::types::SqlType;
use headwater_base::{Diagnostic, Span};
use headwater_syntax::ast::{
    self, AliasedSource, ComparisonOperator, ExpressionKind as Kind, Join, JoinKind, Query,
};
use headwater_syntax::printer::{self, Quoting};
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

/// A join whose condition is taken apart.
#[derive(Clone, Debug)]
pub struct BoundJoin {
    /// Which rows without a partner stay.
    pub kind: JoinKind,
    /// What of the sources before is compared; as written.
    pub left: ast::Expression,
    /// What of the joined source is compared; as written.
    pub right: ast::Expression,
    /// The type of both.
    pub ty: SqlType,
    /// Where, from its key word on.
    pub span: Span,
}

fn spelled(expression: &ast::Expression) -> String {
    printer::expression(expression, Quoting::Never)
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

/// Takes the joins of a query apart and checks them.
pub(super) fn joins(
    query: &Query,
    sources: &[Bound],
    relation: &Relation,
    world: World<'_>,
) -> Result<Vec<BoundJoin>, Diagnostic> {
    let mut joins = Vec::new();
    for (index, join) in query.joins.iter().enumerate() {
        let (before, joined) = match sources.get(index + 1) {
            Some(joined) => (&sources[..=index], joined),
            None => break,
        };
        joins.push(take_apart(join, before, joined, relation, world)?);
    }
    for (index, (join, taken)) in query.joins.iter().zip(&joins).enumerate() {
        if let Some(joined) = sources.get(index + 1) {
            check_sides(join, taken, &sources[..=index], joined, relation)?;
        }
    }
    Ok(joins)
}

fn take_apart(
    join: &Join,
    before: &[Bound],
    joined: &Bound,
    relation: &Relation,
    world: World<'_>,
) -> Result<BoundJoin, Diagnostic> {
    let condition = relation.canonical(&join.on);
    let Kind::Comparison {
        operator: ComparisonOperator::Equal,
        left,
        right,
    } = &join.on.kind
    else {
        let several = matches!(&join.on.kind, Kind::Logical { .. });
        let why = match several {
            true => "joins on multiple conditions are not yet supported",
            false => "Joins must be on one equality",
        };
        let message = format!(
            "Invalid join condition: {why}. Got {}.",
            spelled(&condition)
        );
        return Err(wrong("join-condition", message, join.on.span));
    };
    // Names are checked first, so that an unknown one is not taken for "no source".
    let compiled = [
        world.compile(left, relation, Clause::JoinOn)?,
        world.compile(right, relation, Clause::JoinOn)?,
    ];
    let left_source = only_source(left, &condition, relation)?;
    let right_source = only_source(right, &condition, relation)?;
    check_side_sources(join, &left_source, &right_source, joined)?;
    let flipped = left_source == joined.alias;
    let (left, right) = if flipped {
        (right, left)
    } else {
        (left, right)
    };
    let [first, second] = compiled;
    let (left_type, right_type) = if flipped {
        (second, first)
    } else {
        (first, second)
    };
    debug_assert!(before.iter().all(|bound| bound.alias != joined.alias));
    let ty = |compiled: &crate::expression::Expression| compiled.ty().cloned();
    match (ty(&left_type), ty(&right_type)) {
        (Some(a), Some(b)) if a == b => Ok(BoundJoin {
            kind: join.kind,
            left: (**left).clone(),
            right: (**right).clone(),
            ty: a,
            span: join.span,
        }),
        (a, b) => {
            let name = |ty: Option<SqlType>| ty.map_or("null".to_owned(), |ty| ty.to_string());
            let message = format!(
                "Invalid join condition: types don't match. Got {}{{{}}} = {}{{{}}}.",
                spelled(&relation.canonical(left)),
                name(a),
                spelled(&relation.canonical(right)),
                name(b),
            );
            Err(wrong("join-types", message, join.on.span)
                .hint("Cast one side to the type of the other."))
        }
    }
}

/// Both sides of a join condition are about different sources, one of them the joined one.
fn check_side_sources(
    join: &Join,
    left_source: &str,
    right_source: &str,
    joined: &Bound,
) -> Result<(), Diagnostic> {
    if left_source == right_source {
        let message = format!(
            "Each side of the join must reference exactly one source and not the same source. \
             Left side references `{left_source}` and right references `{right_source}`"
        );
        return Err(wrong("join-sides", message, join.on.span));
    }
    if left_source != joined.alias && right_source != joined.alias {
        let message = format!(
            "A join criteria is expected to reference the source (`{}`) in the FROM clause, \
             instead the right source references `{right_source}` and the left source references \
             `{left_source}`",
            joined.alias
        );
        return Err(wrong("join-sides", message, join.on.span));
    }
    Ok(())
}

/// The one source that a side of a join condition refers to.
fn only_source(
    side: &ast::Expression,
    condition: &ast::Expression,
    relation: &Relation,
) -> Result<String, Diagnostic> {
    let mut sources: Vec<String> = Vec::new();
    each_node(side, &mut |node| {
        let column = relation
            .slot_of(node)
            .and_then(|slot| relation.column_at(slot));
        if let Some(column) = column
            && !sources.contains(&column.source)
        {
            sources.push(column.source.clone());
        }
    });
    match sources.as_slice() {
        [one] => Ok(one.clone()),
        _ => {
            let message = format!(
                "Invalid comparison expression '{}' in join '{}'. Each side of the join \
                 comparision must contain references from exactly one source.",
                spelled(&relation.canonical(side)),
                spelled(condition),
            );
            Err(wrong("join-sides", message, side.span))
        }
    }
}

/// What may be joined with what.
fn check_sides(
    join: &Join,
    taken: &BoundJoin,
    before: &[Bound],
    joined: &Bound,
    relation: &Relation,
) -> Result<(), Diagnostic> {
    let Some(first) = before.first() else {
        return Ok(());
    };
    check_kinds(join, first, joined)?;
    let names = |word: &str| format!("{} {word} {}", first.alias, joined.alias);
    if let Some(within) = &join.within {
        let message = "A window definition was provided for a Stream-Table join. These joins are \
                       not windowed. Please drop the window definition (ie. the WITHIN clause) \
                       and try to execute your join again.";
        return Err(wrong("within-stream-table", message, within.span));
    }
    let refused = match join.kind {
        JoinKind::Inner | JoinKind::Left => None,
        JoinKind::Right => Some(("right-outer", "RIGHT [OUTER] JOIN")),
        JoinKind::Full => Some(("full-outer", "[FULL] OUTER JOIN")),
    };
    if let Some((kind, word)) = refused {
        let message = format!(
            "Invalid join type: {kind} join not supported for stream-table join. Got {}.",
            names(word)
        );
        return Err(wrong("join-type", message, join.span));
    }
    let key = match joined.source.schema.key.as_slice() {
        [only] => relation.slot(&joined.alias, &only.name),
        _ => None,
    };
    if key.is_none() || relation.slot_of(&taken.right) != key {
        let message = format!(
            "Invalid join condition: stream-table joins require to join on the table's primary \
             key. Got {} = {}.",
            spelled(&relation.canonical(&taken.left)),
            spelled(&relation.canonical(&taken.right)),
        );
        let found = wrong("join-key", message, join.on.span);
        let keys = joined
            .source
            .schema
            .key
            .iter()
            .map(|column| column.name.as_str());
        let keys = keys.collect::<Vec<_>>().join(", ");
        return Err(found.hint(format!("The primary key of {} is {keys}.", joined.alias)));
    }
    check_partitions(join, first, joined)
}

/// Streams and tables: only a stream may look into a table so far.
fn check_kinds(join: &Join, first: &Bound, joined: &Bound) -> Result<(), Diagnostic> {
    let left_is_table = first.source.is_table();
    let names = |word: &str| format!("{} {word} {}", first.alias, joined.alias);
    match (left_is_table, joined.source.is_table()) {
        (true, false) => {
            let word = match join.kind {
                JoinKind::Inner => "[INNER] JOIN",
                JoinKind::Left => "LEFT [OUTER] JOIN",
                JoinKind::Right => "RIGHT [OUTER] JOIN",
                JoinKind::Full => "[FULL] OUTER JOIN",
            };
            let message = format!(
                "Invalid join order: table-stream joins are not supported; only stream-table \
                 joins. Got {}.",
                names(word)
            );
            return Err(wrong("join-order", message, join.span)
                .hint("Put the stream before JOIN and the table behind it."));
        }
        (true, true) => return Err(gaps::refuse("join-table-table", join.span)),
        (false, false) => {
            if join.within.is_none() {
                let message = "Stream-Stream joins must have a WITHIN clause specified. None was \
                               provided.";
                return Err(wrong("join-without-within", message, join.span)
                    .hint("Say how far apart two records may be: WITHIN 1 HOUR."));
            }
            return Err(gaps::refuse("join-stream-stream", join.span));
        }
        (false, true) => {}
    }
    Ok(())
}

fn check_partitions(join: &Join, left: &Bound, right: &Bound) -> Result<(), Diagnostic> {
    if left.partitions == right.partitions {
        return Ok(());
    }
    let (a, b) = (&left.source.name, &right.source.name);
    let message = format!(
        "Can't join `{a}` with `{b}` since the number of partitions don't match. `{a}` partitions \
         = {}; `{b}` partitions = {}. Please repartition either one so that the number of \
         partitions match.",
        left.partitions, right.partitions
    );
    Err(wrong("join-partitions", message, join.span).hint(format!(
        "Copy one of them: CREATE STREAM {a}_REPARTITIONED WITH (PARTITIONS = {}) AS SELECT * \
         FROM {a};",
        right.partitions
    )))
}
