//! Expressions with full brackets round everything that is joined by operators.

use super::{Quoting, name, string_literal};
use crate::ast::{
    Expression, ExpressionKind, FunctionCall, Identifier, Literal, MapEntry, Sign, StructEntry,
    WhenBranch,
};

/// An expression.
///
/// ```
/// use headwater_syntax::parse_expression;
/// use headwater_syntax::printer::{Quoting, expression};
/// let test = parse_expression("not a in (1, 2) and `b` is null").unwrap();
/// assert_eq!(expression(&test, Quoting::Needed), "((NOT (A IN (1, 2))) AND (`b` IS NULL))");
/// ```
pub fn expression(expression: &Expression, quoting: Quoting) -> String {
    let mut writer = Writer {
        text: String::new(),
        quoting,
    };
    writer.expression(expression);
    writer.text
}

/// Writes into one text, so that a deep tree costs neither copies nor much stack.
struct Writer {
    text: String,
    quoting: Quoting,
}

impl Writer {
    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Literal(value) => self.push(&literal(value)),
            ExpressionKind::Column { source, name } => {
                if let Some(source) = source {
                    self.name(source);
                    self.push(".");
                }
                self.name(name);
            }
            ExpressionKind::Field { base, field } => {
                self.expression(base);
                self.push("->");
                self.name(field);
            }
            ExpressionKind::Subscript { base, index } => {
                self.expression(base);
                self.push("[");
                self.expression(index);
                self.push("]");
            }
            ExpressionKind::Sign { operator, operand } => self.sign(*operator, operand),
            ExpressionKind::Arithmetic {
                operator,
                left,
                right,
            } => self.binary(left, operator.symbol(), right),
            ExpressionKind::Case {
                operand,
                branches,
                default,
            } => self.case(operand.as_deref(), branches, default.as_deref()),
            ExpressionKind::Cast { value, sql_type } => {
                self.push("CAST(");
                self.expression(value);
                self.push(" AS ");
                self.push(&super::sql_type(sql_type, self.quoting));
                self.push(")");
            }
            ExpressionKind::Call(function) => self.call(function),
            ExpressionKind::Lambda { parameters, body } => {
                self.list("(", parameters, ") => ", Writer::name);
                self.expression(body);
            }
            ExpressionKind::Array(items) => self.list("ARRAY[", items, "]", Writer::expression),
            ExpressionKind::Map(entries) => self.list("MAP(", entries, ")", Writer::map_entry),
            ExpressionKind::Struct(entries) => {
                self.list("STRUCT(", entries, ")", Writer::struct_entry);
            }
            ExpressionKind::Unit(unit) => self.push(unit.name()),
            _ => self.predicate(expression),
        }
    }

    /// What is true or false, and a time in a zone: in brackets, with words in between.
    fn predicate(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Not(operand) => {
                self.push("(NOT ");
                self.expression(operand);
                self.push(")");
            }
            ExpressionKind::Comparison {
                operator,
                left,
                right,
            } => self.binary(left, operator.symbol(), right),
            ExpressionKind::Logical {
                operator,
                left,
                right,
            } => self.binary(left, operator.symbol(), right),
            ExpressionKind::Between { value, low, high } => {
                self.push("(");
                self.expression(value);
                self.push(" BETWEEN ");
                self.expression(low);
                self.push(" AND ");
                self.expression(high);
                self.push(")");
            }
            ExpressionKind::In { value, list } => {
                self.push("(");
                self.expression(value);
                self.list(" IN (", list, "))", Writer::expression);
            }
            ExpressionKind::Like {
                value,
                pattern,
                escape,
            } => {
                self.push("(");
                self.expression(value);
                self.push(" LIKE ");
                self.expression(pattern);
                if let Some(character) = escape {
                    self.push(" ESCAPE ");
                    self.push(&string_literal(&character.to_string()));
                }
                self.push(")");
            }
            ExpressionKind::IsNull { value, negated } => {
                self.push("(");
                self.expression(value);
                self.push(if *negated {
                    " IS NOT NULL)"
                } else {
                    " IS NULL)"
                });
            }
            ExpressionKind::AtTimeZone { value, zone } => self.binary(value, "AT TIME ZONE", zone),
            _ => debug_assert!(false, "every other expression is written elsewhere"),
        }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn name(&mut self, identifier: &Identifier) {
        let written = name(&identifier.text, self.quoting);
        self.push(&written);
    }

    fn list<T>(&mut self, open: &str, items: &[T], close: &str, write: fn(&mut Writer, &T)) {
        self.push(open);
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            write(self, item);
        }
        self.push(close);
    }

    fn binary(&mut self, left: &Expression, operator: &str, right: &Expression) {
        self.push("(");
        self.expression(left);
        self.push(" ");
        self.push(operator);
        self.push(" ");
        self.expression(right);
        self.push(")");
    }

    /// A blank keeps two minus signs from becoming a comment.
    fn sign(&mut self, operator: Sign, operand: &Expression) {
        self.push(match operator {
            Sign::Plus => "+",
            Sign::Minus => "-",
        });
        let at = self.text.len();
        self.expression(operand);
        if operator == Sign::Minus && self.text[at..].starts_with('-') {
            self.text.insert(at, ' ');
        }
    }

    fn case(
        &mut self,
        operand: Option<&Expression>,
        branches: &[WhenBranch],
        default: Option<&Expression>,
    ) {
        self.push("(CASE ");
        if let Some(operand) = operand {
            self.expression(operand);
            self.push(" ");
        }
        for branch in branches {
            self.push("WHEN ");
            self.expression(&branch.condition);
            self.push(" THEN ");
            self.expression(&branch.result);
            self.push(" ");
        }
        if let Some(default) = default {
            self.push("ELSE ");
            self.expression(default);
            self.push(" ");
        }
        self.push("END)");
    }

    /// `COUNT()` is the one call that shows its star.
    fn call(&mut self, call: &FunctionCall) {
        self.name(&call.name);
        if call.arguments.is_empty() && call.name.text == "COUNT" {
            return self.push("(*)");
        }
        self.list("(", &call.arguments, ")", Writer::expression);
    }

    fn map_entry(&mut self, entry: &MapEntry) {
        self.expression(&entry.key);
        self.push(":=");
        self.expression(&entry.value);
    }

    fn struct_entry(&mut self, entry: &StructEntry) {
        self.name(&entry.name);
        self.push(":=");
        self.expression(&entry.value);
    }
}

pub(super) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Null => "null".to_owned(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Int(number) => number.to_string(),
        Literal::BigInt(number) => number.to_string(),
        Literal::Decimal(number) => number.text.clone(),
        Literal::Double(written) => written.clone(),
        Literal::String(text) => string_literal(text),
        Literal::Variable(variable) => format!("${{{variable}}}"),
    }
}
