//! Up to where EMIT FINAL has given the rows of closed windows.

/// What has been given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Emitted {
    until: i64,
    next_at_millis: i64,
}

impl Default for Emitted {
    fn default() -> Emitted {
        Emitted {
            until: i64::MIN,
            next_at_millis: i64::MIN,
        }
    }
}

impl Emitted {
    /// Where to go on, if windows up to `closed` are to be given now: not more often than every
    /// `interval` milliseconds of the clock, and only if more of them have closed.
    ///
    /// ```
    /// use headwater_sql::state::Emitted;
    /// let mut emitted = Emitted::default();
    /// assert_eq!(emitted.due(0, 0, 10), Some(i64::MIN));
    /// assert_eq!(emitted.due(0, 0, 10), None);
    /// assert_eq!(emitted.due(0, 0, 15), Some(10));
    /// ```
    pub fn due(&mut self, now: i64, interval: i64, closed: i64) -> Option<i64> {
        if closed <= self.until || now < self.next_at_millis {
            return None;
        }
        if interval > 0 {
            self.next_at_millis = now.saturating_add(interval);
        }
        Some(std::mem::replace(&mut self.until, closed))
    }
}
