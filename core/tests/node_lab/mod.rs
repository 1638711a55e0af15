//! What tests of ksqlDB nodes have in common: commands, statements, and what came of them.
#![allow(dead_code, reason = "each test uses some of it")]

use headwater_core::command::Command;
use headwater_core::lab::Lab;
use headwater_core::observe::Observer;
use headwater_view::{NodeView, StatementOutcome, ViewRequest};

/// A small source of chance for what the tests do.
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

pub(crate) fn sql(lab: &mut Lab, text: &str) -> StatementOutcome {
    let outcomes = lab.execute(&Command::Sql(text.to_owned()));
    outcomes.into_iter().last().expect("a statement")
}

pub(crate) fn run(lab: &mut Lab, text: &str) {
    for outcome in lab.execute(&Command::Sql(text.to_owned())) {
        assert!(outcome.ok, "{}", outcome.message);
    }
}

pub(crate) fn command(lab: &mut Lab, line: &str) {
    let command = Command::parse(line).expect("it is a command");
    let outcomes = lab.execute(&command);
    assert!(outcomes[0].ok, "{line}: {}", outcomes[0].message);
}

/// The rows of a table, sorted.
pub(crate) fn rows(lab: &mut Lab, table: &str) -> Vec<String> {
    let outcome = sql(lab, &format!("SELECT * FROM {table};"));
    assert!(outcome.ok, "{}", outcome.message);
    let mut rows: Vec<String> = outcome.rows.iter().map(|it| format!("{it:?}")).collect();
    rows.sort();
    rows
}

/// Keys and values of a topic.
pub(crate) fn records(lab: &Lab, topic: &str) -> Vec<(Vec<u8>, Vec<u8>)> {
    let cluster = lab.world().cluster();
    let bytes = |part: Option<&[u8]>| part.map(<[u8]>::to_vec).unwrap_or_default();
    let mut found = Vec::new();
    for partition in &cluster.topic_named(topic).expect("the topic").partitions {
        let log = cluster.partition(*partition).expect("the partition");
        let records = log.read(0, u64::MAX, u64::MAX).expect("records");
        found.extend(records.map(|it| (bytes(it.key), bytes(it.value))));
    }
    found.sort();
    found
}

pub(crate) fn nodes(lab: &Lab) -> Vec<NodeView> {
    let view = Observer::default().view(lab.world(), &ViewRequest::default());
    view.nodes
}

/// A replay from some moment before comes to the same end.
pub(crate) fn replays(lab: &mut Lab) {
    let (end, hash) = (lab.world().now(), lab.hash());
    lab.seek_step(lab.world().step() / 2);
    lab.seek_time(end);
    assert_eq!(lab.hash(), hash);
}
