//! Brokers side by side, each with the replicas it has; a row a partition.

use super::element::{button, element, hint, text, with};
use super::news::Memory;
use super::{ClusterProps, ROWS_MAX};
use crate::lab::Lab;
use crate::queries::cluster::{in_sync, is_under_replicated, place, role, scale};
use crate::queries::lane_name;
use headwater_view::{BrokerView, ReplicaView, ReplicationView};
use yew::prelude::*;

/// Width of a replica's bar.
const BAR: u64 = 64;
/// Most brokers that a lab has.
const BROKERS_MAX: usize = 5;

/// The whole panel.
pub(super) fn panel(props: &ClusterProps, memory: &mut Memory) -> Html {
    let (brokers, replication) = (&*props.brokers, &*props.replication);
    let mut parts = vec![summary(props)];
    let mut head = vec![text("td", "corner", "")];
    head.extend(brokers.iter().map(|it| card(&props.lab, it, memory)));
    let mut rows = Vec::new();
    for partition in replication.iter() {
        if let Some(name) = lane_name(&props.topics, partition.partition)
            && rows.len() < ROWS_MAX
        {
            rows.push(row(brokers, partition, &name, memory));
        }
    }
    let has_copies = replication.iter().any(|it| it.replicas.len() > 1);
    parts.push(element(
        "table",
        "brokers",
        vec![
            element("thead", "", vec![element("tr", "", head)]),
            element("tbody", "", rows),
        ],
    ));
    if !has_copies {
        parts.push(hint(
            "Every partition has one replica: while its broker is down, it is offline. ",
            "topic create safe replication-factor=3",
            " keeps copies, and they will stand here.",
        ));
    }
    element("div", "", parts)
}

/// How many partitions are not as they should be, in the words of Kafka's metrics.
fn summary(props: &ClusterProps) -> Html {
    let all = &*props.replication;
    let under = all.iter().filter(|it| is_under_replicated(it)).count();
    let offline = all.iter().filter(|it| it.leader.is_none()).count();
    let count = |class, count: usize, what: &str| {
        let class = if count > 0 { class } else { "quiet" };
        text("span", class, &[count.to_string().as_str(), what].concat())
    };
    let mut parts = vec![
        count("badge warn", under, " under-replicated"),
        count("badge bad", offline, " offline"),
    ];
    let next = props.brokers.iter().map(|it| it.id.0).max().unwrap_or(0) + 1;
    if props.brokers.len() < BROKERS_MAX {
        let command = ["broker start ", &next.to_string()].concat();
        parts.push(button(
            &props.lab,
            "Add",
            &["broker ", &next.to_string()].concat(),
            command,
        ));
    }
    element("p", "cluster-line", parts)
}

/// A broker: how it is, what it has, what can be done to it.
fn card(lab: &Lab, broker: &BrokerView, memory: &mut Memory) -> Html {
    let name = ["broker ", &broker.id.to_string()].concat();
    let is_up = broker.state == "running";
    let state = if is_up { "badge good" } else { "badge bad" };
    let news = memory.note(
        u64::from(broker.id.0),
        u64::from(is_up) * 2 + u64::from(broker.fenced),
    );
    let mut states = vec![text("span", &[state, news.class].concat(), &broker.state)];
    if broker.fenced {
        states.push(text("span", "badge warn", "fenced"));
    }
    let has = [
        "leads ",
        &broker.leads.to_string(),
        " · ",
        &broker.in_sync.to_string(),
        " of ",
        &broker.replicas.to_string(),
        " in sync",
    ];
    let does = |label, verb: &str| {
        button(
            lab,
            label,
            &name,
            ["broker ", verb, " ", &broker.id.to_string()].concat(),
        )
    };
    let buttons = match broker.state.as_str() {
        "running" => vec![does("Stop", "stop"), does("Isolate", "isolate")],
        "isolated" => vec![does("Stop", "stop"), does("Reconnect", "start")],
        _ => vec![does("Start", "start")],
    };
    let mut title = vec![text("b", "", &["Broker ", &broker.id.to_string()].concat())];
    title.extend(states);
    with(
        "th",
        &[("scope", "col"), ("class", if is_up { "" } else { "down" })],
        vec![
            element("span", "cluster-line", title),
            text("span", "quiet", &has.concat()),
            element("span", "cluster-line", buttons),
        ],
    )
}

fn row(
    brokers: &[BrokerView],
    partition: &ReplicationView,
    name: &str,
    memory: &mut Memory,
) -> Html {
    let id = u64::from(partition.partition.0) << 32;
    let isr = in_sync(partition);
    let set = partition.replicas.iter().filter(|it| it.in_sync);
    let set = set.map(|it| 1 << (it.broker.0 % 64)).sum();
    let news = memory.note(id, set);
    let isr = ["ISR ", if isr.is_empty() { "none" } else { &isr }].concat();
    let class = if is_under_replicated(partition) {
        "badge warn"
    } else {
        "isr"
    };
    let mut marks = vec![text("span", &[class, news.class].concat(), &isr)];
    if partition.leader.is_none() {
        marks.push(text("span", "badge bad", "offline"));
    }
    let marked = [
        "HW ",
        &partition.high_watermark.to_string(),
        " · epoch ",
        &partition.epoch.to_string(),
    ];
    let head = vec![
        text("b", "", name),
        element("span", "cluster-line", marks),
        text("span", "quiet", &marked.concat()),
    ];
    let mut cells = vec![with("th", &[("scope", "row")], head)];
    for broker in brokers {
        let mut replicas = partition.replicas.iter();
        cells.push(match replicas.find(|it| it.broker == broker.id) {
            Some(replica) => {
                let news = memory.note(id + u64::from(broker.id.0), code(role(partition, replica)));
                cell(partition, replica, news.class, broker.state == "stopped")
            }
            None => text("td", "none", ""),
        });
    }
    element("tr", "", cells)
}

/// A role as a number, to be compared.
fn code(role: &str) -> u64 {
    role.bytes()
        .fold(0, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte))
}

fn cell(partition: &ReplicationView, replica: &ReplicaView, news: &str, is_down: bool) -> Html {
    let role = role(partition, replica);
    let looks = match role {
        "leader" => "leader",
        "follower" => "follower",
        "diverged" => "diverged",
        _ => "out",
    };
    let class = ["replica ", looks, news].concat();
    let end = ["@", &replica.end_offset.to_string()].concat();
    let title = [
        "log end offset ",
        &end[1..],
        ", high watermark ",
        &partition.high_watermark.to_string(),
    ]
    .concat();
    with(
        "td",
        &[
            ("class", if is_down { "down" } else { "" }),
            ("title", &title),
        ],
        vec![
            text("span", &class, role),
            text("span", "end", &end),
            bar(partition, replica, looks),
        ],
    )
}

/// The end of a replica's log: what readers see is filled, what they do not see yet is not; the
/// high watermark is a tick.
fn bar(partition: &ReplicationView, replica: &ReplicaView, looks: &str) -> Html {
    let scale = scale(partition);
    let end = place(scale, replica.end_offset, BAR);
    let mark = place(scale, partition.high_watermark, BAR);
    let part = |class: &str, from: u64, to: u64, (y, height): (&str, &str)| {
        let (x, width) = (from.to_string(), to.saturating_sub(from).to_string());
        let box_of = [
            ("class", class),
            ("x", &x),
            ("y", y),
            ("width", &width),
            ("height", height),
        ];
        with("rect", &box_of, Vec::new())
    };
    let seen = end.min(mark);
    let parts = vec![
        part("seen", 0, seen, ("2", "6")),
        part("unseen", seen, end, ("2", "6")),
        part("mark", mark.max(1) - 1, mark.max(1) + 1, ("0", "10")),
    ];
    let view = ["0 0 ", &(BAR + 2).to_string(), " 10"].concat();
    let class = ["bar ", looks].concat();
    with(
        "svg",
        &[
            ("class", &class),
            ("viewBox", &view),
            ("aria-hidden", "true"),
        ],
        parts,
    )
}
