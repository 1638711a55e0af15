//! SELECT and what is behind it: the columns of the result, PARTITION BY, and the sink.

use super::build::Request;
use super::builder::{Builder, Stage, StageKey};
use super::keys::{key_missing, key_twice};
use super::repartition::is_keyed_by;
use super::sinking::{check_formats, formats, partitions, timestamp, widen};
use super::sources::remember_result;
use super::{Plan, ResultColumns, StationKind, TopicLayout, TopicRole, TopicUse};
use crate::analyze::items::Item;
use crate::analyze::relation::Role;
use crate::analyze::with::With;
use crate::analyze::{GroupScope, TableScope, wrong};
use crate::catalog::Source;
use crate::expression::{Clause, Expression, Scope};
use crate::format::{Codec, ColumnSet, Format, FormatSpec, Part};
use crate::operator::{Operator, Project, ProjectColumn, Push, Sink};
use crate::types::{Column, Schema, SqlType};
use headwater_base::{Diagnostic, order};
use headwater_syntax::ast::{self, ExpressionKind as Kind};

/// Where a result goes.
#[derive(Clone, Copy, Debug)]
pub enum Sinking<'s> {
    /// To a topic.
    Topic(TopicSink<'s>),
    /// To a reader.
    Reader {
        /// At most so many rows.
        limit: Option<u64>,
    },
}

/// A topic that takes a result.
#[derive(Clone, Copy, Debug)]
pub struct TopicSink<'s> {
    /// The stream or table that is made or added to.
    pub name: &'s str,
    /// The topic.
    pub topic: &'s str,
    /// The WITH clause.
    pub with: &'s With,
    /// What is added to, for INSERT INTO.
    pub existing: Option<&'s Source>,
}

/// Puts the projection and the sink behind a chain.
pub(super) fn finish(
    mut builder: Builder<'_>,
    request: Request<'_>,
    mut stage: Stage,
    sinking: Sinking<'_>,
) -> Result<Plan, Diagnostic> {
    let partitioned = partition_keys(request, &stage)?;
    if let Some(keys) = partitioned {
        if keys.is_empty() {
            stage.key_format = FormatSpec::new(Format::None);
        }
        stage.keys = keys;
        stage.key_noun = "partitioning expression";
    }
    let group = request
        .analysis
        .grouping
        .as_ref()
        .map(|grouping| GroupScope {
            grouping,
            relation: &request.analysis.relation,
        });
    let relation = stage.relation.clone();
    let table_scope = TableScope {
        calls: &request.analysis.table_functions,
        relation: &relation,
    };
    let scope: &dyn Scope = match &group {
        Some(scope) => scope,
        None => &table_scope,
    };
    let result = match sinking {
        Sinking::Reader { limit } => reader(&mut builder, request, &mut stage, scope, limit)?,
        Sinking::Topic(sink) => topic(&mut builder, request, &mut stage, scope, sink)?,
    };
    Ok(builder.finish(result))
}

/// The keys that PARTITION BY makes, unless the records have that key already.
fn partition_keys(
    request: Request<'_>,
    stage: &Stage,
) -> Result<Option<Vec<StageKey>>, Diagnostic> {
    let Some(keys) = &request.analysis.partition_by else {
        return Ok(None);
    };
    // What is already the key stays what it is, also where a side of a join is missing.
    if let [only] = keys.as_slice()
        && is_keyed_by(stage, &only.expression, request)
    {
        let canonical = request.analysis.relation.canonical(&only.expression);
        let keep = |key: &StageKey| StageKey {
            viable: vec![canonical.clone()],
            ..key.clone()
        };
        return Ok(Some(stage.keys.iter().map(keep).collect()));
    }
    let mut found = Vec::new();
    for key in keys {
        let clause = Clause::PartitionBy;
        let compiled = request
            .world
            .compile(&key.expression, &stage.relation, clause)?;
        let Some(ty) = compiled.ty().cloned() else {
            let message = "Can't infer a type of null. Please explicitly cast it to a required \
                           type, e.g. CAST(null AS VARCHAR).";
            return Err(wrong("untyped-null", message, key.expression.span));
        };
        found.push(StageKey {
            expression: compiled,
            ty,
            viable: vec![key.canonical.clone()],
        });
    }
    Ok(Some(found))
}

fn partition_station(builder: &mut Builder<'_>, request: Request<'_>) -> headwater_base::StationId {
    if let Some(clause) = &request.query.partition_by {
        return builder.station(StationKind::PartitionBy, clause.span);
    }
    builder.station(StationKind::Select, request.query.select.span)
}

/// Everything that is projected, in order, and hidden behind it what identifies a row.
fn reader(
    builder: &mut Builder<'_>,
    request: Request<'_>,
    stage: &mut Stage,
    scope: &dyn Scope,
    limit: Option<u64>,
) -> Result<ResultColumns, Diagnostic> {
    let mut columns = Vec::new();
    let mut projected = Vec::new();
    for item in &request.analysis.items {
        let (expression, ty) = compile_item(request, item, scope)?;
        let items = &request.analysis.items;
        let is_named = |key: &&StageKey| key.name(items) == Some(&item.canonical);
        let key = stage.keys.iter().find(is_named);
        let is_key = key.is_some();
        let expression = key.map_or(expression, |key| key.expression.clone());
        columns.push(Column::new(item.name.clone(), ty));
        projected.push(ProjectColumn {
            expression,
            identifies: is_key || is_bound(item),
        });
    }
    check_unique(&columns, request)?;
    let visible = columns.len();
    if stage.is_table {
        let hidden = stage.keys.iter().map(|key| ProjectColumn {
            expression: key.expression.clone(),
            identifies: true,
        });
        projected.extend(hidden);
    }
    let station = builder.station(StationKind::Select, request.query.select.span);
    let project = Operator::Project(Project {
        columns: projected,
        keeps_old: false,
    });
    builder.append(stage, project, station);
    let push = Operator::Push(Push {
        visible,
        table: stage.is_table,
        limit,
    });
    builder.append(stage, push, station);
    Ok(ResultColumns {
        key: Vec::new(),
        value: columns,
        window: stage.window,
    })
}

fn is_bound(item: &Item) -> bool {
    matches!(&item.canonical.kind, Kind::Column { name, .. }
        if matches!(name.text.as_str(), "WINDOWSTART" | "WINDOWEND"))
}

/// Key columns first, then the others, written to a topic.
fn topic(
    builder: &mut Builder<'_>,
    request: Request<'_>,
    stage: &mut Stage,
    scope: &dyn Scope,
    sink: TopicSink<'_>,
) -> Result<ResultColumns, Diagnostic> {
    let (mut projected, schema) = columns(request, stage, scope, sink)?;
    if let Some(existing) = sink.existing {
        widen(&mut projected, &schema, existing, request, stage, scope)?;
    }
    let schema = sink
        .existing
        .map_or(schema, |existing| existing.schema.clone());
    let (key_format, value_format) = formats(stage, &schema, sink, request)?;
    check_formats(&key_format, &value_format, &schema, request)?;
    let timestamp = timestamp(&schema, sink)?;
    let station = partition_station(builder, request);
    let project = Operator::Project(Project {
        columns: projected,
        keeps_old: false,
    });
    builder.append(stage, project, station);
    if stage.is_table && !builder.is_queryable() {
        remember_result(builder, stage, &schema, station);
    }
    let layout = TopicLayout {
        key: schema.key.clone(),
        value: schema.value.clone(),
        key_format: key_format.clone(),
        value_format: value_format.clone(),
        window: stage.window,
        changes: false,
        key_suffix: 0,
    };
    let index = builder.topic(TopicUse {
        name: sink.topic.to_owned(),
        role: TopicRole::Sink,
        partitions: partitions(request, stage, sink),
        compacted: stage.is_table,
        layout: Some(layout),
    });
    let operator = Operator::Sink(Sink {
        topic: index,
        key: Codec::new(&key_format, Part::Key, &schema.key),
        value: Codec::new(&value_format, Part::Value, &schema.value),
        window: stage.window,
        timestamp,
        writes_null_parts: stage.key_noun == "partitioning expression" && stage.keys.len() > 1,
    });
    let select = match request.query.partition_by {
        Some(_) => builder.station(StationKind::Select, request.query.select.span),
        None => station,
    };
    builder.append(stage, operator, select);
    Ok(ResultColumns {
        key: schema.key,
        value: schema.value,
        window: stage.window,
    })
}

/// The projected columns, keys first, and their schema.
fn columns(
    request: Request<'_>,
    stage: &Stage,
    scope: &dyn Scope,
    sink: TopicSink<'_>,
) -> Result<(Vec<ProjectColumn>, Schema), Diagnostic> {
    let items = &request.analysis.items;
    check_names(request, scope)?;
    let key_items = key_items(request, stage, sink)?;
    let mut projected = Vec::new();
    let mut schema = Schema::default();
    let mut keys: Vec<(&StageKey, &usize)> = stage.keys.iter().zip(&key_items).collect();
    let session = request.world.session;
    let by_projection = session.is_on("ksql.new.query.planner.enabled");
    if by_projection && stage.key_noun == "key column" {
        order::sort_by_key(&mut keys, |(_, index)| **index);
    }
    for (key, index) in keys {
        schema
            .key
            .push(Column::new(items[*index].name.clone(), key.ty.clone()));
        let expression = key.expression.clone();
        let identifies = reads_only_keys(&expression, stage);
        projected.push(ProjectColumn {
            expression,
            identifies,
        });
    }
    for (index, item) in items.iter().enumerate() {
        if key_items.contains(&index) {
            continue;
        }
        let (expression, ty) = compile_item(request, item, scope)?;
        schema.value.push(Column::new(item.name.clone(), ty));
        let identifies = false;
        projected.push(ProjectColumn {
            expression,
            identifies,
        });
    }
    if schema.value.is_empty() {
        let message = "The projection contains no value columns.";
        return Err(wrong(
            "no-value-columns",
            message,
            request.query.select.span,
        ));
    }
    let all: Vec<Column> = schema.columns().cloned().collect();
    check_unique(&all, request)?;
    Ok((projected, schema))
}

/// Which item each part of the key is.
fn key_items(
    request: Request<'_>,
    stage: &Stage,
    sink: TopicSink<'_>,
) -> Result<Vec<usize>, Diagnostic> {
    let items = &request.analysis.items;
    let mut key_items: Vec<usize> = Vec::new();
    let mut missing: Vec<&StageKey> = Vec::new();
    for key in &stage.keys {
        let of = |viable: &ast::Expression| {
            let holds =
                |(index, item): (usize, &Item)| (item.canonical == *viable).then_some(index);
            items
                .iter()
                .enumerate()
                .filter_map(holds)
                .collect::<Vec<usize>>()
        };
        let found = key.viable.iter().map(of).find(|found| !found.is_empty());
        match found.as_deref() {
            None => missing.push(key),
            Some([only]) => key_items.push(*only),
            Some(several) => return Err(key_twice(request, stage, key, several)),
        }
    }
    if !missing.is_empty() {
        return Err(key_missing(request, stage, &missing, sink));
    }
    Ok(key_items)
}

/// A name that nothing has is a nearer mistake than a key that is missing.
fn check_names(request: Request<'_>, scope: &dyn Scope) -> Result<(), Diagnostic> {
    let (world, items) = (request.world, &request.analysis.items);
    let compile = |item: &Item| {
        world
            .compile(&item.expression, scope, Clause::Select)
            .map(drop)
    };
    items.iter().try_for_each(compile)
}

/// Whether an expression has a value where the record's value is null: it reads key columns alone.
fn reads_only_keys(expression: &Expression, stage: &Stage) -> bool {
    let mut read = ColumnSet::none(stage.relation.columns.len());
    expression.columns_into(&mut read);
    stage
        .relation
        .named()
        .all(|(slot, column)| !read.contains(slot) || column.role == Role::Key)
}

fn compile_item(
    request: Request<'_>,
    item: &Item,
    scope: &dyn Scope,
) -> Result<(Expression, SqlType), Diagnostic> {
    let compiled = request
        .world
        .compile(&item.expression, scope, Clause::Select)?;
    match compiled.ty().cloned() {
        Some(ty) => Ok((compiled, ty)),
        None => {
            let message = "Can't infer a type of null. Please explicitly cast it to a required \
                           type, e.g. CAST(null AS VARCHAR).";
            Err(wrong("untyped-null", message, item.span))
        }
    }
}

fn check_unique(columns: &[Column], request: Request<'_>) -> Result<(), Diagnostic> {
    for (index, column) in columns.iter().enumerate() {
        if columns[..index]
            .iter()
            .any(|known| known.name == column.name)
        {
            let message = format!("Duplicate value columns found in schema: {column}");
            return Err(
                wrong("duplicate-column", message, request.query.select.span)
                    .hint("Give one of them another name with AS."),
            );
        }
    }
    Ok(())
}
