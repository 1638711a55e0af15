//! When a task's record cache is sent on: all of it when the task commits, and one store's part
//! when the cache is too full.

use super::cache::Cache;
use super::context::{Context, Failure};
use super::output::{Output, ProcessingError, ProcessingErrorKind};
use super::query::{Query, QueryState, place};
use super::scratch::Scratch;
use super::task::Task;
use crate::expression::EvalContext;
use headwater_base::{RecordId, TraceDetail, VirtualTime};
use headwater_log::Cluster;
use std::sync::Arc;

impl Query {
    /// Sends on all that a task's cache holds back; whether there was anything.
    pub fn commit(
        &mut self,
        index: u32,
        log: &Cluster,
        now: VirtualTime,
        scratch: &mut Scratch,
        output: &mut dyn Output,
    ) -> bool {
        let mut any = false;
        // What a store sends on may be held back by a later one: until all are clean.
        while let Some(store) = self.cache_mut(index).and_then(|cache| cache.first_dirty()) {
            any = true;
            if !self.send_on((index, store), log, now, scratch, output) {
                break;
            }
        }
        any
    }

    /// Makes room in a task's cache.
    pub(super) fn make_room(
        &mut self,
        index: u32,
        log: &Cluster,
        now: VirtualTime,
        scratch: &mut Scratch,
        output: &mut dyn Output,
    ) {
        let has_cache = |task: &Arc<Task>| task.cache.is_some();
        if !self.tasks.get(index as usize).is_some_and(has_cache) {
            return;
        }
        while let Some(store) = self.cache_mut(index).and_then(Cache::shrink) {
            if !self.send_on((index, store), log, now, scratch, output) {
                break;
            }
        }
    }

    fn cache_mut(&mut self, index: u32) -> Option<&mut Cache> {
        let task = self.tasks.get_mut(index as usize)?;
        task.cache.as_ref()?;
        Arc::make_mut(task).cache.as_mut().map(Arc::make_mut)
    }

    /// Sends on what is held back of one store; whether the query still runs.
    fn send_on(
        &mut self,
        (index, store): (u32, usize),
        log: &Cluster,
        now: VirtualTime,
        scratch: &mut Scratch,
        output: &mut dyn Output,
    ) -> bool {
        let entries = self.cache_mut(index).map(|cache| cache.take(store));
        let plan = self.plan.clone();
        for (key, dirty) in entries.unwrap_or_default() {
            let Some(task) = self.tasks.get_mut(index as usize).map(Arc::make_mut) else {
                return false;
            };
            let Some(sub) = plan.subs.get(usize::from(task.sub)) else {
                return false;
            };
            let owns = |node: &&crate::plan::Node| node.operator.stores().contains(&store);
            let Some(node) = sub.nodes.iter().find(owns) else {
                continue;
            };
            let Scratch {
                arena,
                errors,
                buffers,
            } = &mut *scratch;
            arena.reset();
            let place = task.place();
            let mut cx = Context {
                eval: EvalContext::new(arena, errors, now.epoch_millis(), 0),
                nodes: &sub.nodes,
                plan: Some((&plan, usize::from(task.sub))),
                at: None,
                source: 0,
                topics: &self.topics,
                stores: &mut task.stores,
                cache: task.cache.as_mut().map(Arc::make_mut),
                buffers,
                output: &mut *output,
                capture: None,
                query: self.id,
                input: dirty.cause,
                place,
                partition: task.partition,
                emitted: &mut self.emitted,
            };
            let done = node.operator.flush(&mut cx, node, &key, &dirty);
            cx.log_evaluations();
            if let Err(failure) = done {
                self.fail(log, dirty.cause, failure, output);
                return false;
            }
        }
        true
    }

    /// The query stops because of a record.
    pub(super) fn fail(
        &mut self,
        log: &Cluster,
        record: RecordId,
        failure: Failure,
        output: &mut dyn Output,
    ) {
        output.note(TraceDetail::QueryFailed {
            query: self.id,
            record: Some(record),
        });
        output.error(ProcessingError {
            query: self.id,
            record,
            kind: ProcessingErrorKind::Thread,
            message: failure.message.clone(),
            step: String::new(),
            target: None,
        });
        self.stop_for(log, Some(record), failure.message);
    }

    /// The query stops for good, perhaps because of a record.
    pub fn stop_for(&mut self, log: &Cluster, record: Option<RecordId>, message: String) {
        self.failed_at = record;
        self.failed_place = record.and_then(|record| place(log, record));
        self.state = QueryState::Failed(message);
    }
}
