//! Splits a line into words, as a shell does, and quotes words so that they split back.
//!
//! `'…'` takes everything as it is; in `"…"` a backslash keeps `"`, `\`, `$` and the backquote;
//! `$'…'` knows `\n`, `\r`, `\t`, `\\`, `\'`, `\"` and `\uHHHH`. A `#` that begins a word begins a
//! comment. What follows `key=` and begins with `{` or `[` is JSON and runs to the line's end.

use headwater_base::{Diagnostic, Fault, Span};

/// A word, or a `key=value` pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// What stands before the first `=` that is not quoted.
    pub key: Option<String>,
    /// The word, or what stands after that `=`; without its quotes.
    pub text: String,
    /// Where the whole word is in the line.
    pub span: Span,
    /// Where `text` is in the line.
    pub text_span: Span,
    /// Whether `text` is JSON that runs to the line's end.
    pub json: bool,
}

/// Splits `line` into words.
pub(crate) fn split(line: &str) -> Result<Vec<Word>, Diagnostic> {
    let mut reader = Reader { line, at: 0 };
    let mut words = Vec::new();
    while let Some(word) = reader.word()? {
        words.push(word);
    }
    Ok(words)
}

/// The word as it has to be written so that [`split`] gives it back.
pub(crate) fn quote(text: &str) -> String {
    let plain = |character: char| {
        character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '/' | ':' | ',' | '+')
    };
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    if !text.contains(|character: char| character == '\'' || character.is_control()) {
        return format!("'{text}'");
    }
    let mut out = String::from("$'");
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            control if control.is_control() => {
                out.push_str(&format!("\\u{:04x}", control as u32));
            }
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

struct Reader<'a> {
    line: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.line[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.at += character.len_utf8();
        Some(character)
    }

    fn span(&self, start: usize) -> Span {
        Span::new(start as u32, self.at as u32)
    }

    fn word(&mut self) -> Result<Option<Word>, Diagnostic> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
        if self.peek().is_none_or(|character| character == '#') {
            return Ok(None);
        }
        let start = self.at;
        let mut text_start = start;
        let mut key = None;
        let mut text = String::new();
        while let Some(character) = self.peek().filter(|it| !it.is_whitespace()) {
            let begin = self.at;
            self.next();
            match character {
                '=' if key.is_none() => {
                    key = Some(std::mem::take(&mut text));
                    text_start = self.at;
                    if matches!(self.peek(), Some('{' | '[')) {
                        return Ok(Some(self.json(start, key)));
                    }
                }
                '\'' => self.single(begin, &mut text)?,
                '"' => self.double(begin, &mut text)?,
                '$' if self.peek() == Some('\'') => {
                    self.next();
                    self.escaped(begin, &mut text)?;
                }
                '\\' => text.extend(self.next()),
                other => text.push(other),
            }
        }
        Ok(Some(Word {
            key,
            text,
            span: self.span(start),
            text_span: self.span(text_start),
            json: false,
        }))
    }

    fn json(&mut self, start: usize, key: Option<String>) -> Word {
        let text_start = self.at;
        let text = self.line[text_start..].trim_end();
        self.at = text_start + text.len();
        let word = Word {
            key,
            text: text.to_owned(),
            span: self.span(start),
            text_span: self.span(text_start),
            json: true,
        };
        self.at = self.line.len();
        word
    }

    fn unclosed(&self, begin: usize, quote: &str) -> Diagnostic {
        let message = format!("The quote {quote} is not closed.");
        Diagnostic::error(Fault::Yours, "unclosed-quote", message)
            .at(self.span(begin))
            .hint("Close it on the same line.")
    }

    fn single(&mut self, begin: usize, text: &mut String) -> Result<(), Diagnostic> {
        loop {
            match self.next() {
                Some('\'') => return Ok(()),
                Some(other) => text.push(other),
                None => return Err(self.unclosed(begin, "'")),
            }
        }
    }

    fn double(&mut self, begin: usize, text: &mut String) -> Result<(), Diagnostic> {
        loop {
            match self.next() {
                Some('"') => return Ok(()),
                Some('\\') if matches!(self.peek(), Some('"' | '\\' | '$' | '`')) => {
                    text.extend(self.next());
                }
                Some(other) => text.push(other),
                None => return Err(self.unclosed(begin, "\"")),
            }
        }
    }

    fn escaped(&mut self, begin: usize, text: &mut String) -> Result<(), Diagnostic> {
        loop {
            let at = self.at;
            match self.next() {
                Some('\'') => return Ok(()),
                Some('\\') => text.push(self.escape(at)?),
                Some(other) => text.push(other),
                None => return Err(self.unclosed(begin, "$'")),
            }
        }
    }

    fn escape(&mut self, begin: usize) -> Result<char, Diagnostic> {
        let found = match self.next() {
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some(plain @ ('\\' | '\'' | '"')) => Some(plain),
            Some('u') => {
                let digits = self.line.get(self.at..self.at + 4);
                self.at += digits.map_or(0, str::len);
                let digits = digits.filter(|it| it.bytes().all(|byte| byte.is_ascii_hexdigit()));
                let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
                code.and_then(char::from_u32)
            }
            _ => None,
        };
        found.ok_or_else(|| {
            Diagnostic::error(
                Fault::Yours,
                "unknown-escape",
                "This escape is not known in $'…'.",
            )
            .at(self.span(begin))
            .hint("Known are \\n, \\r, \\t, \\\\, \\', \\\" and \\uHHHH.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(line: &str) -> Vec<(Option<String>, String)> {
        let words = split(line).expect("it splits");
        words
            .into_iter()
            .map(|word| (word.key, word.text))
            .collect()
    }

    #[test]
    fn words_split_as_in_a_shell() {
        let words = texts(r#"a 'b c' "d \"e\" \n" f\ g $'h\ni\u00e9' # the rest"#);
        let plain: Vec<&str> = words.iter().map(|word| word.1.as_str()).collect();
        assert_eq!(plain, ["a", "b c", "d \"e\" \\n", "f g", "h\nié"]);
        assert_eq!(texts("k=a=b")[0], (Some("k".into()), "a=b".into()));
        assert_eq!(texts("'k=a'=b")[0], (Some("k=a".into()), "b".into()));
        assert_eq!(texts("k=''")[0], (Some("k".into()), String::new()));
    }

    #[test]
    fn json_runs_to_the_end_of_its_line() {
        let words = split("produce t value={\"a\": \"b # c\"}  ").expect("it splits");
        assert_eq!(words[2].text, "{\"a\": \"b # c\"}");
        assert!(words[2].json);
        assert_eq!(words[2].text_span, Span::new(16, 30));
    }

    #[test]
    fn an_open_quote_is_found_at_its_place() {
        assert_eq!(split("a 'b").unwrap_err().span, Some(Span::new(2, 4)));
        assert_eq!(split("a \"b").unwrap_err().code, "unclosed-quote");
        assert_eq!(split("a $'b\\q'").unwrap_err().code, "unknown-escape");
        assert_eq!(split("a $'\\u12é'").unwrap_err().code, "unknown-escape");
    }
}
