//! From the tree of the syntax to the typed tree: names, types, constants.
//!
//! Messages are ksqlDB's. The place of a finding is the narrowest expression that it is about.
//! Calls are in `call`; here is everything else.

use super::call;
use super::comparison;
use super::describe::describe;
use super::like::Pattern;
use super::literal::literal;
use super::node::{Expression, Node};
use super::scope::{Scope, Unresolved};
use super::types::{TypeAliases, sql_type};
use super::{arithmetic, cast};
use crate::types::SqlType;
use headwater_base::{Diagnostic, Fault, limits};
use headwater_syntax::ast::{self, ExpressionKind, Literal, Sign};

pub(super) type Result<T> = std::result::Result<T, Diagnostic>;

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
    ty.as_ref()
        .map_or_else(|| "null".to_owned(), SqlType::to_string)
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
        Compiler {
            scope,
            options,
            lambdas: Vec::new(),
            depth: 0,
        }
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
            ExpressionKind::Arithmetic {
                operator,
                left,
                right,
            } => {
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
            ExpressionKind::Comparison {
                operator,
                left,
                right,
            } => self.comparison(*operator, left, right),
            ExpressionKind::Logical {
                operator,
                left,
                right,
            } => {
                let (a, b) = (
                    Box::new(self.boolean(left)?),
                    Box::new(self.boolean(right)?),
                );
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
            ExpressionKind::Like {
                value,
                pattern,
                escape,
            } => {
                let (value, pattern) = (self.string(value)?, self.string(pattern)?);
                let pattern = Pattern::new(pattern, *escape);
                Ok(boolean(Node::Like(Box::new(value), pattern)))
            }
            ExpressionKind::Case {
                operand,
                branches,
                default,
            } => self.case(operand.as_deref(), branches, default.as_deref()),
            ExpressionKind::Cast {
                value,
                sql_type: to,
            } => {
                let (value, to) = (self.compile(value)?, sql_type(to, self.options.aliases)?);
                let from = value.ty.clone().unwrap_or_else(|| to.clone());
                if cast::cast_plan(&from, &to).is_none() {
                    let message =
                        format!("Invalid Select: Cast of {from} to {to} is not supported");
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
                Err(found
                    .at(expression.span)
                    .hint("Use CONVERT_TZ(timestamp, from, to)."))
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
            let variable = self
                .lambdas
                .iter()
                .rposition(|(known, _)| *known == name.text);
            if let Some(index) = variable {
                let ty = Some(self.lambdas[index].1.clone());
                return Ok(Expression {
                    node: Node::Variable(index),
                    ty,
                });
            }
        }
        let found = self
            .scope
            .column(source.map(|source| source.text.as_str()), &name.text);
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
                Expression {
                    node,
                    ty: compiled.ty,
                }
            }
        })
    }

    /// A condition inside an expression.
    pub(super) fn boolean(&mut self, expression: &ast::Expression) -> Result<Node> {
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
}

pub(super) fn boolean(node: Node) -> Expression {
    Expression {
        node,
        ty: Some(SqlType::Boolean),
    }
}

/// How an item is shown where items have no common type: texts without quotes.
pub(super) fn in_hint(item: &ast::Expression) -> String {
    match &item.kind {
        ExpressionKind::Literal(Literal::String(text)) => text.clone(),
        _ => describe(item),
    }
}
