//! Compaction: sealed segments keep the last record of each key, at its offset.
//!
//! As Kafka's cleaner: keys are looked up over all sealed segments, the active one is never
//! touched, and a tombstone stays for `delete.retention.ms` after its first compaction, so that
//! a slow reader learns of it.

use crate::config::TopicConfig;
use crate::partition::Partition;
use crate::record::RecordRef;
use crate::segment::Segment;
use headwater_base::{Millis, VirtualTime};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Partition {
    /// Whether compaction would start now: enough is uncompacted (`min.cleanable.dirty.ratio`), or
    /// something has been so for too long (`max.compaction.lag.ms`).
    pub fn is_compaction_due(&self, config: &TopicConfig, now: VirtualTime) -> bool {
        if !config.cleanup_policy.compacts() {
            return false;
        }
        let ready = self.compactable(config, now);
        let dirty = self.segments.iter().take(ready);
        let dirty = dirty.filter(|segment| segment.base_offset() >= self.compacted_until);
        let (mut dirty_bytes, mut oldest) = (0, i64::MAX);
        for segment in dirty {
            dirty_bytes += segment.bytes();
            oldest = oldest.min(segment.max_timestamp());
        }
        if dirty_bytes == 0 {
            return false;
        }
        let all: u64 = self
            .segments
            .iter()
            .take(ready)
            .map(|segment| segment.bytes())
            .sum();
        let waited = now.epoch_millis().saturating_sub(oldest);
        waited > config.max_compaction_lag_ms
            || dirty_bytes as f64 / all as f64 >= config.min_cleanable_dirty_ratio
    }

    /// How many segments may be compacted: sealed, and older than `min.compaction.lag.ms`.
    fn compactable(&self, config: &TopicConfig, now: VirtualTime) -> usize {
        let sealed = self.segments.len().saturating_sub(1);
        let settled = now
            .epoch_millis()
            .saturating_sub(config.min_compaction_lag_ms);
        let is_settled = |segment: &&Arc<Segment>| {
            // What not all in-sync replicas have yet may still change.
            let is_agreed = segment.next_offset() <= self.high_watermark();
            is_agreed && (config.min_compaction_lag_ms == 0 || segment.max_timestamp() <= settled)
        };
        self.segments
            .iter()
            .take(sealed)
            .take_while(is_settled)
            .count()
    }

    /// Compacts the sealed segments, whatever the ratio. Offsets stay as they are.
    pub fn compact(&mut self, config: &TopicConfig, now: VirtualTime) {
        let count = self.compactable(config, now);
        if count == 0 {
            return;
        }
        let compacted = {
            let sealed = self.segments.get(..count).unwrap_or(&[]);
            self.compacted_until = sealed.last().map_or(0, |segment| segment.next_offset());
            compact_segments(sealed, self.start_offset, config, now)
        };
        self.segments.splice(..count, compacted);
    }
}

fn compact_segments(
    sealed: &[Arc<Segment>],
    start_offset: u64,
    config: &TopicConfig,
    now: VirtualTime,
) -> Vec<Arc<Segment>> {
    let mut last_offsets: BTreeMap<&[u8], u64> = BTreeMap::new();
    for record in sealed.iter().flat_map(|segment| segment.records()) {
        if let Some(key) = record.key {
            last_offsets.insert(key, record.offset);
        }
    }
    let mut compacted: Vec<Segment> = Vec::new();
    for segment in sealed {
        let is_kept = |record: &RecordRef<'_>| {
            let is_last = record.key.and_then(|key| last_offsets.get(key)) == Some(&record.offset);
            let is_due = record.value.is_none()
                && segment.tombstones_until.is_some_and(|until| until <= now);
            record.offset >= start_offset && is_last && !is_due
        };
        let kept: Vec<RecordRef<'_>> = segment.records().filter(is_kept).collect();
        // A deadline matters only where tombstones are left.
        let deadline = || now + Millis(config.delete_retention_ms);
        let until = kept
            .iter()
            .any(|record| record.value.is_none())
            .then(|| segment.tombstones_until.unwrap_or_else(deadline));
        let group = group_for(&mut compacted, segment, until, config);
        kept.iter().for_each(|record| group.keep(record));
        group.cover(segment.next_offset());
    }
    compacted
        .into_iter()
        .map(|mut group| {
            group.seal();
            Arc::new(group)
        })
        .collect()
}

/// The group that `segment` is merged into: the last one if sizes and deadlines allow it.
fn group_for<'a>(
    groups: &'a mut Vec<Segment>,
    segment: &Segment,
    until: Option<VirtualTime>,
    config: &TopicConfig,
) -> &'a mut Segment {
    let joins = groups.last().is_some_and(|group| {
        let agrees = match (group.tombstones_until, until) {
            (Some(group), Some(segment)) => group == segment,
            _ => true,
        };
        agrees && group.bytes() + segment.bytes() <= u64::from(config.segment_bytes)
    });
    if !joins {
        groups.push(Segment::new(segment.base_offset()));
    }
    let last = groups.len() - 1;
    let group = &mut groups[last];
    group.tombstones_until = group.tombstones_until.or(until);
    group
}
