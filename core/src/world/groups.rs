//! The coordinator of groups in the simulation: it runs on the leader of `__consumer_offsets`, and
//! writes there what it must not forget. With it, resets of offsets and the record of lag.

use crate::command::{GroupReset, SeekTo};
use crate::world::brokers::RETRY;
use crate::world::{Message, World};
use headwater_base::{
    Diagnostic, Effects, Fault, GroupId, Millis, PartitionId, RecordId, VirtualTime,
};
use headwater_log::{GroupInput, Groups, LogError, ResetTo};
use std::collections::VecDeque;
use std::sync::Arc;

/// How long a member waits until it looks again whether its commit was answered.
const ANSWER_DELAY: Millis = Millis(1);
/// How often a group's lag is noted for its chart.
const LAG_INTERVAL: Millis = Millis::seconds(1);
/// How many of those notes are kept.
const LAG_NOTES_MAX: usize = 120;

/// A group's lag at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LagNote {
    /// When.
    pub time: VirtualTime,
    /// In records, over all partitions.
    pub records: u64,
    /// How long the oldest unread record has waited.
    pub waited: Millis,
}

impl World {
    /// The coordinator is told something. While it has no broker to run on, clients try again.
    pub(super) fn on_coordinator(&mut self, input: GroupInput) {
        if self.has_coordinator() {
            self.on_coordinator_retry();
            self.tell_coordinator(input);
        } else if !matches!(input, GroupInput::Heartbeat { .. }) {
            self.wait_for_coordinator(input);
        }
    }

    /// What waits for a coordinator goes to it in the order in which it was sent.
    pub(super) fn on_coordinator_retry(&mut self) {
        if self.has_coordinator() {
            for input in std::mem::take(&mut self.coordinator_waits) {
                self.tell_coordinator(input);
            }
        } else if !self.coordinator_waits.is_empty() {
            self.queue.push(self.now + RETRY, Message::CoordinatorRetry);
        }
    }

    /// A client has one commit under way: what it commits meanwhile takes its place.
    fn wait_for_coordinator(&mut self, input: GroupInput) {
        if self.coordinator_waits.is_empty() {
            self.queue.push(self.now + RETRY, Message::CoordinatorRetry);
        }
        let mut waiting = self.coordinator_waits.iter_mut();
        if !waiting.any(|earlier| earlier.takes_up(&input)) {
            self.coordinator_waits.push_back(input);
        }
    }

    fn tell_coordinator(&mut self, input: GroupInput) {
        // As in Kafka, a member waits for the answer to its commit before it joins or leaves.
        if let GroupInput::Join { consumer, .. } | GroupInput::Leave { consumer, .. } = &input
            && self.groups.awaits_commit(*consumer)
        {
            let again = self.now + ANSWER_DELAY;
            self.queue.push(again, Message::Coordinator(input));
            return;
        }
        let mut effects = Effects::<Message>::default();
        let done = self
            .groups
            .on(input.clone(), &self.cluster, self.now, &mut effects);
        self.carry_out(effects);
        // A late commit or leave is refused, as in Kafka; nothing has changed then.
        if let Err(refused) = done {
            let is_unknown = matches!(refused, LogError::UnknownMember { .. });
            self.refuse_commit(&input, is_unknown);
        }
        self.write_offsets();
        self.plan_group_check();
    }

    fn has_coordinator(&self) -> bool {
        let memory = Groups::memory(&self.cluster);
        memory.is_none_or(|it| self.cluster.is_available(it))
    }

    /// Writes what the coordinator has to remember.
    pub(super) fn write_offsets(&mut self) {
        let mut effects = Effects::<Message>::default();
        let written = self.groups.write(&mut self.cluster, self.now, &mut effects);
        // The topic is noted before its first record, and commits after theirs.
        let (created, committed) = effects.trace.into_iter().partition::<Vec<_>, _>(|it| {
            matches!(it, headwater_base::TraceDetail::TopicCreated { .. })
        });
        self.happened.extend(created);
        for record in written.unwrap_or_default() {
            self.appended(record);
        }
        self.happened.extend(committed);
        for (delay, message) in effects.messages {
            self.queue.push(self.now + delay, message);
        }
    }

    /// Commits count once all in-sync replicas have them.
    pub(super) fn acknowledge_offsets(&mut self) {
        let mut effects = Effects::<Message>::default();
        self.groups.acknowledge(&self.cluster, &mut effects);
        self.carry_out(effects);
    }

    fn plan_group_check(&mut self) {
        let Some(due) = self.groups.next_deadline() else {
            return;
        };
        if self.group_check_at.is_none_or(|planned| due < planned) {
            self.group_check_at = Some(due);
            self.queue.push(due.max(self.now), Message::GroupCheck);
        }
    }

    /// Looks for members whose session is over.
    pub(super) fn on_group_check(&mut self) {
        if self.group_check_at.is_none_or(|planned| planned > self.now) {
            return;
        }
        self.group_check_at = None;
        if !self.has_coordinator() {
            self.group_check_at = Some(self.now + LAG_INTERVAL);
            self.queue
                .push(self.now + LAG_INTERVAL, Message::GroupCheck);
            return;
        }
        let mut effects = Effects::<Message>::default();
        self.groups.expire(&self.cluster, self.now, &mut effects);
        self.carry_out(effects);
        self.write_offsets();
        self.plan_group_check();
    }

    /// Another broker coordinates: it knows what is in the log.
    pub(super) fn load_groups(&mut self) {
        self.groups.load(&self.cluster, self.now);
        for actor in &mut self.consumers {
            let group = actor.group.and_then(|group| self.groups.get(group));
            if let Some(group) = group.filter(|_| actor.running) {
                let committed = |partition| group.committed(partition).map(|it| it.offset);
                Arc::make_mut(actor)
                    .client
                    .on_coordinator_changed(committed);
            }
        }
        self.plan_group_check();
    }

    pub(super) fn reset_group(&mut self, reset: &GroupReset) -> Result<String, Diagnostic> {
        let group = self.groups.named(&reset.name);
        let group = group.map_err(|it| it.to_diagnostic())?.id;
        let partitions = self.reset_partitions(group, reset)?;
        let to = match reset.to {
            SeekTo::Earliest => ResetTo::Earliest,
            SeekTo::Latest => ResetTo::Latest,
            SeekTo::Offset(offset) => ResetTo::Offset(offset),
            SeekTo::By(by) => ResetTo::ShiftBy(by),
            SeekTo::Time(time) => ResetTo::Time(time),
        };
        let moved = self
            .groups
            .reset(group, &partitions, to, &self.cluster, self.now)
            .map_err(|it| it.to_diagnostic())?;
        self.write_offsets();
        let told: Vec<String> = moved
            .iter()
            .map(|&(partition, offset)| {
                crate::observe::text::place(self, RecordId { partition, offset })
            })
            .collect();
        Ok(format!("Reset {}: {}", reset.name, told.join(", ")))
    }

    /// The partitions that a reset is about: those of the topic, or all that it has committed for.
    fn reset_partitions(
        &self,
        group: GroupId,
        reset: &GroupReset,
    ) -> Result<Vec<PartitionId>, Diagnostic> {
        let partitions: Vec<PartitionId> = match &reset.topic {
            Some(name) => {
                let topic = self.cluster.topic_named(name);
                topic.map_err(|it| it.to_diagnostic())?.partitions.clone()
            }
            None => {
                let group = self.groups.get(group).into_iter();
                group.flat_map(|it| it.offsets().map(|it| it.0)).collect()
            }
        };
        let is_meant = |id: &PartitionId| {
            let log = self.cluster.partition(*id);
            reset
                .partition
                .is_none_or(|wanted| log.is_ok_and(|it| it.number() == wanted))
        };
        let meant: Vec<PartitionId> = partitions.into_iter().filter(is_meant).collect();
        if meant.is_empty() {
            let message = format!("Group {} has no such partition to reset.", reset.name);
            return Err(Diagnostic::error(Fault::Yours, "nothing-to-reset", message)
                .hint("Say which topic: topic=NAME"));
        }
        Ok(meant)
    }

    /// The lag of a group over the last two minutes, oldest first.
    pub fn lag_notes(&self, group: GroupId) -> impl Iterator<Item = &LagNote> {
        self.lag_notes
            .get(&group)
            .into_iter()
            .flat_map(|it| it.iter())
    }

    /// Begins to note how groups lag, with the first of them.
    pub(super) fn begin_lag_notes(&mut self) {
        if self.groups.iter().count() == 1 && self.lag_notes.is_empty() {
            self.queue.push(self.now + LAG_INTERVAL, Message::NoteLag);
        }
    }

    /// Notes how far each group is behind; nothing that would be a step.
    pub(super) fn on_note_lag(&mut self) {
        for group in self.groups.iter() {
            let lags = group.lag(&self.cluster, self.now);
            let note = LagNote {
                time: self.now,
                records: lags.iter().filter_map(|it| it.lag).sum(),
                waited: lags
                    .iter()
                    .filter_map(|it| it.waited)
                    .max()
                    .unwrap_or_default(),
            };
            let notes = Arc::make_mut(self.lag_notes.entry(group.id).or_default());
            if notes.len() == LAG_NOTES_MAX {
                notes.pop_front();
            }
            notes.push_back(note);
        }
        self.queue.push(self.now + LAG_INTERVAL, Message::NoteLag);
    }
}

/// The newest notes of one group, oldest first.
pub(super) type LagNotes = VecDeque<LagNote>;
