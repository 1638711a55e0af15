//! Commands from outside, carried out at once. A refused command changes nothing that is kept.
//!
//! What each does is beside its actors: `statements`, `topics`, `producers`, `consumers`, `groups`,
//! `brokers`.

use crate::command::Command;
use crate::world::{ReaderState, World};
use headwater_base::{Diagnostic, TraceDetail, TraceSink};
use headwater_log::BrokerState;
use headwater_view::StatementOutcome;
use std::sync::Arc;

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
        let index = self.commands_applied;
        self.note(TraceDetail::CommandApplied { index });
        let answer = self.answer_to(command, sink)?;
        self.commands_applied += 1;
        self.turn += 1;
        self.end_turn(sink);
        Ok(answer)
    }

    fn answer_to(
        &mut self,
        command: &Command,
        sink: &mut impl TraceSink,
    ) -> Result<StatementOutcome, Vec<Diagnostic>> {
        let done = match command {
            Command::Sql(text) => return self.apply_sql(text, sink),
            Command::SqlIn { cluster, text } => {
                return self.in_cluster(cluster, |world| world.apply_sql(text, sink));
            }
            Command::ClusterUse { name } => self.use_cluster(name),
            Command::TopicCreate(new) => self.create_topic(new),
            Command::TopicAlter(change) => self.alter_topic(change),
            Command::TopicDelete { name } => self.delete_topic(name),
            Command::Produce(produce) => self.produce(produce),
            Command::ProducerCreate(new) => {
                let done = self.create_producer(new);
                done.map(|()| format!("Producer {} started", new.name))
            }
            Command::ProducerAlter(change) => {
                let done = self.alter_producer(change);
                done.map(|()| format!("Producer {} altered", change.name))
            }
            Command::ProducerStop { name } => {
                let done = self.stop_producer(name);
                done.map(|()| format!("Producer {name} stopped"))
            }
            Command::ConsumerCreate(new) => {
                let done = self.create_consumer(new);
                done.map(|()| format!("Consumer {} started", new.name))
            }
            Command::ConsumerStop { name } => {
                let done = self.stop_consumer(name);
                done.map(|()| format!("Consumer {name} stopped"))
            }
            Command::ConsumerSeek(seek) => {
                let done = self.seek_consumer(seek);
                done.map(|()| format!("Consumer {} moved", seek.name))
            }
            Command::ConsumerKill { name } => {
                let done = self.kill_consumer(name);
                done.map(|()| format!("Consumer {name} killed"))
            }
            Command::ConsumerPause { name } => self.change_reader(name, ReaderState::Paused),
            Command::ConsumerStall { name } => self.change_reader(name, ReaderState::Stalled),
            Command::ConsumerResume { name } => self.change_reader(name, ReaderState::Reading),
            Command::ConsumerCommit { name } => {
                let done = self.commit_consumer(name);
                done.map(|()| format!("Consumer {name} commits"))
            }
            Command::GroupReset(reset) => self.reset_group(reset),
            Command::BrokerAlter { config } => self.alter_brokers(config),
            Command::TopicDeleteRecords(place) => self.delete_records(place),
            Command::TopicElect { name, partition } => self.elect_preferred(name, *partition),
            Command::BrokerStop { id } => self.break_broker(*id, BrokerState::Stopped),
            Command::BrokerIsolate { id } => self.break_broker(*id, BrokerState::Isolated),
            Command::BrokerStart { id } => self.start_broker(*id),
            Command::QueryClose { name } => {
                let done = self.close_query(name);
                done.map(|()| format!("Query {name} closed"))
            }
            Command::Node(node) => self.apply_node(node),
            Command::Page(page) => {
                Arc::make_mut(&mut self.page).push(page.clone());
                Ok("Page changed".to_owned())
            }
        };
        done.map(said).map_err(|found| vec![found])
    }

    fn change_reader(&mut self, name: &str, state: ReaderState) -> Result<String, Diagnostic> {
        self.set_reader_state(name, state)?;
        let does = match state {
            ReaderState::Paused => "paused",
            ReaderState::Stalled => "hangs",
            ReaderState::Reading => "reads on",
        };
        Ok(format!("Consumer {name} {does}"))
    }
}

/// An answer of one sentence.
pub(super) fn said(message: String) -> StatementOutcome {
    StatementOutcome {
        ok: true,
        message,
        ..StatementOutcome::default()
    }
}
