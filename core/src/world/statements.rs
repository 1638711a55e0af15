//! Statements of SQL: the engine decides, and this carries out what it asks for. What topics and
//! records are made by is in `topics`; the engine itself is `headwater_sql::engine`.

use crate::observe::text;
use crate::world::apply::said;
use crate::world::{ConsumerActor, World};
use headwater_base::{
    Diagnostic, Fault, GroupId, RecordId, SortedSet, Span, TraceDetail, TraceSink,
};
use headwater_log::{LogError, ProducerRecord};
use headwater_sql::engine::{Action, Execution, Outcome, OutsideReaders, Row, Section};
use headwater_sql::types::Column;
use headwater_syntax::ast::{Assert, Show, Statement, StatementKind};
use headwater_view::{AnswerSection, Cell, StatementOutcome};

impl World {
    /// Carries out one SQL statement.
    pub(super) fn apply_sql(
        &mut self,
        text: &str,
        sink: &mut impl TraceSink,
    ) -> Result<StatementOutcome, Vec<Diagnostic>> {
        let session = self.ksql.engine().session();
        let variable = |name: &str| session.variable(name).map(str::to_owned);
        let text = headwater_syntax::substitute(text, variable)
            .map_err(|found| vec![found])?
            .text;
        let parsed = headwater_syntax::parse(&text);
        if !parsed.is_ok() {
            return Err(parsed.diagnostics);
        }
        let Some(statement) = parsed.statements.first() else {
            let message = "There is no statement here.";
            let found = Diagnostic::error(Fault::Yours, "no-statement", message);
            return Err(vec![found.at(Span::new(0, text.len() as u32))]);
        };
        self.need_node().map_err(|found| vec![found])?;
        let hosts = self.nodes.hosts(self.ksql.chosen_index());
        let engine = self.ksql.engine_mut();
        engine.set_away(self.nodes.away());
        engine.set_hosts(hosts);
        self.prepare_processing_log(&text);
        match &statement.kind {
            StatementKind::Assert(assert) => self.wait_for(statement, assert, &text, sink),
            StatementKind::Show(Show::Topics { extended: true, .. }) => self.count_readers(),
            _ => {}
        }
        let count = self.begin_statement();
        let engine = self.ksql.engine_mut();
        let done = engine.execute(statement, &text, &self.cluster, self.now);
        let execution = done.map_err(|found| vec![found])?;
        self.distribute(count, statement, &text)
            .map_err(|it| vec![it.to_diagnostic()])?;
        if matches!(statement.kind, StatementKind::QueryControl(_)) {
            self.call_all_tasks();
        }
        self.carry_out_sql(execution).map_err(|found| vec![found])
    }

    /// Lets virtual time pass until an assertion is true, as long as it may take.
    fn wait_for(
        &mut self,
        statement: &Statement,
        assert: &Assert,
        text: &str,
        sink: &mut impl TraceSink,
    ) {
        let limit = self.now + self.ksql.engine().assert_timeout(assert);
        loop {
            let now = self.now;
            let engine = self.ksql.engine_mut();
            let looked = engine.execute(statement, text, &self.cluster, now);
            if looked.is_ok() || !self.turn(limit, sink) {
                return;
            }
        }
    }

    /// Tells the engine how many consumers and groups read each topic.
    fn count_readers(&mut self) {
        let mut counts = OutsideReaders::new();
        for topic in self.cluster.topics() {
            let reads = |it: &&ConsumerActor| {
                it.running
                    && topic
                        .partitions
                        .iter()
                        .any(|partition| it.reads(*partition))
            };
            let readers: Vec<&ConsumerActor> = self.consumers().filter(reads).collect();
            let named: SortedSet<GroupId> = readers.iter().filter_map(|it| it.group).collect();
            let alone = readers.iter().filter(|it| it.group.is_none()).count();
            let groups = (named.len() + alone) as u32;
            counts.insert(topic.name.to_string(), (readers.len() as u32, groups));
        }
        self.ksql.engine_mut().set_outside_readers(counts);
    }

    fn carry_out_sql(&mut self, execution: Execution) -> Result<StatementOutcome, Diagnostic> {
        let mut message = execution.message;
        for action in execution.actions {
            let appended = self
                .carry_out_action(action)
                .map_err(|it| it.to_diagnostic())?;
            if let Some(sent) = appended.filter(|_| message.is_empty()) {
                message = self.appended_text(sent);
            }
        }
        let mut answer = said(message);
        answer.sections = execution.sections.into_iter().map(section).collect();
        match execution.outcome {
            Outcome::Done => {}
            Outcome::Push(query) => {
                self.open_result(query);
                answer.query = Some(query);
                if let Some(query) = self.ksql.query(query) {
                    answer.query_name = Some(query.name.clone());
                    let columns = query.plan.result.value.iter();
                    answer.columns = columns.map(|it| it.name.clone()).collect();
                }
            }
            Outcome::Rows(rows) => {
                answer.rows = cells(&rows.columns, &rows.rows);
                answer.timestamps_ms = rows.rows.iter().filter_map(|it| it.timestamp).collect();
                answer.columns = rows.columns.into_iter().map(|it| it.name).collect();
            }
        }
        Ok(answer)
    }

    /// Does what the engine asked for; the record that it appended.
    pub(super) fn carry_out_action(
        &mut self,
        action: Action,
    ) -> Result<Option<RecordId>, LogError> {
        match action {
            Action::CreateTopic {
                name,
                partitions,
                replication_factor,
                config,
            } => {
                self.make_topic(&name, partitions, replication_factor, config)?;
            }
            Action::DeleteTopic { name } => {
                if let Some(topic) = self.cluster.find(&name).map(|it| it.id) {
                    self.drop_topic(topic)?;
                }
            }
            Action::Append {
                topic,
                key,
                value,
                headers,
                timestamp,
                partition,
            } => {
                let topic = self.cluster.topic_named(&topic)?.id;
                let record = ProducerRecord {
                    partition,
                    timestamp: Some(timestamp),
                    key: key.as_deref(),
                    value: value.as_deref(),
                    headers: headers.as_headers(),
                    cause: None,
                };
                let sent = self
                    .hand
                    .send(&mut self.cluster, topic, &record, self.now)?;
                self.appended(sent);
                return Ok(Some(sent));
            }
            Action::StartQuery(query) => {
                self.ksql.of_mut(query).start(query, &self.cluster)?;
                self.start_query(query);
            }
            Action::EndQuery(query) => {
                self.forget_query(query);
                self.note(TraceDetail::QueryEnded { query });
            }
        }
        Ok(None)
    }
}

/// Rows as cells.
fn cells(columns: &[Column], rows: &[Row]) -> Vec<Vec<Cell>> {
    let cells = |row: &Row| {
        let typed = row.values.iter().zip(columns);
        typed
            .map(|(value, column)| text::cell(value, Some(&column.ty)))
            .collect()
    };
    rows.iter().map(cells).collect()
}

fn section(section: Section) -> AnswerSection {
    AnswerSection {
        rows: cells(&section.columns, &section.rows),
        columns: section.columns.into_iter().map(|it| it.name).collect(),
        title: section.title,
        text: section.text,
    }
}
