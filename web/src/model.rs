//! What the page knows of the lab: the whole view, brought forward by frames, and the pieces that
//! panels show, replaced only where a frame brought news, so that they compare by address.
//!
//! Only [`Model::apply`] changes it.

use crate::platform::PtrEq;
use headwater_view::{
    BranchView, BrokerView, ChartView, DualityView, Frame, GroupView, LabView, Narration, NodeView,
    Position, ProducerView, QueryView, ReaderView, ReplicationView, ResultView, TableView,
    TopicView,
};

/// The pieces that panels show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Where in the run this is.
    pub position: Position,
    /// Whether time moves.
    pub running: bool,
    /// Virtual seconds a wall second that the engine does.
    pub real_speed: f64,
    /// Producers.
    pub producers: PtrEq<Vec<ProducerView>>,
    /// Topics.
    pub topics: PtrEq<Vec<TopicView>>,
    /// Queries.
    pub queries: PtrEq<Vec<QueryView>>,
    /// Tables.
    pub tables: PtrEq<Vec<TableView>>,
    /// Consumers.
    pub readers: PtrEq<Vec<ReaderView>>,
    /// Consumer groups.
    pub groups: PtrEq<Vec<GroupView>>,
    /// Brokers.
    pub brokers: PtrEq<Vec<BrokerView>>,
    /// Replicas.
    pub replication: PtrEq<Vec<ReplicationView>>,
    /// ksqlDB nodes.
    pub nodes: PtrEq<Vec<NodeView>>,
    /// Push queries' rows.
    pub results: PtrEq<Vec<ResultView>>,
    /// The stream/table duality.
    pub duality: PtrEq<Option<DualityView>>,
    /// Charts.
    pub charts: PtrEq<Vec<ChartView>>,
    /// What just happened.
    pub narration: PtrEq<Option<Narration>>,
    /// Lines of time that were left.
    pub branches: PtrEq<Vec<BranchView>>,
}

/// Which pieces differ from what panels show.
#[derive(Clone, Copy, Debug, Default)]
struct Stale {
    producers: bool,
    topics: bool,
    queries: bool,
    tables: bool,
    readers: bool,
    groups: bool,
    brokers: bool,
    replication: bool,
    nodes: bool,
    results: bool,
    duality: bool,
    charts: bool,
    narration: bool,
    branches: bool,
}

/// The whole view and the pieces shown.
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// The settled picture, as new as the last frame.
    pub view: LabView,
    /// What panels show: as new as the last [`Model::publish`].
    pub shown: Shown,
    /// Number of the last frame; `None` before the first.
    last: Option<u64>,
    running: bool,
    real_speed: f64,
    stale: Stale,
    /// The furthest moment seen since the lab was opened, in milliseconds since 1970.
    pub furthest_ms: i64,
}

/// Whether a frame could be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// The view is as new as the frame.
    Yes,
    /// A frame was lost: ask for a whole one.
    Gap,
}

impl Model {
    /// Brings the view to the moment of `frame`.
    pub fn apply(&mut self, frame: &Frame) -> Applied {
        let follows = self.last.is_some_and(|last| last + 1 == frame.number);
        if !frame.full && !follows {
            return Applied::Gap;
        }
        self.last = Some(frame.number);
        frame.apply(&mut self.view);
        self.running = frame.running;
        self.real_speed = frame.real_speed;
        self.furthest_ms = self.furthest_ms.max(frame.position.time_ms);
        let all = frame.full;
        let stale = &mut self.stale;
        stale.producers |= all || !frame.producers.is_empty() || !frame.producers_gone.is_empty();
        stale.topics |= all || !frame.topics.is_empty() || !frame.topics_gone.is_empty();
        stale.queries |= all || !frame.queries.is_empty() || !frame.queries_gone.is_empty();
        stale.tables |= all || !frame.tables.is_empty() || !frame.tables_gone.is_empty();
        stale.readers |= all || !frame.readers.is_empty() || !frame.readers_gone.is_empty();
        stale.groups |= all || frame.groups.is_some();
        stale.brokers |= all || frame.brokers.is_some();
        stale.replication |= all || frame.replication.is_some();
        stale.nodes |= all || frame.nodes.is_some();
        stale.results |= all || !frame.results.is_empty() || !frame.results_gone.is_empty();
        stale.duality |= all || frame.duality.is_some();
        stale.charts |= all || frame.charts.is_some();
        stale.narration |= all || frame.narration.is_some();
        stale.branches |= all || frame.branches.is_some();
        Applied::Yes
    }

    /// Whether time moves, as the last frame said.
    pub fn running(&self) -> bool {
        self.running
    }

    /// Brings what panels show up to the view.
    pub fn publish(&mut self) {
        let stale = std::mem::take(&mut self.stale);
        let (view, shown) = (&self.view, &mut self.shown);
        shown.position = view.position.clone();
        shown.running = self.running;
        shown.real_speed = self.real_speed;
        refresh(stale.producers, &mut shown.producers, &view.producers);
        refresh(stale.topics, &mut shown.topics, &view.topics);
        refresh(stale.queries, &mut shown.queries, &view.queries);
        refresh(stale.tables, &mut shown.tables, &view.tables);
        refresh(stale.readers, &mut shown.readers, &view.readers);
        refresh(stale.groups, &mut shown.groups, &view.groups);
        refresh(stale.brokers, &mut shown.brokers, &view.brokers);
        refresh(stale.replication, &mut shown.replication, &view.replication);
        refresh(stale.nodes, &mut shown.nodes, &view.nodes);
        refresh(stale.results, &mut shown.results, &view.results);
        refresh(stale.duality, &mut shown.duality, &view.duality);
        refresh(stale.charts, &mut shown.charts, &view.charts);
        refresh(stale.narration, &mut shown.narration, &view.narration);
        refresh(stale.branches, &mut shown.branches, &view.branches);
    }
}

fn refresh<T: Clone>(stale: bool, shown: &mut PtrEq<T>, now: &T) {
    if stale {
        *shown = PtrEq::new(now.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(number: u64, full: bool) -> Frame {
        Frame {
            number,
            full,
            ..Frame::default()
        }
    }

    #[test]
    fn a_gap_in_numbers_is_noticed() {
        let mut model = Model::default();
        assert_eq!(model.apply(&frame(5, false)), Applied::Gap);
        assert_eq!(model.apply(&frame(7, true)), Applied::Yes);
        assert_eq!(model.apply(&frame(8, false)), Applied::Yes);
        assert_eq!(model.apply(&frame(10, false)), Applied::Gap);
    }

    #[test]
    fn what_no_frame_touched_keeps_its_address() {
        let mut model = Model::default();
        model.apply(&frame(1, true));
        model.publish();
        let before = model.shown.topics.clone();
        model.apply(&frame(2, false));
        model.publish();
        assert!(model.shown.topics == before);
    }
}
