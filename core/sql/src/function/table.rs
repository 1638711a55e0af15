//! Table functions: several rows from one record.

use super::Call;
use super::definition::{Body, Definition, Row, TableBody};
use crate::expression::EvalError;
use crate::value::Value;

const fn table(parameters: &'static str, result: &'static str, body: TableBody) -> Row {
    Row {
        parameters,
        result,
        rule: None,
        body: Body::Table(body),
    }
}

/// Most elements that CUBE_EXPLODE takes: it gives two rows to the power of their number.
const CUBE_MAX: usize = 16;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    Definition {
        name: "EXPLODE",
        spelling: "explode",
        summary: "One row for each element of an array.",
        example: ("EXPLODE(ARRAY[1, 2])", "[1, 2]"),
        overloads: &[
            table("ARRAY<DECIMAL> input", "DECIMAL", explode),
            table("ARRAY<T> list", "T", explode),
        ],
    },
    Definition {
        name: "CUBE_EXPLODE",
        spelling: "cube_explode",
        summary: "One row for each subset of an array's elements; what is left out is null.",
        example: (
            "CUBE_EXPLODE(ARRAY[1, 2])",
            "[[null, null], [null, 2], [1, null], [1, 2]]",
        ),
        overloads: &[table("ARRAY<T> columns", "ARRAY<T>", cube)],
    },
];

fn explode<'a>(call: &Call<'_, 'a>) -> Result<&'a [Value<'a>], EvalError> {
    Ok(call.array(0))
}

fn cube<'a>(call: &Call<'_, 'a>) -> Result<&'a [Value<'a>], EvalError> {
    let items = call.array(0);
    if items.len() > CUBE_MAX {
        return Err(EvalError::fixed("CUBE_EXPLODE takes at most 16 elements"));
    }
    if items.is_empty() {
        return Ok(&[]);
    }
    let mut rows = call.arena().list();
    let bit = |at: usize| 1u32 << (items.len() - 1 - at);
    let null_bits = (0..items.len()).filter(|at| items[*at].is_null()).map(bit);
    let nulls: u32 = null_bits.sum();
    // With or without an element that is null, the row is the same; it is given once.
    for mask in (0..1u32 << items.len()).filter(|mask| mask & nulls == 0) {
        let slots = call.arena().slots(items.len());
        for (at, slot) in slots.iter_mut().enumerate() {
            if mask & bit(at) != 0 {
                *slot = items[at];
            }
        }
        rows.push(Value::Array(slots));
    }
    Ok(rows.into_bump_slice())
}
