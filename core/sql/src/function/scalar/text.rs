//! Texts: case, length, parts, joining.

use super::super::Call;
use super::super::definition::{Definition, strict};
use crate::expression::EvalError;
use crate::value::Value;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(in crate::function) const FUNCTIONS: &[Definition] = &[
    Definition {
        name: "LCASE",
        spelling: "lcase",
        summary: "The text in lower case.",
        example: ("LCASE('Sky')", "sky"),
        overloads: &[strict("STRING text", "STRING", lcase)],
    },
];

fn lcase<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    call.text(&call.str(0).to_lowercase())
}
