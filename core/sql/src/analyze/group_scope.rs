//! What names mean behind an aggregation.

use super::grouping::Grouping;
use super::relation::Relation;
use crate::expression::{ColumnRef, Scope, Unresolved};
use crate::types::SqlType;
use headwater_syntax::ast;

/// What names mean behind the aggregation: grouping expressions, aggregates and window bounds, in
/// the slots that the aggregation fills.
pub struct GroupScope<'g> {
    /// The grouping.
    pub grouping: &'g Grouping,
    /// What expressions were written against.
    pub relation: &'g Relation,
}

impl Scope for GroupScope<'_> {
    fn column(&self, source: Option<&str>, name: &str) -> Result<ColumnRef, Unresolved> {
        let (keys, calls) = (self.grouping.keys.len(), self.grouping.aggregates.len());
        let bound = match name {
            "WINDOWSTART" => Some(0),
            "WINDOWEND" => Some(1),
            _ => None,
        };
        let sources = self.relation.sources();
        let known = source.is_none_or(|source| sources.contains(&source));
        // ksqlDB does not find the bounds behind a join.
        let found = known && sources.len() < 2 && self.grouping.window.is_some();
        match bound.filter(|_| found) {
            Some(at) => {
                let index = keys + calls + at;
                Ok(ColumnRef {
                    index,
                    ty: SqlType::BigInt,
                    is_time: true,
                })
            }
            // Members were checked, so what is left is a name that nothing has.
            None => match self.relation.column(source, name) {
                Err(unresolved) => Err(unresolved),
                Ok(_) => Err(Unresolved::Unknown(Vec::new())),
            },
        }
    }

    fn substitute(&self, expression: &ast::Expression) -> Option<ColumnRef> {
        let canonical = self.relation.canonical(expression);
        let key = self
            .grouping
            .keys
            .iter()
            .position(|key| key.canonical == canonical);
        if let Some(index) = key {
            let ty = self.grouping.keys[index].ty.clone();
            return Some(ColumnRef {
                index,
                ty,
                is_time: false,
            });
        }
        let calls = &self.grouping.aggregates;
        let call = calls.iter().position(|call| call.canonical == canonical)?;
        let index = self.grouping.keys.len() + call;
        Some(ColumnRef {
            index,
            ty: calls[call].ty.clone(),
            is_time: false,
        })
    }
}
