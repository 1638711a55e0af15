//! Cuts a text into tokens. It never fails: what cannot be read becomes a token of its own.
//!
//! Blanks leave no token. It follows ksqlDB's lexer, with one choice of its own: a quote without
//! its end reaches to the end of its line, so that the next line is read as usual.

use crate::token::{Keyword, Symbol, Token, TokenKind};
use headwater_base::Span;

/// The tokens of `text`, comments included, with an `End` token as the last one.
///
/// ```
/// use headwater_syntax::lexer::tokenize;
/// use headwater_syntax::token::TokenKind;
/// let tokens = tokenize("1abc 2.5 -- note");
/// let kinds: Vec<TokenKind> = tokens.iter().map(|token| token.kind).collect();
/// use TokenKind::*;
/// assert_eq!(kinds, [Identifier, Decimal, Comment, End]);
/// ```
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let kind = lexer.token();
        debug_assert!(lexer.at > start || kind == TokenKind::End, "no progress");
        tokens.push(Token {
            kind,
            span: Span::new(start as u32, lexer.at as u32),
        });
        if kind == TokenKind::End {
            return tokens;
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn byte(&self, ahead: usize) -> u8 {
        let bytes = self.text.as_bytes();
        bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn skip_blanks(&mut self) {
        while matches!(self.byte(0), b' ' | b'\t' | b'\r' | b'\n') {
            self.at += 1;
        }
    }

    fn skip_while(&mut self, test: impl Fn(u8) -> bool) {
        while self.at < self.text.len() && test(self.byte(0)) {
            self.at += 1;
        }
    }

    fn skip_to_line_end(&mut self) {
        self.skip_while(|byte| byte != b'\n');
    }

    fn token(&mut self) -> TokenKind {
        match self.byte(0) {
            0 if self.at >= self.text.len() => TokenKind::End,
            b'-' if self.byte(1) == b'-' => self.line_comment(),
            b'/' if self.byte(1) == b'*' => self.block_comment(),
            b'\'' => self.quoted(TokenKind::String),
            b'"' | b'`' => self.quoted(TokenKind::QuotedIdentifier),
            b'$' => self.variable(),
            b'.' if self.byte(1).is_ascii_digit() => self.number(),
            byte if byte.is_ascii_digit() => self.number(),
            byte if is_word_start(byte) => self.word(),
            _ => self.symbol(),
        }
    }

    /// ksqlDB's grammar asks for one character behind the dashes, whatever it is: an empty
    /// comment takes its line break for that character, and with it the next line.
    fn line_comment(&mut self) -> TokenKind {
        if self.byte(2) == b'@' {
            self.skip_to_line_end();
            return TokenKind::Directive;
        }
        self.at += 2;
        if self.byte(0) == b'\r' && self.byte(1) == b'\n' {
            self.at += 1;
        }
        if self.byte(0) == b'\n' {
            self.at += 1;
        }
        self.skip_to_line_end();
        TokenKind::Comment
    }

    fn block_comment(&mut self) -> TokenKind {
        match self.rest()[2..].find("*/") {
            Some(length) => {
                self.at += length + 4;
                TokenKind::Comment
            }
            None => {
                self.at = self.text.len();
                TokenKind::Unterminated
            }
        }
    }

    /// A doubled quote stands for one, and does not end the token.
    fn quoted(&mut self, kind: TokenKind) -> TokenKind {
        let quote = self.byte(0);
        let start = self.at;
        self.at += 1;
        while self.at < self.text.len() {
            if self.byte(0) != quote {
                self.at += 1;
            } else if self.byte(1) == quote {
                self.at += 2;
            } else {
                self.at += 1;
                return kind;
            }
        }
        self.at = start;
        self.skip_to_line_end();
        TokenKind::Unterminated
    }

    fn variable(&mut self) -> TokenKind {
        match variable_length(self.rest()) {
            Some(length) => {
                self.at += length;
                TokenKind::Variable
            }
            None => self.unknown(),
        }
    }

    /// The longest of: digits, digits with a point, with an exponent, or a word.
    fn number(&mut self) -> TokenKind {
        let start = self.at;
        self.skip_while(|byte| byte.is_ascii_digit());
        let mut kind = TokenKind::Integer;
        if self.byte(0) == b'.' {
            self.at += 1;
            self.skip_while(|byte| byte.is_ascii_digit());
            kind = TokenKind::Decimal;
        }
        if let Some(length) = exponent_length(self.rest().as_bytes()) {
            self.at += length;
            kind = TokenKind::Float;
        }
        let end = self.at;
        self.at = start;
        self.skip_while(is_word_part);
        if self.at > end {
            return TokenKind::Identifier;
        }
        self.at = end;
        kind
    }

    fn word(&mut self) -> TokenKind {
        let start = self.at;
        self.skip_while(is_word_part);
        match Keyword::of(&self.text[start..self.at]) {
            Some(keyword) => TokenKind::Keyword(keyword),
            None => TokenKind::Identifier,
        }
    }

    fn symbol(&mut self) -> TokenKind {
        let fits = |symbol: &&Symbol| self.rest().starts_with(symbol.text());
        match Symbol::ALL.iter().find(fits).copied() {
            Some(symbol) => {
                self.at += symbol.text().len();
                TokenKind::Symbol(symbol)
            }
            None => self.unknown(),
        }
    }

    fn unknown(&mut self) -> TokenKind {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        TokenKind::Unknown
    }
}

/// How long the variable is that `text` begins with, if it does.
pub(crate) fn variable_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix("${")?;
    let first = *name.as_bytes().first()?;
    let length = name.bytes().take_while(|byte| is_word_part(*byte)).count();
    let closed = name.as_bytes().get(length) == Some(&b'}');
    (is_word_start(first) && closed).then_some(length + 3)
}

/// Whether `text` is a name that needs no quotes: letters, digits, `_`, `@`.
pub(crate) fn is_plain_word(text: &str) -> bool {
    let starts = text.bytes().next().is_some_and(|byte| byte != b'@');
    starts && text.bytes().all(is_word_part)
}

fn exponent_length(bytes: &[u8]) -> Option<usize> {
    if !matches!(bytes.first(), Some(b'e' | b'E')) {
        return None;
    }
    let sign = usize::from(matches!(bytes.get(1), Some(b'+' | b'-')));
    let digits = &bytes[1 + sign..];
    let count = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    (count > 0).then_some(1 + sign + count)
}

fn is_word_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_word_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'@'
}
