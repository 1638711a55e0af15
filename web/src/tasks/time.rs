//! Writing: the lab's time. Play, pause, steps, seeking and speed.

use crate::client::journal::Journal;
use crate::lab::Lab;
use crate::tasks::refused;
use headwater_view::{Reply, Request};

/// Lets time move.
pub fn play(lab: &Lab) {
    ask_and_show(lab, Request::Play);
}

/// Lets time stand still.
pub fn pause(lab: &Lab) {
    ask_and_show(lab, Request::Pause);
}

/// Plays if time stands still, pauses if it moves.
pub fn toggle(lab: &Lab) {
    if lab.read(|state| state.model.running()) {
        pause(lab);
    } else {
        play(lab);
    }
}

/// Goes to the next step that changes what can be seen, so many times.
pub fn step(lab: &Lab, times: u32) {
    ask_and_show(lab, Request::Step(times));
}

/// Undoes a step.
pub fn step_back(lab: &Lab) {
    lab.drawing(|drawing| drawing.settle());
    ask_and_show(lab, Request::StepBack);
}

/// Goes to a moment, in milliseconds since the lab's start.
pub fn seek(lab: &Lab, time_ms: i64) {
    lab.drawing(|drawing| drawing.settle());
    ask_and_show(lab, Request::Seek { time_ms });
}

/// Goes back to a line of time that was left. From now on that line is what brings the lab back.
pub fn take_branch(lab: &Lab, id: u32) {
    lab.drawing(|drawing| drawing.settle());
    lab.choose(|ui| ui.branches_open = false);
    lab.ask(Request::TakeBranch(id), |lab, reply| {
        refused(lab, &reply);
        lab.show();
    });
    lab.ask(Request::Save, |lab, reply| {
        if let Reply::Saved(saved) = reply {
            lab.change(|state| state.journal = Journal::of_saved(&saved));
        }
    });
}

/// Asks for so many virtual seconds a wall second.
pub fn set_speed(lab: &Lab, speed: f64) {
    lab.choose(|ui| ui.speed = speed);
    ask_and_show(lab, Request::SetSpeed(speed));
}

fn ask_and_show(lab: &Lab, request: Request) {
    lab.ask(request, |lab, reply| {
        refused(lab, &reply);
        lab.show();
    });
}
