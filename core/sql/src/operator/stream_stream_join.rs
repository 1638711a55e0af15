//! Two streams meet within a time of each other: INNER, LEFT, RIGHT and FULL JOIN … WITHIN.

use crate::catalog::WindowType;
use crate::expression::Expression;
use crate::format::Codec;
use crate::plan::{Node, Port};
use crate::runtime::{Change, Context, Failure};

/// Keeps the records of both streams for a while, and joins each with those of the other.
///
/// The joined row holds the left slots, the right slots, and in one slot more the value that both
/// keys have.
#[derive(Clone, Debug)]
pub struct StreamStreamJoin {
    /// The left stream.
    pub left: JoinSide,
    /// The right stream.
    pub right: JoinSide,
    /// How much earlier than a left record a right one may be, in milliseconds.
    pub before_millis: i64,
    /// How much later.
    pub after_millis: i64,
    /// How long after that late records are still taken.
    pub grace_millis: i64,
    /// Where records without a match wait until none can come; without it they go on at once.
    pub held: Option<HeldRows>,
    /// The windows that are part of the key, if the streams are windowed.
    pub window: Option<WindowType>,
}

/// One stream of a join.
#[derive(Clone, Debug)]
pub struct JoinSide {
    /// The store of its records, an index into the sub-topology's.
    pub store: usize,
    /// The store's changelog, an index into the plan's topics.
    pub changelog: usize,
    /// The key that is compared, without the bounds of a window.
    pub key: Vec<Expression>,
    /// Writes it as the store's keys; both sides must write equal keys alike.
    pub codec: Codec,
    /// How many slots a row has.
    pub slots: usize,
    /// The slots that the changelog holds: all that are needed later.
    pub stored: Vec<usize>,
    /// Writes them.
    pub value: Codec,
    /// Whether records without a match go on.
    pub keeps_unmatched: bool,
}

/// The store of records that wait for a match.
#[derive(Clone, Copy, Debug)]
pub struct HeldRows {
    /// The store, an index into the sub-topology's.
    pub store: usize,
    /// The store's changelog, an index into the plan's topics.
    pub changelog: usize,
}

impl StreamStreamJoin {
    pub(super) fn process<'r, 'b>(
        &'b self,
        _cx: &mut Context<'r>,
        _node: &'b Node,
        _port: Port,
        _change: Change<'b>,
    ) -> Result<(), Failure>
    where
        'r: 'b,
    {
        Ok(())
    }
}
