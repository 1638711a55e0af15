//! What may be joined with what: streams, tables, windows, keys, partitions.

use super::condition::Condition;
use super::{BoundJoin, JoinShape, JoinWindow};
use crate::analyze::relation::{Relation, column_expression};
use crate::analyze::sources::Bound;
use crate::analyze::wrong;
use crate::catalog::WindowType;
use headwater_base::Diagnostic;
use headwater_syntax::ast::{self, Join, JoinKind};

/// What comes together in one join.
pub(super) struct Meeting<'m> {
    pub(super) join: &'m Join,
    pub(super) condition: &'m Condition,
    /// The sources before, in order.
    pub(super) before: &'m [Bound],
    pub(super) joined: &'m Bound,
    /// The joins before, in order.
    pub(super) joins: &'m [BoundJoin],
    pub(super) relation: &'m Relation,
}

impl Meeting<'_> {
    /// The shape of the join, if it is allowed.
    pub(super) fn shape(&self) -> Result<JoinShape, Diagnostic> {
        let Some(first) = self.before.first() else {
            return Ok(JoinShape::StreamTable);
        };
        let shape = match (first.source.is_table(), self.joined.source.is_table()) {
            (true, false) => Err(self.table_before_stream()),
            (false, false) => self.stream_stream(),
            (false, true) => self.stream_table(),
            (true, true) => self.table_table(first),
        }?;
        self.check_windows(first)?;
        if shape != JoinShape::ForeignKey {
            self.check_partitions(first)?;
        }
        Ok(shape)
    }

    /// `L LEFT [OUTER] JOIN R`.
    fn words(&self) -> String {
        let word = match self.join.kind {
            JoinKind::Inner => "[INNER] JOIN",
            JoinKind::Left => "LEFT [OUTER] JOIN",
            JoinKind::Right => "RIGHT [OUTER] JOIN",
            JoinKind::Full => "[FULL] OUTER JOIN",
        };
        let first = self.before.first().map_or("", |first| first.alias.as_str());
        format!("{first} {word} {}", self.joined.alias)
    }

    fn table_before_stream(&self) -> Diagnostic {
        let message = format!(
            "Invalid join order: table-stream joins are not supported; only stream-table joins. \
             Got {}.",
            self.words()
        );
        wrong("join-order", message, self.join.span)
            .hint("Put the stream before JOIN and the table behind it.")
    }

    fn stream_stream(&self) -> Result<JoinShape, Diagnostic> {
        let Some(within) = &self.join.within else {
            let message =
                "Stream-Stream joins must have a WITHIN clause specified. None was provided.";
            return Err(wrong("join-without-within", message, self.join.span)
                .hint("Say how far apart two records may be: WITHIN 1 HOUR."));
        };
        let millis = |duration: &ast::Duration| {
            let found = duration.millis().filter(|millis| *millis >= 0);
            found.ok_or_else(|| {
                let message = "WITHIN needs a length of time that is not negative.";
                wrong("within", message, duration.span)
            })
        };
        Ok(JoinShape::StreamStream(JoinWindow {
            before_millis: millis(&within.before)?,
            after_millis: millis(&within.after)?,
            grace_millis: within.grace.as_ref().map(millis).transpose()?,
        }))
    }

    fn refuse_within(&self, kinds: &str) -> Result<(), Diagnostic> {
        let Some(within) = &self.join.within else {
            return Ok(());
        };
        let message = format!(
            "A window definition was provided for a {kinds} join. These joins are not windowed. \
             Please drop the window definition (ie. the WITHIN clause) and try to execute your \
             join again."
        );
        Err(wrong("within-table", message, within.span))
    }

    fn stream_table(&self) -> Result<JoinShape, Diagnostic> {
        self.refuse_within("Stream-Table")?;
        let refused = match self.join.kind {
            JoinKind::Inner | JoinKind::Left => None,
            JoinKind::Right => Some("right-outer"),
            JoinKind::Full => Some("full-outer"),
        };
        if let Some(kind) = refused {
            let message = format!(
                "Invalid join type: {kind} join not supported for stream-table join. Got {}.",
                self.words()
            );
            return Err(wrong("join-type", message, self.join.span));
        }
        if !self.is_on_joined_key() {
            return Err(
                self.not_on_key("stream-table joins require to join on the table's primary key")
            );
        }
        Ok(JoinShape::StreamTable)
    }

    fn table_table(&self, first: &Bound) -> Result<JoinShape, Diagnostic> {
        self.refuse_within("Table-Table")?;
        if !self.is_on_joined_key() {
            return Err(self.not_on_key(
                "table-table joins require to join on the primary key of the right input table",
            ));
        }
        let left = self.relation.canonical(&self.condition.left);
        let on_left_key = match self.joins.last() {
            Some(join) => match (join.shape, join.key.viable.as_slice()) {
                (JoinShape::ForeignKey, [only]) => *only == left,
                (JoinShape::ForeignKey, _) => false,
                _ => join.key.is(&left),
            },
            None => match first.source.schema.key.as_slice() {
                [only] => column_expression(&first.alias, &only.name) == left,
                _ => false,
            },
        };
        if on_left_key {
            return Ok(JoinShape::TableTable);
        }
        if !self.joins.is_empty() {
            let message = format!(
                "Invalid join condition: foreign-key table-table joins are not supported as part \
                 of n-way joins. Got {}.",
                self.condition.text
            );
            return Err(wrong("join-foreign-key", message, self.join.on.span)
                .hint("A foreign-key join can only be the first of several."));
        }
        if first.source.window.is_some() || self.joined.source.window.is_some() {
            let message = "Foreign-key table-table joins are not supported on windowed tables.";
            return Err(wrong("join-foreign-key", message, self.join.span));
        }
        match self.join.kind {
            JoinKind::Inner | JoinKind::Left => Ok(JoinShape::ForeignKey),
            JoinKind::Right => {
                let message = "RIGHT OUTER JOIN on a foreign key is not supported";
                Err(wrong("join-type", message, self.join.span))
            }
            JoinKind::Full => {
                let message = format!(
                    "Invalid join type: full-outer join not supported for foreign-key \
                     table-table join. Got {}.",
                    self.words()
                );
                Err(wrong("join-type", message, self.join.span))
            }
        }
    }

    /// Whether the joined table's side of the condition is its primary key, one column.
    fn is_on_joined_key(&self) -> bool {
        let key = match self.joined.source.schema.key.as_slice() {
            [only] => column_expression(&self.joined.alias, &only.name),
            _ => return false,
        };
        self.relation.canonical(&self.condition.right) == key
    }

    fn not_on_key(&self, rule: &str) -> Diagnostic {
        let message = format!(
            "Invalid join condition: {rule}. Got {}.",
            self.condition.text
        );
        let keys = self.joined.source.schema.key.iter();
        let keys: Vec<&str> = keys.map(|column| column.name.as_str()).collect();
        wrong("join-key", message, self.join.on.span).hint(format!(
            "The primary key of {} is {}.",
            self.joined.alias,
            keys.join(", ")
        ))
    }

    /// Windowed sources meet windowed sources of their own family.
    fn check_windows(&self, first: &Bound) -> Result<(), Diagnostic> {
        let (left, right) = (first.source.window, self.joined.source.window);
        let says = |bound: &Bound| match bound.source.window {
            Some(kind) => format!("`{}` is {} windowed", bound.alias, kind),
            None => format!("`{}` is not windowed", bound.alias),
        };
        match (left, right) {
            (None, None) => Ok(()),
            (Some(left), Some(right)) => {
                let is_session = |kind: WindowType| kind == WindowType::Session;
                if is_session(left) == is_session(right) {
                    return Ok(());
                }
                let message = format!(
                    "Incompatible windowed sources.\nLeft source: {}\nRight source: {}\nSession \
                     windowed sources can only be joined to other session windowed sources, and \
                     may still not result in expected behaviour as session bounds must be an \
                     exact match for the join to work\nHopping and tumbling windowed sources can \
                     only be joined to other hopping and tumbling windowed sources",
                    left, right
                );
                Err(wrong("join-windows", message, self.join.span))
            }
            _ => {
                let message = format!(
                    "Can not join windowed source to non-windowed source.\n{}\n{}",
                    says(first),
                    says(self.joined)
                );
                Err(wrong("join-windows", message, self.join.span))
            }
        }
    }

    /// What is joined has to lie in as many partitions.
    fn check_partitions(&self, first: &Bound) -> Result<(), Diagnostic> {
        let (left, right) = (first.partitions, self.joined.partitions);
        if left == right {
            return Ok(());
        }
        let (a, b) = (&first.alias, &self.joined.alias);
        let message = format!(
            "Can't join `{a}` with `{b}` since the number of partitions don't match. `{a}` \
             partitions = {left}; `{b}` partitions = {right}. Please repartition either one so \
             that the number of partitions match."
        );
        let name = &first.source.name;
        let kind = first.source.kind.keyword();
        Err(
            wrong("join-partitions", message, self.join.span).hint(format!(
                "Copy one of them: CREATE {kind} {name}_REPARTITIONED WITH (PARTITIONS = {right}) \
                 AS SELECT * FROM {name};"
            )),
        )
    }
}
