//! Brokers side by side, each with the replicas it has; a row a partition.

use super::news::Memory;
use super::pen::Pen;
use super::{ClusterProps, ROWS_MAX};
use crate::queries::cluster::{in_sync, is_under_replicated, place, role, scale};
use crate::queries::lane_name;
use headwater_view::{BrokerView, ReplicaView, ReplicationView};

/// Width of a replica's bar.
const BAR: u64 = 64;
/// Most brokers that a lab has.
const BROKERS_MAX: usize = 5;

/// The whole panel.
pub(super) fn panel(props: &ClusterProps, pen: &mut Pen<'_>, memory: &mut Memory) {
    let brokers = &*props.brokers;
    summary(props, pen);
    pen.open("table", "brokers");
    pen.open("thead", "");
    pen.open("tr", "");
    pen.text("td", "", &[]);
    for broker in brokers {
        card(broker, pen, memory);
    }
    pen.close(2);
    pen.open("tbody", "");
    let mut has_copies = false;
    for partition in props.replication.iter().take(ROWS_MAX) {
        // Kafka's own topics are shown only where they are asked for.
        if let Some(name) = lane_name(&props.topics, partition.partition) {
            has_copies |= partition.replicas.len() > 1;
            row(brokers, partition, &name, pen, memory);
        }
    }
    pen.close(2);
    if !has_copies {
        pen.hint(
            "Every partition has one replica: while its broker is down, it is offline. ",
            "topic create safe replication-factor=3",
            " keeps copies, and they will stand here.",
        );
    }
}

/// How many partitions are not as they should be, in the words of Kafka's metrics.
fn summary(props: &ClusterProps, pen: &mut Pen<'_>) {
    let (mut under, mut offline) = (0, 0);
    for partition in props.replication.iter() {
        under += u32::from(is_under_replicated(partition));
        offline += u32::from(partition.leader.is_none());
    }
    let class = |count: u32, class| if count > 0 { class } else { "quiet" };
    pen.open("p", "cluster-line");
    let counted = [&*under.to_string(), " under-replicated"];
    pen.text("span", class(under, "badge warn"), &counted);
    pen.text(
        "span",
        class(offline, "badge bad"),
        &[&offline.to_string(), " offline"],
    );
    let next = props.brokers.last().map_or(1, |it| it.id.0 + 1).to_string();
    if props.brokers.len() < BROKERS_MAX {
        pen.button("Add broker", &next, &["broker start ", &next]);
    }
    pen.close(1);
}

/// A broker: how it is, what it has, what can be done to it.
fn card(broker: &BrokerView, pen: &mut Pen<'_>, memory: &mut Memory) {
    let id = broker.id.to_string();
    let is_up = broker.state == "running";
    let now = u64::from(is_up) * 2 + u64::from(broker.fenced);
    let news = memory.note(u64::from(broker.id.0), now);
    let state = if is_up { "badge good" } else { "badge bad" };
    pen.begin(
        "th",
        &[("scope", "col"), ("class", if is_up { "" } else { "down" })],
    );
    pen.open("span", "cluster-line");
    pen.text("b", "", &["Broker ", &id]);
    pen.text("span", &[state, news.class].concat(), &[&broker.state]);
    if broker.fenced {
        pen.text("span", "badge warn", &["fenced"]);
    }
    let name = ["broker ", &id].concat();
    let mut does = |label, verb| pen.button(label, &name, &["broker ", verb, " ", &id]);
    match broker.state.as_str() {
        "running" => {
            does("Stop", "stop");
            does("Isolate", "isolate");
        }
        "isolated" => {
            does("Stop", "stop");
            does("Reconnect", "start");
        }
        _ => does("Start", "start"),
    }
    pen.close(1);
    let (leads, in_sync) = (broker.leads.to_string(), broker.in_sync.to_string());
    let has = [
        "leads ",
        &leads,
        " · ",
        &in_sync,
        " of ",
        &broker.replicas.to_string(),
        " in sync",
    ];
    pen.text("span", "quiet", &has);
    pen.close(1);
}

fn row(
    brokers: &[BrokerView],
    partition: &ReplicationView,
    name: &str,
    pen: &mut Pen<'_>,
    memory: &mut Memory,
) {
    let id = u64::from(partition.partition.0) << 32;
    let mut set = 0;
    for replica in partition.replicas.iter().filter(|it| it.in_sync) {
        set |= 1 << (replica.broker.0 % 64);
    }
    let isr = in_sync(partition);
    let isr = if isr.is_empty() { "none" } else { &isr };
    let under = is_under_replicated(partition);
    let class = if under { "badge warn" } else { "isr" };
    let class = [class, memory.note(id, set).class].concat();
    pen.open("tr", "");
    pen.begin("th", &[("scope", "row")]);
    pen.open("span", "cluster-line");
    pen.text("b", "", &[name]);
    pen.text("span", &class, &["ISR ", isr]);
    if partition.leader.is_none() {
        pen.text("span", "badge bad", &["offline"]);
    }
    pen.close(1);
    let (mark, epoch) = (
        partition.high_watermark.to_string(),
        partition.epoch.to_string(),
    );
    pen.text("span", "quiet", &["HW ", &mark, " · epoch ", &epoch]);
    pen.close(1);
    for broker in brokers {
        let mut replicas = partition.replicas.iter();
        let is_down = broker.state == "stopped";
        pen.open("td", if is_down { "down" } else { "" });
        if let Some(replica) = replicas.find(|it| it.broker == broker.id) {
            let role = role(partition, replica);
            let code = role
                .bytes()
                .fold(0, |sum, it| sum * 31 % 1_000_003 + u64::from(it));
            let news = memory.note(id + u64::from(broker.id.0), code);
            cell(partition, replica, role, news.class, pen);
        }
        pen.close(1);
    }
    pen.close(1);
}

fn cell(
    partition: &ReplicationView,
    replica: &ReplicaView,
    role: &str,
    news: &str,
    pen: &mut Pen<'_>,
) {
    let looks = match role {
        "leader" | "follower" | "diverged" => role,
        _ => "out",
    };
    let end = replica.end_offset.to_string();
    pen.text("span", &["replica ", looks, news].concat(), &[role]);
    pen.begin("span", &[("class", "end"), ("title", "log end offset")]);
    pen.say(&["@", &end]);
    pen.close(1);
    bar(partition, replica, looks, pen);
}

/// The end of a replica's log: what readers see is filled, what they do not see yet is not; the
/// high watermark is a tick.
fn bar(partition: &ReplicationView, replica: &ReplicaView, looks: &str, pen: &mut Pen<'_>) {
    let scale = scale(partition);
    let end = place(scale, replica.end_offset, BAR);
    let mark = place(scale, partition.high_watermark, BAR);
    let class = ["bar ", looks].concat();
    let view = [
        ("class", &*class),
        ("viewBox", "0 0 66 10"),
        ("aria-hidden", "true"),
    ];
    pen.begin("svg", &view);
    let seen = end.min(mark);
    let tick = mark.max(1) - 1;
    let parts = [
        ("seen", 0, seen, "2", "6"),
        ("unseen", seen, end - seen, "2", "6"),
        ("mark", tick, 2, "0", "10"),
    ];
    for (class, x, width, y, height) in parts {
        let (x, width) = (x.to_string(), width.to_string());
        let place = [
            ("class", class),
            ("x", &x),
            ("y", y),
            ("width", &width),
            ("height", height),
        ];
        pen.begin("rect", &place);
        pen.close(1);
    }
    pen.close(1);
}
