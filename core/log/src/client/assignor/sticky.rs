//! Kafka's `StickyAssignor` and `CooperativeStickyAssignor`: even first, then as little moves as
//! possible.
//!
//! Members keep what they own. What nobody owns goes to whoever has least; then a partition moves
//! from a member to one that has at least two fewer, until no such move is left. Where all members
//! want the same topics, no assignment that is as even moves less.

use super::{Subscription, TopicPartitions, ranked};
use headwater_base::{PartitionId, SortedMap, order};

struct Sharing<'a> {
    members: &'a [Subscription],
    ranks: Vec<usize>,
    /// Which members may have a partition, as places in `members`, by rank; in the order in which
    /// partitions are looked at.
    eligible: Vec<(PartitionId, Vec<usize>)>,
    order: SortedMap<PartitionId, usize>,
    shared: Vec<Vec<PartitionId>>,
}

/// The partitions of each member, in the order of `members`; each keeps what it can of `claims`.
pub(super) fn assign(
    topics: &[TopicPartitions],
    members: &[Subscription],
    claims: fn(&Subscription) -> &[PartitionId],
) -> Vec<Vec<PartitionId>> {
    let ranks = ranked(members);
    let mut eligible = Vec::new();
    for topic in topics {
        let wants = |at: &usize| members[*at].topics.contains(&topic.topic);
        let readers: Vec<usize> = ranks.iter().copied().filter(wants).collect();
        if !readers.is_empty() {
            eligible.extend(topic.partitions.iter().map(|it| (*it, readers.clone())));
        }
    }
    let places = eligible.iter().enumerate();
    let mut sharing = Sharing {
        members,
        ranks,
        order: places
            .map(|(at, (partition, _))| (*partition, at))
            .collect(),
        eligible,
        shared: vec![Vec::new(); members.len()],
    };
    sharing.keep_owned(claims);
    sharing.share_rest();
    while sharing.move_one() {}
    let Sharing {
        mut shared, order, ..
    } = sharing;
    for of in &mut shared {
        order::sort_by_key(of, |partition| order.get(partition));
    }
    shared
}

impl Sharing<'_> {
    /// Each member keeps what it owns and still wants. Of two that claim a partition, the one of
    /// the later generation has it; of one generation, neither.
    fn keep_owned(&mut self, claimed: fn(&Subscription) -> &[PartitionId]) {
        let mut claims: SortedMap<PartitionId, (Option<u32>, Option<usize>)> = SortedMap::new();
        for &at in &self.ranks {
            let member = &self.members[at];
            for partition in claimed(member) {
                let claim = (member.generation, Some(at));
                let held = claims.entry(*partition).or_insert(claim);
                if held.1 == Some(at) {
                    continue;
                }
                if held.0 < claim.0 {
                    *held = claim;
                } else if held.0 == claim.0 {
                    held.1 = None;
                }
            }
        }
        for (partition, readers) in &self.eligible {
            let owner = claims.get(partition).and_then(|claim| claim.1);
            if let Some(at) = owner.filter(|at| readers.contains(at)) {
                self.shared[at].push(*partition);
            }
        }
    }

    fn share_rest(&mut self) {
        let kept: Vec<PartitionId> = self.shared.iter().flatten().copied().collect();
        let kept: headwater_base::SortedSet<PartitionId> = kept.into_iter().collect();
        for (partition, readers) in &self.eligible {
            if kept.contains(partition) {
                continue;
            }
            let least = readers.iter().min_by_key(|at| self.shared[**at].len());
            if let Some(at) = least {
                self.shared[*at].push(*partition);
            }
        }
    }

    /// Makes the move that evens out most; false if none does.
    fn move_one(&mut self) -> bool {
        let mut best: Option<(usize, usize, usize, PartitionId)> = None;
        // From those that have most, their last partitions first.
        for &from in &self.ranks {
            let load = self.shared[from].len();
            for partition in self.shared[from].iter().rev() {
                let Some(place) = self.order.get(partition) else {
                    continue;
                };
                let readers = &self.eligible[*place].1;
                let least = readers.iter().min_by_key(|at| self.shared[**at].len());
                let Some(&to) = least else { continue };
                let gain = load.saturating_sub(self.shared[to].len());
                if gain >= 2 && best.is_none_or(|best| best.0 < gain) {
                    best = Some((gain, from, to, *partition));
                }
            }
        }
        let Some((_, from, to, partition)) = best else {
            return false;
        };
        self.shared[from].retain(|it| *it != partition);
        self.shared[to].push(partition);
        true
    }
}

/// Takes away what another member still owns: it is given only once that one has let it go, in the
/// rebalance that follows.
pub(super) fn withhold(shared: &mut [Vec<PartitionId>], members: &[Subscription]) {
    for (at, of) in shared.iter_mut().enumerate() {
        of.retain(|partition| {
            let owns = |(other, member): (usize, &Subscription)| {
                other != at && member.owned.contains(partition)
            };
            !members.iter().enumerate().any(owns)
        });
    }
}
