//! The records of a cluster's command topic: one for each statement that changes the cluster.
//!
//! As in ksqlDB, the key says what the statement is about, and the value has its text with what
//! the session had set. Where records go is the driver's matter.

use super::Engine;
use super::processing_log::quoted;
use headwater_syntax::ast::{QueryAction, SourceKind, Statement, StatementKind};

/// The key of a statement's record, such as `"stream/RATINGS/create"`.
pub fn key(statement: &Statement) -> String {
    use StatementKind as Kind;
    let of = |kind: SourceKind| match kind {
        SourceKind::Stream => "stream",
        SourceKind::Table => "table",
    };
    let (what, name, action) = match &statement.kind {
        Kind::CreateSource(it) => (of(it.kind), &*it.name.text, "create"),
        Kind::CreateAs(it) => (of(it.kind), &*it.name.text, "create"),
        Kind::AlterSource(it) => (of(it.kind), &*it.name.text, "alter"),
        Kind::DropSource(it) => (of(it.kind), &*it.name.text, "drop"),
        Kind::InsertQuery(it) => ("stream", &*it.target.text, "create"),
        Kind::CreateType(it) => ("type", &*it.name.text, "create"),
        Kind::DropType(it) => ("type", &*it.name.text, "drop"),
        Kind::QueryControl(it) => {
            let what = match it.action {
                QueryAction::Terminate => "terminate",
                QueryAction::Pause => "pause",
                QueryAction::Resume => "resume",
            };
            let query = it.query.as_ref();
            (what, query.map_or("ALL", |it| &*it.text), "execute")
        }
        _ => ("cluster", "", "alter"),
    };
    quoted(&format!("{what}/{name}/{action}"))
}

impl Engine {
    /// The value of a statement's record.
    pub fn command_value(&self, statement: &Statement, text: &str) -> String {
        let set = self.session.overrides();
        let set = set.map(|(name, value)| format!("{}:{}", quoted(name), quoted(value)));
        let set: Vec<String> = set.collect();
        format!(
            "{{\"statement\":{},\"streamsProperties\":{{{}}}}}",
            quoted(statement.span.of(text).trim()),
            set.join(",")
        )
    }

    /// How many statements have taken a place among the commands.
    pub fn command_count(&self) -> u64 {
        self.commands
    }

    /// How many numbers of queries, and of names of push queries, have been given.
    pub fn query_counts(&self) -> (usize, u64) {
        (self.queries.len(), self.transients)
    }

    /// Leaves out the numbers that engines of other clusters have given.
    pub fn number_from(&mut self, (queries, transients): (usize, u64)) {
        if queries > self.queries.len() {
            self.queries.resize(queries, None);
        }
        self.transients = self.transients.max(transients);
    }
}
