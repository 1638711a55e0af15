//! The parser: recursive descent over ksqlDB's grammar. It never fails: it always gives the
//! statements that could be read, and a diagnostic for each one that could not.
//!
//! A broken statement ends at its semicolon, or before a line that begins a new statement. Read
//! on in `cursor` for the primitives, in `statement` for the grammar, in `failure` for the words
//! of the messages.

mod assert;
mod chain;
mod create;
mod cursor;
mod expected;
mod expression;
mod failure;
mod literal;
mod look;
mod place;
mod primary;
mod query;
mod statement;
mod types;

use crate::ast::Statement;
use crate::token::{Keyword, Symbol};
use cursor::Parser;
use headwater_base::limits::{SCRIPT_BYTES_MAX, STATEMENTS_MAX};
use headwater_base::{Diagnostic, Fault, Severity, Span, order};

pub use expected::{Expected, ExpectedPlace, begins_statement, expected};

pub(crate) use cursor::{Role, expression_of, roles_of};

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// The statements that could be read, in order.
    pub statements: Vec<Statement>,
    /// What is wrong, in order; warnings are among them.
    pub diagnostics: Vec<Diagnostic>,
    /// Where each statement is, readable or not, with its semicolon, in order.
    pub ranges: Vec<Span>,
}

impl Parsed {
    /// Whether everything could be read.
    pub fn is_ok(&self) -> bool {
        self.errors().next().is_none()
    }

    /// The diagnostics that are errors.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let diagnostics = self.diagnostics.iter();
        diagnostics.filter(|found| found.severity == Severity::Error)
    }

    /// The statement at one of `ranges`; `None` if it could not be read.
    pub fn statement_in(&self, range: Span) -> Option<&Statement> {
        self.statements
            .iter()
            .find(|statement| statement.span == range)
    }

    /// What is wrong in one of `ranges`.
    pub fn diagnostics_in(&self, range: Span) -> impl Iterator<Item = &Diagnostic> {
        let diagnostics = self.diagnostics.iter();
        diagnostics.filter(move |found| {
            found
                .span
                .is_some_and(|span| range.start <= span.start && span.start < range.end)
        })
    }
}

/// Reads a text.
///
/// ```
/// let parsed = headwater_syntax::parse("LIST TOPICS; SELEC 1; LIST STREAMS;");
/// assert_eq!((parsed.statements.len(), parsed.ranges.len()), (2, 3));
/// assert_eq!(parsed.diagnostics[0].code, "unknown-statement");
/// ```
pub fn parse(text: &str) -> Parsed {
    if text.len() > SCRIPT_BYTES_MAX {
        return Parsed {
            diagnostics: vec![too_long(text)],
            ..Parsed::default()
        };
    }
    let mut parser = Parser::new(text);
    let mut parsed = Parsed {
        diagnostics: parser.warnings(),
        ..Parsed::default()
    };
    while !parser.at_end() {
        if parsed.ranges.len() == STATEMENTS_MAX {
            parsed.diagnostics.push(too_many(parser.span()));
            break;
        }
        let before = parser.position();
        one_statement(&mut parser, &mut parsed);
        debug_assert!(parser.position() > before, "the parser stands still");
        if parser.position() == before {
            parser.skip();
        }
    }
    let place = |found: &Diagnostic| found.span.map(|span| span.start);
    order::sort_by_key(&mut parsed.diagnostics, place);
    parsed
}

/// Where each statement of a text is, readable or not, with its semicolon.
pub fn statement_ranges(text: &str) -> Vec<Span> {
    parse(text).ranges
}

/// The statement at a cursor: the one that holds `offset`, else the last one before it on the
/// same line, else the next one, else the last one.
///
/// ```
/// use headwater_syntax::statement_at;
/// let text = "LIST TOPICS; -- all\n\nLIST STREAMS;";
/// assert_eq!(statement_at(text, 15).unwrap().of(text), "LIST TOPICS;");
/// assert_eq!(statement_at(text, 20).unwrap().of(text), "LIST STREAMS;");
/// ```
pub fn statement_at(text: &str, offset: u32) -> Option<Span> {
    let ranges = statement_ranges(text);
    let holds = |range: &&Span| range.start <= offset && offset < range.end;
    if let Some(range) = ranges.iter().find(holds) {
        return Some(*range);
    }
    let before = ranges.iter().rev().find(|range| range.end <= offset);
    let on_same_line = |range: &&Span| !Span::new(range.end, offset).of(text).contains('\n');
    let after = ranges.iter().find(|range| range.start >= offset);
    before.filter(on_same_line).or(after).or(before).copied()
}

fn one_statement(parser: &mut Parser<'_>, parsed: &mut Parsed) {
    if parser.eat(Symbol::Semicolon) {
        // ksqlDB refuses an empty statement; it can do no harm, so it is passed over here.
        return;
    }
    let start = parser.span().start;
    parser.begin_statement();
    let kind = parser.statement_kind();
    let ended = kind.and_then(|kind| {
        parser.expect_statement_end()?;
        Ok(kind)
    });
    match ended {
        Ok(kind) => {
            let span = parser.span_from(start);
            parsed.ranges.push(span);
            parsed.statements.push(Statement { kind, span });
        }
        Err(_) => {
            let found = parser.take_diagnostic();
            recover(parser);
            let range = parser.span_from(start);
            let found = found.map(|found| inside(found, range, parser.last_token_span()));
            parsed.diagnostics.extend(found);
            parsed.ranges.push(range);
        }
    }
}

/// What is missing is found at the token behind the statement, but shown at its last one.
fn inside(mut found: Diagnostic, range: Span, last: Span) -> Diagnostic {
    if found.span.is_some_and(|span| span.start >= range.end) {
        found.span = Some(last);
    }
    found
}

/// Goes on behind the next semicolon, or at a word that begins a statement and a line.
fn recover(parser: &mut Parser<'_>) {
    if parser.position() > parser.statement_start() && parser.failed_at_missing_semicolon() {
        return;
    }
    if parser.position() == parser.statement_start() {
        parser.skip();
    }
    while !parser.at_end() && !begins_statement_and_line(parser) {
        if parser.eat(Symbol::Semicolon) {
            return;
        }
        parser.skip();
    }
}

/// SELECT is not among them, for it also goes on with a statement.
fn begins_statement_and_line(parser: &Parser<'_>) -> bool {
    use Keyword::*;
    const BEGINNINGS: &[Keyword] = &[
        CREATE, INSERT, DROP, DESCRIBE, TERMINATE, PAUSE, RESUME, PRINT, LIST, SHOW, UNSET, SET,
        DEFINE, UNDEFINE, EXPLAIN, ASSERT, ALTER, RUN,
    ];
    let begins = |word| BEGINNINGS.contains(&word);
    parser.keyword().is_some_and(begins) && parser.is_first_on_line()
}

fn too_long(text: &str) -> Diagnostic {
    let message = format!(
        "The script has {} bytes; the limit is {SCRIPT_BYTES_MAX}.",
        text.len()
    );
    Diagnostic::error(Fault::Yours, "script-too-long", message)
        .at(Span::new(0, 0))
        .hint("Split it into several scripts.")
}

fn too_many(span: Span) -> Diagnostic {
    let message = format!("The script has more than {STATEMENTS_MAX} statements.");
    Diagnostic::error(Fault::Yours, "too-many-statements", message)
        .at(span)
        .hint("Split it into several scripts.")
}
