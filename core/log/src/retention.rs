//! Retention: which sealed segments are old enough, or too many, and go.
//!
//! `retention.ms` and `retention.bytes` with Kafka's meaning. The active segment is never touched,
//! so a partition always keeps its newest records.

use crate::config::TopicConfig;
use crate::error::LogError;
use crate::partition::Partition;
use headwater_base::VirtualTime;

impl Partition {
    /// Removes sealed segments that are older than `retention.ms`, or that are more than
    /// `retention.bytes`, the oldest first. Gives the log start offset if it has moved.
    ///
    /// A segment is as old as its latest timestamp; a segment goes by size only if what is left
    /// still has `retention.bytes`.
    pub fn delete_old_segments(&mut self, config: &TopicConfig, now: VirtualTime) -> Option<u64> {
        match self.old_segment_count(config, now) {
            0 => None,
            count => {
                self.segments.drain(..count);
                let first = self.segments.first()?.base_offset();
                self.start_offset = self.start_offset.max(first);
                Some(self.start_offset)
            }
        }
    }

    /// How many of the oldest segments are to go.
    pub(crate) fn old_segment_count(&self, config: &TopicConfig, now: VirtualTime) -> usize {
        let sealed = self.segments.len().saturating_sub(1);
        if !config.cleanup_policy.deletes() || sealed == 0 {
            return 0;
        }
        let is_expired = |latest: i64| {
            config.retention_ms >= 0
                && now.epoch_millis().saturating_sub(latest) > config.retention_ms
        };
        let mut surplus = match u64::try_from(config.retention_bytes) {
            Ok(most) => self.size_bytes().saturating_sub(most),
            Err(_) => 0,
        };
        let goes = |segment: &crate::segment::Segment| {
            if segment.next_offset() > self.high_watermark() {
                return false;
            }
            let is_surplus = surplus > 0 && segment.bytes() <= surplus;
            if !is_surplus && !is_expired(segment.max_timestamp()) {
                return false;
            }
            surplus = surplus.saturating_sub(segment.bytes());
            true
        };
        let oldest = self.segments.iter().take(sealed);
        oldest
            .map(|segment| &**segment)
            .map(goes)
            .take_while(|goes| *goes)
            .count()
    }

    /// Moves the log start offset to `offset`, and drops segments that are wholly before it.
    pub fn delete_records(&mut self, offset: u64) -> Result<u64, LogError> {
        if offset > self.high_watermark() {
            return Err(LogError::OffsetOutOfRange {
                partition: self.id(),
                offset,
                start: self.start_offset,
                end: self.high_watermark(),
            });
        }
        self.start_offset = self.start_offset.max(offset);
        let sealed = self.segments.len().saturating_sub(1);
        let start = self.start_offset;
        let is_before =
            |segment: &&std::sync::Arc<crate::segment::Segment>| segment.next_offset() <= start;
        let count = self
            .segments
            .iter()
            .take(sealed)
            .take_while(is_before)
            .count();
        self.segments.drain(..count);
        Ok(self.start_offset)
    }
}
