//! Operators and units of time, with their spellings.

/// `+` or `-` before one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`.
    Plus,
    /// `-`.
    Minus,
}

/// `+ - * / %`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOperator {
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Modulus,
}

impl ArithmeticOperator {
    /// As written.
    pub const fn symbol(self) -> &'static str {
        match self {
            ArithmeticOperator::Add => "+",
            ArithmeticOperator::Subtract => "-",
            ArithmeticOperator::Multiply => "*",
            ArithmeticOperator::Divide => "/",
            ArithmeticOperator::Modulus => "%",
        }
    }
}

/// `= <> < <= > >=` and `IS [NOT] DISTINCT FROM`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComparisonOperator {
    /// `=`.
    Equal,
    /// `<>` or `!=`.
    NotEqual,
    /// `<`.
    LessThan,
    /// `<=`.
    LessThanOrEqual,
    /// `>`.
    GreaterThan,
    /// `>=`.
    GreaterThanOrEqual,
    /// `IS DISTINCT FROM`.
    IsDistinctFrom,
    /// `IS NOT DISTINCT FROM`.
    IsNotDistinctFrom,
}

impl ComparisonOperator {
    /// As written.
    pub const fn symbol(self) -> &'static str {
        match self {
            ComparisonOperator::Equal => "=",
            ComparisonOperator::NotEqual => "<>",
            ComparisonOperator::LessThan => "<",
            ComparisonOperator::LessThanOrEqual => "<=",
            ComparisonOperator::GreaterThan => ">",
            ComparisonOperator::GreaterThanOrEqual => ">=",
            ComparisonOperator::IsDistinctFrom => "IS DISTINCT FROM",
            ComparisonOperator::IsNotDistinctFrom => "IS NOT DISTINCT FROM",
        }
    }

    /// As ksqlDB's messages name it, such as `LESS_THAN`.
    pub const fn name(self) -> &'static str {
        match self {
            ComparisonOperator::Equal => "EQUAL",
            ComparisonOperator::NotEqual => "NOT_EQUAL",
            ComparisonOperator::LessThan => "LESS_THAN",
            ComparisonOperator::LessThanOrEqual => "LESS_THAN_OR_EQUAL",
            ComparisonOperator::GreaterThan => "GREATER_THAN",
            ComparisonOperator::GreaterThanOrEqual => "GREATER_THAN_OR_EQUAL",
            ComparisonOperator::IsDistinctFrom => "IS_DISTINCT_FROM",
            ComparisonOperator::IsNotDistinctFrom => "IS_NOT_DISTINCT_FROM",
        }
    }
}

/// `AND` or `OR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogicalOperator {
    /// `AND`.
    And,
    /// `OR`.
    Or,
}

impl LogicalOperator {
    /// As written.
    pub const fn symbol(self) -> &'static str {
        match self {
            LogicalOperator::And => "AND",
            LogicalOperator::Or => "OR",
        }
    }
}

/// A unit of time; singular and plural are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TimeUnit {
    /// `MILLISECOND`.
    Milliseconds,
    /// `SECOND`.
    Seconds,
    /// `MINUTE`.
    Minutes,
    /// `HOUR`.
    Hours,
    /// `DAY`.
    Days,
    /// `MONTH`; only as an argument of a function.
    Months,
    /// `YEAR`; only as an argument of a function.
    Years,
}

impl TimeUnit {
    /// As ksqlDB prints it: `MILLISECONDS`.
    pub const fn name(self) -> &'static str {
        match self {
            TimeUnit::Milliseconds => "MILLISECONDS",
            TimeUnit::Seconds => "SECONDS",
            TimeUnit::Minutes => "MINUTES",
            TimeUnit::Hours => "HOURS",
            TimeUnit::Days => "DAYS",
            TimeUnit::Months => "MONTHS",
            TimeUnit::Years => "YEARS",
        }
    }

    /// Its length, if it has a fixed one.
    pub const fn millis(self) -> Option<i64> {
        match self {
            TimeUnit::Milliseconds => Some(1),
            TimeUnit::Seconds => Some(1_000),
            TimeUnit::Minutes => Some(60_000),
            TimeUnit::Hours => Some(3_600_000),
            TimeUnit::Days => Some(86_400_000),
            TimeUnit::Months | TimeUnit::Years => None,
        }
    }
}
