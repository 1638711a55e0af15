//! What became of cases, and the report as JSON.

use crate::case::Case;
use crate::json::Json;

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Everything was as expected.
    Passed,
    /// Something was not, or it cannot run yet.
    Failed,
    /// The file itself takes it out.
    Skipped,
}

impl Status {
    /// The word of the report.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Passed => "passed",
            Status::Failed => "failed",
            Status::Skipped => "skipped",
        }
    }
}

/// What became of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseReport {
    /// The file, relative to the folder.
    pub file: String,
    /// The test's name, as the file has it.
    pub name: String,
    /// The format that was put in.
    pub format: Option<String>,
    /// The configuration that was put in.
    pub config: Option<String>,
    /// What became of it.
    pub status: Status,
    /// Why; empty where it passed.
    pub message: String,
    /// What tells it from all others, see [`Case::title`].
    pub title: String,
}

impl CaseReport {
    pub(crate) fn new(case: &Case, status: Status, message: &str) -> CaseReport {
        CaseReport {
            file: case.file.clone(),
            name: case.name.clone(),
            format: case.format.clone(),
            config: case.config.clone(),
            status,
            message: message.to_owned(),
            title: case.title(),
        }
    }

    fn to_json(&self) -> Json {
        let text = |text: &str| Json::String(text.to_owned());
        let optional = |value: &Option<String>| value.as_deref().map_or(Json::Null, text);
        let fields = [
            ("file", text(&self.file)),
            ("name", text(&self.name)),
            ("format", optional(&self.format)),
            ("config", optional(&self.config)),
            ("status", text(self.status.word())),
            ("message", text(&self.message)),
        ];
        Json::Object(
            fields
                .map(|(name, value)| (name.to_owned(), value))
                .to_vec(),
        )
    }
}

/// The report: a JSON array, an element a case, each on a line of its own.
pub fn report(cases: &[CaseReport]) -> String {
    let lines: Vec<String> = cases
        .iter()
        .map(|case| case.to_json().to_string())
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}
