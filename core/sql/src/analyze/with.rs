//! The WITH clause: its names, their values, and ksqlDB's words for what is wrong with them.

use super::with_values::{boolean, delimiter, nullable, number, text_of, window};
use super::wrong;
use crate::catalog::{TimestampColumn, WindowType};
use crate::format::{Format, FormatSpec, Nullable};
use crate::session::Session;
use headwater_base::diagnostic::nearest;
use headwater_base::{Diagnostic, Span};
use headwater_syntax::ast::Properties;

type Result<T> = std::result::Result<T, Diagnostic>;

/// What a WITH clause says.
#[derive(Clone, Debug, Default)]
pub struct With {
    /// KAFKA_TOPIC.
    pub topic: Option<(String, Span)>,
    /// KEY_FORMAT, or FORMAT.
    pub key_format: Option<(Format, Span)>,
    /// VALUE_FORMAT, or FORMAT.
    pub value_format: Option<(Format, Span)>,
    /// PARTITIONS.
    pub partitions: Option<(i64, Span)>,
    /// REPLICAS.
    pub replicas: Option<(i64, Span)>,
    /// RETENTION_MS.
    pub retention_millis: Option<i64>,
    /// CLEANUP_POLICY.
    pub cleanup_policy: Option<(String, Span)>,
    /// TIMESTAMP and TIMESTAMP_FORMAT.
    pub timestamp: Option<(TimestampColumn, Span)>,
    /// WRAP_SINGLE_VALUE.
    pub wrap_single: Option<(bool, Span)>,
    /// KEY_DELIMITER.
    pub key_delimiter: Option<char>,
    /// VALUE_DELIMITER.
    pub value_delimiter: Option<char>,
    /// WINDOW_TYPE and WINDOW_SIZE.
    pub window: Option<WindowType>,
    /// KEY_SCHEMA_FULL_NAME and KEY_PROTOBUF_NULLABLE_REPRESENTATION.
    pub key_schema: SchemaOptions,
    /// The same of the value; VALUE_AVRO_SCHEMA_FULL_NAME is the name's older name.
    pub value_schema: SchemaOptions,
    /// QUERY_ID.
    pub query_id: Option<String>,
    /// The clause.
    pub span: Span,
}

/// What a WITH clause says of a schema in a registry.
#[derive(Clone, Debug, Default)]
pub struct SchemaOptions {
    /// Its full name.
    pub name: Option<(String, Span)>,
    /// Its number.
    pub id: Option<(i64, Span)>,
    /// How PROTOBUF tells nulls.
    pub nullable: Option<(Nullable, Span)>,
}

const KNOWN: &[&str] = &[
    "CLEANUP_POLICY",
    "FORMAT",
    "KAFKA_TOPIC",
    "KEY_DELIMITER",
    "KEY_FORMAT",
    "KEY_PROTOBUF_NULLABLE_REPRESENTATION",
    "KEY_SCHEMA_FULL_NAME",
    "KEY_SCHEMA_ID",
    "PARTITIONS",
    "QUERY_ID",
    "REPLICAS",
    "RETENTION_MS",
    "SOURCED_BY_CONNECTOR",
    "TIMESTAMP",
    "TIMESTAMP_FORMAT",
    "VALUE_AVRO_SCHEMA_FULL_NAME",
    "VALUE_DELIMITER",
    "VALUE_FORMAT",
    "VALUE_PROTOBUF_NULLABLE_REPRESENTATION",
    "VALUE_SCHEMA_FULL_NAME",
    "VALUE_SCHEMA_ID",
    "WINDOW_SIZE",
    "WINDOW_TYPE",
    "WRAP_SINGLE_VALUE",
];

/// Which statement the clause belongs to; each takes its own names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WithOf {
    /// CREATE STREAM or TABLE over a topic.
    Source,
    /// CREATE … AS.
    Sink,
    /// INSERT INTO.
    Insert,
}

impl With {
    /// Reads a clause.
    pub fn read(properties: &Properties, of: WithOf) -> Result<With> {
        check_names(properties, of)?;
        let mut with = With {
            span: properties.span,
            ..With::default()
        };
        let text = |name: &str| properties.get(name).map(text_of).transpose();
        with.topic = text("KAFKA_TOPIC")?;
        with.read_formats(properties)?;
        with.partitions = number(properties, "PARTITIONS")?;
        with.replicas = number(properties, "REPLICAS")?;
        with.retention_millis = number(properties, "RETENTION_MS")?.map(|(millis, _)| millis);
        with.cleanup_policy = text("CLEANUP_POLICY")?;
        with.query_id = text("QUERY_ID")?.map(|(id, _)| id.to_uppercase());
        if let Some((column, span)) = text("TIMESTAMP")? {
            let column = identifier_in(&column);
            let pattern = text("TIMESTAMP_FORMAT")?.map(|(pattern, _)| pattern);
            with.timestamp = Some((TimestampColumn { column, pattern }, span));
        }
        if let Some(property) = properties.get("WRAP_SINGLE_VALUE") {
            with.wrap_single = Some((boolean(property)?, property.value_span));
        }
        with.key_delimiter = delimiter(properties, "KEY_DELIMITER")?;
        with.value_delimiter = delimiter(properties, "VALUE_DELIMITER")?;
        with.key_schema = SchemaOptions {
            name: text("KEY_SCHEMA_FULL_NAME")?,
            id: number(properties, "KEY_SCHEMA_ID")?,
            nullable: nullable(properties, "KEY_PROTOBUF_NULLABLE_REPRESENTATION")?,
        };
        with.value_schema = SchemaOptions {
            name: text("VALUE_SCHEMA_FULL_NAME")?.or(text("VALUE_AVRO_SCHEMA_FULL_NAME")?),
            id: number(properties, "VALUE_SCHEMA_ID")?,
            nullable: nullable(properties, "VALUE_PROTOBUF_NULLABLE_REPRESENTATION")?,
        };
        with.window = window(text("WINDOW_TYPE")?, text("WINDOW_SIZE")?)?;
        if of == WithOf::Sink {
            with.check_schema_ids(false, false)?;
        }
        Ok(with)
    }

    fn read_formats(&mut self, properties: &Properties) -> Result<()> {
        let format = |name: &str| {
            let Some(property) = properties.get(name) else {
                return Ok(None);
            };
            let (text, span) = text_of(property)?;
            Format::named(&text)
                .map(|format| Some((format, span)))
                .map_err(|e| e.at(span))
        };
        self.key_format = format("KEY_FORMAT")?;
        self.value_format = format("VALUE_FORMAT")?;
        let Some(both) = format("FORMAT")? else {
            return Ok(());
        };
        let other = [
            ("VALUE_FORMAT", &self.value_format),
            ("KEY_FORMAT", &self.key_format),
        ];
        if let Some((other, _)) = other.into_iter().find(|(_, said)| said.is_some()) {
            let message = format!(
                "Cannot supply both '{other}' and 'FORMAT' properties, as 'FORMAT' sets both key \
                 and value formats. Either use just 'FORMAT', or use 'KEY_FORMAT' and \
                 'VALUE_FORMAT'."
            );
            return Err(wrong("two-formats", message, both.1));
        }
        self.key_format = Some(both);
        self.value_format = Some(both);
        Ok(())
    }

    /// Checks KEY_SCHEMA_ID and VALUE_SCHEMA_ID: the columns would come from the registry, so none
    /// may be listed, and the format must be one that the registry knows.
    pub fn check_schema_ids(&self, lists_key: bool, lists_value: bool) -> Result<()> {
        let sides = [
            ("KEY", &self.key_schema, self.key_format, lists_key),
            ("VALUE", &self.value_schema, self.value_format, lists_value),
        ];
        for (side, schema, format, listed) in sides {
            let Some((_, span)) = schema.id else {
                continue;
            };
            if let Some((format, _)) = format.filter(|(format, _)| !format.can_infer()) {
                let message = format!(
                    "{side}_FORMAT should support schema inference when {side}_SCHEMA_ID is \
                     provided. Current format is {format}."
                );
                return Err(wrong("schema-id-format", message, span));
            }
            if listed {
                let message = format!(
                    "Table elements and {side}_SCHEMA_ID cannot both exist for create statement."
                );
                return Err(wrong("schema-id-and-columns", message, span));
            }
            return Err(super::gaps::refuse("with-schema", span));
        }
        Ok(())
    }

    /// The key's format: what is said, else `inherited`, else the session's default.
    pub fn key_spec(
        &self,
        inherited: Option<&FormatSpec>,
        session: &Session,
    ) -> Result<FormatSpec> {
        let mut spec = match (&self.key_format, inherited) {
            (Some((format, _)), Some(inherited)) if *format == inherited.format => {
                inherited.clone()
            }
            (Some((format, _)), _) => FormatSpec::new(*format),
            (None, Some(inherited)) => inherited.clone(),
            (None, None) => {
                let default = session.get("ksql.persistence.default.format.key");
                FormatSpec::new(Format::named(default.unwrap_or("KAFKA"))?)
            }
        };
        delimited(&mut spec, self.key_delimiter, self.span)?;
        self.key_schema.apply(&mut spec)?;
        Ok(spec)
    }

    /// The value's format: what is said, else `inherited`, else the session's default.
    pub fn value_spec(
        &self,
        inherited: Option<&FormatSpec>,
        session: &Session,
    ) -> Result<FormatSpec> {
        let mut spec = match (&self.value_format, inherited) {
            (Some((format, _)), Some(inherited)) if *format == inherited.format => {
                inherited.clone()
            }
            (Some((format, _)), _) => FormatSpec::new(*format),
            (None, Some(inherited)) => inherited.clone(),
            (None, None) => {
                let Some(default) = session.get("ksql.persistence.default.format.value") else {
                    let message = "Statement is missing the 'VALUE_FORMAT' property from the WITH \
                        clause. Either provide one or set a default via the \
                        'ksql.persistence.default.format.value' config.";
                    return Err(wrong("no-value-format", message.to_owned(), self.span));
                };
                FormatSpec::new(Format::named(default)?)
            }
        };
        delimited(&mut spec, self.value_delimiter, self.span)?;
        self.value_schema.apply(&mut spec)?;
        // Wrapping is not inherited: it belongs to one schema, not to a format.
        let default = session.get("ksql.persistence.wrap.single.values");
        spec.wrap_single = default.is_none_or(|value| value.eq_ignore_ascii_case("true"));
        if let Some((wrap, _)) = self.wrap_single {
            spec.wrap_single = wrap;
        }
        Ok(spec)
    }

    /// Checks WRAP_SINGLE_VALUE against the format and the number of value columns.
    pub fn check_wrapping(&self, spec: &FormatSpec, value_columns: usize) -> Result<()> {
        let Some((wrap, span)) = self.wrap_single else {
            return Ok(());
        };
        if value_columns != 1 {
            let message = "'WRAP_SINGLE_VALUE' is only valid for single-field value schemas";
            return Err(wrong("wrap-single-value", message.to_owned(), span));
        }
        // NONE, KAFKA and DELIMITED never wrap, PROTOBUF always does; the opposite is refused.
        if !spec.format.can_choose_wrapping() && wrap != spec.format.is_protobuf() {
            let message = format!(
                "Format '{}' does not support 'WRAP_SINGLE_VALUE' set to '{wrap}'.",
                spec.format
            );
            return Err(wrong("wrap-single-value", message, span));
        }
        Ok(())
    }
}

impl SchemaOptions {
    /// Puts them into a format that knows them. A schema's name is never inherited.
    fn apply(&self, spec: &mut FormatSpec) -> Result<()> {
        let format = spec.format;
        let refuse = |name: &str, span: Span| Err(unknown_config(format, name, span));
        spec.schema_name = None;
        if let Some((name, span)) = &self.name {
            if !spec.format.can_infer() {
                return refuse("fullSchemaName", *span);
            }
            if name.trim().is_empty() {
                let message = format!(
                    "fullSchemaName cannot be empty. Format configuration: {{fullSchemaName={}}}",
                    name.trim()
                );
                return Err(wrong("format-config", message, *span));
            }
            spec.schema_name = Some(name.clone());
        }
        if let Some((nullable, span)) = self.nullable {
            if !spec.format.is_protobuf() {
                return refuse("nullableRepresentation", span);
            }
            spec.nullable = Some(nullable);
        }
        Ok(())
    }
}

/// Puts a delimiter into the one format that has it.
fn delimited(spec: &mut FormatSpec, delimiter: Option<char>, span: Span) -> Result<()> {
    let Some(delimiter) = delimiter else {
        return Ok(());
    };
    if spec.format != Format::Delimited {
        return Err(unknown_config(spec.format, "delimiter", span));
    }
    spec.delimiter = delimiter;
    Ok(())
}

fn unknown_config(format: Format, name: &str, span: Span) -> Diagnostic {
    let message = format!("{format} does not support the following configs: [{name}]");
    wrong("format-config", message, span)
}

fn check_names(properties: &Properties, of: WithOf) -> Result<()> {
    let allowed = |name: &str| match of {
        WithOf::Source => name != "QUERY_ID",
        WithOf::Sink => !matches!(name, "WINDOW_TYPE" | "WINDOW_SIZE" | "QUERY_ID"),
        WithOf::Insert => name == "QUERY_ID",
    };
    let unknown = properties.entries.iter().find(|entry| {
        let name = entry.name.to_uppercase();
        !KNOWN.contains(&name.as_str()) || !allowed(&name)
    });
    if let Some(entry) = unknown {
        let message = format!(
            "Invalid config variable(s) in the WITH clause: {}",
            entry.name
        );
        let found = wrong("unknown-with-name", message, entry.name_span);
        let near = nearest(
            &entry.name,
            KNOWN.iter().copied().filter(|name| allowed(name)),
        );
        let hint = |found: Diagnostic, near: &str| found.hint(format!("Did you mean {near}?"));
        return Err(near.into_iter().fold(found, hint));
    }
    Ok(())
}

/// A name inside a text: upper-cased, unless it is quoted inside the text.
pub fn identifier_in(text: &str) -> String {
    for quote in ['`', '"'] {
        let inner = text
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        if let Some(inner) = inner {
            return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    text.to_uppercase()
}
