//! JSON as validation files have it: comments and trailing commas are read over, and a number
//! keeps the spelling that it has in the file.

use std::fmt::{self, Write};

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is spelled.
    Number(String),
    /// A text.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, its fields in order of writing.
    Object(Vec<(String, Json)>),
}

/// Why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in bytes.
    pub column: usize,
    /// What is wrong.
    pub message: &'static str,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for JsonError {}

/// Deepest nesting that is read.
const DEPTH_MAX: u32 = 200;

impl Json {
    /// Reads a text that holds one value.
    ///
    /// ```
    /// use headwater_qtt::Json;
    /// let value = Json::parse("{\"a\": [1.50, /* two */ 2,], // end\n}").unwrap();
    /// assert_eq!(value.to_string(), r#"{"a":[1.50,2]}"#);
    /// ```
    pub fn parse(text: &str) -> Result<Json, JsonError> {
        let mut reader = Reader { text, at: 0 };
        let read = reader.value(0).and_then(|value| {
            reader.skip_space();
            match reader.at == text.len() {
                true => Ok(value),
                false => Err("there is more behind the value"),
            }
        });
        read.map_err(|message| {
            let before = &text[..reader.at.min(text.len())];
            JsonError {
                line: before.matches('\n').count() + 1,
                column: before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1,
                message,
            }
        })
    }

    /// The field of this name; the last one, if it is there twice.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.fields()
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The fields of an object; none for anything else.
    pub fn fields(&self) -> &[(String, Json)] {
        match self {
            Json::Object(fields) => fields,
            _ => &[],
        }
    }

    /// The elements of an array; none for anything else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// A whole number.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Json::Number(spelled) => spelled.parse().ok(),
            _ => None,
        }
    }

    /// A scalar as a text without quotes.
    pub fn text(&self) -> String {
        match self {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// The same with every text changed, names of fields included.
    pub fn map_texts(&self, change: &dyn Fn(&str) -> String) -> Json {
        match self {
            Json::String(text) => Json::String(change(text)),
            Json::Array(items) => {
                Json::Array(items.iter().map(|item| item.map_texts(change)).collect())
            }
            Json::Object(fields) => Json::Object(
                fields
                    .iter()
                    .map(|(name, value)| (change(name), value.map_texts(change)))
                    .collect(),
            ),
            other => other.clone(),
        }
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(value) => write!(f, "{value}"),
            Json::Number(spelled) => f.write_str(spelled),
            Json::String(text) => write_text(f, text),
            Json::Array(items) => {
                f.write_char('[')?;
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        f.write_char(',')?;
                    }
                    write!(f, "{item}")?;
                }
                f.write_char(']')
            }
            Json::Object(fields) => {
                f.write_char('{')?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    if at > 0 {
                        f.write_char(',')?;
                    }
                    write_text(f, name)?;
                    write!(f, ":{value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if (c as u32) < 0x20 => write!(f, "\\u{:04x}", c as u32)?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

type Read<T> = Result<T, &'static str>;

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let spaces = rest.len() - rest.trim_start().len();
            let comment = if rest[spaces..].starts_with("//") {
                let line = &rest[spaces..];
                line.find('\n').unwrap_or(line.len())
            } else if rest[spaces..].starts_with("/*") {
                let body = &rest[spaces..];
                body.find("*/").map_or(body.len(), |end| end + 2)
            } else {
                0
            };
            if spaces + comment == 0 {
                return;
            }
            self.at += spaces + comment;
        }
    }

    fn value(&mut self, depth: u32) -> Read<Json> {
        if depth > DEPTH_MAX {
            return Err("this is nested too deeply");
        }
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Json::String),
            Some(b'-' | b'0'..=b'9') => Ok(self.number()),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Read<Json> {
        let words = [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
        ];
        for (word, value) in words {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err("a value is expected here")
    }

    fn number(&mut self) -> Json {
        let rest = self.rest();
        let is_part = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E');
        let length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let spelled = rest[..length].to_owned();
        self.at += length;
        Json::Number(spelled)
    }

    /// Whether another item of a list follows; a comma before the closing bracket is fine.
    fn more(&mut self, first: bool, close: u8) -> Read<bool> {
        self.skip_space();
        if !first && self.peek() == Some(b',') {
            self.at += 1;
            self.skip_space();
        } else if !first && self.peek() != Some(close) {
            return Err("a comma or a closing bracket is expected here");
        }
        let closes = self.peek() == Some(close);
        self.at += usize::from(closes);
        Ok(!closes)
    }

    fn array(&mut self, depth: u32) -> Read<Json> {
        self.at += 1;
        let mut items = Vec::new();
        while self.more(items.is_empty(), b']')? {
            items.push(self.value(depth + 1)?);
        }
        Ok(Json::Array(items))
    }

    fn object(&mut self, depth: u32) -> Read<Json> {
        self.at += 1;
        let mut fields = Vec::new();
        while self.more(fields.is_empty(), b'}')? {
            if self.peek() != Some(b'"') {
                return Err("the name of a field is expected here");
            }
            let name = self.string()?;
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err("a colon is expected here");
            }
            self.at += 1;
            fields.push((name, self.value(depth + 1)?));
        }
        Ok(Json::Object(fields))
    }

    fn string(&mut self) -> Read<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let plain = rest.find(['"', '\\']).ok_or("this text does not end")?;
            out.push_str(&rest[..plain]);
            let closes = rest.as_bytes()[plain] == b'"';
            self.at += plain + 1;
            if closes {
                return Ok(out);
            }
            out.push(self.escape()?);
        }
    }

    fn escape(&mut self) -> Read<char> {
        let kind = self.peek().ok_or("this text does not end")?;
        self.at += 1;
        Ok(match kind {
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'"' | b'\\' | b'/' => char::from(kind),
            b'u' => {
                let high = self.hex()?;
                if !(0xd800..0xdc00).contains(&high) {
                    return char::from_u32(high).ok_or("this is half a character");
                }
                if !self.rest().starts_with("\\u") {
                    return Err("this is half a character");
                }
                self.at += 2;
                let low = self.hex()?.wrapping_sub(0xdc00);
                let code = 0x10000 + ((high - 0xd800) << 10) + (low & 0x3ff);
                char::from_u32(code).ok_or("this is half a character")?
            }
            _ => return Err("this escape is not known"),
        })
    }

    fn hex(&mut self) -> Read<u32> {
        let digits = self
            .rest()
            .get(..4)
            .ok_or("four digits are expected here")?;
        let code =
            u32::from_str_radix(digits, 16).map_err(|_| "four hexadecimal digits are expected")?;
        self.at += 4;
        Ok(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_read_over() {
        let text =
            "// head\n{ \"a\": 1.0e5, /* b */ \"c\": [\"\\u00e4\\ud83d\\ude00\", null,],\n}\n";
        let value = Json::parse(text).expect("it is fine");
        assert_eq!(value.get("a"), Some(&Json::Number("1.0e5".into())));
        assert_eq!(value.get("c").map(|c| c.items().len()), Some(2));
        assert_eq!(
            value.to_string(),
            "{\"a\":1.0e5,\"c\":[\"\u{e4}\u{1f600}\",null]}"
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let found = Json::parse("{\n  \"a\" 1}").unwrap_err();
        assert_eq!(found.to_string(), "2:7: a colon is expected here");
        assert!(Json::parse("[1] 2").is_err());
        assert!(Json::parse("\"abc").is_err());
    }
}
