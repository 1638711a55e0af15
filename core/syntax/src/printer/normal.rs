//! What of a tree its printed text has to bring back, for programs that compare the two.

use crate::ast::{
    AliasedSource, Assert, Clause, Emit, Explain, Query, Statement, StatementKind, without_spans,
};
use headwater_base::Span;

/// The tree as a text without places, with what the printer says although it was not written:
/// aliases of sources, and EMIT CHANGES in persistent queries; and without what it does not:
/// quotes round names that need none, names of windows.
///
/// ```
/// use headwater_syntax::{parse, printer::{normal_form, statement}};
/// let written = parse("select `A` from S emit changes;").statements.remove(0);
/// let printed = format!("{};", statement(&written));
/// let again = parse(&printed).statements.remove(0);
/// assert_eq!(normal_form(again), normal_form(written));
/// ```
pub fn normal_form(statement: Statement) -> String {
    let mut statement = without_spans(statement);
    match &mut statement.kind {
        StatementKind::Query(query) => normalise(query, false),
        StatementKind::CreateAs(create) => normalise(&mut create.query, true),
        StatementKind::InsertQuery(insert) => normalise(&mut insert.query, true),
        StatementKind::Print(print) => print.topic.text = print.topic_name.clone(),
        StatementKind::Assert(Assert::Topic {
            name, topic_name, ..
        }) => name.text = topic_name.clone(),
        StatementKind::Explain(Explain::Statement(inner)) => {
            return format!("EXPLAIN {}", normal_form((**inner).clone()));
        }
        _ => {}
    }
    format!("{statement:?}").replace("quoted: true", "quoted: false")
}

fn normalise(query: &mut Query, persistent: bool) {
    let alias = |source: &mut AliasedSource| source.alias = Some(source.called().clone());
    alias(&mut query.from.body);
    for join in &mut query.joins {
        alias(&mut join.source);
    }
    if let Some(window) = &mut query.window {
        window.name = None;
    }
    if persistent && query.emit.is_none() {
        query.emit = Some(Clause {
            body: Emit::Changes,
            span: Span::default(),
        });
    }
}
