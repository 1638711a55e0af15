//! EXPLAIN: a query's sub-topologies, one line a piece.

use super::{Engine, Execution, Row};
use crate::analyze::wrong;
use crate::plan::{Plan, TopicRole};
use crate::types::{Column, SqlType};
use crate::value::OwnedValue;
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
        let lines = match it {
            Explain::Query(name) => match self.find_query(&name.text) {
                Some(query) => describe_plan(&query.plan, &query.name, &query.sql),
                None => return Err(self.unknown_query(&name.text, name.span)),
            },
            Explain::Statement(statement) => self.explain_statement(statement, text, log, at)?,
        };
        let row = |line: String| Row::from(vec![OwnedValue::from(line.as_str())]);
        let columns = vec![Column::new("Execution plan", SqlType::String)];
        Ok(Execution::rows(
            columns,
            lines.into_iter().map(row).collect(),
        ))
    }

    fn explain_statement(
        &self,
        statement: &Statement,
        text: &str,
        log: &Cluster,
        at: Span,
    ) -> Result<Vec<String>, Diagnostic> {
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
        Ok(query.map_or(Vec::new(), |q| describe_plan(&q.plan, &q.name, &q.sql)))
    }
}

fn describe_plan(plan: &Plan, name: &str, sql: &str) -> Vec<String> {
    let mut lines = vec![format!("ID: {name}"), format!("SQL: {sql}")];
    for (number, sub) in plan.subs.iter().enumerate() {
        lines.push(format!("Sub-topology {number}, tasks: {}", sub.partitions));
        let topic = |index: usize| {
            plan.topics
                .get(index)
                .map_or("", |topic| topic.name.as_str())
        };
        for source in &sub.sources {
            lines.push(format!("  Source: {}", topic(source.topic)));
        }
        for node in &sub.nodes {
            lines.push(format!("  {}", node.operator.name()));
        }
        for store in &sub.stores {
            lines.push(format!(
                "  Store: {} ({})",
                store.name,
                topic(store.changelog)
            ));
        }
    }
    let written = |role: TopicRole| plan.topics.iter().filter(move |topic| topic.role == role);
    for topic in written(TopicRole::Repartition).chain(written(TopicRole::Sink)) {
        lines.push(format!("Writes: {}", topic.name));
    }
    lines
}
