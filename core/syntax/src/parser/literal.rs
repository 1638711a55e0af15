//! Literals: numbers keep what their spelling says, and whole numbers take the smallest type.

use super::cursor::{Parse, Parser, string_value};
use super::failure::{Reason, Terminal};
use crate::ast::{DecimalLiteral, Literal};
use crate::token::{Keyword, Symbol, Token, TokenKind};

impl Parser<'_> {
    /// Whether a literal begins here.
    pub(super) fn is_literal(&self) -> bool {
        match self.token().kind {
            TokenKind::String
            | TokenKind::Integer
            | TokenKind::Decimal
            | TokenKind::Float
            | TokenKind::Variable
            | TokenKind::Keyword(Keyword::NULL | Keyword::TRUE | Keyword::FALSE) => true,
            TokenKind::Symbol(Symbol::Minus) => is_number(self.token_ahead(1).kind),
            _ => false,
        }
    }

    /// A literal; a minus sign before a number belongs to it.
    pub(super) fn literal(&mut self) -> Parse<Literal> {
        if !self.is_literal() {
            return self.fail(Reason::Near("a constant"));
        }
        let token = self.token();
        match token.kind {
            TokenKind::Keyword(keyword) => {
                self.skip();
                Ok(match keyword {
                    Keyword::NULL => Literal::Null,
                    other => Literal::Boolean(other == Keyword::TRUE),
                })
            }
            TokenKind::String => {
                self.skip();
                Ok(Literal::String(string_value(self.text, token)))
            }
            TokenKind::Variable => {
                self.skip();
                let name = token.span.of(self.text);
                let name = name.trim_start_matches("${").trim_end_matches('}');
                Ok(Literal::Variable(name.to_ascii_uppercase()))
            }
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Parse<Literal> {
        let first = self.position();
        let negative = self.eat(Symbol::Minus);
        let token = self.skip();
        let sign = if negative { "-" } else { "" };
        let written = format!("{sign}{}", token.span.of(self.text));
        match number_of(token, &written) {
            Ok(literal) => Ok(literal),
            Err(reason) => self.fail_at(first, reason),
        }
    }

    /// A whole number of 32 bits, for `word`; ksqlDB reads any number and refuses it then.
    pub(super) fn whole_number(&mut self, word: &str) -> Parse<i32> {
        let first = self.position();
        let starts_number = is_number(self.token().kind)
            || self.token().kind == TokenKind::Symbol(Symbol::Minus) && self.is_literal();
        if !starts_number {
            self.at(Terminal::Integer);
            return self.fail(Reason::Plain);
        }
        match self.number()? {
            Literal::Int(number) => Ok(number),
            _ => {
                let message = format!("Value must be integer for command: {word}");
                let reason = Reason::Refused {
                    code: "not-an-integer",
                    message,
                    hint: "Write a whole number.",
                };
                self.fail_at(first, reason)
            }
        }
    }
}

fn is_number(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::Integer | TokenKind::Decimal | TokenKind::Float
    )
}

fn number_of(token: Token, written: &str) -> Result<Literal, Reason> {
    match token.kind {
        TokenKind::Integer => integer(written),
        TokenKind::Decimal => decimal(written),
        _ => double(written),
    }
}

fn integer(written: &str) -> Result<Literal, Reason> {
    if let Ok(number) = written.parse() {
        return Ok(Literal::Int(number));
    }
    let number = written.parse().map_err(|_| invalid(written))?;
    Ok(Literal::BigInt(number))
}

/// The text is kept, but for zeros in front, as Java's BigDecimal does.
fn decimal(written: &str) -> Result<Literal, Reason> {
    let (sign, digits) = match written.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", written),
    };
    let digits = digits.trim_start_matches('0');
    let zero = if digits.starts_with('.') { "0" } else { "" };
    let text = format!("{sign}{zero}{digits}");
    let literal = DecimalLiteral::new(&text).ok_or_else(|| invalid(written))?;
    Ok(Literal::Decimal(literal))
}

fn double(written: &str) -> Result<Literal, Reason> {
    let number: f64 = written.parse().map_err(|_| invalid(written))?;
    if number.is_infinite() {
        return Err(Reason::Number {
            code: "number-overflow",
            message: format!("Number overflows DOUBLE: {written}"),
        });
    }
    Ok(Literal::Double(number))
}

fn invalid(written: &str) -> Reason {
    Reason::Number {
        code: "invalid-number",
        message: format!("Invalid numeric literal: {written}"),
    }
}
