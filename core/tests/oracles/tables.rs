//! Tables joined with tables: on primary keys, on a foreign key, and three of them.

use crate::cases::{Rec, Shape, Val, cached, check, settled, ways};
use crate::drive::Out;
use crate::expect::{Table, by_key, number, same, same_by_key, same_streams, source, table};
use crate::joins::{Kind, kinds, row};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// Rows of a table with their times.
type Rows = BTreeMap<String, (Val, i64)>;

/// Changes a table; gives the key and the row before.
fn change(rows: &mut Rows, rec: &Rec) -> Option<(String, Option<(Val, i64)>)> {
    let key = rec.key.clone()?;
    let before = match rec.value.clone() {
        Some(value) => rows.insert(key.clone(), (value, rec.time)),
        None => rows.remove(&key),
    };
    Some((key, before))
}

fn final_rows(records: &[Rec], source: usize) -> Rows {
    let mut rows = Rows::new();
    for rec in records.iter().filter(|rec| rec.source == source) {
        change(&mut rows, rec);
    }
    rows
}

fn joined(task: &[&Rec], kind: Kind) -> Vec<Out> {
    let mut tables = [Rows::new(), Rows::new()];
    let mut outs = Vec::new();
    for rec in task {
        let side = rec.source;
        let Some((key, before)) = change(&mut tables[side], rec) else {
            continue;
        };
        let other = tables[1 - side].get(&key);
        let own = rec.value.as_ref();
        let had_or_has = own.is_some() || before.is_some();
        if other.is_none() && !(kind.keeps(side) && had_or_has) {
            continue;
        }
        let there = other.and_then(|(value, _)| number(value));
        let value = match own {
            Some(own) => Some(row(side, number(own), there)),
            None if other.is_some() && kind.keeps(1 - side) => Some(row(side, None, there)),
            None => None,
        };
        let time = other.map_or(rec.time, |(_, time)| rec.time.max(*time));
        outs.push(Out {
            key: Some(key),
            window: None,
            value,
            time,
        });
    }
    outs
}

fn table_script(partitions: u32, kind: Kind) -> String {
    format!(
        "{}{}CREATE TABLE q AS SELECT {} AS k, t.v AS lv, u.v AS rv FROM t {} JOIN u
           ON t.k = u.k;",
        source("TABLE", "t", partitions),
        source("TABLE", "u", partitions),
        if kind == Kind::Full { "ROWKEY" } else { "t.k" },
        kind.sql(),
    )
}

#[test]
fn tables_meet_on_their_keys() {
    let cases = (ways(), Shape::of(0, 2).records(), kinds());
    check(70, cases, |(way, records, kind)| {
        let records = way.timed(&records);
        let actual = way.run(&["t", "u"], &table_script(way.partitions, kind), &records);
        let tasks = way.tasks(&records, by_key);
        let slow = |task: &Vec<&Rec>| joined(task, kind);
        same_streams(&tasks.iter().map(slow).collect::<Vec<_>>(), &actual)
    });
}

#[test]
fn tables_that_meet_come_to_the_same_with_a_cache() {
    let cases = (cached(), Shape::of(0, 2).records(), kinds());
    check(60, cases, |(way, records, kind)| {
        let records = way.timed_for_joins(&records);
        let actual = way.run(&["t", "u"], &table_script(way.partitions, kind), &records);
        let tasks = way.tasks(&records, by_key);
        let slow = |task: &Vec<&Rec>| joined(task, kind);
        let expected = table(&tasks.iter().map(slow).collect::<Vec<_>>());
        same("final table", &expected, &table(&actual))
    });
}

/// A foreign-key join where each change is answered before the next.
#[derive(Default)]
struct Pointing {
    left_outer: bool,
    left: Rows,
    right: Rows,
    /// Who waits for changes of which right row: foreign key, left key, the left row it is about.
    subscribed: BTreeMap<(String, String), Val>,
    outs: Vec<Out>,
}

impl Pointing {
    fn left_changes(&mut self, rec: &Rec) {
        let Some((key, before)) = change(&mut self.left, rec) else {
            return;
        };
        let fk_before = before.as_ref().map(|(value, _)| value.g.clone());
        let fk_now = rec.value.as_ref().map(|value| value.g.clone());
        let has_null = fk_before == Some(None) || fk_now == Some(None);
        if before.is_none() && rec.value.is_none() || has_null && !self.left_outer {
            return;
        }
        if let Some(Some(fk)) = fk_before.clone() {
            self.subscribed.remove(&(fk, key.clone()));
        }
        let Some(value) = &rec.value else {
            let fk = fk_before.flatten();
            let found = fk.and_then(|fk| self.right.get(&fk));
            let time = found.map_or(rec.time, |(_, time)| rec.time.max(*time));
            return self.emit(&key, None, time);
        };
        if let Some(fk) = value.g.clone() {
            self.subscribed.insert((fk, key.clone()), value.clone());
        }
        let found = value.g.as_ref().and_then(|fk| self.right.get(fk)).cloned();
        match found {
            Some((right, time)) => {
                let value = row(0, value.v, right.v);
                self.emit(&key, Some(value), rec.time.max(time));
            }
            None if self.left_outer => self.emit(&key, Some(row(0, value.v, None)), rec.time),
            None if before.is_some() => self.emit(&key, None, rec.time),
            None => {}
        }
    }

    fn right_changes(&mut self, rec: &Rec) {
        let Some((fk, _)) = change(&mut self.right, rec) else {
            return;
        };
        for ((of, key), about) in self.subscribed.clone() {
            let left = self.left.get(&key).map(|(value, _)| value);
            if of != fk || left != Some(&about) {
                continue;
            }
            let value = match &rec.value {
                Some(right) => Some(row(0, about.v, right.v)),
                None => self.left_outer.then(|| row(0, about.v, None)),
            };
            self.emit(&key, value, rec.time);
        }
    }

    fn emit(&mut self, key: &str, value: Option<serde_json::Value>, time: i64) {
        self.outs.push(Out {
            key: Some(key.to_owned()),
            window: None,
            value,
            time,
        });
    }
}

/// The right table has partitions of its own number.
fn pointing_script(partitions: u32, left_outer: bool) -> String {
    format!(
        "{}{}CREATE TABLE q AS SELECT t.k AS k, t.v AS lv, w.v AS rv FROM t {} JOIN w
           ON t.g = w.k;",
        source("TABLE", "t", partitions),
        source("TABLE", "w", partitions % 3 + 1),
        if left_outer { "LEFT" } else { "INNER" },
    )
}

#[test]
fn a_table_points_at_another() {
    let cases = (settled(), Shape::of(0, 2).records(), any::<bool>());
    check(70, cases, |(way, records, left_outer)| {
        let records = way.timed(&records);
        let script = pointing_script(way.partitions, left_outer);
        let actual = way.run(&["t", "w"], &script, &records);
        let mut slow = Pointing {
            left_outer,
            ..Pointing::default()
        };
        for rec in &records {
            match rec.source {
                0 => slow.left_changes(rec),
                _ => slow.right_changes(rec),
            }
        }
        same_by_key(&[slow.outs], &actual)
    });
}

#[test]
fn a_table_that_points_at_another_comes_to_the_same_in_any_order() {
    let shape = Shape {
        nulls: false,
        undeleted: Some(0),
        ..Shape::of(0, 2)
    };
    let cases = (cached(), shape.records(), any::<bool>());
    check(60, cases, |(way, records, left_outer)| {
        let records = way.timed_for_joins(&records);
        let script = pointing_script(way.partitions, left_outer);
        let actual = way.run(&["t", "w"], &script, &records);
        let (left, right) = (final_rows(&records, 0), final_rows(&records, 1));
        let mut expected = Table::new();
        for (key, (value, _)) in left {
            let found = value.g.as_ref().and_then(|fk| right.get(fk));
            if found.is_some() || left_outer {
                let there = found.and_then(|(value, _)| value.v);
                expected.insert((key, None), row(0, value.v, there));
            }
        }
        same("final table", &expected, &table(&actual))
    });
}

#[test]
fn three_tables_meet() {
    let cases = (cached(), Shape::of(0, 3).records(), kinds(), kinds());
    check(60, cases, |(way, records, first, second)| {
        // A FULL OUTER JOIN has a key of its own, which no later join can name.
        let plain = |kind| if kind == Kind::Full { Kind::Left } else { kind };
        let (first, second) = (plain(first), plain(second));
        let records = way.timed_for_joins(&records);
        let script = format!(
            "{}{}{}CREATE TABLE q AS SELECT t.k AS k, t.v AS lv, u.v AS rv, x.v AS xv FROM t
               {} JOIN u ON t.k = u.k {} JOIN x ON t.k = x.k;",
            source("TABLE", "t", way.partitions),
            source("TABLE", "u", way.partitions),
            source("TABLE", "x", way.partitions),
            first.sql(),
            second.sql(),
        );
        let actual = way.run(&["t", "u", "x"], &script, &records);
        let [t, u, x] = [0, 1, 2].map(|source| final_rows(&records, source));
        let meets = |kind: Kind, left: bool, right: bool| {
            left && (right || kind.keeps(0)) || right && kind.keeps(1)
        };
        let mut expected = Table::new();
        for key in t.keys().chain(u.keys()).chain(x.keys()) {
            let of = |rows: &Rows| rows.get(key).map(|(value, _)| value.v);
            let both = meets(first, t.contains_key(key), u.contains_key(key));
            let v = |rows: &Rows, is_there: bool| of(rows).filter(|_| is_there).flatten();
            if meets(second, both, x.contains_key(key)) {
                let row = json!({ "LV": v(&t, both), "RV": v(&u, both), "XV": v(&x, true) });
                expected.insert((key.clone(), None), row);
            }
        }
        same("final table", &expected, &table(&actual))
    });
}
