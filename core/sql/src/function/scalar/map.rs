//! Maps: keys, values, entries, union.

use super::super::Call;
use super::super::definition::{Definition, nullable, strict};
use super::row;
use crate::expression::{EvalError, order};
use crate::value::{Value, in_hash_order};
use std::cmp::Ordering;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "MAP_KEYS",
        "map_keys",
        "The keys of a map, in the order of a Java hash table.",
        ("MAP_KEYS(MAP('a' := 1))", "[a]"),
        &[strict("MAP<STRING, T> input", "ARRAY<STRING>", keys)],
    ),
    row(
        "MAP_VALUES",
        "map_values",
        "The values of a map, in the order of a Java hash table.",
        ("MAP_VALUES(MAP('a' := 1))", "[1]"),
        &[strict("MAP<STRING, T> input", "ARRAY<T>", values)],
    ),
    row(
        "MAP_UNION",
        "map_union",
        "The entries of both maps; the second wins.",
        ("MAP_UNION(MAP('a' := 1), MAP('a' := 2))", "{a=2}"),
        &[nullable(
            "MAP<STRING, T> map1, MAP<STRING, T> map2",
            "MAP<STRING, T>",
            map_union,
        )],
    ),
    row(
        "AS_MAP",
        "AS_MAP",
        "A map from keys and values.",
        ("AS_MAP(ARRAY['a'], ARRAY[1])", "{a=1}"),
        &[strict(
            "ARRAY<STRING> keys, ARRAY<T> values",
            "MAP<STRING, T>",
            as_map,
        )],
    ),
    row(
        "ENTRIES",
        "ENTRIES",
        "A map's entries as structs, perhaps sorted by key.",
        ("ENTRIES(MAP('a' := 1), true)", "[Struct{K=a,V=1}]"),
        &[
            strict(
                "MAP<STRING, INT> map, BOOLEAN sorted",
                "ARRAY<STRUCT<K STRING, V INT>>",
                entries,
            ),
            strict(
                "MAP<STRING, BIGINT> map, BOOLEAN sorted",
                "ARRAY<STRUCT<K STRING, V BIGINT>>",
                entries,
            ),
            strict(
                "MAP<STRING, DOUBLE> map, BOOLEAN sorted",
                "ARRAY<STRUCT<K STRING, V DOUBLE>>",
                entries,
            ),
            strict(
                "MAP<STRING, BOOLEAN> map, BOOLEAN sorted",
                "ARRAY<STRUCT<K STRING, V BOOLEAN>>",
                entries,
            ),
            strict(
                "MAP<STRING, STRING> map, BOOLEAN sorted",
                "ARRAY<STRUCT<K STRING, V STRING>>",
                entries,
            ),
        ],
    ),
];

fn keys<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let entries = in_hash_order(call.map(0));
    call.list(&entries.iter().map(|(key, _)| *key).collect::<Vec<_>>())
}

fn values<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let entries = in_hash_order(call.map(0));
    call.list(&entries.iter().map(|(_, value)| *value).collect::<Vec<_>>())
}

fn map_union<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    if call.arg(0).is_null() && call.arg(1).is_null() {
        return Ok(Value::Null);
    }
    let mut entries = call.arena().list();
    for (key, value) in call.map(0).iter().chain(call.map(1)) {
        super::super::put(&mut entries, *key, *value);
    }
    Ok(Value::Map(entries.into_bump_slice()))
}

fn as_map<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let values = call.array(1);
    let mut entries = call.arena().list();
    for (at, key) in call.array(0).iter().enumerate() {
        super::super::put(
            &mut entries,
            *key,
            values.get(at).copied().unwrap_or_default(),
        );
    }
    Ok(Value::Map(entries.into_bump_slice()))
}

fn entries<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut entries = in_hash_order(call.map(0));
    if matches!(call.arg(1), Value::Boolean(true)) {
        headwater_base::order::sort_by(&mut entries, |(a, _), (b, _)| {
            order(*a, *b).unwrap_or(Ordering::Equal)
        });
    }
    let arena = call.arena();
    let structs = entries
        .iter()
        .map(|(key, value)| Value::Struct(arena.values(&[*key, *value])));
    call.list(&structs.collect::<Vec<_>>())
}
