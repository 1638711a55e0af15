//! ksqlDB nodes, each with the tasks it runs, the stores it restores and the copies it keeps.

use super::element::{button, element, hint, text, with};
use super::news::Memory;
use super::{ClusterProps, ROWS_MAX};
use crate::lab::Lab;
use crate::queries::count_text;
use headwater_view::{NodeState, NodeTaskState, NodeTaskView, NodeView};
use yew::prelude::*;

/// The whole panel: nodes by the cluster they belong to.
pub(super) fn panel(props: &ClusterProps, memory: &mut Memory) -> Html {
    let nodes = &*props.nodes;
    let mut clusters: Vec<&str> = Vec::new();
    for node in nodes.iter() {
        if !clusters.contains(&node.cluster.as_str()) {
            clusters.push(&node.cluster);
        }
    }
    let mut parts = Vec::new();
    for cluster in &clusters {
        if clusters.len() > 1 {
            parts.push(text("h3", "cluster-name", &["cluster ", cluster].concat()));
        }
        let of_cluster = nodes.iter().filter(|it| it.cluster == *cluster);
        let cards = of_cluster.map(|it| card(&props.lab, it, clusters.len() > 1, memory));
        parts.push(element("ul", "nodes", cards.collect()));
    }
    if nodes.len() < 2 {
        parts.push(hint(
            "One node runs all tasks of all queries. ",
            "node create 2",
            " adds another one, and they share them.",
        ));
    }
    element("div", "", parts)
}

fn card(lab: &Lab, node: &NodeView, is_named: bool, memory: &mut Memory) -> Html {
    let (state, class) = match node.state {
        NodeState::Running => ("running", "badge good"),
        NodeState::Stopped => ("stopped", "badge warn"),
        NodeState::Killed => ("killed", "badge bad"),
    };
    let key = u64::from(node.id.0) << 48;
    let news = memory.note(key, node.state as u64);
    let what = ["node ", &node.name].concat();
    let does = |label, verb: &str| {
        let mut command = ["node ", verb, " ", &node.name].concat();
        if is_named {
            command.push_str(" cluster=");
            command.push_str(&node.cluster);
        }
        button(lab, label, &what, command)
    };
    let mut head = vec![
        text("b", "", &["Node ", &node.name].concat()),
        text("span", &[class, news.class].concat(), state),
        text("span", "grow", ""),
    ];
    head.extend(match node.state {
        NodeState::Running => vec![does("Kill", "kill"), does("Stop", "stop")],
        NodeState::Stopped | NodeState::Killed => vec![does("Start", "start")],
    });
    let mut parts = vec![element("div", "cluster-line", head)];
    if node.tasks.is_empty() {
        parts.push(text("p", "quiet", "no tasks"));
    }
    let mut queries: Vec<&str> = Vec::new();
    for task in node.tasks.iter().take(ROWS_MAX) {
        if queries.contains(&task.query_name.as_str()) {
            continue;
        }
        queries.push(&task.query_name);
        let of_query = node.tasks.iter().filter(|it| it.query == task.query);
        let tasks = of_query.take(ROWS_MAX).map(|it| chip(it, key, memory));
        let tasks = tasks.collect();
        parts.push(text("p", "query-name mono", &task.query_name));
        parts.push(element("ul", "tasks", tasks));
    }
    let class = match node.state {
        NodeState::Running => "node",
        NodeState::Stopped | NodeState::Killed => "node down",
    };
    with("li", &[("class", class), ("aria-label", &what)], parts)
}

/// A task: its id, how it is, and how far behind.
fn chip(task: &NodeTaskView, node: u64, memory: &mut Memory) -> Html {
    let (state, looks) = match task.state {
        NodeTaskState::Running => ("active", "task active"),
        NodeTaskState::Restoring => ("restoring", "task restoring"),
        NodeTaskState::Standby => ("standby", "task standby"),
        NodeTaskState::Orphaned => ("orphaned", "task orphaned"),
    };
    let number = task
        .id
        .bytes()
        .fold(0, |sum: u64, it| (sum * 16 + u64::from(it)) & 0xFFFF_FFFF);
    let key = node + (u64::from(task.query.0) << 32) + number + 1;
    let news = memory.note(key, task.state as u64);
    let lag = match (task.state, task.lag) {
        (NodeTaskState::Restoring, lag) => {
            let done = count_text(task.total.saturating_sub(lag));
            [&done, " of ", &count_text(task.total)].concat()
        }
        (_, 0) => String::new(),
        (_, lag) => [&count_text(lag), " behind"].concat(),
    };
    let mut parts = vec![text("b", "mono", &task.id), text("span", "", state)];
    if !lag.is_empty() {
        parts.push(text("span", "task-lag", &lag));
    }
    if task.state == NodeTaskState::Restoring {
        let (value, most) = (task.total.saturating_sub(task.lag), task.total.max(1));
        let (value, most) = (value.to_string(), most.to_string());
        let bar = [
            ("value", value.as_str()),
            ("max", &most),
            ("aria-label", "restored"),
        ];
        parts.push(with("progress", &bar, Vec::new()));
    }
    element("li", &[looks, news.class].concat(), parts)
}
