//! DESCRIBE: the columns of a stream or table, what reads and writes it, how far they are, and the
//! help of a function.

use super::section::{Section, facts, row, texts};
use super::{Engine, Execution, Outcome, Row};
use crate::analyze::{gaps, wrong};
use crate::catalog::{Source, SourceKind};
use crate::function::registry;
use crate::runtime::Query;
use crate::types::{Column, SqlType};
use headwater_base::{Diagnostic, VirtualTime};
use headwater_log::Cluster;
use headwater_syntax::ast::{Describe, Identifier};

impl Engine {
    pub(super) fn describe_statement(
        &mut self,
        it: &Describe,
        log: &Cluster,
        now: VirtualTime,
    ) -> Result<Execution, Diagnostic> {
        match it {
            Describe::Source { name, extended } => {
                let Some(source) = self.catalog.get(&name.text) else {
                    let unknown = self.catalog.unknown(&name.text, name.span);
                    let message = format!(
                        "Could not find STREAM/TABLE '{}' in the Metastore",
                        name.text
                    );
                    return Err(Diagnostic { message, ..unknown });
                };
                Ok(match extended {
                    true => self.describe_extended(source, log, now),
                    false => describe_shortly(source),
                })
            }
            Describe::Streams { extended } => {
                Ok(self.describe_all(SourceKind::Stream, *extended, log, now))
            }
            Describe::Tables { extended } => {
                Ok(self.describe_all(SourceKind::Table, *extended, log, now))
            }
            Describe::Function(name) => describe_function(name),
            Describe::Connector(name) => Err(gaps::refuse("connectors", name.span)),
        }
    }

    /// One answer for all streams, or all tables: each is a part of it.
    fn describe_all(
        &self,
        kind: SourceKind,
        extended: bool,
        log: &Cluster,
        now: VirtualTime,
    ) -> Execution {
        let mut execution = Execution::said(String::new());
        for source in self.catalog.of_kind(kind) {
            execution.sections.extend(match extended {
                true => as_sections(self.describe_extended(source, log, now)),
                false => as_sections(describe_shortly(source)),
            });
        }
        execution
    }

    /// What SHOW STREAMS EXTENDED adds.
    pub(super) fn describe_each(
        &self,
        kind: SourceKind,
        log: &Cluster,
        now: VirtualTime,
    ) -> Vec<Section> {
        self.describe_all(kind, true, log, now).sections
    }

    fn describe_extended(&self, source: &Source, log: &Cluster, now: VirtualTime) -> Execution {
        let topic = log.find(&source.topic);
        let partitions = topic.map_or(0, |topic| topic.partition_count());
        let replicas = topic.map_or(0, |topic| topic.replication_factor);
        let timestamp = source
            .timestamp
            .as_ref()
            .map_or("Not set - using <ROWTIME>", |it| &it.column);
        let place = format!(
            "{} (partitions: {partitions}, replication: {replicas})",
            source.topic
        );
        let window = source.window.map(|window| window.to_string());
        let mut known = vec![
            ("Name", source.name.as_str()),
            ("Type", source.kind.keyword()),
        ];
        known.extend(window.as_deref().map(|window| ("Window type", window)));
        known.extend([
            ("Timestamp field", timestamp),
            ("Key format", source.key_format.format.name()),
            ("Value format", source.value_format.format.name()),
            ("Kafka topic", &place),
            ("Statement", &source.sql),
        ]);
        let mut execution = Execution::rows(texts(&["Field", "Type"]), fields(source));
        execution.message = facts(&known);
        let kind = source.kind.keyword();
        let reads = self
            .shown_queries()
            .filter(|query| query.sources.contains(&source.name));
        let writes = self
            .shown_queries()
            .filter(|query| query.sink.as_ref() == Some(&source.name));
        for (what, queries) in [("read", listed(reads)), ("write", listed(writes))] {
            let preposition = if what == "read" { "from" } else { "into" };
            if !queries.is_empty() {
                let title = format!("Queries that {what} {preposition} this {kind}");
                execution.sections.push(Section::text(title, queries));
            }
        }
        if !execution.sections.is_empty() {
            let text = "For query topology and execution plan please run: EXPLAIN <QueryId>";
            execution.sections.push(Section::text("", text));
        }
        execution.sections.extend(self.statistics(source, log, now));
        execution
    }
}

/// The queries of a list, a line each, as ksqlDB tells them.
fn listed<'q>(queries: impl Iterator<Item = &'q Query>) -> String {
    let line = |query: &Query| {
        let sql = query.sql.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{} ({}) : {sql}", query.name, query.state.word())
    };
    queries.map(line).collect::<Vec<_>>().join("\n")
}

fn describe_shortly(source: &Source) -> Execution {
    let mut execution = Execution::rows(texts(&["Field", "Type"]), fields(source));
    execution.message = facts(&[("Name", &source.name)]);
    let text = "For runtime statistics and query details run: DESCRIBE <Stream,Table> EXTENDED;";
    execution.sections.push(Section::text("", text));
    execution
}

/// An answer as parts of a longer one.
fn as_sections(execution: Execution) -> Vec<Section> {
    let mut all = vec![Section::text("", execution.message)];
    if let Outcome::Rows(rows) = execution.outcome {
        all.push(Section::table("", rows.columns, rows.rows));
    }
    all.extend(execution.sections);
    all
}

/// The columns with their roles, as rows.
pub(super) fn fields(source: &Source) -> Vec<Row> {
    let key = match (source.kind, source.window) {
        (SourceKind::Stream, None) => "(key)".to_owned(),
        (SourceKind::Table, None) => "(primary key)".to_owned(),
        (SourceKind::Stream, Some(window)) => format!("(key) (Window type: {window})"),
        (SourceKind::Table, Some(window)) => format!("(primary key) (Window type: {window})"),
    };
    let keys = source.schema.key.iter().map(|column| field(column, &key));
    let values = source.schema.value.iter().map(|column| field(column, ""));
    let headers = source.headers.iter().map(|column| {
        let role = match &column.header {
            Some(header) => format!("(header('{header}'))"),
            None => "(headers)".to_owned(),
        };
        field(&Column::new(column.name.clone(), column.ty()), &role)
    });
    keys.chain(values).chain(headers).collect()
}

/// A column with its role, as a row.
pub(super) fn field(column: &Column, role: &str) -> Row {
    let ty = spelled(&column.ty);
    row(&[&column.name, format!("{ty:<16} {role}").trim_end()])
}

/// A type as DESCRIBE spells it.
fn spelled(ty: &SqlType) -> String {
    match ty {
        SqlType::String => "VARCHAR(STRING)".to_owned(),
        SqlType::Array(inner) => format!("ARRAY<{}>", spelled(inner)),
        SqlType::Map(key, value) => format!("MAP<{}, {}>", key, spelled(value)),
        SqlType::Struct(fields) => {
            let field = |field: &Column| format!("{} {}", field.name, spelled(&field.ty));
            let fields: Vec<String> = fields.iter().map(field).collect();
            format!("STRUCT<{}>", fields.join(", "))
        }
        other => other.to_string(),
    }
}

fn describe_function(name: &Identifier) -> Result<Execution, Diagnostic> {
    let Some(function) = registry().find(&name.text) else {
        let message = format!("Can't find any functions with the name '{}'", name.text);
        let unknown = wrong("unknown-function", message, name.span);
        let names = registry().all().map(|function| function.name);
        let near = headwater_base::diagnostic::nearest(&name.text, names);
        return Err(near
            .into_iter()
            .fold(unknown, |f, near| f.hint(format!("Did you mean {near}?"))));
    };
    let variations = function.overloads.iter().map(|overload| {
        let variation = format!("{}({})", function.name, overload.spelled_parameters());
        row(&[&variation, &overload.spelled_result()])
    });
    let mut execution = Execution::rows(texts(&["Variation", "Returns"]), variations.collect());
    execution.message = facts(&[
        ("Name", function.name),
        ("Overview", function.summary),
        ("Type", function.kind.name()),
        ("Category", function.category.name()),
        ("Jar", "internal"),
    ]);
    let (example, gives) = function.example;
    let example = Section::text("Example", format!("{example} gives {gives}"));
    execution.sections.push(example);
    Ok(execution)
}
