//! Commands from outside, carried out at once. A refused command changes nothing that is kept.

use crate::command::{Command, Produce, TopicAlter, TopicCreate};
use crate::observe::text;
use crate::world::{ConsumerActor, Message, ReaderState, World};
use headwater_base::{Diagnostic, Fault, GroupId, Span, TopicId, TraceDetail, TraceSink};
use headwater_log::{
    BrokerState, GroupInput, HeaderBuf, LogError, NewTopic, ProducerRecord, TopicConfig,
};
use headwater_sql::engine::{Action, Execution, Outcome, OutsideReaders, Row, Section};
use headwater_sql::types::Column;
use headwater_syntax::ast::{Assert, Show, Statement, StatementKind};
use headwater_view::{AnswerSection, Cell, StatementOutcome};
use std::collections::BTreeSet;

/// `log.segment.bytes` of the brokers. Kafka's default is 1 GiB.
const LOG_SEGMENT_BYTES: u32 = 64 << 10;
/// `log.retention.bytes` of the brokers. Kafka's default is no limit.
const LOG_RETENTION_BYTES: i64 = 4 << 20;

impl World {
    /// Carries out a command; what it answers, or what is wrong with it.
    ///
    /// # Errors
    /// The findings; the world is then to be thrown away, since it may be half changed.
    pub fn apply(
        &mut self,
        command: &Command,
        sink: &mut impl TraceSink,
    ) -> Result<StatementOutcome, Vec<Diagnostic>> {
        let one = |found: Diagnostic| vec![found];
        let index = self.commands_applied;
        self.note(TraceDetail::CommandApplied { index });
        let answer = match command {
            Command::Sql(text) => self.apply_sql(text, sink)?,
            Command::TopicCreate(new) => self.create_topic(new).map(said).map_err(one)?,
            Command::TopicAlter(change) => self.alter_topic(change).map(said).map_err(one)?,
            Command::TopicDelete { name } => self.delete_topic(name).map(said).map_err(one)?,
            Command::Produce(produce) => self.produce(produce).map(said).map_err(one)?,
            Command::ProducerCreate(new) => {
                self.create_producer(new).map_err(one)?;
                said(format!("Producer {} started", new.name))
            }
            Command::ProducerAlter(change) => {
                self.alter_producer(change).map_err(one)?;
                said(format!("Producer {} altered", change.name))
            }
            Command::ProducerStop { name } => {
                self.stop_producer(name).map_err(one)?;
                said(format!("Producer {name} stopped"))
            }
            Command::ConsumerCreate(new) => {
                self.create_consumer(new).map_err(one)?;
                said(format!("Consumer {} started", new.name))
            }
            Command::ConsumerStop { name } => {
                self.stop_consumer(name).map_err(one)?;
                said(format!("Consumer {name} stopped"))
            }
            Command::ConsumerSeek(seek) => {
                self.seek_consumer(seek).map_err(one)?;
                said(format!("Consumer {} moved", seek.name))
            }
            Command::ConsumerKill { name } => {
                self.kill_consumer(name).map_err(one)?;
                said(format!("Consumer {name} killed"))
            }
            Command::ConsumerPause { name } => {
                self.set_reader_state(name, ReaderState::Paused)
                    .map_err(one)?;
                said(format!("Consumer {name} paused"))
            }
            Command::ConsumerStall { name } => {
                self.set_reader_state(name, ReaderState::Stalled)
                    .map_err(one)?;
                said(format!("Consumer {name} hangs"))
            }
            Command::ConsumerResume { name } => {
                self.set_reader_state(name, ReaderState::Reading)
                    .map_err(one)?;
                said(format!("Consumer {name} reads on"))
            }
            Command::ConsumerCommit { name } => {
                self.commit_consumer(name).map_err(one)?;
                said(format!("Consumer {name} commits"))
            }
            Command::GroupReset(reset) => self.reset_group(reset).map(said).map_err(one)?,
            Command::BrokerStop { id } => {
                let state = BrokerState::Stopped;
                self.break_broker(*id, state).map(said).map_err(one)?
            }
            Command::BrokerIsolate { id } => {
                let state = BrokerState::Isolated;
                self.break_broker(*id, state).map(said).map_err(one)?
            }
            Command::BrokerStart { id } => self.start_broker(*id).map(said).map_err(one)?,
            Command::QueryClose { name } => {
                self.close_query(name).map_err(one)?;
                said(format!("Query {name} closed"))
            }
            Command::Page(page) => {
                std::sync::Arc::make_mut(&mut self.page).push(page.clone());
                said("Page changed".to_owned())
            }
        };
        self.commands_applied += 1;
        self.turn += 1;
        self.end_turn(sink);
        Ok(answer)
    }

    fn create_topic(&mut self, new: &TopicCreate) -> Result<String, Diagnostic> {
        let pairs = new
            .config
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let config = TopicConfig::parse(pairs).map_err(|it| it.to_diagnostic())?;
        let replicas = u16::try_from(new.replication_factor).unwrap_or(u16::MAX);
        self.make_topic(&new.name, new.partitions, replicas, config)
            .map_err(|it| it.to_diagnostic())?;
        Ok(format!("Created topic {}.", new.name))
    }

    pub(super) fn make_topic(
        &mut self,
        name: &str,
        partitions: u32,
        replication_factor: u16,
        config: TopicConfig,
    ) -> Result<TopicId, LogError> {
        let config = within_limits(config);
        let topic = self.cluster.create_topic(NewTopic {
            name,
            partitions,
            replication_factor,
            config,
        })?;
        self.note(TraceDetail::TopicCreated { topic, partitions });
        self.topic_changed(topic);
        Ok(topic)
    }

    fn topic_changed(&mut self, topic: TopicId) {
        let input = GroupInput::TopicChanged { topic };
        self.queue.push(self.now, Message::Coordinator(input));
    }

    fn alter_topic(&mut self, change: &TopicAlter) -> Result<String, Diagnostic> {
        let found = self
            .cluster
            .topic_named(&change.name)
            .map_err(|it| it.to_diagnostic())?;
        let (topic, mut config) = (found.id, found.config.clone());
        for (name, value) in &change.config {
            config.set(name, value).map_err(|it| it.to_diagnostic())?;
        }
        self.cluster
            .alter_topic(topic, config)
            .map_err(|it| it.to_diagnostic())?;
        // Readers may see more where fewer replicas have to be in sync.
        let altered = self.cluster.topic(topic).map(|it| it.partitions.clone());
        for partition in altered.unwrap_or_default() {
            self.send_again(partition);
            self.acknowledge(partition);
            self.call_readers(partition);
        }
        if let Some(partitions) = change.partitions {
            self.cluster
                .add_partitions(topic, partitions)
                .map_err(|it| it.to_diagnostic())?;
            self.note(TraceDetail::TopicCreated { topic, partitions });
            self.topic_changed(topic);
        }
        Ok(format!("Altered topic {}.", change.name))
    }

    fn delete_topic(&mut self, name: &str) -> Result<String, Diagnostic> {
        let topic = self
            .cluster
            .topic_named(name)
            .map_err(|it| it.to_diagnostic())?
            .id;
        self.drop_topic(topic).map_err(|it| it.to_diagnostic())?;
        Ok(format!("Deleted topic {name}."))
    }

    fn drop_topic(&mut self, topic: TopicId) -> Result<(), LogError> {
        self.groups.forget_topic(topic, &self.cluster);
        self.cluster.delete_topic(topic)?;
        self.write_offsets();
        self.note(TraceDetail::TopicDeleted { topic });
        self.topic_changed(topic);
        Ok(())
    }

    fn produce(&mut self, produce: &Produce) -> Result<String, Diagnostic> {
        let topic = self
            .cluster
            .topic_named(&produce.topic)
            .map_err(|it| it.to_diagnostic())?
            .id;
        let mut headers = HeaderBuf::new();
        for (name, value) in &produce.headers {
            headers.push(name, Some(value.as_bytes()));
        }
        let key = self.key_bytes(&produce.topic, produce.key.as_deref())?;
        let record = ProducerRecord {
            partition: produce.partition,
            timestamp: produce.timestamp,
            key: key.as_deref(),
            value: produce.value.as_deref().map(str::as_bytes),
            headers: headers.as_headers(),
            cause: None,
        };
        let sent = self.hand.send(&mut self.cluster, topic, &record, self.now);
        let sent = sent.map_err(|it| it.to_diagnostic())?;
        self.appended(sent);
        let number = self
            .cluster
            .partition(sent.partition)
            .map_or(0, |it| it.number());
        Ok(format!(
            "Appended {}/{}@{}",
            produce.topic, number, sent.offset
        ))
    }

    /// A key's text as the bytes of the key format that is declared for the topic.
    fn key_bytes(&self, topic: &str, key: Option<&str>) -> Result<Option<Vec<u8>>, Diagnostic> {
        match key {
            None => Ok(None),
            Some(text) => self.engine.key_from_text(topic, text).map(Some),
        }
    }

    /// Carries out one SQL statement.
    fn apply_sql(
        &mut self,
        text: &str,
        sink: &mut impl TraceSink,
    ) -> Result<StatementOutcome, Vec<Diagnostic>> {
        let session = self.engine.session();
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
        self.prepare_processing_log(&text);
        match &statement.kind {
            StatementKind::Assert(assert) => self.wait_for(statement, assert, &text, sink),
            StatementKind::Show(Show::Topics { extended: true, .. }) => self.count_readers(),
            _ => {}
        }
        let done = self
            .engine
            .execute(statement, &text, &self.cluster, self.now);
        let execution = done.map_err(|found| vec![found])?;
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
        let limit = self.now + self.engine.assert_timeout(assert);
        loop {
            let now = self.now;
            let looked = self.engine.execute(statement, text, &self.cluster, now);
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
            let named: BTreeSet<GroupId> = readers.iter().filter_map(|it| it.group).collect();
            let alone = readers.iter().filter(|it| it.group.is_none()).count();
            let groups = (named.len() + alone) as u32;
            counts.insert(topic.name.to_string(), (readers.len() as u32, groups));
        }
        self.engine.set_outside_readers(counts);
    }

    fn carry_out_sql(&mut self, execution: Execution) -> Result<StatementOutcome, Diagnostic> {
        for action in execution.actions {
            self.carry_out_action(action)
                .map_err(|it| it.to_diagnostic())?;
        }
        let mut answer = said(execution.message);
        answer.sections = execution.sections.into_iter().map(section).collect();
        match execution.outcome {
            Outcome::Done => {}
            Outcome::Push(query) => {
                self.open_result(query);
                answer.query = Some(query);
                if let Some(query) = self.engine.query(query) {
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

    pub(super) fn carry_out_action(&mut self, action: Action) -> Result<(), LogError> {
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
            }
            Action::StartQuery(query) => {
                self.engine.start(query, &self.cluster)?;
                self.start_query(query);
            }
            Action::EndQuery(query) => {
                self.forget_query(query);
                self.note(TraceDetail::QueryEnded { query });
            }
        }
        Ok(())
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

fn said(message: String) -> StatementOutcome {
    StatementOutcome {
        ok: true,
        message,
        ..StatementOutcome::default()
    }
}

/// The brokers' settings that a tab in a browser needs: where a topic has Kafka's defaults, its
/// segments are small, so that retention and compaction have something to work on, and its
/// partitions are bounded.
fn within_limits(config: TopicConfig) -> TopicConfig {
    let kafka = TopicConfig::default();
    TopicConfig {
        segment_bytes: match config.segment_bytes == kafka.segment_bytes {
            true => LOG_SEGMENT_BYTES,
            false => config.segment_bytes,
        },
        retention_bytes: match config.retention_bytes == kafka.retention_bytes {
            true => LOG_RETENTION_BYTES,
            false => config.retention_bytes,
        },
        ..config
    }
}
