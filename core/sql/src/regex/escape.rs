//! What a backslash and what follows it mean, outside and inside of classes.

use super::PatternError;
use super::parse::Parser;
use super::ranges::Ranges;
use super::tree::{Assert, Node};
use super::unicode;

/// The pattern's characters, with what stands between `\Q` and `\E` quoted one by one.
pub(super) fn without_quotes(pattern: &str) -> Vec<char> {
    let mut out = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find('\\') {
        out.extend(rest[..at].chars());
        let escape = &rest[at + 1..];
        let Some(quoted) = escape.strip_prefix('Q') else {
            out.push('\\');
            let mut after = escape.chars();
            out.extend(after.next());
            rest = after.as_str();
            continue;
        };
        let (quoted, after) = quoted.split_once(r"\E").unwrap_or((quoted, ""));
        for character in quoted.chars() {
            if character.is_ascii() && !character.is_ascii_alphanumeric() {
                out.push('\\');
            }
            out.push(character);
        }
        rest = after;
    }
    out.extend(rest.chars());
    out
}

/// What ends a line.
pub(super) fn line_ends(unix: bool) -> Ranges {
    let newline = (0x0A, 0x0A);
    match unix {
        true => Ranges::of(&[newline]),
        false => Ranges::of(&[newline, (0x0D, 0x0D), (0x85, 0x85), (0x2028, 0x2029)]),
    }
}

fn horizontal() -> Ranges {
    Ranges::of(&[
        (0x09, 0x09),
        (0x20, 0x20),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x180E, 0x180E),
        (0x2000, 0x200A),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
    ])
}

fn vertical() -> Ranges {
    Ranges::of(&[(0x0A, 0x0D), (0x85, 0x85), (0x2028, 0x2029)])
}

/// The characters of words, by ASCII or by all of Unicode.
pub(super) fn word(by_unicode: bool) -> Ranges {
    if !by_unicode {
        return Ranges::of_ascii("azAZ09__");
    }
    let others = unicode::categories("MnMcMeNdPc").union(&Ranges::of(&[(0x200C, 0x200D)]));
    others.union(&Ranges::holding(char::is_alphabetic))
}

impl Parser {
    /// A class that one letter names.
    fn named_class(&self, letter: char) -> Option<Ranges> {
        let by_unicode = self.flags.unicode_classes;
        let class = match letter.to_ascii_lowercase() {
            'd' if by_unicode => unicode::categories("Nd"),
            'd' => Ranges::of_ascii("09"),
            'w' => word(by_unicode),
            's' if by_unicode => Ranges::holding(char::is_whitespace),
            's' => Ranges::of(&[(0x09, 0x0D), (0x20, 0x20)]),
            'h' => horizontal(),
            'v' => vertical(),
            _ => return None,
        };
        Some(match letter.is_ascii_uppercase() {
            true => class.negated(),
            false => class,
        })
    }

    /// A class behind a backslash, if it is one: by a letter, or `\p{…}`.
    pub(super) fn escaped_class(&mut self) -> Result<Option<Ranges>, PatternError> {
        let Some(letter) = self.peek() else {
            return Err(self.error("Unexpected internal error"));
        };
        if let Some(class) = self.named_class(letter) {
            self.at += 1;
            return Ok(Some(class));
        }
        if !matches!(letter, 'p' | 'P') {
            return Ok(None);
        }
        self.at += 1;
        let class = self.property()?;
        let negated = letter == 'P';
        Ok(Some(if negated { class.negated() } else { class }))
    }

    /// What stands behind a backslash outside of classes.
    pub(super) fn escape(&mut self) -> Result<Node, PatternError> {
        if let Some(class) = self.escaped_class()? {
            return Ok(Node::Set(class));
        }
        let unix = self.flags.unix_lines;
        let boundary = |negated| {
            let unicode = self.flags.unicode_classes;
            Node::Assert(Assert::WordBoundary { unicode, negated })
        };
        let node = match self.peek() {
            Some('b') => boundary(false),
            Some('B') => boundary(true),
            Some('A') => Node::Assert(Assert::TextStart),
            Some('z') => Node::Assert(Assert::TextEnd),
            Some('Z') => Node::Assert(Assert::LastLineEnd { unix }),
            Some('G') => Node::Assert(Assert::PreviousEnd),
            Some('R') => {
                let pair = vec![Node::Char('\r'), Node::Char('\n')];
                Node::Alternatives(vec![Node::Concat(pair), Node::Set(vertical())])
            }
            Some('k') => {
                self.at += 1;
                return self.named_group();
            }
            Some('1'..='9') => return Ok(self.numbered_group()),
            _ => {
                let character = self.escaped_character()?;
                return Ok(self.literal(character));
            }
        };
        self.at += 1;
        Ok(node)
    }

    fn named_group(&mut self) -> Result<Node, PatternError> {
        if !self.eat('<') {
            return Err(self.error("\\k is not followed by '<' for named capturing group"));
        }
        let name = self.name('>')?;
        let group = self.names.iter().find(|(known, _)| *known == name);
        let Some((_, group)) = group else {
            return Err(self.error(&format!("named capturing group <{name}> does not exist")));
        };
        Ok(Node::Same {
            group: *group,
            fold: self.flags.fold(),
        })
    }

    /// As many digits as still name a group that has begun.
    fn numbered_group(&mut self) -> Node {
        let mut group = 0;
        while let Some(digit) = self.peek().and_then(|next| next.to_digit(10)) {
            if group > 0 && group * 10 + digit > self.groups {
                break;
            }
            group = group * 10 + digit;
            self.at += 1;
        }
        Node::Same {
            group,
            fold: self.flags.fold(),
        }
    }

    /// One character that is written with a backslash.
    pub(super) fn escaped_character(&mut self) -> Result<char, PatternError> {
        let Some(letter) = self.next() else {
            return Err(self.error("Unexpected internal error"));
        };
        let code = match letter {
            't' => 0x09,
            'n' => 0x0A,
            'r' => 0x0D,
            'f' => 0x0C,
            'a' => 0x07,
            'e' => 0x1B,
            'c' => match self.next() {
                Some(control) => u32::from(control) ^ 64,
                None => return Err(self.error("Illegal control escape sequence")),
            },
            '0' => self.octal()?,
            'x' if self.eat('{') => self.hexadecimal_until_brace()?,
            'x' => self.hexadecimal(2)?,
            'u' => self.utf16()?,
            letter if letter.is_ascii_alphanumeric() => {
                self.at -= 1;
                return Err(self.error("Illegal/unsupported escape sequence"));
            }
            other => return Ok(other),
        };
        char::from_u32(code).ok_or_else(|| self.error("This code is no character"))
    }

    fn octal(&mut self) -> Result<u32, PatternError> {
        let mut code = None;
        for _ in 0..3 {
            let digit = self.peek().and_then(|next| next.to_digit(8));
            let grown = digit.map(|digit| code.unwrap_or(0) * 8 + digit);
            match grown.filter(|grown| *grown <= 0o377) {
                Some(grown) => code = Some(grown),
                None => break,
            }
            self.at += 1;
        }
        code.ok_or_else(|| self.error("Illegal octal escape sequence"))
    }

    fn hexadecimal(&mut self, digits: u32) -> Result<u32, PatternError> {
        let mut code = 0;
        for _ in 0..digits {
            let digit = self.next().and_then(|next| next.to_digit(16));
            let wrong = || "Illegal hexadecimal or Unicode escape sequence";
            code = code * 16 + digit.ok_or_else(|| self.error(wrong()))?;
        }
        Ok(code)
    }

    fn hexadecimal_until_brace(&mut self) -> Result<u32, PatternError> {
        let mut code = 0;
        loop {
            match self.next() {
                Some('}') => return Ok(code),
                Some(next) if next.is_ascii_hexdigit() && code <= 0x10_FFFF => {
                    code = code * 16 + next.to_digit(16).unwrap_or(0);
                }
                _ => return Err(self.error("Unclosed hexadecimal escape sequence")),
            }
        }
    }

    /// `\u0041`, or two of them that are the halves of a pair.
    fn utf16(&mut self) -> Result<u32, PatternError> {
        let first = self.hexadecimal(4)?;
        let before = self.at;
        if (0xD800..0xDC00).contains(&first) && self.eat_all("\\u") {
            let second = self.hexadecimal(4)?;
            if (0xDC00..0xE000).contains(&second) {
                return Ok(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
            }
            self.at = before;
        }
        Ok(first)
    }
}
