//! The machine that matches: it tries, and goes back to the last choice where it fails. Choices
//! are on a stack of its own, so that no text is too long for it, and its steps are counted.

use super::TooHard;
use super::compile::{Inst, Program};
use super::parse::same_folded;
use super::place::holds;

/// Most steps of one search.
const STEPS_MAX: u32 = 2_000_000;
/// Most choices that are kept.
const CHOICES_MAX: usize = 1_000_000;
/// A slot that holds nothing.
pub(super) const UNSET: usize = usize::MAX;

/// What has to be undone, or can be tried, when the machine goes back.
#[derive(Clone, Copy, Debug)]
enum Choice {
    /// Goes on with an instruction at a place.
    Branch { pc: usize, at: usize },
    /// The characters of a run can be fewer, down to `low`.
    Shorter { pc: usize, low: usize, at: usize },
    /// A slot held this.
    Slot { slot: usize, old: usize },
}

/// A search in a text.
#[derive(Debug)]
pub(super) struct Machine<'r, 't> {
    program: &'r Program,
    text: &'t str,
    /// Where the last match ended.
    previous_end: usize,
    pub(super) slots: Vec<usize>,
    choices: Vec<Choice>,
    steps: u32,
}

impl<'r, 't> Machine<'r, 't> {
    pub(super) fn new(program: &'r Program, text: &'t str, previous_end: usize) -> Self {
        Machine {
            program,
            text,
            previous_end,
            slots: vec![UNSET; program.slots],
            choices: Vec::new(),
            steps: 0,
        }
    }

    /// Looks for a match that begins at `from` or later; the slots tell of it.
    pub(super) fn search(&mut self, from: usize) -> Result<bool, TooHard> {
        let mut start = from;
        loop {
            if let Some(first) = self.program.first {
                match self.text[start..].find(first) {
                    Some(ahead) => start += ahead,
                    None => return Ok(false),
                }
            }
            self.slots.fill(UNSET);
            self.choices.clear();
            if let Some(end) = self.run(0, start)? {
                (self.slots[0], self.slots[1]) = (start, end);
                return Ok(true);
            }
            let Some(next) = self.text[start..].chars().next() else {
                return Ok(false);
            };
            if self.program.anchored {
                return Ok(false);
            }
            start += next.len_utf8();
        }
    }

    /// Runs from an instruction and a place to a `Done`; gives the place there. Choices that were
    /// there before are left alone.
    fn run(&mut self, pc: usize, at: usize) -> Result<Option<usize>, TooHard> {
        let base = self.choices.len();
        let (mut pc, mut at) = (pc, at);
        loop {
            self.steps += 1;
            if self.steps > STEPS_MAX || self.choices.len() > CHOICES_MAX {
                return Err(TooHard);
            }
            if self.program.insts[pc] == Inst::Done {
                return Ok(Some(at));
            }
            match self.step(pc, at)? {
                Some(next) => (pc, at) = next,
                None => match self.back(base) {
                    Some(next) => (pc, at) = next,
                    None => return Ok(None),
                },
            }
        }
    }

    /// One instruction: where to go on, or `None` where it fails.
    fn step(&mut self, pc: usize, at: usize) -> Result<Option<(usize, usize)>, TooHard> {
        let program = self.program;
        Ok(match &program.insts[pc] {
            Inst::Char(wanted) => {
                let next = self.next(at);
                next.filter(|next| next == wanted)
                    .map(|next| (pc + 1, at + next.len_utf8()))
            }
            Inst::Set(set) => {
                let next = self
                    .next(at)
                    .filter(|next| program.sets[*set].contains(*next));
                next.map(|next| (pc + 1, at + next.len_utf8()))
            }
            Inst::Split { first, second } => {
                self.choices.push(Choice::Branch { pc: *second, at });
                Some((*first, at))
            }
            Inst::Jump(to) => Some((*to, at)),
            Inst::Save(slot) => {
                self.save(*slot, at);
                Some((pc + 1, at))
            }
            Inst::Many {
                set,
                min,
                max,
                keeps,
            } => self.many(pc, at, *set, (*min, *max), *keeps),
            Inst::LoopStart(_) | Inst::Loop { .. } | Inst::LoopEnter(_) => {
                Some(self.step_of_loop(pc, at))
            }
            Inst::Atomic { .. } | Inst::Look { .. } | Inst::Behind { .. } => {
                return self.step_within(pc, at);
            }
            Inst::Same { group, fold } => self.same(*group, *fold, at).map(|at| (pc + 1, at)),
            Inst::Assert(assert) => {
                holds(*assert, self.text, at, self.previous_end).then_some((pc + 1, at))
            }
            Inst::Done => Some((pc, at)),
        })
    }

    fn step_of_loop(&mut self, pc: usize, at: usize) -> (usize, usize) {
        match self.program.insts[pc] {
            Inst::LoopStart(slot) => {
                self.save(slot, 0);
                self.save(slot + 1, UNSET);
                (pc + 1, at)
            }
            Inst::LoopEnter(slot) => {
                self.save(slot, self.slots[slot] + 1);
                self.save(slot + 1, at);
                (pc + 1, at)
            }
            Inst::Loop {
                slot,
                min,
                max,
                lazy,
                exit,
            } => {
                let (done, began) = (self.slots[slot], self.slots[slot + 1]);
                // What matched nothing would match nothing again.
                if done >= max as usize || began == at {
                    return (exit, at);
                }
                if done < min as usize {
                    return (pc + 1, at);
                }
                let (now, later) = if lazy { (exit, pc + 1) } else { (pc + 1, exit) };
                self.choices.push(Choice::Branch { pc: later, at });
                (now, at)
            }
            _ => (pc + 1, at),
        }
    }

    /// Instructions that run a part of the program on its own.
    fn step_within(&mut self, pc: usize, at: usize) -> Result<Option<(usize, usize)>, TooHard> {
        let base = self.choices.len();
        Ok(match self.program.insts[pc] {
            Inst::Atomic { exit } => {
                let end = self.run(pc + 1, at)?;
                self.keep_slots(base);
                end.map(|end| (exit, end))
            }
            Inst::Look { negated, exit } => {
                let found = self.run(pc + 1, at)?.is_some();
                self.looked(base, found, negated).then_some((exit, at))
            }
            Inst::Behind {
                negated,
                min,
                max,
                exit,
            } => {
                let found = self.behind(pc, at, min, max)?;
                self.looked(base, found, negated).then_some((exit, at))
            }
            _ => None,
        })
    }

    fn next(&self, at: usize) -> Option<char> {
        self.text[at..].chars().next()
    }

    fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    fn save(&mut self, slot: usize, value: usize) {
        let old = std::mem::replace(&mut self.slots[slot], value);
        self.choices.push(Choice::Slot { slot, old });
    }

    /// Undoes what was done since the last choice above `base`, and takes it.
    fn back(&mut self, base: usize) -> Option<(usize, usize)> {
        while self.choices.len() > base {
            match self.choices.pop()? {
                Choice::Branch { pc, at } => return Some((pc, at)),
                Choice::Slot { slot, old } => self.slots[slot] = old,
                Choice::Shorter { pc, low, at } => {
                    let at = at - self.before(at)?.len_utf8();
                    if at > low {
                        self.choices.push(Choice::Shorter { pc, low, at });
                    }
                    return Some((pc, at));
                }
            }
        }
        None
    }

    /// Forgets the choices above `base`, but not how to undo what was saved.
    fn keep_slots(&mut self, base: usize) {
        let mut kept = base;
        for at in base..self.choices.len() {
            if matches!(self.choices[at], Choice::Slot { .. }) {
                self.choices[kept] = self.choices[at];
                kept += 1;
            }
        }
        self.choices.truncate(kept);
    }

    /// Whether a look holds; what one matched that must not match is forgotten.
    fn looked(&mut self, base: usize, found: bool, negated: bool) -> bool {
        self.keep_slots(base);
        if negated {
            self.back(base);
        }
        found != negated
    }

    fn behind(&mut self, pc: usize, at: usize, min: usize, max: usize) -> Result<bool, TooHard> {
        let base = self.choices.len();
        let mut start = at;
        for length in 0..=max {
            if length >= min {
                // Every way in which the text from `start` matches is tried until one ends here.
                let mut end = self.run(pc + 1, start)?;
                while end.is_some_and(|end| end != at) {
                    end = match self.back(base) {
                        Some((pc, at)) => self.run_above(base, pc, at)?,
                        None => None,
                    };
                }
                if end.is_some() {
                    return Ok(true);
                }
            }
            match self.before(start) {
                Some(before) => start -= before.len_utf8(),
                None => break,
            }
        }
        Ok(false)
    }

    /// Goes on with choices above `base` that an earlier run has left.
    fn run_above(&mut self, base: usize, pc: usize, at: usize) -> Result<Option<usize>, TooHard> {
        let mut next = Some((pc, at));
        while let Some((pc, at)) = next {
            if let Some(end) = self.run(pc, at)? {
                return Ok(Some(end));
            }
            next = self.back(base);
        }
        Ok(None)
    }

    fn many(
        &mut self,
        pc: usize,
        at: usize,
        set: usize,
        (min, max): (u32, u32),
        keeps: bool,
    ) -> Option<(usize, usize)> {
        let set = &self.program.sets[set];
        let (mut end, mut low, mut count) = (at, at, 0);
        for character in self.text[at..].chars() {
            if count == max || !set.contains(character) {
                break;
            }
            count += 1;
            end += character.len_utf8();
            if count == min {
                low = end;
            }
        }
        self.steps = self.steps.saturating_add(count / 8);
        if count < min {
            return None;
        }
        if end > low && !keeps {
            self.choices.push(Choice::Shorter {
                pc: pc + 1,
                low,
                at: end,
            });
        }
        Some((pc + 1, end))
    }

    /// The place behind what a group has matched, if it is next.
    fn same(&self, group: usize, fold: Option<bool>, at: usize) -> Option<usize> {
        let (from, to) = (*self.slots.get(2 * group)?, *self.slots.get(2 * group + 1)?);
        // A reference to a group that is not there, or has not matched, never matches.
        if from == UNSET || to == UNSET || 2 * group >= self.program.slots {
            return None;
        }
        let wanted = self.text.get(from..to)?;
        let Some(unicode) = fold else {
            return self.text[at..]
                .starts_with(wanted)
                .then_some(at + wanted.len());
        };
        let mut end = at;
        for wanted in wanted.chars() {
            let next = self.next(end)?;
            if !same_folded(next, wanted, unicode) {
                return None;
            }
            end += next.len_utf8();
        }
        Some(end)
    }
}
