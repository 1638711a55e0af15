//! A pattern in Java's words as a tree: groups, alternatives, repetitions, assertions. Classes of
//! characters are read in `class`, escapes in `escape`, repetitions in `repeat`.

use super::PatternError;
use super::ranges::{Ranges, other_cases};
use super::tree::{Assert, Look, Node};

/// Deepest nesting of groups and classes.
const DEPTH_MAX: u32 = 100;
/// Longest pattern, in characters.
const CHARACTERS_MAX: usize = 20_000;

/// Java's flags, as `(?im)` sets them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Flags {
    pub ignore_case: bool,
    pub unix_lines: bool,
    pub multiline: bool,
    pub dot_all: bool,
    pub unicode_case: bool,
    pub comments: bool,
    pub unicode_classes: bool,
}

impl Flags {
    /// How cases are ignored, if they are: by all of Unicode or by ASCII only.
    pub(super) fn fold(self) -> Option<bool> {
        let unicode = self.unicode_case || self.unicode_classes;
        self.ignore_case.then_some(unicode)
    }
}

/// A pattern on its way.
#[derive(Debug)]
pub(super) struct Parser {
    pub(super) chars: Vec<char>,
    pub(super) at: usize,
    pub(super) flags: Flags,
    pub(super) groups: u32,
    pub(super) names: Vec<(String, u32)>,
    depth: u32,
}

impl Parser {
    pub(super) fn new(pattern: &str) -> Result<Parser, PatternError> {
        let chars = super::escape::without_quotes(pattern);
        if chars.len() > CHARACTERS_MAX {
            return Err(PatternError("The pattern is too long".to_owned()));
        }
        Ok(Parser {
            chars,
            at: 0,
            flags: Flags::default(),
            groups: 0,
            names: Vec::new(),
            depth: 0,
        })
    }

    /// The whole pattern.
    pub(super) fn parse(&mut self) -> Result<Node, PatternError> {
        let node = self.alternatives()?;
        if self.at < self.chars.len() {
            return Err(self.error("Unmatched closing ')'"));
        }
        Ok(node)
    }

    pub(super) fn error(&self, what: &str) -> PatternError {
        PatternError(format!(
            "{what} near index {}",
            self.at.min(self.chars.len())
        ))
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.peek();
        self.at += usize::from(next.is_some());
        next
    }

    pub(super) fn eat(&mut self, character: char) -> bool {
        let next = self.peek() == Some(character);
        self.at += usize::from(next);
        next
    }

    pub(super) fn eat_all(&mut self, text: &str) -> bool {
        let next = self.chars[self.at..]
            .iter()
            .copied()
            .take(text.len())
            .eq(text.chars());
        self.at += if next { text.len() } else { 0 };
        next
    }

    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Parser) -> Result<T, PatternError>,
    ) -> Result<T, PatternError> {
        if self.depth == DEPTH_MAX {
            return Err(self.error("The nesting is too deep"));
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// White space and comments mean nothing with a flag.
    pub(super) fn skip_comments(&mut self) {
        while self.flags.comments {
            match self.peek() {
                Some(' ' | '\t'..='\r') => self.at += 1,
                Some('#') => while self.next().is_some_and(|next| next != '\n') {},
                _ => return,
            }
        }
    }

    fn alternatives(&mut self) -> Result<Node, PatternError> {
        let flags = self.flags;
        let mut found = vec![self.sequence()?];
        while self.eat('|') {
            found.push(self.sequence()?);
        }
        // What a flag was set to within a group ends with it.
        self.flags = flags;
        Ok(match found.len() {
            1 => found.remove(0),
            _ => Node::Alternatives(found),
        })
    }

    fn sequence(&mut self) -> Result<Node, PatternError> {
        let mut found = Vec::new();
        loop {
            self.skip_comments();
            match self.peek() {
                None | Some('|' | ')') => break,
                Some(_) => {}
            }
            let node = self.atom()?;
            self.skip_comments();
            found.push(self.repeated(node)?);
        }
        Ok(match found.len() {
            0 => Node::Empty,
            1 => found.remove(0),
            _ => Node::Concat(found),
        })
    }

    fn atom(&mut self) -> Result<Node, PatternError> {
        let flags = self.flags;
        let unix = flags.unix_lines;
        match self.next() {
            Some('(') => self.deeper(Parser::group),
            Some('[') => {
                let set = self.deeper(Parser::class)?;
                Ok(Node::Set(set))
            }
            Some('\\') => self.escape(),
            Some('.') if flags.dot_all => Ok(Node::Set(Ranges::default().negated())),
            Some('.') => Ok(Node::Set(super::escape::line_ends(unix).negated())),
            Some('^') if flags.multiline => Ok(Node::Assert(Assert::LineStart { unix })),
            Some('^') => Ok(Node::Assert(Assert::TextStart)),
            Some('$') if flags.multiline => Ok(Node::Assert(Assert::LineEnd { unix })),
            Some('$') => Ok(Node::Assert(Assert::LastLineEnd { unix })),
            Some(wrong @ ('*' | '+' | '?')) => {
                self.at -= 1;
                Err(self.error(&format!("Dangling meta character '{wrong}'")))
            }
            Some('{') => Err(self.error("Illegal repetition")),
            Some(character) => Ok(self.literal(character)),
            None => Ok(Node::Empty),
        }
    }

    /// A character, in both cases with a flag.
    pub(super) fn literal(&self, character: char) -> Node {
        match self.flags.fold() {
            None => Node::Char(character),
            Some(unicode) => {
                let folded = Ranges::one(character).folded(unicode);
                match folded == Ranges::one(character) {
                    true => Node::Char(character),
                    false => Node::Set(folded),
                }
            }
        }
    }

    fn group(&mut self) -> Result<Node, PatternError> {
        if !self.eat('?') {
            return self.capturing();
        }
        let look = |node, behind, negated| {
            let look = Look {
                node,
                behind,
                negated,
            };
            Node::Look(Box::new(look))
        };
        Ok(match self.next() {
            Some(':') => self.until_closed()?,
            Some('>') => Node::Atomic(Box::new(self.until_closed()?)),
            Some('=') => look(self.until_closed()?, false, false),
            Some('!') => look(self.until_closed()?, false, true),
            Some('<') if self.eat('=') => look(self.bounded()?, true, false),
            Some('<') if self.eat('!') => look(self.bounded()?, true, true),
            Some('<') => {
                let name = self.name('>')?;
                if self.names.iter().any(|(known, _)| *known == name) {
                    let what = format!("Named capturing group <{name}> is already defined");
                    return Err(self.error(&what));
                }
                self.names.push((name, self.groups + 1));
                self.capturing()?
            }
            Some(_) => {
                self.at -= 1;
                self.flagged()?
            }
            None => return Err(self.error("Unknown inline modifier")),
        })
    }

    fn capturing(&mut self) -> Result<Node, PatternError> {
        self.groups += 1;
        let number = self.groups;
        Ok(Node::Group(Box::new(self.until_closed()?), number))
    }

    fn until_closed(&mut self) -> Result<Node, PatternError> {
        let node = self.alternatives()?;
        match self.eat(')') {
            true => Ok(node),
            false => Err(self.error("Unclosed group")),
        }
    }

    fn bounded(&mut self) -> Result<Node, PatternError> {
        let node = self.until_closed()?;
        match super::compile::lengths(&node).1 {
            Some(_) => Ok(node),
            None => {
                let what = "Look-behind group does not have an obvious maximum length";
                Err(self.error(what))
            }
        }
    }

    /// The name of a group, which ends with `closing`.
    pub(super) fn name(&mut self, closing: char) -> Result<String, PatternError> {
        let mut name = String::new();
        while let Some(next) = self.next() {
            match next {
                _ if next == closing && !name.is_empty() => return Ok(name),
                'a'..='z' | 'A'..='Z' => name.push(next),
                '0'..='9' if !name.is_empty() => name.push(next),
                _ => break,
            }
        }
        Err(self.error("A group's name is letters and digits, a letter first"))
    }

    /// `(?i)`, for the rest of the group, or `(?i:…)`.
    fn flagged(&mut self) -> Result<Node, PatternError> {
        let before = self.flags;
        let mut on = true;
        loop {
            match self.next() {
                Some('-') if on => on = false,
                Some('i') => self.flags.ignore_case = on,
                Some('d') => self.flags.unix_lines = on,
                Some('m') => self.flags.multiline = on,
                Some('s') => self.flags.dot_all = on,
                Some('u') => self.flags.unicode_case = on,
                Some('x') => self.flags.comments = on,
                Some('U') => self.flags.unicode_classes = on,
                Some(')') => return Ok(Node::Empty),
                Some(':') => {
                    let node = self.until_closed();
                    self.flags = before;
                    return node;
                }
                _ => return Err(self.error("Unknown inline modifier")),
            }
        }
    }
}

/// Whether two characters are the same where cases are ignored.
pub(super) fn same_folded(left: char, right: char, unicode: bool) -> bool {
    match unicode {
        false => left.eq_ignore_ascii_case(&right),
        true => left == right || other_cases(left) == other_cases(right),
    }
}
