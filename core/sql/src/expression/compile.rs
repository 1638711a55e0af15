//! From the tree of the syntax to the typed tree: names, types, constants.
//!
//! Messages are ksqlDB's. The place of a finding is the narrowest expression that it is about.
//! Calls are in `call`; here is everything else.

use super::call;
use super::coerce::{self, Item};
use super::comparison::{self, Comparison};
use super::describe::describe;
use super::like::Pattern;
use super::node::{Expression, Node};
use super::scope::{Scope, Unresolved};
use super::types::{TypeAliases, sql_type};
use super::{arithmetic, cast};
use crate::decimal::Decimal;
use crate::types::{BaseType, Column, SqlType};
use crate::value::OwnedValue;
use headwater_base::{Diagnostic, Fault, limits};
use headwater_syntax::ast::{self, ExpressionKind, Literal, Sign};

type Result<T> = std::result::Result<T, Diagnostic>;

/// The clause that an expression stands in, as messages name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    /// SELECT.
    Select,
    /// WHERE.
    Where,
    /// GROUP BY.
    GroupBy,
    /// PARTITION BY.
    PartitionBy,
    /// HAVING.
    Having,
    /// JOIN ON.
    JoinOn,
    /// VALUES.
    Values,
}

impl Clause {
    /// The words of the clause.
    pub const fn name(self) -> &'static str {
        match self {
            Clause::Select => "SELECT",
            Clause::Where => "WHERE",
            Clause::GroupBy => "GROUP BY",
            Clause::PartitionBy => "PARTITION BY",
            Clause::Having => "HAVING",
            Clause::JoinOn => "JOIN ON",
            Clause::Values => "VALUES",
        }
    }
}

/// What compiling needs to know besides names.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// Where the expression stands.
    pub clause: Clause,
    /// The types that CREATE TYPE has named.
    pub aliases: &'o TypeAliases,
}

/// Compiles an expression.
///
/// ```
/// use headwater_sql::expression::{Clause, ColumnScope, Options, compile};
/// use headwater_sql::types::SqlType;
/// use headwater_syntax::ast::{StatementKind, SelectItemKind};
/// let mut scope = ColumnScope::default();
/// scope.push(Some("R"), "STARS", SqlType::Int);
/// let parsed = headwater_syntax::parse("SELECT stars * 2.5 FROM r;");
/// let StatementKind::Query(query) = &parsed.statements[0].kind else { unreachable!() };
/// let SelectItemKind::Expression { expression, .. } = &query.select.body[0].kind else {
///     unreachable!()
/// };
/// let aliases = Default::default();
/// let options = Options { clause: Clause::Select, aliases: &aliases };
/// let compiled = compile(expression, &scope, options).unwrap();
/// assert_eq!(compiled.ty().unwrap().to_string(), "DECIMAL(13, 1)");
/// ```
pub fn compile(
    expression: &ast::Expression,
    scope: &dyn Scope,
    options: Options<'_>,
) -> Result<Expression> {
    let mut compiler = Compiler::new(scope, options);
    compiler.compile(expression)
}

/// Compiles the condition of WHERE or HAVING, which must be a boolean.
pub fn compile_condition(
    expression: &ast::Expression,
    scope: &dyn Scope,
    options: Options<'_>,
) -> Result<Expression> {
    let clause = options.clause.name();
    let compiled = compile(expression, scope, options).map_err(|found| {
        let wrapped = matches!(found.code.as_str(), "cannot-compare" | "compare-null");
        if !wrapped {
            return found;
        }
        let statement = describe(expression);
        let message = format!(
            "Error in {clause} expression: {}\nStatement: {statement}",
            found.message
        );
        Diagnostic { message, ..found }
    })?;
    if compiled.ty == Some(SqlType::Boolean) {
        return Ok(compiled);
    }
    let ty = spelled(&compiled.ty);
    let message = format!(
        "Type error in {clause} expression: Should evaluate to boolean but is {} ({ty}) instead.",
        describe(expression),
    );
    Err(error("not-boolean", message, expression))
}

pub(super) fn error(code: &str, message: String, at: &ast::Expression) -> Diagnostic {
    Diagnostic::error(Fault::Yours, code, message).at(at.span)
}

/// A type in a message; an untyped null is `null`.
pub(super) fn spelled(ty: &Option<SqlType>) -> String {
    ty.as_ref().map_or_else(|| "null".to_owned(), SqlType::to_string)
}

/// Compiles one expression; keeps the arguments of the lambdas around the present place.
pub(super) struct Compiler<'s> {
    pub(super) scope: &'s dyn Scope,
    pub(super) options: Options<'s>,
    pub(super) lambdas: Vec<(String, SqlType)>,
    depth: u32,
}

impl<'s> Compiler<'s> {
    pub(super) fn new(scope: &'s dyn Scope, options: Options<'s>) -> Compiler<'s> {
        Compiler { scope, options, lambdas: Vec::new(), depth: 0 }
    }

    pub(super) fn compile(&mut self, expression: &ast::Expression) -> Result<Expression> {
        if let Some(found) = self.scope.substitute(expression) {
            return Ok(Expression::column(found.index, found.ty));
        }
        self.depth += 1;
        if self.depth > limits::DEPTH_MAX {
            let message = format!("Expressions nest at most {} deep.", limits::DEPTH_MAX);
            return Err(error("too-deep", message, expression));
        }
        let compiled = self.kind(expression).map_err(|found| match found.span {
            Some(_) => found,
            None => found.at(expression.span),
        });
        self.depth -= 1;
        compiled
    }

    fn kind(&mut self, expression: &ast::Expression) -> Result<Expression> {
        match &expression.kind {
            ExpressionKind::Literal(value) => literal(value),
            ExpressionKind::Column { source, name } => self.column(source.as_ref(), name),
            ExpressionKind::Field { base, field } => self.field(base, field),
            ExpressionKind::Subscript { base, index } => self.subscript(base, index),
            ExpressionKind::Sign { operator, operand } => self.sign(*operator, operand),
            ExpressionKind::Not(operand) => {
                let node = Box::new(self.boolean(operand)?);
                Ok(boolean(Node::Not(node)))
            }
            ExpressionKind::Arithmetic { operator, left, right } => {
                let (a, b) = (self.compile(left)?, self.compile(right)?);
                let types = (spelled(&a.ty), spelled(&b.ty));
                arithmetic::arithmetic(*operator, a, b).ok_or_else(|| {
                    let message = format!(
                        "Error processing expression: {}. Arithmetic on types {} and {} are not \
                         supported.",
                        describe(expression),
                        types.0,
                        types.1,
                    );
                    error("arithmetic-types", message, expression)
                })
            }
            ExpressionKind::Comparison { operator, left, right } => {
                self.comparison(*operator, left, right)
            }
            ExpressionKind::Logical { operator, left, right } => {
                let (a, b) = (Box::new(self.boolean(left)?), Box::new(self.boolean(right)?));
                Ok(boolean(match operator {
                    ast::LogicalOperator::And => Node::And(a, b),
                    ast::LogicalOperator::Or => Node::Or(a, b),
                }))
            }
            ExpressionKind::IsNull { value, negated } => {
                let value = self.compile(value)?;
                Ok(boolean(Node::IsNull(Box::new(value.node), *negated)))
            }
            _ => self.composed(expression),
        }
    }

    fn composed(&mut self, expression: &ast::Expression) -> Result<Expression> {
        match &expression.kind {
            ExpressionKind::Between { value, low, high } => self.between(value, low, high),
            ExpressionKind::In { value, list } => self.is_in(value, list),
            ExpressionKind::Like { value, pattern, escape } => {
                let (value, pattern) = (self.string(value)?, self.string(pattern)?);
                let pattern = Pattern::new(pattern, *escape);
                Ok(boolean(Node::Like(Box::new(value), pattern)))
            }
            ExpressionKind::Case { operand, branches, default } => {
                self.case(operand.as_deref(), branches, default.as_deref())
            }
            ExpressionKind::Cast { value, sql_type: to } => {
                let (value, to) = (self.compile(value)?, sql_type(to, self.options.aliases)?);
                let from = value.ty.clone().unwrap_or_else(|| to.clone());
                if cast::cast_plan(&from, &to).is_none() {
                    let message = format!("Invalid Select: Cast of {from} to {to} is not supported");
                    return Err(error("unsupported-cast", message, expression));
                }
                let node = comparison::folded(cast::node(value.node, from, to.clone()));
                Ok(Expression { node, ty: Some(to) })
            }
            ExpressionKind::Call(function) => call::compile_call(self, function, expression),
            ExpressionKind::Array(items) => self.array(items),
            ExpressionKind::Map(entries) => self.map(entries),
            ExpressionKind::Struct(fields) => self.structure(fields),
            ExpressionKind::AtTimeZone { .. } => {
                let message = "AT TIME ZONE is not supported yet.".to_owned();
                let found = Diagnostic::error(Fault::NotSupportedYet, "at-time-zone", message);
                Err(found.at(expression.span).hint("Use CONVERT_TZ(timestamp, from, to)."))
            }
            ExpressionKind::Lambda { .. } => {
                let message = "A lambda can only be an argument of a function.".to_owned();
                Err(error("lambda-place", message, expression))
            }
            _ => {
                let message = "A unit of time can only be an argument of a function.".to_owned();
                Err(error("unit-place", message, expression))
            }
        }
    }

    fn column(
        &mut self,
        source: Option<&ast::Identifier>,
        name: &ast::Identifier,
    ) -> Result<Expression> {
        if source.is_none() {
            let variable = self.lambdas.iter().rposition(|(known, _)| *known == name.text);
            if let Some(index) = variable {
                let ty = Some(self.lambdas[index].1.clone());
                return Ok(Expression { node: Node::Variable(index), ty });
            }
        }
        let found = self.scope.column(source.map(|source| source.text.as_str()), &name.text);
        let full = match source {
            Some(source) => format!("{}.{}", source.text, name.text),
            None => name.text.clone(),
        };
        let column = found.map_err(|found| self.unresolved(&full, found))?;
        Ok(Expression::column(column.index, column.ty))
    }

    fn unresolved(&self, full: &str, found: Unresolved) -> Diagnostic {
        let clause = self.options.clause.name();
        let (code, message, near) = match found {
            Unresolved::Refused(found) => return found,
            Unresolved::Ambiguous(places) => {
                let places = places.join(" or ");
                let message = format!("Column '{full}' is ambiguous. Could be {places}.");
                ("ambiguous-column", message, Vec::new())
            }
            Unresolved::UnknownSource(near) => {
                let source = full.split('.').next().unwrap_or(full);
                let message = format!("'{source}' is not a valid stream/table name or alias.");
                ("unknown-source", message, near)
            }
            Unresolved::Unknown(near) => {
                let mut message = format!("{clause} column '{full}' cannot be resolved.");
                if self.options.clause == Clause::PartitionBy {
                    message += &format!(
                        " '{full}' must be a column in the source schema since PARTITION BY is \
                         applied on the input."
                    );
                }
                ("unknown-column", message, near)
            }
        };
        let mut found = Diagnostic::error(Fault::Yours, code, message);
        for name in near {
            found = found.hint(format!("Did you mean {name}?"));
        }
        found
    }

    fn field(&mut self, base: &ast::Expression, field: &ast::Identifier) -> Result<Expression> {
        let compiled = self.compile(base)?;
        let Some(SqlType::Struct(fields)) = &compiled.ty else {
            let message = format!(
                "Expected STRUCT type, got: {}. Only a STRUCT has fields.",
                spelled(&compiled.ty)
            );
            return Err(error("not-a-struct", message, base));
        };
        let Some(at) = fields.iter().position(|known| known.name == field.text) else {
            let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            let message = format!("Could not find field '{}' in '{}'.", field.text, describe(base));
            let mut found = error("unknown-field", message, base).at(field.span);
            for near in headwater_base::diagnostic::nearest(&field.text, names.iter().copied()) {
                found = found.hint(format!("Did you mean {near}?"));
            }
            return Err(found.hint(format!("Its fields are {}.", names.join(", "))));
        };
        let ty = Some(fields[at].ty.clone());
        Ok(Expression { node: Node::Field(Box::new(compiled.node), at), ty })
    }

    fn subscript(&mut self, base: &ast::Expression, index: &ast::Expression) -> Result<Expression> {
        let (compiled, at) = (self.compile(base)?, self.compile(index)?);
        let (node, at_node) = (Box::new(compiled.node), Box::new(at.node));
        match (compiled.ty, at.ty) {
            (Some(SqlType::Array(element)), Some(SqlType::Int | SqlType::BigInt)) => {
                Ok(Expression { node: Node::Element(node, at_node), ty: Some(*element) })
            }
            (Some(SqlType::Map(key, value)), Some(ty)) if ty == *key => {
                Ok(Expression { node: Node::Entry(node, at_node), ty: Some(*value) })
            }
            (Some(SqlType::Array(_)), ty) => {
                let message = format!("An array's index is a whole number, not {}.", spelled(&ty));
                Err(error("index-type", message, index))
            }
            (Some(SqlType::Map(key, _)), ty) => {
                let message = format!("This map's keys are {key}, not {}.", spelled(&ty));
                Err(error("index-type", message, index))
            }
            (ty, _) => {
                let message = format!(
                    "Subscript expression: {} has type {}; only an ARRAY or a MAP has elements.",
                    describe(base),
                    spelled(&ty)
                );
                Err(error("no-elements", message, base))
            }
        }
    }

    fn sign(&mut self, operator: Sign, operand: &ast::Expression) -> Result<Expression> {
        let compiled = self.compile(operand)?;
        if !compiled.ty.as_ref().is_some_and(SqlType::is_number) {
            let ty = spelled(&compiled.ty);
            let message = format!("A sign needs a number, and {} is {ty}.", describe(operand));
            return Err(error("sign-type", message, operand));
        }
        Ok(match operator {
            Sign::Plus => compiled,
            Sign::Minus => {
                let node = Node::Negate(Box::new(compiled.node));
                Expression { node, ty: compiled.ty }
            }
        })
    }

    /// A condition inside an expression.
    fn boolean(&mut self, expression: &ast::Expression) -> Result<Node> {
        let compiled = self.compile(expression)?;
        if matches!(compiled.ty, Some(SqlType::Boolean) | None) {
            return Ok(compiled.node);
        }
        let message = format!(
            "A condition must be a BOOLEAN, and {} is {}.",
            describe(expression),
            spelled(&compiled.ty)
        );
        Err(error("not-boolean", message, expression))
    }

    fn string(&mut self, expression: &ast::Expression) -> Result<Node> {
        let compiled = self.compile(expression)?;
        if compiled.ty == Some(SqlType::String) {
            return Ok(compiled.node);
        }
        let message = format!(
            "Like condition must be between strings, and {} is {}.",
            describe(expression),
            spelled(&compiled.ty)
        );
        Err(error("like-type", message, expression))
    }

    fn comparison(
        &mut self,
        operator: ast::ComparisonOperator,
        left: &ast::Expression,
        right: &ast::Expression,
    ) -> Result<Expression> {
        let (a, b) = (self.compile(left)?, self.compile(right)?);
        let (a, b) = self.read_times((left, a), (right, b))?;
        if a.ty.is_none() || b.ty.is_none() {
            let message = format!(
                "Comparison with NULL not supported: {} {} {}",
                null_or(&a.ty, left),
                operator.symbol(),
                null_or(&b.ty, right),
            );
            let found = error("compare-null", message, left).at(left.span.to(right.span));
            return Err(found.hint("Use IS NULL or IS NOT NULL."));
        }
        let types = (spelled(&a.ty), spelled(&b.ty));
        let how = Comparison::from(operator);
        let Some((a, b)) = comparison::comparable(operator, a, b) else {
            let message = format!(
                "Cannot compare {} ({}) to {} ({}) with {}.",
                describe(left),
                types.0,
                describe(right),
                types.1,
                operator.name(),
            );
            return Err(error("cannot-compare", message, left).at(left.span.to(right.span)));
        };
        Ok(boolean(Node::Compare(how, Box::new(a), Box::new(b))))
    }

    /// Texts beside ROWTIME, WINDOWSTART and WINDOWEND become times.
    fn read_times(
        &self,
        (left, a): (&ast::Expression, Expression),
        (right, b): (&ast::Expression, Expression),
    ) -> Result<(Expression, Expression)> {
        let bad = |at: &ast::Expression| {
            let at = at.span;
            move |message| Diagnostic::error(Fault::Yours, "time-literal", message).at(at)
        };
        if self.is_time(left) {
            if let Some(time) = comparison::time_literal(&b.node) {
                return Ok((a, time.map_err(bad(right))?));
            }
        } else if self.is_time(right) {
            if let Some(time) = comparison::time_literal(&a.node) {
                return Ok((time.map_err(bad(left))?, b));
            }
        }
        Ok((a, b))
    }

    fn is_time(&self, expression: &ast::Expression) -> bool {
        let ExpressionKind::Column { source, name } = &expression.kind else {
            return false;
        };
        let source = source.as_ref().map(|source| source.text.as_str());
        self.scope.column(source, &name.text).is_ok_and(|column| column.is_time)
    }

    fn between(
        &mut self,
        value: &ast::Expression,
        low: &ast::Expression,
        high: &ast::Expression,
    ) -> Result<Expression> {
        use ast::ComparisonOperator::{GreaterThanOrEqual, LessThanOrEqual};
        let above = self.comparison(GreaterThanOrEqual, value, low)?;
        let below = self.comparison(LessThanOrEqual, value, high)?;
        let (Node::Compare(_, v1, low), Node::Compare(_, v2, high)) = (above.node, below.node)
        else {
            let message = "BETWEEN could not be compiled.".to_owned();
            return Err(Diagnostic::error(Fault::Ours, "between", message));
        };
        // Where the two bounds brought the value to different types, it is computed twice.
        let same = matches!((&*v1, &*v2), (Node::Cast(_), _) | (_, Node::Cast(_)));
        Ok(boolean(match same {
            false => Node::Between(Box::new([*v1, *low, *high])),
            true => Node::And(
                Box::new(Node::Compare(Comparison::AtLeast, v1, low)),
                Box::new(Node::Compare(Comparison::AtMost, v2, high)),
            ),
        }))
    }

    fn is_in(&mut self, value: &ast::Expression, list: &[ast::Expression]) -> Result<Expression> {
        let compiled = self.compile(value)?;
        if compiled.ty.is_none() {
            let message = "Comparison with NULL not supported: NULL IN (...)".to_owned();
            return Err(error("compare-null", message, value));
        }
        let mut items = vec![Item { expression: compiled, text: describe(value) }];
        for item in list {
            items.push(Item { expression: self.compile(item)?, text: in_hint(item) });
        }
        let Some((_, mut nodes)) = coerce::coerce(items)? else {
            let message = "IN needs a type.".to_owned();
            return Err(error("compare-null", message, value));
        };
        let first = nodes.remove(0);
        Ok(boolean(Node::In(Box::new(first), nodes)))
    }

    fn case(
        &mut self,
        operand: Option<&ast::Expression>,
        branches: &[ast::WhenBranch],
        default: Option<&ast::Expression>,
    ) -> Result<Expression> {
        let mut ty: Option<SqlType> = None;
        let mut compiled = Vec::with_capacity(branches.len());
        for branch in branches {
            let condition = match operand {
                None => self.boolean(&branch.condition)?,
                Some(operand) => {
                    let equal = ast::ComparisonOperator::Equal;
                    self.comparison(equal, operand, &branch.condition)?.node
                }
            };
            let result = self.compile(&branch.result)?;
            same_type(&mut ty, &result, &branch.result, "WHEN")?;
            compiled.push((condition, result.node));
        }
        let default = match default {
            None => None,
            Some(default) => {
                let result = self.compile(default)?;
                same_type(&mut ty, &result, default, "ELSE")?;
                Some(Box::new(result.node))
            }
        };
        if ty.is_none() {
            let message = "Invalid Case expression. All case branches have NULL type";
            let found = Diagnostic::error(Fault::Yours, "case-null", message);
            return Err(found.hint("Give one of them a type with CAST(NULL AS type)."));
        }
        Ok(Expression { node: Node::Case(compiled, default), ty })
    }

    fn items(&mut self, expressions: &[&ast::Expression]) -> Result<Vec<Item>> {
        let item = |expression: &&ast::Expression| {
            let text = in_hint(expression);
            Ok(Item { expression: self.compile(expression)?, text })
        };
        expressions.iter().map(item).collect()
    }

    fn array(&mut self, expressions: &[ast::Expression]) -> Result<Expression> {
        const ISSUE: &str = "(see https://github.com/confluentinc/ksql/issues/4239).";
        let yours = |message| Diagnostic::error(Fault::Yours, "constructor", message);
        if expressions.is_empty() {
            return Err(yours(format!(
                "Array constructor cannot be empty. Please supply at least one element {ISSUE}"
            )));
        }
        let items = self.items(&expressions.iter().collect::<Vec<_>>())?;
        let (element, nodes) = coerce::coerce(items)?.ok_or_else(|| {
            yours(format!(
                "Cannot construct an array with all NULL elements {ISSUE} As a workaround, you \
                 may cast a NULL value to the desired type."
            ))
        })?;
        Ok(Expression { node: Node::Array(nodes), ty: Some(SqlType::array(element)) })
    }

    fn map(&mut self, entries: &[ast::MapEntry]) -> Result<Expression> {
        const ISSUE: &str = "(see https://github.com/confluentinc/ksql/issues/4239).";
        let yours = |message| Diagnostic::error(Fault::Yours, "constructor", message);
        if entries.is_empty() {
            return Err(yours(format!(
                "Map constructor cannot be empty. Please supply at least one key value pair {ISSUE}"
            )));
        }
        let keys = self.items(&entries.iter().map(|entry| &entry.key).collect::<Vec<_>>())?;
        let values = self.items(&entries.iter().map(|entry| &entry.value).collect::<Vec<_>>())?;
        let null = |part| {
            yours(format!(
                "Cannot construct a map with all NULL {part} {ISSUE} As a workaround, you may \
                 cast a NULL value to the desired type."
            ))
        };
        let (key, keys) = coerce::coerce(keys)?.ok_or_else(|| null("keys"))?;
        let (value, values) = coerce::coerce(values)?.ok_or_else(|| null("values"))?;
        let node = Node::Map(keys.into_iter().zip(values).collect());
        Ok(Expression { node, ty: Some(SqlType::map(key, value)) })
    }

    fn structure(&mut self, entries: &[ast::StructEntry]) -> Result<Expression> {
        let (mut fields, mut nodes) = (Vec::new(), Vec::new());
        for entry in entries {
            let compiled = self.compile(&entry.value)?;
            let name = &entry.name.text;
            if fields.iter().any(|field: &Column| field.name == *name) {
                let message = format!("Duplicate struct field names found in STRUCT: '{name}'.");
                return Err(error("duplicate-field", message, &entry.value).at(entry.name.span));
            }
            let Some(ty) = compiled.ty else {
                let message = format!(
                    "Struct field '{name}' is NULL and has no type. \
                     Please explicitly cast it to a required type, e.g. CAST(null AS VARCHAR)."
                );
                return Err(error("untyped-null", message, &entry.value));
            };
            fields.push(Column::new(name, ty));
            nodes.push(compiled.node);
        }
        Ok(Expression { node: Node::Struct(nodes), ty: Some(SqlType::Struct(fields)) })
    }
}

fn boolean(node: Node) -> Expression {
    Expression { node, ty: Some(SqlType::Boolean) }
}

fn null_or(ty: &Option<SqlType>, expression: &ast::Expression) -> String {
    match ty {
        None => "NULL".to_owned(),
        Some(_) => describe(expression),
    }
}

/// How an item is shown where items have no common type: texts without quotes.
fn in_hint(item: &ast::Expression) -> String {
    match &item.kind {
        ExpressionKind::Literal(Literal::String(text)) => text.clone(),
        _ => describe(item),
    }
}

fn same_type(
    ty: &mut Option<SqlType>,
    result: &Expression,
    at: &ast::Expression,
    which: &str,
) -> Result<()> {
    match (&*ty, &result.ty) {
        (_, None) => {}
        (None, Some(found)) => *ty = Some(found.clone()),
        (Some(known), Some(found)) if known == found => {}
        (Some(known), Some(found)) => {
            let message = match which {
                "ELSE" => format!(
                    "Invalid Case expression. Type for the default clause should be the same as \
                     for 'THEN' clauses. THEN type: {known}. DEFAULT type: {found}"
                ),
                _ => format!(
                    "Invalid Case expression. Type for all 'THEN' clauses should be the same. \
                     THEN expression '{}' has type: {found}. Previous THEN expression(s) type: \
                     {known}.",
                    describe(at)
                ),
            };
            return Err(error("case-types", message, at));
        }
    }
    Ok(())
}

/// A literal as a constant.
pub(super) fn literal(literal: &Literal) -> Result<Expression> {
    let (value, ty) = match literal {
        Literal::Null => return Ok(Expression::constant(OwnedValue::Null, None)),
        Literal::Boolean(x) => (OwnedValue::Boolean(*x), SqlType::Boolean),
        Literal::Int(x) => (OwnedValue::Int(*x), SqlType::Int),
        Literal::BigInt(x) => (OwnedValue::BigInt(*x), SqlType::BigInt),
        Literal::Double(x) => (OwnedValue::Double(*x), SqlType::Double),
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
    debug_assert!(!matches!(ty.base(), BaseType::Struct));
    Ok(Expression::constant(value, Some(ty)))
}
