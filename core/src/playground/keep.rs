//! Keeping a laboratory in a file or a link, and bringing it back by replay.

use crate::command::Command;
use crate::lab::{Cursor, Lab, LabConfig, place};
use crate::playground::Playground;
use headwater_base::{Diagnostic, Fault, Millis, VirtualTime};
use headwater_view::{Reply, SavedCommand, SavedLab};

/// Most turns that a kept laboratory may ask for: a day of the opening lesson is a tenth of it.
const TURNS_MAX: u64 = 20_000_000;

impl Playground {
    /// The laboratory as it is now; the editor's text is the front end's to add.
    pub(super) fn save(&self) -> SavedLab {
        let world = self.lab.world();
        let applied = world.commands_applied() as usize;
        let commands = self.lab.history().branch().commands[..applied].iter();
        let here = world.cursor();
        SavedLab {
            engine_version: env!("CARGO_PKG_VERSION").to_owned(),
            lesson: self.opening.markdown.clone(),
            script: String::new(),
            seed: self.opening.seed_used().to_string(),
            age_ms: self.opening.age.0,
            commands: commands
                .map(|it| SavedCommand {
                    turn: it.at.turn,
                    time_ms: (it.at.time - VirtualTime::START).0,
                    text: it.command.to_string(),
                })
                .collect(),
            turn: here.turn,
            step: world.step(),
            time_ms: (here.time - VirtualTime::START).0,
            hash: self.lab.hash(),
        }
    }

    /// Brings a kept laboratory back. Where that does not work, the one that is open stays.
    pub(super) fn load(&mut self, saved: &SavedLab) -> Reply {
        match replay(saved) {
            Ok(lab) => self.opened_with(saved, lab),
            Err(found) => Reply::Refused(Box::new(place(found, ""))),
        }
    }

    fn opened_with(&mut self, saved: &SavedLab, lab: Lab) -> Reply {
        let seed = saved.seed.parse().ok();
        let Reply::Opened(mut lesson) = self.open(&saved.lesson, seed, Millis(saved.age_ms)) else {
            return Reply::Nothing;
        };
        let (hash, step) = (lab.hash(), lab.world().step());
        self.lab = lab;
        self.running = false;
        self.shown = None;
        self.travelled();
        if !saved.script.is_empty() {
            lesson.script.clone_from(&saved.script);
        }
        if hash != saved.hash {
            let text = format!(
                "This lab was kept by engine {} at step {} with the hash {}; replayed by engine \
                 {} it comes to step {step} and {hash}, so what you see may differ.",
                saved.engine_version,
                saved.step,
                saved.hash,
                env!("CARGO_PKG_VERSION"),
            );
            let found = Diagnostic::error(Fault::Ours, "replay-differs", text);
            lesson.problems.insert(0, place(found, ""));
        }
        Reply::Opened(lesson)
    }
}

fn replay(saved: &SavedLab) -> Result<Lab, Diagnostic> {
    let broken = |what: String| {
        Diagnostic::error(Fault::Yours, "broken-lab", what)
            .hint("The link or file was cut or edited; ask for it again.")
    };
    let seed = saved.seed.parse();
    let seed = seed.map_err(|_| broken(format!("\"{}\" is no seed.", saved.seed)))?;
    let last = saved.commands.iter().map(|it| it.turn).max().unwrap_or(0);
    if saved.turn.max(last) > TURNS_MAX {
        return Err(broken(format!(
            "The lab is {} turns long; {TURNS_MAX} are possible.",
            saved.turn.max(last)
        )));
    }
    let mut commands = Vec::with_capacity(saved.commands.len());
    for (place, it) in saved.commands.iter().enumerate() {
        let command = Command::parse(&it.text).map_err(|found| {
            broken(format!(
                "Command {} is broken: {}",
                place + 1,
                found.message
            ))
        })?;
        commands.push((cursor(it.turn, it.time_ms), command));
    }
    let until = cursor(saved.turn, saved.time_ms);
    Lab::replayed(LabConfig { seed }, commands, until).map_err(|(place, found)| {
        let why = found.first().map_or("", |it| it.message.as_str());
        let text = &saved.commands[place].text;
        broken(format!("\"{text}\" is refused now: {why}"))
    })
}

fn cursor(turn: u64, time_ms: i64) -> Cursor {
    Cursor {
        turn,
        time: VirtualTime::START + Millis(time_ms.max(0)),
    }
}
