//! How tasks come to nodes: at the start of a query, when nodes come and go, and with their state
//! read back from its changelogs, a batch at a time.

use crate::world::assign::{Chosen, Room, Wanted, assign, replicas, wait_for_state};
use crate::world::consumers::FETCH_DELAY;
use crate::world::nodes::{Copy, CopyKind, Node, Place, TaskState};
use crate::world::{Message, TaskAddress, World};
use headwater_base::{Millis, NodeId, QueryId, RecordId, SortedSet, TraceDetail, order};
use headwater_sql::plan::Availability;
use headwater_sql::runtime::{Committed, Scratch, Standby};
use std::sync::Arc;

/// Records of changelogs that a node reads at a time. Kafka Streams' polls give up to 1000.
const RESTORE_RECORDS: u64 = 50;
/// How long that takes. Longer than in Kafka, so that it can be seen.
const RESTORE_INTERVAL: Millis = Millis(100);

impl World {
    /// Gives the tasks of a query that was just started to nodes.
    pub(super) fn place_query(&mut self, query: QueryId, tasks: &[TaskAddress]) {
        let shared = self.ksql.query(query);
        let is_shared = shared.is_some_and(|it| it.kind.is_persistent());
        let mut rooms = self.rooms(query);
        if !is_shared {
            // A push query is of the node that was asked.
            rooms.truncate(1);
        }
        let owners = assign(&vec![Wanted::default(); tasks.len()], &rooms);
        for (address, node) in tasks.iter().zip(owners.iter().copied()) {
            let committed = self.ksql.of(query).engine.committed(address.task_ref());
            let nodes = Arc::make_mut(&mut self.nodes);
            nodes.commit(*address, committed.unwrap_or_default());
            let state = TaskState::Running;
            nodes.places.insert(*address, Place { node, state });
        }
        if is_shared {
            let place = |owner| Chosen {
                owner,
                warm_up: None,
            };
            let places: Vec<Chosen> = owners.into_iter().map(place).collect();
            self.choose_copies(query, &places);
        }
    }

    /// A node came or went: the tasks of each of its cluster's queries are spread anew. That waits
    /// until all groups know who is gone.
    pub(super) fn rebalance_nodes(&mut self, node: NodeId) {
        let Some(cluster) = self.nodes.get(node).map(|it| it.cluster) else {
            return;
        };
        if self.nodes.waits(cluster) || !self.nodes.of(cluster).any(Node::is_running) {
            return;
        }
        let queries: SortedSet<QueryId> = self.nodes.places().map(|(it, _)| it.query).collect();
        for query in queries {
            let found = self.ksql.query(query);
            let is_shared = found.is_some_and(|it| it.kind.is_persistent());
            if is_shared && self.ksql.index_of(query) == cluster {
                self.rebalance_query(query);
            }
        }
    }

    fn rebalance_query(&mut self, query: QueryId) {
        let wanted = self.wanted(query);
        let targets = assign(&wanted, &self.rooms(query));
        let most = self.availability(query).warmup_replicas as usize;
        let places = wait_for_state(&wanted, &targets, most);
        for ((address, _), place) in self.nodes.tasks_of(query).into_iter().zip(&places) {
            self.move_task(address, place.owner);
        }
        self.choose_copies(query, &places);
        if places.iter().any(|it| it.warm_up.is_some()) {
            let interval = Millis(self.availability(query).probing_interval_millis);
            let due = self.now + interval;
            Arc::make_mut(&mut self.nodes).probes.insert(query, due);
            self.queue.push(due, Message::Probe(query));
        }
    }

    /// A probing rebalance, unless there has been another one since it was asked for.
    pub(super) fn on_probe(&mut self, query: QueryId) {
        if self.nodes.probes.get(&query) == Some(&self.now) {
            Arc::make_mut(&mut self.nodes).probes.remove(&query);
            if !self.nodes.waits(self.ksql.index_of(query)) {
                self.rebalance_query(query);
            }
        }
    }

    fn availability(&self, query: QueryId) -> Availability {
        let found = self.ksql.query(query);
        found.map_or_else(Availability::default, |it| it.plan.availability)
    }

    /// Who runs the tasks of a query, and who has state of them.
    fn wanted(&self, query: QueryId) -> Vec<Wanted> {
        let tasks = self.nodes.tasks_of(query).into_iter();
        tasks.map(|(of, place)| self.wanted_of(of, place)).collect()
    }

    fn wanted_of(&self, address: TaskAddress, place: Place) -> Wanted {
        let copies = self.nodes.copies().filter(|(of, ..)| *of == address);
        let mut state: Vec<(u64, NodeId)> = copies
            .map(|(_, node, copy)| (copy.standby.lag(&self.cluster), node))
            .collect();
        order::sort(&mut state);
        let owner = (place.state != TaskState::Orphaned).then_some(place.node);
        let runs = owner.filter(|_| place.state == TaskState::Running);
        let empty = self.no_state(address).filter(|it| it.is_stateful());
        let lag_max = self.availability(address.query).recovery_lag;
        let is_ready = |node: &NodeId, from_start: u64| {
            let known = state.iter().find(|(_, of)| of == node);
            runs == Some(*node) || known.map_or(from_start, |it| it.0) <= lag_max
        };
        let running = self.nodes.of(self.ksql.index_of(address.query));
        let running = running.filter(|it| it.is_running()).map(|it| it.id);
        let ready = empty.map_or_else(Vec::new, |it| {
            let from_start = it.lag(&self.cluster);
            running.filter(|id| is_ready(id, from_start)).collect()
        });
        Wanted {
            owner,
            state: state.into_iter().map(|(_, node)| node).collect(),
            ready,
        }
    }

    /// The nodes that run, and how many tasks of other queries they have.
    fn rooms(&self, query: QueryId) -> Vec<Room> {
        let all = self.nodes.of(self.ksql.index_of(query));
        let running = all.filter(|it| it.is_running());
        let others = |id: NodeId| {
            let places = self.nodes.places();
            places
                .filter(|(address, place)| place.node == id && address.query != query)
                .count()
        };
        running.map(|it| (it.id, others(it.id))).collect()
    }

    /// Gives a task to a node, unless it has it.
    fn move_task(&mut self, address: TaskAddress, node: NodeId) {
        let place = self.nodes.places.get(&address).copied();
        match place {
            Some(it) if it.node == node && it.state != TaskState::Orphaned => return,
            Some(it) if it.state == TaskState::Running => self.suspend(address, it.node),
            Some(_) => {}
            None => return,
        }
        let nodes = Arc::make_mut(&mut self.nodes);
        let Some(place) = nodes.places.get_mut(&address) else {
            // It failed with what it had to send on.
            return;
        };
        let state = TaskState::Restoring;
        *place = Place { node, state };
        let copy = nodes.copies.remove(&(address, node));
        let TaskAddress { query, task } = address;
        self.note(TraceDetail::TaskAssigned { node, query, task });
        let Some(standby) = copy.map(|it| it.standby).or_else(|| self.no_state(address)) else {
            return;
        };
        match standby.lag(&self.cluster) {
            0 => self.resume(address, &standby),
            _ => self.keep_copy(address, node, standby, CopyKind::Left),
        }
    }

    fn no_state(&self, address: TaskAddress) -> Option<Arc<Standby>> {
        let query = self.ksql.query(address.query)?;
        query.standby(address.task).map(Arc::new)
    }

    /// A task that runs commits and is given up; its node keeps its state.
    pub(super) fn suspend(&mut self, address: TaskAddress, node: NodeId) {
        self.commit_task(address);
        let TaskAddress { query, task } = address;
        let query = self.ksql.query(query);
        let suspended = query.and_then(|it| it.suspended(task, &self.cluster));
        let nodes = Arc::make_mut(&mut self.nodes);
        if let Some(place) = nodes.places.get_mut(&address) {
            place.state = TaskState::Orphaned;
            if let Some(standby) = suspended.filter(Standby::is_stateful) {
                let copy = Copy {
                    standby: Arc::new(standby),
                    kind: CopyKind::Left,
                };
                nodes.copies.insert((address, node), copy);
            }
        }
    }

    /// A task goes on from what was last committed of it.
    fn resume(&mut self, address: TaskAddress, standby: &Standby) {
        let committed = self.nodes.committed.get(&address).cloned();
        let committed = committed.unwrap_or_else(|| Arc::new(Committed::default()));
        let task = address.task_ref();
        self.ksql
            .of_mut(address.query)
            .take_over(task, standby.clone(), &committed);
        if let Some(place) = Arc::make_mut(&mut self.nodes).places.get_mut(&address) {
            place.state = TaskState::Running;
        }
        self.call_task(address, FETCH_DELAY);
    }

    /// Decides which nodes keep copies of the state of a query's tasks.
    fn choose_copies(&mut self, query: QueryId, places: &[Chosen]) {
        let most = self.availability(query).standby_replicas as usize;
        let chosen = replicas(&self.wanted(query), places, &self.rooms(query), most);
        let tasks = self.nodes.tasks_of(query).into_iter();
        for (((address, _), place), chosen) in tasks.zip(places).zip(chosen) {
            for ((of, _), copy) in &mut Arc::make_mut(&mut self.nodes).copies {
                if *of == address {
                    copy.kind = CopyKind::Left;
                }
            }
            let standbys = chosen.into_iter().map(|node| (node, CopyKind::Standby));
            let warm_up = place.warm_up.map(|node| (node, CopyKind::WarmUp));
            for (node, kind) in standbys.chain(warm_up) {
                let known = self.nodes.copies.get(&(address, node));
                let known = known.map(|it| it.standby.clone());
                let standby = known.or_else(|| self.no_state(address));
                if let Some(standby) = standby.filter(|it| it.is_stateful()) {
                    self.keep_copy(address, node, standby, kind);
                }
            }
        }
    }

    fn keep_copy(
        &mut self,
        address: TaskAddress,
        node: NodeId,
        standby: Arc<Standby>,
        kind: CopyKind,
    ) {
        let copies = &mut Arc::make_mut(&mut self.nodes).copies;
        copies.insert((address, node), Copy { standby, kind });
        self.call_restore(address, node);
    }

    /// Lets the copies of a task's state take up what it has written.
    pub(super) fn call_replicas(&mut self, address: TaskAddress) {
        let nodes = self.nodes.clone();
        for (of, node, copy) in nodes.copies() {
            if of == address && copy.kind != CopyKind::Left {
                self.call_restore(address, node);
            }
        }
    }

    fn call_restore(&mut self, address: TaskAddress, node: NodeId) {
        let called = &mut Arc::make_mut(&mut self.nodes).called;
        if called.insert((address, node)) {
            let due = self.now + RESTORE_INTERVAL;
            self.queue.push(due, Message::Restore(address, node));
        }
    }

    /// A node reads the next batch of a task's changelogs.
    pub(super) fn on_restore(&mut self, address: TaskAddress, node: NodeId) {
        let nodes = Arc::make_mut(&mut self.nodes);
        nodes.called.remove(&(address, node));
        let place = nodes.places.get(&address);
        let is_task = place.is_some_and(|it| it.node == node && it.state == TaskState::Restoring);
        let is_running = nodes.is_running(node);
        let Some(copy) = nodes.copies.get_mut(&(address, node)) else {
            return;
        };
        let TaskAddress { query, task } = address;
        let Some(running) = self.ksql.query(query) else {
            return;
        };
        let kind = copy.kind;
        if !is_running || !(is_task || kind != CopyKind::Left) {
            return;
        }
        let standby = Arc::make_mut(&mut copy.standby);
        let mut scratch = Scratch::default();
        let was_cold = standby.lag(&self.cluster) > running.plan.availability.recovery_lag;
        let read = standby.restore(&running.plan, &self.cluster, RESTORE_RECORDS, &mut scratch);
        let left = standby.lag(&self.cluster);
        if let Err(found) = read {
            self.fail_query(query, Some(found.record), found.to_string());
            return;
        }
        if is_task && (read.is_ok_and(|it| it > 0) || left == 0) {
            self.note(TraceDetail::TaskRestored {
                node,
                query,
                task,
                left,
            });
        }
        // A copy that only keeps up is nothing to look at.
        if kind == CopyKind::WarmUp && was_cold {
            self.note(TraceDetail::TaskWarmed {
                node,
                query,
                task,
                left,
            });
        }
        match (left, is_task) {
            (0, true) => {
                let copies = &mut Arc::make_mut(&mut self.nodes).copies;
                if let Some(copy) = copies.remove(&(address, node)) {
                    self.resume(address, &copy.standby);
                }
            }
            (0, false) => {}
            _ => self.call_restore(address, node),
        }
    }

    /// A query stops for good because of something that its nodes have found.
    pub(super) fn fail_query(&mut self, query: QueryId, record: Option<RecordId>, why: String) {
        let engine = self.ksql.of_mut(query);
        engine.stop_for(query, &self.cluster, record, why);
        self.note(TraceDetail::QueryFailed { query, record });
        self.end_query(query);
    }
}
