//! Brokers in the simulation: they stop, start and are cut off; followers fetch; the controller
//! notices what is gone.
//!
//! What that does to logs is in `headwater_log`; here is when it happens and who is told.

use crate::observe::text;
use crate::world::{Message, TaskAddress, World};
use headwater_base::{BrokerId, Diagnostic, Millis, PartitionId, SortedMap, TraceDetail};
use headwater_log::{Acks, BrokerState, Groups, LogError};
use headwater_sql::plan::TopicRole;

/// How long a client waits before it tries again (`retry.backoff.ms`).
pub(super) const RETRY: Millis = Millis(100);
/// How long a follower's fetch takes.
const REPLICA_FETCH_DELAY: Millis = Millis(2);

impl World {
    pub(super) fn break_broker(
        &mut self,
        id: u32,
        state: BrokerState,
    ) -> Result<String, Diagnostic> {
        let broker = BrokerId(id);
        self.cluster
            .break_broker(broker, state, self.now)
            .map_err(|it| it.to_diagnostic())?;
        self.note(match state {
            BrokerState::Isolated => TraceDetail::BrokerIsolated { broker },
            _ => TraceDetail::BrokerStopped { broker },
        });
        self.plan_controller();
        Ok(format!("Broker {id} is {}.", state.name()))
    }

    pub(super) fn start_broker(&mut self, id: u32) -> Result<String, Diagnostic> {
        let broker = BrokerId(id);
        let mut notes = Vec::new();
        self.cluster
            .start_broker(broker, self.now, &mut notes)
            .map_err(|it| it.to_diagnostic())?;
        self.note(TraceDetail::BrokerStarted { broker });
        self.tell(notes);
        // Its replicas fetch what they missed, and those fetch again that it leads; who waited for
        // it goes on.
        let logs = self.cluster.partitions();
        let logs = logs.filter(|it| it.replication().replica(broker).is_some());
        let ids: Vec<PartitionId> = logs.map(|it| it.id()).collect();
        for partition in ids {
            self.call_followers(partition);
            self.call_readers(partition);
        }
        self.plan_controller();
        Ok(format!("Broker {id} is running."))
    }

    pub(super) fn alter_brokers(
        &mut self,
        changes: &SortedMap<String, String>,
    ) -> Result<String, Diagnostic> {
        let mut config = self.cluster.config;
        for (name, value) in changes {
            config.set(name, value).map_err(|it| it.to_diagnostic())?;
        }
        self.cluster.config = config;
        self.balances_at = self.now + config.leader_imbalance_check_interval;
        self.queue.push(self.balances_at, Message::BalanceLeaders);
        self.plan_controller();
        Ok("Altered all brokers.".to_owned())
    }

    /// Preferred leaders lead again, as a command says.
    pub(super) fn elect_preferred(
        &mut self,
        name: &str,
        number: Option<u32>,
    ) -> Result<String, Diagnostic> {
        let partitions = self.partitions_of(name, number)?;
        let mut elected = Vec::new();
        let mut refused = None;
        for partition in partitions {
            match self.elect_one(partition) {
                Ok(broker) => elected.push(format!("{}: {broker}", text::lane(self, partition))),
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            Some(error) if elected.is_empty() => Err(error.to_diagnostic()),
            _ => Ok(format!("Elected {}.", elected.join(", "))),
        }
    }

    fn elect_one(&mut self, partition: PartitionId) -> Result<BrokerId, LogError> {
        let mut notes = Vec::new();
        let elected = self
            .cluster
            .elect_preferred(partition, self.now, &mut notes);
        self.tell(notes);
        elected
    }

    /// The controller lets preferred leaders lead again that can.
    pub(super) fn on_balance_leaders(&mut self) {
        if self.balances_at != self.now {
            return;
        }
        if self.cluster.config.auto_leader_rebalance_enable {
            let logs = self.cluster.partitions();
            let ids: Vec<PartitionId> = logs.map(|it| it.id()).collect();
            // Those that lead already, or cannot, stay as they are.
            ids.into_iter().for_each(|id| drop(self.elect_one(id)));
        }
        self.balances_at = self.now + self.cluster.config.leader_imbalance_check_interval;
        self.queue.push(self.balances_at, Message::BalanceLeaders);
    }

    fn plan_controller(&mut self) {
        if let Some(due) = self.cluster.next_deadline() {
            self.queue.push(due.max(self.now), Message::Controller);
        }
    }

    /// The controller looks for brokers that have fallen silent.
    pub(super) fn on_controller(&mut self) {
        let mut notes = Vec::new();
        self.cluster.tick(self.now, &mut notes);
        self.tell(notes);
        self.plan_controller();
    }

    /// Makes the followers of a partition fetch soon, if they are not already about to.
    pub(super) fn call_followers(&mut self, partition: PartitionId) {
        let log = self.cluster.partition(partition);
        let has_followers = log.is_ok_and(|it| it.replication().replicas.len() > 1);
        if has_followers && self.called_followers.insert(partition) {
            self.queue.push(
                self.now + REPLICA_FETCH_DELAY,
                Message::Replicate(partition),
            );
        }
    }

    /// The followers of a partition fetch once, and again while there is more.
    pub(super) fn on_replicate(&mut self, partition: PartitionId) {
        self.called_followers.remove(&partition);
        let mut notes = Vec::new();
        let has_more = self.cluster.replicate(partition, self.now, &mut notes);
        self.tell(notes);
        if has_more {
            self.call_followers(partition);
        }
    }

    /// Notes what happened to partitions, and calls those who wait for it.
    fn tell(&mut self, notes: Vec<TraceDetail>) {
        let memory = Groups::memory(&self.cluster);
        for note in notes {
            self.note(note);
            match note {
                TraceDetail::HighWatermarkAdvanced { partition, .. } => {
                    if memory == Some(partition) {
                        self.acknowledge_offsets();
                    }
                    self.acknowledge(partition);
                    self.call_readers(partition);
                }
                TraceDetail::LeaderElected {
                    partition, broker, ..
                } if broker != BrokerId(0) => {
                    self.elections += 1;
                    if memory == Some(partition) {
                        self.load_groups();
                    }
                    self.resend(partition);
                    self.call_followers(partition);
                    self.call_readers(partition);
                }
                // What had to wait for it goes first, before producers try again.
                TraceDetail::InSyncChanged {
                    partition,
                    in_sync: true,
                    ..
                } => self.send_again(partition),
                _ => {}
            }
        }
    }

    /// How many leaders were elected so far: offsets may have got other records since.
    pub fn elections(&self) -> u64 {
        self.elections
    }

    /// Whether a task has to wait: a partition that it reads or may write to takes no requests.
    pub(super) fn must_wait(&self, address: TaskAddress) -> bool {
        let Some(query) = self.ksql.query(address.query) else {
            return false;
        };
        let inputs = query.tasks.get(address.task as usize);
        let mut inputs = inputs.into_iter().flat_map(|it| &it.inputs);
        let roles = query.topics.iter().zip(&query.plan.topics);
        let written = roles.filter(|(_, plan)| plan.role != TopicRole::Source);
        let mut written = written
            .filter_map(|(topic, _)| self.cluster.topic(topic.id).ok())
            .flat_map(|topic| &topic.partitions);
        inputs.any(|it| {
            let exists = self.cluster.partition(it.partition).is_ok();
            exists && !self.cluster.is_available(it.partition)
        }) || written.any(|it| !self.cluster.takes(*it, Acks::All))
    }
}
