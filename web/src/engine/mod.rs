//! The worker's side of the line: owns the laboratory and answers the page's requests.
//!
//! It is a thin shell around `headwater_core::playground`: it must not decide anything itself, and
//! it knows no document. The page reaches it through [`crate::client`].

use crate::wire::{BUILD, FromWorker, ToWorker};
use gloo_worker::{HandlerId, Worker, WorkerScope};
use headwater_core::playground::Playground;
use headwater_view::Request;
use std::cell::RefCell;
use std::fmt;
use wasm_bindgen::JsCast;

/// What a tick may take of an animation frame; the page needs the rest.
const TICK_MILLIS_MAX: f64 = 12.0;
/// Turns of the crank a tick, at first and at the limits.
const BUDGET_FIRST: f64 = 4_000.0;
const BUDGET_MIN: f64 = 200.0;
const BUDGET_MAX: f64 = 200_000.0;

/// The worker: one laboratory, answering whoever spawned it.
pub struct Engine {
    playground: Playground,
    /// Turns of the crank that a tick may take; follows what this machine can do.
    budget: f64,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}

type Listener = (WorkerScope<Engine>, HandlerId);

thread_local! {
    /// Whom to tell of a panic: known since the handshake.
    static LISTENER: RefCell<Option<Listener>> = const { RefCell::new(None) };
}

impl Worker for Engine {
    type Message = ();
    type Input = ToWorker;
    type Output = FromWorker;

    fn create(_scope: &WorkerScope<Self>) -> Self {
        std::panic::set_hook(Box::new(|panic| last_words(&panic.to_string())));
        Engine {
            playground: Playground::new(),
            budget: BUDGET_FIRST,
        }
    }

    fn update(&mut self, _scope: &WorkerScope<Self>, (): Self::Message) {}

    fn received(&mut self, scope: &WorkerScope<Self>, message: ToWorker, page: HandlerId) {
        match message {
            ToWorker::Hello => {
                LISTENER.with(|listener| {
                    *listener.borrow_mut() = Some((scope.clone(), page));
                });
                let build = BUILD.to_owned();
                scope.respond(page, FromWorker::Ready { build });
            }
            ToWorker::Ask { number, request } => {
                let is_tick = matches!(request, Request::Tick { .. });
                let begun = js_sys::Date::now();
                let reply = self.playground.handle(request);
                if is_tick {
                    self.adjust(js_sys::Date::now() - begun);
                }
                scope.respond(page, FromWorker::Answer { number, reply });
            }
        }
    }
}

impl Engine {
    /// Keeps ticks within an animation frame: a long one halves the next, a short one lets the
    /// next be longer. Results do not depend on it: a lab that falls behind merely runs slower.
    fn adjust(&mut self, took_ms: f64) {
        let factor = match took_ms {
            0.0..6.0 => 1.25,
            6.0..TICK_MILLIS_MAX => 1.0,
            _ => 0.5,
        };
        self.budget = (self.budget * factor).clamp(BUDGET_MIN, BUDGET_MAX);
        self.playground.set_budget(self.budget as u64);
    }
}

/// Tells the page that this worker is gone, and closes it: after a panic its memory may not be
/// trusted, and whatever is still queued must not be tried on it.
fn last_words(message: &str) {
    let listener = LISTENER.with(|listener| listener.borrow_mut().take());
    if let Some((scope, page)) = listener {
        let message = message.to_owned();
        scope.respond(page, FromWorker::Crashed { message });
    }
    if let Ok(worker) = js_sys::global().dyn_into::<web_sys::DedicatedWorkerGlobalScope>() {
        worker.close();
    }
}
