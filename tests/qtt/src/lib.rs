//! Query validation files: cases of stream SQL with the records that have to come out.
//!
//! The files are not part of this project; a folder of them is run with [`run_file`]. Reading is
//! in `case` and `json`, running in `query` and `rest`, comparing in `compare`, `post` and
//! `proto`. It knows the engine and the log, not the simulation.

mod case;
mod compare;
mod functions;
mod json;
mod lab;
mod number;
mod post;
mod proto;
mod query;
mod raised;
mod record;
mod report;
mod rest;

pub use case::{Case, FileError, FileProblem, Shape, cases, files};
pub use json::{Json, JsonError};
pub use report::{CaseReport, Status, report};

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Runs a case.
///
/// ```
/// use headwater_qtt::{Case, Json, Shape, Status, run_case};
/// let body = Json::parse(r#"{
///   "statements": [
///     "CREATE STREAM I (K STRING KEY, V INT) WITH (KAFKA_TOPIC='i', VALUE_FORMAT='JSON');",
///     "CREATE STREAM O AS SELECT K, V * 2 AS W FROM I;"
///   ],
///   "inputs": [{"topic": "i", "key": "a", "value": {"V": 21}}],
///   "outputs": [{"topic": "O", "key": "a", "value": {"W": 42}}]
/// }"#).unwrap();
/// let (file, name) = ("doubling.json".to_owned(), "doubles".to_owned());
/// let (format, config, shape, disabled) = (None, None, Shape::Query, false);
/// let report = run_case(&Case { file, name, format, config, shape, disabled, body });
/// assert_eq!(report.status, Status::Passed);
/// ```
pub fn run_case(case: &Case) -> CaseReport {
    functions::prepare();
    let done = match case.disabled {
        true => return CaseReport::new(case, Status::Skipped, "the file disables it"),
        false => catch_unwind(AssertUnwindSafe(|| match case.shape {
            Shape::Query => query::run(case),
            Shape::Rest => rest::run(case),
        })),
    };
    match done {
        Ok(Ok(())) => CaseReport::new(case, Status::Passed, ""),
        Ok(Err(message)) => CaseReport::new(case, Status::Failed, &message),
        Err(_) => CaseReport::new(case, Status::Failed, "a bug of headwater: it panicked"),
    }
}

/// Runs the cases of a file whose titles hold `filter`.
pub fn run_file(
    folder: &Path,
    path: &Path,
    filter: Option<&str>,
) -> Result<Vec<CaseReport>, FileError> {
    let wanted = |case: &Case| filter.is_none_or(|filter| case.title().contains(filter));
    let cases = cases(folder, path)?.into_iter().filter(wanted);
    Ok(cases.map(|case| run_case(&case)).collect())
}
