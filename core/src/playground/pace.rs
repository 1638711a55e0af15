//! Wall time to virtual time: the speed that was asked for, and the one that was reached.

use headwater_base::Millis;
use std::collections::VecDeque;

/// Slowest and fastest speeds that can be asked for.
const SPEEDS: (f64, f64) = (0.1, 1000.0);
/// The longest wall time that one tick stands for; a longer gap was a pause of the host.
const WALL_MS_MAX: f64 = 250.0;
/// How far back the reached speed looks, in wall milliseconds.
const LOOK_BACK_MS: f64 = 1000.0;

/// The pace of a playground.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    speed: f64,
    /// A part of a millisecond that was not spent yet.
    rest: f64,
    /// Wall and virtual milliseconds of the newest ticks.
    ticks: VecDeque<(f64, f64)>,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            speed: 1.0,
            rest: 0.0,
            ticks: VecDeque::new(),
        }
    }
}

impl Pace {
    /// Asks for so many virtual seconds a wall second.
    pub(super) fn set_speed(&mut self, speed: f64) {
        if speed.is_finite() {
            self.speed = speed.clamp(SPEEDS.0, SPEEDS.1);
        }
        self.rest();
    }

    /// Time stood still, or jumped.
    pub(super) fn rest(&mut self) {
        self.rest = 0.0;
        self.ticks.clear();
    }

    /// The virtual time that belongs to so much wall time.
    pub(super) fn virtual_time(&mut self, wall_ms: f64) -> Millis {
        let wall = if wall_ms.is_finite() {
            wall_ms.clamp(0.0, WALL_MS_MAX)
        } else {
            0.0
        };
        let wanted = wall * self.speed + self.rest;
        self.rest = wanted.fract();
        Millis(wanted as i64)
    }

    /// So much virtual time did pass. When the budget ran out, the rest is not made up for: time
    /// runs slower, and nothing is dropped.
    pub(super) fn passed(&mut self, wall_ms: f64, virtual_time: Millis, reached: bool) {
        if !reached {
            self.rest = 0.0;
        }
        self.ticks
            .push_back((wall_ms.max(0.0), virtual_time.0 as f64));
        let mut wall: f64 = self.ticks.iter().map(|tick| tick.0).sum();
        while self.ticks.len() > 1 && wall - self.ticks[0].0 >= LOOK_BACK_MS {
            wall -= self.ticks[0].0;
            self.ticks.pop_front();
        }
    }

    /// Virtual seconds a wall second, over the last wall second; one decimal.
    pub(super) fn real_speed(&self) -> f64 {
        let wall: f64 = self.ticks.iter().map(|tick| tick.0).sum();
        let passed: f64 = self.ticks.iter().map(|tick| tick.1).sum();
        if wall <= 0.0 {
            return 0.0;
        }
        (passed / wall * 10.0).round() / 10.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_millisecond_add_up() {
        let mut pace = Pace::default();
        pace.set_speed(0.1);
        let total: i64 = (0..100).map(|_| pace.virtual_time(16.0).0).sum();
        assert_eq!(total, 160);
    }

    #[test]
    fn the_reached_speed_is_that_of_the_last_second() {
        let mut pace = Pace::default();
        pace.set_speed(1000.0);
        for _ in 0..200 {
            let asked = pace.virtual_time(10.0);
            pace.passed(10.0, Millis(asked.0 / 4), false);
        }
        assert_eq!(pace.real_speed(), 250.0);
    }
}
