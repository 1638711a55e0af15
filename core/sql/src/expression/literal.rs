//! Literals: numbers as their spelling says, and what is wrong with a variable that is left.

use super::compile::Result;
use super::node::Expression;
use crate::decimal::Decimal;
use crate::types::SqlType;
use crate::value::OwnedValue;
use headwater_base::{Diagnostic, Fault};
use headwater_syntax::ast::Literal;

/// A literal as a constant.
pub(super) fn literal(literal: &Literal) -> Result<Expression> {
    let (value, ty) = match literal {
        Literal::Null => return Ok(Expression::constant(OwnedValue::Null, None)),
        Literal::Boolean(x) => (OwnedValue::Boolean(*x), SqlType::Boolean),
        Literal::Int(x) => (OwnedValue::Int(*x), SqlType::Int),
        Literal::BigInt(x) => (OwnedValue::BigInt(*x), SqlType::BigInt),
        Literal::Double(written) => {
            // The parser refuses what is none, or too large for one.
            let number = written.parse().unwrap_or(f64::INFINITY);
            (OwnedValue::Double(number), SqlType::Double)
        }
        Literal::String(text) => (OwnedValue::from(text.as_str()), SqlType::String),
        Literal::Decimal(number) => {
            let ty = SqlType::decimal(number.precision, number.scale);
            let Some(value) = Decimal::parse(&number.text) else {
                let most = crate::decimal::DIGITS_MAX;
                let message = format!("{} has more than {most} digits.", number.text);
                return Err(Diagnostic::error(Fault::Yours, "decimal-digits", message));
            };
            (OwnedValue::from(value), ty)
        }
        Literal::Variable(name) => {
            let message = format!("The variable ${{{name}}} is not defined.");
            let found = Diagnostic::error(Fault::Yours, "undefined-variable", message);
            return Err(found.hint(format!("Define it first: DEFINE {name} = '…';")));
        }
    };

    Ok(Expression::constant(value, Some(ty)))
}
