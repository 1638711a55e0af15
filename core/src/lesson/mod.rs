//! Lessons: Markdown with blocks that run.
//!
//! A lesson is prose, `sql` blocks, `lab` blocks (commands, see [`crate::command`]) and `expect`
//! blocks that say what has to be true then. `docs/lesson-format.md` defines them all. Reading
//! never stops at the first error: every malformed block is found, with its place. How a lesson is
//! played is in [`player`], how it is tested in [`exam`].

mod block;
pub mod check;
pub mod exam;
pub mod expect;
mod markdown;
pub mod player;
mod prose;
pub mod script;
pub mod table;

use crate::command::{Command, Line, PageCommand};
use expect::Expectation;
use headwater_base::{Diagnostic, LineIndex, Span};
use headwater_view::{LessonPart, OpenedLesson, PlacedDiagnostic};

/// A lesson that was read.
///
/// ```
/// use headwater_core::lesson::Lesson;
/// let lesson = Lesson::parse("# Topics\n\n```lab\ntopic create a\n```\n").unwrap();
/// assert_eq!(lesson.title, "Topics");
/// let found = Lesson::parse("```lab\ntopci create a\n```\n").unwrap_err();
/// assert_eq!((found[0].start.line, found[0].start.column), (2, 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// The text of its first heading of the first level; empty if it has none.
    pub title: String,
    /// The seed that a `seed` line asks for.
    pub seed: Option<u64>,
    /// Prose and blocks, in order.
    pub parts: Vec<Part>,
    /// The lesson's text, with line feeds only. All spans are in it.
    pub text: String,
}

/// A piece of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Prose as HTML without scripts, styles or raw HTML.
    Prose(String),
    /// Statements.
    Sql(SqlBlock),
    /// Commands.
    Lab(LabBlock),
    /// What has to be true now.
    Expect(Expectation),
}

/// A block of SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlBlock {
    /// The statements, where they stand in the lesson.
    pub span: Span,
    /// Who runs it.
    pub run: RunBy,
}

/// Who runs a block of SQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunBy {
    /// It runs when the lesson is opened.
    #[default]
    Opening,
    /// The visitor runs it, by a button.
    Visitor,
}

/// A block of commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabBlock {
    /// The commands, where they stand in the lesson.
    pub span: Span,
    /// Each line that is not empty, with its place in the lesson.
    pub lines: Vec<(Line, Span)>,
}

impl Lesson {
    /// Reads a lesson.
    ///
    /// # Errors
    /// Everything that is malformed in it, in the order of the text.
    pub fn parse(text: &str) -> Result<Lesson, Vec<PlacedDiagnostic>> {
        let text = text.replace("\r\n", "\n");
        markdown::read(&text).map_err(|found| {
            let index = LineIndex::new(&text);
            found
                .into_iter()
                .map(|it| placed(it, &text, &index))
                .collect()
        })
    }

    /// All SQL that runs when the lesson is opened, as one script.
    pub fn script(&self) -> String {
        let blocks = self.parts.iter().filter_map(|part| match part {
            Part::Sql(block) if block.run == RunBy::Opening => Some(self.at(block.span).trim()),
            _ => None,
        });
        let mut script = blocks.collect::<Vec<_>>().join("\n\n");
        script.push('\n');
        script
    }

    /// The table that the duality shows at first.
    pub fn duality(&self) -> Option<&str> {
        let lines = self.parts.iter().filter_map(|part| match part {
            Part::Lab(block) => Some(&block.lines),
            _ => None,
        });
        lines.flatten().find_map(|(line, _)| match line {
            Line::Command(Command::Page(PageCommand::Duality { table })) => Some(table.as_str()),
            _ => None,
        })
    }

    /// The lesson's text at a place.
    pub fn at(&self, span: Span) -> &str {
        span.of(&self.text)
    }

    /// What a front end shows. `problems` are what became of it when it ran, errors only.
    pub fn opened(&self, problems: Vec<PlacedDiagnostic>) -> OpenedLesson {
        let part = |part: &Part| match part {
            Part::Prose(html) => Some(LessonPart::Prose { html: html.clone() }),
            Part::Sql(block) => Some(LessonPart::Sql {
                text: self.at(block.span).trim_end().to_owned(),
                ran: block.run == RunBy::Opening,
            }),
            Part::Lab(block) => Some(LessonPart::Lab {
                text: self.at(block.span).trim_end().to_owned(),
            }),
            Part::Expect(_) => None,
        };
        OpenedLesson {
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            title: self.title.clone(),
            parts: self.parts.iter().filter_map(part).collect(),
            script: self.script(),
            duality: self.duality().map(str::to_owned),
            problems,
        }
    }
}

/// A finding with its lines and columns.
fn placed(diagnostic: Diagnostic, text: &str, index: &LineIndex) -> PlacedDiagnostic {
    let span = diagnostic.span.unwrap_or_default();
    PlacedDiagnostic {
        start: index.place(text, span.start),
        end: index.place(text, span.end),
        diagnostic,
    }
}

#[cfg(test)]
mod tests;
