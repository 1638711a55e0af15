//! Arrays: elements, sets, order, series.

use super::super::Call;
use super::super::definition::{Definition, nullable, strict};
use super::row;
use crate::expression::{EvalError, order};
use crate::value::{Value, same, write_text};
use std::cmp::Ordering;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "ARRAY_LENGTH",
        "ARRAY_LENGTH",
        "How many elements an array has.",
        ("ARRAY_LENGTH(ARRAY[1, 2])", "2"),
        &[strict("ARRAY<T> array", "INT", |call| {
            Ok(Value::Int(call.array(0).len() as i32))
        })],
    ),
    row(
        "ARRAY_CONTAINS",
        "ARRAY_CONTAINS",
        "Whether an array has an element.",
        ("ARRAY_CONTAINS(ARRAY[1, 2], 2)", "true"),
        &[nullable("ARRAY<T> array, T element", "BOOLEAN", contains)],
    ),
    row(
        "ARRAY_DISTINCT",
        "array_distinct",
        "The array with each element once.",
        ("ARRAY_DISTINCT(ARRAY[2, 1, 2])", "[2, 1]"),
        &[strict("ARRAY<T> array", "ARRAY<T>", |call| {
            combined(call, |_, _| true)
        })],
    ),
    row(
        "ARRAY_CONCAT",
        "array_concat",
        "The elements of both arrays; a null is left out.",
        ("ARRAY_CONCAT(ARRAY[1], ARRAY[1, 2])", "[1, 1, 2]"),
        &[nullable(
            "ARRAY<T> left, ARRAY<T> right",
            "ARRAY<T>",
            concat,
        )],
    ),
    row(
        "ARRAY_UNION",
        "array_union",
        "The elements of both arrays, each once.",
        ("ARRAY_UNION(ARRAY[1], ARRAY[1, 2])", "[1, 2]"),
        &[strict("ARRAY<T> left, ARRAY<T> right", "ARRAY<T>", union)],
    ),
    row(
        "ARRAY_INTERSECT",
        "array_intersect",
        "The elements that both arrays have, each once.",
        ("ARRAY_INTERSECT(ARRAY[1, 2], ARRAY[2])", "[2]"),
        &[strict(
            "ARRAY<T> array1, ARRAY<T> array2",
            "ARRAY<T>",
            |call| combined(call, |right, value| has(right, value)),
        )],
    ),
    row(
        "ARRAY_EXCEPT",
        "array_except",
        "The elements that only the first array has, each once.",
        ("ARRAY_EXCEPT(ARRAY[1, 2], ARRAY[2])", "[1]"),
        &[strict(
            "ARRAY<T> array1, ARRAY<T> array2",
            "ARRAY<T>",
            |call| combined(call, |right, value| !has(right, value)),
        )],
    ),
    row(
        "ARRAY_REMOVE",
        "array_remove",
        "The array without an element.",
        ("ARRAY_REMOVE(ARRAY[1, 2, 1], 1)", "[2]"),
        &[nullable("ARRAY<T> array, T element", "ARRAY<T>", remove)],
    ),
    row(
        "ARRAY_SORT",
        "array_sort",
        "The array in order, nulls last.",
        ("ARRAY_SORT(ARRAY[2, 3, 1], 'DESC')", "[3, 2, 1]"),
        &[
            strict("ARRAY<T> array", "ARRAY<T>", sort),
            strict("ARRAY<T> array, STRING direction", "ARRAY<T>", sort),
        ],
    ),
    row(
        "ARRAY_MAX",
        "array_max",
        "The greatest element.",
        ("ARRAY_MAX(ARRAY[1, 3, 2])", "3"),
        &[strict("ARRAY<T> array", "T", |call| {
            Ok(extreme(call, Ordering::Greater))
        })],
    ),
    row(
        "ARRAY_MIN",
        "array_min",
        "The smallest element.",
        ("ARRAY_MIN(ARRAY[2, 1, 3])", "1"),
        &[strict("ARRAY<T> array", "T", |call| {
            Ok(extreme(call, Ordering::Less))
        })],
    ),
    row(
        "ARRAY_JOIN",
        "ARRAY_JOIN",
        "The elements as text, with a delimiter.",
        ("ARRAY_JOIN(ARRAY[1, 2], '-')", "1-2"),
        &[
            nullable("ARRAY<T> array", "STRING", join),
            nullable("ARRAY<T> array, STRING delimiter", "STRING", join),
        ],
    ),
    row(
        "SLICE",
        "slice",
        "A part of an array, both positions counted from 1 and included.",
        ("SLICE(ARRAY[1, 2, 3, 4], 2, 3)", "[2, 3]"),
        &[nullable("ARRAY<T> in, INT from, INT to", "ARRAY<T>", slice)],
    ),
    row(
        "GENERATE_SERIES",
        "GENERATE_SERIES",
        "Whole numbers from one to another.",
        ("GENERATE_SERIES(1, 5, 2)", "[1, 3, 5]"),
        &[
            strict("INT start, INT end", "ARRAY<INT>", series),
            strict("INT start, INT end, INT step", "ARRAY<INT>", series),
            strict("BIGINT start, BIGINT end", "ARRAY<BIGINT>", series),
            strict(
                "BIGINT start, BIGINT end, INT step",
                "ARRAY<BIGINT>",
                series,
            ),
        ],
    ),
];

fn has(items: &[Value<'_>], wanted: Value<'_>) -> bool {
    items.iter().any(|item| same(*item, wanted))
}

fn contains<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    Ok(Value::Boolean(has(call.array(0), call.arg(1))))
}

/// The elements of the first array that pass a test against the second, each once.
fn combined<'a>(call: &Call<'_, 'a>, test: fn(&[Value<'a>], Value<'a>) -> bool) -> Result<'a> {
    let mut found: Vec<Value<'a>> = Vec::new();
    for item in call.array(0) {
        if !has(&found, *item) && test(call.array(1), *item) {
            found.push(*item);
        }
    }
    call.list(&found)
}

fn concat<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    if call.arg(0).is_null() && call.arg(1).is_null() {
        return Ok(Value::Null);
    }
    call.list(&[call.array(0), call.array(1)].concat())
}

fn union<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut found: Vec<Value<'a>> = Vec::new();
    for item in call.array(0).iter().chain(call.array(1)) {
        if !has(&found, *item) {
            found.push(*item);
        }
    }
    call.list(&found)
}

fn remove<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Value::Array(items) = call.arg(0) else {
        return Ok(Value::Null);
    };
    let kept = items
        .iter()
        .copied()
        .filter(|item| !same(*item, call.arg(1)));
    call.list(&kept.collect::<Vec<_>>())
}

fn sort<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let descending = match call.opt_str(1).map(str::to_ascii_uppercase).as_deref() {
        None | Some("ASC" | "ASCENDING") => false,
        Some("DESC" | "DESCENDING") => true,
        Some(_) => return Ok(Value::Null),
    };
    let mut items = call.array(0).to_vec();
    headwater_base::order::sort_by(&mut items, |a, b| match (a.is_null(), b.is_null()) {
        (false, false) => {
            let order = order(*a, *b).unwrap_or(Ordering::Equal);
            if descending { order.reverse() } else { order }
        }
        (a, b) => a.cmp(&b),
    });
    call.list(&items)
}

fn extreme<'a>(call: &Call<'_, 'a>, wanted: Ordering) -> Value<'a> {
    let values = call
        .array(0)
        .iter()
        .copied()
        .filter(|value| !value.is_null());
    let better = |a, b| if order(b, a) == Some(wanted) { b } else { a };
    values.reduce(better).unwrap_or_default()
}

fn join<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Value::Array(items) = call.arg(0) else {
        return Ok(Value::Null);
    };
    let delimiter = if call.args.len() > 1 {
        call.str(1)
    } else {
        ","
    };
    let mut text = call.arena().text();
    for (at, item) in items.iter().enumerate() {
        if matches!(item, Value::Array(_) | Value::Map(_) | Value::Struct(_)) {
            return Err(EvalError::fixed(
                "ARRAY_JOIN only joins values of primitive types",
            ));
        }
        if at > 0 {
            text.push_str(delimiter);
        }
        // Writing to memory cannot fail.
        let _ = write_text(&mut text, *item, None);
    }
    Ok(Value::String(text.into_bump_str()))
}

fn slice<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Value::Array(items) = call.arg(0) else {
        return Ok(Value::Null);
    };
    let from = call.opt_int(1).unwrap_or(1);
    let to = call.opt_int(2).unwrap_or(items.len() as i64);
    let part = usize::try_from(from - 1).ok().zip(usize::try_from(to).ok());
    let part = part.and_then(|(from, to)| items.get(from..to));
    Ok(part.map_or(Value::Null, Value::Array))
}

/// Most elements of a series.
const SERIES_MAX: i64 = 1 << 20;

fn series<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let (start, end) = (call.int(0), call.int(1));
    let step = call.opt_int(2).unwrap_or(if end >= start { 1 } else { -1 });
    if step == 0 || (end > start) != (step > 0) && end != start {
        return Err(EvalError::fixed(
            "GENERATE_SERIES step has wrong sign or is zero",
        ));
    }
    let count = (i128::from(end) - i128::from(start)) / i128::from(step) + 1;
    if count > i128::from(SERIES_MAX) {
        return Err(EvalError::fixed("GENERATE_SERIES makes too many elements"));
    }
    let is_int = matches!(call.arg(0), Value::Int(_));
    let element = |at: i128| {
        let x = start + at as i64 * step;
        if is_int {
            Value::Int(x as i32)
        } else {
            Value::BigInt(x)
        }
    };
    call.list(&(0..count).map(element).collect::<Vec<_>>())
}
