//! SELECT on its own: a push query with EMIT CHANGES, else a pull query.

use super::create_as::NewQuery;
use super::{Engine, Execution, Outcome};
use crate::analyze::aggregates::is_aggregate;
use crate::analyze::walk::any_node;
use crate::analyze::{Purpose, World, analyze};
use crate::plan::{Plan, Request, Sinking, build, names};
use crate::runtime::QueryKind;
use crate::types::Column;
use headwater_base::{Diagnostic, QueryId, VirtualTime};
use headwater_log::Cluster;
use headwater_syntax::ast::{Clause, Expression, ExpressionKind, Literal, Query, SelectItemKind};

impl Engine {
    pub(super) fn select(
        &mut self,
        it: &Query,
        sql: &str,
        text: &str,
        log: &Cluster,
        now: VirtualTime,
    ) -> Result<Execution, Diagnostic> {
        if it.emit.is_none() {
            return self.pull(it, text, log, now);
        }
        self.check_query_limit(it.span)?;
        let limit = it
            .limit
            .as_ref()
            .map(|limit| u64::try_from(limit.body).unwrap_or(0));
        let from = &it.from.body.name.text;
        let name = match self.is_scalable(it) {
            true => names::scalable(from, self.transients),
            false => names::transient(from, self.transients),
        };
        let (plan, sources) = self.plan_push(it, text, log, &name, limit)?;
        let new = NewQuery {
            name,
            kind: QueryKind::Push,
            sql: sql.to_owned(),
            sources,
            sink: None,
            limit,
            inherited: None,
        };
        let mut actions = Vec::new();
        let id = self.launch(new, plan, log, &mut actions);
        self.transients += 1;
        Ok(Execution {
            actions,
            outcome: Outcome::Push(id),
            ..Execution::said(String::new())
        })
    }

    /// Whether ksqlDB would read the results of a running query as they are made, and not their
    /// topic: the same rows come either way.
    fn is_scalable(&self, it: &Query) -> bool {
        let name = &it.from.body.name.text;
        let writers = self
            .queries()
            .filter(|query| query.sink.as_ref() == Some(name));
        let plain = it.joins.is_empty()
            && it.group_by.is_none()
            && it.partition_by.is_none()
            && it.window.is_none();
        plain
            && self.session.is_on("ksql.query.push.v2.enabled")
            && self.session.get("auto.offset.reset") == Some("latest")
            && writers.count() == 1
    }

    pub(super) fn plan_push(
        &self,
        it: &Query,
        text: &str,
        log: &Cluster,
        name: &str,
        limit: Option<u64>,
    ) -> Result<(Plan, Vec<String>), Diagnostic> {
        let world = World {
            catalog: &self.catalog,
            session: &self.session,
            log,
            text,
        };
        let whole = in_one_group(it);
        let it = whole.as_ref().unwrap_or(it);
        let analysis = analyze(it, Purpose::Push, world)?;
        let application_id = self.application_id(name);
        let request = Request {
            query: it,
            analysis: &analysis,
            purpose: Purpose::Push,
            world,
            application_id: &application_id,
        };
        let plan = build(request, Sinking::Reader { limit })?;
        Ok((plan, analysis.source_names()))
    }

    /// The columns of a push query's rows.
    pub fn columns_of(&self, query: QueryId) -> Option<&[Column]> {
        self.query(query)
            .map(|query| query.plan.result.value.as_slice())
    }
}

/// A push query that aggregates without GROUP BY, with the one group of all records.
fn in_one_group(it: &Query) -> Option<Query> {
    let aggregates = it.select.body.iter().any(|item| {
        matches!(&item.kind, SelectItemKind::Expression { expression, .. }
            if any_node(expression, &is_aggregate))
    });
    if it.group_by.is_some() || it.emit.is_none() || !aggregates {
        return None;
    }
    let span = it.select.span;
    let all = Expression {
        kind: ExpressionKind::Literal(Literal::Int(0)),
        span,
    };
    let group_by = Some(Clause {
        body: vec![all],
        span,
    });
    Some(Query {
        group_by,
        ..it.clone()
    })
}
