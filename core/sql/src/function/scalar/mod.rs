//! Scalar functions, a file a topic. A row of a topic's table is a function.

mod bytes;
mod calendar;
mod collection;
mod date;
mod digest;
mod geo;
mod json;
mod json_combine;
mod lambda;
mod map;
mod mask;
mod math;
mod null;
mod number;
mod parts;
mod precise;
mod regex;
mod text;
mod to_json;
mod uri;
mod url;

use super::definition::{Category, Definition};

/// Every table of scalar functions, with what its functions are about.
pub(super) const TABLES: &[(Category, &[Definition])] = &[
    (Category::String, bytes::FUNCTIONS),
    (Category::DateTime, calendar::FUNCTIONS),
    (Category::Array, collection::FUNCTIONS),
    (Category::DateTime, date::FUNCTIONS),
    (Category::String, digest::FUNCTIONS),
    (Category::Other, geo::FUNCTIONS),
    (Category::Json, json::FUNCTIONS),
    (Category::Json, json_combine::FUNCTIONS),
    (Category::Lambda, lambda::FUNCTIONS),
    (Category::Map, map::FUNCTIONS),
    (Category::String, mask::FUNCTIONS),
    (Category::Mathematical, math::FUNCTIONS),
    (Category::Conditional, null::FUNCTIONS),
    (Category::Mathematical, number::FUNCTIONS),
    (Category::String, parts::FUNCTIONS),
    (Category::RegularExpression, regex::FUNCTIONS),
    (Category::String, text::FUNCTIONS),
    (Category::Json, to_json::FUNCTIONS),
    (Category::Url, url::FUNCTIONS),
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
