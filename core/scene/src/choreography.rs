//! Motion: the way from one settled picture to the next, in wall time.

use crate::display::{DisplayList, Item};
use headwater_base::{PartitionId, RecordId};
use headwater_view::Motion;
use std::collections::{BTreeMap, BTreeSet};

/// What is under way.
#[derive(Clone, Debug, Default)]
pub struct Choreography {
    reduced: bool,
}

/// What to paint over a settled picture at one moment, and what to leave out of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moving {
    /// What moves, in the order of painting.
    pub items: Vec<Item>,
    /// Records that have not arrived yet: leave their tiles out of the settled picture.
    pub hidden: BTreeSet<RecordId>,
    /// Lanes that are still sliding: how far to the right of its settled place a lane's content is.
    pub slides: BTreeMap<PartitionId, f64>,
}

impl Choreography {
    /// Nothing under way. With `reduced`, nothing ever travels.
    pub fn new(reduced: bool) -> Choreography {
        Choreography { reduced }
    }

    /// Takes up what moved in a frame. `speed` is in virtual seconds a wall second.
    pub fn add(&mut self, motions: &[Motion], now_ms: f64, speed: f64) {
        let _ = (motions, now_ms, speed, self.reduced);
    }

    /// Time stands still now: brings everything to its end within 300 ms.
    pub fn finish(&mut self, _now_ms: f64) {}

    /// Drops everything, as after a seek.
    pub fn clear(&mut self) {}

    /// What to paint at this moment over this picture.
    pub fn frame(&mut self, _now_ms: f64, _picture: &DisplayList) -> Moving {
        Moving::default()
    }

    /// Whether nothing moves at this moment.
    pub fn is_still(&self, _now_ms: f64) -> bool {
        true
    }
}
