//! How tasks come to nodes: at the start of a query, when nodes come and go, and with their state
//! read back from its changelogs, a batch at a time.

use crate::world::assign::{Room, Wanted, assign, replicas};
use crate::world::consumers::FETCH_DELAY;
use crate::world::nodes::{Copy, Node, Place, TaskState};
use crate::world::{Message, TaskAddress, World};
use headwater_base::{Millis, NodeId, QueryId, RecordId, TraceDetail, order};
use headwater_sql::runtime::{Committed, Scratch, Standby};
use std::collections::BTreeSet;
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
        for (address, node) in tasks.iter().zip(owners) {
            let committed = self.ksql.of(query).engine.committed(address.task_ref());
            let nodes = Arc::make_mut(&mut self.nodes);
            nodes.commit(*address, committed.unwrap_or_default());
            let state = TaskState::Running;
            nodes.places.insert(*address, Place { node, state });
        }
        if is_shared {
            self.choose_replicas(query);
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
        let queries: BTreeSet<QueryId> = self.nodes.places().map(|(it, _)| it.query).collect();
        for query in queries {
            let found = self.ksql.query(query);
            let is_shared = found.is_some_and(|it| it.kind.is_persistent());
            if is_shared && self.ksql.index_of(query) == cluster {
                self.rebalance_query(query);
            }
        }
    }

    fn rebalance_query(&mut self, query: QueryId) {
        let owners = assign(&self.wanted(query), &self.rooms(query));
        for ((address, _), node) in self.nodes.tasks_of(query).into_iter().zip(owners) {
            self.move_task(address, node);
        }
        self.choose_replicas(query);
    }

    /// Who runs the tasks of a query, and who has state of them.
    fn wanted(&self, query: QueryId) -> Vec<Wanted> {
        let tasks = self.nodes.tasks_of(query).into_iter();
        let wanted = |(address, place): (TaskAddress, Place)| {
            let copies = self.nodes.copies().filter(|(of, ..)| *of == address);
            let mut state: Vec<(u64, NodeId)> = copies
                .map(|(_, node, copy)| (copy.standby.lag(&self.cluster), node))
                .collect();
            order::sort(&mut state);
            Wanted {
                owner: (place.state != TaskState::Orphaned).then_some(place.node),
                state: state.into_iter().map(|(_, node)| node).collect(),
            }
        };
        tasks.map(wanted).collect()
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
            _ => self.keep_copy(address, node, standby, false),
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
                    is_replica: false,
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
    fn choose_replicas(&mut self, query: QueryId) {
        let most = self.ksql.query(query).map(|it| it.plan.standby_replicas);
        let tasks = self.nodes.tasks_of(query);
        let owners: Vec<NodeId> = tasks.iter().map(|(_, place)| place.node).collect();
        let most = most.unwrap_or(0) as usize;
        let chosen = replicas(&self.wanted(query), &owners, &self.rooms(query), most);
        for ((address, place), chosen) in tasks.into_iter().zip(chosen) {
            for ((of, node), copy) in &mut Arc::make_mut(&mut self.nodes).copies {
                if *of == address && *node != place.node {
                    copy.is_replica = false;
                }
            }
            for node in chosen {
                let known = self.nodes.copies.get(&(address, node));
                let known = known.map(|it| it.standby.clone());
                let standby = known.or_else(|| self.no_state(address));
                if let Some(standby) = standby.filter(|it| it.is_stateful()) {
                    self.keep_copy(address, node, standby, true);
                }
            }
        }
    }

    fn keep_copy(
        &mut self,
        address: TaskAddress,
        node: NodeId,
        standby: Arc<Standby>,
        is_replica: bool,
    ) {
        let copy = Copy {
            standby,
            is_replica,
        };
        let copies = &mut Arc::make_mut(&mut self.nodes).copies;
        copies.insert((address, node), copy);
        self.call_restore(address, node);
    }

    /// Lets the copies of a task's state take up what it has written.
    pub(super) fn call_replicas(&mut self, address: TaskAddress) {
        let nodes = self.nodes.clone();
        for (of, node, copy) in nodes.copies() {
            if of == address && copy.is_replica {
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
        if !is_running || !(is_task || copy.is_replica) {
            return;
        }
        let standby = Arc::make_mut(&mut copy.standby);
        let mut scratch = Scratch::default();
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
