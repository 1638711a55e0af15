//! DROP STREAM and DROP TABLE.

use super::{Action, Engine, Execution};
use crate::analyze::wrong;
use crate::catalog::Source;
use headwater_base::Diagnostic;
use headwater_log::Cluster;
use headwater_syntax::ast::DropSource;

impl Engine {
    pub(super) fn drop_source(
        &mut self,
        it: &DropSource,
        log: &Cluster,
    ) -> Result<Execution, Diagnostic> {
        let (name, at) = (&it.name.text, it.name.span);
        let Some(source) = self.catalog.get(name).cloned() else {
            if it.if_exists {
                return Ok(Execution::said(format!("Source `{name}` does not exist.")));
            }
            let unknown = self.catalog.unknown(name, at);
            let noun = if it.kind.keyword() == "TABLE" {
                "Table"
            } else {
                "Stream"
            };
            let message = format!("{noun} {name} does not exist.");
            return Err(Diagnostic { message, ..unknown });
        };
        if source.kind != it.kind {
            let message = format!(
                "Incompatible data source type is {}, but statement was DROP {}",
                source.kind.keyword(),
                it.kind.keyword()
            );
            return Err(wrong("wrong-kind", message, at)
                .hint(format!("DROP {} {name};", source.kind.keyword())));
        }
        if it.delete_topic && source.read_only {
            let message = format!("Cannot delete topic for read-only source: {name}");
            return Err(wrong("read-only", message, at));
        }
        self.check_unused(&source, at)?;
        let mut actions = Vec::new();
        if let Some(query) = source.query {
            actions.extend(self.end_actions(query, true));
            self.end(query);
        }
        if it.delete_topic && log.find(&source.topic).is_some() {
            actions.push(Action::DeleteTopic {
                name: source.topic.clone(),
            });
        }
        self.catalog.remove(name);
        self.count_command(false);
        let message = format!("Source `{name}` (topic: {}) was dropped.", source.topic);
        Ok(Execution {
            actions,
            ..Execution::said(message)
        })
    }

    /// Nobody else may read or write what is dropped.
    fn check_unused(&self, source: &Source, at: headwater_base::Span) -> Result<(), Diagnostic> {
        let name = &source.name;
        let persistent = || self.queries().filter(|query| query.kind.is_persistent());
        let reads: Vec<&str> = persistent()
            .filter(|query| query.sources.contains(name))
            .map(|query| query.name.as_str())
            .collect();
        let writes: Vec<&str> = persistent()
            .filter(|query| query.sink.as_ref() == Some(name) && Some(query.id) != source.query)
            .map(|query| query.name.as_str())
            .collect();
        if reads.is_empty() && writes.is_empty() {
            return Ok(());
        }
        let message = format!(
            "Cannot drop {name}.\nThe following queries read from this source: [{}].\nThe \
             following queries write into this source: [{}].\nYou need to terminate them before \
             dropping {name}.",
            reads.join(", "),
            writes.join(", ")
        );
        let first = reads
            .first()
            .or(writes.first())
            .copied()
            .unwrap_or_default();
        Err(wrong("in-use", message, at).hint(format!("TERMINATE {first};")))
    }
}
