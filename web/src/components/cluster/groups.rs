//! Groups: who holds which partition, what is committed, how far behind, and how that has gone.
//!
//! An eager rebalance takes all partitions from all members at once, a cooperative one only those
//! that move: the column of holders shows the one and the other as it happens.

use super::news::Memory;
use super::pen::Pen;
use super::{ClusterProps, ROWS_MAX};
use crate::queries::cluster::{Holder, holder, is_cooperative, lag_line, seconds};
use crate::queries::{count_text, counted, lane_name};
use headwater_view::{GroupLagView, GroupView, LagPoint, ReaderState, ReaderView};

/// The size of a line of lag; its element is as wide as there is room.
const CHART: (i64, i64) = (240, 56);

/// The whole panel.
pub(super) fn panel(props: &ClusterProps, pen: &mut Pen<'_>, memory: &mut Memory) {
    if props.groups.is_empty() {
        pen.hint(
            "No groups yet. Readers with the same group share a topic's partitions: ",
            "consumer create ada topic=NAME group=shop",
            " makes the first member.",
        );
    }
    pen.open("ul", "groups");
    for (at, group) in props.groups.iter().enumerate() {
        let name = ["group ", &group.name].concat();
        pen.begin("li", &[("class", "group"), ("aria-label", &name)]);
        pen.open("div", "group-left");
        left(props, group, (at as u64) << 32, pen, memory);
        pen.close(1);
        history(&group.history, pen);
        pen.close(1);
    }
    pen.close(1);
}

/// All of a group but its chart.
fn left(props: &ClusterProps, group: &GroupView, key: u64, pen: &mut Pen<'_>, memory: &mut Memory) {
    let settled = matches!(group.state.as_str(), "Stable" | "Empty");
    let state = if settled { "badge good" } else { "badge warn" };
    let kind = if is_cooperative(group) {
        " (cooperative)"
    } else {
        " (eager)"
    };
    let news = memory.note(key, u64::from(group.generation));
    pen.open("div", "cluster-line");
    pen.text("b", "", &[&group.name]);
    pen.text("span", state, &[&group.state]);
    let generation = ["generation ", &*group.generation.to_string()];
    pen.text("span", &["isr", news.class].concat(), &generation);
    if !group.members.is_empty() {
        pen.text("span", "quiet", &[&group.assignor, kind]);
    }
    pen.menu("group", &group.name);
    pen.close(1);
    members(group, &props.readers, pen);
    let mut holders = Vec::new();
    for lag in group.partitions.iter().take(ROWS_MAX) {
        holders.push(holder(group, lag, &props.readers));
    }
    if !settled {
        rebalance(group, &holders, pen);
    }
    pen.open("table", "lags");
    pen.open("thead", "");
    pen.open("tr", "");
    for head in ["partition", "read by", "committed", "end", "lag", "waits"] {
        pen.begin("th", &[("scope", "col")]);
        pen.say(&[head]);
        pen.close(1);
    }
    pen.close(2);
    pen.open("tbody", "");
    for (lag, holder) in group.partitions.iter().zip(&holders) {
        let name = lane_name(&props.topics, lag.partition);
        let number = |it: Option<u64>| it.map_or_else(|| "none".to_owned(), count_text);
        pen.open("tr", "");
        pen.begin("th", &[("scope", "row")]);
        pen.say(&[&name.unwrap_or_default()]);
        pen.close(1);
        pen.open("td", "");
        held(
            lag,
            holder,
            key + u64::from(lag.partition.0) + 1,
            pen,
            memory,
        );
        pen.close(1);
        let waits = lag.waited_ms.map_or_else(String::new, seconds);
        let end = count_text(lag.end_offset);
        for text in [number(lag.committed), end, number(lag.lag), waits] {
            pen.text("td", "number", &[&text]);
        }
        pen.close(1);
    }
    pen.close(2);
}

/// What a rebalance leaves its members, in a sentence.
fn rebalance(group: &GroupView, holders: &[Holder<'_>], pen: &mut Pen<'_>) {
    let given_up = holders.iter().filter(|it| **it == Holder::Nobody).count();
    let left = counted((holders.len() - given_up) as u64, "partition");
    let lost = counted(given_up as u64, "partition");
    let told = match is_cooperative(group) {
        true => [
            &*left,
            " read on while the group shares anew, ",
            &lost,
            " between readers",
        ],
        false => [
            "All have to give up all they have: ",
            &lost,
            " given up, still held ",
            &left,
        ],
    };
    pen.text("p", "rebalance", &told);
}

/// The members, each with how it is.
fn members(group: &GroupView, readers: &[ReaderView], pen: &mut Pen<'_>) {
    pen.begin("ul", &[("class", "members"), ("aria-label", "Members")]);
    for id in group.members.iter().take(ROWS_MAX) {
        let reader = readers.iter().find(|it| it.id == *id);
        let about = match reader.map_or(ReaderState::Killed, |it| it.state) {
            ReaderState::Reading => "",
            ReaderState::Paused => "paused",
            ReaderState::Stalled => "hangs",
            ReaderState::Killed => "is gone, not missed yet",
        };
        let name = reader.map_or("somebody", |it| it.name.as_str());
        let class = if about.is_empty() {
            "holder reads"
        } else {
            "holder owes"
        };
        let who = (id.0 % 6).to_string();
        pen.begin("li", &[("class", class), ("data-who", &who)]);
        pen.say(&[name]);
        pen.close(1);
        if reader.is_some() {
            pen.open("li", "");
            pen.menu("consumer", name);
            pen.close(1);
        }
        if !about.is_empty() {
            pen.text("li", "quiet", &[about]);
        }
    }
    if group.members.is_empty() {
        pen.text("li", "quiet", &["no members"]);
    }
    pen.close(1);
}

/// Who holds a partition. When that changes, what was there fades, then nothing, then what is.
fn held(
    lag: &GroupLagView,
    holder: &Holder<'_>,
    place: u64,
    pen: &mut Pen<'_>,
    memory: &mut Memory,
) {
    let (class, reader) = match holder {
        Holder::Reads(it) => ("holder reads", Some(*it)),
        Holder::Owes(it) => ("holder owes", *it),
        Holder::Nobody => ("holder nobody", None),
    };
    let id = match holder {
        Holder::Owes(None) => lag.member,
        _ => reader.map(|it| it.id),
    };
    let news = memory.note(place, id.map_or(0, |it| u64::from(it.0) + 1));
    let moved = match news.class {
        " news" => " moved",
        " news again" => " moved again",
        _ => "",
    };
    let who = id.map_or_else(String::new, |it| (it.0 % 6).to_string());
    let was = match news.before {
        0 => String::new(),
        id => ((id - 1) % 6).to_string(),
    };
    let class = [class, moved].concat();
    pen.begin(
        "span",
        &[("class", &class), ("data-who", &who), ("data-was", &was)],
    );
    pen.say(&[reader.map_or("nobody", |it| &it.name)]);
    pen.close(1);
}

/// Lag over the last seconds: in records, and how long the oldest has waited.
fn history(history: &[LagPoint], pen: &mut Pen<'_>) {
    let values: [fn(&LagPoint) -> i64; 2] = [|it| it.records as i64, |it| it.waited_ms];
    let [records, waited] = values.map(|value| {
        let now = history.last().map_or(0, value);
        (now.max(0), history.iter().map(value).max().unwrap_or(0))
    });
    let (now, most) = (count_text(records.0 as u64), count_text(records.1 as u64));
    let records = [&*now, " records behind, at most ", &most].concat();
    let waited = [
        "oldest waits ",
        &*seconds(waited.0),
        ", at most ",
        &seconds(waited.1),
    ]
    .concat();
    let label = [&*records, "; ", &waited].concat();
    pen.open("div", "group-right");
    pen.begin(
        "svg",
        &[
            ("class", "lag-chart"),
            ("viewBox", "-2 -2 244 60"),
            ("preserveAspectRatio", "none"),
            ("role", "img"),
            ("aria-label", &label),
        ],
    );
    for (class, value) in ["lag-records", "lag-waited"].into_iter().zip(values) {
        pen.begin(
            "path",
            &[("class", class), ("d", &lag_line(history, CHART, value))],
        );
        pen.close(1);
    }
    pen.close(1);
    pen.open("p", "lag-legend");
    pen.text("span", "lag-records", &[&records]);
    pen.text("span", "lag-waited", &[&waited]);
    pen.close(2);
}
