//! The tree of ksqlDB's language: plain data, every node with its place in the text.
//!
//! Nothing here checks or resolves names; that is `headwater-sql`. Start with [`Statement`], then
//! [`Query`] and [`Expression`]. [`MapSpans`] moves a tree or forgets its places.

mod expression;
mod operator;
mod query;
mod show;
mod spans;
mod statement;
mod types;

pub use expression::*;
pub use operator::*;
pub use query::*;
pub use show::*;
pub use spans::{MapSpans, without_spans};
pub use statement::*;
pub use types::*;

use headwater_base::Span;
use std::fmt;

/// A name as it counts: upper-cased unless it was quoted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identifier {
    /// The name, without quotes; `${name}` if it is a variable that was not replaced.
    pub text: String,
    /// Whether it was written in back-quotes or double quotes.
    pub quoted: bool,
    /// Where, quotes included.
    pub span: Span,
}

impl Identifier {
    /// Whether this is a variable that was not replaced.
    pub fn is_variable(&self) -> bool {
        !self.quoted && self.text.starts_with("${")
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A text in single quotes, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringLiteral {
    /// The text, unescaped.
    pub value: String,
    /// Where, quotes included.
    pub span: Span,
}

/// One clause: what it says, and its whole place with its key word.
///
/// ```
/// let parsed = headwater_syntax::parse("SELECT A FROM S WHERE A > 1;");
/// let headwater_syntax::ast::StatementKind::Query(query) = &parsed.statements[0].kind else {
///     unreachable!()
/// };
/// let filter = query.filter.as_ref().unwrap();
/// assert_eq!(filter.span.of("SELECT A FROM S WHERE A > 1;"), "WHERE A > 1");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Clause<T> {
    /// What it says.
    pub body: T,
    /// Where, from its key word to its end.
    pub span: Span,
}
