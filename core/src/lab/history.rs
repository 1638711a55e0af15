//! The command log of a run, its snapshots, and the branches that were left.
//!
//! A run is a fold of commands, so any moment of it is reached from the nearest snapshot by
//! replay. Nothing here knows what a command does; see [`crate::world`] for that.

use crate::command::Command;
use crate::world::World;
use headwater_base::VirtualTime;
use std::rc::Rc;

/// Where in a run one is, to the very turn of the crank.
///
/// A step is a turn with an effect; turns without one (a poll that finds nothing) are counted
/// here, so that a replay applies a command between the same two turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// Turns done.
    pub turn: u64,
    /// Virtual time.
    pub time: VirtualTime,
}

/// A command with the moment before which it applies.
#[derive(Clone, Debug)]
pub struct Stamped {
    /// The moment.
    pub at: Cursor,
    /// The step before which it applies.
    pub step: u64,
    /// The command.
    pub command: Command,
}

/// One line of time: its commands, and how far it has been run.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its number among all lines of time of this run.
    pub id: u32,
    /// Commands in order.
    pub commands: Vec<Stamped>,
    /// The furthest moment that was reached.
    pub head: Cursor,
}

impl Branch {
    /// How many commands two branches have in common, and the last moment that both have.
    pub fn parts_from(&self, other: &Branch) -> (usize, Cursor) {
        let pairs = self.commands.iter().zip(&other.commands);
        let same = |(a, b): &(&Stamped, &Stamped)| a.at == b.at && a.command == b.command;
        let common = pairs.take_while(same).count();
        let end = |branch: &Branch| branch.commands.get(common).map_or(branch.head, |it| it.at);
        (common, end(self).min(end(other)))
    }
}

/// Most snapshots kept.
const SNAPSHOTS_MAX: usize = 24;
/// Most bytes of log that all snapshots together may hold on to.
const SNAPSHOT_BYTES_MAX: u64 = 96 << 20;
/// Most branches kept that were left; the oldest go first.
const LEFT_MAX: usize = 16;
/// Turns between two snapshots.
const TURNS_BETWEEN: u64 = 2_048;

/// The current branch, the others, and snapshots of the current one.
#[derive(Clone, Debug)]
pub struct History {
    branch: Branch,
    left: Vec<Branch>,
    /// The number of the next branch.
    next_id: u32,
    snapshots: Vec<Rc<World>>,
}

impl History {
    /// A history that begins with `origin`.
    pub fn new(origin: World) -> History {
        let branch = Branch {
            id: 0,
            commands: Vec::new(),
            head: origin.cursor(),
        };
        History {
            branch,
            left: Vec::new(),
            next_id: 1,
            snapshots: vec![Rc::new(origin)],
        }
    }

    /// The line of time that is being lived.
    pub fn branch(&self) -> &Branch {
        &self.branch
    }

    /// Lines of time that were left by a command given in their past, oldest first.
    pub fn left(&self) -> &[Branch] {
        &self.left
    }

    /// The command at place `index` of the current branch.
    pub fn command(&self, index: u64) -> Option<&Stamped> {
        self.branch.commands.get(index as usize)
    }

    /// Notes that the run has come to `world`, and keeps a snapshot where one is due.
    pub fn reached(&mut self, world: &World) {
        let here = world.cursor();
        self.branch.head = self.branch.head.max(here);
        let newest = self.snapshots.last().map_or(0, |world| world.cursor().turn);
        if here.turn >= newest + TURNS_BETWEEN {
            self.snapshots.push(Rc::new(world.clone()));
            self.thin();
        }
    }

    /// Appends a command given at the moment of `world`; leaves the branch if it has a future.
    pub fn record(&mut self, world: &World, command: Command) {
        let at = world.cursor();
        if self.branch.head > at {
            let past = self.branch.commands[..world.commands_applied() as usize].to_vec();
            let new = Branch {
                id: self.next_id,
                commands: past,
                head: at,
            };
            self.next_id += 1;
            self.left.push(std::mem::replace(&mut self.branch, new));
            if self.left.len() > LEFT_MAX {
                self.left.remove(0);
            }
            self.snapshots.retain(|snapshot| snapshot.cursor() <= at);
        }
        self.branch.commands.push(Stamped {
            at,
            step: world.step(),
            command,
        });
    }

    /// Makes the branch `id` the one that is lived, and leaves the present one. What is kept of the
    /// world is what both have in common. `None` if there is no such branch.
    pub fn take(&mut self, id: u32) -> Option<&Branch> {
        let place = self.left.iter().position(|it| it.id == id)?;
        let (common, parted) = self.branch.parts_from(&self.left[place]);
        let taken = self.left.remove(place);
        self.left.push(std::mem::replace(&mut self.branch, taken));
        self.snapshots.retain(|snapshot| {
            snapshot.cursor() <= parted && snapshot.commands_applied() as usize <= common
        });
        Some(&self.branch)
    }

    /// The newest snapshot for which `is_before` holds. The origin is before everything.
    pub fn nearest(&self, is_before: impl Fn(&World) -> bool) -> &World {
        let at = self
            .snapshots
            .iter()
            .rposition(|world| is_before(world))
            .unwrap_or(0);
        &self.snapshots[at]
    }

    /// Drops snapshots over the budget: of the older half the one whose neighbours are closest
    /// together. The origin always stays.
    fn thin(&mut self) {
        while self.snapshots.len() > SNAPSHOTS_MAX || self.bytes() > SNAPSHOT_BYTES_MAX {
            let older = 1..=(self.snapshots.len() / 2);
            let gap = |at: usize| {
                let turn = |at: usize| self.snapshots[at].cursor().turn;
                turn(at + 1) - turn(at - 1)
            };
            let candidates = older.filter(|at| at + 1 < self.snapshots.len());
            match candidates.min_by_key(|at| gap(*at)) {
                Some(at) => drop(self.snapshots.remove(at)),
                None => break,
            }
        }
    }

    fn bytes(&self) -> u64 {
        self.snapshots.iter().map(|world| world.log_bytes()).sum()
    }
}
