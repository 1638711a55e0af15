//! Colours for an editor: what each token of a text is, even where the text is broken.
//!
//! Words that may be names or key words are told apart by the parser; where it gave up, by the
//! words themselves.

use crate::lexer::{tokenize, variable_length};
use crate::parser::{Role, roles_of};
use crate::token::{Keyword, Symbol, Token, TokenKind};
use headwater_base::Span;
use headwater_base::limits::SCRIPT_BYTES_MAX;
use serde::{Deserialize, Serialize};

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HighlightKind {
    /// A word of the language.
    Keyword,
    /// A name.
    Identifier,
    /// A name in quotes.
    QuotedIdentifier,
    /// A text in single quotes.
    String,
    /// A number.
    Number,
    /// A comment or a directive.
    Comment,
    /// An operator or punctuation.
    Operator,
    /// `${name}`, also within a string.
    Variable,
    /// The name of a function that is called.
    Function,
    /// A type.
    Type,
    /// What cannot be read.
    Error,
}

/// The pieces of a text in order; blanks are left out.
///
/// ```
/// use headwater_syntax::{HighlightKind, highlight};
/// let text = "SELECT UCASE(KEY) FROM S;";
/// let pieces = highlight(text);
/// let named: Vec<_> = pieces.iter().map(|(span, kind)| (span.of(text), *kind)).collect();
/// assert_eq!(named[1], ("UCASE", HighlightKind::Function));
/// assert_eq!(named[3], ("KEY", HighlightKind::Identifier));
/// ```
pub fn highlight(text: &str) -> Vec<(Span, HighlightKind)> {
    if text.len() > SCRIPT_BYTES_MAX {
        return Vec::new();
    }
    let tokens = tokenize(text);
    let mut roles = roles_of(text).into_iter().peekable();
    let mut pieces = Vec::with_capacity(tokens.len());
    for (index, token) in tokens.iter().enumerate() {
        while roles
            .next_if(|(span, _)| span.start < token.span.start)
            .is_some()
        {}
        let role = roles.next_if(|(span, _)| *span == token.span);
        let role = role.map(|(_, role)| role);
        if token.kind == TokenKind::String {
            push_string(text, token.span, &mut pieces);
        } else if token.kind != TokenKind::End {
            let next = tokens.get(index + 1).map(|next| next.kind);
            pieces.push((token.span, kind_of(text, *token, role, next)));
        }
    }
    pieces
}

fn kind_of(text: &str, token: Token, role: Option<Role>, next: Option<TokenKind>) -> HighlightKind {
    let opens = next == Some(TokenKind::Symbol(Symbol::LeftParenthesis));
    match (token.kind, role) {
        (TokenKind::QuotedIdentifier, _) => HighlightKind::QuotedIdentifier,
        (TokenKind::Variable, _) => HighlightKind::Variable,
        (_, Some(Role::Function)) => HighlightKind::Function,
        (_, Some(Role::Type)) => HighlightKind::Type,
        (_, Some(Role::Name)) => HighlightKind::Identifier,
        (TokenKind::Keyword(keyword), None) if is_type_keyword(keyword) => HighlightKind::Type,
        (TokenKind::Keyword(_), None) => HighlightKind::Keyword,
        (TokenKind::Identifier, None) if is_type_name(token.span.of(text)) => HighlightKind::Type,
        (TokenKind::Identifier, None) if opens => HighlightKind::Function,
        (TokenKind::Identifier, None) => HighlightKind::Identifier,
        (TokenKind::Integer | TokenKind::Decimal | TokenKind::Float, _) => HighlightKind::Number,
        (TokenKind::Comment | TokenKind::Directive, _) => HighlightKind::Comment,
        (TokenKind::Symbol(_), _) => HighlightKind::Operator,
        (TokenKind::String, _) => HighlightKind::String,
        (TokenKind::Unknown | TokenKind::Unterminated | TokenKind::End, _) => HighlightKind::Error,
    }
}

fn is_type_keyword(keyword: Keyword) -> bool {
    use Keyword::*;
    matches!(
        keyword,
        ARRAY | MAP | STRUCT | DECIMAL | INTEGER | STRING | DATE | TIME | TIMESTAMP
    )
}

fn is_type_name(word: &str) -> bool {
    const NAMES: &[&str] = &["BOOLEAN", "INT", "BIGINT", "DOUBLE", "VARCHAR", "BYTES"];
    NAMES.iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// A string with the variables in it as pieces of their own.
fn push_string(text: &str, span: Span, pieces: &mut Vec<(Span, HighlightKind)>) {
    let mut start = span.start;
    let mut at = span.start;
    while at < span.end {
        let rest = Span::new(at, span.end).of(text);
        if let Some(length) = variable_length(rest) {
            if start < at {
                pieces.push((Span::new(start, at), HighlightKind::String));
            }
            let end = at + length as u32;
            pieces.push((Span::new(at, end), HighlightKind::Variable));
            (start, at) = (end, end);
        } else {
            at += rest
                .chars()
                .next()
                .map_or(1, |character| character.len_utf8() as u32);
        }
    }
    if start < span.end {
        pieces.push((Span::new(start, span.end), HighlightKind::String));
    }
}
