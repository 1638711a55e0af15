//! SHOW and LIST: what there is, as rows with the headings of ksqlDB's prompt.

use super::section::{Section, row, texts};
use super::{Engine, Execution, Row};
use crate::catalog::SourceKind;
use crate::function::registry;
use crate::runtime::{Query, QueryKind, QueryState};
use crate::types::{Column, SqlType};
use crate::value::OwnedValue;
use headwater_base::{SortedMap, VirtualTime};
use headwater_log::{Cluster, Topic};
use headwater_syntax::ast::Show;

/// Consumers and consumer groups of each topic that are not the engine's own.
pub type OutsideReaders = SortedMap<String, (u32, u32)>;

impl Engine {
    pub(super) fn show(&mut self, it: Show, log: &Cluster, now: VirtualTime) -> Execution {
        let (columns, rows) = match it {
            Show::Streams { .. } => self.show_sources(SourceKind::Stream),
            Show::Tables { .. } => self.show_sources(SourceKind::Table),
            Show::Queries { .. } => self.show_queries(),
            Show::Topics { all, extended } => self.show_topics(log, all, extended),
            Show::Functions => show_functions(),
            Show::Types => self.show_types(),
            Show::Variables => self.show_variables(),
            Show::Properties => self.show_properties(),
            // There is no Connect cluster yet, so there is nothing in it.
            Show::Connectors { .. } => {
                let headings = ["Connector Name", "Type", "Class", "Status"];
                (texts(&headings), Vec::new())
            }
            Show::ConnectorPlugins => (texts(&["Class", "Type", "Version"]), Vec::new()),
        };
        let mut execution = Execution::rows(columns, rows);
        execution.sections = match it {
            Show::Streams { extended: true } => self.describe_each(SourceKind::Stream, log, now),
            Show::Tables { extended: true } => self.describe_each(SourceKind::Table, log, now),
            Show::Queries { extended: true } => self.explain_each(),
            Show::Queries { extended: false } if !execution.is_empty() => {
                let text = "For detailed information on a Query run: EXPLAIN <Query ID>;";
                vec![Section::text("", text)]
            }
            Show::Functions => {
                let text = "For detailed information about a function, run: DESCRIBE FUNCTION \
                            <Function Name>;";
                vec![Section::text("", text)]
            }
            _ => Vec::new(),
        };
        execution
    }

    fn show_sources(&self, kind: SourceKind) -> (Vec<Column>, Vec<Row>) {
        let heading = match kind {
            SourceKind::Stream => "Stream Name",
            SourceKind::Table => "Table Name",
        };
        let columns = [
            heading,
            "Kafka Topic",
            "Key Format",
            "Value Format",
            "Windowed",
        ];
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
        (texts(&columns), rows.collect())
    }

    fn show_queries(&self) -> (Vec<Column>, Vec<Row>) {
        let columns = [
            "Query ID",
            "Query Type",
            "Status",
            "Sink Name",
            "Sink Kafka Topic",
            "Query String",
        ];
        let rows = self.shown_queries().map(|query| {
            row(&[
                &query.name,
                query.kind.word(),
                &self.status(query),
                query.sink.as_deref().unwrap_or(""),
                query.sink_topic().unwrap_or(""),
                &query.sql,
            ])
        });
        (texts(&columns), rows.collect())
    }

    /// The queries that SHOW QUERIES lists.
    pub(super) fn shown_queries(&self) -> impl Iterator<Item = &Query> {
        self.queries()
            .filter(|query| query.kind != QueryKind::Print && query.state != QueryState::Ended)
    }

    fn show_topics(&self, log: &Cluster, all: bool, extended: bool) -> (Vec<Column>, Vec<Row>) {
        let mut columns = vec![
            Column::new("Kafka Topic", SqlType::String),
            Column::new("Partitions", SqlType::Int),
            Column::new("Partition Replicas", SqlType::Int),
        ];
        if extended {
            columns.push(Column::new("Consumers", SqlType::Int));
            columns.push(Column::new("ConsumerGroups", SqlType::Int));
        }
        // ksqlDB hides what its own topics, and Kafka's, begin with.
        let shown = log
            .topics()
            .filter(|topic| all || !topic.name.starts_with('_'));
        let rows = shown.map(|topic| {
            let mut values = vec![
                OwnedValue::from(&*topic.name),
                OwnedValue::Int(topic.partition_count() as i32),
                OwnedValue::Int(i32::from(topic.replication_factor)),
            ];
            if extended {
                let (consumers, groups) = self.readers(topic);
                values.extend([consumers, groups].map(|count| OwnedValue::Int(count as i32)));
            }
            Row::from(values)
        });
        (columns, rows.collect())
    }

    /// How many consumers and groups read a topic: a task of a query is a consumer, a query a
    /// group.
    fn readers(&self, topic: &Topic) -> (u32, u32) {
        let outside = self.outside_readers.get(&*topic.name);
        let (mut consumers, mut groups) = outside.copied().unwrap_or_default();
        for query in self.queries() {
            let reads = |task: &&std::sync::Arc<crate::runtime::Task>| {
                let mut inputs = task.inputs.iter();
                inputs.any(|input| topic.partitions.contains(&input.partition))
            };
            let tasks = query.tasks.iter().filter(reads).count() as u32;
            consumers += tasks;
            groups += u32::from(tasks > 0);
        }
        (consumers, groups)
    }

    /// Tells who else reads topics, before SHOW TOPICS EXTENDED counts them.
    pub fn set_outside_readers(&mut self, readers: OutsideReaders) {
        self.outside_readers = readers;
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
        let columns = ["Property", "Scope", "Default override", "Effective Value"];
        let rows = self.session.properties().into_iter().map(|it| {
            let scope = match it.name.starts_with("ksql.") {
                true => "KSQL",
                false => "STREAMS",
            };
            row(&[it.name, scope, it.set_by, &it.value])
        });
        (texts(&columns), rows.collect())
    }
}

fn show_functions() -> (Vec<Column>, Vec<Row>) {
    let rows = registry()
        .all()
        .map(|function| row(&[function.name, function.category.name()]));
    (texts(&["Function Name", "Category"]), rows.collect())
}
