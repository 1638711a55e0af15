//! The playground in the browser: what the page and its worker share.
//! The page and the worker are two programs, `bin/app.rs` and `bin/worker.rs`.

pub mod engine;
