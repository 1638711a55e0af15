//! Groups: who holds which partition, what is committed, how far behind, and how that has gone.
//!
//! An eager rebalance takes all partitions from all members at once, a cooperative one only those
//! that move: the column of holders shows the one and the other as it happens.

use super::element::{element, hint, text, with, word};
use super::news::Memory;
use super::{ClusterProps, ROWS_MAX};
use crate::queries::cluster::{Holder, holder, is_cooperative, lag_line, seconds};
use crate::queries::{count_text, counted, lane_name};
use headwater_base::ConsumerId;
use headwater_view::{GroupLagView, GroupView, LagPoint, ReaderState, ReaderView};
use yew::prelude::*;

/// The size of a line of lag; its element is as wide as there is room.
const CHART: (i64, i64) = (240, 56);

/// The whole panel.
pub(super) fn panel(props: &ClusterProps, memory: &mut Memory) -> Html {
    if props.groups.is_empty() {
        return hint(
            "No groups yet. Readers with the same group share a topic's partitions: ",
            "consumer create ada topic=NAME group=shop",
            " makes the first member.",
        );
    }
    let groups = props.groups.iter().enumerate();
    let groups = groups.map(|(at, it)| card(props, it, (at as u64) << 32, memory));
    element("ul", "groups", groups.collect())
}

fn card(props: &ClusterProps, group: &GroupView, key: u64, memory: &mut Memory) -> Html {
    let settled = group.state == "Stable" || group.state == "Empty";
    let state = if settled { "badge good" } else { "badge warn" };
    let kind = if is_cooperative(group) {
        " (cooperative)"
    } else {
        " (eager)"
    };
    let generation = ["generation ", &group.generation.to_string()].concat();
    let news = memory.note(key, u64::from(group.generation));
    let mut head = vec![
        text("b", "", &group.name),
        text("span", state, &group.state),
        text("span", &["isr", news.class].concat(), &generation),
    ];
    if !group.members.is_empty() {
        head.push(text("span", "quiet", &[&group.assignor, kind].concat()));
    }
    let holders: Vec<Holder<'_>> = group
        .partitions
        .iter()
        .take(ROWS_MAX)
        .map(|it| holder(group, it, &props.readers))
        .collect();
    let mut left = vec![
        element("div", "cluster-line", head),
        members(group, &props.readers),
    ];
    if !settled {
        left.push(text("p", "rebalance", &rebalance(group, &holders)));
    }
    left.push(table(props, group, &holders, key, memory));
    let parts = vec![element("div", "group-left", left), history(group)];
    with(
        "li",
        &[
            ("class", "group"),
            ("aria-label", &["group ", &group.name].concat()),
        ],
        parts,
    )
}

/// What a rebalance leaves its members, in a sentence.
fn rebalance(group: &GroupView, holders: &[Holder<'_>]) -> String {
    let given_up = holders.iter().filter(|it| **it == Holder::Nobody).count();
    let left = counted((holders.len() - given_up) as u64, "partition");
    let lost = counted(given_up as u64, "partition");
    match is_cooperative(group) {
        true => [
            &left,
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
    }
    .concat()
}

/// The members, each with how it is.
fn members(group: &GroupView, readers: &[ReaderView]) -> Html {
    let mut parts = Vec::new();
    for id in group.members.iter().take(ROWS_MAX) {
        let reader = readers.iter().find(|it| it.id == *id);
        let about = match reader.map_or(ReaderState::Killed, |it| it.state) {
            ReaderState::Reading => "",
            ReaderState::Paused => " paused",
            ReaderState::Stalled => " hangs",
            ReaderState::Killed => " is gone, not missed yet",
        };
        let name = reader.map_or("somebody", |it| it.name.as_str());
        let class = if about.is_empty() {
            "holder reads"
        } else {
            "holder owes"
        };
        parts.push(chip("li", class, *id, name));
        if !about.is_empty() {
            parts.push(text("li", "quiet", about));
        }
    }
    if parts.is_empty() {
        parts.push(text("li", "quiet", "no members"));
    }
    with(
        "ul",
        &[("class", "members"), ("aria-label", "Members")],
        parts,
    )
}

/// A name in a reader's colour.
fn chip(tag: &'static str, class: &str, id: ConsumerId, name: &str) -> Html {
    let who = (id.0 % 6).to_string();
    with(
        tag,
        &[("class", class), ("data-who", &who)],
        vec![word(name)],
    )
}

fn table(
    props: &ClusterProps,
    group: &GroupView,
    holders: &[Holder<'_>],
    key: u64,
    memory: &mut Memory,
) -> Html {
    let heads = ["partition", "read by", "committed", "end", "lag", "waits"];
    let heads = heads.map(|it| with("th", &[("scope", "col")], vec![word(it)]));
    let mut rows = Vec::new();
    for (lag, holder) in group.partitions.iter().zip(holders) {
        let place = key + u64::from(lag.partition.0) + 1;
        let name = lane_name(&props.topics, lag.partition);
        let number = |it: Option<u64>| it.map_or_else(|| "none".to_owned(), count_text);
        let waits = lag.waited_ms.map_or_else(String::new, seconds);
        rows.push(element(
            "tr",
            "",
            vec![
                with(
                    "th",
                    &[("scope", "row")],
                    vec![word(&name.unwrap_or_default())],
                ),
                element("td", "", vec![held(lag, holder, place, memory)]),
                text("td", "number", &number(lag.committed)),
                text("td", "number", &count_text(lag.end_offset)),
                text("td", "number", &number(lag.lag)),
                text("td", "number", &waits),
            ],
        ));
    }
    let head = element("thead", "", vec![element("tr", "", heads.into())]);
    element("table", "lags", vec![head, element("tbody", "", rows)])
}

/// Who holds a partition. When that changes, what was there fades, then nothing, then what is.
fn held(lag: &GroupLagView, holder: &Holder<'_>, place: u64, memory: &mut Memory) -> Html {
    let (class, id, name) = match holder {
        Holder::Reads(it) => ("holder reads", Some(it.id), it.name.as_str()),
        Holder::Owes(it) => {
            let id = it.map(|it| it.id).or(lag.member);
            (
                "holder owes",
                id,
                it.map_or("somebody", |it| it.name.as_str()),
            )
        }
        Holder::Nobody => ("holder nobody", None, "nobody"),
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
    let looks = [
        ("class", class.as_str()),
        ("data-who", &who),
        ("data-was", &was),
    ];
    with("span", &looks, vec![word(name)])
}

/// Lag over the last seconds: in records, and how long the oldest has waited.
fn history(group: &GroupView) -> Html {
    let history = &group.history;
    let records = |it: &LagPoint| it.records as i64;
    let waited = |it: &LagPoint| it.waited_ms;
    let now = |value: &dyn Fn(&LagPoint) -> i64| history.last().map_or(0, value);
    let most = |value: &dyn Fn(&LagPoint) -> i64| history.iter().map(value).max().unwrap_or(0);
    let records_text = [
        &count_text(now(&records).max(0) as u64),
        " records behind, at most ",
        &count_text(most(&records).max(0) as u64),
    ]
    .concat();
    let waited_text = [
        "oldest waits ",
        &seconds(now(&waited)),
        ", at most ",
        &seconds(most(&waited)),
    ]
    .concat();
    let line = |class, value: &dyn Fn(&LagPoint) -> i64| {
        with(
            "path",
            &[("class", class), ("d", &lag_line(history, CHART, value))],
            Vec::new(),
        )
    };
    let view = [
        "-2 -2 ",
        &(CHART.0 + 4).to_string(),
        " ",
        &(CHART.1 + 4).to_string(),
    ]
    .concat();
    let drawn = with(
        "svg",
        &[
            ("class", "lag-chart"),
            ("viewBox", &view),
            ("preserveAspectRatio", "none"),
            ("role", "img"),
            ("aria-label", &[&records_text, "; ", &waited_text].concat()),
        ],
        vec![line("lag-records", &records), line("lag-waited", &waited)],
    );
    let words = vec![
        text("span", "lag-records", &records_text),
        text("span", "lag-waited", &waited_text),
    ];
    element(
        "div",
        "group-right",
        vec![drawn, element("p", "lag-legend", words)],
    )
}
