//! Standbys: the stores of a task, rebuilt from its changelogs a batch at a time.
//!
//! A standby is all that is left of a task when its node is gone, and what a replica keeps up to
//! date meanwhile. It reads nothing but changelogs; with what the task has [`Committed`] it becomes
//! a task again.

use super::scratch::Scratch;
use super::task::{Committed, Input, Task};
use super::{Query, RunningTopic};
use crate::operator::Restoring;
use crate::plan::{Plan, SubTopology};
use crate::state::StoreState;
use headwater_base::{PartitionId, RecordId};
use headwater_log::{Cluster, RecordRef};
use std::fmt;

/// The stores of a task on their way back.
#[derive(Clone, Debug)]
pub struct Standby {
    /// The sub-topology.
    pub sub: u16,
    /// The partition number.
    pub partition: u32,
    /// The stores, in the order of the sub-topology's.
    pub stores: Vec<StoreState>,
    changelogs: Vec<Changelog>,
}

/// A changelog that is read into a store.
#[derive(Clone, Debug)]
struct Changelog {
    store: usize,
    /// The operator that writes it.
    node: usize,
    partition: PartitionId,
    position: u64,
}

/// A record of a changelog that no operator of the query can have written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unrestorable {
    /// The record.
    pub record: RecordId,
}

impl fmt::Display for Unrestorable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The record at offset {} of partition {} is not what the store's operator writes to \
             its changelog; something else has written to this topic.",
            self.record.offset, self.record.partition.0
        )
    }
}

impl std::error::Error for Unrestorable {}

impl Query {
    /// Empty stores for a task, to be filled from the changelogs of a running query; `None` if
    /// there is no such task.
    pub fn standby(&self, task: u32) -> Option<Standby> {
        let task = self.tasks.get(task as usize)?;
        Standby::new(&self.plan, &self.topics, task.sub, task.partition)
    }

    /// What a task leaves behind on the node that gives it up: its stores as they are, which is
    /// what its changelogs hold once it has committed. `None` if there is no such task.
    pub fn suspended(&self, task: u32, log: &Cluster) -> Option<Standby> {
        let mut standby = self.standby(task)?;
        standby
            .stores
            .clone_from(&self.tasks.get(task as usize)?.stores);
        for changelog in &mut standby.changelogs {
            changelog.position = log
                .partition(changelog.partition)
                .map_or(0, |log| log.end_offset());
        }
        Some(standby)
    }

    /// Lets a standby do a task's work from now on, from what the task has committed.
    pub fn take_over(&mut self, task: u32, standby: Standby, committed: &Committed) {
        let bytes = self.cache_bytes();
        if let Some(place) = self.tasks.get_mut(task as usize) {
            let mut task = standby.promote(place.inputs.clone(), committed);
            task.set_cache(bytes);
            *place = std::sync::Arc::new(task);
        }
    }
}

impl Standby {
    /// Empty stores for one task of a plan whose topics exist.
    pub fn new(plan: &Plan, topics: &[RunningTopic], sub: u16, partition: u32) -> Option<Standby> {
        let topology = plan.subs.get(usize::from(sub))?;
        let changelog = |(store, it): (usize, &crate::plan::StorePlan)| {
            let writes = |node: &crate::plan::Node| node.operator.stores().contains(&store);
            Some(Changelog {
                store,
                node: topology.nodes.iter().position(writes)?,
                partition: *topics
                    .get(it.changelog)?
                    .partitions
                    .get(partition as usize)?,
                position: 0,
            })
        };
        Some(Standby {
            sub,
            partition,
            stores: empty(topology),
            changelogs: topology
                .stores
                .iter()
                .enumerate()
                .filter_map(changelog)
                .collect(),
        })
    }

    /// Whether there is anything to restore.
    pub fn is_stateful(&self) -> bool {
        !self.changelogs.is_empty()
    }

    /// How many records lie between what has been read and the ends of the changelogs. The last of
    /// them can be read only when they are on all brokers that they have to be on.
    pub fn lag(&self, log: &Cluster) -> u64 {
        let lag = |it: &Changelog| {
            let partition = log.partition(it.partition);
            partition.map_or(0, |log| {
                let from = it.position.max(log.start_offset());
                log.end_offset().saturating_sub(from)
            })
        };
        self.changelogs.iter().map(lag).sum()
    }

    /// How many records the changelogs have.
    pub fn total(&self, log: &Cluster) -> u64 {
        let size = |it: &Changelog| {
            let partition = log.partition(it.partition);
            partition.map_or(0, |log| log.end_offset().saturating_sub(log.start_offset()))
        };
        self.changelogs.iter().map(size).sum()
    }

    /// Reads at most `records_max` records more; gives how many were read, less only at the end.
    pub fn restore(
        &mut self,
        plan: &Plan,
        log: &Cluster,
        records_max: u64,
        scratch: &mut Scratch,
    ) -> Result<u64, Unrestorable> {
        let Some(topology) = plan.subs.get(usize::from(self.sub)) else {
            return Ok(0);
        };
        let mut left = records_max;
        for changelog in &mut self.changelogs {
            let Ok(partition) = log.partition(changelog.partition) else {
                continue;
            };
            changelog.position = changelog.position.max(partition.start_offset());
            let end = partition.high_watermark();
            let Ok(records) = partition.read(changelog.position, left, u64::MAX) else {
                continue;
            };
            let before = left;
            for record in records.take_while(|record| record.offset < end) {
                changelog.position = record.offset + 1;
                left -= 1;
                let stores = &mut self.stores;
                put_back(
                    topology,
                    changelog,
                    self.partition,
                    stores,
                    (log, record),
                    scratch,
                )?;
            }
            if before == left && left > 0 {
                // What lies behind was compacted away.
                changelog.position = changelog.position.max(end);
            }
        }
        Ok(records_max - left)
    }

    /// The task, with the inputs of the one that is gone: it goes on from what that has committed.
    pub fn promote(self, inputs: Vec<Input>, committed: &Committed) -> Task {
        Task::resumed(self.sub, self.partition, inputs, self.stores, committed)
    }
}

fn empty(topology: &SubTopology) -> Vec<StoreState> {
    let stores = topology.stores.iter();
    stores.map(|store| StoreState::new(store.kind)).collect()
}

fn put_back(
    topology: &SubTopology,
    changelog: &Changelog,
    partition: u32,
    stores: &mut [StoreState],
    (log, record): (&Cluster, RecordRef<'_>),
    scratch: &mut Scratch,
) -> Result<(), Unrestorable> {
    let id = RecordId {
        partition: changelog.partition,
        offset: record.offset,
    };
    scratch.arena.reset();
    let source = topology.sources.iter().find(|source| {
        let next = source.next.map(|target| usize::from(target.node));
        next == Some(changelog.node)
    });
    let mut from = Restoring {
        arena: &scratch.arena,
        stores,
        store: changelog.store,
        record,
        id,
        partition,
        reader: source.map(|source| &source.reader),
        log,
    };
    let node = topology.nodes.get(changelog.node);
    match node.is_some_and(|node| node.operator.restore(&mut from)) {
        true => Ok(()),
        false => Err(Unrestorable { record: id }),
    }
}
