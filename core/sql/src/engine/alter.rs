//! ALTER STREAM and ALTER TABLE: new value columns behind those that are there.
//!
//! Queries that run keep the columns that they were planned with; new statements see the new ones.

use super::{Engine, Execution};
use crate::analyze::items::is_reserved;
use crate::analyze::wrong;
use crate::catalog::SourceKind;
use crate::expression::sql_type;
use crate::format::{Part, check_columns};
use crate::types::Column;
use headwater_base::Diagnostic;
use headwater_syntax::ast::AlterSource;

impl Engine {
    pub(super) fn alter_source(&mut self, it: &AlterSource) -> Result<Execution, Diagnostic> {
        let (name, at) = (&it.name.text, it.name.span);
        let mut source = (**self.catalog.named(name, at)?).clone();
        let noun = source.noun();
        if source.kind != it.kind {
            let message = format!(
                "Incompatible data source type is {}, but statement was ALTER {}",
                source.kind.keyword(),
                it.kind.keyword()
            );
            return Err(wrong("alter-kind", message, at));
        }
        if source.read_only {
            let message = format!(
                "Cannot alter {noun} '{name}': ALTER operations are not supported on source \
                 {noun}s."
            );
            return Err(wrong("alter-read-only", message, at));
        }
        if source.query.is_some() {
            let message = "ALTER command is not supported for CREATE ... AS statements.";
            return Err(
                wrong("alter-sink", message, at).hint("Use CREATE OR REPLACE with the new query.")
            );
        }
        for column in &it.columns {
            let (name, at) = (&column.name.text, column.name.span);
            if is_reserved(name) {
                let message = format!(
                    "'{name}' is a reserved column name. You cannot use it as a name for a column."
                );
                return Err(wrong("reserved-column", message, at));
            }
            let is_header = source.headers.iter().any(|header| header.name == *name);
            if is_header || source.schema.columns().any(|known| known.name == *name) {
                let message = format!(
                    "Cannot add column `{name}` to schema. A column with the same name already \
                     exists."
                );
                return Err(wrong("duplicate-column", message, at));
            }
            let ty = sql_type(&column.sql_type, self.catalog.types())?;
            source.schema.value.push(Column::new(name, ty));
        }
        check_columns(&source.value_format, Part::Value, &source.schema.value)
            .map_err(|found| found.at(at))?;
        let word = match source.kind {
            SourceKind::Stream => "Stream",
            SourceKind::Table => "Table",
        };
        let message = format!("{word} {name} altered");
        self.catalog.put(source);
        self.count_command(false);
        Ok(Execution::said(message))
    }
}
