//! How the partitions of a group's topics are shared among its members. Pure functions.
//!
//! Kafka's `RangeAssignor`; the others take the same input, which already tells what each member
//! owns.

use headwater_base::{ConsumerId, PartitionId, TopicId};
use std::sync::Arc;

/// A way of sharing (`partition.assignment.strategy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignor {
    /// Per topic, a run of neighbouring partitions for each member.
    #[default]
    Range,
}

/// A member and what it wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// The member.
    pub consumer: ConsumerId,
    /// Its id in the group, by which members are ordered.
    pub member_id: Arc<str>,
    /// The topics it wants.
    pub topics: Vec<TopicId>,
    /// What it owned in the generation before.
    pub owned: Vec<PartitionId>,
}

/// A topic and its partitions in the order of their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicPartitions {
    /// The topic.
    pub topic: TopicId,
    /// Its partitions.
    pub partitions: Vec<PartitionId>,
}

impl Assignor {
    /// Its name in Kafka's configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Assignor::Range => "range",
        }
    }

    /// The partitions of each member, in the order of `members`.
    ///
    /// ```
    /// use headwater_base::{ConsumerId, PartitionId, TopicId};
    /// use headwater_log::{Assignor, Subscription, TopicPartitions};
    /// let member = |id: u32| Subscription {
    ///     consumer: ConsumerId(id),
    ///     member_id: format!("C{id}").into(),
    ///     topics: vec![TopicId(0)],
    ///     owned: Vec::new(),
    /// };
    /// let partitions = (0..3).map(PartitionId).collect();
    /// let t0 = TopicPartitions { topic: TopicId(0), partitions };
    /// let shared = Assignor::Range.assign(&[t0], &[member(0), member(1)]);
    /// assert_eq!(shared, [vec![PartitionId(0), PartitionId(1)], vec![PartitionId(2)]]);
    /// ```
    pub fn assign(
        self,
        topics: &[TopicPartitions],
        members: &[Subscription],
    ) -> Vec<Vec<PartitionId>> {
        match self {
            Assignor::Range => assign_ranges(topics, members),
        }
    }
}

/// Per topic: the members that want it, ordered by member id, each take the same number of
/// partitions; the first ones take one more where that does not come out even.
fn assign_ranges(topics: &[TopicPartitions], members: &[Subscription]) -> Vec<Vec<PartitionId>> {
    let mut shared = vec![Vec::new(); members.len()];
    for topic in topics {
        let wants = |at: &usize| {
            members
                .get(*at)
                .is_some_and(|m| m.topics.contains(&topic.topic))
        };
        let mut readers: Vec<usize> = (0..members.len()).filter(wants).collect();
        readers.sort_by(|a, b| members[*a].member_id.cmp(&members[*b].member_id));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn member(name: &str, topics: &[u32]) -> Subscription {
        Subscription {
            consumer: ConsumerId(0),
            member_id: name.into(),
            topics: topics.iter().copied().map(TopicId).collect(),
            owned: Vec::new(),
        }
    }

    /// Topic `id` with partitions 10 * id and on.
    fn topic(id: u32, partitions: u32) -> TopicPartitions {
        TopicPartitions {
            topic: TopicId(id),
            partitions: (0..partitions)
                .map(|number| PartitionId(10 * id + number))
                .collect(),
        }
    }

    fn range(topics: &[TopicPartitions], members: &[Subscription]) -> Vec<Vec<u32>> {
        let shared = Assignor::Range.assign(topics, members);
        shared
            .into_iter()
            .map(|of| of.into_iter().map(|p| p.0).collect())
            .collect()
    }

    #[test]
    fn the_example_of_kafkas_documentation() {
        // Two consumers C0 and C1, two topics t0 and t1 of three partitions each:
        // C0: [t0p0, t0p1, t1p0, t1p1], C1: [t0p2, t1p2].
        let members = [member("C0", &[0, 1]), member("C1", &[0, 1])];
        let shared = range(&[topic(0, 3), topic(1, 3)], &members);
        assert_eq!(shared, [vec![0, 1, 10, 11], vec![2, 12]]);
    }

    #[test]
    fn the_cases_of_kafkas_range_assignor_test() {
        assert_eq!(
            range(&[topic(0, 3)], &[member("C0", &[])]),
            [vec![]; 1] as [Vec<u32>; 1]
        );
        assert_eq!(range(&[topic(0, 3)], &[member("C0", &[0])]), [[0, 1, 2]]);
        let two = [member("C0", &[0]), member("C1", &[0])];
        assert_eq!(range(&[topic(0, 1)], &two), [vec![0], vec![]]);
        assert_eq!(range(&[topic(0, 2)], &two), [[0], [1]]);
        // Multiple consumers with mixed topics.
        let mixed = [
            member("C0", &[0]),
            member("C1", &[0, 1]),
            member("C2", &[0]),
        ];
        let shared = range(&[topic(0, 3), topic(1, 2)], &mixed);
        assert_eq!(shared, [vec![0], vec![1, 10, 11], vec![2]]);
    }

    #[test]
    fn members_are_ordered_by_their_ids_and_not_by_arrival() {
        let members = [member("b", &[0]), member("a", &[0])];
        assert_eq!(range(&[topic(0, 3)], &members), [vec![2], vec![0, 1]]);
    }
}
