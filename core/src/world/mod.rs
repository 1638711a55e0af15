//! The simulated world: log, SQL engine, producers, consumers and groups around one event queue.
//!
//! It only turns the crank. What a part does when its turn comes is in its own file; parts reach
//! each other only through the log and through messages. Cloning a world clones pointers, which is
//! what makes snapshots cheap. Time travel is in [`crate::lab`].

mod apply;
mod assign;
mod batches;
mod brokers;
mod clusters;
mod consumers;
mod groups;
mod message;
mod nodes;
mod outbox;
mod processing_log;
mod producers;
mod reading;
mod restore;
mod results;
mod sending;
mod statements;
mod stats;
mod tasks;
mod topics;
mod written;

pub use clusters::{CLUSTER, KsqlCluster, KsqlClusters};
pub use consumers::ConsumerActor;
pub use groups::LagNote;
pub use message::{Message, TaskAddress};
pub use nodes::{CopyKind, Node, NodeState, Nodes, Place, SESSION_TIMEOUT, TaskState};
pub use processing_log::LoggedError;
pub use producers::ProducerActor;
pub use reading::ReaderState;
pub use results::PushResult;
pub use stats::{QueryStats, StationStats};

use crate::command::PageCommand;
use crate::lab::{Cursor, LabConfig};
use headwater_base::{
    ConsumerId, Effects, EventQueue, GroupId, HashSink, Millis, PartitionId, ProducerId, QueryId,
    RecordId, SortedMap, SortedSet, TopicId, TraceDetail, TraceEvent, TraceSink, VirtualTime,
};
use headwater_log::{BrokerConfig, Cluster, GroupInput, Groups, Producer};
use headwater_sql::Engine;
use headwater_sql::plan::TopicRole;
use std::collections::VecDeque;
use std::sync::Arc;

/// How often the log looks for records to remove. Kafka's default is five minutes
/// (`log.retention.check.interval.ms`); ten seconds let a visitor see it happen.
pub const LOG_CLEAN_INTERVAL: Millis = Millis::seconds(10);

/// How often records that all tasks have taken are removed from repartition topics: Kafka Streams'
/// `repartition.purge.interval.ms`.
pub const REPARTITION_PURGE_INTERVAL: Millis = Millis::seconds(30);

/// The state of a laboratory.
#[derive(Clone, Debug)]
pub struct World {
    seed: u64,
    cluster: Cluster,
    ksql: KsqlClusters,
    groups: Groups,
    /// Appends what commands and INSERT VALUES say.
    hand: Producer,
    producers: Vec<Arc<ProducerActor>>,
    consumers: Vec<Arc<ConsumerActor>>,
    /// The tasks that read a partition, by the partition's id.
    task_readers: Arc<SortedMap<PartitionId, Vec<TaskAddress>>>,
    /// What queries write a topic for; sources have no role.
    topic_roles: Arc<SortedMap<TopicId, (QueryId, TopicRole)>>,
    nodes: Arc<Nodes>,
    /// Tasks for which a message is under way.
    called_tasks: SortedSet<TaskAddress>,
    /// Tasks whose commit is under way.
    due_commits: SortedSet<TaskAddress>,
    /// Partitions whose followers are about to fetch.
    called_followers: SortedSet<PartitionId>,
    /// When the coordinator looks for silent members next.
    group_check_at: Option<VirtualTime>,
    /// What clients have to say to the coordinator of groups while there is none.
    coordinator_waits: VecDeque<GroupInput>,
    lag_notes: SortedMap<GroupId, Arc<groups::LagNotes>>,
    elections: u64,
    /// When the controller looks for leaders that are not the preferred ones.
    balances_at: VirtualTime,
    outboxes: outbox::Outboxes,
    sticky: written::StickyPartitions,
    /// Memory that tasks' results are kept in until the end of a turn; empty between turns.
    written: written::Written,
    results: SortedMap<QueryId, Arc<PushResult>>,
    errors: VecDeque<Arc<LoggedError>>,
    stats: Vec<Arc<QueryStats>>,
    page: Arc<Vec<PageCommand>>,
    queue: EventQueue<Message>,
    now: VirtualTime,
    turn: u64,
    step: u64,
    commands_applied: u64,
    hash: HashSink,
    /// What happened in the present turn.
    happened: Vec<TraceDetail>,
}

impl World {
    /// An empty world at the beginning of virtual time.
    pub fn new(config: LabConfig) -> World {
        let mut queue = EventQueue::default();
        queue.push(VirtualTime::START + LOG_CLEAN_INTERVAL, Message::CleanLog);
        let balances_at =
            VirtualTime::START + BrokerConfig::default().leader_imbalance_check_interval;
        queue.push(balances_at, Message::BalanceLeaders);
        World {
            seed: config.seed,
            cluster: Cluster::default(),
            ksql: KsqlClusters::new(config.seed),
            groups: Groups::default(),
            hand: Producer::new(ProducerId(u32::MAX), config.seed, "by hand"),
            producers: Vec::new(),
            consumers: Vec::new(),
            task_readers: Arc::default(),
            topic_roles: Arc::default(),
            nodes: Arc::default(),
            called_tasks: SortedSet::new(),
            due_commits: SortedSet::new(),
            called_followers: SortedSet::new(),
            group_check_at: None,
            coordinator_waits: VecDeque::new(),
            lag_notes: SortedMap::new(),
            elections: 0,
            balances_at,
            outboxes: SortedMap::new(),
            sticky: SortedMap::new(),
            written: written::Written::default(),
            results: SortedMap::new(),
            errors: VecDeque::new(),
            stats: Vec::new(),
            page: Arc::default(),
            queue,
            now: VirtualTime::START,
            turn: 0,
            step: 0,
            commands_applied: 0,
            hash: HashSink::default(),
            happened: Vec::new(),
        }
    }

    /// The seed of all chance.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The log.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// The SQL engine of the ksqlDB cluster that statements go to.
    pub fn engine(&self) -> &Engine {
        self.ksql.engine()
    }

    /// The ksqlDB nodes and who has which task.
    pub fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// The consumer groups.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Producers, stopped ones included, by id.
    pub fn producers(&self) -> impl Iterator<Item = &ProducerActor> {
        self.producers.iter().map(|it| &**it)
    }

    /// Consumers, stopped ones included, by id.
    pub fn consumers(&self) -> impl Iterator<Item = &ConsumerActor> {
        self.consumers.iter().map(|it| &**it)
    }

    /// The consumer with this id.
    pub fn consumer(&self, id: ConsumerId) -> Option<&ConsumerActor> {
        self.consumers.get(id.index()).map(|it| &**it)
    }

    /// How the lesson wants the laboratory to be shown.
    pub fn page(&self) -> &[PageCommand] {
        &self.page
    }

    /// Virtual time.
    pub fn now(&self) -> VirtualTime {
        self.now
    }

    /// How many steps have been done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The state hash: a fold of the whole trace.
    pub fn hash(&self) -> u64 {
        self.hash.0
    }

    /// Where in its run this world is.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            turn: self.turn,
            time: self.now,
        }
    }

    /// How many commands of its run have been carried out.
    pub fn commands_applied(&self) -> u64 {
        self.commands_applied
    }

    /// Bytes of log that it holds on to, shared ones included.
    pub fn log_bytes(&self) -> u64 {
        self.cluster.partitions().map(|it| it.memory_bytes()).sum()
    }

    /// The name of a group.
    pub fn group_name(&self, id: GroupId) -> &str {
        self.groups.get(id).map_or("", |it| &it.name)
    }

    /// Whether anything is due until `limit` that follows from what was appended.
    pub fn has_consequences(&self, limit: VirtualTime) -> bool {
        self.queue
            .any(|time, message| time <= limit && message.is_consequence())
    }

    /// Lets the clock stand at `time`, if that is later and nothing is due before.
    pub fn wait_until(&mut self, time: VirtualTime) {
        if time < VirtualTime(i64::MAX) {
            self.now = self.now.max(time);
        }
    }

    /// Does what is due next, if that is due until `until`; false if nothing is.
    pub fn turn(&mut self, until: VirtualTime, sink: &mut impl TraceSink) -> bool {
        let Some((time, message)) = self.queue.pop_due(until) else {
            return false;
        };
        self.now = self.now.max(time);
        self.turn += 1;
        match message {
            Message::Producer(id) => self.on_producer(id),
            Message::Batch(id, partition, number) => self.on_batch(id, partition, number),
            Message::Send(id) => self.on_send(id),
            Message::Task(address) => self.on_task(address),
            Message::CommitTask(address) => self.on_commit_task(address),
            Message::Restore(address, node) => self.on_restore(address, node),
            Message::Probe(query) => self.on_probe(query),
            Message::NodeExpired(id) => self.on_node_expired(id),
            Message::Consumer(id) => self.on_consumer(id),
            Message::ConsumerRound(id) => self.on_consumer_round(id),
            Message::ConsumerBegins(id) => self.begin_consumer(id),
            Message::Heartbeat(id) => self.on_heartbeat(id),
            Message::Commit(id) => self.on_commit(id),
            Message::Coordinator(input) => self.on_coordinator(input),
            Message::CoordinatorRetry => self.on_coordinator_retry(),
            Message::Member(message) => self.on_member(&message),
            Message::GroupCheck => self.on_group_check(),
            Message::NoteLag => self.on_note_lag(),
            Message::Replicate(partition) => self.on_replicate(partition),
            Message::Resend(partition, sender) => self.on_resend((partition, sender)),
            Message::Delivery(partition, sender) => self.on_delivery((partition, sender)),
            Message::Controller => self.on_controller(),
            Message::BalanceLeaders => self.on_balance_leaders(),
            Message::CleanLog => self.clean_log(),
        }
        self.end_turn(sink);
        true
    }

    /// Closes a turn: if anything happened, it was a step, and is told.
    fn end_turn(&mut self, sink: &mut impl TraceSink) {
        if self.happened.is_empty() {
            return;
        }
        let mut happened = std::mem::take(&mut self.happened);
        for detail in happened.drain(..) {
            let event = TraceEvent {
                step: self.step,
                time: self.now,
                detail,
            };
            self.count(&detail);
            self.hash.take(&event);
            sink.take(&event);
        }
        self.happened = happened;
        self.step += 1;
    }

    fn note(&mut self, detail: TraceDetail) {
        self.happened.push(detail);
    }

    /// Sends and notes what a state machine asked for.
    fn carry_out(&mut self, effects: Effects<Message>) {
        self.happened.extend(effects.trace);
        for (delay, message) in effects.messages {
            self.queue.push(self.now + delay, message);
        }
    }

    /// Notes a record that a query or a command just appended, and calls those who wait for it.
    fn appended(&mut self, record: RecordId) {
        self.note_appended(record);
        self.await_replicas(record);
    }

    /// Notes a record that was just appended, and calls those who wait for it.
    fn note_appended(&mut self, record: RecordId) {
        let Some(found) = self.cluster.record(record) else {
            return;
        };
        let (cause, digest) = (found.cause, found.digest());
        self.note(TraceDetail::RecordAppended {
            record,
            cause,
            digest,
        });
        self.call_followers(record.partition);
        let log = self.cluster.partition(record.partition);
        // Readers see it once all in-sync replicas have it.
        if log.is_ok_and(|it| it.high_watermark() > record.offset) {
            self.call_readers(record.partition);
        }
    }

    fn call_readers(&mut self, partition: PartitionId) {
        let readers = self.task_readers.clone();
        for address in readers.get(&partition).into_iter().flatten() {
            self.call_task(*address, consumers::FETCH_DELAY);
        }
        for at in 0..self.consumers.len() {
            let waits = self.consumers[at].reads(partition);
            if waits {
                self.call_consumer(ConsumerId(at as u32));
            }
        }
    }

    fn clean_log(&mut self) {
        for (partition, offset) in self.cluster.clean(self.now) {
            self.note(TraceDetail::LogStartAdvanced { partition, offset });
        }
        let is_purge_due = (self.now.since_start().0 % REPARTITION_PURGE_INTERVAL.0) == 0;
        if is_purge_due {
            self.purge_repartitions();
        }
        self.queue
            .push(self.now + LOG_CLEAN_INTERVAL, Message::CleanLog);
    }
}
