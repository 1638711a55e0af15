//! Reads the fields that a user writes: `id: sequence; room: one of hall, attic*2; at: now`.
//!
//! What is possible is in [`FORMS`], which the documentation shows; a test reads every example
//! there. Every error says where it is and what is possible there.

mod draws;

use super::draw::{Draw, Drawn, Field, Part, Range};
use headwater_base::{Diagnostic, Fault, Span};
use std::sync::Arc;

/// Longest text of fields, in bytes.
pub const SCHEMA_BYTES_MAX: usize = 16_384;
/// Most fields, nested ones included.
pub const FIELDS_MAX: usize = 200;
/// Deepest nesting.
const DEPTH_MAX: u32 = 8;

/// What can stand behind a field's colon: form, meaning, example.
#[rustfmt::skip]
pub const FORMS: &[(&str, &str, &str)] = &[
    ("LOW..HIGH", "a number, each equally likely, with as many decimals as are written",
     "0.5..9.5"),
    ("sequence [FIRST] [step N]", "one after the other", "sequence 100 step 10"),
    ("normal MEAN +- DEVIATION [in LOW..HIGH]", "around a mean", "normal 21.5 +- 2 in 10..30"),
    ("exponential MEAN [in LOW..HIGH]", "small ones often, great ones seldom", "exponential 40.0"),
    ("zipf LOW..HIGH", "the first often, each later one more seldom", "zipf 1..1000"),
    ("walk FIRST step N [in LOW..HIGH]", "up and down from the one before", "walk 20.0 step 0.5"),
    ("one of TEXT[*WEIGHT], ...", "one of some texts or numbers", "one of web*3, \"iOS app\", 7"),
    ("true PERCENT", "true in so many of a hundred records", "true 2.5%"),
    ("now [iso|seconds]", "the record's time: milliseconds, ISO text or seconds", "now iso"),
    ("\"TEXT {DRAW} TEXT\"", "a text with draws in it; {{ is a bracket", "\"Item_{1..999}\""),
    ("list LOW..HIGH of DRAW", "a list of so many items", "list 1..3 of city"),
    ("{FIELDS}", "fields within a field", "{lat: latitude; lon: longitude}"),
    ("null", "nothing", "null"),
    ("KIND", "something with a meaning, see below", "first_name"),
];

/// Reads fields.
///
/// ```
/// use headwater_core::generator::schema;
/// let fields = schema::parse("id: sequence; temp: normal 21 +- 2 ? 5%").unwrap();
/// assert_eq!(fields.len(), 2);
/// let wrong = schema::parse("id: seqence").unwrap_err();
/// assert_eq!(wrong.hints[0], "Did you mean sequence?");
/// ```
pub fn parse(text: &str) -> Result<Vec<Field>, Diagnostic> {
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        fields: 0,
        walks: 0,
    };
    if text.len() > SCHEMA_BYTES_MAX {
        let message = format!(
            "The fields have {} bytes, {SCHEMA_BYTES_MAX} at most.",
            text.len()
        );
        return Err(reader.wrong(0, message));
    }
    let fields = reader.fields()?;
    match reader.peek() {
        None => Ok(fields),
        Some(_) => Err(reader.expected("; or the end")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    fields: usize,
    walks: usize,
}

type Read<T> = Result<T, Diagnostic>;

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// The next character that is no blank.
    fn peek(&mut self) -> Option<char> {
        self.skip_blanks();
        self.rest().chars().next()
    }

    fn eat(&mut self, symbol: &str) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(symbol);
        if found {
            self.at += symbol.len();
        }
        found
    }

    fn wrong(&self, start: usize, message: impl Into<String>) -> Diagnostic {
        let end = self.at.max(start + 1).min(self.text.len()).max(start);
        let span = Span::new(start as u32, end as u32);
        Diagnostic::error(Fault::Yours, "malformed-fields", message).at(span)
    }

    fn expected(&mut self, what: &str) -> Diagnostic {
        self.skip_blanks();
        let start = self.at;
        let found: String = self
            .rest()
            .chars()
            .take_while(|it| !it.is_whitespace())
            .collect();
        self.at += found.len();
        let found = match found.as_str() {
            "" => "the end".to_owned(),
            found => found.to_owned(),
        };
        self.wrong(start, format!("Expected here: {what}; found: {found}."))
    }

    /// The next word of letters, digits and `_`; empty where there is none.
    fn word(&mut self) -> &'a str {
        self.skip_blanks();
        let is_part = |it: char| it.is_alphanumeric() || it == '_';
        let length = self
            .rest()
            .find(|it| !is_part(it))
            .unwrap_or(self.rest().len());
        let word = &self.rest()[..length];
        self.at += length;
        word
    }

    fn eat_word(&mut self, wanted: &str) -> bool {
        let before = self.at;
        if self.word() == wanted {
            return true;
        }
        self.at = before;
        false
    }

    fn fields(&mut self) -> Read<Vec<Field>> {
        let mut fields: Vec<Field> = Vec::new();
        loop {
            let start = {
                self.skip_blanks();
                self.at
            };
            let field = self.field()?;
            if fields.iter().any(|it| it.name == field.name) {
                let message = format!("The field {} is there twice.", field.name);
                return Err(self.wrong(start, message));
            }
            fields.push(field);
            let ends = !self.eat(";") || matches!(self.peek(), None | Some('}'));
            if ends {
                return Ok(fields);
            }
        }
    }

    fn field(&mut self) -> Read<Field> {
        self.fields += 1;
        if self.fields > FIELDS_MAX {
            return Err(self.wrong(self.at, format!("There are more than {FIELDS_MAX} fields.")));
        }
        let name = match self.peek() {
            Some('"') => self.quoted()?,
            _ => self.word().to_owned(),
        };
        if name.is_empty() {
            return Err(self
                .expected("a field's name")
                .hint("Such as: id: sequence; at: now"));
        }
        if !self.eat(":") {
            return Err(self.expected("a colon behind the field's name"));
        }
        let draw = self.draw()?;
        let null_per_mille = match self.eat("?") {
            true => self.percent()?,
            false => 0,
        };
        Ok(Field {
            name: Arc::from(name.as_str()),
            draw,
            null_per_mille,
        })
    }

    fn draw(&mut self) -> Read<Draw> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(self.wrong(self.at, format!("Nested more than {DEPTH_MAX} deep.")));
        }
        let draw = match self.peek() {
            Some('{') => {
                self.eat("{");
                let fields = self.fields()?;
                if !self.eat("}") {
                    return Err(self.expected("} or ;"));
                }
                Draw::Record(fields)
            }
            Some('"') => self.template()?,
            Some(it) if it.is_ascii_digit() || it == '-' => self.numbers()?,
            _ => self.named()?,
        };
        self.depth -= 1;
        Ok(draw)
    }

    /// `5`, or `1..5`.
    fn numbers(&mut self) -> Read<Draw> {
        let low = self.number()?;
        if !self.eat("..") {
            return Ok(Draw::Constant(Drawn::Number {
                unscaled: low.0,
                scale: low.1,
            }));
        }
        let high = self.number()?;
        self.range_of(low, high).map(Draw::Uniform)
    }

    fn range(&mut self) -> Read<Range> {
        let start = self.at;
        match self.numbers()? {
            Draw::Uniform(range) => Ok(range),
            _ => Err(self
                .wrong(start, "This is no range.")
                .hint("Write it as 1..20.")),
        }
    }

    fn range_of(&self, low: (i64, u32), high: (i64, u32)) -> Read<Range> {
        let scale = low.1.max(high.1);
        let (low, high) = (scaled(low, scale), scaled(high, scale));
        match (low, high) {
            (Some(low), Some(high)) if low <= high => Ok(Range { low, high, scale }),
            _ => Err(self
                .wrong(
                    self.at.saturating_sub(1),
                    "This range is empty, or too wide.",
                )
                .hint("The smaller number comes first: 1..20.")),
        }
    }

    /// A number without its point, and how many decimals it has.
    fn number(&mut self) -> Read<(i64, u32)> {
        self.skip_blanks();
        let start = self.at;
        let sign = usize::from(self.rest().starts_with('-'));
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let whole = digits(&self.rest()[sign..]);
        let mut length = sign + whole;
        let mut scale = 0;
        let behind = self.rest()[length..].strip_prefix('.');
        if let Some(decimals) = behind.map(digits).filter(|count| *count > 0) {
            scale = decimals;
            length += 1 + decimals;
        }
        let text = self.rest()[..length].replace('.', "");
        self.at += length;
        if whole == 0 {
            self.at = start;
            return Err(self.expected("a number"));
        }
        match text.parse() {
            Ok(unscaled) if length - sign <= 18 && scale <= 9 => Ok((unscaled, scale as u32)),
            _ => Err(self.wrong(start, "Numbers have at most 17 digits, 9 of them decimals.")),
        }
    }

    /// So many of a thousand.
    fn percent(&mut self) -> Read<u32> {
        let start = self.at;
        let number = self.number()?;
        self.eat("%");
        let per_mille = scaled(number, 1).filter(|it| (0..=1000).contains(it));
        per_mille.map(|it| it as u32).ok_or_else(|| {
            self.wrong(
                start,
                "A share lies between 0% and 100%, with one decimal at most.",
            )
        })
    }

    /// A text in double quotes; a backslash keeps the next character.
    fn quoted(&mut self) -> Read<String> {
        let start = self.at;
        self.eat("\"");
        let mut text = String::new();
        let mut letters = self.rest().char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '\\' => text.extend(letters.next().map(|(_, it)| it)),
                other => text.push(other),
            }
        }
        self.at = self.text.len();
        Err(self.wrong(start, "The quote \" is not closed."))
    }

    fn template(&mut self) -> Read<Draw> {
        let start = self.at;
        self.eat("\"");
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let Some(letter) = rest.chars().next() else {
                return Err(self.wrong(start, "The quote \" is not closed."));
            };
            self.at += letter.len_utf8();
            match letter {
                '"' => break,
                '\\' => {
                    let kept = self.rest().chars().next();
                    self.at += kept.map_or(0, char::len_utf8);
                    text.extend(kept);
                }
                '{' if self.rest().starts_with('{') => {
                    self.at += 1;
                    text.push('{');
                }
                '{' => {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                    parts.push(Part::Draw(self.draw()?));
                    if !self.eat("}") {
                        return Err(self.expected("}"));
                    }
                }
                other => text.push(other),
            }
        }
        parts.push(Part::Text(text));
        parts.retain(|part| !matches!(part, Part::Text(text) if text.is_empty()));
        Ok(match parts.as_slice() {
            [] => Draw::Constant(Drawn::text("")),
            [Part::Text(text)] => Draw::Constant(Drawn::text(text)),
            _ => Draw::Template(parts),
        })
    }
}

/// A number without its point, with more decimals.
fn scaled((unscaled, scale): (i64, u32), wanted: u32) -> Option<i64> {
    let more = 10_i64.checked_pow(wanted.checked_sub(scale)?)?;
    unscaled.checked_mul(more)
}
