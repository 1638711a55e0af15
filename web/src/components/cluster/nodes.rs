//! ksqlDB nodes, each with the tasks it runs, the stores it restores and the copies it keeps.

use super::news::Memory;
use super::pen::Pen;
use super::{ClusterProps, ROWS_MAX};
use crate::queries::count_text;
use headwater_view::{NodeState, NodeTaskState, NodeTaskView, NodeView};

/// The whole panel: nodes by the cluster they belong to.
pub(super) fn panel(props: &ClusterProps, pen: &mut Pen<'_>, memory: &mut Memory) {
    let nodes = &*props.nodes;
    let mut clusters: Vec<&str> = Vec::new();
    for node in nodes {
        if !clusters.contains(&node.cluster.as_str()) {
            clusters.push(&node.cluster);
        }
    }
    let several = clusters.len() > 1;
    for cluster in clusters {
        if several {
            pen.text("h2", "cluster-name", &["cluster ", cluster]);
        }
        pen.open("ul", "nodes");
        let of_cluster = nodes.iter().filter(|it| it.cluster == cluster);
        for node in of_cluster.clone() {
            card(node, several, pen, memory);
        }
        pen.close(1);
        let names = of_cluster.filter_map(|it| it.name.parse::<u32>().ok());
        let next = (names.max().unwrap_or(0) + 1).to_string();
        let create = ["node create ", &*next, " cluster=", cluster];
        let words = if several { create.len() } else { 2 };
        pen.button("Add node", &next, &create[..words]);
    }
    if nodes.len() < 2 {
        pen.hint(
            "One node runs all tasks of all queries. ",
            "node create 2",
            " adds another one, and they share them.",
        );
    }
}

fn card(node: &NodeView, is_told_of: bool, pen: &mut Pen<'_>, memory: &mut Memory) {
    let (state, class) = match node.state {
        NodeState::Running => ("running", "badge good"),
        NodeState::Stopped => ("stopped", "badge warn"),
        NodeState::Killed => ("killed", "badge bad"),
    };
    let is_up = node.state == NodeState::Running;
    let key = u64::from(node.id.0) << 48;
    let news = memory.note(key, node.state as u64);
    let of = if is_told_of { " of " } else { "" };
    let cluster = if is_told_of {
        node.cluster.as_str()
    } else {
        ""
    };
    let name = ["node ", &node.name, of, cluster].concat();
    let class_of_card = if is_up { "node" } else { "node down" };
    pen.begin("li", &[("class", class_of_card), ("aria-label", &name)]);
    pen.open("div", "cluster-line");
    pen.text("b", "", &["Node ", &node.name]);
    pen.text("span", &[class, news.class].concat(), &[state]);
    pen.text("span", "grow", &[]);
    let key_of_cluster = if is_told_of { " cluster=" } else { "" };
    let mut does = |label, verb| {
        let command = ["node ", verb, " ", &node.name, key_of_cluster, cluster];
        pen.button(label, &name, &command);
    };
    if is_up {
        does("Kill", "kill");
        does("Stop", "stop");
    } else {
        does("Start", "start");
    }
    pen.close(1);
    if node.tasks.is_empty() {
        pen.text("p", "quiet", &["no tasks"]);
    }
    let mut queries = Vec::new();
    for task in node.tasks.iter().take(ROWS_MAX) {
        if queries.contains(&task.query) {
            continue;
        }
        queries.push(task.query);
        pen.text("p", "query-name mono", &[&task.query_name]);
        pen.open("ul", "tasks");
        let of_query = node.tasks.iter().filter(|it| it.query == task.query);
        for task in of_query.take(ROWS_MAX) {
            chip(task, key, pen, memory);
        }
        pen.close(1);
    }
    pen.close(1);
}

/// A task: its id, how it is, and how far behind.
fn chip(task: &NodeTaskView, node: u64, pen: &mut Pen<'_>, memory: &mut Memory) {
    let (state, looks) = match task.state {
        NodeTaskState::Running => ("active", "task active"),
        NodeTaskState::Restoring => ("restoring", "task restoring"),
        NodeTaskState::Standby => ("standby", "task standby"),
        NodeTaskState::WarmingUp => ("warming up", "task restoring"),
        NodeTaskState::Orphaned => ("orphaned", "task orphaned"),
    };
    let number = task
        .id
        .bytes()
        .fold(0, |sum: u64, it| (sum * 16 + u64::from(it)) & 0xFFFF_FFFF);
    let key = node + (u64::from(task.query.0) << 32) + number + 1;
    let news = memory.note(key, task.state as u64);
    pen.open("li", &[looks, news.class].concat());
    pen.text("b", "mono", &[&task.id]);
    pen.text("span", "", &[state]);
    let total = count_text(task.total);
    if looks == "task restoring" {
        let done = task.total.saturating_sub(task.lag);
        pen.text("span", "task-lag", &[&count_text(done), " of ", &total]);
        let (done, total) = (done.to_string(), task.total.max(1).to_string());
        pen.begin(
            "progress",
            &[
                ("value", &done),
                ("max", &total),
                ("aria-label", "restored"),
            ],
        );
        pen.close(1);
    } else if task.lag > 0 {
        pen.text("span", "task-lag", &[&count_text(task.lag), " behind"]);
    }
    pen.close(1);
}
