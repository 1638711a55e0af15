//! How the partitions of a group's topics are shared among its members. Pure functions.
//!
//! Kafka's four assignors of the classic protocol. `range` and `roundrobin` look at the wishes
//! only; `sticky` also looks at what members own, and `cooperative-sticky` takes its result in two
//! steps, so that nobody has to give up more than what moves.

mod simple;
mod sticky;
#[cfg(test)]
mod tests;

use headwater_base::{ConsumerId, PartitionId, TopicId, order};
use std::sync::Arc;

/// A way of sharing (`partition.assignment.strategy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assignor {
    /// Per topic, a run of neighbouring partitions for each member.
    #[default]
    Range,
    /// All partitions of all topics, one at a time to each member in turn.
    RoundRobin,
    /// As even as possible, then as close to the last assignment as possible.
    Sticky,
    /// The same, but members keep what does not move while the group rebalances.
    CooperativeSticky,
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
    /// What it owns at this moment.
    pub owned: Vec<PartitionId>,
    /// What it was last given, though it may have given that up since; for the sticky assignor.
    pub previous: Vec<PartitionId>,
    /// The generation that gave it those; of two claims the later one counts.
    pub generation: Option<u32>,
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
    /// All of them.
    pub const ALL: [Assignor; 4] = [
        Assignor::Range,
        Assignor::RoundRobin,
        Assignor::Sticky,
        Assignor::CooperativeSticky,
    ];

    /// Its name in Kafka's protocol.
    pub const fn name(self) -> &'static str {
        match self {
            Assignor::Range => "range",
            Assignor::RoundRobin => "roundrobin",
            Assignor::Sticky => "sticky",
            Assignor::CooperativeSticky => "cooperative-sticky",
        }
    }

    /// The assignor of this name.
    pub fn named(name: &str) -> Option<Assignor> {
        Assignor::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Whether members keep their partitions while the group rebalances.
    pub const fn is_cooperative(self) -> bool {
        matches!(self, Assignor::CooperativeSticky)
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
    ///     previous: Vec::new(),
    ///     generation: None,
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
            Assignor::Range => simple::assign_ranges(topics, members),
            Assignor::RoundRobin => simple::assign_round_robin(topics, members),
            Assignor::Sticky => sticky::assign(topics, members, |it| &it.previous),
            Assignor::CooperativeSticky => {
                let mut shared = sticky::assign(topics, members, |it| &it.owned);
                sticky::withhold(&mut shared, members);
                shared
            }
        }
    }
}

/// The members' places in `members`, ordered by their ids in the group.
fn ranked(members: &[Subscription]) -> Vec<usize> {
    let mut ranks: Vec<usize> = (0..members.len()).collect();
    order::sort_by(&mut ranks, |a, b| {
        members[*a].member_id.cmp(&members[*b].member_id)
    });
    ranks
}
