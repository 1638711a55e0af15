//! From types as written to types: names of aliases are resolved.

use crate::types::{Column, SqlType};
use headwater_base::{Diagnostic, Fault, SortedMap, diagnostic::nearest};
use headwater_syntax::ast;

/// The types that CREATE TYPE has named.
pub type TypeAliases = SortedMap<String, SqlType>;

/// The type that is written.
pub fn sql_type(written: &ast::SqlType, aliases: &TypeAliases) -> Result<SqlType, Diagnostic> {
    Ok(match &written.kind {
        ast::SqlTypeKind::Boolean => SqlType::Boolean,
        ast::SqlTypeKind::Int => SqlType::Int,
        ast::SqlTypeKind::BigInt => SqlType::BigInt,
        ast::SqlTypeKind::Double => SqlType::Double,
        ast::SqlTypeKind::Decimal { precision, scale } => decimal(*precision, *scale, written)?,
        ast::SqlTypeKind::String => SqlType::String,
        ast::SqlTypeKind::Bytes => SqlType::Bytes,
        ast::SqlTypeKind::Time => SqlType::Time,
        ast::SqlTypeKind::Date => SqlType::Date,
        ast::SqlTypeKind::Timestamp => SqlType::Timestamp,
        ast::SqlTypeKind::Array(element) => SqlType::array(sql_type(element, aliases)?),
        ast::SqlTypeKind::Map { key, value } => {
            SqlType::map(sql_type(key, aliases)?, sql_type(value, aliases)?)
        }
        ast::SqlTypeKind::Struct(fields) => {
            let column = |field: &ast::StructField| {
                Ok(Column::new(
                    &field.name.text,
                    sql_type(&field.sql_type, aliases)?,
                ))
            };
            SqlType::Struct(
                fields
                    .iter()
                    .map(column)
                    .collect::<Result<_, Diagnostic>>()?,
            )
        }
        ast::SqlTypeKind::Named(name) => aliases.get(&name.text).cloned().ok_or_else(|| {
            let message = format!("Cannot resolve unknown type: {}", name.text);
            let mut found =
                Diagnostic::error(Fault::Yours, "unknown-type", message).at(written.span);
            for near in nearest(&name.text, aliases.keys().map(String::as_str)) {
                found = found.hint(format!("Did you mean {near}?"));
            }
            found
        })?,
    })
}

fn decimal(precision: u32, scale: u32, written: &ast::SqlType) -> Result<SqlType, Diagnostic> {
    let most = crate::decimal::DIGITS_MAX;
    let wrong = if precision == 0 {
        format!("DECIMAL precision must be >= 1: DECIMAL({precision},{scale})")
    } else if scale > precision {
        format!("DECIMAL precision must be >= scale: DECIMAL({precision},{scale})")
    } else if precision > most {
        format!("DECIMAL({precision}, {scale}) has more than {most} digits.")
    } else {
        return Ok(SqlType::decimal(precision, scale));
    };
    Err(Diagnostic::error(Fault::Yours, "decimal-type", wrong).at(written.span))
}
