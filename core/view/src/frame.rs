//! What the engine's side posts to the page, at most once an animation frame.

use crate::cluster::{BrokerView, ReplicationView};
use crate::lab::{
    BranchView, GroupView, LabView, Narration, OfferView, Position, ProducerView, ReaderView,
    TopicView,
};
use crate::motion::Motion;
use crate::node::{KsqlClusterView, NodeView};
use crate::query::QueryView;
use crate::table::{ChartView, DualityView, ResultView, TableView};
use headwater_base::{ConsumerId, ProducerId, QueryId, TopicId};
use serde::{Deserialize, Serialize};

/// What changed since the frame before: whole entities, only those that differ.
///
/// Numbers count by one. Who sees a gap asks for a snapshot, which is a frame with `full` set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The frame's number.
    pub number: u64,
    /// Whether this is a snapshot: forget all that was known before.
    pub full: bool,
    /// Where in the run this is.
    pub position: Position,
    /// Whether time moves.
    pub running: bool,
    /// Virtual seconds a wall second that the engine really did, over the last second.
    pub real_speed: f64,
    /// Producers that are new or differ.
    pub producers: Vec<ProducerView>,
    /// Producers that are gone.
    pub producers_gone: Vec<ProducerId>,
    /// Topics that are new or differ.
    pub topics: Vec<TopicView>,
    /// Topics that are gone.
    pub topics_gone: Vec<TopicId>,
    /// Queries that are new or differ.
    pub queries: Vec<QueryView>,
    /// Queries that are gone.
    pub queries_gone: Vec<QueryId>,
    /// Tables that are new or differ.
    pub tables: Vec<TableView>,
    /// Tables that are gone.
    pub tables_gone: Vec<String>,
    /// Consumers that are new or differ.
    pub readers: Vec<ReaderView>,
    /// Consumers that are gone.
    pub readers_gone: Vec<ConsumerId>,
    /// All groups, if any differs.
    pub groups: Option<Vec<GroupView>>,
    /// All ksqlDB clusters, if any differs.
    pub clusters: Option<Vec<KsqlClusterView>>,
    /// All brokers, if any differs.
    pub brokers: Option<Vec<BrokerView>>,
    /// All that is told of replicas, if any differs.
    pub replication: Option<Vec<ReplicationView>>,
    /// All nodes, if any differs.
    pub nodes: Option<Vec<NodeView>>,
    /// Results that are new or differ.
    pub results: Vec<ResultView>,
    /// Results that are gone.
    pub results_gone: Vec<QueryId>,
    /// The duality, if it differs.
    pub duality: Option<Option<DualityView>>,
    /// All charts, if any differs.
    pub charts: Option<Vec<ChartView>>,
    /// All offers, if any differs.
    pub offers: Option<Vec<OfferView>>,
    /// What just happened, if it differs.
    pub narration: Option<Narration>,
    /// All branches, if any differs.
    pub branches: Option<Vec<BranchView>>,
    /// What moved, oldest first; at most as many as were asked for.
    pub motions: Vec<Motion>,
    /// Motions that were left out because there were too many.
    pub motions_left_out: u32,
}

impl Frame {
    /// The difference between two views, without number, motions and speed.
    pub fn between(before: Option<&LabView>, after: &LabView) -> Frame {
        let empty = LabView::default();
        let old = before.unwrap_or(&empty);
        let (producers, producers_gone) = changed(&old.producers, &after.producers, |it| it.id);
        let (topics, topics_gone) = changed(&old.topics, &after.topics, |it| it.id);
        let (queries, queries_gone) = changed(&old.queries, &after.queries, |it| it.id);
        let (tables, tables_gone) = changed(&old.tables, &after.tables, |it| it.name.clone());
        let (readers, readers_gone) = changed(&old.readers, &after.readers, |it| it.id);
        let (results, results_gone) = changed(&old.results, &after.results, |it| it.query);
        Frame {
            full: before.is_none(),
            position: after.position.clone(),
            producers,
            producers_gone,
            topics,
            topics_gone,
            queries,
            queries_gone,
            tables,
            tables_gone,
            readers,
            readers_gone,
            groups: differs(&old.groups, &after.groups),
            clusters: differs(&old.clusters, &after.clusters),
            brokers: differs(&old.brokers, &after.brokers),
            replication: differs(&old.replication, &after.replication),
            nodes: differs(&old.nodes, &after.nodes),
            results,
            results_gone,
            duality: differs(&old.duality, &after.duality),
            charts: differs(&old.charts, &after.charts),
            offers: differs(&old.offers, &after.offers),
            narration: differs(&old.narration, &after.narration).flatten(),
            branches: differs(&old.branches, &after.branches),
            ..Frame::default()
        }
    }

    /// Brings `view` to the moment of this frame.
    pub fn apply(&self, view: &mut LabView) {
        if self.full {
            *view = LabView::default();
        }
        view.position = self.position.clone();
        merge(
            &mut view.producers,
            &self.producers,
            &self.producers_gone,
            |it| it.id,
        );
        merge(&mut view.topics, &self.topics, &self.topics_gone, |it| {
            it.id
        });
        merge(&mut view.queries, &self.queries, &self.queries_gone, |it| {
            it.id
        });
        merge(&mut view.tables, &self.tables, &self.tables_gone, |it| {
            it.name.clone()
        });
        merge(&mut view.readers, &self.readers, &self.readers_gone, |it| {
            it.id
        });
        merge(&mut view.results, &self.results, &self.results_gone, |it| {
            it.query
        });
        replace(&mut view.groups, &self.groups);
        replace(&mut view.clusters, &self.clusters);
        replace(&mut view.brokers, &self.brokers);
        replace(&mut view.replication, &self.replication);
        replace(&mut view.nodes, &self.nodes);
        replace(&mut view.duality, &self.duality);
        replace(&mut view.charts, &self.charts);
        replace(&mut view.branches, &self.branches);
        replace(&mut view.offers, &self.offers);
        if self.narration.is_some() || self.full {
            view.narration = self.narration.clone();
        }
    }
}

fn changed<T: Clone + PartialEq, K: Ord>(
    old: &[T],
    new: &[T],
    key: impl Fn(&T) -> K,
) -> (Vec<T>, Vec<K>) {
    let find = |list: &[T], wanted: &K| list.iter().position(|it| key(it) == *wanted);
    let differs = |it: &&T| find(old, &key(it)).is_none_or(|at| old[at] != **it);
    let gone = |it: &&T| find(new, &key(it)).is_none();
    (
        new.iter().filter(differs).cloned().collect(),
        old.iter().filter(gone).map(&key).collect(),
    )
}

fn merge<T: Clone, K: Ord>(list: &mut Vec<T>, new: &[T], gone: &[K], key: impl Fn(&T) -> K) {
    list.retain(|it| !gone.contains(&key(it)));
    for item in new {
        match list.binary_search_by_key(&key(item), &key) {
            Ok(at) => list[at] = item.clone(),
            Err(at) => list.insert(at, item.clone()),
        }
    }
}

fn differs<T: Clone + PartialEq>(old: &T, new: &T) -> Option<T> {
    (old != new).then(|| new.clone())
}

fn replace<T: Clone>(slot: &mut T, new: &Option<T>) {
    if let Some(new) = new {
        *slot = new.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn producer(id: u32, produced: u64) -> ProducerView {
        ProducerView {
            id: ProducerId(id),
            name: format!("p{id}"),
            topic: TopicId(0),
            about: String::new(),
            running: true,
            produced,
        }
    }

    #[test]
    fn a_frame_turns_the_old_view_into_the_new() {
        let old = LabView {
            producers: vec![producer(0, 1), producer(2, 5)],
            ..LabView::default()
        };
        let new = LabView {
            producers: vec![producer(0, 2), producer(1, 1)],
            ..LabView::default()
        };
        let frame = Frame::between(Some(&old), &new);
        assert_eq!(frame.producers.len(), 2);
        assert_eq!(frame.producers_gone, [ProducerId(2)]);
        let mut seen = old;
        frame.apply(&mut seen);
        assert_eq!(seen, new);
    }

    #[test]
    fn a_snapshot_needs_no_past() {
        let new = LabView {
            producers: vec![producer(3, 2)],
            ..LabView::default()
        };
        let frame = Frame::between(None, &new);
        let mut seen = LabView {
            producers: vec![producer(0, 9)],
            ..LabView::default()
        };
        frame.apply(&mut seen);
        assert_eq!(seen, new);
    }
}
