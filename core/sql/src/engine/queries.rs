//! TERMINATE, PAUSE and RESUME.

use super::{Action, Engine, Execution};
use crate::analyze::wrong;
use crate::plan::TopicRole;
use crate::runtime::{Query, QueryState};
use headwater_base::diagnostic::nearest;
use headwater_base::{Diagnostic, QueryId, Span};
use headwater_syntax::ast::{QueryAction, QueryControl};

impl Engine {
    pub(super) fn control_query(
        &mut self,
        it: &QueryControl,
        at: Span,
    ) -> Result<Execution, Diagnostic> {
        let ids: Vec<QueryId> = match &it.query {
            None => self
                .queries()
                .filter(|q| q.kind.is_persistent())
                .map(|q| q.id)
                .collect(),
            Some(name) => match self.find_query(&name.text) {
                Some(query) => vec![query.id],
                None => return Err(self.unknown_query(&name.text, name.span)),
            },
        };
        debug_assert!(at.end >= at.start);
        let mut actions = Vec::new();
        for id in ids {
            match it.action {
                QueryAction::Terminate => {
                    actions.extend(self.end_actions(id, true));
                    self.end(id);
                }
                QueryAction::Pause => self.set_state(id, QueryState::Running, QueryState::Paused),
                QueryAction::Resume => self.set_state(id, QueryState::Paused, QueryState::Running),
            }
        }
        self.count_command(false);
        let message = match it.action {
            QueryAction::Terminate => "Query terminated.",
            QueryAction::Pause => "Query paused.",
            QueryAction::Resume => "Query resumed.",
        };
        Ok(Execution {
            actions,
            ..Execution::said(message)
        })
    }

    fn set_state(&mut self, id: QueryId, from: QueryState, to: QueryState) {
        if let Some(query) = self.query_mut(id).filter(|query| query.state == from) {
            query.state = to;
        }
    }

    /// The query of this name, whatever its case.
    pub fn find_query(&self, name: &str) -> Option<&Query> {
        self.queries()
            .find(|query| query.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn unknown_query(&self, name: &str, at: Span) -> Diagnostic {
        let found = wrong("unknown-query", format!("Unknown queryId: {name}"), at);
        let names = self.queries().map(|query| query.name.as_str());
        let near = nearest(name, names);
        near.into_iter().fold(found, |found, near| {
            found.hint(format!("Did you mean {near}?"))
        })
    }

    /// Ends a query whose reader has gone or whose LIMIT is reached; gives what has to be done to
    /// the log, for its internal topics go with it.
    pub fn stop(&mut self, id: QueryId) -> Vec<Action> {
        let actions = self.end_actions(id, true);
        self.end(id);
        actions
    }

    /// What has to be done to the log when a query ends; its internal topics go with it.
    pub(super) fn end_actions(&self, id: QueryId, with_topics: bool) -> Vec<Action> {
        let Some(query) = self.query(id) else {
            return Vec::new();
        };
        let internal = query.plan.topics.iter().filter(|topic| {
            with_topics && matches!(topic.role, TopicRole::Repartition | TopicRole::Changelog)
        });
        let delete = internal.map(|topic| Action::DeleteTopic {
            name: topic.name.clone(),
        });
        std::iter::once(Action::EndQuery(id))
            .chain(delete)
            .collect()
    }
}
