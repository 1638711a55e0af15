//! A laboratory with a screen: answers a front end's requests, keeps what was shown last, and
//! turns wall time into virtual time.
//!
//! It knows no browser and no clock: wall time comes in with each tick. The page's worker, the
//! npm package and tests drive it through [`Playground::handle`], one reply a request.

mod branches;
mod check;
pub mod complete;
mod forms;
mod keep;
mod menu;
mod opening;
mod pace;
pub mod prompt;

use crate::command::amount::duration_text;
use crate::command::{Command, Line};
use crate::lab::{Lab, LabConfig, place};
use crate::observe::{MotionSink, Observer, lab_state, narrate, record_detail};
use headwater_base::{Diagnostic, Fault, Millis, NoTrace, TraceEvent, VirtualTime};
use headwater_view::{Frame, LabView, Narration, Reply, Request, StatementOutcome, ViewRequest};
use opening::Opening;
use pace::Pace;

/// Turns of the crank that a tick may take at first; the host adjusts it to its machine.
const BUDGET: u64 = 4_000;
/// Most turns on the way to a moment that was asked for; a few seconds of the host's time.
const SEEK_TURNS_MAX: u64 = 1_000_000;
/// The latest moment that can be asked for: a hundred years after the start.
const SEEK_MS_MAX: i64 = 100 * 365 * 86_400_000;

/// A laboratory with a screen.
///
/// ```
/// use headwater_core::playground::Playground;
/// use headwater_view::{Reply, Request};
/// let lesson = "# Two\n\n```lab\ntopic create ratings partitions=2\n```\n";
/// let mut playground = Playground::new();
/// let opened = playground.handle(Request::Open {
///     lesson: lesson.to_owned(),
///     seed: None,
///     age_ms: 0,
/// });
/// assert!(matches!(opened, Reply::Opened(_)));
/// let Reply::Frame(frame) = playground.handle(Request::Tick { wall_ms: 16.0 }) else { panic!() };
/// assert_eq!(frame.topics[0].name, "ratings");
/// ```
#[derive(Clone, Debug)]
pub struct Playground {
    lab: Lab,
    opening: Opening,
    running: bool,
    pace: Pace,
    budget: u64,
    observer: Observer,
    motions: MotionSink,
    request: ViewRequest,
    shown: Option<LabView>,
    frames: u64,
    shown_running: Option<bool>,
    narration: Option<Narration>,
    is_narration_stale: bool,
}

impl Default for Playground {
    fn default() -> Self {
        Playground::new()
    }
}

impl Playground {
    /// An empty laboratory, standing still.
    pub fn new() -> Playground {
        Playground {
            lab: Lab::new(LabConfig::default()),
            opening: Opening::default(),
            running: false,
            pace: Pace::default(),
            budget: BUDGET,
            observer: Observer::default(),
            motions: MotionSink::default(),
            request: ViewRequest::default(),
            shown: None,
            frames: 0,
            shown_running: None,
            narration: None,
            is_narration_stale: false,
        }
    }

    /// The laboratory.
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// How many turns a tick may take. A host that measures its ticks keeps them short with this.
    pub fn set_budget(&mut self, turns: u64) {
        self.budget = turns.max(1);
    }

    /// Answers a request.
    pub fn handle(&mut self, request: Request) -> Reply {
        match request {
            Request::Open {
                lesson,
                seed,
                age_ms,
            } => self.open(&lesson, seed, Millis(age_ms)),
            Request::Tick { wall_ms } => self.tick(wall_ms),
            Request::View(request) => {
                self.request = request;
                Reply::Nothing
            }
            Request::Resend => {
                self.shown = None;
                Reply::Nothing
            }
            Request::Play => self.run(true),
            Request::Pause => self.run(false),
            Request::SetSpeed(speed) => {
                self.pace.set_speed(speed);
                Reply::Nothing
            }
            Request::Step(times) => self.step(times),
            Request::StepBack => self.step_back(),
            Request::Seek { time_ms } => self.seek(time_ms),
            Request::Execute { text } => self.execute(&Command::Sql(text)),
            Request::Command { text } => self.command(&text),
            Request::Close { query } => self.execute(&Command::QueryClose { name: query }),
            Request::Restart { text } => self.restart(&text),
            Request::Reset => self.reset(),
            Request::Inspect(record) => {
                Reply::Record(record_detail(&self.lab, record).map(Box::new))
            }
            Request::State => Reply::State(Box::new(lab_state(self.lab.world(), self.running))),
            Request::TakeBranch(id) => self.take_branch(id),
            Request::Save => Reply::Saved(Box::new(self.save())),
            Request::Load(saved) => self.load(&saved),
            Request::Check { text, version } => Reply::Checked {
                version,
                diagnostics: self.check(&text),
            },
            Request::StatementAt { text, cursor } => {
                Reply::Statement(headwater_syntax::statement_at(&text, cursor))
            }
            Request::Complete { text, cursor } => {
                Reply::Completions(complete::complete_in(&text, cursor, &self.lab))
            }
            Request::Help { name } => Reply::Help(complete::help(&name).map(Box::new)),
            Request::Form { text } => {
                Reply::Form(forms::form(&text, self.lab.world()).map(Box::new))
            }
            Request::Try { title, values } => {
                let tried = forms::tried(&title, &values, self.lab.world());
                Reply::Tried(Box::new(tried))
            }
            Request::Menu { noun, name } => {
                Reply::Completions(menu::menu(&noun, &name, self.lab.world()))
            }
        }
    }

    fn run(&mut self, running: bool) -> Reply {
        self.running = running;
        self.pace.rest();
        Reply::Nothing
    }

    fn tick(&mut self, wall_ms: f64) -> Reply {
        if self.running {
            let now = self.lab.world().now();
            let until = now + self.pace.virtual_time(wall_ms);
            let done = self.lab.advance_to(until, self.budget, &mut self.motions);
            let passed = self.lab.world().now() - now;
            self.pace.passed(wall_ms, passed, done.reached);
        }
        self.frame()
    }

    /// What changed since the last frame.
    fn frame(&mut self) -> Reply {
        self.narrate();
        let world = self.lab.world();
        let narration = self.narration.clone();
        let mut view = self.observer.view_with(world, &self.request, narration);
        view.branches = branches::left(&self.lab);
        let (motions, motions_left_out) =
            self.motions.take_motions(world, self.request.motions_max);
        let is_same = self.shown.as_ref() == Some(&view)
            && self.shown_running == Some(self.running)
            && motions.is_empty();
        if is_same {
            return Reply::Nothing;
        }
        self.frames += 1;
        let frame = Frame {
            number: self.frames,
            running: self.running,
            real_speed: self.pace.real_speed(),
            motions,
            motions_left_out,
            ..Frame::between(self.shown.as_ref(), &view)
        };
        self.shown = Some(view);
        self.shown_running = Some(self.running);
        Reply::Frame(Box::new(frame))
    }

    /// Tells the newest step; after travel in time it is looked up by replay.
    fn narrate(&mut self) {
        let mut events = self.motions.newest_step();
        if events.is_empty() && self.is_narration_stale {
            events = self.last_step_replayed();
            self.narration = None;
        }
        self.is_narration_stale = false;
        if !events.is_empty() {
            self.narration = narrate(&events, self.lab.world());
        }
    }

    fn last_step_replayed(&self) -> Vec<TraceEvent> {
        let Some(step) = self.lab.world().step().checked_sub(1) else {
            return Vec::new();
        };
        let mut events = Vec::new();
        self.lab.replay_step(step, &mut events);
        events
    }

    fn step(&mut self, times: u32) -> Reply {
        self.running = false;
        for _ in 0..times {
            if !self.lab.step(&mut self.motions) {
                break;
            }
        }
        Reply::Nothing
    }

    fn step_back(&mut self) -> Reply {
        self.running = false;
        self.lab.step_back();
        self.travelled()
    }

    fn seek(&mut self, time_ms: i64) -> Reply {
        let time = VirtualTime::START + Millis(time_ms.clamp(0, SEEK_MS_MAX));
        self.running = self.running && time >= self.lab.world().now();
        let is_reached = self.lab.seek_within(time, SEEK_TURNS_MAX);
        let travelled = self.travelled();
        match is_reached {
            true => travelled,
            false => Reply::Refused(Box::new(place(self.too_far(), ""))),
        }
    }

    /// What to say where a request asked for more than it can have at once.
    fn too_far(&self) -> Diagnostic {
        let length = self.lab.world().now() - VirtualTime::START;
        let message = format!(
            "That is far away: the lab has stopped on its way, {} after its start.",
            duration_text(length)
        );
        Diagnostic::error(Fault::Yours, "too-far", message).hint("Ask again to go on.")
    }

    /// Another moment is shown now: what was collected on the way means nothing there.
    fn travelled(&mut self) -> Reply {
        self.observer.forget();
        self.motions.clear();
        self.pace.rest();
        self.is_narration_stale = true;
        Reply::Nothing
    }

    fn execute(&mut self, command: &Command) -> Reply {
        let left = self.lab.history().left().len();
        let outcomes = self.lab.execute_traced(command, &mut self.motions);
        if self.lab.history().left().len() > left {
            self.observer.forget();
        }
        Reply::Outcomes(outcomes)
    }

    /// A line of a lab block. The seed begins the lesson again.
    fn command(&mut self, text: &str) -> Reply {
        match Line::parse(text) {
            Ok(Some(Line::Seed(seed))) => {
                self.opening.seed = Some(seed);
                self.reset()
            }
            Ok(Some(Line::Run(length))) => {
                let until = self.lab.world().now() + length;
                let sought = self.seek((until - VirtualTime::START).0);
                if matches!(sought, Reply::Refused(_)) {
                    return sought;
                }
                let message = format!("{} have passed.", duration_text(length));
                Reply::Outcomes(vec![StatementOutcome {
                    ok: true,
                    message,
                    ..StatementOutcome::default()
                }])
            }
            Ok(Some(Line::Command(command))) => self.execute(&command),
            Ok(None) | Err(_) => match Command::parse(text) {
                Ok(command) => self.execute(&command),
                Err(found) => Reply::Refused(Box::new(place(found, text))),
            },
        }
    }

    fn restart(&mut self, text: &str) -> Reply {
        let now = self.lab.world().now();
        let outside = self.opening.outside_commands(&self.lab);
        let (mut lab, outcomes) = self.opening.lab_with(text);
        if outcomes.iter().all(|it| it.ok) {
            for (time, command) in outside {
                lab.advance_to(time, u64::MAX, &mut NoTrace);
                lab.execute(&command);
            }
            lab.advance_to(now, u64::MAX, &mut NoTrace);
            self.lab = lab;
            self.shown = None;
            self.travelled();
        }
        Reply::Outcomes(outcomes)
    }

    fn reset(&mut self) -> Reply {
        let opening = self.opening.clone();
        self.open(&opening.markdown, opening.seed, opening.age)
    }
}
