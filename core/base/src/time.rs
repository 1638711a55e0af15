//! Virtual time: the laboratory's only clock, in milliseconds since 1970-01-01T00:00:00Z.
//!
//! Three clocks are never mixed: the time a record carries, the stream time of a task, and this
//! one, which only the event queue moves.

use serde::{Deserialize, Serialize};
use std::ops::{Add, Sub};

/// Where virtual time begins: 2024-01-01T00:00:00Z.
pub const EPOCH_MILLIS: i64 = 1_704_067_200_000;

/// A length of time in milliseconds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Millis(pub i64);

impl Millis {
    /// No time at all.
    pub const ZERO: Millis = Millis(0);

    /// So many seconds.
    pub const fn seconds(seconds: i64) -> Millis {
        Millis(seconds * 1000)
    }
}

/// A moment of virtual time.
///
/// ```
/// use headwater_base::{Millis, VirtualTime};
/// let later = VirtualTime::START + Millis::seconds(2);
/// assert_eq!(later.since_start(), Millis(2000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VirtualTime(pub i64);

impl VirtualTime {
    /// The moment every laboratory begins at.
    pub const START: VirtualTime = VirtualTime(EPOCH_MILLIS);

    /// Milliseconds since 1970, as records carry them.
    pub const fn epoch_millis(self) -> i64 {
        self.0
    }

    /// How long the laboratory has run.
    pub const fn since_start(self) -> Millis {
        Millis(self.0 - EPOCH_MILLIS)
    }
}

impl Add<Millis> for VirtualTime {
    type Output = VirtualTime;

    fn add(self, length: Millis) -> VirtualTime {
        VirtualTime(self.0.saturating_add(length.0))
    }
}

impl Sub for VirtualTime {
    type Output = Millis;

    fn sub(self, earlier: VirtualTime) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}
