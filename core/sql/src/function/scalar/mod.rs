//! Scalar functions, a file a topic. A row of a topic's table is a function.

mod text;

use super::definition::Definition;

/// Every table of scalar functions.
pub(super) const TABLES: &[&[Definition]] = &[text::FUNCTIONS];
