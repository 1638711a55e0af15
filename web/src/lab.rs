//! The page's lab: one handle that components share, holding the line to the worker, what is known
//! of the lab, and what the visitor chose.
//!
//! Components read what the root passes them and write through [`crate::tasks`]; nobody else
//! changes the state. [`crate::clock`] turns it once an animation frame.

use crate::canvas::Drawing;
use crate::client::journal::Journal;
use crate::client::{Client, Event};
use crate::model::{Applied, Model, Shown};
use crate::platform::PtrEq;
use crate::tasks;
use crate::ui::Ui;
use headwater_scene::DisplayList;
use headwater_view::{Frame, Reply, Request, SavedLab};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use yew::Callback;

/// A shared handle of one lab.
#[derive(Clone, Debug)]
pub struct Lab(Rc<Inner>);

impl PartialEq for Lab {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Debug)]
struct Inner {
    client: RefCell<Option<Rc<Client>>>,
    state: RefCell<State>,
    drawing: RefCell<Drawing>,
    changed: RefCell<Option<Callback<()>>>,
    /// Whether a re-rendering is due.
    stale: Cell<bool>,
}

/// What components show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The lab.
    pub shown: Shown,
    /// The visitor's choices.
    pub ui: Ui,
    /// The furthest moment seen, in milliseconds since 1970.
    pub furthest_ms: i64,
    /// The stage's settled picture.
    pub picture: PtrEq<DisplayList>,
    /// How much larger than its own size the picture is shown.
    pub zoom: f64,
}

/// Everything that the page holds about the lab and itself.
#[derive(Debug, Default)]
pub struct State {
    /// What is known of the lab.
    pub model: Model,
    /// What the visitor chose.
    pub ui: Ui,
    /// What brings the lab back.
    pub journal: Journal,
    /// Whether a tick is unanswered.
    pub ticking: bool,
    /// Whether the engine may have news although time stands still.
    pub expecting: bool,
    /// Steps at which workers died, the newest last.
    pub deaths: Vec<u64>,
    /// Whether a lost lab is being brought back.
    pub recovering: bool,
}

impl Lab {
    /// A lab that nothing was asked of yet.
    pub fn new() -> Lab {
        let lab = Lab(Rc::new(Inner {
            client: RefCell::default(),
            state: RefCell::new(State {
                ui: Ui::kept(),
                ..State::default()
            }),
            drawing: RefCell::default(),
            changed: RefCell::default(),
            stale: Cell::new(false),
        }));
        let weak = Rc::downgrade(&lab.0);
        let client = Client::new(move |event| {
            if let Some(inner) = weak.upgrade() {
                Lab(inner).heard(event);
            }
        });
        *lab.0.client.borrow_mut() = Some(client);
        lab
    }

    /// Asks the worker for `lesson`; one that is not ready yet is asked when it is.
    pub fn open(&self, lesson: &str) {
        self.change(|state| state.journal = Journal::new(lesson));
        tasks::open(self, lesson);
    }

    /// Asks the worker for a lab that was kept; it stands still where it was.
    pub fn load(&self, saved: &SavedLab) {
        self.change(|state| state.journal = Journal::of_saved(saved));
        tasks::keep::load(self, saved);
    }

    /// Starts a worker in place of the one before.
    pub fn spawn(&self) {
        self.client().spawn();
    }

    /// Ends the worker and lets go of whoever was told of changes.
    pub fn close(&self) {
        self.0.changed.borrow_mut().take();
        self.client().stop();
    }

    /// Calls `changed` whenever components have something new to show.
    pub fn on_change(&self, changed: Callback<()>) {
        *self.0.changed.borrow_mut() = Some(changed);
    }

    /// Reads the state. Nothing may be asked or changed inside.
    pub fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.0.state.borrow())
    }

    /// Changes the state; components show it at the next frame.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.0.state.borrow_mut());
        self.0.stale.set(true);
        result
    }

    /// Changes the visitor's choices, and shows them at once.
    pub fn choose(&self, change: impl FnOnce(&mut Ui)) {
        self.change(|state| change(&mut state.ui));
        self.drawing(|drawing| drawing.invalidate());
        self.show();
    }

    /// Draws on the stage, or prepares it.
    pub fn drawing<T>(&self, draw: impl FnOnce(&mut Drawing) -> T) -> T {
        draw(&mut self.0.drawing.borrow_mut())
    }

    /// Brings the stage's picture up to the state. Whether cards moved.
    pub fn draw(&self, now: f64) -> bool {
        self.read(|state| self.drawing(|drawing| drawing.frame(state, now)))
    }

    /// What components show now.
    pub fn snapshot(&self) -> Snapshot {
        let (picture, zoom) = self.drawing(|drawing| (drawing.picture(), drawing.zoom()));
        self.read(|state| Snapshot {
            shown: state.model.shown.clone(),
            ui: state.ui.clone(),
            furthest_ms: state.model.furthest_ms,
            picture,
            zoom,
        })
    }

    /// Whether components have something new to show.
    pub fn is_stale(&self) -> bool {
        self.0.stale.get()
    }

    /// Whether the engine shall be told how much time passed; then [`Lab::end_tick`] has to follow.
    pub fn begin_tick(&self) -> bool {
        let state = &mut *self.0.state.borrow_mut();
        let due = state.journal.is_open() && !state.ticking;
        let wanted = due && (state.model.running() || state.expecting);
        if wanted {
            state.ticking = true;
        }
        wanted
    }

    /// The tick was answered. Silence means that there is nothing more while time stands still.
    pub fn end_tick(&self, more: bool) {
        let state = &mut *self.0.state.borrow_mut();
        state.ticking = false;
        state.expecting = more;
    }

    /// Lets components show the state now.
    pub fn show(&self) {
        self.0.state.borrow_mut().model.publish();
        self.0.stale.set(false);
        let changed = self.0.changed.borrow().clone();
        if let Some(changed) = changed {
            changed.emit(());
        }
    }

    /// Asks the engine; a frame in the reply is applied before `answered` sees it.
    pub fn ask(&self, request: Request, answered: impl FnOnce(&Lab, Reply) + 'static) {
        let lab = self.clone();
        self.client().ask(request, move |reply| {
            lab.0.state.borrow_mut().expecting = true;
            if let Reply::Frame(frame) = &reply {
                lab.apply(frame);
            }
            answered(&lab, reply);
        });
    }

    /// Counts a visible frame's time for requests that wait.
    pub fn wait(&self, wall_ms: f64) {
        self.client().frame(wall_ms);
    }

    /// Brings the state to the moment of `frame`, and asks for a whole one if some were lost.
    pub fn apply(&self, frame: &Frame) {
        let applied = self.change(|state| state.model.apply(frame));
        match applied {
            Applied::Yes if changes_picture(frame) => {
                self.drawing(|drawing| drawing.moved(&frame.motions));
            }
            Applied::Yes => {}
            Applied::Gap => self.ask(Request::Resend, |_, _| {}),
        }
    }

    fn client(&self) -> Rc<Client> {
        let client = self.0.client.borrow().clone();
        client.unwrap_or_else(|| Client::new(|_| {}))
    }

    fn heard(&self, event: Event) {
        match event {
            Event::Ready => {}
            Event::OtherBuild => tasks::recover::other_build(self),
            Event::Gone { message } => tasks::recover::revive(self, &message),
        }
    }
}

/// Whether a frame brings more than that time has passed.
fn changes_picture(frame: &Frame) -> bool {
    let arrived = !frame.producers.is_empty()
        || !frame.topics.is_empty()
        || !frame.queries.is_empty()
        || !frame.tables.is_empty()
        || !frame.readers.is_empty()
        || !frame.results.is_empty()
        || frame.branches.is_some()
        || frame.replication.is_some()
        || frame.offers.is_some();
    let gone = !frame.producers_gone.is_empty()
        || !frame.topics_gone.is_empty()
        || !frame.queries_gone.is_empty()
        || !frame.tables_gone.is_empty()
        || !frame.readers_gone.is_empty()
        || !frame.results_gone.is_empty();
    frame.full || arrived || gone || !frame.motions.is_empty()
}

impl Default for Lab {
    fn default() -> Self {
        Lab::new()
    }
}
