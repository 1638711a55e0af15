//! LIKE: `%` is any run of characters within a line, `_` one character, nothing is special
//! without ESCAPE but these two.

use super::EvalError;
use super::node::{Frame, Node};
use crate::value::{OwnedValue, Value};

/// A pattern, cut once where it is a constant.
#[derive(Clone, Debug)]
pub(crate) enum Pattern {
    Fixed(Vec<Part>),
    Computed(Box<Node>, Option<char>),
}

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Character(char),
    One,
    Run,
}

impl Pattern {
    pub(super) fn new(node: Node, escape: Option<char>) -> Pattern {
        match &node {
            Node::Constant(OwnedValue::String(text)) => Pattern::Fixed(cut(text, escape)),
            _ => Pattern::Computed(Box::new(node), escape),
        }
    }

    pub(super) fn matches<'a>(
        &'a self,
        value: Value<'a>,
        frame: &Frame<'_, 'a>,
    ) -> Result<Value<'a>, EvalError> {
        let Value::String(text) = value else {
            return Ok(Value::Boolean(false));
        };
        Ok(Value::Boolean(match self {
            Pattern::Fixed(parts) => matches(parts, text),
            Pattern::Computed(node, escape) => match node.eval(frame)? {
                Value::String(pattern) => matches(&cut(pattern, *escape), text),
                _ => false,
            },
        }))
    }
}

fn cut(pattern: &str, escape: Option<char>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        parts.push(match character {
            c if Some(c) == escape => Part::Character(characters.next().unwrap_or(c)),
            '%' => Part::Run,
            '_' => Part::One,
            c => Part::Character(c),
        });
    }
    parts
}

/// Greedy matching with one point to come back to: the last run.
fn matches(parts: &[Part], text: &str) -> bool {
    let mut at = 0;
    let mut rest = text;
    let mut back: Option<(usize, &str)> = None;
    loop {
        let next = rest.chars().next();
        match (parts.get(at), next) {
            (Some(Part::Run), _) => {
                at += 1;
                back = Some((at, rest));
                continue;
            }
            (None, None) => return true,
            (Some(Part::One), Some(c)) if c != '\n' => {
                rest = &rest[c.len_utf8()..];
                at += 1;
                continue;
            }
            (Some(Part::Character(expected)), Some(c)) if *expected == c => {
                rest = &rest[c.len_utf8()..];
                at += 1;
                continue;
            }
            _ => {}
        }
        // The last run takes one character more; it does not cross a line's end.
        let Some((after, from)) = back else {
            return false;
        };
        match from.chars().next() {
            Some(c) if c != '\n' => {
                let from = &from[c.len_utf8()..];
                (at, rest, back) = (after, from, Some((after, from)));
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_texts() {
        let like = |text, pattern, escape| matches(&cut(pattern, escape), text);
        assert!(like("headwater", "head%", None));
        assert!(like("headwater", "%w_t%r", None));
        assert!(!like("headwater", "water", None));
        assert!(like("", "%", None));
        assert!(!like("a\nb", "a%b", None));
        assert!(like("50%", "50!%", Some('!')));
        assert!(!like("50x", "50!%", Some('!')));
        assert!(like("a.c", "a.c", None) && !like("abc", "a.c", None));
    }
}
