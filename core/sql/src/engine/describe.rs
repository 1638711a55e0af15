//! DESCRIBE: the columns of a stream or table, and the help of a function.

use super::show::{row, texts};
use super::{Engine, Execution, Row};
use crate::analyze::{gaps, wrong};
use crate::catalog::{Source, SourceKind};
use crate::function::registry;
use crate::types::{Column, SqlType};
use headwater_base::Diagnostic;
use headwater_log::Cluster;
use headwater_syntax::ast::{Describe, Identifier};

impl Engine {
    pub(super) fn describe_statement(
        &mut self,
        it: &Describe,
        log: &Cluster,
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
                let mut rows = fields(source);
                if *extended {
                    rows.extend(self.facts(source, log));
                }
                let heading = texts(&["Field", "Type"]);
                let execution = Execution::rows(heading, rows);
                let message = format!("Name                 : {}", source.name);
                Ok(Execution {
                    message,
                    ..execution
                })
            }
            Describe::Streams { .. } => Ok(self.describe_all(SourceKind::Stream)),
            Describe::Tables { .. } => Ok(self.describe_all(SourceKind::Table)),
            Describe::Function(name) => describe_function(name),
            Describe::Connector(name) => Err(gaps::refuse("connectors", name.span)),
        }
    }

    fn describe_all(&self, kind: SourceKind) -> Execution {
        let rows = self.catalog.of_kind(kind).flat_map(|source| {
            let of_source = |column: Row| {
                let mut values = vec![crate::value::OwnedValue::from(source.name.as_str())];
                values.extend(column.values);
                Row::from(values)
            };
            fields(source)
                .into_iter()
                .map(of_source)
                .collect::<Vec<_>>()
        });
        Execution::rows(texts(&["Name", "Field", "Type"]), rows.collect())
    }

    /// What DESCRIBE … EXTENDED adds.
    fn facts(&self, source: &Source, log: &Cluster) -> Vec<Row> {
        let topic = log.find(&source.topic);
        let partitions = topic.map_or(0, |topic| topic.partition_count());
        let replicas = topic.map_or(0, |topic| topic.replication_factor);
        let reads = self
            .queries()
            .filter(|query| query.sources.contains(&source.name));
        let reads: Vec<&str> = reads.map(|query| query.name.as_str()).collect();
        let writes = self
            .queries()
            .filter(|query| query.sink.as_ref() == Some(&source.name));
        let writes: Vec<&str> = writes.map(|query| query.name.as_str()).collect();
        let timestamp = source
            .timestamp
            .as_ref()
            .map_or("Not set - using <ROWTIME>", |t| &t.column);
        vec![
            row(&["Type", source.kind.keyword()]),
            row(&["Timestamp field", timestamp]),
            row(&["Key format", source.key_format.format.name()]),
            row(&["Value format", source.value_format.format.name()]),
            row(&[
                "Kafka topic",
                &format!(
                    "{} (partitions: {partitions}, replication: {replicas})",
                    source.topic
                ),
            ]),
            row(&["Statement", &source.sql]),
            row(&["Queries that read from it", &reads.join(", ")]),
            row(&["Queries that write to it", &writes.join(", ")]),
        ]
    }
}

fn fields(source: &Source) -> Vec<Row> {
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

fn field(column: &Column, role: &str) -> Row {
    let ty = match &column.ty {
        SqlType::String => "VARCHAR(STRING)".to_owned(),
        other => other.to_string(),
    };
    row(&[&column.name, format!("{ty}  {role}").trim_end()])
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
    let mut rows = vec![
        row(&["Name", function.name]),
        row(&["Overview", function.summary]),
        row(&["Type", function.kind.name()]),
        row(&["Category", function.category.name()]),
    ];
    for overload in &function.overloads {
        let variation = format!("{}({})", function.name, overload.spelled_parameters());
        rows.push(row(&["Variation", &variation]));
        rows.push(row(&["Returns", &overload.spelled_result()]));
    }
    let (example, gives) = function.example;
    rows.push(row(&["Example", &format!("{example} gives {gives}")]));
    Ok(Execution::rows(texts(&["Property", "Value"]), rows))
}
