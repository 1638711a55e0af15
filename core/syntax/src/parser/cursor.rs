//! The parser's primitives: looking at tokens, taking them, names, and noting what was tried.
//!
//! Whatever is asked for at one token is remembered, so that a failure there can say what would
//! have fitted.

use super::failure::{Failed, Failure, Reason, Terminal};
use super::place::Place;
use crate::ast::{Expression, Identifier, StringLiteral};
use crate::lexer::tokenize;
use crate::token::{Keyword, Symbol, Token, TokenKind};
use headwater_base::limits::DEPTH_MAX;
use headwater_base::{Diagnostic, Fault, Severity, Span};

/// The result of reading one thing; the failure itself is kept in the parser.
pub(super) type Parse<T> = Result<T, Failed>;

/// What a word turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The name of something.
    Name,
    /// The name of a function.
    Function,
    /// A type, or a part of one.
    Type,
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    /// All tokens but comments; the last one is the end.
    tokens: Vec<Token>,
    at: usize,
    statement_start: usize,
    tried: Vec<Terminal>,
    failure: Option<Failure>,
    depth: u32,
    roles: Vec<(Span, Role)>,
    empty_comments: Vec<Span>,
    place: Place,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Parser<'a> {
        let (comments, tokens): (Vec<Token>, Vec<Token>) =
            tokenize(text).into_iter().partition(|t| t.kind.is_trivia());
        let swallows_line = |token: &Token| {
            let rest = token.span.of(text).strip_prefix("--");
            let rest = rest.map(|rest| rest.trim_start_matches('\r'));
            rest.and_then(|rest| rest.strip_prefix('\n'))
                .is_some_and(|line| !line.trim().is_empty())
        };
        let empty_comments = comments.iter().filter(|token| swallows_line(token));
        Parser {
            text,
            tokens,
            at: 0,
            statement_start: 0,
            tried: Vec::new(),
            failure: None,
            depth: 0,
            roles: Vec::new(),
            place: Place::default(),
            empty_comments: empty_comments.map(|token| token.span).collect(),
        }
    }

    pub(super) fn warnings(&self) -> Vec<Diagnostic> {
        let warning = |span: &Span| Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(
                Fault::Yours,
                "comment-takes-next-line",
                "ksqlDB reads an empty `--` comment together with the line below it.",
            )
            .at(*span)
            .hint("Write a blank and a word behind the dashes.")
        };
        self.empty_comments.iter().map(warning).collect()
    }

    pub(super) fn begin_statement(&mut self) {
        self.statement_start = self.at;
        self.depth = 0;
        self.tried.clear();
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn statement_start(&self) -> usize {
        self.statement_start
    }

    pub(super) fn token(&self) -> Token {
        self.token_ahead(0)
    }

    pub(super) fn token_ahead(&self, ahead: usize) -> Token {
        let last = self.tokens.len() - 1;
        self.tokens[(self.at + ahead).min(last)]
    }

    /// The tokens of the current statement before the current one.
    pub(super) fn passed_tokens(&self) -> &[Token] {
        &self.tokens[self.statement_start..self.at]
    }

    pub(super) fn span(&self) -> Span {
        self.token().span
    }

    /// From `start` to the end of the last token that was taken.
    pub(super) fn span_from(&self, start: u32) -> Span {
        let end = self
            .at
            .checked_sub(1)
            .map_or(start, |last| self.tokens[last].span.end);
        Span::new(start, end.max(start))
    }

    pub(super) fn last_token_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    pub(super) fn at_end(&self) -> bool {
        self.token().kind == TokenKind::End
    }

    pub(super) fn keyword(&self) -> Option<Keyword> {
        self.keyword_ahead(0)
    }

    pub(super) fn keyword_ahead(&self, ahead: usize) -> Option<Keyword> {
        match self.token_ahead(ahead).kind {
            TokenKind::Keyword(keyword) => Some(keyword),
            _ => None,
        }
    }

    pub(super) fn symbol_ahead(&self, ahead: usize) -> Option<Symbol> {
        match self.token_ahead(ahead).kind {
            TokenKind::Symbol(symbol) => Some(symbol),
            _ => None,
        }
    }

    pub(super) fn is_first_on_line(&self) -> bool {
        let Some(before) = self.at.checked_sub(1) else {
            return true;
        };
        let gap = Span::new(self.tokens[before].span.end, self.span().start);
        gap.of(self.text).contains('\n')
    }

    /// Takes the current token; at the end nothing happens.
    pub(super) fn skip(&mut self) -> Token {
        let token = self.token();
        if token.kind != TokenKind::End {
            self.at += 1;
            self.tried.clear();
        }
        token
    }

    /// Whether the current token is this one; remembers that it would have fitted.
    pub(super) fn at(&mut self, wanted: impl Into<Terminal>) -> bool {
        let wanted = wanted.into();
        if !self.tried.contains(&wanted) {
            self.tried.push(wanted);
        }
        wanted.fits(self.token().kind)
    }

    /// Takes the current token if it is this one.
    pub(super) fn eat(&mut self, wanted: impl Into<Terminal>) -> bool {
        let found = self.at(wanted);
        if found {
            self.skip();
        }
        found
    }

    /// Takes these tokens if all of them follow.
    pub(super) fn eat_all(&mut self, words: &[Keyword]) -> bool {
        let mut ahead = words.iter().enumerate();
        self.at(words[0]);
        let found = ahead.all(|(at, word)| self.keyword_ahead(at) == Some(*word));
        if found {
            words.iter().for_each(|_| {
                self.skip();
            });
        }
        found
    }

    /// Takes the current token, which must be this one.
    pub(super) fn expect(&mut self, wanted: impl Into<Terminal>) -> Parse<Token> {
        let wanted = wanted.into();
        if self.at(wanted) {
            return Ok(self.skip());
        }
        self.fail(Reason::One(wanted))
    }

    pub(super) fn expect_statement_end(&mut self) -> Parse<()> {
        if self.eat(Symbol::Semicolon) {
            return Ok(());
        }
        self.fail(Reason::StatementEnd)
    }

    pub(super) fn fail<T>(&mut self, reason: Reason) -> Parse<T> {
        self.fail_at(self.at, reason)
    }

    /// Fails at a token that was passed already.
    pub(super) fn fail_at<T>(&mut self, at: usize, reason: Reason) -> Parse<T> {
        if self.failure.is_none() {
            self.failure = Some(Failure {
                token: self.tokens[at],
                reason,
                tried: std::mem::take(&mut self.tried),
            });
        }
        Err(Failed)
    }

    pub(super) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    pub(super) fn take_diagnostic(&mut self) -> Option<Diagnostic> {
        let failure = self.failure.take()?;
        self.place = self.place.advanced(self.text, failure.token.span.start);
        Some(failure.diagnostic(self, self.place))
    }

    /// Whether a whole statement was read, and another one begins without a semicolon between.
    pub(super) fn failed_at_missing_semicolon(&self) -> bool {
        let begins = self
            .keyword()
            .is_some_and(super::statement::begins_statement);
        begins && self.is_first_on_line()
    }

    /// Runs `read` one level deeper; too deep is a failure.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= DEPTH_MAX {
            return self.fail(Reason::TooDeep);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// `item, item, …`: at least one.
    pub(super) fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parse<T>) -> Parse<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.eat(Symbol::Comma) {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// `(item, item, …)`: at least one.
    pub(super) fn bracketed_list<T>(
        &mut self,
        item: impl FnMut(&mut Self) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        self.expect(Symbol::LeftParenthesis)?;
        let items = self.list(item)?;
        self.end_list(Symbol::RightParenthesis)?;
        Ok(items)
    }

    /// The bracket that ends a list; a comma would have fitted, too.
    pub(super) fn end_list(&mut self, close: Symbol) -> Parse<Token> {
        if self.at(close) {
            return Ok(self.skip());
        }
        self.fail(Reason::ListEnd(close))
    }

    /// Whether the token may be a name.
    pub(super) fn is_name_ahead(&self, ahead: usize) -> bool {
        match self.token_ahead(ahead).kind {
            TokenKind::Identifier | TokenKind::QuotedIdentifier | TokenKind::Variable => true,
            TokenKind::Keyword(keyword) => !keyword.is_reserved(),
            _ => false,
        }
    }

    /// A name.
    pub(super) fn identifier(&mut self) -> Parse<Identifier> {
        self.at(Terminal::Identifier);
        if !self.is_name_ahead(0) {
            return self.fail(Reason::Name);
        }
        let token = self.skip();
        self.mark(token.span, Role::Name);
        Ok(identifier_of(self.text, token))
    }

    /// A name of any word, reserved or not.
    pub(super) fn any_word(&mut self) -> Parse<Identifier> {
        if let TokenKind::Keyword(_) = self.token().kind {
            let token = self.skip();
            self.mark(token.span, Role::Name);
            return Ok(identifier_of(self.text, token));
        }
        self.identifier()
    }

    /// A text in single quotes, or a variable that stands for one.
    pub(super) fn string(&mut self) -> Parse<StringLiteral> {
        if self.at(Terminal::String) || self.token().kind == TokenKind::Variable {
            let token = self.skip();
            return Ok(StringLiteral {
                value: string_value(self.text, token),
                span: token.span,
            });
        }
        self.fail(Reason::One(Terminal::String))
    }

    /// Remembers what a word turned out to be; the last word counts.
    pub(super) fn mark(&mut self, span: Span, role: Role) {
        while self
            .roles
            .last()
            .is_some_and(|(last, _)| last.start >= span.start)
        {
            self.roles.pop();
        }
        self.roles.push((span, role));
    }
}

/// A token's name: without quotes, or in capital letters.
fn identifier_of(text: &str, token: Token) -> Identifier {
    let written = token.span.of(text);
    let (text, quoted) = match token.kind {
        TokenKind::QuotedIdentifier => (unquote(written), true),
        TokenKind::Variable => (written.to_owned(), false),
        _ => (written.to_ascii_uppercase(), false),
    };
    Identifier {
        text,
        quoted,
        span: token.span,
    }
}

pub(super) fn string_value(text: &str, token: Token) -> String {
    match token.kind {
        TokenKind::String => unquote(token.span.of(text)),
        _ => token.span.of(text).to_owned(),
    }
}

/// The text between quotes, a doubled quote made single.
pub(super) fn unquote(written: &str) -> String {
    let quote = &written[..1];
    let inner = &written[1..written.len() - 1];
    inner.replace(&quote.repeat(2), quote)
}

/// What the words of a text turned out to be, as far as it can be read.
pub(crate) fn roles_of(text: &str) -> Vec<(Span, Role)> {
    let mut parser = Parser::new(text);
    let mut parsed = super::Parsed::default();
    while !parser.at_end() {
        let before = parser.position();
        super::one_statement(&mut parser, &mut parsed);
        if parser.position() == before {
            parser.skip();
        }
    }
    parser.roles
}

/// The one expression that a text is.
pub(crate) fn expression_of(text: &str) -> Result<Expression, Diagnostic> {
    let mut parser = Parser::new(text);
    let read = parser.expression().and_then(|expression| {
        if parser.at_end() {
            return Ok(expression);
        }
        parser.fail(Reason::Plain)
    });
    read.map_err(|Failed| {
        let found = parser.take_diagnostic();
        found.unwrap_or_else(|| {
            Diagnostic::error(Fault::Ours, "lost-failure", "The parser lost its message.")
        })
    })
}
