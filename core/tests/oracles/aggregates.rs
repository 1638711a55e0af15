//! Aggregates without windows: over streams, and over tables, whose changes leave one group and
//! enter another.

use crate::cases::{Rec, Shape, Val, cached, check, settled, ways};
use crate::drive::Out;
use crate::expect::{
    AGGREGATES, Arrived, Table, aggregates, average, by_group, by_key, having, same, same_by_key,
    same_streams, source, table,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The change stream of a stream's groups.
fn grouped(task: &[&Rec], group: fn(&Rec) -> Option<String>) -> Vec<Out> {
    let mut groups: BTreeMap<String, (Vec<Arrived>, i64)> = BTreeMap::new();
    let mut outs = Vec::new();
    for (at, rec) in task.iter().enumerate() {
        let (Some(value), Some(key)) = (&rec.value, group(rec)) else {
            continue;
        };
        let (list, time) = groups.entry(key.clone()).or_insert((Vec::new(), i64::MIN));
        list.push((at, value.v));
        *time = rec.time.max(*time);
        let value = Some(aggregates(list));
        outs.push(Out {
            key: Some(key),
            window: None,
            value,
            time: *time,
        });
    }
    outs
}

#[test]
fn groups_of_a_stream_by_its_key() {
    let cases = (ways(), Shape::of(1, 0).records(), any::<bool>());
    check(60, cases, |(way, records, having_less)| {
        let records = way.timed(&records);
        let clause = if having_less { "HAVING SUM(v) < 6" } else { "" };
        let script = format!(
            "{}CREATE TABLE q AS SELECT k, {AGGREGATES} FROM s GROUP BY k {clause};",
            source("STREAM", "s", way.partitions),
        );
        let actual = way.run(&["s"], &script, &records);
        let passes = |row: &Value| !having_less || row["S"].as_i64() < Some(6);
        let slow = |task: &Vec<&Rec>| having(grouped(task, by_key), passes);
        let tasks = way.tasks(&records, by_key);
        same_streams(&tasks.iter().map(slow).collect::<Vec<_>>(), &actual)
    });
}

#[test]
fn groups_of_a_stream_by_a_value() {
    check(
        60,
        (settled(), Shape::of(1, 0).records()),
        |(way, records)| {
            let records = way.timed(&records);
            let script = format!(
                "{}CREATE TABLE q AS SELECT g, {AGGREGATES} FROM s GROUP BY g;",
                source("STREAM", "s", way.partitions),
            );
            let actual = way.run(&["s"], &script, &records);
            let tasks = way.tasks(&records, by_group);
            let slow = |task: &Vec<&Rec>| grouped(task, by_group);
            same_by_key(&tasks.iter().map(slow).collect::<Vec<_>>(), &actual)
        },
    );
}

/// Without what depends on the order of arrival.
fn unordered(table: Table) -> Table {
    let unordered = |(key, mut row): (_, Value)| {
        if let Some(row) = row.as_object_mut() {
            row.remove("LA");
            row.remove("E");
            if let Some(list) = row.get_mut("L").and_then(Value::as_array_mut) {
                list.sort_by_key(Value::as_i64);
            }
        }
        (key, row)
    };
    let rows = table.into_iter().map(unordered);
    rows.filter(|(_, row)| row["N"] != json!(0)).collect()
}

#[test]
fn groups_of_a_stream_come_to_the_same_in_any_order() {
    check(
        60,
        (cached(), Shape::of(1, 0).records()),
        |(way, records)| {
            let records = way.timed(&records);
            let script = format!(
                "{}CREATE TABLE q AS SELECT g, {AGGREGATES} FROM s GROUP BY g;",
                source("STREAM", "s", way.partitions),
            );
            let actual = unordered(table(&way.run(&["s"], &script, &records)));
            let all: Vec<&Rec> = records.iter().collect();
            let expected = unordered(table(&[grouped(&all, by_group)]));
            same("final table", &expected, &actual)
        },
    );
}

const UNDONE: &str = "COUNT(*) AS n, COUNT(v) AS c, SUM(v) AS s, AVG(v) AS a, COLLECT_LIST(v) AS l";

fn undone(list: &[Option<i64>]) -> Value {
    let values: Vec<i64> = list.iter().flatten().copied().collect();
    json!({
        "N": list.len(), "C": values.len(), "S": values.iter().sum::<i64>(),
        "A": average(&values), "L": list,
    })
}

/// The change stream of a table's groups, over the changes of all its rows.
fn regrouped(records: &[&Rec]) -> Vec<Out> {
    let mut rows: BTreeMap<String, Val> = BTreeMap::new();
    let mut groups: BTreeMap<String, (Vec<Option<i64>>, i64)> = BTreeMap::new();
    let mut outs = Vec::new();
    for rec in records {
        let Some(key) = rec.key.clone() else {
            continue;
        };
        let old = match rec.value.clone() {
            Some(value) => rows.insert(key, value),
            None => rows.remove(&key),
        };
        let of = |value: Option<&Val>| value.and_then(|value| Some((value.g.clone()?, value.v)));
        let (old, new) = (of(old.as_ref()), of(rec.value.as_ref()));
        let mut touched: Vec<&String> = old.iter().chain(&new).map(|(group, _)| group).collect();
        touched.dedup();
        for group in touched {
            let (list, time) = groups
                .entry(group.clone())
                .or_insert((Vec::new(), i64::MIN));
            if let Some((_, gone)) = old.as_ref().filter(|it| it.0 == *group)
                && let Some(at) = list.iter().rposition(|it| it == gone)
            {
                list.remove(at);
            }
            list.extend(new.iter().filter(|it| it.0 == *group).map(|it| it.1));
            *time = rec.time.max(*time);
            let value = Some(undone(list));
            outs.push(Out {
                key: Some(group.clone()),
                window: None,
                value,
                time: *time,
            });
        }
    }
    outs
}

fn table_script(partitions: u32, clause: &str) -> String {
    format!(
        "{}CREATE TABLE q AS SELECT g, {UNDONE} FROM t GROUP BY g {clause};",
        source("TABLE", "t", partitions)
    )
}

#[test]
fn rows_of_a_table_leave_their_groups() {
    let cases = (settled(), Shape::of(0, 1).records(), any::<bool>());
    check(60, cases, |(way, records, having_less)| {
        let records = way.timed(&records);
        let clause = if having_less {
            "HAVING COUNT(*) < 2"
        } else {
            ""
        };
        let actual = way.run(&["t"], &table_script(way.partitions, clause), &records);
        let passes = |row: &Value| !having_less || row["N"].as_i64() < Some(2);
        let all: Vec<&Rec> = records.iter().collect();
        same_by_key(&[having(regrouped(&all), passes)], &actual)
    });
}

#[test]
fn groups_of_a_table_come_to_the_same_in_any_order() {
    check(
        60,
        (cached(), Shape::of(0, 1).records()),
        |(way, records)| {
            let records = way.timed(&records);
            let actual = way.run(&["t"], &table_script(way.partitions, ""), &records);
            let all: Vec<&Rec> = records.iter().collect();
            let expected = unordered(table(&[regrouped(&all)]));
            same("final table", &expected, &unordered(table(&actual)))
        },
    );
}
