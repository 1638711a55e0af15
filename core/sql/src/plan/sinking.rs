//! What a sink needs to know: formats, the column of its time, partitions, and whether a result
//! fits what INSERT INTO adds to.

use super::TimestampPick;
use super::build::Request;
use super::builder::Stage;
use super::result::TopicSink;
use super::sources::time_pattern;
use crate::analyze::{Purpose, wrong};
use crate::catalog::Source;
use crate::expression::{Clause, Scope};
use crate::format::{Format, FormatSpec, Part, check_columns};
use crate::operator::ProjectColumn;
use crate::types::{Column, Schema, SqlType};
use headwater_base::Diagnostic;
use headwater_syntax::ast::{self, ExpressionKind as Kind};

/// INSERT INTO: the result must be the sink's schema, where narrower numbers widen.
pub(super) fn widen(
    projected: &mut [ProjectColumn],
    schema: &Schema,
    existing: &Source,
    request: Request<'_>,
    stage: &Stage,
    scope: &dyn Scope,
) -> Result<(), Diagnostic> {
    let fits = |a: &[Column], b: &[Column]| {
        a.len() == b.len()
            && a.iter()
                .zip(b)
                .all(|(a, b)| a.name == b.name && a.ty.widens_to(&b.ty))
    };
    let same_keys = schema.key == existing.schema.key;
    if !same_keys || !fits(&schema.value, &existing.schema.value) {
        let message = format!(
            "Incompatible schema between results and sink.\nResult schema is {schema}\nSink \
             schema is {}",
            existing.schema
        );
        return Err(wrong(
            "incompatible-schema",
            message,
            request.query.select.span,
        ));
    }
    let keys = stage.keys.len();
    for (index, (from, to)) in schema.value.iter().zip(&existing.schema.value).enumerate() {
        if from.ty == to.ty {
            continue;
        }
        let item = request
            .analysis
            .items
            .iter()
            .find(|item| item.name == from.name);
        if let Some(item) = item {
            let span = item.span;
            let written = written_type(&to.ty);
            let value = Box::new(item.expression.clone());
            let kind = Kind::Cast {
                value,
                sql_type: ast::SqlType {
                    kind: written,
                    span,
                },
            };
            let cast = ast::Expression { kind, span };
            projected[keys + index].expression =
                request.world.compile(&cast, scope, Clause::Select)?;
        }
    }
    Ok(())
}

/// A type as written, for casts that no statement says.
pub(crate) fn written_type(ty: &SqlType) -> ast::SqlTypeKind {
    let span = headwater_base::Span::default();
    let boxed = |ty: &SqlType| {
        Box::new(ast::SqlType {
            kind: written_type(ty),
            span,
        })
    };
    match ty {
        SqlType::Boolean => ast::SqlTypeKind::Boolean,
        SqlType::Int => ast::SqlTypeKind::Int,
        SqlType::BigInt => ast::SqlTypeKind::BigInt,
        SqlType::Double => ast::SqlTypeKind::Double,
        SqlType::Decimal { precision, scale } => ast::SqlTypeKind::Decimal {
            precision: *precision,
            scale: *scale,
        },
        SqlType::String => ast::SqlTypeKind::String,
        SqlType::Bytes => ast::SqlTypeKind::Bytes,
        SqlType::Time => ast::SqlTypeKind::Time,
        SqlType::Date => ast::SqlTypeKind::Date,
        SqlType::Timestamp => ast::SqlTypeKind::Timestamp,
        SqlType::Array(element) => ast::SqlTypeKind::Array(boxed(element)),
        SqlType::Map(key, value) => ast::SqlTypeKind::Map {
            key: boxed(key),
            value: boxed(value),
        },
        SqlType::Struct(fields) => {
            let field = |field: &Column| ast::StructField {
                name: ast::Identifier {
                    text: field.name.clone(),
                    quoted: true,
                    span,
                },
                sql_type: *boxed(&field.ty),
                span,
            };
            ast::SqlTypeKind::Struct(fields.iter().map(field).collect())
        }
    }
}

pub(super) fn formats(
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
    let key = sink
        .with
        .key_spec(inherited, session)?
        .for_key_of(sink.name);
    if let (true, Some((said, span))) = (schema.key.is_empty(), sink.with.key_format)
        && said != Format::None
        && stage.key_noun == "partitioning expression"
    {
        let message = "Key format specified for stream without key columns.";
        return Err(wrong("key-format-without-key", message, span));
    }
    let value = sink
        .with
        .value_spec(origin.map(|source| &source.value_format), session)?;
    sink.with.check_wrapping(&value, schema.value.len())?;
    Ok((key, value))
}

pub(super) fn check_formats(
    key: &FormatSpec,
    value: &FormatSpec,
    schema: &Schema,
    request: Request<'_>,
) -> Result<(), Diagnostic> {
    let at = request.query.select.span;
    check_columns(key, Part::Key, &schema.key).map_err(|found| found.at(at))?;
    check_columns(value, Part::Value, &schema.value).map_err(|found| found.at(at))
}

pub(super) fn timestamp(
    schema: &Schema,
    sink: TopicSink<'_>,
) -> Result<Option<TimestampPick>, Diagnostic> {
    let Some((column, span)) = &sink.with.timestamp else {
        return Ok(None);
    };
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
        return Err(near
            .into_iter()
            .fold(found, |f, near| f.hint(format!("Did you mean {near}?"))));
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

pub(super) fn partitions(request: Request<'_>, stage: &Stage, sink: TopicSink<'_>) -> u32 {
    let log = request.world.log;
    if let Some(topic) = log.find(sink.topic) {
        return topic.partition_count();
    }
    let said = sink.with.partitions.map(|(count, _)| count);
    let configured = request.world.session.number("ksql.sink.partitions");
    let asked = said
        .or(configured)
        .and_then(|count| u32::try_from(count).ok());
    debug_assert!(request.purpose != Purpose::Push);
    asked.unwrap_or(stage.partitions)
}
