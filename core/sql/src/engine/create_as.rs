//! CREATE STREAM AS, CREATE TABLE AS and INSERT INTO … SELECT: persistent queries.

use super::create::check_name;
use super::topics::{check_replacement, create_topic};
use super::upgrade::check_upgrade;
use super::{Action, Engine, Execution};
use crate::analyze::with::{With, WithOf};
use crate::analyze::{Purpose, World, analyze, wrong};
use crate::catalog::{Source, SourceKind};
use crate::plan::{
    Plan, Request, Sinking, TopicLayout, TopicRole, TopicSink, TopicUse, build, names,
};
use crate::runtime::{Query, QueryKind, QueryState, Task};
use crate::types::Schema;
use headwater_base::limits::QUERIES_MAX;
use headwater_base::{Diagnostic, Fault, QueryId, Span};
use headwater_log::{CleanupPolicy, Cluster, TopicConfig};
use headwater_syntax::ast::{CreateAs, InsertQuery};
use std::sync::Arc;

/// Everything about a query that is not in its plan.
pub(super) struct NewQuery {
    pub(super) name: String,
    pub(super) kind: QueryKind,
    pub(super) sql: String,
    pub(super) sources: Vec<String>,
    pub(super) sink: Option<String>,
    pub(super) limit: Option<u64>,
    pub(super) inherited: Option<Vec<Arc<Task>>>,
}

impl Engine {
    pub(super) fn create_as(
        &mut self,
        it: &CreateAs,
        sql: &str,
        text: &str,
        log: &Cluster,
    ) -> Result<Execution, Diagnostic> {
        let (name, at) = (&it.name.text, it.name.span);
        check_name(name, at)?;
        if let Some(done) =
            self.already_there(it.kind, name, it.or_replace, it.if_not_exists, at)?
        {
            return Ok(done);
        }
        self.check_query_limit(at)?;
        let with = With::read(&it.properties, WithOf::Sink)?;
        let world = World {
            catalog: &self.catalog,
            session: &self.session,
            log,
            text,
        };
        let purpose = Purpose::Create(it.kind);
        let analysis = analyze(&it.query, purpose, world)?;
        let topic = self.sink_topic_name(name, &with);
        let replaced = self.catalog.get(name).cloned();
        let query_name = self.create_as_name(it, replaced.as_deref());
        let application_id = self.application_id(&query_name);
        let request = Request {
            query: &it.query,
            analysis: &analysis,
            purpose,
            world,
            application_id: &application_id,
        };
        let sink = TopicSink {
            name,
            topic: &topic,
            with: &with,
            existing: None,
        };
        let plan = build(request, Sinking::Topic(sink))?;
        let source = self.created(it, sql, &topic, &with, &plan)?;
        self.check_replaced(replaced.as_deref(), &source, &plan, at)?;
        let mut actions = sink_topic(it, &source, &with, &plan, log)?;
        let old = replaced.as_ref().and_then(|source| source.query);
        let inherited = old.and_then(|old| self.hand_over(old, &mut actions));
        let new = NewQuery {
            name: query_name.clone(),
            kind: query_kind(it.kind),
            sql: sql.to_owned(),
            sources: analysis.source_names(),
            sink: Some(name.clone()),
            limit: None,
            inherited,
        };
        let id = self.launch(new, plan, log, &mut actions);
        self.catalog.put(Source {
            query: Some(id),
            ..source
        });
        self.count_command(true);
        let message = format!("Created query with ID {query_name}");
        Ok(Execution {
            actions,
            ..Execution::said(message)
        })
    }

    /// Checks that a source and its query can take the place of those before.
    fn check_replaced(
        &self,
        before: Option<&Source>,
        after: &Source,
        plan: &Plan,
        at: Span,
    ) -> Result<(), Diagnostic> {
        let Some(before) = before else {
            return Ok(());
        };
        check_replacement(before, after, at)?;
        match before.query.and_then(|id| self.query(id)) {
            Some(running) => check_upgrade(before, &running.plan, plan, at),
            None => Ok(()),
        }
    }

    /// Ends a query that is replaced; gives its tasks, where the new one goes on.
    fn hand_over(&mut self, old: QueryId, actions: &mut Vec<Action>) -> Option<Vec<Arc<Task>>> {
        let tasks = self.query(old).map(|query| query.tasks.clone());
        actions.extend(self.end_actions(old, false));
        self.end(old);
        tasks
    }

    fn sink_topic_name(&self, name: &str, with: &With) -> String {
        let prefix = self.session.get("ksql.output.topic.name.prefix");
        match &with.topic {
            Some((topic, _)) => topic.clone(),
            None => format!("{}{name}", prefix.unwrap_or("")),
        }
    }

    /// The query's name; CREATE OR REPLACE keeps that of the query it replaces.
    fn create_as_name(&self, it: &CreateAs, replaced: Option<&Source>) -> String {
        match replaced.and_then(|source| self.query(source.query?)) {
            Some(query) => query.name.clone(),
            None => names::create_as(it.kind, &it.name.text, self.next_number()),
        }
    }

    fn created(
        &self,
        it: &CreateAs,
        sql: &str,
        topic: &str,
        with: &With,
        plan: &Plan,
    ) -> Result<Source, Diagnostic> {
        let Some((_, layout)) = sink_of(plan) else {
            let message = "The plan has no sink.";
            return Err(Diagnostic::error(Fault::Ours, "no-sink", message).at(it.name.span));
        };
        Ok(Source {
            name: it.name.text.clone(),
            kind: it.kind,
            schema: Schema {
                key: layout.key.clone(),
                value: layout.value.clone(),
            },
            headers: Vec::new(),
            topic: topic.to_owned(),
            key_format: layout.key_format.clone(),
            value_format: layout.value_format.clone(),
            window: layout.window,
            timestamp: with.timestamp.as_ref().map(|(column, _)| column.clone()),
            read_only: false,
            sql: sql.to_owned(),
            query: None,
        })
    }

    pub(super) fn insert_query(
        &mut self,
        it: &InsertQuery,
        sql: &str,
        text: &str,
        log: &Cluster,
    ) -> Result<Execution, Diagnostic> {
        let (name, at) = (&it.target.text, it.target.span);
        let world = World {
            catalog: &self.catalog,
            session: &self.session,
            log,
            text,
        };
        let Some(target) = self.catalog.get(name).cloned() else {
            let unknown = self.catalog.unknown(name, at);
            let message = format!("{}Source `{name}` does not exist.", world.place(at));
            return Err(Diagnostic { message, ..unknown });
        };
        check_insert_target(&target, at)?;
        self.check_not_the_log(&target, at)?;
        self.check_query_limit(at)?;
        let with = With::read(&it.properties, WithOf::Insert)?;
        let analysis = analyze(&it.query, Purpose::Insert, world)?;
        let query_name = match &with.query_id {
            Some(id) => id.clone(),
            None => names::insert(self.next_number()),
        };
        if self.find_query(&query_name).is_some() {
            let message = format!("Query ID '{query_name}' already exists.");
            return Err(wrong("query-exists", message, with.span));
        }
        let application_id = self.application_id(&query_name);
        let request = Request {
            query: &it.query,
            analysis: &analysis,
            purpose: Purpose::Insert,
            world,
            application_id: &application_id,
        };
        let topic = target.topic.clone();
        let sink = TopicSink {
            name,
            topic: &topic,
            with: &with,
            existing: Some(&target),
        };
        let plan = build(request, Sinking::Topic(sink))?;
        let new = NewQuery {
            name: query_name.clone(),
            kind: QueryKind::InsertInto,
            sql: sql.to_owned(),
            sources: analysis.source_names(),
            sink: Some(name.clone()),
            limit: None,
            inherited: None,
        };
        let mut actions = Vec::new();
        self.launch(new, plan, log, &mut actions);
        self.count_command(true);
        let message = format!("Created query with ID {query_name}");
        Ok(Execution {
            actions,
            ..Execution::said(message)
        })
    }

    /// Adds a query, with the actions that make its internal topics and start it.
    pub(super) fn launch(
        &mut self,
        new: NewQuery,
        plan: Plan,
        log: &Cluster,
        actions: &mut Vec<Action>,
    ) -> QueryId {
        actions.extend(internal_topics(&plan, log));
        let from_latest = self.session.get("auto.offset.reset") == Some("latest");
        let id = self.add_query(|id| Query {
            id,
            name: new.name,
            kind: new.kind,
            sql: new.sql,
            sources: new.sources,
            sink: new.sink,
            plan: Arc::new(plan),
            printer: None,
            from_latest,
            limit: new.limit,
            state: QueryState::Planned,
            failed_at: None,
            failed_place: None,
            topics: Vec::new(),
            tasks: new.inherited.unwrap_or_default(),
            emitted: 0,
            seen: 0,
        });
        actions.push(Action::StartQuery(id));
        id
    }

    pub(super) fn application_id(&self, query: &str) -> String {
        let service = self.session.get("ksql.service.id").unwrap_or("default_");
        names::application_id(service, query)
    }

    pub(super) fn check_query_limit(&self, at: Span) -> Result<(), Diagnostic> {
        if self.queries().count() < QUERIES_MAX {
            return Ok(());
        }
        let message = format!("A laboratory runs at most {QUERIES_MAX} queries.");
        Err(wrong("too-many-queries", message, at).hint("TERMINATE queries that nobody needs."))
    }
}

const fn query_kind(kind: SourceKind) -> QueryKind {
    match kind {
        SourceKind::Stream => QueryKind::CreateStreamAs,
        SourceKind::Table => QueryKind::CreateTableAs,
    }
}

/// INSERT INTO adds to streams that anybody may write to.
fn check_insert_target(target: &Source, at: Span) -> Result<(), Diagnostic> {
    let name = &target.name;
    if target.is_table() {
        let message =
            format!("INSERT INTO can only be used to insert into a stream. {name} is a table.");
        return Err(wrong("insert-into-table", message, at));
    }
    if target.read_only {
        let message = format!("Cannot insert into read-only stream: {name}");
        return Err(wrong("read-only", message, at));
    }
    if !target.headers.is_empty() {
        let message = format!("Cannot insert into {name} because it has header columns");
        return Err(wrong("header-columns", message, at));
    }
    Ok(())
}

/// The action that makes the sink's topic, if it is not there.
fn sink_topic(
    it: &CreateAs,
    source: &Source,
    with: &With,
    plan: &Plan,
    log: &Cluster,
) -> Result<Vec<Action>, Diagnostic> {
    if log.find(&source.topic).is_some() {
        return Ok(Vec::new());
    }
    let partitions = sink_of(plan).map_or(1, |(topic, _)| topic.partitions);
    let span = with.partitions.map_or(it.name.span, |(_, span)| span);
    let compacted = it.kind == SourceKind::Table;
    let mut action = create_topic(
        &source.topic,
        i64::from(partitions),
        span,
        with,
        compacted,
        log,
    )?;
    if let (Action::CreateTopic { config, .. }, Some(_)) = (&mut action, source.window)
        && compacted
        && with.cleanup_policy.is_none()
    {
        config.cleanup_policy = CleanupPolicy::CompactDelete;
    }
    Ok(vec![action])
}

/// The sink of a plan.
fn sink_of(plan: &Plan) -> Option<(&TopicUse, &TopicLayout)> {
    let topic = plan
        .topics
        .iter()
        .find(|topic| topic.role == TopicRole::Sink)?;
    Some((topic, topic.layout.as_ref()?))
}

fn internal_topics(plan: &Plan, log: &Cluster) -> Vec<Action> {
    let is_internal = |topic: &&TopicUse| {
        matches!(topic.role, TopicRole::Repartition | TopicRole::Changelog)
            && log.find(&topic.name).is_none()
    };
    let create = |topic: &TopicUse| {
        let mut config = TopicConfig::default();
        if topic.compacted {
            config.cleanup_policy = match topic.layout.as_ref().and_then(|layout| layout.window) {
                Some(_) => CleanupPolicy::CompactDelete,
                None => CleanupPolicy::Compact,
            };
        }
        Action::CreateTopic {
            name: topic.name.clone(),
            partitions: topic.partitions,
            replication_factor: 1,
            config,
        }
    };
    plan.topics.iter().filter(is_internal).map(create).collect()
}
