//! Types as ksqlDB spells them: `INTEGER`, `STRUCT<F INTEGER>`.

use super::{Quoting, joined, name};
use crate::ast::{SqlType, SqlTypeKind};

/// A type.
///
/// ```
/// use headwater_syntax::ast::{SqlType, SqlTypeKind};
/// use headwater_syntax::printer::{Quoting, sql_type};
/// let int = SqlType { kind: SqlTypeKind::Int, span: Default::default() };
/// assert_eq!(sql_type(&int, Quoting::Always), "INTEGER");
/// ```
pub fn sql_type(sql_type: &SqlType, quoting: Quoting) -> String {
    let nested = |inner: &SqlType| self::sql_type(inner, quoting);
    match &sql_type.kind {
        SqlTypeKind::Boolean => "BOOLEAN".to_owned(),
        SqlTypeKind::Int => "INTEGER".to_owned(),
        SqlTypeKind::BigInt => "BIGINT".to_owned(),
        SqlTypeKind::Double => "DOUBLE".to_owned(),
        SqlTypeKind::Decimal { precision, scale } => format!("DECIMAL({precision}, {scale})"),
        SqlTypeKind::String => "STRING".to_owned(),
        SqlTypeKind::Bytes => "BYTES".to_owned(),
        SqlTypeKind::Time => "TIME".to_owned(),
        SqlTypeKind::Date => "DATE".to_owned(),
        SqlTypeKind::Timestamp => "TIMESTAMP".to_owned(),
        SqlTypeKind::Array(element) => format!("ARRAY<{}>", nested(element)),
        SqlTypeKind::Map { key, value } => format!("MAP<{}, {}>", nested(key), nested(value)),
        SqlTypeKind::Struct(fields) if fields.is_empty() => "STRUCT< >".to_owned(),
        SqlTypeKind::Struct(fields) => {
            let fields = joined(fields, ", ", |field| {
                format!(
                    "{} {}",
                    name(&field.name.text, quoting),
                    nested(&field.sql_type)
                )
            });
            format!("STRUCT<{fields}>")
        }
        SqlTypeKind::Named(alias) => name(&alias.text, quoting),
    }
}
