//! TRANSFORM, FILTER and REDUCE: functions that take lambdas. An error inside makes the whole
//! result null.

use super::super::Call;
use super::super::definition::{Definition, nullable};
use super::row;
use crate::expression::EvalError;
use crate::value::{Value, in_hash_order, same};

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "TRANSFORM",
        "transform",
        "What a lambda makes of each element or entry.",
        ("TRANSFORM(ARRAY[1, 2], x => x * 2)", "[2, 4]"),
        &[
            nullable(
                "ARRAY<T> array, (T) => R lambda",
                "ARRAY<R>",
                transform_array,
            ),
            nullable(
                "MAP<K, V> map, (K, V) => R lambda1, (K, V) => T lambda2",
                "MAP<R, T>",
                transform_map,
            ),
        ],
    ),
    row(
        "FILTER",
        "filter",
        "The elements or entries for which a lambda is true.",
        ("FILTER(ARRAY[1, 2, 3], x => x > 1)", "[2, 3]"),
        &[
            nullable(
                "ARRAY<T> array, (T) => BOOLEAN lambda",
                "ARRAY<T>",
                filter_array,
            ),
            nullable(
                "MAP<K, V> map, (K, V) => BOOLEAN lambda",
                "MAP<K, V>",
                filter_map,
            ),
        ],
    ),
    row(
        "REDUCE",
        "reduce",
        "What a lambda makes of a start and each element or entry in turn.",
        ("REDUCE(ARRAY[1, 2, 3], 10, (s, x) => s + x)", "16"),
        &[
            nullable(
                "ARRAY<T> array, S initialState, (S, T) => S lambda",
                "S",
                reduce,
            ),
            nullable(
                "MAP<K, V> map, S initialState, (S, K, V) => S lambda",
                "S",
                reduce,
            ),
        ],
    ),
];

fn transform_array<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Value::Array(items) = call.arg(0) else {
        return Ok(Value::Null);
    };
    let slots = call.arena().slots(items.len());
    for (slot, item) in slots.iter_mut().zip(items) {
        *slot = call.lambda(1, &[*item])?;
    }
    Ok(Value::Array(slots))
}

fn transform_map<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Value::Map(entries) = call.arg(0) else {
        return Ok(Value::Null);
    };
    let mut made: Vec<(Value<'a>, Value<'a>)> = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let entry = (
            call.lambda(1, &[*key, *value])?,
            call.lambda(2, &[*key, *value])?,
        );
        if entry.1.is_null() {
            return Err(EvalError::fixed("TRANSFORM made a null value"));
        }
        if made.iter().any(|(known, _)| same(*known, entry.0)) {
            return Err(EvalError::fixed("TRANSFORM made the same key twice"));
        }
        made.push(entry);
    }
    Ok(Value::Map(call.arena().entries(&made)))
}

fn filter_array<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Value::Array(items) = call.arg(0) else {
        return Ok(Value::Null);
    };
    let mut kept = call.arena().list();
    for item in items {
        if truth(call.lambda(1, &[*item])?)? {
            kept.push(*item);
        }
    }
    Ok(Value::Array(kept.into_bump_slice()))
}

fn filter_map<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Value::Map(entries) = call.arg(0) else {
        return Ok(Value::Null);
    };
    let mut kept = call.arena().list();
    for (key, value) in entries {
        if truth(call.lambda(1, &[*key, *value])?)? {
            kept.push((*key, *value));
        }
    }
    Ok(Value::Map(kept.into_bump_slice()))
}

fn truth(value: Value<'_>) -> std::result::Result<bool, EvalError> {
    match value {
        Value::Boolean(truth) => Ok(truth),
        _ => Err(EvalError::fixed("the lambda of FILTER is null")),
    }
}

fn reduce<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut state = call.arg(1);
    if state.is_null() {
        return Ok(Value::Null);
    }
    for item in call.array(0) {
        state = call.lambda(2, &[state, *item])?;
    }
    for (key, value) in in_hash_order(call.map(0)) {
        state = call.lambda(2, &[state, key, value])?;
    }
    Ok(state)
}
