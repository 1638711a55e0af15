//! Streams joined with streams, and with tables.

use crate::cases::{Rec, Shape, check, settled, ways};
use crate::drive::{Out, Way};
use crate::expect::{
    by_group, by_key, number, same_by_key, same_in_any_order, same_streams, source,
};
use crate::joins::{Kind, kinds, row};
use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use std::collections::BTreeMap;

/// WITHIN and GRACE PERIOD.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Within {
    pub(crate) before: i64,
    pub(crate) after: i64,
    pub(crate) grace: Option<i64>,
}

impl Within {
    pub(crate) fn sql(self) -> String {
        let Within {
            before,
            after,
            grace,
        } = self;
        let grace = grace.map(|it| format!(" GRACE PERIOD {it} MILLISECONDS"));
        let grace = grace.unwrap_or_default();
        format!("WITHIN ({before} MILLISECONDS, {after} MILLISECONDS){grace}")
    }

    fn grace(self) -> i64 {
        self.grace
            .unwrap_or_else(|| (86_400_000 - self.before - self.after).max(0))
    }

    /// How much earlier and later than a record of a side those of the other may be.
    fn reach(self, side: usize) -> (i64, i64) {
        match side {
            0 => (self.before, self.after),
            _ => (self.after, self.before),
        }
    }
}

fn withins() -> impl Strategy<Value = Within> {
    let length = || prop_oneof![Just(0), 1..30i64];
    let grace = prop::option::weighted(0.6, length());
    let within = (length(), length(), grace);
    within.prop_map(|(before, after, grace)| Within {
        before,
        after,
        grace,
    })
}

/// A record that was kept, or waits.
#[derive(Clone, Debug)]
struct Kept {
    key: String,
    time: i64,
    v: Option<i64>,
}

/// A stream-stream join as one task does it.
pub(crate) struct Joining {
    kind: Kind,
    within: Within,
    kept: [Vec<Kept>; 2],
    newest: [i64; 2],
    /// Rows without a match, until their time is over: side and record.
    waiting: Vec<(usize, Kept)>,
    /// The oldest that waits, as of the last look; Kafka looks no further before that is due.
    oldest: Option<i64>,
    stream_time: i64,
    outs: Vec<Out>,
}

impl Joining {
    pub(crate) fn of(
        task: &[&Rec],
        kind: Kind,
        within: Within,
        key: fn(&Rec) -> Option<String>,
    ) -> Vec<Out> {
        let mut joining = Joining {
            kind,
            within,
            kept: [Vec::new(), Vec::new()],
            newest: [i64::MIN; 2],
            waiting: Vec::new(),
            oldest: None,
            stream_time: -1,
            outs: Vec::new(),
        };
        for rec in task {
            let Some(value) = &rec.value else { continue };
            let (side, time, v) = (rec.source, rec.time, number(value));
            match key(rec) {
                Some(key) => joining.take(side, Kept { key, time, v }),
                None if kind.keeps(side) => {
                    let value = Some(row(side, v, None));
                    joining.outs.push(Out {
                        key: None,
                        window: None,
                        value,
                        time,
                    });
                }
                None => {}
            }
        }
        joining.outs
    }

    fn take(&mut self, side: usize, new: Kept) {
        self.let_go(side, new.time);
        let other = 1 - side;
        let (before, after) = self.within.reach(side);
        let oldest = self.oldest_of(other);
        let is_near = |it: &&Kept| {
            let near = new.time - before <= it.time && it.time <= new.time + after;
            it.key == new.key && near && it.time >= oldest
        };
        let mut found: Vec<Kept> = self.kept[other].iter().filter(is_near).cloned().collect();
        found.sort_by_key(|it| it.time);
        for it in &found {
            self.waiting
                .retain(|(of, held)| *of != other || held.key != it.key || held.time != it.time);
            self.emit(side, &new, Some(it));
        }
        self.newest[side] = self.newest[side].max(new.time);
        if found.is_empty() && self.kind.keeps(side) {
            if self.within.grace.is_none() || new.time + after < self.stream_time {
                self.emit(side, &new, None);
            } else {
                self.oldest = Some(self.oldest.map_or(new.time, |it| it.min(new.time)));
                self.waiting.push((side, new.clone()));
            }
        }
        if new.time >= self.oldest_of(side) {
            self.kept[side].push(new);
        }
    }

    /// The oldest time that a side's store still shows.
    fn oldest_of(&self, side: usize) -> i64 {
        let retention = self.within.before + self.within.after + self.within.grace();
        self.newest[side].saturating_sub(retention - 1)
    }

    fn let_go(&mut self, side: usize, time: i64) {
        self.stream_time = self.stream_time.max(time);
        let grace = self.within.grace();
        let is_due =
            |side: usize, time: i64, now: i64| time + self.within.reach(side).1 + grace < now;
        let now = self.stream_time;
        if time < now || !self.oldest.is_some_and(|oldest| is_due(side, oldest, now)) {
            return;
        }
        let waiting = std::mem::take(&mut self.waiting);
        let (mut due, waiting): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(side, it)| is_due(*side, it.time, now));
        due.sort_by_key(|(side, it)| (it.time, *side == 0, it.key.clone()));
        self.oldest = waiting.iter().map(|(_, it)| it.time).min();
        self.waiting = waiting;
        for (side, it) in due {
            self.emit(side, &it, None);
        }
    }

    fn emit(&mut self, side: usize, own: &Kept, other: Option<&Kept>) {
        let value = Some(row(side, own.v, other.and_then(|it| it.v)));
        let time = other.map_or(own.time, |it| it.time.max(own.time));
        self.outs.push(Out {
            key: Some(own.key.clone()),
            window: None,
            value,
            time,
        });
    }
}

fn stream_script(partitions: u32, kind: Kind, within: Within, column: &str) -> String {
    let key = match kind {
        Kind::Full => "ROWKEY".to_owned(),
        _ => format!("s.{column}"),
    };
    format!(
        "{}{}CREATE STREAM q AS SELECT {key} AS k, s.v AS lv, r.v AS rv FROM s {} JOIN r {}
           ON s.{column} = r.{column};",
        source("STREAM", "s", partitions),
        source("STREAM", "r", partitions),
        kind.sql(),
        within.sql(),
    )
}

/// How what a query should have given is compared with what it gave, task by task.
type Same = fn(&[Vec<Out>], &[Vec<Out>]) -> TestCaseResult;

/// Checks the join of two streams, task by task.
fn joined(
    way: &Way,
    records: &[Rec],
    (kind, within): (Kind, Within),
    (column, key): (&str, fn(&Rec) -> Option<String>),
    same: Same,
) -> TestCaseResult {
    let records = way.timed(records);
    let script = stream_script(way.partitions, kind, within, column);
    let actual = way.run(&["s", "r"], &script, &records);
    let tasks = way.tasks(&records, key);
    let slow = |task: &Vec<&Rec>| Joining::of(task, kind, within, key);
    same(&tasks.iter().map(slow).collect::<Vec<_>>(), &actual)
}

#[test]
fn streams_meet_by_key_in_any_batches() {
    let cases = (ways(), Shape::of(2, 0).records(), kinds(), withins());
    check(70, cases, |(way, records, kind, within)| {
        // How often waiting rows are looked for depends on batches.
        let within = match kind {
            Kind::Inner => within,
            _ => Within {
                grace: None,
                ..within
            },
        };
        joined(&way, &records, (kind, within), ("k", by_key), same_streams)
    });
}

#[test]
fn records_without_a_match_wait_for_their_time() {
    let cases = (settled(), Shape::of(2, 0).records(), kinds(), withins());
    check(80, cases, |(way, records, kind, within)| {
        joined(&way, &records, (kind, within), ("k", by_key), same_streams)
    });
}

#[test]
fn streams_meet_by_value() {
    let cases = (settled(), Shape::of(2, 0).records(), kinds(), withins());
    check(60, cases, |(way, records, kind, within)| {
        joined(&way, &records, (kind, within), ("g", by_group), same_by_key)
    });
}

#[test]
fn the_same_pairs_meet_in_any_order() {
    let cases = (ways(), Shape::of(2, 0).records(), withins());
    check(60, cases, |(way, records, within)| {
        let within = Within {
            grace: None,
            ..within
        };
        let records = way.timed(&records);
        let script = stream_script(way.partitions, Kind::Inner, within, "g");
        let actual = way.run(&["s", "r"], &script, &records);
        let all: Vec<&Rec> = records.iter().collect();
        let expected = Joining::of(&all, Kind::Inner, within, by_group);
        same_in_any_order(&[expected], &actual)
    });
}

/// A stream looks into a table as it is.
fn looked_up(task: &[&Rec], left_outer: bool) -> Vec<Out> {
    let mut table = BTreeMap::new();
    let mut outs = Vec::new();
    for rec in task {
        let v = rec.value.as_ref().map(number);
        if rec.source == 1 {
            if let Some(key) = &rec.key {
                match v {
                    Some(v) => table.insert(key.clone(), v),
                    None => table.remove(key),
                };
            }
            continue;
        }
        let found = rec.key.as_ref().and_then(|key| table.get(key));
        if let Some(v) = v.filter(|_| found.is_some() || left_outer) {
            let value = Some(row(0, v, found.copied().flatten()));
            outs.push(Out {
                key: rec.key.clone(),
                window: None,
                value,
                time: rec.time,
            });
        }
    }
    outs
}

#[test]
fn a_stream_looks_into_a_table() {
    let cases = (ways(), Shape::of(1, 1).records(), any::<bool>());
    check(60, cases, |(way, records, left_outer)| {
        let records = way.timed(&records);
        let script = format!(
            "{}{}CREATE STREAM q AS SELECT s.k AS k, s.v AS lv, t.v AS rv FROM s {} JOIN t
               ON s.k = t.k;",
            source("STREAM", "s", way.partitions),
            source("TABLE", "t", way.partitions),
            if left_outer { "LEFT" } else { "INNER" },
        );
        let actual = way.run(&["s", "t"], &script, &records);
        let tasks = way.tasks(&records, by_key);
        let slow = |task: &Vec<&Rec>| looked_up(task, left_outer);
        same_streams(&tasks.iter().map(slow).collect::<Vec<_>>(), &actual)
    });
}
