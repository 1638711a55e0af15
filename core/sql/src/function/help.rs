//! Help on functions, made of the registry: what DESCRIBE FUNCTION, completion and docs show.

use super::definition::{Function, Overload, ResultType};
use super::signature::Parameter;

/// The help on one function, as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionHelp {
    /// The name, in capitals.
    pub name: String,
    /// `SCALAR`, `AGGREGATE` or `TABLE`.
    pub kind: &'static str,
    /// What it is about, such as `STRING`.
    pub category: &'static str,
    /// What it does.
    pub summary: String,
    /// Each overload, such as `SUBSTRING(VARCHAR str, INT pos) -> VARCHAR`.
    pub signatures: Vec<String>,
    /// An expression that can be run, and what it gives. An aggregate's first argument lists what
    /// the records bring.
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
        let signature = |overload: &Overload| {
            let parameters = overload.spelled_parameters();
            format!(
                "{}({parameters}) -> {}",
                self.name,
                overload.spelled_result()
            )
        };
        FunctionHelp {
            name: self.name.to_owned(),
            kind: self.kind.name(),
            category: self.category.name(),
            summary: self.summary.to_owned(),
            signatures: self.overloads.iter().map(signature).collect(),
            example: (self.example.0.to_owned(), self.example.1.to_owned()),
        }
    }
}

impl Overload {
    /// Its parameters, such as `VARCHAR str, INT pos`.
    pub fn spelled_parameters(&self) -> String {
        let parameters: Vec<String> = self.parameters.iter().map(Parameter::to_string).collect();
        parameters.join(", ")
    }

    /// The type of its result, such as `VARCHAR`; a decimal's precision follows from the call.
    pub fn spelled_result(&self) -> String {
        match &self.result {
            ResultType::Type(ty) => ty.to_string(),
            ResultType::WholeDecimal => "DECIMAL".to_owned(),
            ResultType::Rule(_) if self.parameters.len() > 2 => "ARRAY<STRUCT>".to_owned(),
            ResultType::Rule(_) => match self.parameters.first() {
                Some(first) => format!("ARRAY<{}>", first.ty),
                None => "ARRAY".to_owned(),
            },
        }
    }
}
