//! What the tests of the whole laboratory share: the opening lesson, run headless.
//!
//! The tests are in `tests/`, the flows of the page in `e2e/`. [`trace`] is compiled to wasm, too,
//! where a browser has to come to the same hash.

pub mod trace;

use headwater_base::{Millis, VirtualTime};
use headwater_core::playground::Playground;
use headwater_view::{OpenedLesson, Reply, Request};

/// The opening lesson's text.
pub const FIRST_LIGHT: &str = include_str!("../../static/lessons/first-light.md");

/// A playground in which a lesson was opened, as old as asked.
///
/// # Panics
/// When the lesson has problems.
pub fn opened(lesson: &str, seed: Option<u64>, age: Millis) -> Playground {
    let mut playground = Playground::new();
    let reply = playground.handle(Request::Open {
        lesson: lesson.to_owned(),
        seed,
        age_ms: age.0,
    });
    let Reply::Opened(OpenedLesson { problems, .. }) = reply else {
        panic!("{reply:?}");
    };
    assert!(problems.is_empty(), "{problems:#?}");
    assert_eq!(playground.lab().world().now(), VirtualTime::START + age);
    playground
}
