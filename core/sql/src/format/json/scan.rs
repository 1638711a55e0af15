//! The tokens of JSON over a text that is known to be UTF-8. Nothing is copied but strings with
//! escapes.

use super::FormatError;
use super::words::{leading_digits, next_special, starts_with};
use crate::arena::Arena;

/// Deepest nesting that is read.
const DEPTH_MAX: u32 = 200;

/// A place in a text.
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

impl<'a> Scanner<'a> {
    /// The beginning of a text.
    pub fn new(text: &'a str) -> Scanner<'a> {
        Scanner {
            text,
            at: 0,
            depth: 0,
        }
    }

    fn error(&self, what: &str) -> FormatError {
        FormatError::new(format!("{what} at byte {}", self.at))
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// The next byte that is no white space; the scanner stands before it.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Steps over `byte` if it is next.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let next = self.peek() == Some(byte);
        self.at += usize::from(next);
        next
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), FormatError> {
        if self.take(byte) {
            return Ok(());
        }
        Err(self.error(&format!("'{}' is missing", char::from(byte))))
    }

    /// Enters an object or array; for each of `leave` there is one of these.
    pub(super) fn enter(&mut self, bracket: u8) -> Result<(), FormatError> {
        self.expect(bracket)?;
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.error("The nesting is too deep"));
        }
        Ok(())
    }

    /// Goes to the next item of an object or array; false at its end, which it leaves.
    #[inline]
    pub(super) fn next_item(&mut self, first: bool, closing: u8) -> Result<bool, FormatError> {
        if self.take(closing) {
            self.depth -= 1;
            return Ok(false);
        }
        if !first {
            self.expect(b',')?;
        }
        Ok(true)
    }

    /// A field's name and the colon behind it.
    pub(super) fn name(&mut self, arena: &'a Arena) -> Result<&'a str, FormatError> {
        let name = self.string(arena)?;
        self.expect(b':')?;
        Ok(name)
    }

    /// A string.
    pub(super) fn string(&mut self, arena: &'a Arena) -> Result<&'a str, FormatError> {
        let (raw, escaped) = self.raw_string()?;
        if !escaped {
            return Ok(raw);
        }
        let mut text = arena.text_of(raw.len());
        unescape(raw, &mut text).ok_or_else(|| self.error("An escape is wrong"))?;
        Ok(text.into_bump_str())
    }

    /// What stands between a string's quotes, and whether there are escapes in it.
    fn raw_string(&mut self) -> Result<(&'a str, bool), FormatError> {
        self.expect(b'"')?;
        let (start, bytes) = (self.at, self.bytes());
        let (mut escaped, mut control) = (false, false);
        let mut at = start;
        loop {
            at = next_special(bytes, at);
            match bytes.get(at) {
                None => return Err(self.error("A string does not end")),
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    control |= bytes.get(at + 1).is_some_and(|byte| *byte < 0x20);
                    at = (at + 2).min(bytes.len());
                    self.at = at;
                }
                Some(_) => {
                    control = true;
                    at += 1;
                }
            }
        }
        let raw = self.text.get(start..at).unwrap_or("");
        self.at = at + 1;
        if control {
            return Err(self.error("A control character stands in a string"));
        }
        Ok((raw, escaped))
    }

    /// Steps over a string; its escapes have to be right, though nobody wants to know them.
    fn skip_string(&mut self) -> Result<(), FormatError> {
        let (raw, escaped) = self.raw_string()?;
        if escaped && unescape(raw, &mut Nowhere).is_none() {
            return Err(self.error("An escape is wrong"));
        }
        Ok(())
    }

    /// A whole number of a few digits that a comma or the object's end follows, if that is what
    /// stands right here; else nothing is taken.
    #[inline]
    pub(super) fn short_integer(&mut self) -> Option<i64> {
        let rest = self.bytes().get(self.at..)?;
        let negative = rest.first() == Some(&b'-');
        let digits = rest.get(usize::from(negative)..)?;
        let (number, count) = leading_digits(digits)?;
        let leading_zero = count > 1 && digits.first() == Some(&b'0');
        if count == 0 || leading_zero || !matches!(digits.get(count), Some(b',' | b'}')) {
            return None;
        }
        self.at += count + usize::from(negative);
        let number = number as i64;
        Some(if negative { -number } else { number })
    }

    /// Steps over `bytes` if they stand right here.
    #[inline]
    pub(super) fn take_all(&mut self, bytes: &[u8]) -> bool {
        let next = self.has(bytes);
        self.at += if next { bytes.len() } else { 0 };
        next
    }

    /// Whether `bytes` stand right here.
    #[inline]
    pub(super) fn has(&self, bytes: &[u8]) -> bool {
        starts_with(self.bytes().get(self.at..).unwrap_or(&[]), bytes)
    }

    /// A string without escapes, if that is what stands right here; else nothing is taken.
    #[inline]
    pub(super) fn plain_string(&mut self) -> Option<&'a str> {
        let bytes = self.bytes();
        if bytes.get(self.at) != Some(&b'"') {
            return None;
        }
        let end = next_special(bytes, self.at + 1);
        if bytes.get(end) != Some(&b'"') {
            return None;
        }
        let text = self.text.get(self.at + 1..end)?;
        self.at = end + 1;
        Some(text)
    }

    /// Where it stands, to go back to.
    #[inline]
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Goes back to a place at the same depth.
    #[inline]
    pub(super) fn go_back(&mut self, place: usize) {
        self.at = place;
    }

    /// Enters an object or array whose bracket is still to be taken, or has been.
    pub(super) fn enter_at(&mut self, bracket: u8, is_ahead: bool) -> Result<(), FormatError> {
        if is_ahead {
            return self.enter(bracket);
        }
        self.depth += 1;
        Ok(())
    }

    /// A number's spelling.
    pub(super) fn number(&mut self) -> Result<&'a str, FormatError> {
        self.peek();
        let (start, bytes) = (self.at, self.bytes());
        let digits = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            at
        };
        let whole = start + usize::from(bytes.get(start) == Some(&b'-'));
        let mut end = digits(whole);
        let leading_zero = end - whole > 1 && bytes[whole] == b'0';
        let mut sound = end > whole && !leading_zero;
        if bytes.get(end) == Some(&b'.') {
            let fraction = end + 1;
            end = digits(fraction);
            sound &= end > fraction;
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = end + 1 + sign;
            end = digits(exponent);
            sound &= end > exponent;
        }
        if !sound {
            return Err(self.error("This is no JSON value"));
        }
        self.at = end;
        Ok(&self.text[start..end])
    }

    /// `true`, `false` or `null`, if it is next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        self.peek();
        let next = self.bytes()[self.at..].starts_with(word.as_bytes());
        self.at += if next { word.len() } else { 0 };
        next
    }

    /// Steps over a value of any kind.
    pub fn skip_value(&mut self) -> Result<(), FormatError> {
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'{') => {
                self.enter(b'{')?;
                let mut first = true;
                while self.next_item(first, b'}')? {
                    first = false;
                    self.skip_string()?;
                    self.expect(b':')?;
                    self.skip_value()?;
                }
                Ok(())
            }
            Some(b'[') => {
                self.enter(b'[')?;
                let mut first = true;
                while self.next_item(first, b']')? {
                    first = false;
                    self.skip_value()?;
                }
                Ok(())
            }
            Some(b't') if self.word("true") => Ok(()),
            Some(b'f') if self.word("false") => Ok(()),
            Some(b'n') if self.word("null") => Ok(()),
            _ => self.number().map(|_| ()),
        }
    }
}

/// Where text goes that is only looked at.
struct Nowhere;

impl std::fmt::Write for Nowhere {
    fn write_str(&mut self, _: &str) -> std::fmt::Result {
        Ok(())
    }
}

fn unescape(raw: &str, out: &mut impl std::fmt::Write) -> Option<()> {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.write_str(&rest[..at]).ok()?;
        let escape = *rest.as_bytes().get(at + 1)?;
        rest = rest.get(at + 2..)?;
        let character = match escape {
            b'"' | b'\\' | b'/' => char::from(escape),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (character, after) = unicode_escape(rest)?;
                rest = after;
                character
            }
            _ => return None,
        };
        out.write_char(character).ok()?;
    }
    out.write_str(rest).ok()
}

/// The character behind `\u`; a lone half of a pair becomes the replacement character.
fn unicode_escape(text: &str) -> Option<(char, &str)> {
    let unit = |text: &str| {
        // The library would take a sign, too.
        let digits = text.get(..4)?;
        let sound = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        sound.then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let first = unit(text)?;
    let rest = &text[4..];
    if (0xD800..0xDC00).contains(&first) {
        let second = rest.strip_prefix("\\u").and_then(unit);
        if let Some(second) = second.filter(|second| (0xDC00..0xE000).contains(second)) {
            let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
            return Some((char::from_u32(code)?, &rest[6..]));
        }
    }
    Some((char::from_u32(first).unwrap_or('\u{FFFD}'), rest))
}
