//! An engine over a log of its own for one case: statements are carried out as the validation of
//! ksqlDB does, in one partition and with a clock that stands at 0.

use crate::case::Case;
use crate::json::Json;
use crate::raised::Raised;
use crate::record::Stored;
use headwater_base::{Fault, Millis, QueryId, RecordId, Span, TopicId, TraceDetail, VirtualTime};
use headwater_log::{Cluster, LogError, NewRecord, NewTopic};
use headwater_sql::engine::{Action, Engine, Execution, Numbering};
use headwater_sql::plan::TopicLayout;
use headwater_sql::runtime::{Output, ProcessingError, PushRow, QueryState};
use headwater_syntax::ast::{CreateSource, Literal, Statement, StatementKind};
use std::collections::BTreeMap;

/// How many partitions a topic has where nothing is said.
const PARTITIONS: u32 = 4;

/// What is fixed for all cases.
const PROPERTIES: &[(&str, &str)] = &[
    ("ksql.service.id", "some.ksql.service.id"),
    ("ksql.query.push.v2.enabled", "true"),
];

/// The clock's time: 1970.
pub(crate) fn now() -> VirtualTime {
    VirtualTime::START + Millis(-VirtualTime::START.epoch_millis())
}

/// An engine and a log.
#[derive(Debug)]
pub(crate) struct Lab {
    pub(crate) engine: Engine,
    pub(crate) log: Cluster,
    /// How the records of topics are written, as the statements said first.
    pub(crate) layouts: BTreeMap<String, TopicLayout>,
}

/// What a task wants done; it is, after the record is done.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) records: Vec<(TopicId, Stored)>,
    pub(crate) rows: Vec<(QueryId, PushRow)>,
}

impl Output for Wanted {
    fn send(
        &mut self,
        topic: TopicId,
        _partition: Option<u32>,
        record: NewRecord<'_>,
    ) -> Option<RecordId> {
        self.records.push((topic, Stored::from(record)));
        None
    }

    fn row(&mut self, query: QueryId, row: PushRow) {
        self.rows.push((query, row));
    }

    fn note(&mut self, _detail: TraceDetail) {}

    fn error(&mut self, _error: ProcessingError) {}
}

impl Lab {
    /// An empty one with the case's properties and topics.
    pub(crate) fn new(case: &Case) -> Result<Lab, Raised> {
        let mut lab = Lab {
            engine: Engine::default().numbered(Numbering::Queries),
            log: Cluster::default(),
            layouts: BTreeMap::new(),
        };
        let own = case.properties();
        let own = own
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in PROPERTIES.iter().copied().chain(own) {
            // A property that the engine does not know changes nothing in it.
            let _ = lab.engine.session_mut().set(name, value, Span::default());
        }
        for topic in case.list("topics") {
            let name = topic.get("name").map_or(String::new(), Json::text);
            let partitions = topic.get("partitions").and_then(Json::as_i64);
            let partitions = partitions.and_then(|count| u32::try_from(count).ok());
            let replicas = topic.get("replicas").and_then(Json::as_i64);
            let mut new = NewTopic::new(&name, partitions.unwrap_or(PARTITIONS));
            new.replication_factor = replicas.map_or(1, |count| count as u16);
            if lab.log.find(&name).is_none() {
                lab.log.create_topic(new).map_err(refused)?;
            }
        }
        Ok(lab)
    }

    /// Runs a statement; its topics are there afterwards, the rest of the actions is given back.
    pub(crate) fn execute(
        &mut self,
        statement: &Statement,
        text: &str,
    ) -> Result<(Execution, Vec<Action>), Raised> {
        if let StatementKind::CreateSource(create) = &statement.kind {
            self.make_topic(create)?;
        }
        let executed = self.engine.execute(statement, text, &self.log, now());
        let execution = executed.map_err(|found| {
            let printed = self.engine.reprinted(statement, text, &self.log);
            Raised::by_statement(&found, printed.trim_end_matches(';'))
        })?;
        let mut rest = Vec::new();
        for action in execution.actions.iter().cloned() {
            match action {
                Action::CreateTopic {
                    name,
                    partitions,
                    replication_factor,
                    config,
                } => {
                    let name = &*name;
                    let partitions = sink_partitions(statement, name).unwrap_or(partitions);
                    let new = NewTopic {
                        name,
                        partitions,
                        replication_factor,
                        config,
                    };
                    self.log.create_topic(new).map_err(refused)?;
                }
                Action::DeleteTopic { name } => {
                    if let Some(topic) = self.log.find(&name).map(|topic| topic.id) {
                        self.log.delete_topic(topic).map_err(refused)?;
                    }
                }
                other => rest.push(other),
            }
        }
        self.remember_layouts();
        Ok((execution, rest))
    }

    /// In validation every topic of a CREATE is there.
    fn make_topic(&mut self, create: &CreateSource) -> Result<(), Raised> {
        let property = |name: &str| create.properties.get(name).map(|entry| &entry.value);
        let number = |name: &str| match property(name) {
            Some(Literal::Int(number)) => u32::try_from(*number).ok(),
            _ => None,
        };
        let Some(Literal::String(topic)) = property("KAFKA_TOPIC") else {
            return Ok(());
        };
        if self.log.find(topic).is_some() {
            return Ok(());
        }
        let mut new = NewTopic::new(topic, number("PARTITIONS").unwrap_or(PARTITIONS));
        new.replication_factor = number("REPLICAS").map_or(1, |count| count as u16);
        self.log.create_topic(new).map(drop).map_err(refused)
    }

    fn remember_layouts(&mut self) {
        for topic in self.log.topics() {
            let name = topic.name.to_string();
            if !self.layouts.contains_key(&name)
                && let Some(layout) = self.engine.layout_of(&name)
            {
                self.layouts.insert(name, layout);
            }
        }
    }

    /// How the records of a topic are written.
    pub(crate) fn layout(&self, topic: &str) -> Result<&TopicLayout, Raised> {
        let missing = || Raised::by_runner(format!("nothing says how topic {topic} is written"));
        self.layouts.get(topic).ok_or_else(missing)
    }

    /// The error that stopped a query.
    pub(crate) fn failure(&self, query: QueryId) -> Option<Raised> {
        match &self.engine.query(query)?.state {
            QueryState::Failed(message) => Some(Raised::by_query(message)),
            _ => None,
        }
    }
}

/// In validation a sink whose statement says no number of partitions has that of all topics.
fn sink_partitions(statement: &Statement, topic: &str) -> Option<u32> {
    let StatementKind::CreateAs(it) = &statement.kind else {
        return None;
    };
    let is_internal = topic.starts_with("_confluent-ksql-");
    let said = it.properties.get("PARTITIONS").is_some();
    (!is_internal && !said).then_some(PARTITIONS)
}

/// Appends a record to the first partition of a topic.
pub(crate) fn append(log: &mut Cluster, topic: TopicId, record: &Stored) -> Result<(), Raised> {
    let partition = log
        .topic(topic)
        .and_then(|topic| topic.partition(0))
        .map_err(refused)?;
    let appended = log.append(partition, &[record.as_new()], now());
    appended.map(drop).map_err(refused)
}

pub(crate) fn refused(error: LogError) -> Raised {
    let found = error.to_diagnostic();
    Raised {
        fault: Fault::Yours,
        ..Raised::by_runner(found.message)
    }
}

/// The statements of a script that is read as one.
pub(crate) fn read(script: &str) -> Result<Vec<Statement>, Raised> {
    let parsed = headwater_syntax::parse(script);
    let Some(found) = parsed.errors().next() else {
        return Ok(parsed.statements);
    };
    let at = found.span.unwrap_or_default().start;
    let within = parsed
        .ranges
        .iter()
        .find(|range| range.start <= at && at < range.end);
    let statement = within.map_or(script, |range| range.of(script));
    Err(Raised::by_syntax(found, script, statement))
}
