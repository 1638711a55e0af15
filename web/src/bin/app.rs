//! The page's program: spawns the worker and says when it is ready.

use gloo_worker::Spawnable;
use headwater_web::engine::{Engine, Request, Response};

fn main() {
    // The worker is loaded by its address, because a strict content security policy forbids a
    // blob; Trunk writes the loader, and a classic script.
    let worker = Engine::spawner()
        .callback(|Response::Ready { version }| show(&format!("engine {version} is ready")))
        .as_module(false)
        .with_loader(true)
        .spawn("./worker_loader.js");
    worker.send(Request::Hello);
    // The page lives as long as its document: nothing would drop the bridge later.
    std::mem::forget(worker);
}

/// Writes `text` into the page.
fn show(text: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|page| page.get_element_by_id("headwater")) {
        root.set_text_content(Some(text));
    }
}
