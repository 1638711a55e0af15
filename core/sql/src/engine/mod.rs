//! The engine: catalog, session and queries behind one door, [`Engine::execute`].
//!
//! A statement is checked whole before anything changes; what it wants done to the log comes back
//! as [`Action`]s, which the driver carries out in order. The driver then lets tasks run with
//! [`Engine::fetch`] and [`Engine::process`]. One file for each group of statements.

mod alter;
mod assert;
pub mod command_topic;
mod create;
mod create_as;
mod describe;
mod drop;
mod explain;
mod insert;
mod print;
pub mod processing_log;
mod pull;
mod pull_keys;
mod pull_output;
mod pull_source;
mod queries;
mod section;
mod select;
mod session;
mod show;
mod statistics;
mod tasks;
mod topics;
mod upgrade;
mod view;

pub use section::Section;
pub use show::OutsideReaders;
pub use view::{QueryDescription, StationDescription, TableView};

use crate::analyze::gaps;
use crate::catalog::Catalog;
use crate::runtime::{Query, Scratch, TaskRef};
use crate::session::Session;
use crate::types::Column;
use crate::value::OwnedValue;
use headwater_base::{Diagnostic, QueryId, RecordId, SortedSet, VirtualTime};
use headwater_log::{Cluster, HeaderBuf, LogError, TopicConfig};
use headwater_syntax::ast::{Statement, StatementKind};
use std::sync::Arc;

/// How queries are numbered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    /// As a server does: by the statement's place in the command topic.
    #[default]
    Commands,
    /// As ksqlDB's own validation does: queries alone are counted.
    Queries,
}

/// The engine. Cloning it is cheap: plans and stores are shared until they change.
#[derive(Clone, Debug, Default)]
pub struct Engine {
    pub(crate) catalog: Catalog,
    pub(crate) session: Session,
    queries: Vec<Option<Arc<Query>>>,
    commands: u64,
    transients: u64,
    seed: u64,
    numbering: Numbering,
    /// The topic of the processing log, if there is to be one.
    processing_log: Option<Arc<str>>,
    /// Who else reads topics, for SHOW TOPICS EXTENDED.
    outside_readers: OutsideReaders,
    /// Tasks that nobody runs at this moment.
    away: SortedSet<TaskRef>,
    /// Nodes of the cluster that answer, and nodes that are thought to be there and do not.
    hosts: (u32, u32),
    scratch: Scratch,
}

/// What came of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    /// What ksqlDB would say; empty where rows say it all.
    pub message: String,
    /// What has to be done to the log, in this order.
    pub actions: Vec<Action>,
    /// What it gives.
    pub outcome: Outcome,
    /// What stands behind the message and the rows.
    pub sections: Vec<Section>,
}

impl Execution {
    pub(crate) fn said(message: impl Into<String>) -> Execution {
        Execution {
            message: message.into(),
            actions: Vec::new(),
            outcome: Outcome::Done,
            sections: Vec::new(),
        }
    }

    pub(crate) fn rows(columns: Vec<Column>, rows: Vec<Row>) -> Execution {
        let outcome = Outcome::Rows(Rows {
            columns,
            rows,
            keys: Vec::new(),
            ending: None,
        });
        Execution {
            outcome,
            ..Execution::said(String::new())
        }
    }

    /// Whether it has no rows.
    pub(crate) fn is_empty(&self) -> bool {
        match &self.outcome {
            Outcome::Rows(rows) => rows.rows.is_empty(),
            Outcome::Done | Outcome::Push(_) => true,
        }
    }
}

/// What a statement gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Nothing more than its message.
    Done,
    /// Rows, all at once: of a pull query, or of SHOW and DESCRIBE.
    Rows(Rows),
    /// Rows, as they come: of a push query or of PRINT.
    Push(QueryId),
}

/// Rows, all at once.
#[derive(Clone, Debug, PartialEq)]
pub struct Rows {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// Which columns are keys, where a pull query on a table says so; else empty.
    pub keys: Vec<bool>,
    /// How it ended, where ksqlDB says so: `Query Completed` or `Limit Reached`.
    pub ending: Option<&'static str>,
}

/// A row of [`Rows`].
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its values.
    pub values: Vec<OwnedValue>,
    /// The record time of a table's row.
    pub timestamp: Option<i64>,
    /// The record that set it.
    pub cause: Option<RecordId>,
}

impl From<Vec<OwnedValue>> for Row {
    fn from(values: Vec<OwnedValue>) -> Row {
        Row {
            values,
            timestamp: None,
            cause: None,
        }
    }
}

/// What has to be done to the log, or to the driver's list of tasks.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Create a topic.
    CreateTopic {
        /// Its name.
        name: String,
        /// How many partitions.
        partitions: u32,
        /// How many replicas of each.
        replication_factor: u16,
        /// Its configuration.
        config: TopicConfig,
    },
    /// Delete a topic, if it is there.
    DeleteTopic {
        /// Its name.
        name: String,
    },
    /// Append a record.
    Append {
        /// The topic's name.
        topic: String,
        /// The key.
        key: Option<Vec<u8>>,
        /// The value.
        value: Option<Vec<u8>>,
        /// The headers.
        headers: HeaderBuf,
        /// The record time.
        timestamp: i64,
        /// The partition; `None` where the key decides.
        partition: Option<u32>,
    },
    /// Call [`Engine::start`] and run the query's tasks from now on.
    StartQuery(QueryId),
    /// The query has ended; forget its tasks.
    EndQuery(QueryId),
}

impl Engine {
    /// An engine whose chance comes from `seed`.
    pub fn new(seed: u64) -> Engine {
        Engine {
            seed,
            ..Engine::default()
        }
    }

    /// The same with another way of numbering queries.
    pub fn numbered(self, numbering: Numbering) -> Engine {
        Engine { numbering, ..self }
    }

    /// Runs a statement of `text`. An error changes nothing.
    pub fn execute(
        &mut self,
        statement: &Statement,
        text: &str,
        log: &Cluster,
        now: VirtualTime,
    ) -> Result<Execution, Diagnostic> {
        use StatementKind as Kind;
        let sql = statement.span.of(text).trim();
        let at = statement.span;
        match &statement.kind {
            Kind::CreateSource(it) => self.create_source(it, sql, text, log),
            Kind::CreateAs(it) => self.create_as(it, sql, text, log),
            Kind::InsertQuery(it) => self.insert_query(it, sql, text, log),
            Kind::InsertValues(it) => self.insert_values(it, now, at),
            Kind::DropSource(it) => self.drop_source(it, log),
            Kind::CreateType(it) => self.create_type(it),
            Kind::DropType(it) => self.drop_type(it),
            Kind::QueryControl(it) => self.control_query(it, at),
            Kind::Explain(it) => self.explain(it, text, log, at),
            Kind::Query(it) => self.select(it, sql, text, log, now),
            Kind::Show(it) => Ok(self.show(*it, log, now)),
            Kind::Describe(it) => self.describe_statement(it, log, now),
            Kind::Print(it) => self.print(it, sql, log),
            Kind::SetProperty(it) => self.set_property(it),
            Kind::UnsetProperty(it) => self.unset_property(it),
            Kind::Define(it) => Ok(self.define(it)),
            Kind::Undefine(it) => self.undefine(it),
            Kind::AlterSource(it) => self.alter_source(it),
            Kind::AlterSystem(it) => self.alter_system(it),
            Kind::Assert(it) => self.assert(it, log, at),
            Kind::RunScript(_) => Err(gaps::refuse("run-script", at)),
            Kind::CreateConnector(_) | Kind::DropConnector(_) => {
                Err(gaps::refuse("connectors", at))
            }
        }
    }

    /// What the session has set.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What the session has set, to be changed.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// The streams, tables and types.
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The query with this number.
    pub fn query(&self, id: QueryId) -> Option<&Query> {
        self.queries.get(id.index())?.as_deref()
    }

    /// All queries that have not ended, by number.
    pub fn queries(&self) -> impl Iterator<Item = &Query> {
        self.queries.iter().filter_map(|query| query.as_deref())
    }

    fn query_mut(&mut self, id: QueryId) -> Option<&mut Query> {
        self.queries
            .get_mut(id.index())?
            .as_mut()
            .map(Arc::make_mut)
    }

    /// Starts a query whose topics now exist.
    pub fn start(&mut self, id: QueryId, log: &Cluster) -> Result<(), LogError> {
        self.query_mut(id).map_or(Ok(()), |query| query.start(log))
    }

    /// Forgets a query and leaves its internal topics; [`Engine::stop`] takes them along.
    pub fn end(&mut self, id: QueryId) {
        if let Some(place) = self.queries.get_mut(id.index()) {
            *place = None;
        }
    }

    /// Adds a query in the next free number.
    fn add_query(&mut self, make: impl FnOnce(QueryId) -> Query) -> QueryId {
        let id = QueryId(self.queries.len() as u32);
        self.queries.push(Some(Arc::new(make(id))));
        id
    }

    /// The number for the next query's name.
    fn next_number(&self) -> u64 {
        self.commands
    }

    /// A statement took its place in the command topic.
    fn count_command(&mut self, is_query: bool) {
        if is_query || self.numbering == Numbering::Commands {
            self.commands += 1;
        }
    }

    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }
}
