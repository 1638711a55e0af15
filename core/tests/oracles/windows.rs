//! Tumbling, hopping and session windows with late records: the change streams and EMIT FINAL.

use crate::cases::{Rec, Shape, Val, check, ways};
use crate::drive::{Out, UNTHROTTLED};
use crate::expect::{AGGREGATES, Arrived, aggregates, by_key, having, same_streams, source};
use crate::joins::Kind;
use crate::streams::{Joining, Within};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// TUMBLING or HOPPING windows, or SESSION windows where nothing advances.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// Of a session the gap.
    size: i64,
    advance: i64,
    grace: Option<i64>,
    retention: Option<i64>,
}

impl Window {
    fn sql(self) -> String {
        let millis = |name: &str, millis: Option<i64>| {
            let text = millis.map(|it| format!(", {name} {it} MILLISECONDS"));
            text.unwrap_or_default()
        };
        let size = self.size;
        let (kind, advance) = match self.advance {
            0 => ("SESSION (", String::new()),
            it if it == size => ("TUMBLING (SIZE ", String::new()),
            it => ("HOPPING (SIZE ", millis("ADVANCE BY", Some(it))),
        };
        let retention = millis("RETENTION", self.retention);
        let grace = millis("GRACE PERIOD", self.grace);
        format!("WINDOW {kind}{size} MILLISECONDS{advance}{retention}{grace})")
    }

    fn grace(self) -> i64 {
        self.grace.unwrap_or(86_400_000 - self.size)
    }

    fn retention(self) -> i64 {
        let least = self.size + self.grace();
        self.retention.unwrap_or(least).max(least)
    }

    fn holding(self, time: i64) -> Vec<(i64, i64)> {
        let starts = (0..=time / self.advance).rev().map(|n| n * self.advance);
        let starts = starts.take_while(|start| start + self.size > time);
        let mut windows: Vec<_> = starts.map(|start| (start, start + self.size)).collect();
        windows.reverse();
        windows
    }
}

fn lengths() -> impl Strategy<Value = (Option<i64>, Option<i64>)> {
    let grace = prop::option::weighted(0.8, prop_oneof![Just(0), 1..30i64]);
    (grace, prop::option::weighted(0.3, 30..200i64))
}

fn hopping() -> impl Strategy<Value = Window> {
    (1..6i64, 1..4i64, lengths()).prop_map(|(step, times, (grace, retention))| {
        let window = Window {
            size: step * 4 * times,
            advance: step * 4,
            grace,
            retention: None,
        };
        Window {
            retention: retention.map(|it| it.max(window.retention())),
            ..window
        }
    })
}

fn sessions() -> impl Strategy<Value = Window> {
    (1..14i64, lengths()).prop_map(|(size, (grace, retention))| {
        let window = Window {
            size,
            advance: 0,
            grace,
            retention: None,
        };
        Window {
            retention: retention.map(|it| it.max(window.retention())),
            ..window
        }
    })
}

/// What enters a group: records with a key and a value, with their place.
fn entering<'r>(task: &[&'r Rec]) -> Vec<(usize, &'r Rec, String, Option<i64>)> {
    let entering = |(at, rec): (usize, &&'r Rec)| {
        let value = rec.value.as_ref()?;
        Some((at, *rec, rec.key.clone()?, value.v))
    };
    task.iter().enumerate().filter_map(entering).collect()
}

/// The rows of a window: what is in it, and the latest time of that.
type Rows = BTreeMap<((i64, i64), String), (Vec<Arrived>, i64)>;

fn windowed(task: &[&Rec], window: Window, is_final: bool) -> Vec<Out> {
    let mut outs = Vec::new();
    let mut rows = Rows::new();
    let (mut stream_time, mut newest, mut closed_before) = (i64::MIN, i64::MIN, i64::MIN);
    for (at, rec, key, value) in entering(task) {
        stream_time = stream_time.max(rec.time);
        for bounds in window.holding(rec.time) {
            newest = newest.max(bounds.0);
            if bounds.1 + window.grace() <= stream_time {
                continue;
            }
            let (list, time) = rows.entry((bounds, key.clone())).or_default();
            list.push((at, value));
            *time = rec.time.max(*time);
            if !is_final {
                outs.push(out(&key, bounds, list, *time));
            }
        }
        let closed = stream_time - window.grace();
        if is_final && closed > closed_before {
            for ((bounds, key), (list, time)) in &rows {
                let is_kept = bounds.0 >= newest - window.retention();
                if closed_before < bounds.1 && bounds.1 <= closed && is_kept {
                    outs.push(out(key, *bounds, list, *time));
                }
            }
            closed_before = closed;
        }
    }
    outs
}

fn out(key: &str, bounds: (i64, i64), list: &[Arrived], time: i64) -> Out {
    let value = Some(aggregates(list));
    Out {
        key: Some(key.to_owned()),
        window: Some(bounds),
        value,
        time,
    }
}

fn session(task: &[&Rec], window: Window, is_final: bool) -> Vec<Out> {
    let mut outs = Vec::new();
    let mut open: Vec<(String, (i64, i64), Vec<Arrived>)> = Vec::new();
    let (mut stream_time, mut newest, mut closed_before) = (i64::MIN, i64::MIN, i64::MIN);
    for (at, rec, key, value) in entering(task) {
        let time = rec.time;
        stream_time = stream_time.max(time);
        let closed = stream_time - window.grace() - window.size;
        // The store forgets sessions by the end of the newest that was put.
        let near = |(of, bounds, _): &&(String, (i64, i64), Vec<Arrived>)| {
            let forgotten = newest != i64::MIN && bounds.1 <= newest - window.retention();
            let is_near = bounds.0 <= time + window.size && bounds.1 >= time - window.size;
            *of == key && is_near && !forgotten
        };
        let mut found: Vec<_> = open.iter().filter(near).cloned().collect();
        found.sort_by_key(|(_, bounds, _)| *bounds);
        let start = found
            .iter()
            .map(|it| it.1.0)
            .min()
            .unwrap_or(time)
            .min(time);
        let end = found
            .iter()
            .map(|it| it.1.1)
            .max()
            .unwrap_or(time)
            .max(time);
        if end < closed {
            continue;
        }
        open.retain(|it| !found.contains(it));
        let mut list: Vec<Arrived> = found.iter().flat_map(|it| it.2.clone()).collect();
        list.push((at, value));
        if !is_final {
            if (start, end) != (time, time) {
                for (_, bounds, _) in &found {
                    let window = Some(*bounds);
                    outs.push(Out {
                        key: Some(key.clone()),
                        window,
                        value: None,
                        time: bounds.1,
                    });
                }
            }
            outs.push(out(&key, (start, end), &list, end));
        }
        newest = newest.max(end);
        open.push((key, (start, end), list));
        if is_final && closed > closed_before {
            let mut due: Vec<_> = open.iter().collect();
            due.retain(|(_, bounds, _)| closed_before <= bounds.1 && bounds.1 < closed);
            due.sort_by_key(|(key, bounds, _)| (bounds.1, key.clone()));
            outs.extend(
                due.iter()
                    .map(|(key, bounds, list)| out(key, *bounds, list, bounds.1)),
            );
            closed_before = closed;
        }
    }
    outs
}

fn try_windows(
    windows: impl Strategy<Value = Window>,
    is_final: bool,
    slow: fn(&[&Rec], Window, bool) -> Vec<Out>,
) {
    let having_more = any::<bool>();
    let cases = (ways(), Shape::of(1, 0).records(), windows, having_more);
    check(60, cases, |(way, records, window, having_more)| {
        let records = way.timed(&records);
        let clause = if having_more {
            "HAVING COUNT(*) > 1"
        } else {
            ""
        };
        let script = format!(
            "{}{UNTHROTTLED} CREATE TABLE q AS SELECT k, {AGGREGATES} FROM s {} GROUP BY k {clause}
               EMIT {};",
            source("STREAM", "s", way.partitions),
            window.sql(),
            if is_final { "FINAL" } else { "CHANGES" },
        );
        let actual = way.run(&["s"], &script, &records);
        let passes = |row: &serde_json::Value| !having_more || row["N"].as_i64() > Some(1);
        let tasks = way.tasks(&records, by_key);
        let slow = |task: &Vec<&Rec>| having(slow(task, window, is_final), passes);
        same_streams(&tasks.iter().map(slow).collect::<Vec<_>>(), &actual)
    });
}

#[test]
fn windows_change_as_records_enter_them() {
    try_windows(hopping(), false, windowed);
}

#[test]
fn windows_are_final_once() {
    try_windows(hopping(), true, windowed);
}

#[test]
fn sessions_grow_and_merge() {
    try_windows(sessions(), false, session);
}

#[test]
fn sessions_are_final_when_nothing_can_join_them() {
    try_windows(sessions(), true, session);
}

/// What a join gives, as records of one stream with the right side's numbers.
fn joined(task: &[&Rec], within: Within) -> Vec<Rec> {
    let outs = Joining::of(task, Kind::Inner, within, by_key);
    let rec = |out: Out| {
        let v = out.value.and_then(|value| value["RV"].as_i64());
        let value = Some(Val { g: None, v });
        Rec {
            source: 0,
            key: out.key,
            value,
            time: out.time,
        }
    };
    outs.into_iter().map(rec).collect()
}

#[test]
fn sessions_of_a_join_know_the_order_of_arrival() {
    let cases = (ways(), Shape::of(2, 0).records(), sessions());
    check(60, cases, |(way, records, window)| {
        let within = Within {
            before: 20,
            after: 20,
            grace: None,
        };
        let records = way.timed(&records);
        let script = format!(
            "{}{}CREATE TABLE q AS SELECT s.k AS k, {} FROM s JOIN r {} ON s.k = r.k {}
               GROUP BY s.k;",
            source("STREAM", "s", way.partitions),
            source("STREAM", "r", way.partitions),
            AGGREGATES.replace("(v", "(r.v"),
            within.sql(),
            window.sql(),
        );
        let actual = way.run(&["s", "r"], &script, &records);
        let slow = |task: &Vec<&Rec>| {
            let joined = joined(task, within);
            session(&joined.iter().collect::<Vec<_>>(), window, false)
        };
        let tasks = way.tasks(&records, by_key);
        same_streams(&tasks.iter().map(slow).collect::<Vec<_>>(), &actual)
    });
}
