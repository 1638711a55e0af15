//! CREATE STREAM and CREATE TABLE over a topic, CREATE TYPE and DROP TYPE.

use super::topics::{check_replacement, topic_actions};
use super::{Engine, Execution};
use crate::analyze::items::is_reserved;
use crate::analyze::with::{With, WithOf};
use crate::analyze::{gaps, wrong};
use crate::catalog::{HeaderColumn, Source, SourceKind, TimestampColumn, headers_type};
use crate::expression::sql_type;
use crate::format::{Format, FormatSpec, Part, check_columns};
use crate::plan::{check_timestamp, time_pattern};
use crate::types::{Column, Schema, SqlType};
use headwater_base::{Diagnostic, LineIndex, Span};
use headwater_log::Cluster;
use headwater_syntax::ast::{
    ColumnDefinition, ColumnRoleKind, CreateSource, CreateType, DropNamed,
};

impl Engine {
    pub(super) fn create_source(
        &mut self,
        it: &CreateSource,
        sql: &str,
        text: &str,
        log: &Cluster,
    ) -> Result<Execution, Diagnostic> {
        let name = &it.name.text;
        let noun = if it.kind == SourceKind::Table {
            "Table"
        } else {
            "Stream"
        };
        check_name(name, it.name.span)?;
        if let Some(done) =
            self.already_there(it.kind, name, it.or_replace, it.if_not_exists, it.name.span)?
        {
            return Ok(done);
        }
        if it.or_replace && it.read_only {
            let noun = noun.to_lowercase();
            let message = format!(
                "Cannot add {noun} '{name}': CREATE OR REPLACE is not supported on source {noun}s."
            );
            return Err(wrong("replace-read-only", message, it.name.span));
        }
        let with = With::read(&it.properties, WithOf::Source)?;
        self.check_listed(it, &with)?;
        let (schema, headers) = self.columns(it, text)?;
        let Some((topic, topic_span)) = with.topic.clone() else {
            let message = "Missing required property \"KAFKA_TOPIC\" which has no default value.";
            return Err(wrong("no-topic", message, it.name.span)
                .hint("Say which topic it lies over: WITH (KAFKA_TOPIC = '…')."));
        };
        let (key_format, value_format) = self.source_formats(&with, &schema, it.name.span)?;
        let key_format = key_format.for_key_of(&it.name.text);
        let timestamp = source_timestamp(&with, &schema)?;
        let actions = topic_actions(&topic, topic_span, &with, it.kind, log)?;
        let source = Source {
            name: name.clone(),
            kind: it.kind,
            schema,
            headers,
            topic,
            key_format,
            value_format,
            window: with.window,
            timestamp,
            read_only: it.read_only,
            sql: sql.to_owned(),
            query: None,
        };
        if let Some(before) = self.catalog.get(name) {
            check_replacement(before, &source, it.name.span)?;
        }
        let message = match self.catalog.get(name) {
            Some(_) => format!("{noun} {name} replaced"),
            None => format!("{noun} created"),
        };
        self.catalog.put(source);
        self.count_command(false);
        Ok(Execution {
            actions,
            ..Execution::said(message)
        })
    }

    /// Columns that are not listed would have to come from a schema registry.
    fn check_listed(&self, it: &CreateSource, with: &With) -> Result<(), Diagnostic> {
        let is_key = |column: &&ColumnDefinition| {
            let role = column.role.as_ref().map(|role| &role.kind);
            matches!(role, Some(ColumnRoleKind::Key | ColumnRoleKind::PrimaryKey))
        };
        let has_key = it.columns.iter().any(|column| is_key(&column));
        let has_value = it.columns.iter().any(|column| column.role.is_none());
        with.check_schema_ids(has_key, has_value)?;
        let infers_key = !has_key && with.key_spec(None, &self.session)?.format.can_infer();
        let infers_value = match (has_value, with.value_spec(None, &self.session)) {
            (false, Ok(spec)) => spec.format.can_infer(),
            _ => false,
        };
        let says_columns = !it.columns.is_empty() || infers_value;
        if it.kind == SourceKind::Table && !has_key && !infers_key && says_columns {
            return Err(no_primary_key(it));
        }
        match infers_key || infers_value {
            true => Err(gaps::refuse("schema-inference", it.name.span)),
            false => Ok(()),
        }
    }

    /// How keys and values of a new source are written.
    fn source_formats(
        &self,
        with: &With,
        schema: &Schema,
        at: Span,
    ) -> Result<(FormatSpec, FormatSpec), Diagnostic> {
        let value_format = with.value_spec(None, &self.session)?;
        let key_format = match (with.key_format, schema.key.is_empty()) {
            (None, true) => FormatSpec::new(Format::None),
            _ => with.key_spec(None, &self.session)?,
        };
        check_columns(&key_format, Part::Key, &schema.key).map_err(|e| e.at(at))?;
        check_columns(&value_format, Part::Value, &schema.value).map_err(|e| e.at(at))?;
        with.check_wrapping(&value_format, schema.value.len())?;
        if with.window.is_some() && schema.key.is_empty() {
            let message = "Windowed sources require a key column.";
            return Err(wrong("window-without-key", message, with.span));
        }
        Ok((key_format, value_format))
    }

    /// What to say where the name is taken and that is no error; an error where it is one.
    pub(super) fn already_there(
        &self,
        kind: SourceKind,
        name: &str,
        or_replace: bool,
        if_not_exists: bool,
        at: Span,
    ) -> Result<Option<Execution>, Diagnostic> {
        let Some(known) = self.catalog.get(name) else {
            return Ok(None);
        };
        let noun = match kind {
            SourceKind::Stream => "stream",
            SourceKind::Table => "table",
        };
        if if_not_exists {
            let message = format!(
                "Cannot add {noun} `{name}`: A {} with the same name already exists.",
                known.noun()
            );
            return Ok(Some(Execution::said(message)));
        }
        if or_replace && known.read_only {
            let message = format!(
                "Cannot add {noun} '{name}': CREATE OR REPLACE is not supported on source {}s.",
                known.noun()
            );
            return Err(wrong("replace-read-only", message, at));
        }
        if or_replace {
            return Ok(None);
        }
        let message = format!(
            "Cannot add {noun} '{name}': A {} with the same name already exists",
            known.noun()
        );
        Err(wrong("already-exists", message, at).hint(format!(
            "Use CREATE OR REPLACE, or drop it first: DROP {} {name};",
            known.kind.keyword()
        )))
    }

    fn columns(
        &self,
        it: &CreateSource,
        text: &str,
    ) -> Result<(Schema, Vec<HeaderColumn>), Diagnostic> {
        if it.columns.is_empty() {
            let message = "The statement does not define any columns.";
            let inferred = it
                .properties
                .get("VALUE_FORMAT")
                .or(it.properties.get("FORMAT"));
            return Err(match inferred {
                None => wrong("no-columns", message, it.name.span),
                Some(_) => wrong("no-columns", "No columns supplied.", it.name.span)
                    .hint("List the columns: formats here do not know them."),
            });
        }
        let mut schema = Schema::default();
        let mut headers: Vec<HeaderColumn> = Vec::new();
        for column in &it.columns {
            let name = &column.name.text;
            if is_reserved(name) {
                let message = format!(
                    "'{name}' is a reserved column name. You cannot use it as a name for a column."
                );
                return Err(wrong("reserved-column", message, column.name.span));
            }
            let ty = sql_type(&column.sql_type, self.catalog.types())?;
            let role = column.role.as_ref().map(|role| &role.kind);
            match role {
                None => schema.value.push(Column::new(name, ty)),
                Some(ColumnRoleKind::Key | ColumnRoleKind::PrimaryKey) => {
                    check_key_role(it.kind, column, text)?;
                    schema.key.push(Column::new(name, ty));
                }
                Some(ColumnRoleKind::Headers) => headers.push(header(column, ty, None, &headers)?),
                Some(ColumnRoleKind::Header(key)) => {
                    headers.push(header(column, ty, Some(key.clone()), &headers)?);
                }
            }
        }
        if it.kind == SourceKind::Table && schema.key.is_empty() {
            return Err(no_primary_key(it));
        }
        check_unique(it)?;
        Ok((schema, headers))
    }

    pub(super) fn create_type(&mut self, it: &CreateType) -> Result<Execution, Diagnostic> {
        let name = &it.name.text;
        let ty = sql_type(&it.sql_type, self.catalog.types())?;
        if let Some(known) = self.catalog.types().get(name) {
            if it.if_not_exists {
                let message = format!("{name} is already registered with type {known}");
                return Ok(Execution::said(message));
            }
            let message = format!(
                "Cannot register custom type '{name}' since it is already registered with type: \
                 {known}"
            );
            return Err(wrong("type-exists", message, it.name.span));
        }
        let message = format!("Registered custom type with name '{name}' and SQL type {ty}");
        self.catalog.put_type(name, ty);
        self.count_command(false);
        Ok(Execution::said(message))
    }

    pub(super) fn drop_type(&mut self, it: &DropNamed) -> Result<Execution, Diagnostic> {
        let name = &it.name.text;
        if self.catalog.remove_type(name) {
            self.count_command(false);
            return Ok(Execution::said(format!("Dropped type '{name}'")));
        }
        let message = format!("Type {name} does not exist.");
        match it.if_exists {
            true => Ok(Execution::said(message)),
            false => Err(wrong("unknown-type", message, it.name.span)),
        }
    }
}

fn no_primary_key(it: &CreateSource) -> Diagnostic {
    let message = "Tables require a PRIMARY KEY. Please define the PRIMARY KEY.";
    wrong("no-primary-key", message, it.name.span)
        .hint("Say PRIMARY KEY behind the column that identifies a row.")
}

/// The column that gives records their time, whose type and pattern must say one.
fn source_timestamp(with: &With, schema: &Schema) -> Result<Option<TimestampColumn>, Diagnostic> {
    let Some((column, span)) = &with.timestamp else {
        return Ok(None);
    };
    let pattern = column.pattern.as_deref();
    check_timestamp(schema, &column.column, pattern, *span)?;
    let checked = pattern.map(time_pattern).transpose();
    checked.map_err(|found| found.at(*span))?;
    Ok(Some(column.clone()))
}

/// A name of a stream or table, by ksqlDB's rule.
pub(super) fn check_name(name: &str, at: Span) -> Result<(), Diagnostic> {
    if name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
    {
        return Ok(());
    }
    let message = format!(
        "Illegal argument at Line: the name '{name}' may only hold the characters [a-zA-Z0-9_-]."
    );
    Err(wrong("illegal-name", message, at))
}

fn check_key_role(
    kind: SourceKind,
    column: &ColumnDefinition,
    text: &str,
) -> Result<(), Diagnostic> {
    let primary = matches!(
        column.role.as_ref().map(|role| &role.kind),
        Some(ColumnRoleKind::PrimaryKey)
    );
    let (is, use_instead, of) = match (kind, primary) {
        (SourceKind::Table, false) => ("KEY", "PRIMARY KEY", "tables"),
        (SourceKind::Stream, true) => ("PRIMARY KEY", "KEY", "streams"),
        _ => return Ok(()),
    };
    let place = LineIndex::new(text).place(text, column.span.start);
    let message = format!(
        "Line: {}, Col: {}: Column `{}` is a '{is}' column: please use '{use_instead}' for {of}.",
        place.line, place.column, column.name.text
    );
    Err(wrong("key-role", message, column.span))
}

fn header(
    column: &ColumnDefinition,
    ty: SqlType,
    header: Option<String>,
    before: &[HeaderColumn],
) -> Result<HeaderColumn, Diagnostic> {
    let message = match &header {
        None if ty != headers_type() => {
            format!(
                "Invalid type for HEADERS column: expected {}, got {ty}",
                headers_type()
            )
        }
        Some(key) if ty != SqlType::Bytes => {
            format!("Invalid type for HEADER('{key}') column: expected BYTES, got {ty}")
        }
        None if before.iter().any(|known| known.header.is_none()) => {
            "Schema already contains a HEADERS column.".to_owned()
        }
        Some(_) if before.iter().any(|known| known.header.is_none()) => {
            "Schema already contains a HEADERS column.".to_owned()
        }
        None if !before.is_empty() => "Schema already contains a HEADER('key') column.".to_owned(),
        Some(key)
            if before
                .iter()
                .any(|known| known.header.as_ref() == Some(key)) =>
        {
            format!("Schema already contains a HEADER('{key}') column.")
        }
        _ => {
            return Ok(HeaderColumn {
                name: column.name.text.clone(),
                header,
            });
        }
    };
    Err(wrong("header-column", message, column.span))
}

fn check_unique(it: &CreateSource) -> Result<(), Diagnostic> {
    for (index, column) in it.columns.iter().enumerate() {
        if it.columns[..index]
            .iter()
            .any(|known| known.name.text == column.name.text)
        {
            let message = format!("Duplicate column names: {}", column.name.text);
            return Err(wrong("duplicate-column", message, column.name.span));
        }
    }
    Ok(())
}
