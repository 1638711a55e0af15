//! Files to run: scripts of SQL and lessons in Markdown.

use crate::report;
use headwater_base::{Diagnostic, Fault};
use headwater_core::command::Line;
use headwater_core::generator::rows::FILE_BYTES_MAX;
use headwater_core::lesson::Lesson;
use headwater_core::lesson::player::{Item, What, items};
use headwater_core::lesson::script;
use std::path::{Path, PathBuf};

/// A file that was read.
#[derive(Debug)]
pub(crate) struct Source {
    pub path: PathBuf,
    /// Its text; all places are in it.
    pub text: String,
    /// What it says, in order.
    pub items: Vec<Item>,
    /// The seed that it asks for.
    pub seed: Option<u64>,
}

/// Why a file cannot be used.
#[derive(Debug)]
pub(crate) enum Unusable {
    /// It cannot be read, or is no such file.
    Usage(String),
    /// Blocks of it are malformed: the file's text and all findings.
    Malformed(String, Vec<Diagnostic>),
}

impl Source {
    /// Reads a file; its name says what it is.
    pub(crate) fn read(path: &Path) -> Result<Source, Unusable> {
        let extension = path.extension().and_then(|it| it.to_str()).unwrap_or("");
        match extension.to_ascii_lowercase().as_str() {
            "md" => {
                let lesson = lesson(path)?;
                let mut items = items(&lesson);
                attach_all(&mut items, path)
                    .map_err(|found| Unusable::Malformed(lesson.text.clone(), vec![found]))?;
                Ok(Source {
                    path: path.to_owned(),
                    items,
                    seed: lesson.seed,
                    text: lesson.text,
                })
            }
            "sql" => {
                let text = text(path)?;
                let mut items = script::items(&text)
                    .map_err(|found| Unusable::Malformed(text.clone(), found))?;
                attach_all(&mut items, path)
                    .map_err(|found| Unusable::Malformed(text.clone(), vec![found]))?;
                Ok(Source {
                    path: path.to_owned(),
                    seed: items.iter().find_map(seed_of),
                    items,
                    text,
                })
            }
            _ => Err(Unusable::Usage(format!(
                "{}: the name has to end with .sql or .md, so that it says what to do with it",
                path.display()
            ))),
        }
    }

    /// A finding in this file, as people read it.
    pub(crate) fn finding(&self, found: &Diagnostic) -> String {
        report::finding(&self.path, &self.text, found)
    }
}

/// The seed that a script's line says.
fn seed_of(item: &Item) -> Option<u64> {
    match item.what {
        What::Line(Line::Seed(seed)) => Some(seed),
        _ => None,
    }
}

/// Gives commands the content of the files that they name and the lesson does not hold; the files
/// are looked for beside the lesson or script.
fn attach_all(items: &mut [Item], lesson: &Path) -> Result<(), Diagnostic> {
    let folder = lesson.parent().unwrap_or(Path::new("."));
    for item in items {
        if let What::Line(line) = &mut item.what {
            attach(line, folder).map_err(|found| found.at(item.span))?;
        }
    }
    Ok(())
}

/// Gives a command the content of the file that it names.
pub(crate) fn attach(line: &mut Line, folder: &Path) -> Result<(), Diagnostic> {
    let Some(name) = line.missing_file() else {
        return Ok(());
    };
    let path = folder.join(name);
    let refused = |why: String| {
        let message = format!("The file {} cannot be used: {why}.", path.display());
        Diagnostic::error(Fault::Yours, "missing-file", message)
    };
    let size = std::fs::metadata(&path)
        .map_err(|error| refused(error.to_string()))?
        .len();
    if size > FILE_BYTES_MAX as u64 {
        return Err(refused(format!(
            "it has {size} bytes, {FILE_BYTES_MAX} are possible"
        )));
    }
    let text = std::fs::read_to_string(&path).map_err(|error| refused(error.to_string()))?;
    line.attach(text);
    Ok(())
}

/// Reads a lesson.
pub(crate) fn lesson(path: &Path) -> Result<Lesson, Unusable> {
    let text = text(path)?;
    Lesson::parse(&text).map_err(|found| {
        let found = found.into_iter().map(|placed| placed.diagnostic).collect();
        Unusable::Malformed(text.replace("\r\n", "\n"), found)
    })
}

fn text(path: &Path) -> Result<String, Unusable> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Unusable::Usage(format!("{}: cannot be read: {error}", path.display())))?;
    // Some editors put a mark of the encoding first, which is no part of the text.
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned))
}
