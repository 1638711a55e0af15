//! The page's heartbeat: once an animation frame it asks the engine for what is new, paints the
//! stage and lets the panels show it.
//!
//! The browser calls no frames while the page is hidden, so virtual time stands still then.

use crate::lab::Lab;
use gloo::render::{AnimationFrame, request_animation_frame};
use headwater_view::{Reply, Request};
use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

/// A frame that took longer counts as this long: the page was hidden or busy, and time that
/// nobody could see does not pass.
const FRAME_MILLIS_MAX: f64 = 100.0;
/// Panels show news at most this often while time moves; the stage paints every frame.
const PANEL_MILLIS: f64 = 100.0;

/// Turns the lab as long as it is kept.
pub struct Clock(Handle);

type Handle = Rc<RefCell<Option<AnimationFrame>>>;

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

struct Turn {
    lab: Lab,
    last_ms: Option<f64>,
    /// Wall time that the engine has not been told of.
    untold_ms: f64,
    shown_ms: f64,
}

impl Clock {
    /// Starts to turn `lab`.
    pub fn start(lab: Lab) -> Clock {
        let handle = Rc::default();
        let turn = Turn {
            lab,
            last_ms: None,
            untold_ms: 0.0,
            shown_ms: 0.0,
        };
        schedule(&handle, Rc::new(RefCell::new(turn)));
        Clock(handle)
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.0.borrow_mut().take();
    }
}

fn schedule(handle: &Handle, turn: Rc<RefCell<Turn>>) {
    let weak = Rc::downgrade(handle);
    let frame = request_animation_frame(move |now| {
        turn.borrow_mut().turn(now);
        if let Some(handle) = weak.upgrade() {
            schedule(&handle, turn);
        }
    });
    *handle.borrow_mut() = Some(frame);
}

impl Turn {
    fn turn(&mut self, now: f64) {
        let elapsed = self.last_ms.map_or(0.0, |last| now - last);
        let elapsed = elapsed.clamp(0.0, FRAME_MILLIS_MAX);
        self.last_ms = Some(now);
        self.lab.wait(elapsed);
        self.tick(elapsed);
        let cards_moved = self.lab.draw(now);
        let running = self.lab.read(|state| state.model.running());
        let due = cards_moved || !running || now - self.shown_ms >= PANEL_MILLIS;
        if due && (self.lab.is_stale() || cards_moved) {
            self.shown_ms = now;
            self.lab.show();
        }
    }

    /// Tells the engine how much time passed, if it answered the last time. While time stands
    /// still it is asked only as long as it may have news.
    fn tick(&mut self, elapsed: f64) {
        self.untold_ms = (self.untold_ms + elapsed).min(FRAME_MILLIS_MAX);
        if self.lab.begin_tick() {
            let wall_ms = std::mem::take(&mut self.untold_ms);
            self.lab.ask(Request::Tick { wall_ms }, |lab, reply| {
                lab.end_tick(!matches!(reply, Reply::Nothing | Reply::Refused(_)));
            });
        }
    }
}
