//! What the programs of this process allocate: the allocator of the system, counted.

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static COUNTED: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What has been allocated so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// How often memory was asked for, or asked to grow.
    pub allocations: u64,
    /// How many bytes are held now.
    pub held_bytes: u64,
}

/// What has been allocated so far.
pub fn now() -> Memory {
    let stats = COUNTED.stats();
    Memory {
        allocations: stats.allocations.wrapping_add(stats.reallocations) as u64,
        held_bytes: stats.bytes_allocated.wrapping_sub(stats.bytes_deallocated) as u64,
    }
}
