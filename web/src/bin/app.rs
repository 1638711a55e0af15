//! The page's program: puts the playground into its place in `index.html`.

use headwater_web::components::app::App;

fn main() {
    let document = web_sys::window().and_then(|window| window.document());
    let root =
        document.and_then(|document| document.query_selector("#headwater-page").ok().flatten());
    if let Some(root) = root {
        yew::Renderer::<App>::with_root(root).render();
    }
}
