//! Where a cursor is: in which statement, behind which tokens, in which word.
//!
//! It works on tokens, so that it knows the place also in a statement that is broken or not yet
//! finished.

use headwater_base::Span;
use headwater_syntax::lexer::tokenize;
use headwater_syntax::token::{Keyword, Symbol, Token, TokenKind};
use headwater_syntax::{Expected, begins_statement, expected};

/// The place of a cursor.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub(super) text: &'a str,
    /// The tokens of the statement, without comments.
    pub(super) statement: Vec<Token>,
    /// How many of them stand before the word.
    pub(super) before: usize,
    /// The word at the cursor; empty where there is none.
    pub(super) word: Span,
    /// The part of the word before the cursor.
    pub(super) typed: &'a str,
    /// What fits behind the tokens before the word.
    pub(super) expected: Expected,
}

impl<'a> Place<'a> {
    /// The place of `cursor`; `None` within a comment, where nothing is completed.
    pub(super) fn at(text: &'a str, cursor: usize) -> Option<Place<'a>> {
        let (trivia, tokens): (Vec<Token>, Vec<Token>) = tokenize(text)
            .into_iter()
            .partition(|it| it.kind.is_trivia());
        let cursor = cursor as u32;
        let holds = |it: &Token| it.span.start < cursor && cursor <= it.span.end;
        if trivia.iter().any(holds) {
            return None;
        }
        let word = match tokens.iter().find(|it| holds(it) && is_word(it.kind)) {
            // What is not closed reaches to the line's end, which is not meant.
            Some(it) if it.kind == TokenKind::Unterminated => Span::new(it.span.start, cursor),
            Some(it) => it.span,
            None => Span::new(cursor, cursor),
        };
        if Span::new(word.start, cursor).of(text).starts_with("/*") {
            return None;
        }
        let statement = statement_at(text, &tokens, word.start);
        let before = statement
            .iter()
            .filter(|it| it.span.end <= word.start)
            .count();
        let start = statement.first().map_or(word.start, |it| it.span.start);
        Some(Place {
            text,
            before,
            word,
            typed: Span::new(word.start, cursor).of(text),
            expected: expected(Span::new(start.min(word.start), word.start).of(text)),
            statement,
        })
    }

    /// What the token so many places before the word is; 0 is the last one.
    pub(super) fn back(&self, places: usize) -> Option<TokenKind> {
        self.back_token(places).map(|it| it.kind)
    }

    /// The token so many places before the word; 0 is the last one.
    pub(super) fn back_token(&self, places: usize) -> Option<Token> {
        let at = self.before.checked_sub(places + 1)?;
        self.statement.get(at).copied()
    }

    /// The key word so many places before the word.
    pub(super) fn back_keyword(&self, places: usize) -> Option<Keyword> {
        match self.back(places) {
            Some(TokenKind::Keyword(keyword)) => Some(keyword),
            _ => None,
        }
    }

    /// The tokens before the word.
    pub(super) fn tokens_before(&self) -> &[Token] {
        &self.statement[..self.before]
    }

    /// The place of the bracket before the word that is still open.
    pub(super) fn open_bracket(&self) -> Option<usize> {
        let mut depth = 0;
        for (at, token) in self.tokens_before().iter().enumerate().rev() {
            match token.kind {
                TokenKind::Symbol(Symbol::RightParenthesis) => depth += 1,
                TokenKind::Symbol(Symbol::LeftParenthesis) if depth == 0 => return Some(at),
                TokenKind::Symbol(Symbol::LeftParenthesis) => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// The first key word of the statement.
    pub(super) fn first_keyword(&self) -> Option<Keyword> {
        match self.statement.first()?.kind {
            TokenKind::Keyword(keyword) => Some(keyword),
            _ => None,
        }
    }

    /// The name that a token is, in the case that counts.
    pub(super) fn name(&self, token: Token) -> Option<String> {
        let written = token.span.of(self.text);
        match token.kind {
            TokenKind::Identifier => Some(written.to_uppercase()),
            TokenKind::Keyword(keyword) if !keyword.is_reserved() => Some(written.to_uppercase()),
            TokenKind::QuotedIdentifier => {
                let quote = &written[..1];
                let inner = &written[1..written.len().max(2) - 1];
                Some(inner.replace(&quote.repeat(2), quote))
            }
            _ => None,
        }
    }
}

fn is_word(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Keyword(_)
            | TokenKind::Identifier
            | TokenKind::QuotedIdentifier
            | TokenKind::String
            | TokenKind::Unterminated
    )
}

/// The tokens of the statement that a place is in. A statement without its semicolon ends before
/// a line that begins a new one, as the parser has it.
fn statement_at(text: &str, tokens: &[Token], at: u32) -> Vec<Token> {
    let mut statement: Vec<Token> = Vec::new();
    let mut depth = 0_u32;
    for token in tokens {
        let last = statement.last().copied();
        let ended = last.is_some_and(|it| it.kind == TokenKind::Symbol(Symbol::Semicolon));
        if ended || (depth == 0 && begins_anew(text, &statement, *token)) {
            let is_behind = match ended {
                true => last.is_some_and(|it| it.span.end > at),
                false => token.span.start > at,
            };
            if is_behind {
                return statement;
            }
            statement.clear();
            depth = 0;
        }
        match token.kind {
            TokenKind::End => break,
            TokenKind::Symbol(Symbol::LeftParenthesis) => depth += 1,
            TokenKind::Symbol(Symbol::RightParenthesis) => depth = depth.saturating_sub(1),
            _ => {}
        }
        statement.push(*token);
    }
    let last = statement.last();
    if last.is_some_and(|it| it.kind == TokenKind::Symbol(Symbol::Semicolon) && it.span.end <= at) {
        statement.clear();
    }
    statement
}

fn begins_anew(text: &str, statement: &[Token], token: Token) -> bool {
    let (Some(last), TokenKind::Keyword(word)) = (statement.last(), token.kind) else {
        return false;
    };
    let gap = Span::new(last.span.end, token.span.start).of(text);
    if !begins_statement(word) || !gap.contains('\n') {
        return false;
    }
    let holds = |keyword: Keyword| {
        let kind = TokenKind::Keyword(keyword);
        statement.iter().any(|it| it.kind == kind)
    };
    let continues = match last.kind {
        TokenKind::Keyword(Keyword::AS | Keyword::EXPLAIN) => true,
        _ => word == Keyword::SELECT && !holds(Keyword::SELECT) && holds(Keyword::INSERT),
    };
    !continues
}
