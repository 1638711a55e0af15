//! JOIN: what is joined how, by what condition, and which key the result has.
//!
//! `condition` takes ON apart, `rules` says what may be joined with what, `key` finds the names
//! that a join's key can have. How a join runs is decided in [`crate::plan`].

mod condition;
mod key;
mod rules;

pub use key::JoinKey;

use super::World;
use super::relation::Relation;
use super::sources::Bound;
use crate::types::SqlType;
use condition::{Condition, take_apart};
use headwater_base::{Diagnostic, Span};
use headwater_syntax::ast::{self, JoinKind, Query};

/// A join whose condition is taken apart and whose shape is known.
#[derive(Clone, Debug)]
pub struct BoundJoin {
    /// Which rows without a partner stay.
    pub kind: JoinKind,
    /// What is joined with what.
    pub shape: JoinShape,
    /// What of the sources before is compared; as written.
    pub left: ast::Expression,
    /// What of the joined source is compared; as written.
    pub right: ast::Expression,
    /// The type of both.
    pub ty: SqlType,
    /// The key of the result.
    pub key: JoinKey,
    /// Where, from its key word on.
    pub span: Span,
}

/// What is joined with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinShape {
    /// Two streams, within a time.
    StreamStream(JoinWindow),
    /// A stream looks into a table.
    StreamTable,
    /// Two tables with the same key.
    TableTable,
    /// A table whose columns point at the rows of another.
    ForeignKey,
}

/// How far apart the records of two streams may be, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinWindow {
    /// How much earlier than the left record the right one may be.
    pub before_millis: i64,
    /// How much later.
    pub after_millis: i64,
    /// GRACE PERIOD, if it is said.
    pub grace_millis: Option<i64>,
}

impl JoinWindow {
    /// How long late records are taken: what is said, else what is left of a day.
    ///
    /// ```
    /// use headwater_sql::analyze::JoinWindow;
    /// let hour = 3_600_000;
    /// let window = JoinWindow { before_millis: hour, after_millis: hour, grace_millis: None };
    /// assert_eq!(window.grace(), 22 * hour);
    /// ```
    pub fn grace(&self) -> i64 {
        const DAY: i64 = 86_400_000;
        let length = self.before_millis.saturating_add(self.after_millis);
        self.grace_millis.unwrap_or((DAY - length).max(0))
    }

    /// How long the stores of both sides keep a record.
    pub fn retention_millis(&self) -> i64 {
        let length = self.before_millis.saturating_add(self.after_millis);
        length.saturating_add(self.grace())
    }
}

/// Takes the joins of a query apart and checks them.
pub(super) fn joins(
    query: &Query,
    sources: &[Bound],
    relation: &Relation,
    world: World<'_>,
) -> Result<Vec<BoundJoin>, Diagnostic> {
    let mut conditions: Vec<Condition> = Vec::new();
    for (join, joined) in query.joins.iter().zip(sources.iter().skip(1)) {
        conditions.push(take_apart(join, joined, relation, world)?);
    }
    let mut joins: Vec<BoundJoin> = Vec::new();
    for (index, (join, condition)) in query.joins.iter().zip(conditions).enumerate() {
        let Some((joined, before)) = sources.get(..=index + 1).and_then(<[Bound]>::split_last)
        else {
            break;
        };
        let meeting = rules::Meeting {
            join,
            condition: &condition,
            before,
            joined,
            joins: &joins,
            relation,
        };
        let shape = meeting.shape()?;
        let key = match (shape, before.first()) {
            (JoinShape::ForeignKey, Some(first)) => JoinKey::of_table(first),
            _ => JoinKey::of_join(join.kind, &condition, &joins, relation),
        };
        joins.push(BoundJoin {
            kind: join.kind,
            shape,
            left: condition.left,
            right: condition.right,
            ty: condition.ty,
            key,
            span: join.span,
        });
    }
    Ok(joins)
}
