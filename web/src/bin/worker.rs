//! The worker's program: registers the engine and waits for the page.

use gloo_worker::Registrable;
use headwater_web::engine::Engine;

fn main() {
    Engine::registrar().register();
}
