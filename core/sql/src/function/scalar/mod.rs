//! Scalar functions, a file a topic. A row of a topic's table is a function.

mod bytes;
mod calendar;
mod collection;
mod date;
mod geo;
mod json;
mod lambda;
mod map;
mod math;
mod null;
mod number;
mod parts;
mod regex;
mod text;

use super::definition::Definition;

/// Every table of scalar functions.
pub(super) const TABLES: &[&[Definition]] = &[
    bytes::FUNCTIONS,
    calendar::FUNCTIONS,
    collection::FUNCTIONS,
    date::FUNCTIONS,
    geo::FUNCTIONS,
    json::FUNCTIONS,
    lambda::FUNCTIONS,
    map::FUNCTIONS,
    math::FUNCTIONS,
    null::FUNCTIONS,
    number::FUNCTIONS,
    parts::FUNCTIONS,
    regex::FUNCTIONS,
    text::FUNCTIONS,
];

/// A row of a function table, written on one line where it fits.
const fn row(
    name: &'static str,
    spelling: &'static str,
    summary: &'static str,
    example: (&'static str, &'static str),
    overloads: &'static [super::definition::Row],
) -> Definition {
    Definition {
        name,
        spelling,
        summary,
        example,
        overloads,
    }
}
