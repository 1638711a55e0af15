//! What a row of a function table says, and the function that is made of it.

use super::Call;
use super::aggregate::{Aggregate, AggregateRequest};
use super::signature::{Parameter, ParameterType, parse_parameters, parse_type};
use crate::expression::EvalError;
use crate::types::SqlType;
use crate::value::Value;
use std::sync::Arc;

/// What a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// One value from the arguments of one record.
    Scalar,
    /// One value from the records of a group.
    Aggregate,
    /// Several rows from the arguments of one record.
    Table,
}

/// What a function is about, as SHOW FUNCTIONS groups them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// Aggregate functions of all kinds.
    Aggregate,
    /// Arrays.
    Array,
    /// Nulls and choices.
    Conditional,
    /// Dates, times and timestamps.
    DateTime,
    /// JSON in texts.
    Json,
    /// What takes a lambda.
    Lambda,
    /// Maps.
    Map,
    /// Numbers.
    Mathematical,
    /// Regular expressions.
    RegularExpression,
    /// Texts and bytes.
    String,
    /// Table functions.
    Table,
    /// URLs.
    Url,
    /// Anything else.
    Other,
}

impl Category {
    /// Its name in the answer to SHOW FUNCTIONS.
    pub const fn name(self) -> &'static str {
        match self {
            Category::Aggregate => "AGGREGATE",
            Category::Array => "ARRAY",
            Category::Conditional => "CONDITIONAL",
            Category::DateTime => "DATE / TIME",
            Category::Json => "JSON",
            Category::Lambda => "LAMBDA",
            Category::Map => "MAP",
            Category::Mathematical => "MATHEMATICAL",
            Category::RegularExpression => "REGULAR EXPRESSION",
            Category::String => "STRING",
            Category::Table => "TABLE",
            Category::Url => "URL",
            Category::Other => "OTHER",
        }
    }
}

impl Kind {
    /// Its name in help.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Scalar => "SCALAR",
            Kind::Aggregate => "AGGREGATE",
            Kind::Table => "TABLE",
        }
    }
}

/// Computes a value from arguments.
pub type ScalarBody = for<'a> fn(&Call<'_, 'a>) -> Result<Value<'a>, EvalError>;
/// Computes rows from arguments.
pub type TableBody = for<'a> fn(&Call<'_, 'a>) -> Result<&'a [Value<'a>], EvalError>;
/// Makes the aggregate of a call; the error says which argument is wrong.
pub type AggregateBody = fn(&AggregateRequest<'_>) -> Result<Arc<dyn Aggregate>, String>;

/// The code of an overload.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Of a scalar function that is null when an argument is.
    Strict(ScalarBody),
    /// Of a scalar function that sees null arguments.
    Nullable(ScalarBody),
    /// Of an aggregate function.
    Aggregate(AggregateBody),
    /// Of a table function.
    Table(TableBody),
}

/// Makes the result's type of the arguments' types.
pub type TypeRule = fn(&[Option<SqlType>]) -> Option<SqlType>;

/// How the type of the result follows from the arguments.
#[derive(Clone, Debug)]
pub enum ResultType {
    /// A type over the bound type variables; a DECIMAL holds all decimal arguments.
    Type(ParameterType),
    /// The decimal argument's whole part: DECIMAL(p - s, 0).
    WholeDecimal,
    /// What a rule makes of the argument types.
    Rule(TypeRule),
}

/// A row of a table of overloads: parameters, result, code.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Such as `STRING text, INT start`.
    pub parameters: &'static str,
    /// Such as `STRING`; empty where `rule` says it.
    pub result: &'static str,
    /// The rule of the result's type, if its spelling cannot say it.
    pub rule: Option<TypeRule>,
    /// The code.
    pub body: Body,
}

/// An overload that is null when an argument is.
pub(super) const fn strict(
    parameters: &'static str,
    result: &'static str,
    body: ScalarBody,
) -> Row {
    let body = Body::Strict(body);
    Row {
        parameters,
        result,
        rule: None,
        body,
    }
}

/// An overload that sees null arguments.
pub(super) const fn nullable(
    parameters: &'static str,
    result: &'static str,
    body: ScalarBody,
) -> Row {
    let body = Body::Nullable(body);
    Row {
        parameters,
        result,
        rule: None,
        body,
    }
}

/// An overload of an aggregate function.
pub(super) const fn aggregate(
    parameters: &'static str,
    result: &'static str,
    body: AggregateBody,
) -> Row {
    let body = Body::Aggregate(body);
    Row {
        parameters,
        result,
        rule: None,
        body,
    }
}

/// A row of a function table.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The name, in capitals.
    pub name: &'static str,
    /// The name as messages spell it.
    pub spelling: &'static str,
    /// What it does, in one sentence or two.
    pub summary: &'static str,
    /// An expression (for aggregates: a call) and what it gives, as CAST to STRING spells it;
    /// for aggregates the arguments are lists of what each record brings.
    pub example: (&'static str, &'static str),
    /// Its overloads.
    pub overloads: &'static [Row],
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// The name, in capitals.
    pub name: &'static str,
    /// The name as messages spell it.
    pub spelling: &'static str,
    /// What it is.
    pub kind: Kind,
    /// What it is about.
    pub category: Category,
    /// What it does.
    pub summary: &'static str,
    /// An expression and what it gives.
    pub example: (&'static str, &'static str),
    /// Its overloads.
    pub overloads: Vec<Overload>,
}

/// One signature of a function, with its code.
#[derive(Debug)]
pub struct Overload {
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The type of the result.
    pub result: ResultType,
    /// The code.
    pub body: Body,
}

impl Function {
    pub(super) fn new(row: &Definition, category: Category) -> Function {
        let overloads: Vec<Overload> = row.overloads.iter().map(Overload::new).collect();
        let kind = match overloads.first().map(|overload| overload.body) {
            Some(Body::Aggregate(_)) => Kind::Aggregate,
            Some(Body::Table(_)) => Kind::Table,
            _ => Kind::Scalar,
        };
        Function {
            name: row.name,
            spelling: row.spelling,
            kind,
            category,
            summary: row.summary,
            example: row.example,
            overloads,
        }
    }
}

impl Overload {
    fn new(row: &Row) -> Overload {
        let result = match (row.rule, row.result) {
            (Some(rule), _) => ResultType::Rule(rule),
            (None, "WHOLE DECIMAL") => ResultType::WholeDecimal,
            (None, spelled) => ResultType::Type(parse_type(spelled)),
        };
        Overload {
            parameters: parse_parameters(row.parameters),
            result,
            body: row.body,
        }
    }

    /// Which parameter takes any number of arguments.
    pub fn variadic(&self) -> Option<usize> {
        self.parameters
            .iter()
            .position(|parameter| parameter.variadic)
    }
}
