//! One run: its time, its memory at most, and its allocations once it has warmed up.

use crate::memory::{self, Memory};

/// What one run took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    /// How many events it took in.
    pub events: u64,
    /// Seconds.
    pub seconds: f64,
    /// Bytes held at most, beyond what was held before.
    pub peak_bytes: u64,
    /// Allocations in its second half, an event.
    pub allocations: f64,
}

/// Looks at a run while it goes on.
#[derive(Debug)]
pub(crate) struct Sampler {
    begun: f64,
    before: Memory,
    peak_bytes: u64,
    /// The allocations at each look; the second half of them is the steady state.
    looks: Vec<u64>,
}

impl Sampler {
    /// Begins.
    pub(crate) fn start(clock: &dyn Fn() -> f64) -> Sampler {
        let looks = Vec::with_capacity(1 << 14);
        Sampler {
            before: memory::now(),
            peak_bytes: 0,
            looks,
            begun: clock(),
        }
    }

    /// A step was done.
    pub(crate) fn observe(&mut self, memory: Memory) {
        let held = memory.held_bytes.saturating_sub(self.before.held_bytes);
        self.peak_bytes = self.peak_bytes.max(held);
        // The list does not grow: it would count itself.
        if self.looks.len() < self.looks.capacity() {
            self.looks.push(memory.allocations);
        }
    }

    /// Ends.
    pub(crate) fn finish(mut self, clock: &dyn Fn() -> f64, events: u64) -> Sample {
        let seconds = clock() - self.begun;
        self.observe(memory::now());
        let last = self.looks.last().copied().unwrap_or(0);
        let middle = self.looks.get(self.looks.len() / 2).copied().unwrap_or(0);
        let half = events as f64 / 2.0;
        Sample {
            events,
            seconds,
            peak_bytes: self.peak_bytes,
            allocations: last.wrapping_sub(middle) as f64 / half.max(1.0),
        }
    }
}

/// The sample whose time is in the middle; of the others, their least memory is not looked at.
pub(crate) fn median(mut samples: Vec<Sample>) -> Sample {
    samples.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    samples.get(samples.len() / 2).copied().unwrap_or_default()
}
