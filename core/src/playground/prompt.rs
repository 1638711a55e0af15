//! What someone typed at a prompt, cut into statements, lab commands and words for the prompt.
//!
//! A statement goes on until its semicolon, over as many lines as it needs; a lab command is one
//! line. It knows no terminal, so tests and pages can use it.

use crate::command::table::FORMS;
use headwater_base::Span;
use headwater_syntax::lexer::tokenize;
use headwater_syntax::token::{Keyword, Symbol, TokenKind};

/// One thing that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A statement with its semicolon.
    Sql,
    /// A lab command.
    Command,
    /// Help on everything, or on one name.
    Help(Option<String>),
    /// The end.
    Exit,
}

/// What was typed, cut up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// What is whole, with its place.
    pub entries: Vec<(Entry, Span)>,
    /// Where a statement begins that has no semicolon yet; the text's end if there is none.
    pub rest: u32,
}

impl Typed {
    /// Cuts up a text.
    ///
    /// ```
    /// use headwater_core::playground::prompt::{Entry, Typed};
    /// let typed = Typed::read("run 10s\nLIST\nTOPICS; help count\nSELECT");
    /// let kinds: Vec<&Entry> = typed.entries.iter().map(|(entry, _)| entry).collect();
    /// let help = Entry::Help(Some("count".to_owned()));
    /// assert_eq!(kinds, [&Entry::Command, &Entry::Sql, &help]);
    /// assert_eq!(typed.rest, 32);
    /// ```
    pub fn read(text: &str) -> Typed {
        let mut typed = Typed::default();
        let mut at = 0;
        loop {
            let rest = &text[at..];
            at += rest.len() - rest.trim_start().len();
            let rest = &text[at..];
            let line = rest.lines().next().unwrap_or("").trim_end();
            if rest.is_empty() {
                typed.rest = at as u32;
                return typed;
            }
            if line.starts_with('#') {
                at += line.len();
                continue;
            }
            let (entry, length) = match entry_of(line) {
                Some(entry) => (entry, line.len()),
                None => match statement_length(rest) {
                    Some(length) => (Entry::Sql, length),
                    None => {
                        typed.rest = at as u32;
                        return typed;
                    }
                },
            };
            let span = Span::new(at as u32, (at + length) as u32);
            typed.entries.push((entry, span));
            at += length;
        }
    }

    /// Whether nothing is unfinished in `text`.
    pub fn is_whole(&self, text: &str) -> bool {
        let rest = &text[(self.rest as usize).min(text.len())..];
        let mut tokens = tokenize(rest).into_iter();
        tokens.all(|it| it.kind.is_trivia() || it.kind == TokenKind::End)
    }
}

/// What a line is that is no SQL.
fn entry_of(line: &str) -> Option<Entry> {
    let bare = line.trim_end_matches(';').trim_end();
    let (first, rest) = bare.split_once(char::is_whitespace).unwrap_or((bare, ""));
    let rest = rest.trim();
    match (first.to_ascii_lowercase().as_str(), rest) {
        ("exit" | "quit", "") => return Some(Entry::Exit),
        ("help", "") => return Some(Entry::Help(None)),
        ("help", name) => return Some(Entry::Help(Some(name.to_owned()))),
        _ => {}
    }
    is_command(bare).then_some(Entry::Command)
}

/// Whether a line is a lab command by its first words; RUN SCRIPT is SQL.
pub fn is_command(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let noun = words.next().unwrap_or("");
    let second = words.next().unwrap_or("");
    let is_script = noun == "run" && Keyword::of(second) == Some(Keyword::SCRIPT);
    !is_script && FORMS.iter().any(|form| form.noun == noun)
}

/// How long the statement is that a text begins with; `None` where its semicolon is missing.
fn statement_length(text: &str) -> Option<usize> {
    let end = |kind: TokenKind| kind == TokenKind::Symbol(Symbol::Semicolon);
    let tokens = tokenize(text);
    let found = tokens.iter().find(|it| end(it.kind))?;
    Some(found.span.end as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_go_on_until_their_semicolon() {
        let text = "SELECT 'a;b' -- ;\nFROM S; topic create t\n# note\nexit;\nDROP";
        let typed = Typed::read(text);
        let found: Vec<&str> = typed
            .entries
            .iter()
            .map(|(_, span)| span.of(text))
            .collect();
        let wanted = ["SELECT 'a;b' -- ;\nFROM S;", "topic create t", "exit;"];
        assert_eq!(found, wanted);
        assert!(!typed.is_whole(text));
        assert!(Typed::read("LIST TOPICS; -- done").is_whole("LIST TOPICS; -- done"));
        assert!(!Typed::read("RUN SCRIPT 'a'").is_whole("RUN SCRIPT 'a'"));
    }
}
