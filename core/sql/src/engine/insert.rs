//! INSERT INTO … VALUES: constants become one record.
//!
//! Coercion is strict: numbers widen, texts become times, dates, timestamps and bytes, collections
//! follow element by element; nothing else changes its type.

use super::{Action, Engine, Execution};
use crate::analyze::wrong;
use crate::arena::Arena;
use crate::catalog::Source;
use crate::expression::{Clause, ColumnScope, ErrorLog, EvalContext, Options, compile};
use crate::format::{Codec, Encoded, Part};
use crate::plan::written_type;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use headwater_base::{Diagnostic, Span, VirtualTime};
use headwater_log::HeaderBuf;
use headwater_syntax::ast::{self, ExpressionKind as Kind, InsertValues};
use headwater_syntax::printer::{self, Quoting};

impl Engine {
    pub(super) fn insert_values(
        &mut self,
        it: &InsertValues,
        now: VirtualTime,
        at: Span,
    ) -> Result<Execution, Diagnostic> {
        let (name, target_span) = (&it.target.text, it.target.span);
        let Some(source) = self.catalog.get(name).cloned() else {
            return Err(self.unknown_target(name, target_span));
        };
        check_target(&source, target_span)?;
        self.check_not_the_log(&source, target_span)?;
        let columns = columns(it, &source)?;
        if columns.len() != it.values.len() {
            let message = format!(
                "Failed to prepare statement: Expected number columns and values to match: {}, {}",
                columns.len(),
                it.values.len()
            );
            return Err(wrong("insert-count", message, at));
        }
        let mut values: Vec<OwnedValue> = vec![OwnedValue::Null; source.schema.columns().count()];
        let mut timestamp = now.epoch_millis();
        for ((index, column), expression) in columns.iter().zip(&it.values) {
            let value = self.value(expression, column, &source, now)?;
            match index {
                Some(index) => values[*index] = value,
                None => match value {
                    OwnedValue::BigInt(time) => timestamp = time,
                    _ => {
                        let message = failed(&source, "ROWTIME cannot be null.");
                        return Err(wrong("insert-rowtime", message, expression.span));
                    }
                },
            }
        }
        let action = record(&source, &values, timestamp, target_span)?;
        let execution = Execution::said(String::new());
        Ok(Execution {
            actions: vec![action],
            ..execution
        })
    }

    fn unknown_target(&self, name: &str, at: Span) -> Diagnostic {
        let unknown = self.catalog.unknown(name, at);
        let upper = name.to_uppercase();
        let mut message = format!("Cannot insert values into an unknown stream/table: `{name}`");
        if upper != *name && self.catalog.get(&upper).is_some() {
            message.push_str(&format!(
                "\nDid you mean {upper}? Hint: try removing double quotes from the source name."
            ));
        }
        Diagnostic { message, ..unknown }
    }

    /// The value of one expression, as the column's type has it.
    fn value(
        &self,
        expression: &ast::Expression,
        column: &Column,
        source: &Source,
        now: VirtualTime,
    ) -> Result<OwnedValue, Diagnostic> {
        let options = Options {
            clause: Clause::Values,
            aliases: self.catalog.types(),
        };
        let scope = ColumnScope::default();
        let prefix = |found: Diagnostic| match found.code.as_str() {
            "unknown-source" | "unknown-column" => Diagnostic {
                message: format!("Failed to prepare statement: {}", found.message),
                ..found
            },
            _ => found,
        };
        let compiled = compile(expression, &scope, options).map_err(prefix)?;
        let Some(from) = compiled.ty().cloned() else {
            return Ok(OwnedValue::Null);
        };
        if !becomes(&from, &column.ty) {
            let message = failed(
                source,
                &format!(
                    "Expected type {} for field `{}` but got {from}({})",
                    column.ty,
                    column.name,
                    printer::expression(expression, Quoting::Never)
                ),
            );
            return Err(wrong("insert-type", message, expression.span));
        }
        let compiled = match from == column.ty {
            true => compiled,
            false => {
                let span = expression.span;
                let sql_type = ast::SqlType {
                    kind: written_type(&column.ty),
                    span,
                };
                let kind = Kind::Cast {
                    value: Box::new(expression.clone()),
                    sql_type,
                };
                compile(&ast::Expression { kind, span }, &scope, options)?
            }
        };
        let (arena, errors) = (Arena::new(), ErrorLog::default());
        let cx = EvalContext::new(&arena, &errors, now.epoch_millis(), self.seed());
        let value = compiled.value(&[], &cx).to_owned();
        match errors.take().into_iter().next() {
            None => Ok(value),
            Some(error) => {
                let message = failed(source, &format!("Error processing expression: {error}"));
                Err(wrong("insert-value", message, expression.span))
            }
        }
    }
}

fn failed(source: &Source, why: &str) -> String {
    format!("Failed to insert values into '{}'. {why}", source.name)
}

fn check_target(source: &Source, at: Span) -> Result<(), Diagnostic> {
    let name = &source.name;
    if source.read_only {
        let noun = source.noun();
        let message = failed(
            source,
            &format!("Cannot insert values into read-only {noun}: {name}"),
        );
        return Err(wrong("read-only", message, at));
    }
    if source.window.is_some() {
        let message = "Cannot insert values into windowed stream/table!";
        return Err(wrong("insert-windowed", failed(source, message), at));
    }
    Ok(())
}

/// The columns that get values, with their places; ROWTIME has none.
fn columns(it: &InsertValues, source: &Source) -> Result<Vec<(Option<usize>, Column)>, Diagnostic> {
    if it.columns.is_empty() {
        if let Some(column) = source.headers.first() {
            let message = format!("Cannot insert into HEADER columns: {}", column.name);
            return Err(wrong("header-columns", message, it.target.span));
        }
        let all = source.schema.columns().cloned().enumerate();
        return Ok(all.map(|(index, column)| (Some(index), column)).collect());
    }
    let mut found: Vec<(Option<usize>, Column)> = Vec::new();
    for written in &it.columns {
        let name = &written.text;
        if let Some(column) = source.headers.iter().find(|column| column.name == *name) {
            let message = format!("Cannot insert into HEADER columns: {}", column.name);
            return Err(wrong("header-columns", message, written.span));
        }
        if matches!(name.as_str(), "ROWPARTITION" | "ROWOFFSET") {
            let message = format!("Inserting into column `{name}` is not allowed.");
            return Err(wrong("insert-pseudo-column", message, written.span));
        }
        if found.iter().any(|(_, column)| column.name == *name) {
            let message = format!("Column `{name}` is named twice.");
            return Err(wrong("duplicate-column", message, written.span));
        }
        let place = source.schema.position(name);
        match place.and_then(|index| Some((index, source.schema.columns().nth(index)?))) {
            Some((index, column)) => found.push((Some(index), column.clone())),
            None if name == "ROWTIME" => {
                found.push((None, Column::new("ROWTIME", SqlType::BigInt)));
            }
            None => {
                let message = failed(source, &format!("Column name `{name}` does not exist."));
                let names = source.schema.columns().map(|column| column.name.as_str());
                let near = headwater_base::diagnostic::nearest(name, names);
                let unknown = wrong("unknown-column", message, written.span);
                let hint = |found: Diagnostic, near| found.hint(format!("Did you mean {near}?"));
                return Err(near.into_iter().fold(unknown, hint));
            }
        }
    }
    Ok(found)
}

/// Whether a value of one type becomes one of the other without a CAST.
fn becomes(from: &SqlType, to: &SqlType) -> bool {
    match (from, to) {
        (SqlType::String, SqlType::Time | SqlType::Date | SqlType::Timestamp | SqlType::Bytes) => {
            true
        }
        // A value that is too big for the column is found when it is calculated.
        (SqlType::Int | SqlType::BigInt, SqlType::Decimal { .. }) => true,
        (SqlType::Array(from), SqlType::Array(to)) => becomes(from, to),
        (SqlType::Map(k1, v1), SqlType::Map(k2, v2)) => becomes(k1, k2) && becomes(v1, v2),
        (SqlType::Struct(from), SqlType::Struct(to)) => from.iter().all(|field| {
            let target = to.iter().find(|target| target.name == field.name);
            target.is_some_and(|target| becomes(&field.ty, &target.ty))
        }),
        _ => from.widens_to(to),
    }
}

fn record(
    source: &Source,
    values: &[OwnedValue],
    timestamp: i64,
    at: Span,
) -> Result<Action, Diagnostic> {
    let arena = Arena::new();
    let slots: Vec<Value<'_>> = values.iter().map(|value| value.borrow(&arena)).collect();
    let (key_slots, value_slots) = slots.split_at(source.schema.key.len());
    if source.is_table() && key_slots.iter().any(Value::is_null) {
        let keys = source.schema.key.iter().map(|column| column.name.as_str());
        let keys = keys.collect::<Vec<_>>().join(", ");
        let why = format!("Value for primary key column(s) {keys} is required for tables");
        return Err(wrong("insert-without-key", failed(source, &why), at));
    }
    let encode = |codec: Codec, slots: &[Value<'_>]| {
        let mut bytes = Vec::new();
        match codec.encode(slots, &mut bytes) {
            Ok(Encoded::Bytes) => Ok(Some(bytes)),
            Ok(Encoded::Null) => Ok(None),
            Err(error) => Err(wrong(
                "insert-serialise",
                failed(source, &error.to_string()),
                at,
            )),
        }
    };
    let key_codec = Codec::new(&source.key_format, Part::Key, &source.schema.key);
    let value_codec = Codec::new(&source.value_format, Part::Value, &source.schema.value);
    let no_key = key_slots.iter().all(Value::is_null);
    let key = if no_key {
        None
    } else {
        encode(key_codec, key_slots)?
    };
    let value = encode(value_codec, value_slots)?;
    let topic = source.topic.clone();
    let headers = HeaderBuf::new();
    Ok(Action::Append {
        topic,
        key,
        value,
        headers,
        timestamp,
        partition: None,
    })
}
