//! The page's side of the line: spawns the worker, asks, and knows when the worker is gone.
//!
//! It must not know what a lab looks like; [`crate::lab`] decides what to ask. What brings a lost
//! lab back is in [`journal`].

pub mod journal;

use crate::engine::Engine;
use crate::platform::worker::catch_worker;
use crate::wire::{BUILD, FromWorker, Postcard, ToWorker};
use gloo_worker::{Spawnable, WorkerBridge};
use headwater_base::{Diagnostic, Fault, LineColumn, SortedMap};
use headwater_view::{PlacedDiagnostic, Reply, Request};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use web_sys::Worker;

/// Where the worker's loader lies, relative to the page.
const LOADER: &str = "./worker_loader.js";
/// How long an answer that has to be quick may take, in milliseconds of visible frames.
const QUICK_MILLIS_MAX: f64 = 4_000.0;
/// How long any other answer may take: opening or seeking replays a run.
const PATIENT_MILLIS_MAX: f64 = 60_000.0;

/// What the client tells its owner without having been asked.
#[derive(Debug)]
pub enum Event {
    /// The worker is ready for requests.
    Ready,
    /// The worker is of another build than the page.
    OtherBuild,
    /// The worker is gone, and this is what is known about it.
    Gone {
        /// The panic's words, or how it was noticed.
        message: String,
    },
}

type Answered = Box<dyn FnOnce(Reply)>;

struct Waiting {
    answered: Answered,
    /// Milliseconds of visible frames that are left.
    patience: f64,
}

/// A line to one worker after the other.
pub struct Client {
    bridge: RefCell<Option<WorkerBridge<Engine>>>,
    /// The worker itself: a bridge can only ask it to end, which one that hangs never hears.
    worker: RefCell<Option<Worker>>,
    /// Whether the worker is gone and no other was started.
    gone: Cell<bool>,
    generation: Cell<u64>,
    ready: Cell<bool>,
    next: Cell<u64>,
    waiting: RefCell<SortedMap<u64, Waiting>>,
    held: RefCell<Vec<(u64, Request)>>,
    listener: Box<dyn Fn(Event)>,
    own: Weak<Client>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// A client without a worker yet; `listener` hears its events.
    pub fn new(listener: impl Fn(Event) + 'static) -> Rc<Client> {
        Rc::new_cyclic(|own| Client {
            bridge: RefCell::default(),
            worker: RefCell::default(),
            gone: Cell::new(false),
            generation: Cell::new(0),
            ready: Cell::new(false),
            next: Cell::new(0),
            waiting: RefCell::default(),
            held: RefCell::default(),
            listener: Box::new(listener),
            own: own.clone(),
        })
    }

    /// Starts a worker in place of the one before.
    pub fn spawn(&self) {
        let generation = self.generation.get() + 1;
        self.generation.set(generation);
        self.ready.set(false);
        let own = self.own.clone();
        // The worker is loaded by its address, because a strict content security policy forbids a
        // blob; Trunk writes the loader, and a classic script.
        let spawn = move || {
            Engine::spawner()
                .encoding::<Postcard>()
                .callback(move |message| {
                    if let Some(client) = own.upgrade()
                        && client.generation.get() == generation
                    {
                        client.received(message);
                    }
                })
                .as_module(false)
                .with_loader(true)
                .spawn(LOADER)
        };
        let (bridge, worker) = catch_worker(spawn);
        bridge.send(ToWorker::Hello);
        *self.bridge.borrow_mut() = Some(bridge);
        *self.worker.borrow_mut() = worker;
        self.gone.set(false);
    }

    /// Ends the worker, also one that hangs.
    fn terminate(&self) {
        // Taken out first: dropping a bridge posts to a worker that may be gone.
        drop(self.bridge.borrow_mut().take());
        if let Some(worker) = self.worker.borrow_mut().take() {
            worker.terminate();
        }
    }

    /// Ends the worker; nobody who still waits is answered.
    pub fn stop(&self) {
        self.generation.set(self.generation.get() + 1);
        self.ready.set(false);
        self.held.borrow_mut().clear();
        self.waiting.borrow_mut().clear();
        self.terminate();
    }

    /// Asks, and calls `answered` with the reply: the worker's, or a refusal if it is gone.
    pub fn ask(&self, request: Request, answered: impl FnOnce(Reply) + 'static) {
        if self.gone.get() {
            answered(refusal("it has not been started again"));
            return;
        }
        let number = self.next.get();
        self.next.set(number + 1);
        let quick = matches!(
            request,
            Request::Tick { .. } | Request::Inspect(_) | Request::Play | Request::Pause
        );
        let patience = if quick {
            QUICK_MILLIS_MAX
        } else {
            PATIENT_MILLIS_MAX
        };
        let answered: Answered = Box::new(answered);
        self.waiting
            .borrow_mut()
            .insert(number, Waiting { answered, patience });
        match &*self.bridge.borrow() {
            Some(bridge) if self.ready.get() => bridge.send(ToWorker::Ask { number, request }),
            _ => self.held.borrow_mut().push((number, request)),
        }
    }

    /// Counts the time of one visible frame. A worker that lets a request wait too long is gone:
    /// one that was closed from outside says nothing.
    pub fn frame(&self, wall_ms: f64) {
        let exhausted = {
            let mut waiting = self.waiting.borrow_mut();
            // Answers come in order, so only the oldest question is really being worked on.
            let oldest = waiting.values_mut().next();
            oldest.is_some_and(|oldest| {
                oldest.patience -= wall_ms;
                oldest.patience < 0.0
            })
        };
        if exhausted {
            self.lose("it stopped answering");
        }
    }

    fn received(&self, message: FromWorker) {
        match message {
            FromWorker::Ready { build } if build == BUILD => {
                self.ready.set(true);
                for (number, request) in self.held.take() {
                    if let Some(bridge) = &*self.bridge.borrow() {
                        bridge.send(ToWorker::Ask { number, request });
                    }
                }
                (self.listener)(Event::Ready);
            }
            FromWorker::Ready { .. } => (self.listener)(Event::OtherBuild),
            FromWorker::Answer { number, reply } => {
                let waiting = self.waiting.borrow_mut().remove(&number);
                if let Some(waiting) = waiting {
                    (waiting.answered)(reply);
                }
            }
            FromWorker::Crashed { message } => self.lose(&message),
        }
    }

    /// The worker is gone: everyone who waits is told, then the owner.
    fn lose(&self, message: &str) {
        self.generation.set(self.generation.get() + 1);
        self.ready.set(false);
        self.held.borrow_mut().clear();
        self.terminate();
        for (_, waiting) in self.waiting.take() {
            (waiting.answered)(refusal(message));
        }
        // Nobody was told yet that could have started another one.
        self.gone.set(true);
        let message = message.to_owned();
        (self.listener)(Event::Gone { message });
    }
}

/// What those are told who wait for a worker that is gone.
fn refusal(message: &str) -> Reply {
    let text = format!("The engine stopped: {message}");
    let diagnostic = Diagnostic::error(Fault::Ours, "engine-bug", text)
        .hint("The lab was replayed without this; please report the bug.");
    let start = LineColumn { line: 1, column: 1 };
    Reply::Refused(Box::new(PlacedDiagnostic {
        diagnostic,
        start,
        end: start,
    }))
}
