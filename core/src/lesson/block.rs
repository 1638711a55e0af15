//! The blocks that run: their languages, the options after the language, and `sql` and `lab`
//! blocks. `expect` blocks are in [`super::expect`].

use super::{LabBlock, RunBy, SqlBlock};
use crate::command::{Line, words};
use headwater_base::diagnostic::nearest;
use headwater_base::{Diagnostic, Fault, Span};

/// A block's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Sql,
    Lab,
    Expect,
    Data,
}

const LANGUAGES: [(&str, Language); 4] = [
    ("data", Language::Data),
    ("expect", Language::Expect),
    ("lab", Language::Lab),
    ("sql", Language::Sql),
];

/// The language of this name; `None` for every other that a block of prose can have.
pub(super) fn language(name: &str) -> Result<Option<Language>, Diagnostic> {
    let lower = name.to_ascii_lowercase();
    if let Some((_, language)) = LANGUAGES.iter().find(|(known, _)| *known == lower) {
        return Ok(Some(*language));
    }
    let near = nearest(name, LANGUAGES.iter().map(|(known, _)| *known));
    match near.first() {
        Some(near) if name.len() >= 3 => {
            let message = format!("There is no block {name}.");
            let found = Diagnostic::error(Fault::Yours, "unknown-block", message);
            Err(found.hint(format!("Did you mean {near}?")))
        }
        _ => Ok(None),
    }
}

/// A block that is closed and not indented.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    /// The whole lesson.
    pub text: &'a str,
    /// The line that opens the block.
    pub fence: Span,
    /// The lines between the fences.
    pub span: Span,
}

/// A word after the block's language.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// What stands before `=`; empty for a bare word.
    pub key: String,
    /// What stands after `=`, or the bare word.
    pub text: String,
    /// Where the word is in the lesson.
    pub span: Span,
}

impl<'a> Block<'a> {
    /// The words after the language.
    pub(super) fn options(&self) -> Result<Vec<Given>, Diagnostic> {
        let line = self.fence.of(self.text);
        let language = line.trim_start_matches(['`', '~', ' ']);
        let skipped = language.find(char::is_whitespace).unwrap_or(language.len());
        let rest = &language[skipped..];
        let at = self.fence.start + (line.len() - rest.len()) as u32;
        let found = words::split(rest).map_err(|found| found.shifted(at))?;
        let given = |word: words::Word| Given {
            key: word.key.unwrap_or_default(),
            text: word.text,
            span: word.span.shifted(at),
        };
        Ok(found.into_iter().map(given).collect())
    }

    /// The lines between the fences.
    pub(super) fn body(&self) -> &'a str {
        self.span.of(self.text)
    }
}

/// An option that a block does not have.
pub(super) fn unknown_option(given: &Given, block: &str, known: &[&str]) -> Diagnostic {
    let name = if given.key.is_empty() {
        &given.text
    } else {
        &given.key
    };
    let message = format!("A block {block} has no option {name}.");
    let mut found = Diagnostic::error(Fault::Yours, "unknown-option", message).at(given.span);
    if let Some(near) = nearest(name, known.iter().copied()).first() {
        found = found.hint(format!("Did you mean {near}?"));
    }
    match known.is_empty() {
        true => found.hint("It takes no options."),
        false => found.hint(format!("Possible: {}.", known.join(", "))),
    }
}

/// Reads a block of SQL. Whether the SQL is right is seen when it runs.
pub(super) fn sql(block: &Block<'_>) -> Result<SqlBlock, Diagnostic> {
    let mut run = RunBy::Opening;
    for given in block.options()? {
        run = match (given.key.as_str(), given.text.as_str()) {
            ("run", "opening") => RunBy::Opening,
            ("run", "visitor") => RunBy::Visitor,
            ("run", other) => {
                let message = format!("run={other} is not possible.");
                let found = Diagnostic::error(Fault::Yours, "impossible-value", message);
                return Err(found.at(given.span).hint("Possible: opening, visitor."));
            }
            _ => return Err(unknown_option(&given, "sql", &["run"])),
        };
    }
    if block.body().trim().is_empty() {
        let found = Diagnostic::error(Fault::Yours, "empty-block", "There is no statement here.");
        return Err(found
            .at(block.fence)
            .hint("Write a statement, or take the block away."));
    }
    Ok(SqlBlock {
        span: block.span,
        run,
    })
}

/// The name of a block of data.
pub(super) fn data(block: &Block<'_>) -> Result<String, Diagnostic> {
    let mut name = None;
    for given in block.options()? {
        match given.key.as_str() {
            "name" if !given.text.is_empty() => name = Some(given.text),
            _ => return Err(unknown_option(&given, "data", &["name"])),
        }
    }
    name.ok_or_else(|| {
        let message = "A block of data needs a name.";
        let found = Diagnostic::error(Fault::Yours, "missing-part", message).at(block.fence);
        found.hint("Such as: data name=orders.csv")
    })
}

/// Reads a block of commands, each line by itself; all findings, if there are any.
pub(super) fn lab(block: &Block<'_>) -> Result<LabBlock, Vec<Diagnostic>> {
    let mut found = Vec::new();
    match block.options() {
        Ok(given) => found.extend(given.iter().map(|it| unknown_option(it, "lab", &[]))),
        Err(malformed) => found.push(malformed),
    }
    let mut lines = Vec::new();
    let mut at = block.span.start;
    for line in block.body().split_inclusive('\n') {
        let text = line.trim_end_matches('\n');
        match Line::parse(text) {
            Ok(Some(parsed)) => {
                let indent = text.len() - text.trim_start().len();
                let end = text.trim_end().len();
                lines.push((parsed, Span::new(at + indent as u32, at + end as u32)));
            }
            Ok(None) => {}
            Err(malformed) => found.push(malformed.shifted(at)),
        }
        at += line.len() as u32;
    }
    match found.is_empty() {
        true => Ok(LabBlock {
            span: block.span,
            lines,
        }),
        false => Err(found),
    }
}
