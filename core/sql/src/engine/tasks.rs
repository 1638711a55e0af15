//! The tasks of the engine's queries, for those who drive them: what is there to do, one record or
//! several, commits, and taking over.

use super::Engine;
use crate::runtime::{Batch, Committed, Output, Processed, Query, Standby, TaskRef};
use headwater_base::{QueryId, RecordId, SortedSet, VirtualTime};
use headwater_log::Cluster;
use std::sync::Arc;

impl Engine {
    /// The tasks of a query that has started.
    pub fn tasks_of(&self, query: QueryId) -> impl Iterator<Item = TaskRef> + use<> {
        let tasks = self
            .query(query)
            .map_or(0, |query| query.tasks.len() as u32);
        (0..tasks).map(move |task| TaskRef { query, task })
    }

    /// Lets a task take notice of what is in its partitions; whether it has anything to do.
    pub fn fetch(&mut self, task: TaskRef, log: &Cluster) -> bool {
        self.query_mut(task.query)
            .is_some_and(|query| query.fetch(task.task, log))
    }

    /// Sends on all that a task's record cache holds back; whether there was anything.
    pub fn commit(
        &mut self,
        task: TaskRef,
        log: &Cluster,
        now: VirtualTime,
        output: &mut dyn Output,
    ) -> bool {
        let Engine {
            queries, scratch, ..
        } = self;
        match queries.get_mut(task.query.index()) {
            Some(Some(query)) => Arc::make_mut(query).commit(task.task, log, now, scratch, output),
            _ => false,
        }
    }

    /// Lets a standby do a task's work from now on, from what the task has committed.
    pub fn take_over(&mut self, task: TaskRef, standby: Standby, committed: &Committed) {
        if let Some(query) = self.query_mut(task.query) {
            query.take_over(task.task, standby, committed);
        }
    }

    /// What a commit of a task writes down; `None` if there is no such task.
    pub fn committed(&self, task: TaskRef) -> Option<Committed> {
        let tasks = &self.query(task.query)?.tasks;
        tasks.get(task.task as usize).map(|task| task.committed())
    }

    /// A query stops for good because of what its driver has found, perhaps in a record.
    pub fn stop_for(
        &mut self,
        query: QueryId,
        log: &Cluster,
        record: Option<RecordId>,
        message: String,
    ) {
        if let Some(query) = self.query_mut(query) {
            query.stop_for(log, record, message);
        }
    }

    /// Says which tasks nobody runs at this moment, so that pull queries do not read what is old.
    pub fn set_away(&mut self, away: SortedSet<TaskRef>) {
        self.away = away;
    }

    /// Says how many nodes of its cluster answer, and how many are thought to be there and do not.
    pub fn set_hosts(&mut self, hosts: (u32, u32)) {
        self.hosts = hosts;
    }

    /// How a query is on the nodes that have it, as ksqlDB counts it: `RUNNING:2,UNRESPONSIVE:1`.
    pub(super) fn status(&self, query: &Query) -> String {
        let is_shared = query.kind.is_persistent();
        let (up, silent) = if is_shared { self.hosts } else { (1, 0) };
        let status = format!("{}:{}", query.state.word(), up.max(1));
        match silent {
            0 => status,
            _ => format!("{status},UNRESPONSIVE:{silent}"),
        }
    }

    /// The record that a task would take next; `None` when it has to fetch.
    pub fn next(&mut self, task: TaskRef, log: &Cluster) -> Option<RecordId> {
        self.query_mut(task.query)?.next(task.task, log)
    }

    /// Takes the next record of a task and carries it to the end of its sub-topology; `None` when
    /// the task has to fetch.
    pub fn process(
        &mut self,
        task: TaskRef,
        log: &Cluster,
        now: VirtualTime,
        output: &mut dyn Output,
    ) -> Option<Processed> {
        let Engine {
            queries,
            scratch,
            seed,
            ..
        } = self;
        let query = Arc::make_mut(queries.get_mut(task.query.index())?.as_mut()?);
        query.process(task.task, log, now, *seed, scratch, output)
    }

    /// Takes up to `most` of the records that a task has taken notice of; gives how many.
    pub fn process_batch(
        &mut self,
        task: TaskRef,
        log: &Cluster,
        now: VirtualTime,
        most: usize,
        output: &mut dyn Output,
    ) -> usize {
        let Engine {
            queries,
            scratch,
            seed,
            ..
        } = self;
        let Some(Some(query)) = queries.get_mut(task.query.index()) else {
            return 0;
        };
        let seed = *seed;
        let batch = Batch { most, now, seed };
        Arc::make_mut(query).process_batch(task.task, log, batch, scratch, output)
    }
}
