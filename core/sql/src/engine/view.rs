//! What others draw of the engine: queries with their stations, tables with their rows, records
//! decoded.

use super::Engine;
use crate::analyze::{World, qualified_statement};
use crate::format::{Codec, Part};
use crate::inspect::{Inspected, RecordReader, inspect};
use crate::plan::{StationKind, TopicRole};
use crate::runtime::{QueryKind, QueryState, TableRow};
use crate::types::{Column, SqlType};
use crate::value::Value;
use headwater_base::{Diagnostic, Fault, QueryId, RecordId, StationId, VirtualTime};
use headwater_log::{Cluster, RecordRef};
use headwater_syntax::ast::Statement;
use headwater_syntax::printer;

/// A query as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryDescription {
    /// Its number.
    pub query: QueryId,
    /// Its name, such as `CSAS_POOR_RATINGS_3`.
    pub id: String,
    /// What it is for.
    pub kind: QueryKind,
    /// How it is.
    pub state: QueryState,
    /// The statement.
    pub sql: String,
    /// The streams and tables that it reads.
    pub sources: Vec<String>,
    /// The topics that it reads.
    pub source_topics: Vec<String>,
    /// The stream or table that it fills.
    pub sink: Option<String>,
    /// The topic that it fills.
    pub sink_topic: Option<String>,
    /// Its internal topics, each with its role.
    pub internal_topics: Vec<(String, TopicRole)>,
    /// The clauses that a record passes.
    pub stations: Vec<StationDescription>,
    /// How many tasks it has.
    pub tasks: u32,
}

/// A clause of a query as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationDescription {
    /// Its number in the query.
    pub id: StationId,
    /// Which clause.
    pub kind: StationKind,
    /// The clause's text as written.
    pub sql: String,
    /// The stream or table that it reads.
    pub source: Option<String>,
    /// The changelog topic of the store that it looks into or writes.
    pub table: Option<String>,
}

/// A table with its rows.
#[derive(Clone, Debug, PartialEq)]
pub struct TableView {
    /// The columns of the rows: keys, then values.
    pub columns: Vec<Column>,
    /// How many of them are keys.
    pub key_columns: usize,
    /// The rows, by key bytes and then by window within each partition.
    pub rows: Vec<TableRow>,
    /// How many rows there are in all.
    pub total: usize,
    /// The changelog topic, where the rows' changelog offsets lie.
    pub changelog: Option<String>,
}

impl Engine {
    /// A query as it is drawn.
    pub fn describe(&self, id: QueryId) -> Option<QueryDescription> {
        let query = self.query(id)?;
        let plan = &query.plan;
        let of_role = |role: TopicRole| {
            let topics = plan.topics.iter().filter(move |topic| topic.role == role);
            topics.map(|topic| topic.name.clone())
        };
        let internal = plan
            .topics
            .iter()
            .filter(|topic| matches!(topic.role, TopicRole::Repartition | TopicRole::Changelog));
        let changelog_of = |store: &str| {
            let stores = plan.subs.iter().flat_map(|sub| &sub.stores);
            let store = stores.into_iter().find(|known| known.name == store)?;
            plan.topics
                .get(store.changelog)
                .map(|topic| topic.name.clone())
        };
        let stations = plan.stations.iter().map(|station| StationDescription {
            id: station.id,
            kind: station.kind,
            sql: station.sql.clone(),
            source: station.source.clone(),
            table: station.store.as_deref().and_then(changelog_of),
        });
        Some(QueryDescription {
            query: id,
            id: query.name.clone(),
            kind: query.kind,
            state: query.state.clone(),
            sql: query.sql.clone(),
            sources: query.sources.clone(),
            source_topics: of_role(TopicRole::Source).collect(),
            sink: query.sink.clone(),
            sink_topic: of_role(TopicRole::Sink).next(),
            internal_topics: internal
                .map(|topic| (topic.name.clone(), topic.role))
                .collect(),
            stations: stations.collect(),
            tasks: query.tasks.len() as u32,
        })
    }

    /// The rows of a table that a query keeps, at most `limit` of them; `None` where no query
    /// keeps rows for a table of this name.
    pub fn table_rows(&self, name: &str, limit: usize, now: VirtualTime) -> Option<TableView> {
        let source = self.catalog.get(name).filter(|source| source.is_table())?;
        let query = self.query(source.query?)?;
        let queryable = query.plan.queryable?;
        let mut rows = query.table_rows(now);
        let total = rows.len();
        rows.truncate(limit);
        let sub = query.plan.subs.get(queryable.sub)?;
        let store = sub.nodes.get(queryable.node as usize)?.operator.store();
        let changelog = store.and_then(|store| sub.stores.get(store));
        let changelog = changelog.and_then(|store| query.plan.topics.get(store.changelog));
        Some(TableView {
            columns: source.schema.columns().cloned().collect(),
            key_columns: source.schema.key.len(),
            rows,
            total,
            changelog: changelog.map(|topic| topic.name.clone()),
        })
    }

    /// A record decoded, by what the engine knows of its topic, else guessed.
    pub fn decode_record(&self, id: RecordId, log: &Cluster) -> Option<Inspected> {
        let record = log.record(id)?;
        let partition = log.partition(id.partition).ok()?;
        let topic = log.topic(partition.topic()).ok()?;
        Some(inspect(self.layout_of(&topic.name).as_ref(), &record))
    }

    /// The topics that a query reads, internal ones included.
    pub fn source_topics(&self, id: QueryId) -> Vec<String> {
        let Some(query) = self.query(id) else {
            return Vec::new();
        };
        let read = query
            .plan
            .topics
            .iter()
            .filter(|topic| matches!(topic.role, TopicRole::Source | TopicRole::Repartition));
        read.map(|topic| topic.name.clone()).collect()
    }
}

impl Engine {
    /// A statement as ksqlDB reprints it behind its errors: each column with its source, each item
    /// with its name.
    pub fn reprinted(&self, statement: &Statement, text: &str, log: &Cluster) -> String {
        let world = World {
            catalog: &self.catalog,
            session: &self.session,
            log,
            text,
        };
        printer::statement(&qualified_statement(statement, world))
    }

    /// What looks into records of this topic, by what the engine knows of it.
    pub fn record_reader(&self, topic: &str) -> RecordReader {
        RecordReader::new(self.layout_of(topic))
    }

    /// A record of this topic decoded, by what the engine knows of the topic, else guessed.
    pub fn inspect(&self, topic: &str, record: &RecordRef<'_>) -> Inspected {
        inspect(self.layout_of(topic).as_ref(), record)
    }

    /// A key that someone typed, as the bytes that the topic's declared key format wants.
    ///
    /// Without a declaration, and for keys of several columns, the text's own bytes are the key.
    ///
    /// # Errors
    /// When the text is not a value of the key column's type.
    pub fn key_from_text(&self, topic: &str, text: &str) -> Result<Vec<u8>, Diagnostic> {
        let layout = self.layout_of(topic);
        let Some((layout, [column])) = layout
            .as_ref()
            .map(|layout| (layout, layout.key.as_slice()))
        else {
            return Ok(text.as_bytes().to_vec());
        };
        let wrong = || {
            let message = format!(
                "'{text}' is no key of {topic}: {} is {}.",
                column.name, column.ty
            );
            Diagnostic::error(Fault::Yours, "wrong-key", message)
        };
        let value = match &column.ty {
            SqlType::Boolean => Value::Boolean(text.parse().map_err(|_| wrong())?),
            SqlType::Int => Value::Int(text.parse().map_err(|_| wrong())?),
            SqlType::BigInt => Value::BigInt(text.parse().map_err(|_| wrong())?),
            SqlType::Double => Value::Double(text.parse().map_err(|_| wrong())?),
            SqlType::String => Value::String(text),
            _ => return Ok(text.as_bytes().to_vec()),
        };
        let codec = Codec::new(&layout.key_format, Part::Key, &layout.key);
        let mut bytes = Vec::new();
        codec.encode(&[value], &mut bytes).map_err(|_| wrong())?;
        Ok(bytes)
    }
}
