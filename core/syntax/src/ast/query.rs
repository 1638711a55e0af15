//! Queries: SELECT with its clauses. Every clause has its own span, for a query is drawn clause
//! by clause.

use super::{Clause, Expression, Identifier, TimeUnit};
use headwater_base::Span;

/// A SELECT, on its own or inside CREATE … AS and INSERT INTO.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// `SELECT items`.
    pub select: Clause<Vec<SelectItem>>,
    /// `FROM source`, without joins.
    pub from: Clause<AliasedSource>,
    /// Joins in order; each joins the result of everything before it with one more source.
    pub joins: Vec<Join>,
    /// `WINDOW …`.
    pub window: Option<Window>,
    /// `WHERE condition`.
    pub filter: Option<Clause<Expression>>,
    /// `GROUP BY a, b`.
    pub group_by: Option<Clause<Vec<Expression>>>,
    /// `PARTITION BY a, b`.
    pub partition_by: Option<Clause<Vec<Expression>>>,
    /// `HAVING condition`.
    pub having: Option<Clause<Expression>>,
    /// `EMIT CHANGES` or `EMIT FINAL`, if it is written.
    pub emit: Option<Clause<Emit>>,
    /// `LIMIT n`; a negative number is parsed, too.
    pub limit: Option<Clause<i32>>,
    /// Where.
    pub span: Span,
}

/// One item of a SELECT.
#[derive(Clone, Debug, PartialEq)]
pub struct SelectItem {
    /// Which.
    pub kind: SelectItemKind,
    /// Where, with its alias.
    pub span: Span,
}

/// Which item.
#[derive(Clone, Debug, PartialEq)]
pub enum SelectItemKind {
    /// `expression [[AS] alias]`.
    Expression {
        /// What.
        expression: Expression,
        /// Its name in the result, if it is said.
        alias: Option<Identifier>,
    },
    /// `*` or `source.*`.
    All {
        /// The source's name or alias, if it is said.
        source: Option<Identifier>,
    },
    /// `base->*`: all fields of a struct.
    AllFields {
        /// The struct.
        base: Expression,
    },
}

/// `name [[AS] alias]`.
#[derive(Clone, Debug, PartialEq)]
pub struct AliasedSource {
    /// The stream's or table's name.
    pub name: Identifier,
    /// What the query calls it, if it is said.
    pub alias: Option<Identifier>,
    /// Where.
    pub span: Span,
}

impl AliasedSource {
    /// What the query calls it: its alias, else its name.
    pub fn called(&self) -> &Identifier {
        self.alias.as_ref().unwrap_or(&self.name)
    }
}

/// `LEFT JOIN source WITHIN … ON condition`.
#[derive(Clone, Debug, PartialEq)]
pub struct Join {
    /// Which rows without a partner stay.
    pub kind: JoinKind,
    /// The right side.
    pub source: AliasedSource,
    /// How far apart two records may be in time; streams with streams only.
    pub within: Option<Within>,
    /// The condition.
    pub on: Expression,
    /// Where, from the first key word to the end of the condition.
    pub span: Span,
}

/// Which rows without a partner stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// None.
    Inner,
    /// Those of the left side.
    Left,
    /// Those of the right side.
    Right,
    /// Those of both sides.
    Full,
}

/// `WITHIN 1 HOUR` or `WITHIN (1 HOUR, 2 HOURS)`, with `GRACE PERIOD`.
#[derive(Clone, Debug, PartialEq)]
pub struct Within {
    /// How much earlier than the left record the right one may be.
    pub before: Duration,
    /// How much later than the left record the right one may be.
    pub after: Duration,
    /// How long to wait for late records, if it is said.
    pub grace: Option<Duration>,
    /// Where, from WITHIN on.
    pub span: Span,
}

/// A length of time as written: `10 MINUTES`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    /// How many.
    pub count: i64,
    /// Of what; never months or years.
    pub unit: TimeUnit,
    /// Where.
    pub span: Span,
}

impl Duration {
    /// The length in milliseconds; `None` where it does not fit.
    pub fn millis(&self) -> Option<i64> {
        self.count.checked_mul(self.unit.millis()?)
    }
}

/// `WINDOW TUMBLING (SIZE …)` and its like.
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    /// The name between WINDOW and its kind, which ksqlDB reads and ignores.
    pub name: Option<Identifier>,
    /// Which windows.
    pub kind: WindowKind,
    /// How long state is kept, if it is said.
    pub retention: Option<Duration>,
    /// How long to wait for late records, if it is said.
    pub grace: Option<Duration>,
    /// Where, from WINDOW to the closing bracket.
    pub span: Span,
}

/// Which windows.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowKind {
    /// Side by side.
    Tumbling {
        /// Length.
        size: Duration,
    },
    /// Overlapping.
    Hopping {
        /// Length.
        size: Duration,
        /// From one start to the next.
        advance: Duration,
    },
    /// As long as records come.
    Session {
        /// The pause that ends one.
        gap: Duration,
    },
}

/// What a query over changes emits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// Every change.
    Changes,
    /// Only the last value of each window.
    Final,
}
