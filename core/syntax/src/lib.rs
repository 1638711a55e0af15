//! ksqlDB's language: lexer, parser that never fails, tree, printer, highlighter, variables.
//!
//! It knows texts only: no names, types or data. The page links it as it is, so it depends on
//! nothing but spans and diagnostics. Start with [`parse`] and [`ast`].

pub mod ast;
pub mod highlight;
pub mod lexer;
mod parser;
pub mod printer;
pub mod token;
pub mod variables;

pub use highlight::{HighlightKind, highlight, highlight_words};
pub use parser::{Expected, ExpectedPlace, begins_statement, expected};
pub use parser::{Parsed, parse, statement_at, statement_ranges};
pub use token::keywords;
pub use variables::substitute;

use ast::Expression;
use headwater_base::Diagnostic;

/// Reads one expression, and nothing else.
///
/// ```
/// use headwater_syntax::{parse_expression, printer};
/// let sum = parse_expression("a + b * 2").unwrap();
/// assert_eq!(printer::expression(&sum, printer::Quoting::Never), "(A + (B * 2))");
/// ```
pub fn parse_expression(text: &str) -> Result<Expression, Diagnostic> {
    parser::expression_of(text)
}
