//! Puts the values of variables, as DEFINE made them, in the place of `${name}`.
//!
//! A value may only be one name or one literal, and in a string its quotes are doubled: so no
//! value can change what a statement does. What names mean is up to `lookup`.

use crate::lexer::{is_plain_word, tokenize, variable_length};
use crate::token::{Keyword, TokenKind};
use headwater_base::{Diagnostic, Fault, LineIndex, Span};

/// A text with its variables replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Substituted {
    /// The text.
    pub text: String,
    /// The names that were replaced, in capital letters, in order of their places.
    pub used: Vec<String>,
    replacements: Vec<Replacement>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Replacement {
    original: Span,
    replaced: Span,
}

impl Substituted {
    /// Where in the original text a place in the new one comes from; a place that touches a
    /// value takes in the whole variable.
    pub fn original(&self, span: Span) -> Span {
        let (mut start, mut end) = (span.start, span.end);
        for Replacement { original, replaced } in &self.replacements {
            let moved = |offset: u32| original.end + (offset - replaced.end);
            if span.start >= replaced.end {
                start = moved(span.start);
            } else if span.start >= replaced.start {
                start = original.start;
            }
            if span.end >= replaced.end {
                end = moved(span.end);
            } else if span.end > replaced.start {
                end = original.end;
            }
        }
        Span::new(start, end.max(start))
    }
}

/// Replaces the variables of one statement, or of a whole script.
///
/// `lookup` gets each name in capital letters; a variable without a value stays as it is.
///
/// ```
/// use headwater_syntax::substitute;
/// let values = |name: &str| (name == "TOPIC").then(|| "it's".to_owned());
/// let found = substitute("PRINT '${topic}' LIMIT ${n};", values).unwrap();
/// assert_eq!(found.text, "PRINT 'it''s' LIMIT ${n};");
/// assert!(substitute("DROP STREAM ${topic};", values).is_err());
/// ```
pub fn substitute(
    text: &str,
    lookup: impl Fn(&str) -> Option<String>,
) -> Result<Substituted, Diagnostic> {
    let mut result = Substituted::default();
    let mut copied = 0;
    for token in tokenize(text) {
        let in_string = match token.kind {
            TokenKind::Variable => false,
            TokenKind::String => true,
            _ => continue,
        };
        for span in variables_in(text, token.span) {
            let name = name_of(span.of(text));
            let Some(value) = lookup(&name) else {
                continue;
            };
            let value = if in_string {
                value.replace('\'', "''")
            } else {
                checked(text, span, &value)?
            };
            result.text.push_str(Span::new(copied, span.start).of(text));
            if value.starts_with('-') && result.text.ends_with('-') {
                // Two minus signs in a row would begin a comment.
                result.text.push(' ');
            }
            let start = result.text.len() as u32;
            result.text.push_str(&value);
            let replaced = Span::new(start, result.text.len() as u32);
            result.replacements.push(Replacement {
                original: span,
                replaced,
            });
            result.used.push(name);
            copied = span.end;
        }
    }
    result
        .text
        .push_str(Span::new(copied, text.len() as u32).of(text));
    Ok(result)
}

fn name_of(variable: &str) -> String {
    let name = variable.trim_start_matches("${").trim_end_matches('}');
    name.to_ascii_uppercase()
}

fn variables_in(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let rest = Span::new(at, span.end).of(text);
        if let Some(length) = variable_length(rest) {
            let end = at + length as u32;
            found.push(Span::new(at, end));
            at = end;
        } else {
            at += rest
                .chars()
                .next()
                .map_or(1, |character| character.len_utf8() as u32);
        }
    }
    found
}

/// The value as it may stand outside a string: one name or one literal.
fn checked(text: &str, span: Span, value: &str) -> Result<String, Diagnostic> {
    let is_quoted = value.len() >= 2 && value.starts_with('\'') && value.ends_with('\'');
    if is_quoted {
        let inner = &value[1..value.len() - 1];
        return Ok(format!("'{}'", inner.replace('\'', "''")));
    }
    if is_name(value) || is_literal(value) {
        return Ok(value.to_owned());
    }
    let place = LineIndex::new(text).place(text, span.start);
    let message = format!(
        "Illegal argument at Line: {}, Col: {}. Identifier names cannot start with '@' and may \
         only contain alphanumeric values and '_'. Got: '{value}'",
        place.line, place.column
    );
    let found = Diagnostic::error(Fault::Yours, "variable-value", message).at(span);
    Err(found.hint(
        "A variable stands for one name, number, TRUE, FALSE or text. For a text write \
         '${name}', or give it a value with quotes: DEFINE name = '''text'''.",
    ))
}

/// A word, or a word in quotes; the words of the language are none, but TRUE and FALSE.
fn is_name(value: &str) -> bool {
    let quoted = |quote: char| {
        let inner = value
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote));
        inner.is_some_and(is_plain_word)
    };
    let reserved = Keyword::of(value).is_some_and(Keyword::is_reserved);
    let starts_with_digit = value
        .bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_digit());
    quoted('"') || quoted('`') || (is_plain_word(value) && !reserved && !starts_with_digit)
}

fn is_literal(value: &str) -> bool {
    let number = value.strip_prefix('-').unwrap_or(value);
    let is_boolean = ["TRUE", "FALSE"]
        .iter()
        .any(|word| word.eq_ignore_ascii_case(value));
    let tokens = tokenize(number);
    let is_number = tokens.len() == 2
        && tokens[0].span.of(number) == number
        && matches!(
            tokens[0].kind,
            TokenKind::Integer | TokenKind::Decimal | TokenKind::Float
        );
    is_boolean || is_number
}
