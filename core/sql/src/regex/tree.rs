//! The tree of a pattern. `parse` makes it, `compile` reads it.

use super::ranges::Ranges;

/// What a pattern is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Empty,
    Char(char),
    Set(Ranges),
    Concat(Vec<Node>),
    Alternatives(Vec<Node>),
    Repeat(Box<Repeat>),
    /// A capturing group by its number.
    Group(Box<Node>, u32),
    /// A group that is not tried in another way once it has matched.
    Atomic(Box<Node>),
    Look(Box<Look>),
    /// What a group has matched; in any case with a flag.
    Same {
        group: u32,
        fold: Option<bool>,
    },
    Assert(Assert),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Repeat {
    pub node: Node,
    pub min: u32,
    pub max: u32,
    pub kind: Kind,
}

/// Which number of repetitions is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Greedy,
    Lazy,
    Possessive,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Look {
    pub node: Node,
    pub behind: bool,
    pub negated: bool,
}

/// What holds at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assert {
    TextStart,
    TextEnd,
    /// At the end, or before a line's end that is the text's end.
    LastLineEnd {
        unix: bool,
    },
    LineStart {
        unix: bool,
    },
    LineEnd {
        unix: bool,
    },
    WordBoundary {
        unicode: bool,
        negated: bool,
    },
    PreviousEnd,
}
