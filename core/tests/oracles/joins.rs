//! The kinds of joins, and the row that two numbers make.

use proptest::prelude::*;
use serde_json::{Value, json};

/// Which rows without a match go on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Inner,
    Left,
    Right,
    Full,
}

impl Kind {
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Kind::Inner => "INNER",
            Kind::Left => "LEFT",
            Kind::Right => "RIGHT",
            Kind::Full => "FULL OUTER",
        }
    }

    /// Whether a side, 0 or 1, keeps rows without a match.
    pub(crate) fn keeps(self, side: usize) -> bool {
        match self {
            Kind::Inner => false,
            Kind::Left => side == 0,
            Kind::Right => side == 1,
            Kind::Full => true,
        }
    }
}

pub(crate) fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(vec![Kind::Inner, Kind::Left, Kind::Right, Kind::Full])
}

/// The joined value, where `own` is of a side and `other` of the other.
pub(crate) fn row(side: usize, own: Option<i64>, other: Option<i64>) -> Value {
    let (left, right) = if side == 0 {
        (own, other)
    } else {
        (other, own)
    };
    json!({ "LV": left, "RV": right })
}
