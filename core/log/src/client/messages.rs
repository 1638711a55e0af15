//! What consumers tell the coordinator of their groups, and what it tells them: the requests and
//! answers of Kafka's group protocol.

use crate::client::assignor::Assignor;
use crate::client::settings::ConsumerConfig;
use headwater_base::{ConsumerId, GroupId, Millis, PartitionId, RebalanceReason, TopicId};
use std::sync::Arc;

/// What a coordinator is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupInput {
    /// A consumer joins, or joins again.
    Join {
        /// The group.
        group: GroupId,
        /// The consumer.
        consumer: ConsumerId,
        /// What its member id begins with.
        client_id: Arc<str>,
        /// The topics it wants.
        topics: Vec<TopicId>,
        /// The partitions it has not given up.
        owned: Vec<PartitionId>,
        /// The partitions it was last given.
        previous: Vec<PartitionId>,
        /// The generation that gave it those.
        generation: Option<u32>,
        /// On which terms it joins.
        terms: Terms,
    },
    /// A member is alive.
    Heartbeat {
        /// The group.
        group: GroupId,
        /// The member.
        consumer: ConsumerId,
        /// The generation it is in; `None` while it joins.
        generation: Option<u32>,
    },
    /// A member leaves.
    Leave {
        /// The group.
        group: GroupId,
        /// The member.
        consumer: ConsumerId,
        /// Why: it was closed, or it has not polled for `max.poll.interval.ms`.
        reason: RebalanceReason,
    },
    /// Someone commits.
    Commit {
        /// The group.
        group: GroupId,
        /// Who commits.
        consumer: ConsumerId,
        /// The generation of the member; `None` for a consumer that is not a member.
        generation: Option<u32>,
        /// The next offsets to read.
        offsets: Vec<(PartitionId, u64)>,
    },
    /// A topic has other partitions than before, or is gone.
    TopicChanged {
        /// The topic.
        topic: TopicId,
    },
}

impl GroupInput {
    /// Whether `later` is a commit like this one, whose offsets now stand here in place of the
    /// ones before.
    pub fn takes_up(&mut self, later: &GroupInput) -> bool {
        let (
            GroupInput::Commit {
                group,
                consumer,
                generation,
                offsets,
            },
            GroupInput::Commit {
                group: other_group,
                consumer: other_consumer,
                generation: other_generation,
                offsets: newer,
            },
        ) = (self, later)
        else {
            return false;
        };
        let is_like =
            (*group, *consumer, *generation) == (*other_group, *other_consumer, *other_generation);
        if is_like {
            offsets.retain(|(partition, _)| newer.iter().all(|(other, _)| other != partition));
            offsets.extend(newer);
        }
        is_like
    }
}

/// The terms of a membership, as the consumer's configuration sets them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// `partition.assignment.strategy`, the preferred one first.
    pub assignors: Vec<Assignor>,
    /// `session.timeout.ms`.
    pub session_timeout: Millis,
    /// `max.poll.interval.ms`: how long a rebalance waits for the member.
    pub rebalance_timeout: Millis,
}

impl Default for Terms {
    fn default() -> Terms {
        ConsumerConfig::default().terms()
    }
}

/// What a coordinator tells a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupMessage {
    /// The group rebalances: join again. Kafka's REBALANCE_IN_PROGRESS.
    Rejoin {
        /// The member.
        consumer: ConsumerId,
    },
    /// The group knows nothing of it any more: Kafka's UNKNOWN_MEMBER_ID.
    Expelled {
        /// Who was a member.
        consumer: ConsumerId,
    },
    /// A new generation.
    Assigned(Assignment),
}

/// What a member has in a generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The member.
    pub consumer: ConsumerId,
    /// The group.
    pub group: GroupId,
    /// The generation.
    pub generation: u32,
    /// Its partitions, each with the group's committed offset.
    pub partitions: Vec<(PartitionId, Option<u64>)>,
}
