//! What a preset is, as data, and the list of them. To add one, write its file and one line here.

use super::{clicks, customers, orders, ratings, widgets};
use crate::command::Pace;

/// All presets, in the order of the alphabet.
pub static PRESETS: &[&Preset] = &[
    &clicks::CLICKSTREAM,
    &customers::CUSTOMERS,
    &orders::ORDERS,
    &clicks::PAGEVIEWS,
    &ratings::RATINGS,
    &orders::TRANSACTIONS,
    &clicks::USERS,
    &widgets::WIDGETS,
];

/// A field of a preset: its name, and how it is drawn.
pub type Field = (&'static str, Draw);

/// What a generator makes, and how fast if nobody says otherwise.
#[derive(Debug)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it makes, as a sentence.
    pub about: &'static str,
    /// Its own pace.
    pub pace: Pace,
    /// The field whose text is the key.
    pub key: &'static str,
    /// Its records.
    pub records: Records,
    /// Headers of every record.
    pub headers: &'static [Header],
}

/// The ways in which records come about.
#[derive(Debug)]
pub enum Records {
    /// Each is drawn anew, by fields as users write them; see [`super::schema`].
    Schema(&'static str),
    /// Each is drawn anew, field by field.
    Drawn(&'static [Field]),
    /// All rows first, then one row at a time that has changed.
    Table(Table),
}

/// How a field is drawn.
#[derive(Debug)]
pub enum Draw {
    /// The first, and for each record after it so much more.
    Sequence {
        /// The first.
        first: i64,
        /// What is added each time.
        step: i64,
    },
    /// A whole number from `low` to `high`, both included, each equally likely.
    Uniform {
        /// The least.
        low: i64,
        /// The most.
        high: i64,
    },
    /// One of these texts, each equally likely.
    OneOf(&'static [&'static str]),
}

/// Rows of which one column changes now and then.
#[derive(Debug)]
pub struct Table {
    /// The columns. Those that are given come first, in the order of a row's values.
    pub columns: &'static [Column],
    /// The rows as they are at first.
    pub rows: &'static [&'static [Constant]],
    /// What changes.
    pub changing: Changing,
}

/// A column of a table.
#[derive(Debug)]
pub enum Column {
    /// The row says what it is.
    Given(&'static str),
    /// When the row came to be.
    Created(&'static str),
    /// When the row last changed.
    Changed(&'static str),
}

impl Column {
    /// Its name.
    pub fn name(&self) -> &'static str {
        match self {
            Column::Given(name) | Column::Created(name) | Column::Changed(name) => name,
        }
    }
}

/// The column that changes: a row is drawn, then a value other than its present one.
#[derive(Debug)]
pub struct Changing {
    /// Its place among the columns.
    pub column: usize,
    /// The values it can have.
    pub among: &'static [&'static str],
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constant {
    /// A text that a preset holds.
    Text(&'static str),
    /// A text that was made.
    Made(String),
    /// A number.
    Number(i64),
}

impl Constant {
    /// The value as a key spells it.
    pub fn text(&self) -> String {
        match self {
            Constant::Text(text) => (*text).to_owned(),
            Constant::Made(text) => text.clone(),
            Constant::Number(number) => number.to_string(),
        }
    }
}

/// A header.
#[derive(Debug)]
pub enum Header {
    /// Always the same: name and value.
    Fixed(&'static str, &'static str),
    /// How many records came before this one.
    Iteration(&'static str),
}
