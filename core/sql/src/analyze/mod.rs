//! Analysis: from a query's tree to sources, joins, items and groupings with every name resolved
//! and every rule checked that does not depend on types.
//!
//! `sources` binds FROM and JOIN, `join` says what may be joined how, `items` expands the
//! projection, `grouping` checks GROUP BY, `relation` is what names are resolved against. What
//! comes out is planned by [`crate::plan`].

pub mod aggregates;
pub mod gaps;
mod group_scope;
pub mod grouping;
pub mod items;
mod join;
mod qualified;
pub mod relation;
mod sources;
mod table_calls;
pub mod walk;
pub mod with;
mod with_values;

pub use group_scope::GroupScope;
pub use join::{BoundJoin, JoinKey, JoinShape, JoinWindow};
pub use qualified::qualified_statement;
pub use sources::Bound;
pub use table_calls::{TableFunction, TableScope};

use crate::catalog::{Catalog, SourceKind};
use crate::expression::{Clause, Expression, Options, compile};
use crate::session::Session;
use crate::types::SqlType;
use grouping::{Grouping, grouping};
use headwater_base::{Diagnostic, Fault, LineIndex, Span};
use headwater_log::Cluster;
use headwater_syntax::ast::{self, Emit, ExpressionKind as Kind, Literal, Query};
use items::{Item, StarRules, expand, is_reserved, struct_fields};
use relation::Relation;
use walk::any_node;

/// What a query is analysed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// CREATE STREAM or TABLE … AS.
    Create(SourceKind),
    /// INSERT INTO.
    Insert,
    /// A SELECT on its own, with EMIT CHANGES.
    Push,
    /// A SELECT on its own that reads a stream to its end.
    PullStream,
}

impl Purpose {
    /// Whether the result is written to a topic.
    pub fn is_persistent(self) -> bool {
        matches!(self, Purpose::Create(_) | Purpose::Insert)
    }
}

/// What analysis and planning look at.
#[derive(Clone, Copy)]
pub struct World<'w> {
    /// The streams and tables.
    pub catalog: &'w Catalog,
    /// What the session has set.
    pub session: &'w Session,
    /// The topics.
    pub log: &'w Cluster,
    /// The text that spans point into.
    pub text: &'w str,
}

impl World<'_> {
    /// The options for expressions in a clause.
    pub fn options(&self, clause: Clause) -> Options<'_> {
        Options {
            clause,
            aliases: self.catalog.types(),
        }
    }

    /// `Line: 2, Col: 13: `, as some of ksqlDB's messages begin.
    pub fn place(&self, at: Span) -> String {
        let place = LineIndex::new(self.text).place(self.text, at.start);
        format!("Line: {}, Col: {}: ", place.line, place.column)
    }

    /// Compiles, and gives those findings their place in words that ksqlDB gives theirs.
    pub fn compile(
        &self,
        expression: &ast::Expression,
        scope: &dyn crate::expression::Scope,
        clause: Clause,
    ) -> Result<Expression, Diagnostic> {
        compile(expression, scope, self.options(clause)).map_err(|found| {
            let placed = match found.code.as_str() {
                "ambiguous-column" => true,
                "unknown-column" => clause == Clause::JoinOn,
                _ => false,
            };
            let before = match found.code == "ambiguous-column" {
                true => "Exception while preparing statement: ",
                false => "",
            };
            match found.span.filter(|_| placed) {
                Some(at) => Diagnostic {
                    message: format!("{before}{}{}", self.place(at), found.message),
                    ..found
                },
                None => found,
            }
        })
    }
}

/// A query with its names resolved.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// What it reads: FROM, then one a join.
    pub sources: Vec<Bound>,
    /// Its joins.
    pub joins: Vec<BoundJoin>,
    /// All columns of all sources side by side.
    pub relation: Relation,
    /// The projection.
    pub items: Vec<Item>,
    /// The table functions in the projection.
    pub table_functions: Vec<TableFunction>,
    /// GROUP BY with its aggregates.
    pub grouping: Option<Grouping>,
    /// PARTITION BY; empty for PARTITION BY NULL.
    pub partition_by: Option<Vec<PartitionKey>>,
    /// Whether the result is a table.
    pub is_table: bool,
}

impl Analysis {
    /// The names of the streams and tables that it reads.
    pub fn source_names(&self) -> Vec<String> {
        let names = self.sources.iter().map(|bound| bound.source.name.clone());
        names.collect()
    }
}

/// One expression of PARTITION BY.
#[derive(Clone, Debug)]
pub struct PartitionKey {
    /// As written.
    pub expression: ast::Expression,
    /// Canonical.
    pub canonical: ast::Expression,
}

/// An error in the statement.
pub fn wrong(code: &str, message: impl Into<String>, at: Span) -> Diagnostic {
    Diagnostic::error(Fault::Yours, code, message).at(at)
}

/// Analyses a query.
pub fn analyze(query: &Query, purpose: Purpose, world: World<'_>) -> Result<Analysis, Diagnostic> {
    let sources = sources::bind(query, world)?;
    let mut relation = Relation::default();
    for bound in &sources {
        relation = relation.joined(Relation::of_source(&bound.alias, &bound.source));
    }
    check_clauses(query, purpose, &sources)?;
    let joins = join::joins(query, &sources, &relation, world)?;
    let synthetic_key = joins.last().and_then(|join| join.key.synthetic.as_deref());
    if let (Some(join), Some(name)) = (joins.last(), synthetic_key) {
        relation = relation.with_key(Some(name), &join.ty);
    }
    let partition_by = partition_by(query, &relation)?;
    let rules = StarRules {
        joined: sources.len() > 1,
        persistent: purpose.is_persistent(),
        keys_last: partition_by.is_some(),
        synthetic_key,
    };
    let field_names = |base: &ast::Expression| {
        let compiled = world.compile(base, &relation, Clause::Select)?;
        struct_fields(compiled.ty()).ok_or_else(|| {
            let ty = compiled.ty().map_or("null".to_owned(), SqlType::to_string);
            wrong(
                "not-a-struct",
                format!("Cannot use ->* on a {ty}: only a STRUCT has fields."),
                base.span,
            )
        })
    };
    let keys: Vec<ast::Expression> = partition_by
        .iter()
        .flatten()
        .map(|key| key.expression.clone())
        .collect();
    let items = expand(query, &relation, rules, &keys, &field_names)?;
    check_items(&items, &relation, purpose)?;
    let from_table = sources.first().is_some_and(|first| first.source.is_table());
    if items
        .iter()
        .any(|item| table_calls::is_inside(&item.expression))
    {
        check_table_functions(query, from_table)?;
    }
    let table_functions = table_calls::find(&items, &relation, world)?;
    let grouping = grouping(query, &items, &relation, world, purpose)?;
    let is_table = grouping.is_some() || from_table;
    check_kind(query, purpose, is_table, &sources, grouping.is_some())?;
    Ok(Analysis {
        sources,
        joins,
        relation,
        items,
        table_functions,
        grouping,
        partition_by,
        is_table,
    })
}

fn check_table_functions(query: &Query, from_table: bool) -> Result<(), Diagnostic> {
    let span = query.select.span;
    if query.group_by.is_some() {
        let message = "Table functions cannot be used with aggregations.";
        return Err(wrong("table-function-and-group-by", message, span));
    }
    if from_table {
        let message = "Table source is not supported with table functions";
        return Err(wrong("table-function-over-table", message, span)
            .hint("Use the stream that the table is made from."));
    }
    Ok(())
}

fn check_clauses(query: &Query, purpose: Purpose, sources: &[Bound]) -> Result<(), Diagnostic> {
    if let (Some(window), None) = (&query.window, &query.group_by) {
        let message = "WINDOW clause requires a GROUP BY clause.";
        return Err(wrong("window-without-group-by", message, window.span));
    }
    if let (Some(having), None) = (&query.having, &query.group_by) {
        let message = "HAVING clause requires a GROUP BY clause.";
        return Err(wrong("having-without-group-by", message, having.span));
    }
    if let (Some(limit), true) = (&query.limit, purpose.is_persistent()) {
        let kind = match purpose {
            Purpose::Create(kind) => format!("CREATE {} AS SELECT", kind.keyword()),
            _ => "INSERT INTO".to_owned(),
        };
        let message = format!("{kind} statements don't support LIMIT clause.");
        return Err(wrong("limit-in-persistent-query", message, limit.span));
    }
    let emit_final = query.emit.as_ref().filter(|emit| emit.body == Emit::Final);
    if let (Some(emit), None) = (emit_final, &query.window) {
        let message = "EMIT FINAL is only supported for windowed aggregations.";
        return Err(wrong("emit-final", message, emit.span));
    }
    let windowed_table = sources.iter().find(|bound| {
        bound.source.is_table() && bound.source.window.is_some() && purpose.is_persistent()
    });
    if let Some(bound) = windowed_table {
        let message = "KSQL does not support persistent queries on windowed tables.";
        return Err(wrong("windowed-table", message, bound.span));
    }
    let windowed = sources.iter().find(|bound| bound.source.window.is_some());
    let rekeyed = query.partition_by.as_ref().map(|clause| clause.span);
    if let (Some(_), Some(span)) = (windowed, rekeyed) {
        let message = "Implicit repartitioning of windowed sources is not supported. See \
                       https://github.com/confluentinc/ksql/issues/4385.";
        return Err(wrong("windowed-repartition", message, span));
    }
    Ok(())
}

fn partition_by(
    query: &Query,
    relation: &Relation,
) -> Result<Option<Vec<PartitionKey>>, Diagnostic> {
    let Some(clause) = &query.partition_by else {
        return Ok(None);
    };
    let is_null =
        |expression: &ast::Expression| matches!(expression.kind, Kind::Literal(Literal::Null));
    if clause.body.iter().any(is_null) {
        if clause.body.len() > 1 {
            let message = "Cannot PARTITION BY multiple columns including NULL";
            return Err(wrong("partition-by-null", message, clause.span));
        }
        return Ok(Some(Vec::new()));
    }
    if let Some(call) = clause
        .body
        .iter()
        .find(|e| any_node(e, &aggregates::is_aggregate))
    {
        let message = format!(
            "PARTITION BY does not support aggregate functions: {} is an aggregate function.",
            aggregates::aggregate_name(call),
        );
        return Err(wrong("aggregate-in-partition-by", message, call.span));
    }
    let key = |expression: &ast::Expression| PartitionKey {
        expression: expression.clone(),
        canonical: relation.canonical(expression),
    };
    Ok(Some(clause.body.iter().map(key).collect()))
}

fn check_items(items: &[Item], relation: &Relation, purpose: Purpose) -> Result<(), Diagnostic> {
    for item in items {
        if !is_reserved(&item.name) || item.implied {
            continue;
        }
        let own_name = matches!(&item.expression.kind, Kind::Column { name, .. }
            if name.text == item.name);
        if item.aliased && !own_name {
            let message = format!(
                "`{}` is a reserved column name. You cannot use it as an alias for a column.",
                item.name
            );
            return Err(wrong("reserved-alias", message, item.span));
        }
        let is_pseudo = relation.slot_of(&item.expression).is_some()
            || matches!(item.expression.kind, Kind::Column { .. });
        if purpose.is_persistent() && is_pseudo {
            let message = format!(
                "Reserved column name in select: `{}`. Please remove or alias the column.",
                item.name
            );
            return Err(wrong("reserved-column", message, item.span)
                .hint(format!("Give it another name: {} AS …", item.name)));
        }
    }
    Ok(())
}

/// CREATE STREAM makes streams and CREATE TABLE makes tables.
fn check_kind(
    query: &Query,
    purpose: Purpose,
    is_table: bool,
    sources: &[Bound],
    grouped: bool,
) -> Result<(), Diagnostic> {
    if let (Some(clause), true) = (&query.partition_by, is_table) {
        let message = match grouped {
            true => "Only one of GROUP BY or PARTITION BY may be used in a query.",
            false => "PARTITION BY cannot be used with a table.",
        };
        return Err(wrong("partition-by-table", message, clause.span));
    }
    let name = sources
        .first()
        .map_or("", |bound| bound.source.name.as_str());
    match purpose {
        Purpose::Create(SourceKind::Stream) if is_table => {
            let message = "Invalid result type. Your SELECT query produces a TABLE. Please use \
                           CREATE TABLE AS SELECT statement instead.";
            Err(wrong("result-type", message, query.span))
        }
        Purpose::Create(SourceKind::Table) if !is_table => {
            let message = "Invalid result type. Your SELECT query produces a STREAM. Please use \
                           CREATE STREAM AS SELECT statement instead.";
            Err(wrong("result-type", message, query.span)
                .hint(format!("To make a table of {name}, group it: GROUP BY …")))
        }
        Purpose::Insert if is_table => {
            let message = "Invalid result type. Your SELECT query produces a TABLE. INSERT INTO \
                           needs a query that produces a STREAM.";
            Err(wrong("result-type", message, query.span))
        }
        _ => Ok(()),
    }
}
