//! What is compared: change streams by partition or by key, and final tables; with the two slow
//! computations that several oracles share, HAVING and the aggregates of a list of values.

use crate::cases::{Rec, Val};
use crate::drive::Out;
use proptest::test_runner::{TestCaseError, TestCaseResult};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{Debug, Write};

/// A final table: rows by key and window.
pub(crate) type Table = BTreeMap<(String, Option<(i64, i64)>), Value>;

/// Fails with both sides if they are not the same.
pub(crate) fn same<T: PartialEq + Debug>(what: &str, expected: &T, actual: &T) -> TestCaseResult {
    if expected == actual {
        return Ok(());
    }
    let (expected, actual) = (format!("{expected:#?}"), format!("{actual:#?}"));
    let mut text = format!("{what}: the slow computation gives\n");
    let _ = writeln!(text, "{expected}\nbut the engine gave\n{actual}");
    Err(TestCaseError::fail(text))
}

/// Compares what tasks give with partitions, record by record; records without a key go to any
/// partition.
pub(crate) fn same_streams(expected: &[Vec<Out>], actual: &[Vec<Out>]) -> TestCaseResult {
    let split = |all: &[Vec<Out>], is_keyed: bool| -> Vec<Vec<Out>> {
        let kept = |it: &Vec<Out>| -> Vec<Out> {
            let kept = it.iter().filter(|out| out.key.is_some() == is_keyed);
            kept.cloned().collect()
        };
        all.iter().map(kept).collect()
    };
    let (mine, given) = (split(expected, true), split(actual, true));
    for (partition, (expected, actual)) in mine.iter().zip(&given).enumerate() {
        same(&format!("partition {partition}"), expected, actual)?;
    }
    same_in_any_order(&split(expected, false), &split(actual, false))
}

/// Compares the change stream of each key; records without a key come in any order.
pub(crate) fn same_by_key(expected: &[Vec<Out>], actual: &[Vec<Out>]) -> TestCaseResult {
    let sorted = |all: &[Vec<Out>]| {
        let mut by_key: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for out in all.iter().flatten() {
            by_key
                .entry(out.key.clone())
                .or_default()
                .push(format!("{out:?}"));
        }
        if let Some(without) = by_key.get_mut(&None) {
            without.sort();
        }
        by_key
    };
    same("by key", &sorted(expected), &sorted(actual))
}

/// Compares all records without their order.
pub(crate) fn same_in_any_order(expected: &[Vec<Out>], actual: &[Vec<Out>]) -> TestCaseResult {
    let sorted = |all: &[Vec<Out>]| {
        let mut all: Vec<String> = all.iter().flatten().map(|it| format!("{it:?}")).collect();
        all.sort();
        all
    };
    same("in any order", &sorted(expected), &sorted(actual))
}

/// What a table's reader knows in the end.
pub(crate) fn table(streams: &[Vec<Out>]) -> Table {
    let mut table = Table::new();
    for out in streams.iter().flatten() {
        let key = (out.key.clone().unwrap_or_default(), out.window);
        match &out.value {
            Some(value) => table.insert(key, value.clone()),
            None => table.remove(&key),
        };
    }
    table
}

/// Only rows that pass go on; a row that passes no more is deleted.
pub(crate) fn having(changes: Vec<Out>, passes: impl Fn(&Value) -> bool) -> Vec<Out> {
    let mut shown = BTreeSet::new();
    let mut kept = Vec::new();
    for out in changes {
        let key = (out.key.clone(), out.window);
        let passed = shown.contains(&key);
        if out.value.as_ref().is_some_and(&passes) {
            shown.insert(key);
            kept.push(out);
        } else if passed {
            shown.remove(&key);
            kept.push(Out { value: None, ..out });
        }
    }
    kept
}

/// A value in a group, with its place among all that arrived.
pub(crate) type Arrived = (usize, Option<i64>);

/// The select items that [`aggregates`] computes.
pub(crate) const AGGREGATES: &str =
    "COUNT(*) AS n, COUNT(v) AS c, SUM(v) AS s, AVG(v) AS a, MIN(v) AS mi,
  MAX(v) AS ma, COLLECT_LIST(v) AS l, LATEST_BY_OFFSET(v) AS la, EARLIEST_BY_OFFSET(v) AS e,
  TOPK(v, 2) AS t, COUNT_DISTINCT(v) AS d";

/// All aggregates of a list of values.
pub(crate) fn aggregates(list: &[Arrived]) -> Value {
    let values: Vec<i64> = list.iter().filter_map(|(_, value)| *value).collect();
    let mut arrived = list.to_vec();
    arrived.sort();
    let known: Vec<i64> = arrived.iter().filter_map(|(_, value)| *value).collect();
    let mut descending = values.clone();
    descending.sort_by(|a, b| b.cmp(a));
    descending.truncate(2);
    let all: Vec<Option<i64>> = list.iter().map(|(_, value)| *value).collect();
    json!({
        "N": list.len(), "C": values.len(), "S": values.iter().sum::<i64>(),
        "A": average(&values), "MI": values.iter().min(), "MA": values.iter().max(), "L": all,
        "LA": known.last(), "E": known.first(), "T": descending,
        "D": values.iter().collect::<BTreeSet<_>>().len(),
    })
}

/// The average as it is written and read.
pub(crate) fn average(values: &[i64]) -> Value {
    let sum = values.iter().sum::<i64>() as f64;
    let average = if values.is_empty() {
        0.0
    } else {
        sum / values.len() as f64
    };
    serde_json::from_str(&format!("{average:?}")).unwrap()
}

/// The key of a record.
pub(crate) fn by_key(rec: &Rec) -> Option<String> {
    rec.key.clone()
}

/// The group of a record; its value's, if there is one.
pub(crate) fn by_group(rec: &Rec) -> Option<String> {
    rec.value.as_ref().and_then(|value| value.g.clone())
}

/// The number of a value.
pub(crate) fn number(value: &Val) -> Option<i64> {
    value.v
}

/// A source over a topic of its own name.
pub(crate) fn source(kind: &str, name: &str, partitions: u32) -> String {
    let primary = if kind == "TABLE" { "PRIMARY " } else { "" };
    format!(
        "CREATE {kind} {name} (k STRING {primary}KEY, g STRING, v BIGINT)
           WITH (KAFKA_TOPIC='{name}', PARTITIONS={partitions}, VALUE_FORMAT='JSON');\n"
    )
}
