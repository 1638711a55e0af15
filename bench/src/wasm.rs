//! The same under Node: one exported function, with Node's clock.

use crate::report::{Options, run};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now_millis() -> f64;

    #[wasm_bindgen(js_namespace = console, js_name = log)]
    fn print(line: &str);
}

/// Prints the tables; the names are separated by commas, none means all.
#[wasm_bindgen]
pub fn bench(events: u32, rounds: u32, only: &str) -> Result<(), String> {
    let names = only.split(',').filter(|name| !name.is_empty());
    let options = Options {
        events,
        rounds,
        only: names.map(str::to_owned).collect(),
        ..Options::default()
    };
    run(&options, &|| now_millis() / 1e3, &print).map_err(|error| error.to_string())
}
