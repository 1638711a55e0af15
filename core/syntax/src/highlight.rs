//! Colours for an editor: what each token of a text is, even where the text is broken.
//!
//! Words that may be names or key words are told apart by the parser, where it gave up by the
//! words themselves; or, where a program has to do without the parser, by their neighbours.

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
    let mut roles = roles_of(text).into_iter().peekable();
    pieces(text, |tokens, at| {
        let place = tokens[at].span;
        while roles
            .next_if(|(span, _)| span.start < place.start)
            .is_some()
        {}
        let role = roles.next_if(|(span, _)| *span == place);
        role.map(|(_, role)| role)
    })
}

/// The same without the parser: words are told apart by the words beside them.
///
/// ```
/// use headwater_syntax::{HighlightKind, highlight_words};
/// let text = "SELECT KEY, S.TYPE FROM S PARTITION BY KEY;";
/// let pieces = highlight_words(text).into_iter();
/// let names: Vec<_> = pieces.filter(|it| it.1 == HighlightKind::Identifier).collect();
/// assert_eq!(names.len(), 5);
/// ```
pub fn highlight_words(text: &str) -> Vec<(Span, HighlightKind)> {
    if text.len() > SCRIPT_BYTES_MAX {
        return Vec::new();
    }
    pieces(text, |tokens, at| {
        use Keyword::*;
        let mut before = tokens[..at].iter().rev().map(|it| it.kind);
        let mut after = tokens[at + 1..].iter().map(|it| it.kind);
        let before = before.find(|it| !it.is_trivia())?;
        let after = after.find(|it| !it.is_trivia())?;
        match (tokens[at].kind, before) {
            (TokenKind::Keyword(word), _) if !word.is_reserved() => {
                role_by_neighbours(word, before, after)
            }
            // Its columns follow in parentheses, as a call's arguments do.
            (TokenKind::Identifier, TokenKind::Keyword(STREAM | TABLE | EXISTS | INTO)) => {
                Some(Role::Name)
            }
            _ => None,
        }
    })
}

/// What a word is that may be a key word or a name; `None` for a key word.
fn role_by_neighbours(word: Keyword, before: TokenKind, after: TokenKind) -> Option<Role> {
    use Keyword::*;
    use Symbol::*;
    use TokenKind::Symbol as Sign;
    if matches!(before, Sign(Dot | Arrow)) || matches!(after, Sign(Dot | Arrow)) {
        return Some(Role::Name);
    }
    let begins_phrase = match after {
        TokenKind::Keyword(PERIOD) => word == GRACE,
        TokenKind::Keyword(BY) => word == PARTITION,
        TokenKind::Keyword(STREAM | TABLE | SOURCE | TYPE) => word == REPLACE,
        TokenKind::Integer => word == INTERVAL,
        Sign(Less) => matches!(word, ARRAY | MAP | STRUCT),
        Sign(Greater) => is_type_keyword(word),
        _ => false,
    };
    let stands_for_value = match before {
        Sign(Less) => !is_type_keyword(word),
        Sign(sign) => !matches!(sign, Semicolon | RightParenthesis | RightBracket),
        TokenKind::Keyword(AS) => !is_type_keyword(word),
        TokenKind::Keyword(before) => matches!(
            before,
            SELECT
                | DISTINCT
                | BY
                | WHERE
                | HAVING
                | AND
                | OR
                | NOT
                | ON
                | WHEN
                | THEN
                | ELSE
                | CASE
                | BETWEEN
                | LIKE
                | IN
                | FROM
                | JOIN
        ),
        _ => false,
    };
    match (begins_phrase || !stands_for_value, after) {
        (true, _) => None,
        (false, Sign(LeftParenthesis)) => Some(Role::Function),
        (false, Sign(LeftBracket)) if word == ARRAY => Some(Role::Function),
        (false, _) => Some(Role::Name),
    }
}

/// The pieces of a text, where `role` tells what a word is if it is no key word.
fn pieces(
    text: &str,
    mut role: impl FnMut(&[Token], usize) -> Option<Role>,
) -> Vec<(Span, HighlightKind)> {
    let tokens = tokenize(text);
    let mut pieces = Vec::with_capacity(tokens.len());
    for (index, token) in tokens.iter().enumerate() {
        let role = role(&tokens, index);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts with every kind of word that may be a name, as lessons and visitors write them.
    const TEXTS: &[&str] = &[
        "CREATE OR REPLACE STREAM S (ID INT KEY, TYPE VARCHAR, T TIMESTAMP, M MAP<STRING, INTEGER>)
           WITH (KAFKA_TOPIC='s', TIMESTAMP='T', PARTITIONS=2);",
        "CREATE SOURCE TABLE IF NOT EXISTS T (ID STRING PRIMARY KEY, A ARRAY<STRUCT<X DATE>>)
           WITH (KAFKA_TOPIC='t', VALUE_FORMAT='JSON');",
        "SELECT KEY, S.TYPE AS SOURCE, CAST(A AS STRING), SECOND FROM S WHERE ID > 3 AND KEY = 'a'
           EMIT CHANGES;",
        "SELECT ID, COUNT(*) FROM S WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD 1 DAY)
           GROUP BY ID EMIT FINAL;",
        "SELECT * FROM S WINDOW SESSION (5 SECONDS) PARTITION BY ID;",
        "SELECT ARRAY[1, 2], STRUCT(A := 1), REPLACE(A, 'x', 'y'), M['k'] FROM S;",
        "SHOW TABLES; LIST TYPES; EXPLAIN CTAS_T_1; SET 'a'='b'; DEFINE x = 'y'; LIST FUNCTIONS;",
        "ASSERT SCHEMA SUBJECT 's' TIMEOUT 3 SECONDS; ALTER STREAM S ADD COLUMN N INT;",
    ];

    #[test]
    fn neighbours_tell_what_the_parser_tells() {
        for text in TEXTS {
            let (parsed, guessed) = (highlight(text), highlight_words(text));
            for (one, other) in parsed.iter().zip(&guessed) {
                assert_eq!(one, other, "{:?} in {text}", one.0.of(text));
            }
            assert_eq!(parsed.len(), guessed.len());
        }
    }
}
