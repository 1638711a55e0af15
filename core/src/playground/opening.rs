//! Opening a lesson: its commands and statements run, and it grows as old as was asked.

use crate::command::{Command, Line};
use crate::lab::{Lab, LabConfig, place};
use crate::lesson::expect::{Expectation, Wanted};
use crate::lesson::{Lesson, Part, RunBy};
use crate::playground::Playground;
use headwater_base::{Diagnostic, Fault, Millis, NoTrace, Span, VirtualTime};
use headwater_view::{OpenedLesson, PlacedDiagnostic, Reply, StatementOutcome};

/// Where a laboratory came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Opening {
    /// The lesson's text.
    pub markdown: String,
    /// The seed that was asked for.
    pub seed: Option<u64>,
    /// How old it was when it was first seen.
    pub age: Millis,
    lesson: Option<Lesson>,
    /// How many commands the opening itself gave.
    commands: u64,
}

impl Playground {
    pub(super) fn open(&mut self, markdown: &str, seed: Option<u64>, age: Millis) -> Reply {
        let lesson = match Lesson::parse(markdown) {
            Ok(lesson) => lesson,
            Err(problems) => {
                return Reply::Opened(OpenedLesson {
                    engine_version: env!("CARGO_PKG_VERSION").to_owned(),
                    problems,
                    ..OpenedLesson::default()
                });
            }
        };
        let seed_used = seed.or(lesson.seed).unwrap_or_default();
        let mut lab = Lab::new(LabConfig { seed: seed_used });
        let problems = run(&mut lab, &lesson);
        let opening = Opening {
            markdown: markdown.to_owned(),
            seed,
            age,
            commands: lab.world().commands_applied(),
            lesson: Some(lesson.clone()),
        };
        lab.advance_to(VirtualTime::START + age, u64::MAX, &mut NoTrace);
        self.lab = lab;
        self.opening = opening;
        self.shown = None;
        self.narration = None;
        self.travelled();
        Reply::Opened(lesson.opened(problems))
    }
}

/// Runs a lesson's blocks in order; the errors that it does not expect, with their places in it.
fn run(lab: &mut Lab, lesson: &Lesson) -> Vec<PlacedDiagnostic> {
    let mut problems = Vec::new();
    let mut before_block = 0;
    for part in &lesson.parts {
        match part {
            Part::Expect(Expectation { wanted, .. }) => {
                if matches!(wanted, Wanted::Error(_)) {
                    problems.truncate(before_block);
                }
            }
            Part::Prose(_) => {}
            Part::Lab(block) => {
                before_block = problems.len();
                for (line, at) in &block.lines {
                    let outcomes = run_line(lab, line);
                    problems.extend(outcomes.iter().flat_map(|it| in_lesson(it, *at, lesson)));
                }
            }
            Part::Sql(block) if block.run == RunBy::Opening => {
                before_block = problems.len();
                let outcomes = lab.execute(&Command::Sql(lesson.at(block.span).to_owned()));
                let at = block.span;
                problems.extend(outcomes.iter().flat_map(|it| in_lesson(it, at, lesson)));
            }
            Part::Sql(_) => {}
        }
    }
    problems
}

fn run_line(lab: &mut Lab, line: &Line) -> Vec<StatementOutcome> {
    match line {
        Line::Command(command) => lab.execute(command),
        Line::Run(length) => {
            lab.advance(*length);
            Vec::new()
        }
        Line::Seed(_) => Vec::new(),
    }
}

/// The findings of an outcome, whose places are in a block, with their places in the lesson.
fn in_lesson(outcome: &StatementOutcome, at: Span, lesson: &Lesson) -> Vec<PlacedDiagnostic> {
    let diagnostics = outcome.diagnostics.iter().map(|it| it.diagnostic.clone());
    let shifted = |found: Diagnostic| Diagnostic {
        span: Some(found.span.map_or(at, |span| span.shifted(at.start))),
        ..found
    };
    diagnostics
        .map(|found| place(shifted(found), &lesson.text))
        .collect()
}

impl Opening {
    /// The seed of the laboratory: what was asked for, else the lesson's.
    pub(super) fn seed_used(&self) -> u64 {
        let of_lesson = self.lesson.as_ref().and_then(|it| it.seed);
        self.seed.or(of_lesson).unwrap_or_default()
    }

    /// A new laboratory with the lesson's outside world and another script instead of its SQL.
    ///
    /// Commands that stand before the first SQL of the lesson come before the script, the others
    /// after it.
    pub(super) fn lab_with(&self, script: &str) -> (Lab, Vec<StatementOutcome>) {
        let mut lab = Lab::new(LabConfig {
            seed: self.seed_used(),
        });
        let parts = self.lesson.as_ref().map_or(&[][..], |it| &it.parts);
        let is_sql = |part: &Part| matches!(part, Part::Sql(block) if block.run == RunBy::Opening);
        let first_sql = parts.iter().position(is_sql).unwrap_or(parts.len());
        let mut problems = run_lab_blocks(&mut lab, &parts[..first_sql]);
        let outcomes = lab.execute(&Command::Sql(script.to_owned()));
        if outcomes.iter().all(|it| it.ok) {
            problems.extend(run_lab_blocks(&mut lab, &parts[first_sql..]));
        }
        (lab, problems.into_iter().chain(outcomes).collect())
    }

    /// What visitors did to the outside world since the opening, with its time: everything but
    /// SQL, which the script stands for.
    pub(super) fn outside_commands(&self, lab: &Lab) -> Vec<(VirtualTime, Command)> {
        let applied = lab.world().commands_applied() as usize;
        let commands = &lab.history().branch().commands[..applied];
        let own = commands.iter().skip(self.commands as usize);
        let outside =
            own.filter(|it| !matches!(it.command, Command::Sql(_) | Command::QueryClose { .. }));
        outside.map(|it| (it.at.time, it.command.clone())).collect()
    }
}

/// Runs commands; only failures are outcomes worth telling.
fn run_lab_blocks(lab: &mut Lab, parts: &[Part]) -> Vec<StatementOutcome> {
    let mut failures = Vec::new();
    for part in parts {
        let Part::Lab(block) = part else { continue };
        for (line, _) in &block.lines {
            let outcomes = run_line(lab, line).into_iter().filter(|it| !it.ok);
            failures.extend(outcomes.map(of_the_lesson));
        }
    }
    failures
}

/// An outcome of the lesson's own command: its place is not in the script that was given.
fn of_the_lesson(outcome: StatementOutcome) -> StatementOutcome {
    let message = format!("The lesson's own command failed: {}", outcome.message);
    let found = Diagnostic::error(Fault::Yours, "lesson-command", message.clone())
        .hint("Does the script still create the topics that the lesson's producers write to?");
    StatementOutcome {
        message,
        range: (0, 0),
        diagnostics: vec![place(found, "")],
        ..outcome
    }
}
