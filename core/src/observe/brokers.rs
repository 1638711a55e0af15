//! Brokers and replicas as the page shows them.

use crate::world::World;
use headwater_base::BrokerId;
use headwater_log::{Broker, Partition};
use headwater_view::{BrokerView, ReplicaView, ReplicationView};

/// All brokers.
pub(super) fn brokers(world: &World) -> Vec<BrokerView> {
    let brokers = world.cluster().brokers();
    brokers.map(|it| broker(world, it)).collect()
}

fn broker(world: &World, broker: &Broker) -> BrokerView {
    let mut view = BrokerView {
        id: broker.id,
        state: broker.state.name().to_owned(),
        fenced: broker.is_fenced,
        leads: 0,
        replicas: 0,
        in_sync: 0,
    };
    for log in world.cluster().partitions() {
        let replication = log.replication();
        if let Some(replica) = replication.replica(broker.id) {
            view.replicas += 1;
            view.in_sync += u32::from(replica.in_sync);
            view.leads += u32::from(replication.leader == Some(broker.id));
        }
    }
    view
}

/// Partitions with more than one replica, and those that nobody leads.
pub(super) fn replication(world: &World) -> Vec<ReplicationView> {
    let is_shown = |log: &&Partition| {
        log.replication().replicas.len() > 1 || !world.cluster().is_available(log.id())
    };
    let logs = world.cluster().partitions().filter(is_shown);
    logs.map(|log| partition(world, log)).collect()
}

fn partition(world: &World, log: &Partition) -> ReplicationView {
    let replication = log.replication();
    let end = |broker: BrokerId| log.replica_end(broker).unwrap_or_default();
    let replicas = replication.replicas.iter().map(|it| ReplicaView {
        broker: it.broker,
        end_offset: end(it.broker),
        in_sync: it.in_sync,
        diverged: it.has_diverged(),
    });
    ReplicationView {
        partition: log.id(),
        leader: replication.leader,
        available: world.cluster().is_available(log.id()),
        epoch: replication.epoch,
        high_watermark: log.high_watermark(),
        replicas: replicas.collect(),
    }
}
