//! From a pattern's tree to instructions for the machine in `run`.

use super::ranges::CharSet;
use super::tree::{Assert, Kind, Node, Repeat};

/// One step of the machine.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Inst {
    /// This character is next.
    Char(char),
    /// One of a set, by its number, is next.
    Set(usize),
    /// Goes on at `first`, and if that fails at `second`.
    Split {
        first: usize,
        second: usize,
    },
    Jump(usize),
    /// Remembers the place in a slot.
    Save(usize),
    /// So many characters of a set, as many as there are first.
    Many {
        set: usize,
        min: u32,
        max: u32,
        keeps: bool,
    },
    /// No repetition has begun; `slot` counts, and the one behind it is where the last one began.
    LoopStart(usize),
    /// Goes on with another repetition, which begins behind this, or at `exit`.
    Loop {
        slot: usize,
        min: u32,
        max: u32,
        lazy: bool,
        exit: usize,
    },
    /// A repetition begins.
    LoopEnter(usize),
    /// What follows up to a `Done` is matched in one way only; then goes on at `exit`.
    Atomic {
        exit: usize,
    },
    /// What follows up to a `Done` matches here, or does not; then goes on at `exit`.
    Look {
        negated: bool,
        exit: usize,
    },
    /// The same, for text that ends here and is so many characters long.
    Behind {
        negated: bool,
        min: usize,
        max: usize,
        exit: usize,
    },
    /// What a group has matched is next.
    Same {
        group: usize,
        fold: Option<bool>,
    },
    Assert(Assert),
    Done,
}

/// A pattern's instructions.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) insts: Vec<Inst>,
    pub(super) sets: Vec<CharSet>,
    /// Two a group, the whole match first, then those of loops.
    pub(super) slots: usize,
    /// Every match begins with this.
    pub(super) first: Option<char>,
    /// Matches begin at the text's beginning only.
    pub(super) anchored: bool,
}

impl Program {
    pub(super) fn new(node: &Node, groups: u32) -> Program {
        let mut program = Program {
            slots: 2 * (groups as usize + 1),
            first: first_of(node),
            anchored: is_anchored(node),
            ..Program::default()
        };
        program.add(node);
        program.insts.push(Inst::Done);
        program
    }

    fn set(&mut self, set: CharSet) -> usize {
        let known = self.sets.iter().position(|known| *known == set);
        known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        })
    }

    /// A place for an instruction that has to know where it ends.
    fn reserve(&mut self) -> usize {
        self.insts.push(Inst::Done);
        self.insts.len() - 1
    }

    fn add(&mut self, node: &Node) {
        match node {
            Node::Empty => {}
            Node::Char(character) => self.insts.push(Inst::Char(*character)),
            Node::Set(ranges) => {
                let set = self.set(CharSet::new(ranges.clone()));
                self.insts.push(Inst::Set(set));
            }
            Node::Concat(nodes) => nodes.iter().for_each(|node| self.add(node)),
            Node::Alternatives(nodes) => self.add_alternatives(nodes),
            Node::Repeat(repeat) => self.add_repeat(repeat),
            Node::Group(node, group) => {
                let slot = 2 * *group as usize;
                self.insts.push(Inst::Save(slot));
                self.add(node);
                self.insts.push(Inst::Save(slot + 1));
            }
            Node::Atomic(node) => {
                self.add_inner(node, |exit| Inst::Atomic { exit });
            }
            Node::Look(look) => {
                let negated = look.negated;
                match (look.behind, lengths(&look.node)) {
                    (true, (min, Some(max))) => self.add_inner(&look.node, |exit| Inst::Behind {
                        negated,
                        min,
                        max,
                        exit,
                    }),
                    _ => self.add_inner(&look.node, |exit| Inst::Look { negated, exit }),
                }
            }
            Node::Same { group, fold } => self.insts.push(Inst::Same {
                group: *group as usize,
                fold: *fold,
            }),
            Node::Assert(assert) => self.insts.push(Inst::Assert(*assert)),
        }
    }

    /// A part that is matched on its own.
    fn add_inner(&mut self, node: &Node, inst: impl FnOnce(usize) -> Inst) {
        let at = self.reserve();
        self.add(node);
        self.insts.push(Inst::Done);
        self.insts[at] = inst(self.insts.len());
    }

    fn add_alternatives(&mut self, nodes: &[Node]) {
        let mut jumps = Vec::new();
        for (number, node) in nodes.iter().enumerate() {
            if number + 1 == nodes.len() {
                self.add(node);
                break;
            }
            let split = self.reserve();
            self.add(node);
            jumps.push(self.reserve());
            let (first, second) = (split + 1, self.insts.len());
            self.insts[split] = Inst::Split { first, second };
        }
        let end = self.insts.len();
        for jump in jumps {
            self.insts[jump] = Inst::Jump(end);
        }
    }

    fn add_repeat(&mut self, repeat: &Repeat) {
        let Repeat {
            node,
            min,
            max,
            kind,
        } = repeat;
        let (min, max) = (*min, *max);
        let set = match node {
            Node::Char(character) => Some(super::ranges::Ranges::one(*character)),
            Node::Set(ranges) => Some(ranges.clone()),
            _ => None,
        };
        if let Some(set) = set.filter(|_| *kind != Kind::Lazy) {
            let set = self.set(CharSet::new(set));
            let keeps = *kind == Kind::Possessive;
            self.insts.push(Inst::Many {
                set,
                min,
                max,
                keeps,
            });
            return;
        }
        match kind {
            Kind::Possessive => {
                let at = self.reserve();
                self.add_loop(node, min, max, false);
                self.insts.push(Inst::Done);
                let exit = self.insts.len();
                self.insts[at] = Inst::Atomic { exit };
            }
            Kind::Greedy => self.add_loop(node, min, max, false),
            Kind::Lazy => self.add_loop(node, min, max, true),
        }
    }

    fn add_loop(&mut self, node: &Node, min: u32, max: u32, lazy: bool) {
        if max == 0 {
            return;
        }
        if (min, max) == (1, 1) {
            return self.add(node);
        }
        let slot = self.slots;
        self.slots += 2;
        self.insts.push(Inst::LoopStart(slot));
        let at = self.reserve();
        self.insts.push(Inst::LoopEnter(slot));
        self.add(node);
        self.insts.push(Inst::Jump(at));
        let exit = self.insts.len();
        self.insts[at] = Inst::Loop {
            slot,
            min,
            max,
            lazy,
            exit,
        };
    }
}

/// How many characters a node matches, at least and at most; `None` where there is no limit.
pub(super) fn lengths(node: &Node) -> (usize, Option<usize>) {
    match node {
        Node::Empty | Node::Look(_) | Node::Assert(_) => (0, Some(0)),
        Node::Char(_) | Node::Set(_) => (1, Some(1)),
        Node::Same { .. } => (0, None),
        Node::Group(node, _) | Node::Atomic(node) => lengths(node),
        Node::Concat(nodes) => nodes.iter().map(lengths).fold((0, Some(0)), |sum, part| {
            let most = sum.1.zip(part.1).and_then(|(a, b)| a.checked_add(b));
            (sum.0.saturating_add(part.0), most)
        }),
        Node::Alternatives(nodes) => {
            let all = nodes.iter().map(lengths);
            let fewer = |a: (usize, Option<usize>), b: (usize, Option<usize>)| {
                (a.0.min(b.0), a.1.zip(b.1).map(|(a, b)| a.max(b)))
            };
            all.reduce(fewer).unwrap_or((0, Some(0)))
        }
        Node::Repeat(repeat) => {
            let (least, most) = lengths(&repeat.node);
            let bounded = repeat.max != u32::MAX || most == Some(0);
            let most = most.filter(|_| bounded);
            let most = most.and_then(|most| most.checked_mul(repeat.max as usize));
            (least.saturating_mul(repeat.min as usize), most)
        }
    }
}

/// The character that every match begins with, if it is one.
fn first_of(node: &Node) -> Option<char> {
    match node {
        Node::Char(character) => Some(*character),
        Node::Concat(nodes) => first_of(nodes.first()?),
        Node::Group(node, _) | Node::Atomic(node) => first_of(node),
        Node::Repeat(repeat) if repeat.min > 0 => first_of(&repeat.node),
        _ => None,
    }
}

fn is_anchored(node: &Node) -> bool {
    match node {
        Node::Assert(Assert::TextStart) => true,
        Node::Concat(nodes) => nodes.first().is_some_and(is_anchored),
        Node::Group(node, _) | Node::Atomic(node) => is_anchored(node),
        Node::Alternatives(nodes) => nodes.iter().all(is_anchored),
        _ => false,
    }
}
