//! The controller's part: brokers come and go, leaders are elected from the in-sync replicas.
//!
//! A broker that falls silent is fenced after `broker.session.timeout.ms`. It then leaves the
//! in-sync replicas of all partitions where another is left, and the first in-sync replica that
//! runs leads. Where none is left, the partition has no leader until the last one comes back:
//! there is no unclean election.

use crate::broker::{Broker, BrokerState};
use crate::client::producer_config::Acks;
use crate::cluster::Cluster;
use crate::error::LogError;
use crate::partition::Partition;
use headwater_base::limits::BROKERS_MAX;
use headwater_base::{BrokerId, PartitionId, TraceDetail, VirtualTime, order};
use std::sync::Arc;

impl Cluster {
    /// All brokers, by id.
    pub fn brokers(&self) -> impl Iterator<Item = &Broker> {
        self.brokers.iter()
    }

    /// The broker with this id.
    pub fn broker(&self, id: BrokerId) -> Result<&Broker, LogError> {
        let found = self.brokers.iter().find(|it| it.id == id);
        found.ok_or(LogError::UnknownBroker {
            broker: id.0,
            most: BROKERS_MAX,
        })
    }

    fn state(&self, id: BrokerId) -> BrokerState {
        self.broker(id).map_or(BrokerState::Stopped, |it| it.state)
    }

    fn put_state(&mut self, id: BrokerId, state: BrokerState, now: VirtualTime) {
        for broker in Arc::make_mut(&mut self.brokers) {
            if broker.id == id {
                // A broker that was silent before stays silent for the controller.
                let was_silent = broker.state != BrokerState::Running;
                if state == BrokerState::Running || !was_silent {
                    broker.since = now;
                }
                broker.is_fenced &= state != BrokerState::Running;
                broker.state = state;
            }
        }
    }

    /// Stops or isolates a broker at once; the controller will notice later.
    pub fn break_broker(
        &mut self,
        id: BrokerId,
        state: BrokerState,
        now: VirtualTime,
    ) -> Result<(), LogError> {
        let broker = self.broker(id)?;
        if broker.state == state || broker.state == BrokerState::Stopped {
            return Err(LogError::BrokerAlready {
                broker: id.0,
                state: broker.state.name(),
            });
        }
        self.put_state(id, state, now);
        Ok(())
    }

    /// Starts a broker again, heals its links, or adds it where it was not there yet. Partitions
    /// that wait for it have a leader again.
    pub fn start_broker(
        &mut self,
        id: BrokerId,
        now: VirtualTime,
        notes: &mut Vec<TraceDetail>,
    ) -> Result<(), LogError> {
        if id.0 == 0 || id.0 > u32::from(BROKERS_MAX) {
            return Err(LogError::UnknownBroker {
                broker: id.0,
                most: BROKERS_MAX,
            });
        }
        match self.broker(id).map(|it| it.state) {
            Ok(BrokerState::Running) => {
                return Err(LogError::BrokerAlready {
                    broker: id.0,
                    state: BrokerState::Running.name(),
                });
            }
            Ok(_) => self.put_state(id, BrokerState::Running, now),
            Err(_) => {
                let brokers = Arc::make_mut(&mut self.brokers);
                brokers.push(Broker::new(id));
                order::sort_by_key(brokers, |it| it.id);
            }
        }
        for at in 0..self.partition_places() {
            self.elect(PartitionId(at), now, notes);
        }
        Ok(())
    }

    /// When [`Cluster::tick`] has something to do next.
    pub fn next_deadline(&self) -> Option<VirtualTime> {
        let timeout = self.config.broker_session_timeout;
        let due = self.brokers.iter().filter_map(|it| it.fenced_at(timeout));
        due.min()
    }

    /// The controller fences brokers that it has not heard of for too long.
    pub fn tick(&mut self, now: VirtualTime, notes: &mut Vec<TraceDetail>) {
        let timeout = self.config.broker_session_timeout;
        let due = |it: &&Broker| it.fenced_at(timeout).is_some_and(|at| at <= now);
        let silent: Vec<BrokerId> = self.brokers.iter().filter(due).map(|it| it.id).collect();
        for id in silent {
            for broker in Arc::make_mut(&mut self.brokers) {
                broker.is_fenced |= broker.id == id;
            }
            for at in 0..self.partition_places() {
                self.fence(PartitionId(at), id, now, notes);
            }
        }
    }

    /// A broker no longer counts for a partition, where another one is left.
    fn fence(
        &mut self,
        id: PartitionId,
        broker: BrokerId,
        now: VirtualTime,
        notes: &mut Vec<TraceDetail>,
    ) {
        let Ok(log) = self.partition(id) else { return };
        if log.replication().replica(broker).is_none() {
            return;
        }
        let others_in_sync = log.replication().in_sync_count() > 1;
        let log = self.partition_mut(id);
        let replicas = &mut log.replication.replicas;
        for replica in replicas.iter_mut().filter(|it| it.broker == broker) {
            if replica.in_sync && others_in_sync {
                replica.in_sync = false;
                notes.push(TraceDetail::InSyncChanged {
                    partition: id,
                    broker,
                    in_sync: false,
                });
            }
        }
        log.note_high_watermark(notes);
        self.elect(id, now, notes);
    }

    /// Gives a partition a leader that is not fenced, if its own is, or says that it has none.
    fn elect(&mut self, id: PartitionId, now: VirtualTime, notes: &mut Vec<TraceDetail>) {
        let Ok(log) = self.partition(id) else { return };
        let replication = log.replication();
        let is_fenced = |it: BrokerId| self.broker(it).map_or(true, |it| it.is_fenced);
        if replication.leader.is_some_and(|it| !is_fenced(it)) {
            return;
        }
        let can_lead = |it: &BrokerId| !is_fenced(*it) && self.state(*it) == BrokerState::Running;
        let in_sync = replication.replicas.iter().filter(|it| it.in_sync);
        let next = in_sync.map(|it| it.broker).find(can_lead);
        if next.is_none() && replication.leader.is_none() {
            return;
        }
        let log = self.partition_mut(id);
        match next {
            Some(broker) => log.lead(broker, now),
            None => {
                log.resign();
            }
        }
        let epoch = log.replication.epoch;
        notes.push(TraceDetail::LeaderElected {
            partition: id,
            broker: next.unwrap_or(BrokerId(0)),
            epoch,
        });
        log.note_high_watermark(notes);
    }

    /// Makes the preferred leader of a partition, its first replica, lead again, as Kafka's
    /// `PREFERRED` election.
    ///
    /// # Errors
    /// Where it leads already, or cannot, since it is down, cut off or not in sync.
    pub fn elect_preferred(
        &mut self,
        id: PartitionId,
        now: VirtualTime,
        notes: &mut Vec<TraceDetail>,
    ) -> Result<BrokerId, LogError> {
        let partition = id;
        let replication = self.partition(id)?.replication();
        let preferred = replication.replicas.first();
        let preferred = preferred.ok_or(LogError::PreferredLeaderNotAvailable { partition })?;
        let (broker, in_sync) = (preferred.broker, preferred.in_sync);
        if replication.leader == Some(broker) {
            return Err(LogError::ElectionNotNeeded { partition });
        }
        let is_fenced = self.broker(broker)?.is_fenced;
        if !in_sync || is_fenced || self.state(broker) != BrokerState::Running {
            return Err(LogError::PreferredLeaderNotAvailable { partition });
        }
        let log = self.partition_mut(id);
        log.lead(broker, now);
        notes.push(TraceDetail::LeaderElected {
            partition,
            broker,
            epoch: log.replication.epoch,
        });
        log.note_high_watermark(notes);
        Ok(broker)
    }

    /// The followers of a partition fetch once. Tells whether they have to fetch again.
    pub fn replicate(
        &mut self,
        id: PartitionId,
        now: VirtualTime,
        notes: &mut Vec<TraceDetail>,
    ) -> bool {
        if self.partition(id).is_err() {
            return false;
        }
        let brokers = self.brokers.clone();
        let reaches = |id: BrokerId| {
            let mut brokers = brokers.iter();
            brokers.any(|it| it.id == id && it.state == BrokerState::Running)
        };
        let lag_max = self.config.replica_lag_time_max;
        let log = self.partition_mut(id);
        let has_more = log.replicate(reaches, now, notes);
        if log.replication.leader.is_some_and(reaches) {
            log.drop_laggards(lag_max, now, notes);
        }
        has_more
    }

    /// Whether clients reach the leader of a partition.
    pub fn is_available(&self, id: PartitionId) -> bool {
        let leader = self.partition(id).ok().and_then(|it| it.replication.leader);
        leader.is_some_and(|it| self.state(it) != BrokerState::Stopped)
    }

    /// Whether the leader of a partition takes records now from a producer with these `acks`.
    pub fn takes(&self, id: PartitionId, acks: Acks) -> bool {
        let Ok(log) = self.partition(id) else {
            return true;
        };
        let least = self.topic(log.topic());
        let least = least.map_or(1, |it| it.config.min_insync_replicas);
        let in_sync = log.replication().in_sync_count();
        self.is_available(id) && (acks != Acks::All || in_sync >= least)
    }
}

impl Partition {
    /// Nobody leads any more; the last leader has what the partition has.
    fn resign(&mut self) {
        let end = self.end_offset();
        let leader = self.replication.leader.take();
        for replica in &mut self.replication.replicas {
            if Some(replica.broker) == leader {
                replica.end = end;
            }
        }
    }
}
