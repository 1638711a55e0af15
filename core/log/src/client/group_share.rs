//! How a group shares: by which assignor, which topics, and how far its members are behind.
//!
//! When it shares is in `group`.

use crate::client::assignor::{Assignor, Subscription, TopicPartitions};
use crate::client::group::Group;
use crate::client::offsets::PartitionLag;
use crate::cluster::Cluster;
use headwater_base::{ConsumerId, PartitionId, TopicId, VirtualTime, order};

impl Group {
    /// How far it is behind, on each partition that it reads or has committed for.
    pub fn lag(&self, cluster: &Cluster, now: VirtualTime) -> Vec<PartitionLag> {
        let assigned = self.members.values().flat_map(|member| &member.assigned);
        let mut partitions: Vec<PartitionId> =
            assigned.chain(self.offsets.keys()).copied().collect();
        order::sort(&mut partitions);
        partitions.dedup();
        let known = partitions
            .into_iter()
            .filter_map(|id| cluster.partition(id).ok());
        known
            .map(|log| {
                let committed = self.committed(log.id()).map(|committed| committed.offset);
                PartitionLag::of(log, committed, now)
            })
            .collect()
    }

    /// The member that reads a partition in the present generation.
    pub fn owner(&self, partition: PartitionId) -> Option<ConsumerId> {
        let mut members = self.members.iter();
        let found = members.find(|(_, member)| member.assigned.contains(&partition));
        found.map(|(consumer, _)| *consumer)
    }

    /// The assignors that all members know, `more` included, in the order of [`Assignor::ALL`].
    pub(crate) fn common_assignors(&self, more: &[Assignor]) -> Vec<Assignor> {
        let all = Assignor::ALL.into_iter();
        all.filter(|it| {
            let mut lists = self.members.values().map(|member| &member.terms.assignors);
            lists.all(|list| list.contains(it)) && (more.is_empty() || more.contains(it))
        })
        .collect()
    }

    /// Of the assignors that all know, the one that most members prefer; of equals, the first.
    pub(super) fn chosen_assignor(&self) -> Assignor {
        let common = self.common_assignors(&[]);
        let votes = |wanted: &Assignor| {
            let votes = self.members.values().filter(|member| {
                let mut known = member
                    .terms
                    .assignors
                    .iter()
                    .filter(|it| common.contains(it));
                known.next() == Some(wanted)
            });
            votes.count()
        };
        let best = common.iter().rev().max_by_key(|it| votes(it));
        best.copied().unwrap_or_default()
    }
}

/// The topics that any member wants, in the order of their names.
pub(super) fn wanted_topics(members: &[Subscription], cluster: &Cluster) -> Vec<TopicPartitions> {
    let wanted = |id: &TopicId| members.iter().any(|member| member.topics.contains(id));
    let topics = cluster.topics().filter(|topic| wanted(&topic.id));
    topics
        .map(|topic| TopicPartitions {
            topic: topic.id,
            partitions: topic.partitions.clone(),
        })
        .collect()
}
