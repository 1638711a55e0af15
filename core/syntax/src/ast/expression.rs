//! Expressions of the tree: literals, names, operators, calls, constructors, lambdas. How they are
//! read is in `parser`, how they are printed in `printer`.
//!
//! As in ksqlDB, `a NOT IN (…)`, `NOT BETWEEN` and `NOT LIKE` are a NOT around the plain
//! predicate, `!=` is `<>`, `a || b` is a call of `CONCAT`, and a minus sign before a number is a
//! part of that number. Parentheses leave no node.

use super::{
    ArithmeticOperator, ComparisonOperator, Identifier, LogicalOperator, Sign, SqlType, TimeUnit,
};
use headwater_base::Span;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// Which.
    pub kind: ExpressionKind,
    /// Where, without parentheses around it.
    pub span: Span,
}

/// Which expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A constant.
    Literal(Literal),
    /// `column` or `source.column`; a lambda's argument looks the same.
    Column {
        /// The source's name or alias, if it is said.
        source: Option<Identifier>,
        /// The column.
        name: Identifier,
    },
    /// `base->field`.
    Field {
        /// A struct.
        base: Box<Expression>,
        /// The field.
        field: Identifier,
    },
    /// `base[index]`.
    Subscript {
        /// An array or a map.
        base: Box<Expression>,
        /// The index or key.
        index: Box<Expression>,
    },
    /// `+a` or `-a`.
    Sign {
        /// Which.
        operator: Sign,
        /// Of what.
        operand: Box<Expression>,
    },
    /// `NOT a`.
    Not(Box<Expression>),
    /// `a + b` and its like.
    Arithmetic {
        /// Which.
        operator: ArithmeticOperator,
        /// Left side.
        left: Box<Expression>,
        /// Right side.
        right: Box<Expression>,
    },
    /// `a = b` and its like.
    Comparison {
        /// Which.
        operator: ComparisonOperator,
        /// Left side.
        left: Box<Expression>,
        /// Right side.
        right: Box<Expression>,
    },
    /// `a AND b`, `a OR b`.
    Logical {
        /// Which.
        operator: LogicalOperator,
        /// Left side.
        left: Box<Expression>,
        /// Right side.
        right: Box<Expression>,
    },
    /// `value BETWEEN low AND high`.
    Between {
        /// What is compared.
        value: Box<Expression>,
        /// Lower bound, included.
        low: Box<Expression>,
        /// Upper bound, included.
        high: Box<Expression>,
    },
    /// `value IN (a, b)`.
    In {
        /// What is looked for.
        value: Box<Expression>,
        /// Where; never empty.
        list: Vec<Expression>,
    },
    /// `value LIKE pattern [ESCAPE 'c']`.
    Like {
        /// The text.
        value: Box<Expression>,
        /// The pattern.
        pattern: Box<Expression>,
        /// The character that takes `%` and `_` their meaning.
        escape: Option<char>,
    },
    /// `value IS NULL` or `value IS NOT NULL`.
    IsNull {
        /// What is tested.
        value: Box<Expression>,
        /// Whether it is `IS NOT NULL`.
        negated: bool,
    },
    /// `CASE [operand] WHEN … THEN … [ELSE …] END`.
    Case {
        /// What the branches are compared with; without it each condition is a boolean.
        operand: Option<Box<Expression>>,
        /// The branches; never empty.
        branches: Vec<WhenBranch>,
        /// What it is if no branch fits.
        default: Option<Box<Expression>>,
    },
    /// `CAST(value AS type)`.
    Cast {
        /// What is cast.
        value: Box<Expression>,
        /// To what.
        sql_type: SqlType,
    },
    /// `name(arguments)`.
    Call(FunctionCall),
    /// `x => body` or `(x, y) => body`, only as an argument of a call.
    Lambda {
        /// Its arguments; never empty.
        parameters: Vec<Identifier>,
        /// What it computes.
        body: Box<Expression>,
    },
    /// `ARRAY[a, b]`.
    Array(Vec<Expression>),
    /// `MAP(k := v, …)`.
    Map(Vec<MapEntry>),
    /// `STRUCT(name := v, …)`.
    Struct(Vec<StructEntry>),
    /// A unit as an argument of a call: the `DAYS` of `DATEADD(DAYS, 1, d)`.
    Unit(TimeUnit),
    /// `value AT TIME ZONE 'zone'`, which ksqlDB reads and does not implement.
    AtTimeZone {
        /// A time.
        value: Box<Expression>,
        /// The zone.
        zone: Box<Expression>,
    },
}

/// A constant. Numbers keep what their spelling says.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// `NULL`.
    Null,
    /// `TRUE` or `FALSE`.
    Boolean(bool),
    /// A whole number that fits 32 bits.
    Int(i32),
    /// A whole number that needs 64 bits.
    BigInt(i64),
    /// A number with a point and without an exponent.
    Decimal(DecimalLiteral),
    /// A number with an exponent that fits 64 bits, as `1.5E3`. Who only checks a text need not
    /// read floats exactly, which takes tables of ten kilobytes.
    Double(String),
    /// A text in single quotes, unescaped.
    String(String),
    /// A variable, `${name}`, that was not replaced; its name.
    Variable(String),
}

/// An exact number: sign and digits as written.
///
/// ```
/// use headwater_syntax::ast::DecimalLiteral;
/// let number = DecimalLiteral::new("-0.50").unwrap();
/// assert_eq!((number.precision, number.scale), (3, 2));
/// assert_eq!(number.unscaled(), Some(-50));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecimalLiteral {
    /// Optional minus sign, digits, perhaps a point and digits.
    pub text: String,
    /// All digits that count.
    pub precision: u32,
    /// Digits behind the point.
    pub scale: u32,
}

impl DecimalLiteral {
    /// The number of a text such as `-12.50`; `None` if it is not one.
    pub fn new(text: &str) -> Option<DecimalLiteral> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !all_digits(whole) || !all_digits(fraction) || whole.len() + fraction.len() == 0 {
            return None;
        }
        let scale = u32::try_from(fraction.len()).ok()?;
        let whole = whole.trim_start_matches('0');
        let whole_digits = u32::try_from(whole.len()).ok()?;
        // ksqlDB counts one digit before the point for numbers below 1.
        let precision = scale.checked_add(whole_digits.max(1))?;
        Some(DecimalLiteral {
            text: text.to_owned(),
            precision,
            scale,
        })
    }

    /// The number times 10 to the power of its scale, if that fits 128 bits.
    pub fn unscaled(&self) -> Option<i128> {
        self.text.replace('.', "").parse().ok()
    }
}

/// A call.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionCall {
    /// The function's name.
    pub name: Identifier,
    /// The arguments; `f(*)` has none.
    pub arguments: Vec<Expression>,
}

/// `WHEN condition THEN result`.
#[derive(Clone, Debug, PartialEq)]
pub struct WhenBranch {
    /// A boolean, or what the operand is compared with.
    pub condition: Expression,
    /// The value if it fits.
    pub result: Expression,
    /// Where, from WHEN to the end of the result.
    pub span: Span,
}

/// `key := value`.
#[derive(Clone, Debug, PartialEq)]
pub struct MapEntry {
    /// The key.
    pub key: Expression,
    /// The value.
    pub value: Expression,
}

/// `name := value`.
#[derive(Clone, Debug, PartialEq)]
pub struct StructEntry {
    /// The field.
    pub name: Identifier,
    /// Its value.
    pub value: Expression,
}
