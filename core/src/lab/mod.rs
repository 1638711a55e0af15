//! The laboratory's facade: one [`Command`] in, outcomes and trace out, and travel in time.
//!
//! A [`Lab`] is a run: a [`World`] at some moment, and the [`History`] it came from. Every front
//! end drives this type. What is on screen is made of it by [`crate::observe`].

mod history;
mod seek;

pub use history::{Branch, Cursor, History, Stamped};

use crate::command::Command;
use crate::world::World;
use headwater_base::{
    Diagnostic, Fault, LineIndex, Millis, NoTrace, Span, TraceSink, VirtualTime, limits,
};
use headwater_view::{PlacedDiagnostic, StatementOutcome};

/// What a laboratory begins with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LabConfig {
    /// The seed of all chance.
    pub seed: u64,
}

/// A laboratory.
///
/// ```
/// use headwater_core::command::Command;
/// use headwater_core::lab::{Lab, LabConfig};
/// let mut lab = Lab::new(LabConfig { seed: 7 });
/// let outcomes = lab.execute(&Command::parse("topic create ratings partitions=3").unwrap());
/// assert!(outcomes[0].ok);
/// ```
#[derive(Clone, Debug)]
pub struct Lab {
    world: World,
    history: History,
    /// Where single steps forward came from, so that a step back returns to that very moment.
    trail: Vec<Cursor>,
}

/// How far an advance came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advanced {
    /// Turns done.
    pub turns: u64,
    /// Whether the moment asked for was reached; if not, the budget ran out.
    pub reached: bool,
}

/// Longest that a laboratory settles.
const SETTLE_MAX: Millis = Millis::seconds(10);

impl Lab {
    /// An empty laboratory: three brokers, no topics, no time passed.
    pub fn new(config: LabConfig) -> Lab {
        let world = World::new(config);
        Lab {
            history: History::new(world.clone()),
            world,
            trail: Vec::new(),
        }
    }

    /// The state at the present moment.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The commands so far, snapshots, and the branches that were left.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The state hash, in sixteen hexadecimal digits.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.world.hash())
    }

    /// Carries out a command now. A script gives an outcome for each of its statements; after a
    /// failure the rest are not run.
    pub fn execute(&mut self, command: &Command) -> Vec<StatementOutcome> {
        self.execute_traced(command, &mut NoTrace)
    }

    /// As [`Lab::execute`], with the trace of what it did.
    pub fn execute_traced(
        &mut self,
        command: &Command,
        sink: &mut impl TraceSink,
    ) -> Vec<StatementOutcome> {
        match command {
            Command::Sql(text) => self.execute_script(text, &Command::Sql, sink),
            Command::SqlIn { cluster, text } => {
                let command = |text| Command::SqlIn {
                    cluster: cluster.clone(),
                    text,
                };
                self.execute_script(text, &command, sink)
            }
            other => {
                let done = self.apply(other.clone(), sink);
                vec![outcome(done, "", Span::default())]
            }
        }
    }

    /// Carries out the statements of a script in order, each as a command of its own.
    fn execute_script(
        &mut self,
        text: &str,
        command: &dyn Fn(String) -> Command,
        sink: &mut impl TraceSink,
    ) -> Vec<StatementOutcome> {
        if text.len() > limits::SCRIPT_BYTES_MAX {
            let message = format!(
                "The script has {} bytes; {} are possible. Run it in parts.",
                text.len(),
                limits::SCRIPT_BYTES_MAX
            );
            let too_long = Diagnostic::error(Fault::Yours, "script-too-long", message);
            return vec![outcome(Err(vec![too_long]), "", Span::default())];
        }
        let mut failed = false;
        let ranges = headwater_syntax::statement_ranges(text);
        let mut outcomes = Vec::with_capacity(ranges.len());
        for range in ranges {
            if failed {
                outcomes.push(not_run(range));
                continue;
            }
            let done = self.apply(command(range.of(text).to_owned()), sink);
            failed = done.is_err();
            outcomes.push(outcome(done, text, range));
        }
        outcomes
    }

    fn apply(
        &mut self,
        command: Command,
        sink: &mut impl TraceSink,
    ) -> Result<StatementOutcome, Vec<Diagnostic>> {
        // A refused command changes nothing, so it is neither logged nor does it leave a branch.
        let mut world = self.world.clone();
        let done = world.apply(&command, sink)?;
        self.history.record(&self.world, command);
        self.world = world;
        self.trail.clear();
        self.history.reached(&self.world);
        Ok(done)
    }

    /// Lets `length` of virtual time pass.
    pub fn advance(&mut self, length: Millis) -> Advanced {
        self.advance_to(self.world.now() + length, u64::MAX, &mut NoTrace)
    }

    /// Lets virtual time pass until `until`, but does at most `budget` turns.
    ///
    /// How an advance is cut into calls cannot be observed.
    pub fn advance_to(
        &mut self,
        until: VirtualTime,
        budget: u64,
        sink: &mut impl TraceSink,
    ) -> Advanced {
        self.trail.clear();
        let mut turns = 0;
        while turns < budget {
            if !self.turn(until, sink) {
                self.world.wait_until(until);
                self.history.reached(&self.world);
                return Advanced {
                    turns,
                    reached: true,
                };
            }
            turns += 1;
        }
        Advanced {
            turns,
            reached: false,
        }
    }

    /// Turns the crank once, or carries out a logged command that is due; false if nothing is due.
    fn turn(&mut self, until: VirtualTime, sink: &mut impl TraceSink) -> bool {
        let here = self.world.cursor();
        if let Some(next) = self.history.command(self.world.commands_applied())
            && next.at.turn == here.turn
            && next.at.time <= until
        {
            let command = next.command.clone();
            self.world.wait_until(next.at.time);
            // It was carried out once from this very state, so it cannot be refused now.
            let done = self.world.apply(&command, sink);
            debug_assert!(done.is_ok(), "a replayed command was refused");
            return true;
        }
        let moved = self.world.turn(until, sink);
        if moved {
            self.history.reached(&self.world);
        }
        moved
    }

    /// Lets virtual time pass until all consequences of what was appended have landed, ten
    /// seconds at most. Ticks of generators and closings of windows are no consequences.
    pub fn settle(&mut self, sink: &mut impl TraceSink) {
        self.trail.clear();
        let limit = self.world.now() + SETTLE_MAX;
        while self.world.has_consequences(limit) && self.turn(limit, sink) {}
    }

    /// Goes to the next step that changes what can be seen; false if nothing will happen any more.
    pub fn step(&mut self, sink: &mut impl TraceSink) -> bool {
        let from = self.world.cursor();
        let step = self.world.step();
        let far = VirtualTime(i64::MAX);
        while self.world.step() == step {
            if !self.turn(far, sink) {
                return false;
            }
        }
        self.trail.push(from);
        true
    }

    /// Undoes the last step: back to the moment it was begun from. False at the very start.
    pub fn step_back(&mut self) -> bool {
        if let Some(cursor) = self.trail.pop() {
            self.travel(cursor);
            return true;
        }
        let Some(wanted) = self.world.step().checked_sub(1) else {
            return false;
        };
        self.seek_step(wanted);
        true
    }

    /// Goes back to a line of time that was left, to the furthest moment that it reached; the
    /// present line is left instead. False if there is none of this number.
    pub fn take_branch(&mut self, id: u32) -> bool {
        let Some(head) = self.history.take(id).map(|it| it.head) else {
            return false;
        };
        self.trail.clear();
        self.world = self.history.nearest(|it| it.cursor() <= head).clone();
        self.travel(head);
        self.carry_out_due(head);
        true
    }

    /// Carries out logged commands that are due at this very moment.
    fn carry_out_due(&mut self, here: Cursor) {
        let is_due = |lab: &Lab| {
            let next = lab.history.command(lab.world.commands_applied());
            next.is_some_and(|it| it.at.turn == lab.world.cursor().turn && it.at <= here)
        };
        while is_due(self) && self.turn(here.time, &mut NoTrace) {}
    }

    /// A laboratory brought back from its seed and its commands, at the moment `until`. A command
    /// that is refused now ends it: the place of the command, and why.
    pub fn replayed(
        config: LabConfig,
        commands: Vec<(Cursor, Command)>,
        until: Cursor,
    ) -> Result<Lab, (usize, Vec<Diagnostic>)> {
        let mut lab = Lab::new(config);
        for (place, (at, command)) in commands.into_iter().enumerate() {
            lab.go_on_to(at);
            lab.apply(command, &mut NoTrace)
                .map_err(|found| (place, found))?;
        }
        lab.go_on_to(until);
        Ok(lab)
    }

    fn go_on_to(&mut self, to: Cursor) {
        while self.world.cursor().turn < to.turn && self.turn(to.time, &mut NoTrace) {}
        self.world.wait_until(to.time);
        self.history.reached(&self.world);
    }

    /// The trace of one step of the past, by replay.
    pub fn replay_step(&self, step: u64, sink: &mut impl TraceSink) {
        let mut lab = self.at_nearest(|it| it.step() <= step);
        let far = VirtualTime(i64::MAX);
        while lab.world.step() < step && lab.turn(far, &mut NoTrace) {}
        while lab.world.step() == step && lab.turn(far, sink) {}
    }

    fn at_nearest(&self, is_before: impl Fn(&World) -> bool) -> Lab {
        Lab {
            world: self.history.nearest(is_before).clone(),
            history: self.history.clone(),
            trail: Vec::new(),
        }
    }

    /// A run of its own from the newest snapshot before `time`, to look at what happened since.
    ///
    /// The history is shared by copy; nothing that is done to it shows here.
    pub fn rewound(&self, time: VirtualTime) -> Lab {
        let now = self.world.cursor();
        self.at_nearest(|it| it.now() <= time && it.cursor() <= now)
    }

    /// Carries on with a run of its own to `until`, but never further than `original` has come.
    pub fn catch_up_until(
        &mut self,
        original: &Lab,
        until: VirtualTime,
        sink: &mut impl TraceSink,
    ) {
        let end = original.world.cursor();
        let until = until.min(end.time);
        while self.world.cursor().turn < end.turn && self.turn(until, sink) {}
    }
}

fn outcome(
    done: Result<StatementOutcome, Vec<Diagnostic>>,
    text: &str,
    range: Span,
) -> StatementOutcome {
    let bytes = (range.start, range.end);
    match done {
        Ok(outcome) => StatementOutcome {
            range: bytes,
            ..outcome
        },
        Err(found) => {
            let message = found
                .first()
                .map_or_else(String::new, |it| it.message.clone());
            let placed = found
                .into_iter()
                .map(|it| place(it.shifted(range.start), text));
            StatementOutcome {
                ok: false,
                message,
                range: bytes,
                diagnostics: placed.collect(),
                ..StatementOutcome::default()
            }
        }
    }
}

fn not_run(range: Span) -> StatementOutcome {
    StatementOutcome {
        message: "not run".to_owned(),
        range: (range.start, range.end),
        ..StatementOutcome::default()
    }
}

/// A diagnostic with its lines and columns in `text`.
pub fn place(diagnostic: Diagnostic, text: &str) -> PlacedDiagnostic {
    let index = LineIndex::new(text);
    let span = diagnostic.span.unwrap_or_default();
    PlacedDiagnostic {
        start: index.place(text, span.start),
        end: index.place(text, span.end),
        diagnostic,
    }
}
