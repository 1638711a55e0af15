//! Help on functions, made of the registry: what DESCRIBE FUNCTION, completion and docs show.

use super::definition::{Function, Kind, ResultType};
use super::signature::Parameter;

/// The help on one function, as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionHelp {
    /// The name, in capitals.
    pub name: String,
    /// `SCALAR`, `AGGREGATE` or `TABLE`.
    pub kind: &'static str,
    /// What it does.
    pub summary: String,
    /// Each overload, such as `SUBSTRING(VARCHAR text, INT start) -> VARCHAR`.
    pub signatures: Vec<String>,
    /// An expression that can be run, and what it gives.
    pub example: (String, String),
}

impl Function {
    /// The help on this function.
    ///
    /// ```
    /// use headwater_sql::function::registry;
    /// let help = registry().find("LCASE").unwrap().help();
    /// assert_eq!(help.signatures, ["LCASE(VARCHAR text) -> VARCHAR"]);
    /// ```
    pub fn help(&self) -> FunctionHelp {
        let signatures = self.overloads.iter().map(|overload| {
            let parameters: Vec<String> = overload
                .parameters
                .iter()
                .map(Parameter::to_string)
                .collect();
            let result = match &overload.result {
                ResultType::Type(ty) => ty.to_string(),
                ResultType::WholeDecimal => "DECIMAL".to_owned(),
                ResultType::Rule(_) => "ARRAY".to_owned(),
            };
            format!("{}({}) -> {result}", self.name, parameters.join(", "))
        });
        FunctionHelp {
            name: self.name.to_owned(),
            kind: match self.kind {
                Kind::Scalar => "SCALAR",
                Kind::Aggregate => "AGGREGATE",
                Kind::Table => "TABLE",
            },
            summary: self.summary.to_owned(),
            signatures: signatures.collect(),
            example: (self.example.0.to_owned(), self.example.1.to_owned()),
        }
    }
}
