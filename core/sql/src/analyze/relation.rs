//! Relations: the columns that stand side by side at one point of a query, each in its slot.
//!
//! Names are resolved here, once: an expression is first made canonical (every column said with
//! its source, no places), so that two spellings of one thing are equal, and is compiled against
//! the relation of the point where it runs.

use super::walk::replaced;
use crate::catalog::Source;
use crate::expression::{ColumnRef, Scope, Unresolved};
use crate::types::SqlType;
use headwater_base::diagnostic::nearest;
use headwater_syntax::ast::{self, ExpressionKind as Kind, Identifier, without_spans};

/// What a column is to its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A column of the key.
    Key,
    /// A column of the value.
    Value,
    /// A column of the headers.
    Header,
    /// WINDOWSTART or WINDOWEND.
    Bound,
    /// ROWTIME, ROWPARTITION or ROWOFFSET.
    Pseudo,
}

/// One column in its slot.
#[derive(Clone, Debug, PartialEq)]
pub struct RelationColumn {
    /// What the query calls its source.
    pub source: String,
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: SqlType,
    /// What it is to its source.
    pub role: Role,
}

/// Columns side by side; the slot of each is its index. A slot without a name is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relation {
    /// The columns.
    pub columns: Vec<Option<RelationColumn>>,
}

impl Relation {
    /// The columns of a source, in the slots that its reader fills.
    pub fn of_source(alias: &str, source: &Source) -> Relation {
        let mut relation = Relation::default();
        let mut add = |name: &str, ty: SqlType, role: Role| {
            let (source, name) = (alias.to_owned(), name.to_owned());
            relation.columns.push(Some(RelationColumn {
                source,
                name,
                ty,
                role,
            }));
        };
        source
            .schema
            .key
            .iter()
            .for_each(|c| add(&c.name, c.ty.clone(), Role::Key));
        source
            .schema
            .value
            .iter()
            .for_each(|c| add(&c.name, c.ty.clone(), Role::Value));
        source
            .headers
            .iter()
            .for_each(|c| add(&c.name, c.ty(), Role::Header));
        if source.window.is_some() {
            add("WINDOWSTART", SqlType::BigInt, Role::Bound);
            add("WINDOWEND", SqlType::BigInt, Role::Bound);
        }
        add("ROWTIME", SqlType::BigInt, Role::Pseudo);
        add("ROWPARTITION", SqlType::Int, Role::Pseudo);
        add("ROWOFFSET", SqlType::BigInt, Role::Pseudo);
        relation
    }

    /// Both side by side.
    pub fn joined(mut self, right: Relation) -> Relation {
        self.columns.extend(right.columns);
        self
    }

    /// The same with a slot more: the key that a join made, if it has a name.
    pub fn with_key(mut self, name: Option<&str>, ty: &SqlType) -> Relation {
        self.columns.push(name.map(|name| RelationColumn {
            source: String::new(),
            name: name.to_owned(),
            ty: ty.clone(),
            role: Role::Key,
        }));
        self
    }

    /// The same with every column called as a join's result calls it: `L_A`, without a source.
    pub fn flattened(&self) -> Relation {
        let flat = |column: &RelationColumn| RelationColumn {
            source: String::new(),
            name: flat_name(column),
            ..column.clone()
        };
        Relation {
            columns: self
                .columns
                .iter()
                .map(|it| it.as_ref().map(flat))
                .collect(),
        }
    }

    /// `expression` over [`Relation::flattened`].
    pub fn flatten(&self, expression: &ast::Expression) -> ast::Expression {
        replaced(expression, &mut |node| {
            let column = self.column_at(self.slot_of(node)?)?;
            Some(column_expression("", &flat_name(column)))
        })
    }

    /// The slot of a column.
    pub fn slot(&self, source: &str, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| {
            column
                .as_ref()
                .is_some_and(|column| column.source == source && column.name == name)
        })
    }

    /// The column in a slot.
    pub fn column_at(&self, slot: usize) -> Option<&RelationColumn> {
        self.columns.get(slot)?.as_ref()
    }

    /// All columns that have names, with their slots.
    pub fn named(&self) -> impl Iterator<Item = (usize, &RelationColumn)> {
        self.columns
            .iter()
            .enumerate()
            .filter_map(|(slot, c)| Some((slot, c.as_ref()?)))
    }

    /// What the query calls its sources, in order.
    pub fn sources(&self) -> Vec<&str> {
        let mut sources: Vec<&str> = Vec::new();
        for (_, column) in self.named() {
            if !sources.contains(&column.source.as_str()) && !column.source.is_empty() {
                sources.push(&column.source);
            }
        }
        sources
    }

    /// `expression` with every column said with its source and without places; what cannot be
    /// resolved, such as a lambda's arguments, stays as it is.
    pub fn canonical(&self, expression: &ast::Expression) -> ast::Expression {
        let qualified = replaced(expression, &mut |node| {
            let Kind::Column { source, name } = &node.kind else {
                return None;
            };
            let found = self
                .column(source.as_ref().map(|s| s.text.as_str()), &name.text)
                .ok()?;
            let column = self.column_at(found.index)?;
            Some(column_expression(&column.source, &column.name))
        });
        without_spans(qualified)
    }

    /// The slot of the column that `expression` is, if it is nothing but a column.
    pub fn slot_of(&self, expression: &ast::Expression) -> Option<usize> {
        let Kind::Column { source, name } = &expression.kind else {
            return None;
        };
        let source = source.as_ref().map(|source| source.text.as_str());
        self.column(source, &name.text)
            .ok()
            .map(|found| found.index)
    }
}

fn flat_name(column: &RelationColumn) -> String {
    match column.source.as_str() {
        "" => column.name.clone(),
        source => format!("{source}_{}", column.name),
    }
}

/// `source.name`, without a place.
pub fn column_expression(source: &str, name: &str) -> ast::Expression {
    let identifier = |text: &str| Identifier {
        text: text.to_owned(),
        quoted: false,
        span: Default::default(),
    };
    let source = (!source.is_empty()).then(|| identifier(source));
    let kind = Kind::Column {
        source,
        name: identifier(name),
    };
    ast::Expression {
        kind,
        span: Default::default(),
    }
}

impl Scope for Relation {
    fn column(&self, source: Option<&str>, name: &str) -> Result<ColumnRef, Unresolved> {
        if let Some(source) = source
            && !self.named().any(|(_, column)| column.source == source)
        {
            return Err(Unresolved::UnknownSource(owned(nearest(
                source,
                self.sources(),
            ))));
        }
        let of_source =
            |column: &RelationColumn| source.is_none_or(|source| column.source == source);
        let found: Vec<(usize, &RelationColumn)> = self
            .named()
            .filter(|(_, c)| of_source(c) && c.name == name)
            .collect();
        match found.as_slice() {
            [(slot, column)] => Ok(ColumnRef {
                index: *slot,
                is_time: matches!(name, "ROWTIME" | "WINDOWSTART" | "WINDOWEND"),
                ty: column.ty.clone(),
            }),
            [] => {
                let names = self
                    .named()
                    .filter(|(_, c)| of_source(c))
                    .map(|(_, c)| &*c.name);
                Err(Unresolved::Unknown(owned(nearest(name, names))))
            }
            several => Err(Unresolved::Ambiguous(
                several
                    .iter()
                    .map(|(_, c)| format!("{}.{}", c.source, c.name))
                    .collect(),
            )),
        }
    }
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}
