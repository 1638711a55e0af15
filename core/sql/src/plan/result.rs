//! SELECT and what is behind it: the columns of the result, PARTITION BY, and the sink.

use super::build::{Request, time_pattern};
use super::builder::{Builder, Stage, StageKey};
use super::{
    Plan, ResultColumns, StationKind, TimestampPick, TopicLayout, TopicRole, TopicUse,
};
use crate::analyze::grouping::GroupScope;
use crate::analyze::items::Item;
use crate::analyze::with::With;
use crate::analyze::{Purpose, wrong};
use crate::catalog::Source;
use crate::expression::{Clause, Expression, Scope};
use crate::format::{Codec, Format, FormatSpec, Part, check_columns};
use crate::operator::{Operator, Project, ProjectColumn, Push, Sink};
use crate::types::{Column, Schema, SqlType};
use headwater_base::Diagnostic;
use headwater_syntax::ast::{self, ExpressionKind as Kind};
use headwater_syntax::printer::{self, Quoting};

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
    let group = request.analysis.grouping.as_ref().map(|grouping| GroupScope {
        grouping,
        relation: &request.analysis.relation,
    });
    let relation = stage.relation.clone();
    let scope: &dyn Scope = match &group {
        Some(scope) => scope,
        None => &relation,
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
    let Some(keys) = &request.analysis.partition_by else { return Ok(None) };
    let mut found = Vec::new();
    for key in keys {
        let clause = Clause::PartitionBy;
        let compiled = request.world.compile(&key.expression, &stage.relation, clause)?;
        let Some(ty) = compiled.ty().cloned() else {
            let message = "Can't infer a type of null. Please explicitly cast it to a required \
                           type, e.g. CAST(null AS VARCHAR).";
            return Err(wrong("untyped-null", message, key.expression.span));
        };
        found.push(StageKey { expression: compiled, ty, viable: vec![key.canonical.clone()] });
    }
    Ok(Some(found))
}

fn partition_station(
    builder: &mut Builder<'_>,
    request: Request<'_>,
) -> headwater_base::StationId {
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
        let is_key = stage.keys.iter().any(|key| key.viable.contains(&item.canonical));
        let expression = match stage.keys.iter().find(|key| key.viable.first() == Some(&item.canonical)) {
            Some(key) => key.expression.clone(),
            None => expression,
        };
        columns.push(Column::new(item.name.clone(), ty));
        projected.push(ProjectColumn { expression, identifies: is_key || is_bound(item) });
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
    let project = Operator::Project(Project { columns: projected, keeps_old: false });
    builder.append(stage, project, station);
    let push = Operator::Push(Push { visible, table: stage.is_table, limit });
    builder.append(stage, push, station);
    Ok(ResultColumns { key: Vec::new(), value: columns, window: stage.window })
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
    let schema = sink.existing.map_or(schema, |existing| existing.schema.clone());
    let (key_format, value_format) = formats(stage, &schema, sink, request)?;
    check_formats(&key_format, &value_format, &schema, request)?;
    let timestamp = timestamp(&schema, sink)?;
    let station = partition_station(builder, request);
    let project = Operator::Project(Project { columns: projected, keeps_old: false });
    builder.append(stage, project, station);
    let layout = TopicLayout {
        key: schema.key.clone(),
        value: schema.value.clone(),
        key_format: key_format.clone(),
        value_format: value_format.clone(),
        window: stage.window,
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
    });
    let select = match request.query.partition_by {
        Some(_) => builder.station(StationKind::Select, request.query.select.span),
        None => station,
    };
    builder.append(stage, operator, select);
    Ok(ResultColumns { key: schema.key, value: schema.value, window: stage.window })
}

/// The projected columns, keys first, and their schema.
fn columns(
    request: Request<'_>,
    stage: &Stage,
    scope: &dyn Scope,
    sink: TopicSink<'_>,
) -> Result<(Vec<ProjectColumn>, Schema), Diagnostic> {
    let items = &request.analysis.items;
    let mut key_items: Vec<usize> = Vec::new();
    let mut missing: Vec<&StageKey> = Vec::new();
    for key in &stage.keys {
        let of = |viable: &ast::Expression| {
            let holds = |(index, item): (usize, &Item)| (item.canonical == *viable).then_some(index);
            items.iter().enumerate().filter_map(holds).collect::<Vec<usize>>()
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
    let mut projected = Vec::new();
    let mut schema = Schema::default();
    for (key, index) in stage.keys.iter().zip(&key_items) {
        schema.key.push(Column::new(items[*index].name.clone(), key.ty.clone()));
        let expression = key.expression.clone();
        projected.push(ProjectColumn { expression, identifies: true });
    }
    for (index, item) in items.iter().enumerate() {
        if key_items.contains(&index) {
            continue;
        }
        let (expression, ty) = compile_item(request, item, scope)?;
        schema.value.push(Column::new(item.name.clone(), ty));
        projected.push(ProjectColumn { expression, identifies: false });
    }
    if schema.value.is_empty() {
        let message = "The projection contains no value columns.";
        return Err(wrong("no-value-columns", message, request.query.select.span));
    }
    let all: Vec<Column> = schema.columns().cloned().collect();
    check_unique(&all, request)?;
    Ok((projected, schema))
}

fn compile_item(
    request: Request<'_>,
    item: &Item,
    scope: &dyn Scope,
) -> Result<(Expression, SqlType), Diagnostic> {
    let compiled = request.world.compile(&item.expression, scope, Clause::Select)?;
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
        if columns[..index].iter().any(|known| known.name == column.name) {
            let message = format!("Duplicate value columns found in schema: {column}");
            return Err(wrong("duplicate-column", message, request.query.select.span)
                .hint("Give one of them another name with AS."));
        }
    }
    Ok(())
}

fn key_twice(
    request: Request<'_>,
    stage: &Stage,
    key: &StageKey,
    several: &[usize],
) -> Diagnostic {
    let items = &request.analysis.items;
    let names: Vec<&str> = several.iter().map(|index| items[*index].name.as_str()).collect();
    let span = several.last().map_or(request.query.span, |index| items[*index].span);
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

fn key_missing(
    request: Request<'_>,
    stage: &Stage,
    missing: &[&StageKey],
    sink: TopicSink<'_>,
) -> Diagnostic {
    let is_join = stage.key_noun == "join expression";
    let names: Vec<String> = match (is_join, missing) {
        (true, [only]) => only.viable.iter().map(|e| key_text(e, request)).collect(),
        _ => {
            let first = |key: &StageKey| key.viable.first().map(|e| key_text(e, request));
            stage.keys.iter().filter_map(first).collect()
        }
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
    let keys = if stage.keys.len() == 1 { "Key" } else { "Key(s)" };
    let message = format!(
        "{keys} missing from projection (ie, SELECT). See https://cnfl.io/2LV7ouS.\nThe query used \
         to build `{}` must include the {} {listed} in its projection (eg, SELECT {example}...).",
        sink.name,
        plural(names.len(), stage.key_noun),
    );
    wrong("key-missing", message, request.query.select.span)
        .hint(format!("Add {example} to the SELECT."))
}

/// INSERT INTO: the result must be the sink's schema, where narrower numbers widen.
fn widen(
    projected: &mut [ProjectColumn],
    schema: &Schema,
    existing: &Source,
    request: Request<'_>,
    stage: &Stage,
    scope: &dyn Scope,
) -> Result<(), Diagnostic> {
    let fits = |a: &[Column], b: &[Column]| {
        a.len() == b.len()
            && a.iter().zip(b).all(|(a, b)| a.name == b.name && a.ty.widens_to(&b.ty))
    };
    let same_keys = schema.key == existing.schema.key;
    if !same_keys || !fits(&schema.value, &existing.schema.value) {
        let message = format!(
            "Incompatible schema between results and sink.\nResult schema is {schema}\nSink \
             schema is {}",
            existing.schema
        );
        return Err(wrong("incompatible-schema", message, request.query.select.span));
    }
    let keys = stage.keys.len();
    for (index, (from, to)) in schema.value.iter().zip(&existing.schema.value).enumerate() {
        if from.ty == to.ty {
            continue;
        }
        let item = request.analysis.items.iter().find(|item| item.name == from.name);
        if let Some(item) = item {
            let span = item.span;
            let written = written_type(&to.ty);
            let value = Box::new(item.expression.clone());
            let kind = Kind::Cast { value, sql_type: ast::SqlType { kind: written, span } };
            let cast = ast::Expression { kind, span };
            projected[keys + index].expression = request.world.compile(&cast, scope, Clause::Select)?;
        }
    }
    Ok(())
}

/// A type as written, for casts that no statement says.
pub(crate) fn written_type(ty: &SqlType) -> ast::SqlTypeKind {
    let span = headwater_base::Span::default();
    let boxed = |ty: &SqlType| Box::new(ast::SqlType { kind: written_type(ty), span });
    match ty {
        SqlType::Boolean => ast::SqlTypeKind::Boolean,
        SqlType::Int => ast::SqlTypeKind::Int,
        SqlType::BigInt => ast::SqlTypeKind::BigInt,
        SqlType::Double => ast::SqlTypeKind::Double,
        SqlType::Decimal { precision, scale } => {
            ast::SqlTypeKind::Decimal { precision: *precision, scale: *scale }
        }
        SqlType::String => ast::SqlTypeKind::String,
        SqlType::Bytes => ast::SqlTypeKind::Bytes,
        SqlType::Time => ast::SqlTypeKind::Time,
        SqlType::Date => ast::SqlTypeKind::Date,
        SqlType::Timestamp => ast::SqlTypeKind::Timestamp,
        SqlType::Array(element) => ast::SqlTypeKind::Array(boxed(element)),
        SqlType::Map(key, value) => {
            ast::SqlTypeKind::Map { key: boxed(key), value: boxed(value) }
        }
        SqlType::Struct(fields) => {
            let field = |field: &Column| ast::StructField {
                name: ast::Identifier { text: field.name.clone(), quoted: true, span },
                sql_type: *boxed(&field.ty),
                span,
            };
            ast::SqlTypeKind::Struct(fields.iter().map(field).collect())
        }
    }
}

fn formats(
    stage: &Stage,
    schema: &Schema,
    sink: TopicSink<'_>,
    request: Request<'_>,
) -> Result<(FormatSpec, FormatSpec), Diagnostic> {
    if let Some(existing) = sink.existing {
        return Ok((existing.key_format.clone(), existing.value_format.clone()));
    }
    let session = request.world.session;
    let origin = request.analysis.sources.first().map(|bound| &bound.source);
    // The key's format is the left-most source's, not that of an internal topic.
    let inherited = origin.map(|source| &source.key_format);
    let none = FormatSpec::new(Format::None);
    let inherited = match (schema.key.is_empty(), inherited) {
        (true, _) => Some(&none),
        (false, Some(format)) if format.format == Format::None => None,
        (false, inherited) => inherited,
    };
    let key = sink.with.key_spec(inherited, session)?;
    if let (true, Some((said, span))) = (schema.key.is_empty(), sink.with.key_format)
        && said != Format::None
        && stage.key_noun == "partitioning expression"
    {
        let message = format!("Key format specified for stream without key columns: {said}.");
        return Err(wrong("key-format-without-key", message, span));
    }
    let value = sink.with.value_spec(origin.map(|source| &source.value_format), session)?;
    sink.with.check_wrapping(&value, schema.value.len())?;
    Ok((key, value))
}

fn check_formats(
    key: &FormatSpec,
    value: &FormatSpec,
    schema: &Schema,
    request: Request<'_>,
) -> Result<(), Diagnostic> {
    let at = request.query.select.span;
    check_columns(key, Part::Key, &schema.key).map_err(|found| found.at(at))?;
    check_columns(value, Part::Value, &schema.value).map_err(|found| found.at(at))
}

fn timestamp(schema: &Schema, sink: TopicSink<'_>) -> Result<Option<TimestampPick>, Diagnostic> {
    let Some((column, span)) = &sink.with.timestamp else { return Ok(None) };
    let slot = check_timestamp(schema, &column.column, column.pattern.as_deref(), *span)?;
    let pattern = column.pattern.as_deref().map(time_pattern).transpose();
    let pattern = pattern.map_err(|found| found.at(*span))?;
    Ok(Some(TimestampPick { slot, pattern }))
}

/// The slot of a TIMESTAMP column, whose type must be one that says a time.
pub(crate) fn check_timestamp(
    schema: &Schema,
    column: &str,
    pattern: Option<&str>,
    at: headwater_base::Span,
) -> Result<usize, Diagnostic> {
    let Some(slot) = schema.position(column) else {
        let message = format!(
            "The TIMESTAMP column set in the WITH clause does not exist in the schema: '{column}'"
        );
        let found = wrong("timestamp-column", message, at);
        let names = schema.columns().map(|column| column.name.as_str());
        let near = headwater_base::diagnostic::nearest(column, names);
        return Err(near.into_iter().fold(found, |f, near| f.hint(format!("Did you mean {near}?"))));
    };
    let ty = schema.columns().nth(slot).map(|column| &column.ty);
    let fits = match ty {
        Some(SqlType::BigInt | SqlType::Timestamp) => pattern.is_none(),
        Some(SqlType::String) => pattern.is_some(),
        _ => false,
    };
    if !fits {
        let message = format!(
            "Timestamp column, `{column}`, should be LONG(INT64), TIMESTAMP, or a String with a \
             timestamp_format specified"
        );
        return Err(wrong("timestamp-column", message, at));
    }
    Ok(slot)
}

fn partitions(request: Request<'_>, stage: &Stage, sink: TopicSink<'_>) -> u32 {
    let log = request.world.log;
    if let Some(topic) = log.find(sink.topic) {
        return topic.partition_count();
    }
    let said = sink.with.partitions.map(|(count, _)| count);
    let configured = request.world.session.number("ksql.sink.partitions");
    let asked = said.or(configured).and_then(|count| u32::try_from(count).ok());
    debug_assert!(request.purpose != Purpose::Push);
    asked.unwrap_or(stage.partitions)
}
