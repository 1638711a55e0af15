//! `window.headwater`: what outsiders rely on. Plain JSON values, every method a promise. It reads
//! and writes through the same lab as the panels, and holds no logic but conversions.

mod values;

use crate::lab::Lab;
use crate::tasks;
use headwater_view::{Reply, Request};
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::window;

const NAME: &str = "headwater";

/// Keeps `window.headwater` there; dropped, it goes.
#[derive(Debug)]
pub struct Published {
    _methods: Vec<Closure<dyn Fn(JsValue) -> Promise>>,
}

impl Drop for Published {
    fn drop(&mut self) {
        if let Some(window) = window() {
            // Deleting a property of window cannot fail, as it was defined by assignment.
            let _ = Reflect::delete_property(&window, &NAME.into());
        }
    }
}

type Settle = Rc<RefCell<Option<(Function, Function)>>>;
type Method = fn(&Lab, JsValue, Settle);

/// Puts `window.headwater` there for `lab`.
pub fn publish(lab: &Lab) -> Published {
    let methods: [(&str, Method); 6] = [
        ("snapshot", snapshot),
        ("execute", execute),
        ("step", step),
        ("seek", seek),
        ("play", |lab, _, settle| request(lab, Request::Play, settle)),
        ("pause", |lab, _, settle| {
            request(lab, Request::Pause, settle)
        }),
    ];
    let object = Object::new();
    let mut closures = Vec::new();
    for (name, method) in methods {
        let lab = lab.clone();
        let closure = Closure::<dyn Fn(JsValue) -> Promise>::new(move |argument: JsValue| {
            promise(|settle| method(&lab, argument, settle))
        });
        set(&object, name, closure.as_ref());
        closures.push(closure);
    }
    set(&object, "version", &env!("CARGO_PKG_VERSION").into());
    if let Some(window) = window() {
        set(&window, NAME, &object);
    }
    Published { _methods: closures }
}

fn set(object: &Object, name: &str, value: &JsValue) {
    // Setting a new property of a plain object cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

fn promise(begin: impl FnOnce(Settle)) -> Promise {
    let settle: Settle = Rc::default();
    let slot = settle.clone();
    let promise = Promise::new(&mut move |resolve, reject| {
        *slot.borrow_mut() = Some((resolve, reject));
    });
    begin(settle);
    promise
}

fn resolve(settle: &Settle, value: &JsValue) {
    if let Some((resolve, _)) = settle.borrow_mut().take() {
        // Nobody can be told of a promise that throws on being resolved.
        let _ = resolve.call1(&JsValue::NULL, value);
    }
}

fn reject(settle: &Settle, message: &str) {
    if let Some((_, reject)) = settle.borrow_mut().take() {
        let error = js_sys::Error::new(message);
        // As above.
        let _ = reject.call1(&JsValue::NULL, &error);
    }
}

/// Asks, shows what it changed, and resolves to `undefined`.
fn request(lab: &Lab, request: Request, settle: Settle) {
    lab.ask(request, move |lab, reply| match reply {
        Reply::Refused(problem) => reject(&settle, &problem.diagnostic.message),
        _ => shown(lab, settle),
    });
}

/// Waits until the page has seen what the engine did, so that a picture taken next shows it.
fn shown(lab: &Lab, settle: Settle) {
    lab.ask(Request::Tick { wall_ms: 0.0 }, move |lab, _| {
        lab.show();
        resolve(&settle, &JsValue::UNDEFINED);
    });
}

fn snapshot(lab: &Lab, _: JsValue, settle: Settle) {
    lab.ask(Request::State, move |_, reply| match reply {
        Reply::State(state) => resolve(&settle, &values::state(&state)),
        _ => reject(&settle, "the engine gave no state"),
    });
}

fn execute(lab: &Lab, text: JsValue, settle: Settle) {
    let Some(text) = text.as_string() else {
        return reject(&settle, "execute(text) wants the statements as a string");
    };
    tasks::run_then(lab, &text, None, move |outcomes| {
        resolve(&settle, &values::outcomes(outcomes));
    });
}

fn step(lab: &Lab, times: JsValue, settle: Settle) {
    let times = if times.is_undefined() {
        Some(1.0)
    } else {
        times.as_f64()
    };
    match times {
        Some(times) if times >= 0.0 && times <= f64::from(u32::MAX) && times.fract() == 0.0 => {
            request(lab, Request::Step(times as u32), settle);
        }
        _ => reject(&settle, "step(n) wants a whole number, 0 or more"),
    }
}

fn seek(lab: &Lab, time_ms: JsValue, settle: Settle) {
    match time_ms.as_f64() {
        Some(time_ms) if time_ms >= 0.0 && time_ms.is_finite() => {
            lab.drawing(|drawing| drawing.settle());
            request(
                lab,
                Request::Seek {
                    time_ms: time_ms as i64,
                },
                settle,
            );
        }
        _ => reject(&settle, "seek(ms) wants milliseconds since the lab's start"),
    }
}
