//! Test files: how a file's tests are read and expanded into cases, one for each format and
//! configuration that a test names.

use crate::json::{Json, JsonError};
use std::fmt;
use std::path::{Path, PathBuf};

/// Which shape a file has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Statements, records in, records out.
    Query,
    /// Requests to a server and their answers.
    Rest,
}

/// One expanded case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The file, relative to the folder.
    pub file: String,
    /// The test's name, as the file has it.
    pub name: String,
    /// The format that was put in.
    pub format: Option<String>,
    /// The configuration that was put in.
    pub config: Option<String>,
    /// The shape.
    pub shape: Shape,
    /// Whether the file itself takes the test out.
    pub disabled: bool,
    /// The test, expanded.
    pub body: Json,
}

impl Case {
    /// What tells a case from all others of a folder: `file - name - FORMAT - config`.
    pub fn title(&self) -> String {
        let mut title = format!("{} - {}", self.file, self.name);
        for part in [&self.format, &self.config].into_iter().flatten() {
            title.push_str(" - ");
            title.push_str(part);
        }
        title
    }

    /// The statements.
    pub(crate) fn statements(&self) -> Vec<String> {
        let list = self.body.get("statements").map_or(&[][..], Json::items);
        list.iter().map(Json::text).collect()
    }

    /// The properties that the test sets.
    pub(crate) fn properties(&self) -> Vec<(String, String)> {
        let fields = self.body.get("properties").map_or(&[][..], Json::fields);
        let text = |(name, value): &(String, Json)| (name.clone(), value.text());
        fields.iter().map(text).collect()
    }

    /// A list of the test's; empty where it has none.
    pub(crate) fn list(&self, name: &str) -> &[Json] {
        self.body.get(name).map_or(&[][..], Json::items)
    }
}

/// A file that cannot be read.
#[derive(Debug)]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: FileProblem,
}

/// Why a file cannot be read.
#[derive(Debug)]
pub enum FileProblem {
    /// The file system says so.
    Io(std::io::Error),
    /// It is no JSON.
    Json(JsonError),
    /// It has no list of tests.
    NoTests,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.reason {
            FileProblem::Io(error) => write!(f, "{path}: cannot be read: {error}"),
            FileProblem::Json(error) => write!(f, "{path}:{error}"),
            FileProblem::NoTests => write!(f, "{path}:1:1: there is no list \"tests\" in it"),
        }
    }
}

impl std::error::Error for FileError {}

/// The test files below a folder, by name.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let failed = |reason| FileError {
        path: folder.to_owned(),
        reason: FileProblem::Io(reason),
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
    }
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("json"))
        {
            found.push(path);
        }
    }
    Ok(found)
}

/// The cases of a file below a folder.
pub fn cases(folder: &Path, path: &Path) -> Result<Vec<Case>, FileError> {
    let failed = |reason| FileError {
        path: path.to_owned(),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|error| failed(FileProblem::Io(error)))?;
    let file = Json::parse(&text).map_err(|error| failed(FileProblem::Json(error)))?;
    let tests = file
        .get("tests")
        .ok_or_else(|| failed(FileProblem::NoTests))?;
    let relative = path.strip_prefix(folder).unwrap_or(path);
    let relative: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
    let relative = relative.join("/");
    let expanded = tests
        .items()
        .iter()
        .flat_map(|test| expand(test, &relative));
    Ok(expanded.collect())
}

/// One case for each format and each configuration.
fn expand(test: &Json, file: &str) -> Vec<Case> {
    let choices = |name: &str| -> Vec<Option<String>> {
        let listed = test.get(name).map_or(&[][..], Json::items);
        match listed {
            [] => vec![None],
            _ => listed.iter().map(|item| Some(item.text())).collect(),
        }
    };
    let disabled = test.get("enabled") == Some(&Json::Bool(false));
    let rest = ["responses", "expectedError", "inputConditions"];
    let is_rest =
        rest.iter().any(|name| test.get(name).is_some()) || file.contains("rest-query-validation");
    let mut cases = Vec::new();
    for format in choices("format") {
        for config in choices("config") {
            let put_in = |text: &str| {
                let format = format.as_deref().unwrap_or("{FORMAT}");
                let config = config.as_deref().unwrap_or("{CONFIG}");
                text.replace("{FORMAT}", format).replace("{CONFIG}", config)
            };
            cases.push(Case {
                file: file.to_owned(),
                name: test.get("name").map_or(String::new(), Json::text),
                format: format.clone(),
                config: config.clone(),
                shape: if is_rest { Shape::Rest } else { Shape::Query },
                disabled,
                body: test.map_texts(&put_in),
            });
        }
    }
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_expanded_by_format_and_configuration() {
        let test = Json::parse(
            r#"{"name": "a {FORMAT}", "format": ["JSON", "AVRO"], "config": ["true"],
                "statements": ["x {FORMAT} {CONFIG};"]}"#,
        );
        let cases = expand(&test.expect("it is JSON"), "f.json");
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[1].title(), "f.json - a {FORMAT} - AVRO - true");
        assert_eq!(cases[1].statements(), ["x AVRO true;"]);
    }
}
