//! What names mean where an expression stands.

use crate::types::SqlType;
use headwater_syntax::ast;

/// A column that a name has been resolved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnRef {
    /// Its slot in the row.
    pub index: usize,
    /// Its type.
    pub ty: SqlType,
    /// Whether it is ROWTIME, WINDOWSTART or WINDOWEND, which compare with texts of times.
    pub is_time: bool,
}

/// Why a name has no meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// There is no such column; near names.
    Unknown(Vec<String>),
    /// Several sources have it: `I1.F0 or I2.F0`.
    Ambiguous(Vec<String>),
    /// There is no source or alias of that name; near names.
    UnknownSource(Vec<String>),
    /// It is known but may not be used here; why.
    Refused(headwater_base::Diagnostic),
}

/// What names mean. A lambda's arguments are not its business.
pub trait Scope {
    /// The column that `source.name` or `name` means.
    fn column(&self, source: Option<&str>, name: &str) -> Result<ColumnRef, Unresolved>;

    /// The column that holds what `expression` as a whole computes, such as the result of an
    /// aggregate or a grouping expression.
    fn substitute(&self, _expression: &ast::Expression) -> Option<ColumnRef> {
        None
    }
}

/// One column of a [`ColumnScope`].
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
    source: Option<String>,
    name: String,
    column: ColumnRef,
}

/// A scope over a row whose slots are listed one by one.
///
/// ```
/// use headwater_sql::expression::{ColumnScope, Scope};
/// use headwater_sql::types::SqlType;
/// let mut scope = ColumnScope::default();
/// scope.push(Some("R"), "STARS", SqlType::Int);
/// scope.push(Some("R"), "ROWTIME", SqlType::BigInt);
/// assert_eq!(scope.column(Some("R"), "ROWTIME").unwrap().index, 1);
/// assert!(scope.column(None, "STARZ").is_err());
/// ```
#[derive(Clone, Debug, Default)]
pub struct ColumnScope {
    columns: Vec<Named>,
}

impl ColumnScope {
    /// Adds the next slot.
    pub fn push(&mut self, source: Option<&str>, name: &str, ty: SqlType) {
        let is_time = matches!(name, "ROWTIME" | "WINDOWSTART" | "WINDOWEND");
        self.columns.push(Named {
            source: source.map(str::to_owned),
            name: name.to_owned(),
            column: ColumnRef {
                index: self.columns.len(),
                is_time: is_time && ty == SqlType::BigInt,
                ty,
            },
        });
    }

    /// How many slots there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are no slots.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

impl Scope for ColumnScope {
    fn column(&self, source: Option<&str>, name: &str) -> Result<ColumnRef, Unresolved> {
        let of_source = |column: &&Named| source.is_none() || column.source.as_deref() == source;
        if self.columns.iter().all(|column| !of_source(&column)) && source.is_some() {
            let sources = self
                .columns
                .iter()
                .filter_map(|column| column.source.as_deref());
            let near = headwater_base::diagnostic::nearest(source.unwrap_or(""), sources);
            return Err(Unresolved::UnknownSource(owned(near)));
        }
        let named = self.columns.iter().filter(|column| column.name == name);
        let found: Vec<&Named> = named.filter(of_source).collect();
        match found.as_slice() {
            [] => {
                let names = self
                    .columns
                    .iter()
                    .filter(of_source)
                    .map(|c| c.name.as_str());
                let near = headwater_base::diagnostic::nearest(name, names);
                Err(Unresolved::Unknown(owned(near)))
            }
            [one] => Ok(one.column.clone()),
            several => Err(Unresolved::Ambiguous(
                several.iter().map(|c| full_name(c)).collect(),
            )),
        }
    }
}

fn owned(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

fn full_name(column: &Named) -> String {
    match &column.source {
        Some(source) => format!("{source}.{}", column.name),
        None => column.name.clone(),
    }
}
