//! Members and partitions in the coordinator's memory, where topics have names and not ids.

use crate::client::assignor::{Assignor, Subscription};
use crate::client::coordinator::Terms;
use crate::client::group::Member;
use crate::client::offsets_codec::{MemberValue, NamedPartitions};
use crate::cluster::Cluster;
use headwater_base::{ConsumerId, Millis, PartitionId, SortedMap, VirtualTime};
use std::sync::Arc;

pub(crate) fn named(partition: PartitionId, cluster: &Cluster) -> Option<(String, u32)> {
    let log = cluster.partition(partition).ok()?;
    let topic = cluster.topic(log.topic()).ok()?;
    Some((topic.name.to_string(), log.number()))
}

fn named_partitions(partitions: &[PartitionId], cluster: &Cluster) -> NamedPartitions {
    let mut topics: SortedMap<String, Vec<u32>> = SortedMap::new();
    for (topic, number) in partitions.iter().filter_map(|it| named(*it, cluster)) {
        topics.entry(topic).or_default().push(number);
    }
    topics.into_iter().collect()
}

fn partition_ids(named: &NamedPartitions, cluster: &Cluster) -> Vec<PartitionId> {
    let found = named.iter().flat_map(|(topic, numbers)| {
        let topic = cluster.find(topic);
        let ids = numbers.iter();
        ids.filter_map(move |number| topic.and_then(|it| it.partition(*number).ok()))
    });
    found.collect()
}

pub(crate) fn member_value(member: &Member, cluster: &Cluster) -> MemberValue {
    let wanted = &member.subscription;
    let topics = wanted
        .topics
        .iter()
        .filter_map(|it| cluster.topic(*it).ok());
    MemberValue {
        member_id: wanted.member_id.to_string(),
        client_id: member.client_id.to_string(),
        rebalance_timeout_ms: member.terms.rebalance_timeout.0,
        session_timeout_ms: member.terms.session_timeout.0,
        topics: topics.map(|it| it.name.to_string()).collect(),
        owned: named_partitions(&wanted.owned, cluster),
        owned_generation: wanted.generation,
        assigned: named_partitions(&member.assigned, cluster),
    }
}

pub(crate) fn recalled_member(
    value: &MemberValue,
    assignor: Assignor,
    cluster: &Cluster,
    now: VirtualTime,
) -> Option<Member> {
    let number = value.member_id.rsplit_once('-')?.1;
    let topics = value.topics.iter().filter_map(|it| cluster.find(it));
    let session_timeout = Millis(value.session_timeout_ms);
    let assigned = partition_ids(&value.assigned, cluster);
    Some(Member {
        subscription: Subscription {
            consumer: ConsumerId(number.parse().ok()?),
            member_id: Arc::from(value.member_id.as_str()),
            topics: topics.map(|it| it.id).collect(),
            owned: partition_ids(&value.owned, cluster),
            previous: assigned.clone(),
            generation: value.owned_generation,
        },
        client_id: Arc::from(value.client_id.as_str()),
        terms: Terms {
            assignors: vec![assignor],
            session_timeout,
            rebalance_timeout: Millis(value.rebalance_timeout_ms),
        },
        assigned,
        session_until: now + session_timeout,
        has_joined: false,
        awaits_answer: false,
    })
}
