//! Tasks of the SQL engine in the simulation: who reads which partition, one record a step, and
//! where results go.

use crate::world::brokers::RETRY;
use crate::world::consumers::FETCH_DELAY;
use crate::world::written::{Collected, Written};
use crate::world::{Message, TaskAddress, World};
use headwater_base::{
    Millis, PartitionId, QueryId, RecordId, SortedMap, TopicId, TraceDetail, VirtualTime,
};
use headwater_log::Cluster;
use headwater_sql::engine::Engine;
use headwater_sql::plan::TopicRole;
use headwater_sql::runtime::{Output, Query, QueryState, TaskRef};
use std::sync::Arc;

impl World {
    /// Makes the tasks of a query that was just started read their partitions.
    pub(super) fn start_query(&mut self, query: QueryId) {
        let mut readers = SortedMap::clone(&self.task_readers);
        let mut tasks = Vec::new();
        let mut roles = SortedMap::clone(&self.topic_roles);
        if let Some(running) = self.ksql.query(query) {
            for (number, task) in running.tasks.iter().enumerate() {
                let address = TaskAddress {
                    query,
                    task: number as u32,
                };
                for input in &task.inputs {
                    readers.entry(input.partition).or_default().push(address);
                }
                tasks.push(address);
            }
            for (topic, of) in running.topics.iter().zip(&running.plan.topics) {
                if of.role != TopicRole::Source {
                    roles.entry(topic.id).or_insert((query, of.role));
                }
            }
        }
        self.task_readers = Arc::new(readers);
        self.topic_roles = Arc::new(roles);
        self.note(TraceDetail::QueryStarted { query });
        self.place_query(query, &tasks);
        for address in tasks {
            self.call_task(address, FETCH_DELAY);
        }
    }

    /// Makes all tasks look for records: RESUME may have let some of them go on.
    pub(super) fn call_all_tasks(&mut self) {
        let engine = self.ksql.engine();
        let queries = engine.queries();
        let tasks: Vec<TaskRef> = queries.flat_map(|it| engine.tasks_of(it.id)).collect();
        for TaskRef { query, task } in tasks {
            self.call_task(TaskAddress { query, task }, FETCH_DELAY);
        }
    }

    /// Forgets the tasks of a query that has ended.
    pub(super) fn forget_query(&mut self, query: QueryId) {
        let mut readers = SortedMap::clone(&self.task_readers);
        for addresses in readers.values_mut() {
            addresses.retain(|address| address.query != query);
        }
        readers.retain(|_, addresses| !addresses.is_empty());
        self.task_readers = Arc::new(readers);
        Arc::make_mut(&mut self.nodes).forget(|it| it == query);
    }

    /// What a topic is to the query that writes it; `None` if none does.
    pub fn topic_role(&self, topic: TopicId) -> Option<(QueryId, TopicRole)> {
        self.topic_roles.get(&topic).copied()
    }

    /// Whether a record is the copy of a store's write.
    pub fn is_changelog(&self, record: RecordId) -> bool {
        let topic = self
            .cluster
            .partition(record.partition)
            .map(|it| it.topic());
        let role = topic.ok().and_then(|topic| self.topic_role(topic));
        matches!(role, Some((_, TopicRole::Changelog)))
    }

    /// Removes from repartition topics what tasks have read and committed, as Kafka Streams does.
    pub(super) fn purge_repartitions(&mut self) {
        let read: Vec<(PartitionId, u64)> = self.nodes.committed_positions().collect();
        for (partition, position) in read {
            let Ok(log) = self.cluster.partition(partition) else {
                continue;
            };
            let role = self.topic_role(log.topic());
            let is_repartition = matches!(role, Some((_, TopicRole::Repartition)));
            // Each partition of a repartition topic is read by one task.
            if is_repartition && log.start_offset() < position {
                let removed = self.cluster.delete_records(partition, position);
                if let Ok(offset) = removed {
                    self.note(TraceDetail::LogStartAdvanced { partition, offset });
                }
            }
        }
    }

    /// Makes a task look for records soon, if it is not already about to.
    pub(super) fn call_task(&mut self, address: TaskAddress, delay: Millis) {
        if self.called_tasks.insert(address) {
            self.queue.push(self.now + delay, Message::Task(address));
        }
    }

    /// Carries one record through a task, and asks to be called again while there are more.
    pub(super) fn on_task(&mut self, address: TaskAddress) {
        self.called_tasks.remove(&address);
        if !self.nodes.runs(address) {
            return;
        }
        if self.must_wait(address) {
            self.call_task(address, RETRY);
            return;
        }
        let task = address.task_ref();
        let engine = self.ksql.of_mut(address.query);
        let has_more =
            engine.next(task, &self.cluster).is_some() || engine.fetch(task, &self.cluster);
        if !has_more {
            return;
        }
        let processed = self.with_output(address, |engine, cluster, now, output| {
            engine.process(task, cluster, now, output)
        });
        self.schedule_commit(address);
        match processed {
            Some(it) if it.ended => self.end_query(address.query),
            Some(_) => self.call_task(address, Millis::ZERO),
            // Retention took what the task had taken notice of: it looks again. A query that does
            // not run fetches nothing, and what there is to read stays where it is.
            None if self.ksql.of_mut(address.query).fetch(task, &self.cluster) => {
                self.call_task(address, Millis::ZERO);
            }
            None => {}
        }
    }

    /// It is time for a task to commit.
    pub(super) fn on_commit_task(&mut self, address: TaskAddress) {
        self.due_commits.remove(&address);
        if !self.nodes.runs(address) {
            return;
        }
        match self.must_wait(address) {
            true => self.schedule_commit(address),
            false => self.commit_task(address),
        }
    }

    /// A task sends on what its record cache holds back, and commits how far it has read.
    pub(super) fn commit_task(&mut self, address: TaskAddress) {
        let task = address.task_ref();
        self.with_output(address, |engine, cluster, now, output| {
            engine.commit(task, cluster, now, output)
        });
        let has_failed = |query: &Query| matches!(query.state, QueryState::Failed(_));
        if self.ksql.query(address.query).is_some_and(has_failed) {
            self.end_query(address.query);
            return;
        }
        if let Some(committed) = self.ksql.of(address.query).engine.committed(task) {
            Arc::make_mut(&mut self.nodes).commit(address, committed);
        }
        self.call_replicas(address);
    }

    /// Lets a task commit at the next multiple of its interval, if no commit is on its way.
    fn schedule_commit(&mut self, address: TaskAddress) {
        let query = self.ksql.query(address.query);
        let Some(interval) = query.map(|it| it.plan.commit_interval_millis.max(1)) else {
            return;
        };
        if self.due_commits.insert(address) {
            let since = self.now.since_start().0;
            let wait = interval - since.rem_euclid(interval);
            self.queue
                .push(self.now + Millis(wait), Message::CommitTask(address));
        }
    }

    /// Takes down what a task does, and then does it.
    fn with_output<T>(
        &mut self,
        address: TaskAddress,
        work: impl FnOnce(&mut Engine, &Cluster, VirtualTime, &mut dyn Output) -> T,
    ) -> T {
        let mut output = Collected {
            cluster: &self.cluster,
            sticky: &mut self.sticky,
            seed: self.seed,
            address,
            written: std::mem::take(&mut self.written),
            rows: Vec::new(),
            notes: std::mem::take(&mut self.happened),
            errors: Vec::new(),
        };
        let done = work(
            self.ksql.of_mut(address.query),
            &self.cluster,
            self.now,
            &mut output,
        );
        let Collected {
            mut written,
            rows,
            notes,
            errors,
            ..
        } = output;
        self.happened = notes;
        self.append_written(&mut written);
        self.written = written;
        for row in rows {
            self.keep_row(address.query, row);
        }
        for error in errors {
            self.log_processing_error(error);
        }
        done
    }

    /// A query has come to its own end, by LIMIT or by an error.
    pub(super) fn end_query(&mut self, query: QueryId) {
        self.forget_query(query);
        if !self
            .happened
            .iter()
            .any(|it| matches!(it, TraceDetail::QueryFailed { .. }))
        {
            self.note(TraceDetail::QueryEnded { query });
        }
    }

    /// Appends what a task wrote, in the order it was written.
    fn append_written(&mut self, written: &mut Written) {
        let records = std::mem::take(&mut written.records);
        for place in &records {
            let record = written.record(place);
            let appended = self.cluster.append(place.partition, &[record], self.now);
            // The topic may have been deleted under the query; what it writes is lost, as there.
            if let Ok(offsets) = appended {
                self.appended(RecordId {
                    partition: place.partition,
                    offset: offsets.start,
                });
            }
        }
        written.clear(records);
    }
}
