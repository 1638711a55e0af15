//! The key of a join: which columns can give it its name, and when it needs one of its own.
//!
//! All columns that a chain of joins compares with each other mean one key. Where no plain column
//! is compared, and in a FULL join, whose key is neither side's, ksqlDB makes a column ROWKEY.

use super::BoundJoin;
use super::condition::Condition;
use crate::analyze::relation::{Relation, column_expression};
use crate::analyze::sources::Bound;
use headwater_syntax::ast::{self, ExpressionKind as Kind, JoinKind};

/// The key of a join's result. All expressions are canonical.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JoinKey {
    /// Everything that is compared with each other along the chain of joins.
    pub equal: Vec<ast::Expression>,
    /// The columns among that, the left-most first: any can name the key. Behind a foreign-key
    /// join, the primary key of the left table, all of which the key is made of.
    pub viable: Vec<ast::Expression>,
    /// The name of a key of its own.
    pub synthetic: Option<String>,
}

impl JoinKey {
    /// The key of a foreign-key join is the left table's.
    pub(super) fn of_table(table: &Bound) -> JoinKey {
        let keys = table.source.schema.key.iter();
        let viable: Vec<ast::Expression> = keys
            .map(|column| column_expression(&table.alias, &column.name))
            .collect();
        JoinKey {
            equal: viable.clone(),
            viable,
            synthetic: None,
        }
    }

    /// The key of any other join, behind the joins before it.
    pub(super) fn of_join(
        kind: JoinKind,
        condition: &Condition,
        before: &[BoundJoin],
        relation: &Relation,
    ) -> JoinKey {
        let sides = [&condition.left, &condition.right].map(|side| relation.canonical(side));
        let before = before.last().map(|join| join.key.equal.as_slice());
        let mut equal = match before {
            Some(before) if sides.iter().any(|side| before.contains(side)) => before.to_vec(),
            _ => Vec::new(),
        };
        for side in sides {
            if !equal.contains(&side) {
                equal.push(side);
            }
        }
        let columns = equal.iter().filter(|it| is_column(it));
        let viable: Vec<ast::Expression> = columns.cloned().collect();
        let synthetic = viable.is_empty() || kind == JoinKind::Full;
        JoinKey {
            equal,
            viable,
            synthetic: synthetic.then(|| free_name(relation)),
        }
    }

    /// Whether rows with this key are already where a join on `expression` wants them.
    pub fn is(&self, expression: &ast::Expression) -> bool {
        self.synthetic.is_none() && self.viable.contains(expression)
    }
}

/// Whether an expression is nothing but a column.
pub(super) fn is_column(expression: &ast::Expression) -> bool {
    matches!(expression.kind, Kind::Column { .. })
}

/// `ROWKEY`, or the first of `ROWKEY_1`, … that no source has.
fn free_name(relation: &Relation) -> String {
    let taken = |name: &str| relation.named().any(|(_, column)| column.name == name);
    if !taken("ROWKEY") {
        return "ROWKEY".to_owned();
    }
    let numbered = (1..).map(|number: u32| format!("ROWKEY_{number}"));
    numbered
        .into_iter()
        .find(|name| !taken(name))
        .unwrap_or_default()
}
