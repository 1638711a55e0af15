//! The worker's side of the line: owns the laboratory and answers the page's requests.
//!
//! It is a thin shell around `headwater_core::playground`: it must not decide anything itself, and
//! it knows no document. The page reaches it through [`crate::client`].

use crate::wire::{BUILD, FromWorker, ToWorker};
use gloo_worker::{HandlerId, Worker, WorkerScope};
use headwater_core::playground::Playground;
use std::cell::RefCell;
use std::fmt;
use wasm_bindgen::JsCast;

/// The worker: one laboratory, answering whoever spawned it.
pub struct Engine {
    playground: Playground,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Engine")
    }
}

thread_local! {
    /// Whom to tell of a panic: known since the handshake.
    static LISTENER: RefCell<Option<(WorkerScope<Engine>, HandlerId)>> = const { RefCell::new(None) };
}

impl Worker for Engine {
    type Message = ();
    type Input = ToWorker;
    type Output = FromWorker;

    fn create(_scope: &WorkerScope<Self>) -> Self {
        std::panic::set_hook(Box::new(|panic| last_words(&panic.to_string())));
        Engine {
            playground: Playground::new(),
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
                let reply = self.playground.handle(request);
                scope.respond(page, FromWorker::Answer { number, reply });
            }
        }
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
