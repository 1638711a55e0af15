//! Types as written: `DECIMAL(4, 2)`, `ARRAY<STRUCT<A INT>>`, or the name of a type alias.

use super::Identifier;
use headwater_base::Span;

/// A type.
#[derive(Clone, Debug, PartialEq)]
pub struct SqlType {
    /// Which.
    pub kind: SqlTypeKind,
    /// Where.
    pub span: Span,
}

/// Which type.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlTypeKind {
    /// `BOOLEAN`.
    Boolean,
    /// `INT` or `INTEGER`.
    Int,
    /// `BIGINT`.
    BigInt,
    /// `DOUBLE`.
    Double,
    /// `DECIMAL(precision, scale)`.
    Decimal {
        /// All digits.
        precision: u32,
        /// Digits behind the point.
        scale: u32,
    },
    /// `STRING` or `VARCHAR`; a length is read and ignored.
    String,
    /// `BYTES`.
    Bytes,
    /// `TIME`.
    Time,
    /// `DATE`.
    Date,
    /// `TIMESTAMP`.
    Timestamp,
    /// `ARRAY<element>` or `element ARRAY`.
    Array(Box<SqlType>),
    /// `MAP<key, value>`.
    Map {
        /// Type of the keys.
        key: Box<SqlType>,
        /// Type of the values.
        value: Box<SqlType>,
    },
    /// `STRUCT<name type, …>`.
    Struct(Vec<StructField>),
    /// A type alias, made with `CREATE TYPE`.
    Named(Identifier),
}

/// One field of a `STRUCT`.
#[derive(Clone, Debug, PartialEq)]
pub struct StructField {
    /// Its name.
    pub name: Identifier,
    /// Its type.
    pub sql_type: SqlType,
    /// Where, name and type.
    pub span: Span,
}
