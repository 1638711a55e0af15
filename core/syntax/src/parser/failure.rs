//! What went wrong at one token, in ksqlDB's words.
//!
//! The message is ksqlDB's whole text, with line, column and the line it stopped at; the hints
//! say in plain words what would have fitted and what may have been meant.

use super::cursor::Parser;
use super::place::Place;
use super::statement::first_words;
use crate::token::{Keyword, Symbol, Token, TokenKind};
use headwater_base::diagnostic::nearest;
use headwater_base::limits::DEPTH_MAX;
use headwater_base::{Diagnostic, Fault, order};

/// Reading stopped; the parser keeps the failure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failed;

/// A kind of token that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Terminal {
    Symbol(Symbol),
    Keyword(Keyword),
    String,
    Integer,
    Identifier,
}

impl From<Symbol> for Terminal {
    fn from(symbol: Symbol) -> Terminal {
        Terminal::Symbol(symbol)
    }
}

impl From<Keyword> for Terminal {
    fn from(keyword: Keyword) -> Terminal {
        Terminal::Keyword(keyword)
    }
}

impl Terminal {
    pub(super) fn fits(self, kind: TokenKind) -> bool {
        match self {
            Terminal::Symbol(symbol) => kind == TokenKind::Symbol(symbol),
            Terminal::Keyword(keyword) => kind == TokenKind::Keyword(keyword),
            Terminal::String => kind == TokenKind::String,
            Terminal::Integer => kind == TokenKind::Integer,
            Terminal::Identifier => kind == TokenKind::Identifier,
        }
    }

    /// As ksqlDB's messages name it.
    fn name(self) -> String {
        match self {
            Terminal::Symbol(symbol) => format!("'{}'", symbol.text()),
            Terminal::Keyword(keyword) => format!("'{}'", keyword.text()),
            Terminal::String => "STRING".to_owned(),
            Terminal::Integer => "INTEGER_VALUE".to_owned(),
            Terminal::Identifier => "IDENTIFIER".to_owned(),
        }
    }

    /// As people say it.
    fn words(self) -> String {
        match self {
            Terminal::Symbol(symbol) => format!("`{}`", symbol.text()),
            Terminal::Keyword(keyword) => keyword.text().to_owned(),
            Terminal::String => "a text in single quotes".to_owned(),
            Terminal::Integer => "a whole number".to_owned(),
            Terminal::Identifier => "a name".to_owned(),
        }
    }
}

/// Why the current token does not fit.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reason {
    /// One certain token is wanted.
    One(Terminal),
    /// One of these, in ksqlDB's order.
    Few(&'static [Terminal]),
    /// The bracket that ends a list, or a comma.
    ListEnd(Symbol),
    /// A name.
    Name,
    /// Something that many tokens may begin; what it is called.
    Near(&'static str),
    /// The end of the statement, or one of many clauses.
    StatementEnd,
    /// Something of many things, of which ksqlDB names none.
    Plain,
    /// The first word begins no statement.
    UnknownStatement,
    /// Nested deeper than the limit.
    TooDeep,
    /// ksqlDB reads it, and refuses it while it prepares the statement.
    Refused {
        code: &'static str,
        message: String,
        hint: &'static str,
    },
    /// A number of no type; ksqlDB's column for those is one more than it ought to be.
    Number { code: &'static str, message: String },
}

pub(super) struct Failure {
    pub(super) token: Token,
    pub(super) reason: Reason,
    pub(super) tried: Vec<Terminal>,
}

impl Failure {
    pub(super) fn diagnostic(self, parser: &Parser<'_>, place: Place) -> Diagnostic {
        let (line, column) = (place.line, place.column);
        let (code, detail) = match &self.reason {
            Reason::Refused { code, message, .. } => {
                return self.finish(
                    code,
                    format!("Failed to prepare statement: {message}"),
                    parser,
                );
            }
            Reason::Number { code, message } => {
                let column = column + 1;
                let message =
                    format!("Failed to prepare statement: line {line}:{column}: {message}");
                return self.finish(code, message, parser);
            }
            _ => self.detail(parser, line, column),
        };
        let failing_line = place.line_of(parser.text);
        let message =
            format!("line {line}:{column}: Syntax Error\n{detail}\nStatement: {failing_line}");
        self.finish(code, message, parser)
    }

    fn finish(&self, code: &str, message: String, parser: &Parser<'_>) -> Diagnostic {
        let mut found = Diagnostic::error(Fault::Yours, code, message).at(self.token.span);
        found.hints = self.hints(parser);
        found
    }

    /// The first of ksqlDB's explanations that fits.
    fn detail(&self, parser: &Parser<'_>, line: u32, column: u32) -> (&'static str, String) {
        let written = self.token.span.of(parser.text);
        if self.reason == Reason::TooDeep {
            let detail = format!("Nested more than {DEPTH_MAX} deep");
            return ("too-deep", detail);
        }
        if self.token.kind == TokenKind::Unterminated {
            let opening = if written.starts_with("/*") {
                "/*"
            } else {
                &written[..1]
            };
            let detail = format!("Syntax error at or near '{opening}' at line {line}:{column}");
            return ("unterminated", detail);
        }
        if let (Reason::Name, TokenKind::Keyword(_)) = (&self.reason, self.token.kind) {
            return ("reserved-word", reserved(written));
        }
        if self.reason == Reason::UnknownStatement {
            return unknown_statement(written);
        }
        if self.ends() && open_brackets(parser.passed_tokens()) > 0 {
            return ("missing-bracket", missing_bracket(written));
        }
        let near = || {
            let shown = if self.token.kind == TokenKind::End {
                "<EOF>"
            } else {
                written
            };
            format!("Syntax error at or near '{shown}' at line {line}:{column}")
        };
        match &self.reason {
            Reason::One(wanted) => ("unexpected", self.one(*wanted, written)),
            Reason::Few(wanted) => ("unexpected", expecting(wanted)),
            Reason::ListEnd(close) => (
                "unexpected",
                expecting(&[Symbol::Comma.into(), (*close).into()]),
            ),
            Reason::Near(_) | Reason::Name => ("unexpected", near()),
            Reason::StatementEnd if self.lacks_semicolon() => (
                "missing-semicolon",
                self.one(Symbol::Semicolon.into(), written),
            ),
            Reason::StatementEnd if self.tried.len() <= 3 => {
                let mut wanted = self.tried.clone();
                order::sort(&mut wanted);
                ("unexpected", expecting(&wanted))
            }
            _ => ("unexpected", String::new()),
        }
    }

    fn ends(&self) -> bool {
        matches!(
            self.token.kind,
            TokenKind::End | TokenKind::Symbol(Symbol::Semicolon)
        )
    }

    fn lacks_semicolon(&self) -> bool {
        let begins = match self.token.kind {
            TokenKind::Keyword(keyword) => super::statement::begins_statement(keyword),
            _ => false,
        };
        self.token.kind == TokenKind::End || begins
    }

    /// ksqlDB says "missing" where the statement would go on well with the token put in.
    fn one(&self, wanted: Terminal, written: &str) -> String {
        use Symbol::*;
        let found = match self.token.kind {
            TokenKind::Symbol(symbol) => Some(symbol),
            _ => None,
        };
        let goes_on = match wanted {
            Terminal::Symbol(RightParenthesis | RightBracket) => {
                matches!(found, Some(Comma | RightParenthesis | RightBracket))
            }
            Terminal::Symbol(Semicolon) => true,
            _ => false,
        };
        if !goes_on {
            return expecting(&[wanted]);
        }
        let shown = if self.token.kind == TokenKind::End {
            "<EOF>"
        } else {
            written
        };
        format!("missing {} at '{shown}'", wanted.name())
    }

    fn hints(&self, parser: &Parser<'_>) -> Vec<String> {
        let written = self.token.span.of(parser.text);
        match &self.reason {
            Reason::TooDeep => return vec!["Split it into several statements.".to_owned()],
            Reason::Refused { hint, .. } => return vec![(*hint).to_owned()],
            Reason::Number { .. } => {
                return vec![
                    "A BIGINT has 64 bits, a DOUBLE ends at 1.7976931348623157E308.".to_owned(),
                ];
            }
            Reason::UnknownStatement => return did_you_mean(written, first_words()),
            _ => {}
        }
        if self.token.kind == TokenKind::Unterminated {
            return vec![unterminated_hint(written)];
        }
        if let (Reason::Name, TokenKind::Keyword(_)) = (&self.reason, self.token.kind) {
            return vec![format!(
                "Write it in back-quotes: `{}`.",
                written.to_ascii_uppercase()
            )];
        }
        if self.lacks_semicolon() && self.reason == Reason::StatementEnd {
            return vec!["A statement ends with `;`.".to_owned()];
        }
        let keywords = self.tried.iter().filter_map(|tried| match tried {
            Terminal::Keyword(keyword) => Some(keyword.text()),
            _ => None,
        });
        let mut hints = did_you_mean(written, keywords);
        if self.reason == Reason::StatementEnd {
            hints.extend(self.about_alias(parser));
        }
        hints.extend(self.expected_in_words());
        hints
    }

    /// The word before is read as an alias, but may have been meant as a clause.
    fn about_alias(&self, parser: &Parser<'_>) -> Vec<String> {
        const CLAUSES: &[Keyword] = &[
            Keyword::WHERE,
            Keyword::GROUP,
            Keyword::HAVING,
            Keyword::PARTITION,
            Keyword::WINDOW,
            Keyword::EMIT,
            Keyword::LIMIT,
            Keyword::INNER,
            Keyword::LEFT,
            Keyword::RIGHT,
            Keyword::JOIN,
        ];
        let before = parser.passed_tokens().last();
        let Some(alias) = before.filter(|token| token.kind == TokenKind::Identifier) else {
            return Vec::new();
        };
        let alias = alias.span.of(parser.text);
        if alias.eq_ignore_ascii_case("ORDER") {
            return vec!["ksqlDB has no ORDER BY.".to_owned()];
        }
        let clauses = CLAUSES.iter().map(|keyword| keyword.text());
        let near = nearest(alias, clauses);
        let meant = |near: &&str| format!("Did you mean {near} instead of {alias}?");
        near.iter().map(meant).collect()
    }

    fn expected_in_words(&self) -> Option<String> {
        const WORDS_MAX: usize = 10;
        if let Reason::Near(what) = &self.reason {
            return Some(format!("Expected here: {what}."));
        }
        let mut wanted: Vec<Terminal> = match &self.reason {
            Reason::One(wanted) => vec![*wanted],
            Reason::Few(wanted) => wanted.to_vec(),
            Reason::ListEnd(close) => vec![Symbol::Comma.into(), (*close).into()],
            _ => self.tried.clone(),
        };
        if wanted.is_empty() || wanted.len() > WORDS_MAX {
            return None;
        }
        order::sort(&mut wanted);
        let words: Vec<String> = wanted.into_iter().map(Terminal::words).collect();
        let said = match words.split_last() {
            Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => words.concat(),
        };
        Some(format!("Expected here: {said}."))
    }
}

fn reserved(written: &str) -> String {
    format!(
        "\"{written}\" is a reserved keyword and it can't be used as an identifier. \
         You can use it as an identifier by escaping it as '{written}' "
    )
}

fn unknown_statement(written: &str) -> (&'static str, String) {
    let unknown = format!("Unknown statement '{written}'");
    let detail = match nearest(written, first_words()).first() {
        Some(near) => format!("{unknown}\nDid you mean '{near}'?"),
        None => unknown,
    };
    ("unknown-statement", detail)
}

fn missing_bracket(written: &str) -> String {
    let shown = if written.is_empty() { "<EOF>" } else { written };
    format!("Syntax error at or near \"{shown}\"\n'}}', ']', or ')' is missing")
}

fn expecting(wanted: &[Terminal]) -> String {
    let names: Vec<String> = wanted.iter().map(|terminal| terminal.name()).collect();
    match names.as_slice() {
        [name] => format!("Expecting {name}"),
        _ => format!("Expecting {{{}}}", names.join(", ")),
    }
}

fn unterminated_hint(written: &str) -> String {
    if written.starts_with("/*") {
        return "This comment has no `*/`.".to_owned();
    }
    format!("There is no closing {} for this one.", &written[..1])
}

fn did_you_mean<'a>(written: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let is_word = written.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !is_word || written.is_empty() {
        return Vec::new();
    }
    let found = nearest(written, known);
    found
        .iter()
        .map(|near| format!("Did you mean {near}?"))
        .collect()
}

fn open_brackets(tokens: &[Token]) -> i64 {
    use Symbol::*;
    let depth = |token: &Token| match token.kind {
        TokenKind::Symbol(LeftParenthesis | LeftBracket) => 1,
        TokenKind::Symbol(RightParenthesis | RightBracket) => -1,
        _ => 0,
    };
    tokens.iter().map(depth).sum()
}
