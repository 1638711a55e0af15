//! Which windows hold a time.

use crate::runtime::Bounds;

/// Windows of one size, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// From start to end.
    pub size: i64,
    /// From one start to the next; equal to the size for windows side by side.
    pub advance: i64,
    /// How long a window takes records after its end.
    pub grace: i64,
}

impl Windows {
    /// The windows that hold a time, by ascending start.
    ///
    /// ```
    /// use headwater_sql::operator::Windows;
    /// let hopping = Windows { size: 10, advance: 5, grace: 0 };
    /// let starts: Vec<i64> = hopping.holding(12).map(|window| window.start).collect();
    /// assert_eq!(starts, [5, 10]);
    /// ```
    pub fn holding(self, time: i64) -> impl Iterator<Item = Bounds> {
        let advance = self.advance.max(1);
        let earliest = time
            .saturating_sub(self.size)
            .saturating_add(advance)
            .max(0);
        let first = earliest / advance * advance;
        (0..)
            .map(move |n: i64| first.saturating_add(n.saturating_mul(advance)))
            .take_while(move |start| *start <= time)
            .map(move |start| Bounds {
                start,
                end: start.saturating_add(self.size),
            })
    }
}
