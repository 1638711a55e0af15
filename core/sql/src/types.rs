//! SQL types, columns and schemas, with ksqlDB's spelling of each.
//!
//! A type knows nothing about values or formats. The values are in [`crate::value`], the casts
//! between types in `crate::expression`.

use std::fmt;

/// A type of SQL.
///
/// ```
/// use headwater_sql::types::{Column, SqlType};
/// let point = SqlType::Struct(vec![Column::new("X", SqlType::Double)]);
/// assert_eq!(SqlType::array(point).to_string(), "ARRAY<STRUCT<`X` DOUBLE>>");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SqlType {
    /// True or false.
    Boolean,
    /// 32 bits, signed.
    Int,
    /// 64 bits, signed.
    BigInt,
    /// 64 bits, IEEE 754.
    Double,
    /// An exact number of at most `precision` digits, `scale` of them after the point.
    Decimal {
        /// Most digits.
        precision: u32,
        /// Digits after the point.
        scale: u32,
    },
    /// Text.
    String,
    /// Bytes.
    Bytes,
    /// A time of day, in milliseconds.
    Time,
    /// A day.
    Date,
    /// A moment, in milliseconds.
    Timestamp,
    /// Elements of one type.
    Array(Box<SqlType>),
    /// Keys of one type to values of one type.
    Map(Box<SqlType>, Box<SqlType>),
    /// Named fields.
    Struct(Vec<Column>),
}

/// The letter of a type without what is inside it: what two types must share to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BaseType {
    /// BOOLEAN.
    Boolean,
    /// INTEGER.
    Integer,
    /// BIGINT.
    BigInt,
    /// DECIMAL of any precision.
    Decimal,
    /// DOUBLE.
    Double,
    /// STRING.
    String,
    /// BYTES.
    Bytes,
    /// TIME.
    Time,
    /// DATE.
    Date,
    /// TIMESTAMP.
    Timestamp,
    /// ARRAY of anything.
    Array,
    /// MAP of anything.
    Map,
    /// STRUCT of anything.
    Struct,
}

impl SqlType {
    /// An array of `element`.
    pub fn array(element: SqlType) -> SqlType {
        SqlType::Array(Box::new(element))
    }

    /// A map from `key` to `value`.
    pub fn map(key: SqlType, value: SqlType) -> SqlType {
        SqlType::Map(Box::new(key), Box::new(value))
    }

    /// A decimal of `precision` digits, `scale` of them after the point.
    pub fn decimal(precision: u32, scale: u32) -> SqlType {
        SqlType::Decimal { precision, scale }
    }

    /// The type without what is inside it.
    pub fn base(&self) -> BaseType {
        match self {
            SqlType::Boolean => BaseType::Boolean,
            SqlType::Int => BaseType::Integer,
            SqlType::BigInt => BaseType::BigInt,
            SqlType::Double => BaseType::Double,
            SqlType::Decimal { .. } => BaseType::Decimal,
            SqlType::String => BaseType::String,
            SqlType::Bytes => BaseType::Bytes,
            SqlType::Time => BaseType::Time,
            SqlType::Date => BaseType::Date,
            SqlType::Timestamp => BaseType::Timestamp,
            SqlType::Array(_) => BaseType::Array,
            SqlType::Map(..) => BaseType::Map,
            SqlType::Struct(_) => BaseType::Struct,
        }
    }

    /// Whether it is one of the four kinds of number.
    pub fn is_number(&self) -> bool {
        matches!(
            self,
            SqlType::Int | SqlType::BigInt | SqlType::Decimal { .. } | SqlType::Double
        )
    }

    /// Whether a MAP is in it, at any depth.
    pub fn contains_map(&self) -> bool {
        match self {
            SqlType::Map(..) => true,
            SqlType::Array(element) => element.contains_map(),
            SqlType::Struct(fields) => fields.iter().any(|field| field.ty.contains_map()),
            _ => false,
        }
    }

    /// The precision and scale of a number as a decimal; `None` for DOUBLE and what is no number.
    pub fn as_decimal(&self) -> Option<(u32, u32)> {
        match self {
            SqlType::Int => Some((10, 0)),
            SqlType::BigInt => Some((19, 0)),
            SqlType::Decimal { precision, scale } => Some((*precision, *scale)),
            _ => None,
        }
    }

    /// Whether a value of this type becomes one of `target` without being asked to: INTEGER to
    /// BIGINT to DECIMAL (that holds it) to DOUBLE, and each type to itself.
    pub fn widens_to(&self, target: &SqlType) -> bool {
        if self == target {
            return true;
        }
        match (self, target) {
            (SqlType::Int, SqlType::BigInt | SqlType::Double) => true,
            (SqlType::BigInt | SqlType::Decimal { .. }, SqlType::Double) => true,
            (_, SqlType::Decimal { precision, scale }) => self
                .as_decimal()
                .is_some_and(|(p, s)| s <= *scale && p.saturating_sub(s) <= precision - scale),
            _ => false,
        }
    }

    /// The narrowest number type that both widen to.
    pub fn common_number(&self, other: &SqlType) -> Option<SqlType> {
        match (self, other) {
            (SqlType::Double, b) if b.is_number() => Some(SqlType::Double),
            (a, SqlType::Double) if a.is_number() => Some(SqlType::Double),
            (SqlType::Decimal { .. }, _) | (_, SqlType::Decimal { .. }) => {
                let ((p1, s1), (p2, s2)) = (self.as_decimal()?, other.as_decimal()?);
                let scale = s1.max(s2);
                Some(SqlType::decimal((p1 - s1).max(p2 - s2) + scale, scale))
            }
            (SqlType::BigInt, SqlType::Int | SqlType::BigInt) => Some(SqlType::BigInt),
            (SqlType::Int, SqlType::BigInt) => Some(SqlType::BigInt),
            (SqlType::Int, SqlType::Int) => Some(SqlType::Int),
            _ => None,
        }
    }
}

impl BaseType {
    /// The name as ksqlDB's messages spell it.
    pub fn name(self) -> &'static str {
        match self {
            BaseType::Boolean => "BOOLEAN",
            BaseType::Integer => "INTEGER",
            BaseType::BigInt => "BIGINT",
            BaseType::Decimal => "DECIMAL",
            BaseType::Double => "DOUBLE",
            BaseType::String => "STRING",
            BaseType::Bytes => "BYTES",
            BaseType::Time => "TIME",
            BaseType::Date => "DATE",
            BaseType::Timestamp => "TIMESTAMP",
            BaseType::Array => "ARRAY",
            BaseType::Map => "MAP",
            BaseType::Struct => "STRUCT",
        }
    }
}

impl fmt::Display for SqlType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SqlType::Decimal { precision, scale } => write!(f, "DECIMAL({precision}, {scale})"),
            SqlType::Array(element) => write!(f, "ARRAY<{element}>"),
            SqlType::Map(key, value) => write!(f, "MAP<{key}, {value}>"),
            SqlType::Struct(fields) => {
                f.write_str("STRUCT<")?;
                for (at, field) in fields.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    write!(f, "{comma}{field}")?;
                }
                f.write_str(">")
            }
            plain => f.write_str(plain.base().name()),
        }
    }
}

/// A name with a type: a column of a schema, or a field of a STRUCT.
///
/// Its spelling quotes the name: `` `STARS` INTEGER ``.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Column {
    /// The name in the case that counts.
    pub name: String,
    /// The type.
    pub ty: SqlType,
}

impl Column {
    /// A column called `name` of type `ty`.
    pub fn new(name: impl Into<String>, ty: SqlType) -> Column {
        Column {
            name: name.into(),
            ty,
        }
    }
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.name.replace('`', "``"), self.ty)
    }
}

/// The columns of a source: those of the record's key, then those of its value.
///
/// ```
/// use headwater_sql::types::{Column, Schema, SqlType};
/// let schema = Schema {
///     key: vec![Column::new("ID", SqlType::Int)],
///     value: vec![Column::new("NAME", SqlType::String)],
/// };
/// assert_eq!(schema.to_string(), "`ID` INTEGER KEY, `NAME` STRING");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Schema {
    /// Columns of the record's key.
    pub key: Vec<Column>,
    /// Columns of the record's value.
    pub value: Vec<Column>,
}

impl Schema {
    /// All columns, those of the key first.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().chain(&self.value)
    }

    /// Where the column called `name` is among [`Schema::columns`].
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns().position(|column| column.name == name)
    }
}

impl fmt::Display for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.key.iter().map(|column| format!("{column} KEY"));
        let values = self.value.iter().map(Column::to_string);
        let all: Vec<String> = keys.chain(values).collect();
        f.write_str(&all.join(", "))
    }
}
