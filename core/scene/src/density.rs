//! How densely a lane is drawn: tiles while an eye can follow, then blocks, ticks, and a ribbon.
//!
//! The thresholds have hysteresis, so that a rate that wavers around one does not flicker. That
//! is the one thing here with a memory; it is a value of its own, and pausing empties it.

use headwater_base::{PartitionId, SortedMap, SortedSet};
use headwater_view::LabView;
use serde::{Deserialize, Serialize};

/// How a lane shows its records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Density {
    /// Each record with its face.
    #[default]
    Tiles,
    /// Colour only.
    Blocks,
    /// A tick a record.
    Ticks,
    /// A histogram of the last ten virtual seconds.
    Ribbon,
}

/// Records a wall second above which the next density is taken.
const UP: [f64; 3] = [6.0, 40.0, 400.0];
/// The part of a threshold to which a rate has to fall before the density is given up again.
const BACK: f64 = 0.75;
const ALL: [Density; 4] = [
    Density::Tiles,
    Density::Blocks,
    Density::Ticks,
    Density::Ribbon,
];

/// The densities of all lanes. The default is tiles everywhere, as it is when time stands still.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Densities {
    lanes: SortedMap<PartitionId, Density>,
    speed: f64,
}

impl Densities {
    /// The density of a lane.
    pub fn of(&self, partition: PartitionId) -> Density {
        self.lanes.get(&partition).copied().unwrap_or_default()
    }

    /// Virtual seconds a wall second at the last update; 0 when time stands still.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Takes in new rates. `speed` is in virtual seconds a wall second, 0 when time stands still.
    ///
    /// ```
    /// use headwater_scene::Densities;
    /// let mut densities = Densities::default();
    /// densities.update(&headwater_view::LabView::default(), 1.0);
    /// densities.update(&headwater_view::LabView::default(), 0.0);
    /// assert_eq!(densities, Densities::default());
    /// ```
    pub fn update(&mut self, view: &LabView, speed: f64) {
        let mut lanes = SortedMap::new();
        for lane in view.topics.iter().flat_map(|it| &it.partitions) {
            let density = next(self.of(lane.id), lane.rate * speed);
            if density != Density::Tiles {
                lanes.insert(lane.id, density);
            }
        }
        self.lanes = lanes;
        self.speed = speed;
    }

    /// Partitions that were drawn in another density `before`.
    pub fn changed_since(&self, before: &Densities) -> SortedSet<PartitionId> {
        let all = self.lanes.keys().chain(before.lanes.keys());
        let differs = |it: &&PartitionId| self.of(**it) != before.of(**it);
        let mut changed = SortedSet::new();
        changed.extend(all.filter(differs));
        changed
    }

    /// Forgets everything, as after a seek.
    pub fn reset(&mut self) {
        *self = Densities::default();
    }
}

fn next(now: Density, rate: f64) -> Density {
    let over = |factor: f64| UP.iter().filter(|it| rate > **it * factor).count();
    let (least, most) = (over(1.0), over(BACK));
    ALL[(now as usize).clamp(least, most.max(least))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_that_wavers_around_a_threshold_changes_nothing() {
        assert_eq!(next(Density::Tiles, 6.0), Density::Tiles);
        assert_eq!(next(Density::Tiles, 6.1), Density::Blocks);
        assert_eq!(next(Density::Blocks, 5.0), Density::Blocks);
        assert_eq!(next(Density::Blocks, 4.4), Density::Tiles);
        assert_eq!(next(Density::Tiles, 50_000.0), Density::Ribbon);
        assert_eq!(next(Density::Ribbon, 0.0), Density::Tiles);
        assert_eq!(next(Density::Tiles, f64::NAN), Density::Tiles);
    }
}
