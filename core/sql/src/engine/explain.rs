//! EXPLAIN: what a query reads and writes, its execution plan and its topology.

use super::describe::field;
use super::section::{Section, facts, texts};
use super::{Engine, Execution, Row};
use crate::analyze::wrong;
use crate::runtime::{Query, QueryKind, QueryState};
use headwater_base::{Diagnostic, Span, VirtualTime};
use headwater_log::Cluster;
use headwater_syntax::ast::{Explain, Statement, StatementKind};

impl Engine {
    pub(super) fn explain(
        &mut self,
        it: &Explain,
        text: &str,
        log: &Cluster,
        at: Span,
    ) -> Result<Execution, Diagnostic> {
        match it {
            Explain::Query(name) => match self.find_query(&name.text) {
                Some(query) => Ok(self.explained(query, true)),
                None => Err(self.unknown_query(&name.text, name.span)),
            },
            Explain::Statement(statement) => self.explain_statement(statement, text, log, at),
        }
    }

    fn explain_statement(
        &self,
        statement: &Statement,
        text: &str,
        log: &Cluster,
        at: Span,
    ) -> Result<Execution, Diagnostic> {
        let has_query = match &statement.kind {
            StatementKind::CreateAs(_) | StatementKind::InsertQuery(_) => true,
            StatementKind::Query(query) => query.emit.is_some(),
            _ => false,
        };
        if !has_query {
            let message = "The provided statement does not run a ksql query";
            return Err(wrong("explain", message, at)
                .hint("EXPLAIN a query's ID, or a SELECT with EMIT CHANGES."));
        }
        // The statement runs on a copy of the engine, which is then thrown away.
        let mut copy = self.clone();
        let before = copy.queries.len();
        copy.execute(statement, text, log, VirtualTime::START)?;
        let query = copy.queries.get(before).and_then(|query| query.as_deref());
        Ok(query.map_or_else(
            || Execution::said(String::new()),
            |query| copy.explained(query, false),
        ))
    }

    /// What SHOW QUERIES EXTENDED adds.
    pub(super) fn explain_each(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        for query in self.shown_queries() {
            let explained = self.explained(query, true);
            sections.push(Section::text("", explained.message));
            sections.push(Section::table(
                "",
                texts(&["Field", "Type"]),
                result_fields(query),
            ));
            sections.extend(explained.sections);
        }
        sections
    }

    fn explained(&self, query: &Query, runs: bool) -> Execution {
        let mut execution = Execution::rows(texts(&["Field", "Type"]), result_fields(query));
        let status = self.status(query);
        let mut known = vec![
            ("ID", query.name.as_str()),
            ("Query Type", query.kind.word()),
            ("SQL", &query.sql),
        ];
        if runs {
            known.push(("Host Query Status", &status));
        }
        execution.message = facts(&known);
        let sections = &mut execution.sections;
        if let QueryState::Failed(message) = &query.state {
            sections.push(Section::text("Error", failure(query, message)));
        }
        if !query.sources.is_empty() {
            let title = "Sources that this query reads from";
            sections.push(Section::text(title, query.sources.join("\n")));
            let text = "For source description please run: DESCRIBE [EXTENDED] <SourceId>";
            sections.push(Section::text("", text));
        }
        if let Some(sink) = &query.sink {
            sections.push(Section::text(
                "Sinks that this query writes to",
                sink.as_str(),
            ));
            let text = "For sink description please run: DESCRIBE [EXTENDED] <SinkId>";
            sections.push(Section::text("", text));
        }
        let plan = query
            .plan
            .execution_plan(&query.name, query.sink.as_deref());
        sections.push(Section::text("Execution plan", plan));
        sections.push(Section::text("Processing topology", query.plan.topology()));
        execution
    }
}

/// Why a query stopped and where.
pub(super) fn failure(query: &Query, message: &str) -> String {
    match &query.failed_place {
        Some(place) => format!("{message}\nRecord: {place}"),
        None => message.to_owned(),
    }
}

/// The columns of a query's result, as DESCRIBE lists them.
fn result_fields(query: &Query) -> Vec<Row> {
    let result = &query.plan.result;
    let key = match query.kind {
        QueryKind::CreateTableAs => "(primary key)",
        _ => "(key)",
    };
    // A push query's columns are all in the order of its projection.
    let keys = match query.kind.is_persistent() {
        true => result.key.as_slice(),
        false => &[],
    };
    let keys = keys.iter().map(|column| field(column, key));
    keys.chain(result.value.iter().map(|column| field(column, "")))
        .collect()
}
