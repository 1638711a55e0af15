//! Pull queries: what a table holds now, or what a stream holds up to its end.

use super::pull_output::Collected;
use super::{Engine, Execution, Outcome, Row, Rows};
use crate::analyze::aggregates::is_aggregate;
use crate::analyze::items::{Item, StarRules, expand};
use crate::analyze::relation::{Relation, Role};
use crate::analyze::walk::{any_node, each_node};
use crate::analyze::{World, gaps, wrong};
use crate::arena::Arena;
use crate::catalog::Source;
use crate::expression::{Clause, ErrorLog, EvalContext, Expression, compile_condition};
use crate::runtime::{Query as Running, QueryKind, QueryState, Scratch, TableRow};
use crate::types::Column;
use crate::value::{OwnedValue, Value};
use headwater_base::{Diagnostic, QueryId, Span, VirtualTime};
use headwater_log::Cluster;
use headwater_syntax::ast::{self, ExpressionKind as Kind, Query, SelectItemKind};
use std::sync::Arc;

/// What most refusals of a pull query end with.
const INSTEAD: &str = " See https://cnfl.io/queries for more info.\nAdd EMIT CHANGES if you \
                       intended to issue a push query.";

impl Engine {
    pub(super) fn pull(
        &self,
        it: &Query,
        text: &str,
        log: &Cluster,
        now: VirtualTime,
    ) -> Result<Execution, Diagnostic> {
        self.check_pull(it)?;
        let name = &it.from.body.name;
        let source = self.catalog.named(&name.text, name.span)?.clone();
        let limit = it.limit.as_ref().map(|limit| limit.body as usize);
        let rows = match source.is_table() {
            true => self.pull_table(it, &source, text, log, now, limit)?,
            false => self.pull_stream(it, text, log, now, limit)?,
        };
        Ok(Execution {
            outcome: Outcome::Rows(rows),
            ..Execution::said(String::new())
        })
    }

    fn check_pull(&self, it: &Query) -> Result<(), Diagnostic> {
        let refused = [
            ("WINDOW", it.window.as_ref().map(|window| window.span)),
            ("JOIN", it.joins.first().map(|join| join.span)),
            ("GROUP BY", it.group_by.as_ref().map(|clause| clause.span)),
            (
                "PARTITION BY",
                it.partition_by.as_ref().map(|clause| clause.span),
            ),
            ("HAVING", it.having.as_ref().map(|clause| clause.span)),
        ];
        for (clause, span) in refused {
            if let Some(span) = span {
                let message = format!("Pull queries don't support {clause} clauses.{INSTEAD}");
                return Err(
                    wrong("pull-clause", message, span).hint("Add EMIT CHANGES at the end.")
                );
            }
        }
        let Some(limit) = &it.limit else {
            return Ok(());
        };
        if !self.session.is_on("ksql.query.pull.limit.clause.enabled") {
            let message = "LIMIT clause in pull queries is currently disabled. You can enable \
                           them by setting ksql.query.pull.limit.clause.enabled=true.";
            return Err(wrong(
                "pull-limit",
                format!("{message}{INSTEAD}"),
                limit.span,
            ));
        }
        if limit.body < 0 {
            let message = "Pull queries don't support negative integers in the LIMIT clause.";
            return Err(wrong(
                "pull-limit",
                format!("{message}{INSTEAD}"),
                limit.span,
            ));
        }
        Ok(())
    }

    fn pull_table(
        &self,
        it: &Query,
        source: &Source,
        text: &str,
        log: &Cluster,
        now: VirtualTime,
        limit: Option<usize>,
    ) -> Result<Rows, Diagnostic> {
        let alias = it.from.body.called().text.clone();
        let relation = table_relation(source, &alias);
        let world = World {
            catalog: &self.catalog,
            session: &self.session,
            log,
            text,
        };
        let rules = StarRules {
            joined: false,
            persistent: false,
            keys_last: false,
            synthetic_key: None,
        };
        let no_fields = |base: &ast::Expression| {
            let compiled = world.compile(base, &relation, Clause::Select)?;
            crate::analyze::items::struct_fields(compiled.ty())
                .ok_or_else(|| wrong("not-a-struct", "Only a STRUCT has fields.", base.span))
        };
        let items = expand(it, &relation, rules, &[], &no_fields)?;
        refuse_pseudo(it)?;
        super::pull_keys::check(it, source, &relation, &self.session)?;
        let (columns, expressions) = compile_items(&items, &relation, world)?;
        let condition = match &it.filter {
            None => None,
            Some(clause) => {
                let options = world.options(Clause::Where);
                Some(compile_condition(&clause.body, &relation, options)?)
            }
        };
        let keys = items.iter().map(|item| is_key(item, &relation)).collect();
        let stored = self.rows_of(source, log, now, it.from.body.span)?;
        let picked = Picked {
            condition,
            expressions,
            limit,
            seed: self.seed(),
            now,
        };
        let windowed = source.window.is_some();
        Ok(Rows {
            columns,
            rows: picked.rows(stored, windowed),
            keys,
            ending: None,
        })
    }

    /// The rows of a table that some query keeps.
    fn rows_of(
        &self,
        source: &Source,
        log: &Cluster,
        now: VirtualTime,
        at: Span,
    ) -> Result<Vec<TableRow>, Diagnostic> {
        if source.read_only && source.window.is_none() {
            return Ok(super::pull_source::rows(source, log));
        }
        let query = source.query.and_then(|id| self.query(id));
        match query.filter(|query| query.plan.queryable.is_some()) {
            Some(query) => {
                self.refuse_away(query, &source.name, at)?;
                Ok(query.table_rows(now))
            }
            None => {
                let name = &source.name;
                let message = format!(
                    "The `{name}` table isn't queryable. To derive a queryable table, you can do \
                     'CREATE TABLE QUERYABLE_{name} AS SELECT * FROM {name}'. See \
                     https://cnfl.io/queries for more info."
                );
                Err(wrong("not-queryable", message, at).hint(format!(
                    "CREATE TABLE QUERYABLE_{name} AS SELECT * FROM {name};"
                )))
            }
        }
    }

    /// Refuses to read partitions of a table that nobody keeps at this moment.
    fn refuse_away(&self, query: &Running, name: &str, at: Span) -> Result<(), Diagnostic> {
        let sub = query.plan.queryable.as_ref().map(|it| it.sub);
        let away = self.away.iter().filter(|it| it.query == query.id);
        let tasks = away.filter_map(|it| query.tasks.get(it.task as usize));
        let tasks = tasks.filter(|task| Some(usize::from(task.sub)) == sub);
        let partitions: Vec<String> = tasks.map(|task| task.partition.to_string()).collect();
        if partitions.is_empty() {
            return Ok(());
        }
        let message = format!(
            "Partitions {} of `{name}` cannot be read now: the node that keeps them is gone, or is \
             restoring them.",
            partitions.join(", ")
        );
        Err(wrong("not-restored", message, at).hint("Let time go on, or start a node."))
    }

    fn pull_stream(
        &self,
        it: &Query,
        text: &str,
        log: &Cluster,
        now: VirtualTime,
        limit: Option<usize>,
    ) -> Result<Rows, Diagnostic> {
        if !self.session.is_on("ksql.query.pull.stream.enabled") {
            let message = "Pull queries on streams are disabled. To create a push query on the \
                           stream, add EMIT CHANGES to the end.";
            return Err(wrong("pull-stream", message, it.span));
        }
        refuse_pseudo(it)?;
        let most = limit.map(|limit| limit as u64);
        let (plan, sources) = self.plan_push(it, text, log, "pull", most)?;
        let columns = plan.result.value.clone();
        if plan.subs.len() > 1 {
            return Err(gaps::refuse("pull-join", it.span));
        }
        let mut query = Running {
            id: QueryId(u32::MAX),
            name: "pull".to_owned(),
            kind: QueryKind::Push,
            sql: String::new(),
            sources,
            sink: None,
            plan: Arc::new(plan),
            printer: None,
            from_latest: false,
            limit: most,
            state: QueryState::Planned,
            failed_at: None,
            failed_place: None,
            topics: Vec::new(),
            tasks: Vec::new(),
            emitted: 0,
            seen: 0,
        };
        query
            .start(log)
            .map_err(|error| error.to_diagnostic().at(it.from.span))?;
        let mut collected = Collected::default();
        let mut scratch = Scratch::default();
        for task in 0..query.tasks.len() as u32 {
            while query.fetch(task, log) {
                let seed = self.seed();
                while query
                    .process(task, log, now, seed, &mut scratch, &mut collected)
                    .is_some()
                {}
            }
        }
        let reached = most.is_some_and(|most| query.emitted >= most);
        let ending = Some(if reached {
            "Limit Reached"
        } else {
            "Query Completed"
        });
        Ok(Rows {
            columns,
            rows: collected.rows,
            keys: Vec::new(),
            ending,
        })
    }
}

/// The columns of a pull query on a table.
fn compile_items(
    items: &[Item],
    relation: &Relation,
    world: World<'_>,
) -> Result<(Vec<Column>, Vec<Expression>), Diagnostic> {
    let mut columns = Vec::new();
    let mut expressions = Vec::new();
    for item in items {
        if any_node(&item.expression, &is_aggregate) {
            let message = "Pull queries don't support aggregate functions.";
            return Err(
                wrong("pull-aggregate", message, item.span).hint("Add EMIT CHANGES at the end.")
            );
        }
        let compiled = world.compile(&item.expression, relation, Clause::Select)?;
        let Some(ty) = compiled.ty().cloned() else {
            let message = "Can't infer a type of null. Please explicitly cast it to a \
                           required type, e.g. CAST(null AS VARCHAR).";
            return Err(wrong("untyped-null", message, item.span));
        };
        if columns.iter().any(|known: &Column| known.name == item.name) {
            let column = Column::new(item.name.clone(), ty);
            let message = format!("Duplicate value columns found in schema: {column}");
            return Err(wrong("duplicate-column", message, item.span));
        }
        columns.push(Column::new(item.name.clone(), ty));
        expressions.push(compiled);
    }
    Ok((columns, expressions))
}

/// The columns of a table as a pull query sees them: those of the source, but for the place of a
/// record in its topic, and for headers that no store keeps.
fn table_relation(source: &Source, alias: &str) -> Relation {
    let mut relation = Relation::of_source(alias, source);
    relation.columns.retain(|column| match column {
        Some(column) if column.role == Role::Header => source.read_only,
        Some(column) if column.role == Role::Pseudo => column.name == "ROWTIME",
        _ => true,
    });
    relation
}

fn is_key(item: &Item, relation: &Relation) -> bool {
    let column = relation
        .slot_of(&item.canonical)
        .and_then(|slot| relation.column_at(slot));
    column.is_some_and(|column| matches!(column.role, Role::Key | Role::Bound))
}

/// ROWPARTITION and ROWOFFSET mean nothing where no query runs.
fn refuse_pseudo(it: &Query) -> Result<(), Diagnostic> {
    let selected = it.select.body.iter().filter_map(|item| match &item.kind {
        SelectItemKind::Expression { expression, .. } => Some((expression, "SELECT")),
        _ => None,
    });
    let filtered = it.filter.iter().map(|clause| (&clause.body, "WHERE"));
    for (expression, clause) in selected.chain(filtered) {
        let mut found = Vec::new();
        each_node(expression, &mut |node| {
            if let Kind::Column { name, .. } = &node.kind
                && matches!(name.text.as_str(), "ROWPARTITION" | "ROWOFFSET")
            {
                found.push(format!("`{}`", name.text));
            }
        });
        if !found.is_empty() {
            let message = format!(
                "Pull queries don't support the following columns in {clause} clauses: {}",
                found.join(", ")
            );
            return Err(wrong("pull-pseudo-column", message, expression.span));
        }
    }
    Ok(())
}

/// What a pull query makes of a table's rows.
struct Picked {
    condition: Option<Expression>,
    expressions: Vec<Expression>,
    limit: Option<usize>,
    seed: u64,
    now: VirtualTime,
}

impl Picked {
    fn rows(&self, stored: Vec<TableRow>, windowed: bool) -> Vec<Row> {
        let mut rows = Vec::new();
        for row in stored {
            if self.limit.is_some_and(|limit| rows.len() >= limit) {
                break;
            }
            let (arena, errors) = (Arena::new(), ErrorLog::default());
            let cx = EvalContext::new(&arena, &errors, self.now.epoch_millis(), self.seed);
            let mut slots: Vec<Value<'_>> = row.values.iter().map(|v| v.borrow(&arena)).collect();
            if let (Some(window), true) = (row.window, windowed) {
                slots.extend([Value::BigInt(window.start), Value::BigInt(window.end)]);
            }
            slots.push(Value::BigInt(row.time));
            if self
                .condition
                .as_ref()
                .is_some_and(|condition| !condition.is_true(&slots, &cx))
            {
                continue;
            }
            let value = |expression: &Expression| expression.value(&slots, &cx).to_owned();
            let values: Vec<OwnedValue> = self.expressions.iter().map(value).collect();
            rows.push(Row {
                values,
                timestamp: Some(row.time),
                cause: Some(row.cause),
            });
        }
        rows
    }
}
