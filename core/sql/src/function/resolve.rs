//! Which overload a call means, with ksqlDB's words where none or several fit.
//!
//! An exact match beats implicit casts; then fixed parameters beat a variadic one, more fixed
//! parameters win, fewer type variables win, a later variadic parameter wins. What is still equal
//! is ambiguous.

use super::definition::{Function, Overload, ResultType};
use super::signature::{Bindings, Parameter, ParameterType};
use crate::types::SqlType;
use headwater_base::{Diagnostic, Fault, order};
use std::cmp::Reverse;
use std::fmt;

/// What is known of an argument before the overload is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArgumentType {
    /// An untyped null.
    Null,
    /// A value of this type.
    Value(SqlType),
    /// A lambda of so many parameters.
    Lambda(usize),
    /// A unit of time.
    Unit,
}

impl fmt::Display for ArgumentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArgumentType::Null => f.write_str("null"),
            ArgumentType::Value(ty) => write!(f, "{ty}"),
            ArgumentType::Lambda(_) => f.write_str("LAMBDA"),
            ArgumentType::Unit => f.write_str("INTERVALUNIT"),
        }
    }
}

/// The chosen overload.
#[derive(Clone, Debug)]
pub struct Resolved<'f> {
    /// Which.
    pub overload: &'f Overload,
    /// What its type variables are, as far as values say; lambdas may bind more.
    pub bindings: Bindings,
}

/// Chooses the overload of a call.
///
/// ```
/// use headwater_sql::function::{ArgumentType, registry, resolve};
/// use headwater_sql::types::SqlType;
/// let greatest = registry().find("GREATEST").unwrap();
/// let arguments = [ArgumentType::Value(SqlType::Int), ArgumentType::Value(SqlType::BigInt)];
/// let found = resolve(greatest, &arguments).unwrap_err();
/// assert_eq!(
///     found.message,
///     "Function 'greatest' cannot be resolved due to ambiguous method parameters \
///      (INTEGER, BIGINT).",
/// );
/// ```
pub fn resolve<'f>(
    function: &'f Function,
    arguments: &[ArgumentType],
) -> Result<Resolved<'f>, Diagnostic> {
    for widening in [false, true] {
        let fitting = |overload: &'f Overload| {
            let bindings = fits(overload, arguments, widening)?;
            Some((rank(overload), Resolved { overload, bindings }))
        };
        let mut candidates: Vec<_> = function.overloads.iter().filter_map(fitting).collect();
        order::sort_by_key(&mut candidates, |(rank, _)| Reverse(*rank));
        let tie = candidates.len() > 1 && candidates[0].0 == candidates[1].0;
        if tie {
            let message = format!(
                "Function '{}' cannot be resolved due to ambiguous method parameters ({}).",
                function.spelling,
                listed(arguments),
            );
            let found = Diagnostic::error(Fault::Yours, "ambiguous-call", message);
            return Err(found.hint("Cast the arguments to the types that you mean."));
        }
        if let Some((_, found)) = candidates.into_iter().next() {
            return Ok(found);
        }
    }
    Err(none(function, arguments))
}

fn none(function: &Function, arguments: &[ArgumentType]) -> Diagnostic {
    let alternatives = function.overloads.iter().map(|overload| {
        let parameters: Vec<String> = overload
            .parameters
            .iter()
            .map(Parameter::to_string)
            .collect();
        format!("{}({})", function.spelling, parameters.join(", "))
    });
    let message = format!(
        "Function '{}' does not accept parameters ({}).\nValid alternatives are:\n{}",
        function.spelling,
        listed(arguments),
        alternatives.collect::<Vec<_>>().join("\n"),
    );
    Diagnostic::error(Fault::Yours, "no-such-overload", message)
}

fn listed(arguments: &[ArgumentType]) -> String {
    let spelled: Vec<String> = arguments.iter().map(ArgumentType::to_string).collect();
    spelled.join(", ")
}

/// How specific an overload is; the greatest wins.
fn rank(overload: &Overload) -> (bool, usize, Reverse<usize>, Option<usize>) {
    let variadic = overload.variadic();
    let fixed = overload.parameters.len() - usize::from(variadic.is_some());
    let variables = overload
        .parameters
        .iter()
        .map(|parameter| parameter.ty.variables())
        .sum();
    (variadic.is_none(), fixed, Reverse(variables), variadic)
}

fn fits(overload: &Overload, arguments: &[ArgumentType], widening: bool) -> Option<Bindings> {
    let mut bindings = Bindings::new();
    for (at, argument) in arguments.iter().enumerate() {
        let parameter = overload.parameter_of(at, arguments.len())?;
        let fits = match (&parameter.ty, argument) {
            (ParameterType::Lambda(from, _), ArgumentType::Lambda(arity)) => from.len() == *arity,
            (ParameterType::Unit, ArgumentType::Unit) => true,
            (ParameterType::Lambda(..) | ParameterType::Unit, _) => false,
            (_, ArgumentType::Null) => true,
            (ty, ArgumentType::Value(actual)) => ty.accepts(actual, &mut bindings, widening),
            _ => false,
        };
        if !fits {
            return None;
        }
    }
    let fixed = overload.parameters.len() - usize::from(overload.variadic().is_some());
    (arguments.len() >= fixed).then_some(bindings)
}

impl Overload {
    /// The parameter that takes the argument at `at` of `count`.
    pub fn parameter_of(&self, at: usize, count: usize) -> Option<&Parameter> {
        let Some(variadic) = self.variadic() else {
            return (count == self.parameters.len()).then(|| &self.parameters[at]);
        };
        let after = self.parameters.len() - variadic - 1;
        if count < variadic + after {
            return None;
        }
        if at < variadic {
            return self.parameters.get(at);
        }
        if at < count - after {
            return self.parameters.get(variadic);
        }
        self.parameters.get(self.parameters.len() - (count - at))
    }

    /// The type of the result of a call.
    pub fn result_type(&self, types: &[Option<SqlType>], bindings: &Bindings) -> Option<SqlType> {
        let decimals = types.iter().enumerate().filter_map(|(at, ty)| {
            let parameter = self.parameter_of(at, types.len())?;
            match (&parameter.ty, ty.as_ref()?) {
                (ParameterType::Decimal, ty) => ty.as_decimal(),
                (ParameterType::Array(inner), SqlType::Array(element)) => {
                    let decimal = **inner == ParameterType::Decimal;
                    decimal.then(|| element.as_decimal()).flatten()
                }
                _ => None,
            }
        });
        let common = decimals.reduce(|(p1, s1), (p2, s2)| {
            let scale = s1.max(s2);
            ((p1 - s1).max(p2 - s2) + scale, scale)
        });
        match &self.result {
            ResultType::Type(ty) => ty.bound(bindings, common),
            ResultType::WholeDecimal => {
                let (precision, scale) = common?;
                Some(SqlType::decimal((precision - scale).max(1), 0))
            }
            ResultType::Rule(rule) => rule(types),
        }
    }
}
