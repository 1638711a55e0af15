//! What WHERE of a pull query on a table may ask for: keys are looked up, and anything else needs
//! a scan of the whole table, which a property may forbid.

use crate::analyze::relation::{Relation, Role};
use crate::analyze::walk::any_node;
use crate::analyze::wrong;
use crate::catalog::Source;
use crate::session::Session;
use crate::types::{Column, SqlType};
use headwater_base::{Diagnostic, Span};
use headwater_syntax::ast::{
    ComparisonOperator, Expression, ExpressionKind as Kind, Literal, LogicalOperator, Query,
};
use headwater_syntax::printer::{self, Quoting};

type Checked = Result<(), Diagnostic>;

/// Most disjuncts that are looked at; behind that only a scan can answer.
const DISJUNCTS_MAX: usize = 256;

/// Whether the table can be read as the query asks.
pub(super) fn check(
    it: &Query,
    source: &Source,
    relation: &Relation,
    session: &Session,
) -> Checked {
    let keys = Keys {
        source,
        relation,
        session,
    };
    let Some(clause) = &it.filter else {
        return keys.scan(it.span);
    };
    keys.check_lists(&clause.body)?;
    if session.is_on("ksql.query.pull.table.scan.enabled") {
        return Ok(());
    }
    let disjuncts = disjuncts(&clause.body);
    let several = disjuncts.len() > 1;
    let mut needs_scan = disjuncts.len() > DISJUNCTS_MAX;
    for disjunct in disjuncts.iter().take(DISJUNCTS_MAX) {
        needs_scan |= keys.check_disjunct(disjunct, several)?;
    }
    match needs_scan {
        true => keys.scan(clause.span),
        false => Ok(()),
    }
}

/// A condition as alternatives, each of which must hold in all its parts.
fn disjuncts(expression: &Expression) -> Vec<Vec<&Expression>> {
    match &expression.kind {
        Kind::Logical {
            operator: LogicalOperator::Or,
            left,
            right,
        } => {
            let mut all = disjuncts(left);
            all.extend(disjuncts(right));
            all
        }
        Kind::Logical {
            operator: LogicalOperator::And,
            left,
            right,
        } => {
            let (left, right) = (disjuncts(left), disjuncts(right));
            let mut all = Vec::new();
            for a in left.iter().take(DISJUNCTS_MAX) {
                for b in right.iter().take(DISJUNCTS_MAX) {
                    all.push(a.iter().chain(b).copied().collect());
                }
                if all.len() > DISJUNCTS_MAX {
                    break;
                }
            }
            all
        }
        _ => vec![vec![expression]],
    }
}

fn spelled(expression: &Expression) -> String {
    printer::expression(expression, Quoting::Never)
}

struct Keys<'k> {
    source: &'k Source,
    relation: &'k Relation,
    session: &'k Session,
}

impl Keys<'_> {
    fn scan(&self, at: Span) -> Checked {
        if self.session.is_on("ksql.query.pull.table.scan.enabled") {
            return Ok(());
        }
        let message = "Query requires table scan to be enabled. Table scans can be enabled by \
                       setting ksql.query.pull.table.scan.enabled=true";
        Err(wrong("pull-table-scan", message, at)
            .hint("SET 'ksql.query.pull.table.scan.enabled' = 'true';"))
    }

    /// The position of the key column that an expression is.
    fn key_at(&self, expression: &Expression) -> Option<usize> {
        let column = self
            .relation
            .column_at(self.relation.slot_of(expression)?)?;
        let is_key = column.role == Role::Key;
        let keys = &self.source.schema.key;
        is_key
            .then(|| keys.iter().position(|key| key.name == column.name))
            .flatten()
    }

    fn is_bound(&self, expression: &Expression) -> bool {
        let slot = self.relation.slot_of(expression);
        let column = slot.and_then(|slot| self.relation.column_at(slot));
        column.is_some_and(|column| column.role == Role::Bound)
    }

    /// Lists of keys hold values of the key's type.
    fn check_lists(&self, expression: &Expression) -> Checked {
        if let Kind::In { value, list } = &expression.kind
            && let Some(at) = self.key_at(value)
        {
            let key = &self.source.schema.key[at];
            return list
                .iter()
                .try_for_each(|item| check_item(key, value, item));
        }
        let mut result = Ok(());
        crate::analyze::walk::each_part(expression, &mut |part| {
            if result.is_ok() {
                result = self.check_lists(part);
            }
        });
        result
    }

    /// Checks what must hold together; whether it needs a scan.
    fn check_disjunct(&self, parts: &[&Expression], several: bool) -> Result<bool, Diagnostic> {
        let keys = &self.source.schema.key;
        let mut seen = vec![false; keys.len()];
        let mut ranges = false;
        for part in parts {
            let Some((at, exact)) = self.constraint(part)? else {
                continue;
            };
            if std::mem::replace(&mut seen[at], true) {
                let message = "A comparison condition on the key column cannot be combined with \
                               other comparisons such as an IN predicate";
                return Err(wrong("pull-key-twice", message, part.span));
            }
            ranges |= !exact;
        }
        let span = parts.first().map_or(Span::default(), |part| part.span);
        if !seen.contains(&true) {
            let texts: Vec<String> = parts.iter().map(|part| spelled(part)).collect();
            let text = texts.join(" AND ");
            let message = format!("WHERE clause missing key column for disjunct: {text}");
            return Err(wrong("pull-key-missing", message, span));
        }
        if seen.contains(&false) {
            let names = |wanted: &dyn Fn(usize) -> bool| {
                let named = keys.iter().enumerate().filter(|(at, _)| wanted(*at));
                named
                    .map(|(_, key)| key.name.clone())
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let message = format!(
                "Multi-column sources must specify every key in the WHERE clause. Specified: \
                 [{}] Expected: [{}].",
                names(&|at| seen[at]),
                names(&|_| true)
            );
            return Err(wrong("pull-key-missing", message, span));
        }
        Ok(ranges && !self.can_range(several))
    }

    /// Whether a range of keys can be read without a scan.
    fn can_range(&self, several: bool) -> bool {
        let is_text = matches!(self.source.schema.key.as_slice(),
            [key] if key.ty == SqlType::String);
        let allowed = self.session.is_on("ksql.query.pull.range.scan.enabled");
        is_text && allowed && !several && self.source.window.is_none()
    }

    /// The key column that a part is about, and whether it says exactly which keys.
    fn constraint(&self, part: &Expression) -> Result<Option<(usize, bool)>, Diagnostic> {
        let (left, right, exact) = match &part.kind {
            Kind::Comparison {
                operator,
                left,
                right,
            } => (left, right, *operator == ComparisonOperator::Equal),
            Kind::In { value, .. } => return Ok(self.key_at(value).map(|at| (at, true))),
            Kind::Between { value, .. } => return Ok(self.key_at(value).map(|at| (at, false))),
            Kind::Like { value, .. } => {
                if !matches!(value.kind, Kind::Column { .. }) {
                    let message = "Like condition must be between strings";
                    return Err(wrong("pull-like", message, part.span));
                }
                return Ok(self.key_at(value).map(|at| (at, false)));
            }
            _ => return Ok(None),
        };
        let is_column = |e: &Expression| matches!(e.kind, Kind::Column { .. });
        let (column, other) = match (is_column(left), is_column(right)) {
            (true, _) => (left, right),
            (false, true) => (right, left),
            (false, false) => {
                let message = "A comparison must directly reference a key column.";
                return Err(wrong("pull-comparison", message, part.span));
            }
        };
        if any_node(other, &is_column) {
            let message = "A comparison must be between a key column and a resolvable expression.";
            return Err(wrong("pull-comparison", message, part.span));
        }
        if self.is_bound(column) {
            return Ok(None);
        }
        Ok(self.key_at(column).map(|at| (at, exact)))
    }
}

fn check_item(key: &Column, value: &Expression, item: &Expression) -> Checked {
    match &item.kind {
        Kind::Literal(Literal::Null) => {
            let message = format!(
                "Primary key columns can not be NULL: ({} = null)",
                spelled(value)
            );
            Err(wrong("pull-null-key", message, item.span))
        }
        Kind::Literal(Literal::String(_)) if key.ty.is_number() || key.ty == SqlType::Boolean => {
            let message = format!(
                "{} can not be converted to the type of the key column: {} {} KEY",
                spelled(item),
                key.name,
                key.ty
            );
            Err(wrong("pull-key-type", message, item.span))
        }
        _ => Ok(()),
    }
}
