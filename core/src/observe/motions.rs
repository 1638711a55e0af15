//! From the trace to motions: the events of a step become one thing that moved.
//!
//! The collector keeps only the newest events, so that its cost per event is constant and its
//! memory bounded, whatever the rate.

use crate::observe::text;
use crate::world::World;
use headwater_base::trace::Rejection;
use headwater_base::{
    ConsumerId, PartitionId, QueryId, RecordId, StationId, TraceDetail, TraceEvent, TraceSink,
};
use headwater_view::{Motion, MotionKind};
use std::collections::VecDeque;

/// Most trace events kept between two frames.
const EVENTS_MAX: usize = 2_048;

/// A trace sink that keeps the newest steps for the next frame.
#[derive(Clone, Debug, Default)]
pub struct MotionSink {
    events: VecDeque<TraceEvent>,
    steps: u64,
    last_step: Option<u64>,
}

impl TraceSink for MotionSink {
    fn take(&mut self, event: &TraceEvent) {
        if self.last_step != Some(event.step) {
            self.last_step = Some(event.step);
            self.steps += 1;
        }
        if self.events.len() == EVENTS_MAX {
            self.events.pop_front();
        }
        self.events.push_back(*event);
    }
}

impl MotionSink {
    /// Forgets what was collected.
    pub fn clear(&mut self) {
        *self = MotionSink::default();
    }

    /// The events of the newest step.
    pub fn newest_step(&self) -> Vec<TraceEvent> {
        let newest = self
            .events
            .iter()
            .rev()
            .take_while(|it| Some(it.step) == self.last_step);
        let mut events: Vec<TraceEvent> = newest.copied().collect();
        events.reverse();
        events
    }

    /// The newest `most` motions, oldest first, and how many were left out; starts anew.
    pub fn take_motions(&mut self, world: &World, most: u32) -> (Vec<Motion>, u32) {
        let events: Vec<TraceEvent> = std::mem::take(&mut self.events).into();
        let steps = std::mem::take(&mut self.steps);
        self.last_step = None;
        let mut motions: Vec<Motion> = events
            .chunk_by(|a, b| a.step == b.step)
            .rev()
            .filter_map(|events| motion(events, world))
            .take(most as usize)
            .collect();
        motions.reverse();
        let left_out = steps.saturating_sub(motions.len() as u64);
        (motions, u32::try_from(left_out).unwrap_or(u32::MAX))
    }
}

/// What the events of one step show as; `None` where nothing moves.
pub fn motion(events: &[TraceEvent], world: &World) -> Option<Motion> {
    let first = events.first()?;
    let details = || events.iter().map(|event| event.detail);
    let kind = details().find_map(|detail| match detail {
        TraceDetail::RecordRead { query, record } => Some(carry(query, record, events, world)),
        TraceDetail::RecordDelivered { consumer, record } => Some(MotionKind::Deliver {
            reader: consumer,
            record,
        }),
        TraceDetail::GroupRebalanced { group, generation } => Some(MotionKind::Rebalance {
            group: world.group_name(group).to_owned(),
            generation,
            revoked: details().filter_map(revoked).collect(),
            assigned: details().filter_map(assigned).collect(),
        }),
        _ => None,
    });
    let by_hand = details().any(|it| matches!(it, TraceDetail::CommandApplied { .. }));
    let kind = kind.or_else(|| {
        details().find_map(|detail| match detail {
            TraceDetail::RecordAppended { record, .. } if !is_kafkas_own(record, world) => {
                Some(MotionKind::Produce {
                    producer: world.producer_of(record).filter(|_| !by_hand),
                    record,
                })
            }
            TraceDetail::PartitionRevoked { consumer, .. }
            | TraceDetail::PartitionAssigned { consumer, .. } => {
                let reader = world.consumer(consumer)?;
                let group = world.groups().get(reader.group?)?;
                Some(MotionKind::Rebalance {
                    group: group.name.to_string(),
                    generation: group.generation,
                    revoked: details().filter_map(revoked).collect(),
                    assigned: details().filter_map(assigned).collect(),
                })
            }
            TraceDetail::LogStartAdvanced { partition, offset } => Some(MotionKind::Retire {
                first: RecordId { partition, offset },
            }),
            _ => None,
        })
    })?;
    Some(Motion {
        step: first.step,
        time_ms: first.time.epoch_millis(),
        kind,
    })
}

/// Whether a record lies in a topic that Kafka keeps for itself.
fn is_kafkas_own(record: RecordId, world: &World) -> bool {
    text::topic_name(world, record.partition).starts_with("__")
}

fn carry(query: QueryId, record: RecordId, events: &[TraceEvent], world: &World) -> MotionKind {
    let key = || text::record_key(world, record);
    let mut passed = Vec::new();
    let mut rejected: Option<(StationId, Rejection)> = None;
    let (mut probes, mut folds) = (Vec::new(), Vec::new());
    let (mut became, mut rows) = (Vec::new(), 0);
    for event in events {
        match event.detail {
            TraceDetail::StationPassed { station, .. } => passed.push(station),
            TraceDetail::StationRejected {
                station, reason, ..
            } => rejected = Some((station, reason)),
            TraceDetail::TableProbed { station, found, .. } => {
                probes.push((station, key(), found));
            }
            TraceDetail::StateUpdated { station, .. } => folds.push(station),
            TraceDetail::RecordAppended { record, .. }
                if !world.is_changelog(record) && !world.is_log_entry(record) =>
            {
                became.push(record);
            }
            TraceDetail::RowEmitted { .. } => rows += 1,
            _ => {}
        }
    }
    let value = became
        .last()
        .map(|record| text::record_value(world, *record));
    let value = value.unwrap_or_default();
    MotionKind::Carry {
        query,
        record,
        passed,
        rejected,
        probes,
        folds: folds
            .into_iter()
            .map(|station| (station, key(), value.clone()))
            .collect(),
        became,
        rows,
    }
}

fn revoked(detail: TraceDetail) -> Option<(ConsumerId, PartitionId)> {
    match detail {
        TraceDetail::PartitionRevoked {
            consumer,
            partition,
        } => Some((consumer, partition)),
        _ => None,
    }
}

fn assigned(detail: TraceDetail) -> Option<(ConsumerId, PartitionId)> {
    match detail {
        TraceDetail::PartitionAssigned {
            consumer,
            partition,
        } => Some((consumer, partition)),
        _ => None,
    }
}
