//! Going to another moment of a laboratory, in the past by replay from the nearest snapshot, in
//! the future by letting time pass.

use super::{Cursor, Lab};
use headwater_base::{NoTrace, VirtualTime};

impl Lab {
    /// Goes to the moment right after `steps` steps, in the past or in the future.
    pub fn seek_step(&mut self, steps: u64) {
        self.trail.clear();
        if self.world.step() > steps
            || self.history.nearest(|it| it.step() <= steps).cursor() > self.world.cursor()
        {
            self.world = self.history.nearest(|it| it.step() <= steps).clone();
        }
        let far = VirtualTime(i64::MAX);
        while self.world.step() < steps && self.turn(far, &mut NoTrace) {}
    }

    /// Goes to a moment of virtual time, in the past or in the future.
    pub fn seek_time(&mut self, time: VirtualTime) {
        self.seek_within(time, u64::MAX);
    }

    /// The same with at most so many turns; whether the moment was reached.
    pub fn seek_within(&mut self, time: VirtualTime, turns: u64) -> bool {
        let time = time.max(VirtualTime::START);
        if self.world.now() > time {
            self.world = self.history.nearest(|it| it.now() <= time).clone();
        }
        self.advance_to(time, turns, &mut NoTrace).reached
    }

    /// Goes to an exact moment that was reached before.
    pub(super) fn travel(&mut self, to: Cursor) {
        if self.world.cursor() > to {
            self.world = self.history.nearest(|it| it.cursor() <= to).clone();
        }
        while self.world.cursor().turn < to.turn && self.turn(to.time, &mut NoTrace) {}
        self.world.wait_until(to.time);
    }
}
