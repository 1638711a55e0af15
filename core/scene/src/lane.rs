//! What a lane shows: which record in which slot, and where a slot is.
//!
//! A lane is one partition, or all partitions of a folded topic merged by the time of appending.
//! How it is drawn is in [`crate::channel`].

use crate::density::Density;
use crate::geometry::Rect;
use crate::metrics::{NIB, PITCH};
use crate::replicas::Replicas;
use crate::tile::SIDE;
use headwater_base::{PartitionId, RecordId, order};
use headwater_view::{LaneView, Tile};

/// What a lane shows: for each slot from the left a record, and what its ends look like.
pub(crate) struct Content<'a> {
    /// Whose lane it is, for zones and for sliding.
    pub(crate) partition: PartitionId,
    /// Records by slot.
    pub(crate) slots: Vec<Slot<'a>>,
    /// The slot in which the next record will land.
    pub(crate) landing: usize,
    /// Records that are out of sight at the left although they are known.
    pub(crate) scrolled: u64,
    /// Whether older records are not drawn although they exist.
    pub(crate) more: bool,
    /// The first offset that is left, where retention has eaten.
    pub(crate) torn: Option<u64>,
    /// Whether slots are offsets, so that offsets can be written under them.
    pub(crate) offset_of_first: Option<u64>,
    /// Slots at which segments begin.
    pub(crate) segments: Vec<usize>,
    /// How densely it is drawn.
    pub(crate) density: Density,
    /// Records in each of the last ten virtual seconds.
    pub(crate) histogram: Vec<u32>,
    /// Records a wall second.
    pub(crate) rate: f64,
    /// What is to be said of its replicas.
    pub(crate) replicas: Replicas,
}

/// A record in its slot.
pub(crate) struct Slot<'a> {
    pub(crate) slot: usize,
    pub(crate) record: RecordId,
    pub(crate) tile: &'a Tile,
}

const DENSE_PITCH: [f64; 4] = [PITCH, 10.0, 3.0, PITCH];

/// From one record to the next.
pub(crate) fn pitch(density: Density) -> f64 {
    DENSE_PITCH[density as usize]
}

/// How many slots a channel of this width has, the landing not counted.
pub(crate) fn slots_in(width: f64, density: Density) -> usize {
    let pitch = DENSE_PITCH[density as usize];
    (((width - 4.0 - NIB) / pitch).floor().max(1.0)) as usize
}

/// The left edge of a slot.
pub(crate) fn slot_x(channel: &Rect, density: Density, slot: usize) -> f64 {
    channel.x + 4.0 + DENSE_PITCH[density as usize] * slot as f64
}

/// One partition by offset.
pub(crate) fn of_partition<'a>(
    lane: &'a LaneView,
    width: f64,
    density: Density,
    speed: f64,
) -> Content<'a> {
    let room = slots_in(width, density) as u64;
    let known = lane.tiles.first().map_or(lane.end_offset, |it| it.offset);
    let first = lane.end_offset.saturating_sub(room).max(known);
    let slot_of = |offset: u64| offset.saturating_sub(first) as usize;
    let tiles = lane
        .tiles
        .iter()
        .filter(|it| it.offset >= first && it.offset < lane.end_offset);
    let slots = tiles.map(|tile| Slot {
        slot: slot_of(tile.offset),
        record: RecordId {
            partition: lane.id,
            offset: tile.offset,
        },
        tile,
    });
    let segments = lane.segment_starts.iter();
    Content {
        partition: lane.id,
        slots: slots.collect(),
        landing: slot_of(lane.end_offset),
        scrolled: first - known.min(first),
        more: first > lane.start_offset,
        torn: (lane.start_offset > 0).then_some(lane.start_offset),
        offset_of_first: Some(first),
        segments: segments
            .filter(|it| **it > first && **it < lane.end_offset)
            .map(|it| slot_of(*it))
            .collect(),
        density,
        histogram: lane.histogram.clone(),
        rate: lane.rate * speed,
        replicas: Replicas::default(),
    }
}

/// All partitions of a topic, merged by the time of appending.
pub(crate) fn of_topic<'a>(
    lanes: &'a [LaneView],
    width: f64,
    density: Density,
    speed: f64,
) -> Content<'a> {
    let mut all: Vec<(&LaneView, &Tile)> = lanes
        .iter()
        .flat_map(|lane| lane.tiles.iter().map(move |tile| (lane, tile)))
        .collect();
    let age = |(lane, tile): &(&LaneView, &Tile)| (tile.appended_ms, lane.partition, tile.offset);
    order::sort_by(&mut all, |one, other| age(one).cmp(&age(other)));
    let room = slots_in(width, density);
    let skipped = all.len().saturating_sub(room);
    let shown = all.split_off(skipped);
    let total: u64 = lanes
        .iter()
        .map(|it| it.end_offset - it.start_offset.min(it.end_offset))
        .sum();
    let mut histogram: Vec<u32> = Vec::new();
    for lane in lanes {
        histogram.resize(histogram.len().max(lane.histogram.len()), 0);
        for (sum, count) in histogram.iter_mut().zip(&lane.histogram) {
            *sum = sum.saturating_add(*count);
        }
    }
    Content {
        partition: lanes.first().map_or(PartitionId(u32::MAX), |it| it.id),
        landing: shown.len(),
        scrolled: skipped as u64,
        more: total > shown.len() as u64,
        torn: None,
        offset_of_first: None,
        segments: Vec::new(),
        density,
        histogram,
        rate: lanes.iter().map(|it| it.rate).sum::<f64>() * speed,
        replicas: Replicas::default(),
        slots: shown
            .into_iter()
            .enumerate()
            .map(|(slot, (lane, tile))| Slot {
                slot,
                record: RecordId {
                    partition: lane.id,
                    offset: tile.offset,
                },
                tile,
            })
            .collect(),
    }
}

/// Where the next record of this lane will land.
pub(crate) fn landing(channel: &Rect, content: &Content<'_>) -> Rect {
    let x = slot_x(channel, content.density, content.landing).min(channel.right() - SIDE + 3.0);
    Rect::new(x, channel.y + (channel.height - SIDE) / 2.0, SIDE, SIDE)
}
