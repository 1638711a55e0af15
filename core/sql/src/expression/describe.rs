//! Expressions as messages spell them: every binary operation in parentheses, texts in quotes.

use headwater_syntax::ast::{Expression, ExpressionKind, Literal, Sign};

/// The spelling of an expression in a message.
pub fn describe(expression: &Expression) -> String {
    match &expression.kind {
        ExpressionKind::Literal(literal) => spell_literal(literal),
        ExpressionKind::Column { source: Some(source), name } => {
            format!("{}.{}", source.text, name.text)
        }
        ExpressionKind::Column { source: None, name } => name.text.clone(),
        ExpressionKind::Field { base, field } => format!("{}->{}", describe(base), field.text),
        ExpressionKind::Subscript { base, index } => {
            format!("{}[{}]", describe(base), describe(index))
        }
        ExpressionKind::Sign { operator, operand } => {
            let sign = if *operator == Sign::Plus { "+" } else { "-" };
            format!("{sign}{}", describe(operand))
        }
        ExpressionKind::Not(operand) => format!("(NOT {})", describe(operand)),
        ExpressionKind::Arithmetic { operator, left, right } => {
            binary(left, operator.symbol(), right)
        }
        ExpressionKind::Comparison { operator, left, right } => {
            binary(left, operator.symbol(), right)
        }
        ExpressionKind::Logical { operator, left, right } => {
            binary(left, operator.symbol(), right)
        }
        ExpressionKind::Between { value, low, high } => {
            let (low, high) = (describe(low), describe(high));
            format!("({} BETWEEN {low} AND {high})", describe(value))
        }
        ExpressionKind::In { value, list } => {
            format!("({} IN ({}))", describe(value), joined(list))
        }
        ExpressionKind::Like { value, pattern, escape } => {
            let escape = escape.map_or(String::new(), |c| format!(" ESCAPE '{c}'"));
            format!("({} LIKE {}{escape})", describe(value), describe(pattern))
        }
        ExpressionKind::IsNull { value, negated } => {
            let not = if *negated { "NOT " } else { "" };
            format!("({} IS {not}NULL)", describe(value))
        }
        _ => composed(expression),
    }
}

fn composed(expression: &Expression) -> String {
    match &expression.kind {
        ExpressionKind::Case { operand, branches, default } => {
            let operand = operand.as_ref().map(|operand| describe(operand));
            let branches = branches.iter().map(|branch| {
                let (condition, result) = (&branch.condition, &branch.result);
                format!("WHEN {} THEN {}", describe(condition), describe(result))
            });
            let default = default.as_ref().map(|default| format!("ELSE {}", describe(default)));
            let parts: Vec<String> = operand.into_iter().chain(branches).chain(default).collect();
            format!("(CASE {} END)", parts.join(" "))
        }
        ExpressionKind::Cast { value, sql_type } => {
            let ty = super::sql_type(sql_type, &Default::default());
            let ty = ty.map_or_else(|_| "?".to_owned(), |ty| ty.to_string());
            format!("CAST({} AS {ty})", describe(value))
        }
        ExpressionKind::Call(call) => format!("{}({})", call.name.text, joined(&call.arguments)),
        ExpressionKind::Lambda { parameters, body } => {
            let names: Vec<&str> = parameters.iter().map(|name| name.text.as_str()).collect();
            match names.as_slice() {
                [one] => format!("{one} => {}", describe(body)),
                several => format!("({}) => {}", several.join(", "), describe(body)),
            }
        }
        ExpressionKind::Array(items) => format!("ARRAY[{}]", joined(items)),
        ExpressionKind::Map(entries) => {
            let entries = entries.iter().map(|entry| {
                format!("{}:={}", describe(&entry.key), describe(&entry.value))
            });
            format!("MAP({})", entries.collect::<Vec<_>>().join(", "))
        }
        ExpressionKind::Struct(fields) => {
            let fields = fields.iter();
            let fields = fields.map(|f| format!("{}:={}", f.name.text, describe(&f.value)));
            format!("STRUCT({})", fields.collect::<Vec<_>>().join(", "))
        }
        ExpressionKind::Unit(unit) => unit.name().to_owned(),
        ExpressionKind::AtTimeZone { value, zone } => {
            format!("{} AT TIME ZONE {}", describe(value), describe(zone))
        }
        _ => String::new(),
    }
}

fn binary(left: &Expression, symbol: &str, right: &Expression) -> String {
    format!("({} {symbol} {})", describe(left), describe(right))
}

fn joined(items: &[Expression]) -> String {
    items.iter().map(describe).collect::<Vec<_>>().join(", ")
}

fn spell_literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Boolean(x) => x.to_string(),
        Literal::Int(x) => x.to_string(),
        Literal::BigInt(x) => x.to_string(),
        Literal::Decimal(x) => x.text.clone(),
        Literal::Double(x) => crate::value::java_double(*x),
        Literal::String(text) => format!("'{}'", text.replace('\'', "''")),
        Literal::Variable(name) => format!("${{{name}}}"),
    }
}
