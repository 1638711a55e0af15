//! What stands behind the message and the rows of an answer: the further parts of what DESCRIBE
//! EXTENDED, EXPLAIN and SHOW … EXTENDED say, each a text, a table, or both.

use super::Row;
use crate::types::{Column, SqlType};
use crate::value::OwnedValue;

/// A part of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Its heading; empty where it has none.
    pub title: String,
    /// Lines of text.
    pub text: String,
    /// Columns of its table, if it has one.
    pub columns: Vec<Column>,
    /// The rows of its table.
    pub rows: Vec<Row>,
}

impl Section {
    /// A part that is text.
    pub fn text(title: impl Into<String>, text: impl Into<String>) -> Section {
        Section {
            title: title.into(),
            text: text.into(),
            ..Section::default()
        }
    }

    /// A part that is a table.
    pub fn table(title: impl Into<String>, columns: Vec<Column>, rows: Vec<Row>) -> Section {
        Section {
            title: title.into(),
            columns,
            rows,
            ..Section::default()
        }
    }
}

/// Facts as ksqlDB's prompt lists them: names in a column of 20 characters.
pub(super) fn facts(facts: &[(&str, &str)]) -> String {
    let line = |(name, value): &(&str, &str)| format!("{name:<20} : {value}");
    facts.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Columns of text.
pub(super) fn texts(names: &[&str]) -> Vec<Column> {
    let column = |name: &&str| Column::new(*name, SqlType::String);
    names.iter().map(column).collect()
}

/// A row of texts.
pub(super) fn row(values: &[&str]) -> Row {
    let texts = values.iter().map(|value| OwnedValue::from(*value));
    Row::from(texts.collect::<Vec<_>>())
}
