//! The worker behind a bridge, so that one that hangs can be ended.

use wasm_bindgen::prelude::*;
use web_sys::Worker;

#[wasm_bindgen(module = "/src/platform/worker.js")]
extern "C" {
    #[wasm_bindgen(js_name = catchWorker)]
    fn catch(spawn: &mut dyn FnMut()) -> Option<Worker>;
}

/// Calls `spawn`, which starts one worker, and gives out that worker with what `spawn` gave.
pub fn catch_worker<T>(spawn: impl FnOnce() -> T) -> (T, Option<Worker>) {
    let mut spawn = Some(spawn);
    let mut spawned = None;
    let worker = catch(&mut || spawned = spawn.take().map(|spawn| spawn()));
    let spawned = spawned.or_else(|| spawn.take().map(|spawn| spawn()));
    (spawned.expect_throw("the worker was started"), worker)
}
