//! From one density of a lane to the next: both are painted over each other for a moment.
//!
//! It is motion, not part of the settled picture; who pauses sees the settled one at once.

use crate::display::{DisplayList, Item, Layer, Target};
use headwater_base::{PartitionId, SortedSet};

/// How long the change takes, in wall milliseconds.
pub const FADE_MS: f64 = 400.0;

/// The picture `now` on its way from `before`: of the lanes of these partitions the records as
/// they were drawn before go, and those of `now` come; `part` goes from 0 to 1.
///
/// ```
/// use headwater_scene::{DisplayList, blend};
/// let picture = DisplayList::default();
/// assert_eq!(blend(&picture, &picture, &Default::default(), 0.5), picture);
/// ```
pub fn blend(
    before: &DisplayList,
    now: &DisplayList,
    partitions: &SortedSet<PartitionId>,
    part: f64,
) -> DisplayList {
    let part = part.clamp(0.0, 1.0);
    let landings = partitions.iter().filter_map(|it| now.landings.get(it));
    let mut lanes = SortedSet::new();
    lanes.extend(landings.map(|landing| landing.lane));
    let fades = |item: &Item| lane_of(item).is_some_and(|it| lanes.contains(&it));
    let mut out = now.clone();
    for item in out.items.iter_mut().filter(|it| fades(it)) {
        item.alpha *= part;
    }
    let going = before.items.iter().filter(|it| fades(it)).cloned();
    let going: Vec<Item> = going
        .map(|item| Item {
            alpha: item.alpha * (1.0 - part),
            ..item
        })
        .collect();
    let place = out.items.partition_point(|it| it.layer <= Layer::Tiles);
    out.items.splice(place..place, going);
    out
}

/// The lane whose record or ribbon an item is.
fn lane_of(item: &Item) -> Option<PartitionId> {
    match (item.layer, item.lane, &item.target) {
        (Layer::Tiles, Some(lane), _) => Some(lane),
        (Layer::Tiles, None, Some(Target::Lane(lane))) => Some(*lane),
        _ => None,
    }
}
