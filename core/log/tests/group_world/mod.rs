//! A laboratory of one topic and one group, whose messages may come late. It checks after every
//! message that no two members share a partition, and that offsets do not go back.

use headwater_base::{
    ConsumerId, Effects, EventQueue, PartitionId, TopicId, TraceDetail, VirtualTime,
};
use headwater_log::{
    Assignor, Cluster, Consumer, ConsumerConfig, GroupInput, GroupMessage, GroupState, Groups,
    NewTopic, OFFSETS_TOPIC,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub(crate) enum Message {
    ToGroup(GroupInput),
    ToConsumer(GroupMessage),
}

impl From<GroupInput> for Message {
    fn from(input: GroupInput) -> Message {
        Message::ToGroup(input)
    }
}

impl From<GroupMessage> for Message {
    fn from(message: GroupMessage) -> Message {
        Message::ToConsumer(message)
    }
}

/// A laboratory of one topic and one group.
pub(crate) struct World {
    pub(crate) cluster: Cluster,
    pub(crate) groups: Groups,
    pub(crate) consumers: BTreeMap<ConsumerId, Consumer>,
    pub(crate) queue: EventQueue<Message>,
    pub(crate) now: VirtualTime,
    pub(crate) delivered: BTreeSet<(PartitionId, u64)>,
    pub(crate) committed: BTreeMap<PartitionId, u64>,
    pub(crate) trace: Vec<TraceDetail>,
    pub(crate) topic: TopicId,
    pub(crate) assignor: Assignor,
}

impl World {
    pub(crate) fn new(partitions: u32, assignor: Assignor) -> World {
        let mut cluster = Cluster::default();
        let topic = cluster
            .create_topic(NewTopic::new("ratings", partitions))
            .expect("valid");
        World {
            cluster,
            groups: Groups::default(),
            consumers: BTreeMap::new(),
            queue: EventQueue::default(),
            now: VirtualTime::START,
            delivered: BTreeSet::new(),
            committed: BTreeMap::new(),
            trace: Vec::new(),
            topic,
            assignor,
        }
    }

    pub(crate) fn absorb(&mut self, effects: Effects<Message>) {
        for (delay, message) in effects.messages {
            self.queue.push(self.now + delay, message);
        }
        self.trace.extend(effects.trace);
    }

    pub(crate) fn join(&mut self, id: u32) {
        let config = ConsumerConfig {
            max_poll_records: 7,
            assignors: vec![self.assignor],
            ..ConsumerConfig::default()
        };
        let mut consumer = Consumer::new(ConsumerId(id), config);
        let group = self.groups.open("dashboard");
        let mut effects = Effects::default();
        consumer.subscribe(group, &format!("member {id}"), &[self.topic], &mut effects);
        self.consumers.insert(consumer.id, consumer);
        self.absorb(effects);
    }

    pub(crate) fn leave(&mut self, id: u32) {
        let mut effects = Effects::default();
        if let Some(mut consumer) = self.consumers.remove(&ConsumerId(id)) {
            consumer.close(&mut effects);
        }
        self.absorb(effects);
    }

    pub(crate) fn poll(&mut self, id: ConsumerId) {
        let mut effects = Effects::default();
        let Some(consumer) = self.consumers.get_mut(&id) else {
            return;
        };
        let fetched = consumer
            .poll(&self.cluster, self.now, &mut effects)
            .expect("it can poll");
        for part in fetched {
            for record in part.read(&self.cluster).expect("it is there") {
                self.delivered.insert((part.partition, record.offset));
            }
        }
        self.absorb(effects);
    }

    /// Every member tells that it is alive, and whoever did not in time is out.
    pub(crate) fn heartbeats(&mut self) {
        let mut effects = Effects::default();
        for consumer in self.consumers.values() {
            consumer.heartbeat(&mut effects);
        }
        self.groups.expire(&self.cluster, self.now, &mut effects);
        self.absorb(effects);
    }

    /// Lets all messages and heartbeats do what they do.
    pub(crate) fn settle(&mut self) {
        for _ in 0..6 {
            while self.turn() {}
            self.heartbeats();
        }
        while self.turn() {}
    }

    /// Handles the next message, if one waits.
    pub(crate) fn turn(&mut self) -> bool {
        let Some((_, message)) = self.queue.pop_due(self.now) else {
            return false;
        };
        let mut effects = Effects::default();
        match message {
            Message::ToGroup(input) => {
                // A late commit or leave is refused.
                let _refused = self.groups.on(input, &self.cluster, self.now, &mut effects);
            }
            Message::ToConsumer(message) => {
                let id = match &message {
                    GroupMessage::Rejoin { consumer } | GroupMessage::Expelled { consumer } => {
                        *consumer
                    }
                    GroupMessage::Assigned(assignment) => assignment.consumer,
                };
                if let Some(consumer) = self.consumers.get_mut(&id) {
                    match message {
                        GroupMessage::Rejoin { .. } => consumer.on_rejoin(&mut effects),
                        GroupMessage::Expelled { .. } => consumer.on_expelled(&mut effects),
                        GroupMessage::Assigned(given) => consumer.on_assigned(&given, &mut effects),
                    }
                }
            }
        }
        let written = self
            .groups
            .write(&mut self.cluster, self.now, &mut effects)
            .expect("the brokers are up");
        if !written.is_empty() {
            let memory = Groups::memory(&self.cluster).expect("it was just written");
            let mut notes = Vec::new();
            while self.cluster.replicate(memory, self.now, &mut notes) {}
            self.groups.acknowledge(&self.cluster, &mut effects);
        }
        self.absorb(effects);
        self.check();
        true
    }

    fn check(&mut self) {
        let mut owners = BTreeMap::new();
        for consumer in self.consumers.values() {
            for (partition, _) in consumer.places() {
                // A late member reads on until it learns that it was taken for dead.
                let other = owners.insert((partition, consumer.generation()), consumer.id);
                assert_eq!(other, None, "{partition} is shared");
            }
        }
        let group = self.groups.iter().next().expect("it was opened").clone();
        for (partition, offset) in group.offsets() {
            let before = self.committed.insert(partition, offset.offset);
            assert!(before.is_none_or(|before| before <= offset.offset));
        }
    }
}

impl World {
    /// A coordinator made of the offsets topic knows what this one knows, also after compaction.
    pub(crate) fn the_log_remembers(&self) {
        let group = self.groups.named("dashboard").expect("it was opened");
        let known: Vec<_> = group.offsets().collect();
        let members: Vec<_> = group
            .members()
            .map(|it| (it.client_id.clone(), it.assigned.clone()))
            .collect();
        let mut cluster = self.cluster.clone();
        let topic = cluster.find(OFFSETS_TOPIC).expect("it was written").id;
        let mut config = cluster.topic(topic).expect("it is there").config.clone();
        config.min_cleanable_dirty_ratio = 0.0;
        config.segment_bytes = 1000;
        cluster.alter_topic(topic, config).expect("it is there");
        for _ in 0..2 {
            let mut other = self.groups.clone();
            other.load(&cluster, self.now);
            let found = other.named("dashboard").expect("it is known");
            assert_eq!(found.generation, group.generation);
            assert_eq!(found.offsets().collect::<Vec<_>>(), known);
            if group.state == GroupState::Stable {
                let assigned = found.members();
                let assigned: Vec<_> = assigned
                    .map(|it| (it.client_id.clone(), it.assigned.clone()))
                    .collect();
                assert_eq!(assigned, members);
            }
            cluster.clean(self.now);
        }
    }
}
