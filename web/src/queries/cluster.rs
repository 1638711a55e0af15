//! Reading: what the panels of brokers, nodes and groups say, as far as it can be said without a
//! document.

use crate::model::Shown;
use crate::queries::lane_name;
use crate::ui::{Tab, Ui};
use headwater_base::ConsumerId;
use headwater_view::{GroupLagView, GroupView, LagPoint, ReaderView, ReplicaView, ReplicationView};

/// The panel under the stage: the one that was chosen, else the one that suits the lab.
pub fn pane(ui: &Ui, shown: &Shown) -> Tab {
    if ui.narrow {
        return ui.tab;
    }
    // Kafka's own topics have copies, too, but are shown only where they are asked for.
    let has_copies = shown
        .replication
        .iter()
        .any(|it| it.replicas.len() > 1 && lane_name(&shown.topics, it.partition).is_some());
    ui.strip.unwrap_or(match shown.duality.is_none() {
        _ if shown.nodes.len() > 1 => Tab::Nodes,
        _ if has_copies => Tab::Brokers,
        true if !shown.groups.is_empty() => Tab::Groups,
        _ => Tab::Duality,
    })
}

/// What a replica is to its partition, in Kafka's words.
pub fn role(partition: &ReplicationView, replica: &ReplicaView) -> &'static str {
    match replica {
        it if it.diverged => "diverged",
        it if partition.leader == Some(it.broker) && partition.available => "leader",
        it if partition.leader == Some(it.broker) => "leader, away",
        it if !it.in_sync => "out of sync",
        _ => "follower",
    }
}

/// Whether fewer replicas are in sync than there are.
pub fn is_under_replicated(partition: &ReplicationView) -> bool {
    partition.replicas.iter().any(|it| !it.in_sync)
}

/// The brokers in sync: `2,3`.
pub fn in_sync(partition: &ReplicationView) -> String {
    let mut list = String::new();
    for replica in partition.replicas.iter().filter(|it| it.in_sync) {
        if !list.is_empty() {
            list.push(',');
        }
        list.push_str(&replica.broker.to_string());
    }
    list
}

/// What the tree says aloud of a partition's replicas.
pub fn spoken(partition: &ReplicationView) -> String {
    let leader = match partition.leader {
        Some(leader) => leader.to_string(),
        None => "nobody, offline".to_owned(),
    };
    [", led by ", &leader, ", in sync ", &in_sync(partition)].concat()
}

/// The bars of a partition's replicas: which offsets the left and the right edge stand for. What
/// all have takes the left half, what they differ in the right one.
pub fn scale(partition: &ReplicationView) -> (u64, u64) {
    let ends = partition.replicas.iter().map(|it| it.end_offset);
    let (mut low, mut high) = (partition.high_watermark, partition.high_watermark);
    for end in ends {
        low = low.min(end);
        high = high.max(end);
    }
    (low.saturating_sub((high - low).max(1)), high)
}

/// Where an offset is on a scale, in parts of `width`.
pub fn place((low, high): (u64, u64), offset: u64, width: u64) -> u64 {
    let span = (high - low).max(1);
    offset.saturating_sub(low).min(span) * width / span
}

/// Who holds a partition at this moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holder<'a> {
    /// This reader reads it.
    Reads(&'a ReaderView),
    /// It is this reader's, who does not read it: who failed, or has not begun.
    Owes(Option<&'a ReaderView>),
    /// It was given up, and is nobody's until the group has shared anew.
    Nobody,
}

/// Who holds a partition of a group. The coordinator's list alone does not tell: while a group
/// rebalances, members give up partitions that are still written down as theirs.
pub fn holder<'a>(group: &GroupView, lag: &GroupLagView, readers: &'a [ReaderView]) -> Holder<'a> {
    let of = |wanted: ConsumerId| readers.iter().find(|it| it.id == wanted);
    let holds = |it: &&ReaderView| {
        let mut places = it.positions.iter();
        group.members.contains(&it.id) && places.any(|it| it.partition == lag.partition)
    };
    match (readers.iter().find(holds), lag.member) {
        (Some(reader), _) if reader.running => Holder::Reads(reader),
        (_, Some(member)) if group.state == "Stable" => Holder::Owes(of(member)),
        (Some(gone), _) => Holder::Owes(Some(gone)),
        _ => Holder::Nobody,
    }
}

/// Whether a group's members keep what stays theirs while it rebalances.
pub fn is_cooperative(group: &GroupView) -> bool {
    group.assignor.starts_with("cooperative")
}

/// A line through the points of a lag's history, in a box of `width` and `height`: the value of a
/// point is what `value` says. Empty for less than two points.
pub fn lag_line(
    history: &[LagPoint],
    (width, height): (i64, i64),
    value: fn(&LagPoint) -> i64,
) -> String {
    let most = history.iter().map(value).max().unwrap_or(0).max(1);
    let (Some(first), Some(last)) = (history.first(), history.last()) else {
        return String::new();
    };
    let span = (last.time_ms - first.time_ms).max(1);
    let mut line = String::new();
    for point in history {
        let x = (point.time_ms - first.time_ms) * width / span;
        let y = height - value(point).max(0) * height / most;
        line.push_str(if line.is_empty() { "M" } else { "L" });
        line.push_str(&x.to_string());
        line.push(' ');
        line.push_str(&y.to_string());
    }
    line
}

/// Milliseconds as seconds with a digit behind the point: `1.2 s`.
pub fn seconds(ms: i64) -> String {
    let tenths = ms.max(0) / 100;
    let mut text = (tenths / 10).to_string();
    text.push('.');
    text.push_str(&(tenths % 10).to_string());
    text.push_str(" s");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use headwater_base::{BrokerId, PartitionId, TopicId};
    use headwater_view::{ReaderPosition, ReaderState};

    fn partition(
        leader: Option<u32>,
        high_watermark: u64,
        ends: [(u64, bool); 3],
    ) -> ReplicationView {
        let replicas = ends
            .iter()
            .zip(1..)
            .map(|(&(end_offset, in_sync), broker)| ReplicaView {
                broker: BrokerId(broker),
                end_offset,
                in_sync,
                diverged: false,
            });
        ReplicationView {
            partition: PartitionId(0),
            leader: leader.map(BrokerId),
            available: leader.is_some(),
            epoch: 0,
            high_watermark,
            replicas: replicas.collect(),
        }
    }

    fn reader(id: u32, running: bool, partitions: &[u32]) -> ReaderView {
        let position = |number: &u32| ReaderPosition {
            topic: TopicId(0),
            partition: PartitionId(*number),
            number: *number,
            position: 0,
            committed: None,
            lag: 0,
        };
        ReaderView {
            id: ConsumerId(id),
            name: format!("r{id}"),
            group: Some("g".to_owned()),
            about: String::new(),
            running,
            state: ReaderState::Reading,
            delivered: 0,
            positions: partitions.iter().map(position).collect(),
        }
    }

    #[test]
    fn replicas_are_named_as_kafka_names_them() {
        let it = partition(Some(2), 48, [(50, false), (60, true), (60, true)]);
        let roles: Vec<_> = it.replicas.iter().map(|one| role(&it, one)).collect();
        assert_eq!(roles, ["out of sync", "leader", "follower"]);
        assert_eq!(in_sync(&it), "2,3");
        assert!(is_under_replicated(&it));
    }

    #[test]
    fn what_replicas_differ_in_takes_half_of_a_bar() {
        let it = partition(Some(1), 100, [(110, true), (100, true), (100, true)]);
        let scale = scale(&it);
        assert_eq!(place(scale, 100, 60), 30);
        assert_eq!(place(scale, 110, 60), 60);
        let level = partition(Some(1), 7, [(7, true); 3]);
        assert_eq!(place(super::scale(&level), 7, 60), 60);
    }

    #[test]
    fn a_partition_given_up_is_nobodys_until_the_group_is_stable() {
        let lag = |member| GroupLagView {
            topic: TopicId(0),
            partition: PartitionId(3),
            number: 3,
            member: Some(ConsumerId(member)),
            committed: None,
            end_offset: 9,
            lag: None,
            waited_ms: None,
        };
        let mut group = GroupView {
            name: "g".to_owned(),
            generation: 2,
            members: vec![ConsumerId(0), ConsumerId(1)],
            lag: 0,
            state: "PreparingRebalance".to_owned(),
            assignor: "range".to_owned(),
            partitions: Vec::new(),
            history: Vec::new(),
        };
        let readers = [reader(0, true, &[]), reader(1, false, &[3])];
        assert_eq!(holder(&group, &lag(0), &readers[..1]), Holder::Nobody);
        assert_eq!(
            holder(&group, &lag(1), &readers),
            Holder::Owes(Some(&readers[1]))
        );
        group.state = "Stable".to_owned();
        assert_eq!(
            holder(&group, &lag(0), &readers[..1]),
            Holder::Owes(Some(&readers[0]))
        );
        let reads = [reader(0, true, &[3])];
        assert_eq!(holder(&group, &lag(0), &reads), Holder::Reads(&reads[0]));
    }

    #[test]
    fn a_growing_lag_goes_up() {
        let point = |time_ms, records| LagPoint {
            time_ms,
            records,
            waited_ms: 0,
        };
        let history = [point(1000, 0), point(2000, 5), point(3000, 10)];
        let line = lag_line(&history, (100, 40), |it| it.records as i64);
        assert_eq!(line, "M0 40L50 20L100 0");
    }

    #[test]
    fn waiting_is_told_in_seconds() {
        assert_eq!(seconds(1250), "1.2 s");
        assert_eq!(seconds(-5), "0.0 s");
    }
}
