//! Kafka's `RangeAssignor` and `RoundRobinAssignor`: what members own does not matter to them.

use super::{Subscription, TopicPartitions, ranked};
use headwater_base::PartitionId;

/// Per topic: the members that want it, ordered by member id, each take the same number of
/// partitions; the first ones take one more where that does not come out even.
pub(super) fn assign_ranges(
    topics: &[TopicPartitions],
    members: &[Subscription],
) -> Vec<Vec<PartitionId>> {
    let mut shared = vec![Vec::new(); members.len()];
    let ranks = ranked(members);
    for topic in topics {
        let wants = |at: &usize| members[*at].topics.contains(&topic.topic);
        let readers: Vec<usize> = ranks.iter().copied().filter(wants).collect();
        let count = topic.partitions.len();
        let (each, extra) = match readers.len() {
            0 => continue,
            readers => (count / readers, count % readers),
        };
        let mut rest = topic.partitions.as_slice();
        for (rank, reader) in readers.into_iter().enumerate() {
            let (taken, after) = rest.split_at(each + usize::from(rank < extra));
            shared[reader].extend_from_slice(taken);
            rest = after;
        }
    }
    shared
}

/// The partitions of all topics in a row, the members in a circle by member id: each partition
/// goes to the next member that wants its topic.
pub(super) fn assign_round_robin(
    topics: &[TopicPartitions],
    members: &[Subscription],
) -> Vec<Vec<PartitionId>> {
    let mut shared = vec![Vec::new(); members.len()];
    let ranks = ranked(members);
    let mut turn = 0;
    for topic in topics {
        let wants = |at: usize| members[at].topics.contains(&topic.topic);
        if !ranks.iter().any(|at| wants(*at)) {
            continue;
        }
        for partition in &topic.partitions {
            while !wants(ranks[turn % ranks.len()]) {
                turn += 1;
            }
            shared[ranks[turn % ranks.len()]].push(*partition);
            turn += 1;
        }
    }
    shared
}
