//! Writing: bringing a lab back whose worker is gone. A panic ends the worker, not the lab: a new
//! worker replays to the last step that the page saw and stands still there.

use crate::client::journal::AGE_MILLIS;
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::queries::shortened;
use crate::tasks::opened;
use crate::ui::{Note, Way};
use headwater_base::time::EPOCH_MILLIS;
use headwater_view::{Reply, Request};
use web_sys::window;

/// How often a step is taken back to reach the very step that was last seen; the moment to which
/// the replay goes may hold a few steps more.
const STEPS_BACK_MAX: u32 = 64;
/// Longest quotation of what was asked last, in characters.
const LAST_MAX: usize = 60;

/// The worker is of another build: the browser held old files. Loading the page again asks for
/// them anew; once, because a page that was loaded again already has what there is.
pub fn other_build(lab: &Lab) {
    let reloaded = window()
        .and_then(|window| window.performance())
        .is_some_and(|performance| performance.navigation().type_() == RELOADED);
    if !reloaded
        && let Some(window) = window()
        && window.location().reload().is_ok()
    {
        return;
    }
    let text = "The page and its engine are of different builds, so they cannot talk.";
    show(
        lab,
        text,
        &["Empty the browser's cache for this page and load it again."],
    );
}

/// What the browser calls a page that was loaded again.
const RELOADED: u16 = 1;

/// Starts a new worker and asks it for the lab as it was last seen. Where a worker has died at this
/// very step before, nothing is tried unasked: the ways to go on are offered.
pub fn revive(lab: &Lab, message: &str) {
    let (step, time_ms) = lab.read(|state| {
        let position = &state.model.view.position;
        (position.step, (position.time_ms - EPOCH_MILLIS).max(0))
    });
    let again = lab.change(|state| {
        state.ticking = false;
        let again = state.deaths.contains(&step);
        state.deaths.push(step);
        again
    });
    if again {
        offer_ways(lab, step, message);
        return;
    }
    replay(lab, time_ms, Some(step));
    let text =
        format!("The engine stopped, and a new one replayed the lab to where it was: {message}");
    let hints = ["Play goes on. What was asked last was set aside; please report the bug."];
    show(lab, &text, &hints);
}

fn offer_ways(lab: &Lab, step: u64, message: &str) {
    let last = lab.read(|state| state.journal.last().map(|it| shortened(it, LAST_MAX)));
    let ways = last
        .map(Way::WithoutLast)
        .into_iter()
        .chain([Way::FromStart]);
    let note = Note {
        title: "Engine bug".to_owned(),
        text: format!("The engine stopped twice at step {step}: {message}"),
        hints: vec!["Nothing was lost yet. How shall it go on? Please report the bug.".to_owned()],
        ways: ways.collect(),
    };
    lab.choose(|ui| ui.note = PtrEq::new(Some(note)));
}

/// Goes on in one of the ways that were offered.
pub fn go_on(lab: &Lab, way: &Way) {
    let time_ms = lab.change(|state| {
        state.ui.note = PtrEq::default();
        state.deaths.clear();
        match way {
            Way::WithoutLast(_) => state.journal.forget_last().unwrap_or(AGE_MILLIS),
            Way::FromStart => {
                state.journal.clear();
                AGE_MILLIS
            }
        }
    });
    replay(lab, time_ms, None);
    lab.show();
}

/// Starts a worker and brings it to a moment, where time stands still.
fn replay(lab: &Lab, time_ms: i64, step: Option<u64>) {
    lab.change(|state| state.recovering = true);
    lab.drawing(|drawing| drawing.settle());
    lab.spawn();
    let requests = lab.read(|state| state.journal.replay(time_ms));
    for request in requests {
        lab.ask(request, |lab, reply| {
            if let Reply::Opened(mut lesson) = reply {
                // What the visitor wrote stays in the editor.
                lesson.script = lab.read(|state| (*state.ui.script).clone());
                opened(lab, Reply::Opened(lesson));
            }
        });
    }
    lab.ask(Request::Pause, |_, _| {});
    let speed = lab.read(|state| state.ui.speed);
    lab.ask(Request::SetSpeed(speed), |_, _| {});
    lab.ask(Request::Resend, |_, _| {});
    back_to(lab, step.unwrap_or(u64::MAX), STEPS_BACK_MAX);
}

/// Takes steps back until the lab is at `step` or before.
fn back_to(lab: &Lab, step: u64, left: u32) {
    lab.ask(Request::Tick { wall_ms: 0.0 }, move |lab, reply| {
        let at = lab.read(|state| state.model.view.position.step);
        let answered = !matches!(reply, Reply::Refused(_));
        if answered && at > step && left > 0 {
            lab.ask(Request::StepBack, |_, _| {});
            back_to(lab, step, left - 1);
        } else {
            lab.change(|state| state.recovering = false);
            lab.show();
        }
    });
}

fn show(lab: &Lab, text: &str, hints: &[&str]) {
    let note = Note {
        title: "Engine bug".to_owned(),
        text: text.to_owned(),
        hints: hints.iter().map(|hint| (*hint).to_owned()).collect(),
        ways: Vec::new(),
    };
    lab.choose(|ui| ui.note = PtrEq::new(Some(note)));
}
