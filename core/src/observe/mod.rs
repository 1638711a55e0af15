//! What the laboratory looks like: folds a [`World`] into the plain data of `headwater_view`.
//!
//! A view is a pure function of the world and of what was asked for. The [`Observer`] only
//! remembers what costs time to make again, such as faces of records that cannot change.

mod brokers;
mod bytes;
mod chart;
mod duality;
mod face;
mod inspect;
mod lanes;
mod lineage;
mod motions;
mod narration;
mod nodes;
pub mod offers;
mod protocol;
mod queries;
mod readers;
mod results;
mod rows;
mod state;
mod tables;
pub mod text;

pub use inspect::record_detail;
pub use motions::{MotionSink, motion};
pub use narration::narrate;
pub use readers::positions;
pub use rows::{result, result_row};
pub use state::lab_state;

use crate::world::World;
use headwater_base::{RecordId, SortedMap, TopicId};
use headwater_view::{LabView, Narration, Position, Tile, ViewRequest};
use std::rc::Rc;

/// Makes views of one laboratory, frame after frame.
#[derive(Clone, Debug, Default)]
pub struct Observer {
    /// Tiles that were made before; a record's tile changes only when the catalog or the page's
    /// settings do.
    tiles: SortedMap<RecordId, Tile>,
    looks: SortedMap<TopicId, Rc<lanes::Looks>>,
    /// Commands and elections: after a new leader, an offset may hold another record.
    made_after: (u64, u64),
    tables: tables::Tables,
    charts: chart::Charts,
}

/// Most tiles that are remembered.
const TILES_MAX: usize = 20_000;

impl Observer {
    /// Forgets everything. To be called after travel in time: another branch may hold other
    /// records at the same offsets.
    pub fn forget(&mut self) {
        *self = Observer::default();
    }

    /// The view that `request` asks for.
    pub fn view(&mut self, world: &World, request: &ViewRequest) -> LabView {
        let made_after = (world.commands_applied(), world.elections());
        if self.made_after != made_after || self.tiles.len() > TILES_MAX {
            self.forget();
            self.made_after = made_after;
        }
        let tables = self.tables.view(world, request.rows_per_table);
        LabView {
            position: position(world),
            producers: readers::producers(world),
            topics: self.topics(world, request),
            queries: queries::queries(world, request),
            duality: duality::duality(world, request, &tables),
            tables,
            nodes: nodes::nodes(world),
            clusters: nodes::clusters(world),
            readers: readers::readers(world),
            groups: readers::groups(world),
            brokers: brokers::brokers(world),
            replication: brokers::replication(world),
            results: results::results(world, request),
            charts: self.charts.view(world),
            offers: offers::offers(world),
            narration: None,
            branches: Vec::new(),
        }
    }

    /// The same with what was just told.
    pub fn view_with(
        &mut self,
        world: &World,
        request: &ViewRequest,
        narration: Option<Narration>,
    ) -> LabView {
        LabView {
            narration,
            ..self.view(world, request)
        }
    }
}

/// Where in its run a world is.
pub fn position(world: &World) -> Position {
    Position {
        step: world.step(),
        time_ms: world.now().epoch_millis(),
        hash: format!("{:016x}", world.hash()),
    }
}
