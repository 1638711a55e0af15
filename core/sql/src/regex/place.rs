//! What holds at a place in a text: its ends, ends of lines, ends of words.

use super::escape::word;
use super::tree::Assert;

/// Whether an assertion holds at a place.
pub(super) fn holds(assert: Assert, text: &str, at: usize, previous_end: usize) -> bool {
    let rest = &text[at..];
    let before = text[..at].chars().next_back();
    let within_pair = rest.starts_with('\n') && text[..at].ends_with('\r');
    let ends_line = |next: char, unix: bool| match unix {
        true => next == '\n',
        false => matches!(next, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'),
    };
    match assert {
        Assert::TextStart => at == 0,
        Assert::TextEnd => rest.is_empty(),
        Assert::PreviousEnd => at == previous_end,
        Assert::LastLineEnd { unix } => {
            let mut next = rest.chars();
            match next.next() {
                None => true,
                Some(end) if !ends_line(end, unix) || within_pair && !unix => false,
                Some('\r') if next.as_str() == "\n" => true,
                Some(_) => next.as_str().is_empty(),
            }
        }
        Assert::LineStart { unix } => match before {
            None => true,
            Some(before) => ends_line(before, unix) && !rest.is_empty() && (unix || !within_pair),
        },
        Assert::LineEnd { unix } => {
            let next = rest.chars().next();
            next.is_none_or(|next| ends_line(next, unix) && (unix || !within_pair))
        }
        Assert::WordBoundary { unicode, negated } => {
            let is_word = |it: Option<char>| it.is_some_and(|it| is_word(it, unicode));
            (is_word(before) != is_word(rest.chars().next())) != negated
        }
    }
}

fn is_word(character: char, unicode: bool) -> bool {
    match unicode {
        _ if character.is_ascii() => character.is_ascii_alphanumeric() || character == '_',
        true => character.is_alphanumeric() || word(true).contains(character),
        false => false,
    }
}
