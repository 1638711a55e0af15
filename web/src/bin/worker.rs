//! The worker's program: registers the engine and waits for the page.

use gloo_worker::Registrable;
use headwater_web::engine::Engine;
use headwater_web::wire::Postcard;

fn main() {
    Engine::registrar().encoding::<Postcard>().register();
}
