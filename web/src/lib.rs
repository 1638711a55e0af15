//! The playground in the browser: what the page and its worker are made of.
//!
//! The page and the worker are two programs, `bin/app.rs` and `bin/worker.rs`. The page's side is
//! everything but [`engine`]; start with [`lab`], then [`clock`], then [`components`].

pub mod api;
pub mod canvas;
pub mod charts;
pub mod client;
pub mod clock;
pub mod components;
pub mod engine;
pub mod lab;
pub mod model;
pub mod platform;
pub mod queries;
pub mod tasks;
pub mod ui;
pub mod wire;
