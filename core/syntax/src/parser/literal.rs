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

/// The text is brought into one form, `1.5E3`, so that equal spellings are equal literals.
fn double(written: &str) -> Result<Literal, Reason> {
    let (sign, number) = match written.strip_prefix('-') {
        Some(number) => ("-", number),
        None => ("", written),
    };
    let Some((mantissa, exponent)) = number.split_once(['e', 'E']) else {
        return Err(invalid(written));
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0');
    let zeros = digits.len() - significant.len();
    // An exponent with too many digits is as good as the largest or the least.
    let exponent = exponent
        .parse::<i64>()
        .unwrap_or(match exponent.starts_with('-') {
            true => i64::MIN,
            false => i64::MAX,
        });
    let power = exponent.saturating_add(whole.len() as i64 - zeros as i64);
    if overflows(significant, power) {
        return Err(Reason::Number {
            code: "number-overflow",
            message: format!("Number overflows DOUBLE: {written}"),
        });
    }
    let kept = significant.trim_end_matches('0');
    let Some((first, rest)) = kept.split_at_checked(1) else {
        return Ok(Literal::Double([sign, "0E0"].concat()));
    };
    let point = if rest.is_empty() { "" } else { "." };
    let exponent = power.saturating_sub(1).to_string();
    Ok(Literal::Double(
        [sign, first, point, rest, "E", &exponent].concat(),
    ))
}

/// The least number that is rounded to infinity, as digits behind `0.`, times 10 to the power of
/// the constant below: the middle between the largest float and the next one, to forty digits.
const TOO_LARGE: &str = "1797693134862315807937289714053034150799";
const TOO_LARGE_POWER: i64 = 309;

/// Whether `0.` with these digits, times 10 to this power, is too large for 64 bits.
fn overflows(significant: &str, power: i64) -> bool {
    let length = significant.len().min(TOO_LARGE.len());
    let beyond = power > TOO_LARGE_POWER;
    let at_edge = power == TOO_LARGE_POWER && significant[..length] >= *TOO_LARGE;
    !significant.is_empty() && (beyond || at_edge)
}

fn invalid(written: &str) -> Reason {
    Reason::Number {
        code: "invalid-number",
        message: format!("Invalid numeric literal: {written}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_keep_their_value_and_overflow_where_reading_them_is_infinite() {
        let written = [
            "1e308",
            "1e309",
            "-1e309",
            "0e999",
            "-0.0e1",
            "0.0001e312",
            "0.0001e313",
            "1e-999",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "17976931348623158079e289",
            "1.79769313486231581e308",
            "12e307",
            "18e307",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "000179e306",
            "179e306",
            "1.0E1",
            "10E0",
            "-12.50e-3",
            "4.9E-324",
        ];
        for text in written {
            let number: f64 = text.parse().expect("a number");
            match double(text) {
                Ok(Literal::Double(kept)) => {
                    assert_eq!(kept.parse::<f64>().map(f64::to_bits), Ok(number.to_bits()));
                }
                other => assert!(number.is_infinite() && other.is_err(), "{text}: {other:?}"),
            }
        }
        assert_eq!(double("1.0E1").ok(), double("10e0").ok());
    }
}
