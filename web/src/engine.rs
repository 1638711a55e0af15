//! The worker's side of the line: owns the laboratory and answers the page's requests.
//! It must not know the document. The page reaches it by `gloo_worker`'s spawner.

use gloo_worker::{HandlerId, Worker, WorkerScope};
use serde::{Deserialize, Serialize};

/// What the page asks of the worker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// The handshake: nothing that is sent before its answer may be relied on.
    Hello,
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Response {
    /// The worker is ready; `version` is the engine's.
    Ready {
        /// The version of the engine that the worker was built with.
        version: String,
    },
}

/// The worker: one engine, answering whoever spawned it.
#[derive(Debug)]
pub struct Engine;

impl Worker for Engine {
    type Message = ();
    type Input = Request;
    type Output = Response;

    fn create(_scope: &WorkerScope<Self>) -> Self {
        Self
    }

    fn update(&mut self, _scope: &WorkerScope<Self>, _message: Self::Message) {}

    fn received(&mut self, scope: &WorkerScope<Self>, request: Self::Input, page: HandlerId) {
        match request {
            Request::Hello => {
                let version = env!("CARGO_PKG_VERSION").to_owned();
                scope.respond(page, Response::Ready { version });
            }
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn runs_in_a_browser() {
        assert!(web_sys::window().is_some());
    }
}
