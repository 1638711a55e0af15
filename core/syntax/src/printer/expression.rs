//! Expressions with full brackets round everything that is joined by operators.

use super::{Quoting, joined, name, sql_type, string_literal};
use crate::ast::{Expression, ExpressionKind, FunctionCall, Literal, Sign, WhenBranch};

/// An expression.
///
/// ```
/// use headwater_syntax::parse_expression;
/// use headwater_syntax::printer::{Quoting, expression};
/// let test = parse_expression("not a in (1, 2) and `b` is null").unwrap();
/// assert_eq!(expression(&test, Quoting::Needed), "((NOT (A IN (1, 2))) AND (`b` IS NULL))");
/// ```
pub fn expression(expression: &Expression, quoting: Quoting) -> String {
    let write = |inner: &Expression| self::expression(inner, quoting);
    let binary = |left: &Expression, operator: &str, right: &Expression| {
        format!("({} {operator} {})", write(left), write(right))
    };
    match &expression.kind {
        ExpressionKind::Literal(value) => literal(value),
        ExpressionKind::Column {
            source,
            name: column,
        } => match source {
            Some(source) => {
                format!(
                    "{}.{}",
                    name(&source.text, quoting),
                    name(&column.text, quoting)
                )
            }
            None => name(&column.text, quoting),
        },
        ExpressionKind::Field { base, field } => {
            format!("{}->{}", write(base), name(&field.text, quoting))
        }
        ExpressionKind::Subscript { base, index } => format!("{}[{}]", write(base), write(index)),
        ExpressionKind::Sign { operator, operand } => sign(*operator, &write(operand)),
        ExpressionKind::Not(operand) => format!("(NOT {})", write(operand)),
        ExpressionKind::Arithmetic {
            operator,
            left,
            right,
        } => binary(left, operator.symbol(), right),
        ExpressionKind::Comparison {
            operator,
            left,
            right,
        } => binary(left, operator.symbol(), right),
        ExpressionKind::Logical {
            operator,
            left,
            right,
        } => binary(left, operator.symbol(), right),
        ExpressionKind::Between { value, low, high } => {
            format!(
                "({} BETWEEN {} AND {})",
                write(value),
                write(low),
                write(high)
            )
        }
        ExpressionKind::In { value, list } => {
            format!("({} IN ({}))", write(value), joined(list, ", ", write))
        }
        ExpressionKind::Like {
            value,
            pattern,
            escape,
        } => {
            let escape = escape.map_or(String::new(), |character| {
                format!(" ESCAPE {}", string_literal(&character.to_string()))
            });
            format!("({} LIKE {}{escape})", write(value), write(pattern))
        }
        ExpressionKind::IsNull { value, negated } => {
            let not = if *negated { "NOT " } else { "" };
            format!("({} IS {not}NULL)", write(value))
        }
        ExpressionKind::Case {
            operand,
            branches,
            default,
        } => case(operand.as_deref(), branches, default.as_deref(), quoting),
        ExpressionKind::Cast {
            value,
            sql_type: target,
        } => {
            format!("CAST({} AS {})", write(value), sql_type(target, quoting))
        }
        ExpressionKind::Call(function) => call(function, quoting),
        ExpressionKind::Lambda { parameters, body } => {
            let parameters = joined(parameters, ", ", |it| name(&it.text, quoting));
            format!("({parameters}) => {}", write(body))
        }
        ExpressionKind::Array(items) => format!("ARRAY[{}]", joined(items, ", ", write)),
        ExpressionKind::Map(entries) => {
            let entry = joined(entries, ", ", |it| {
                format!("{}:={}", write(&it.key), write(&it.value))
            });
            format!("MAP({entry})")
        }
        ExpressionKind::Struct(entries) => {
            let entry = joined(entries, ", ", |it| {
                format!("{}:={}", name(&it.name.text, quoting), write(&it.value))
            });
            format!("STRUCT({entry})")
        }
        ExpressionKind::Unit(unit) => unit.name().to_owned(),
        ExpressionKind::AtTimeZone { value, zone } => {
            format!("({} AT TIME ZONE {})", write(value), write(zone))
        }
    }
}

pub(super) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Int(number) => number.to_string(),
        Literal::BigInt(number) => number.to_string(),
        Literal::Decimal(number) => number.text.clone(),
        Literal::Double(number) => format!("{number:E}"),
        Literal::String(text) => string_literal(text),
        Literal::Variable(variable) => format!("${{{variable}}}"),
    }
}

/// A blank keeps two minus signs from becoming a comment.
fn sign(operator: Sign, operand: &str) -> String {
    match operator {
        Sign::Plus => format!("+{operand}"),
        Sign::Minus if operand.starts_with('-') => format!("- {operand}"),
        Sign::Minus => format!("-{operand}"),
    }
}

fn case(
    operand: Option<&Expression>,
    branches: &[WhenBranch],
    default: Option<&Expression>,
    quoting: Quoting,
) -> String {
    let write = |inner: &Expression| expression(inner, quoting);
    let mut parts = vec!["CASE".to_owned()];
    parts.extend(operand.map(write));
    for branch in branches {
        parts.push(format!(
            "WHEN {} THEN {}",
            write(&branch.condition),
            write(&branch.result)
        ));
    }
    parts.extend(default.map(|default| format!("ELSE {}", write(default))));
    parts.push("END".to_owned());
    format!("({})", parts.join(" "))
}

/// `COUNT()` is the one call that shows its star.
fn call(call: &FunctionCall, quoting: Quoting) -> String {
    let mut arguments = joined(&call.arguments, ", ", |it| expression(it, quoting));
    if call.arguments.is_empty() && call.name.text == "COUNT" {
        arguments = "*".to_owned();
    }
    format!("{}({arguments})", name(&call.name.text, quoting))
}
