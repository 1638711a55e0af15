//! SHOW and LIST: what there is, as rows with the headings of ksqlDB's prompt.

use super::{Engine, Execution, Row};
use crate::analyze::gaps;
use crate::catalog::SourceKind;
use crate::function::registry;
use crate::runtime::QueryKind;
use crate::types::{Column, SqlType};
use crate::value::OwnedValue;
use headwater_base::{Diagnostic, Span};
use headwater_log::Cluster;
use headwater_syntax::ast::Show;

impl Engine {
    pub(super) fn show(
        &mut self,
        it: Show,
        log: &Cluster,
        at: Span,
    ) -> Result<Execution, Diagnostic> {
        let (columns, rows) = match it {
            Show::Streams { .. } => self.show_sources(SourceKind::Stream),
            Show::Tables { .. } => self.show_sources(SourceKind::Table),
            Show::Queries { .. } => self.show_queries(),
            Show::Topics { all, .. } => show_topics(log, all),
            Show::Functions => show_functions(),
            Show::Types => self.show_types(),
            Show::Variables => self.show_variables(),
            Show::Properties => self.show_properties(),
            Show::Connectors { .. } | Show::ConnectorPlugins => {
                return Err(gaps::refuse("connectors", at));
            }
        };
        Ok(Execution::rows(columns, rows))
    }

    fn show_sources(&self, kind: SourceKind) -> (Vec<Column>, Vec<Row>) {
        let heading = match kind {
            SourceKind::Stream => "Stream Name",
            SourceKind::Table => "Table Name",
        };
        let columns = texts(&[
            heading,
            "Kafka Topic",
            "Key Format",
            "Value Format",
            "Windowed",
        ]);
        let rows = self.catalog.of_kind(kind).map(|source| {
            row(&[
                &source.name,
                &source.topic,
                source.key_format.format.name(),
                source.value_format.format.name(),
                if source.window.is_some() {
                    "true"
                } else {
                    "false"
                },
            ])
        });
        (columns, rows.collect())
    }

    fn show_queries(&self) -> (Vec<Column>, Vec<Row>) {
        let columns = texts(&[
            "Query ID",
            "Query Type",
            "Status",
            "Sink Name",
            "Sink Kafka Topic",
            "Query String",
        ]);
        let shown = self
            .queries()
            .filter(|query| query.kind != QueryKind::Print);
        let rows = shown.map(|query| {
            let kind = if query.kind.is_persistent() {
                "PERSISTENT"
            } else {
                "PUSH"
            };
            let sink = query.sink.as_deref().unwrap_or("");
            let topic = self
                .catalog
                .get(sink)
                .map_or("", |source| source.topic.as_str());
            row(&[
                &query.name,
                kind,
                query.state.word(),
                sink,
                topic,
                &query.sql,
            ])
        });
        (columns, rows.collect())
    }

    fn show_types(&self) -> (Vec<Column>, Vec<Row>) {
        let types = self.catalog.types().iter();
        let rows = types
            .map(|(name, ty)| row(&[name, &ty.to_string()]))
            .collect();
        (texts(&["Type Name", "Schema"]), rows)
    }

    fn show_variables(&self) -> (Vec<Column>, Vec<Row>) {
        let variables = self.session.variables().iter();
        let rows = variables.map(|(name, value)| row(&[name, value])).collect();
        (texts(&["Variable Name", "Value"]), rows)
    }

    fn show_properties(&self) -> (Vec<Column>, Vec<Row>) {
        let properties = self.session.properties().into_iter();
        let rows = properties
            .map(|(name, value, set)| row(&[name, if set { "SESSION" } else { "" }, &value]));
        (
            texts(&["Property", "Default override", "Effective Value"]),
            rows.collect(),
        )
    }
}

fn show_topics(log: &Cluster, all: bool) -> (Vec<Column>, Vec<Row>) {
    let columns = vec![
        Column::new("Kafka Topic", SqlType::String),
        Column::new("Partitions", SqlType::Int),
        Column::new("Partition Replicas", SqlType::Int),
    ];
    let shown = log
        .topics()
        .filter(|topic| all || !topic.name.starts_with('_'));
    let rows = shown.map(|topic| {
        Row::from(vec![
            OwnedValue::from(&*topic.name),
            OwnedValue::Int(topic.partition_count() as i32),
            OwnedValue::Int(i32::from(topic.replication_factor)),
        ])
    });
    (columns, rows.collect())
}

fn show_functions() -> (Vec<Column>, Vec<Row>) {
    let rows = registry()
        .all()
        .map(|function| row(&[function.name, function.category.name()]));
    (texts(&["Function Name", "Category"]), rows.collect())
}

/// Columns of text.
pub(super) fn texts(names: &[&str]) -> Vec<Column> {
    names
        .iter()
        .map(|name| Column::new(*name, SqlType::String))
        .collect()
}

/// A row of texts.
pub(super) fn row(values: &[&str]) -> Row {
    Row::from(
        values
            .iter()
            .map(|value| OwnedValue::from(*value))
            .collect::<Vec<_>>(),
    )
}
