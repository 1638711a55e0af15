//! What the editor is told later: completions and help, as plain objects in its own terms.

use crate::platform::code::Units;
use headwater_view::{Completion, Help};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;

/// Asks for what can be written at a cursor, in bytes; the answer goes to the last argument.
pub type Complete = Box<dyn Fn(String, u32, Box<dyn FnOnce(Vec<Completion>)>)>;
/// Asks for help on a name; the answer goes to the last argument.
pub type Explain = Box<dyn Fn(String, Box<dyn FnOnce(Option<Help>)>)>;

/// `(text, cursor) => Promise<[{label, kind, detail, insert, from, to}]>`, offsets in UTF-16.
pub(super) fn completions(complete: Complete) -> Closure<dyn Fn(String, u32) -> Promise> {
    Closure::new(move |text: String, cursor: u32| {
        let at = Units::new(&text).to_byte(cursor);
        Promise::new(&mut |resolve: Function, _| {
            let asked = text.clone();
            let then = Box::new(move |found: Vec<Completion>| {
                let units = Units::new(&asked);
                let list: Array = found.iter().map(|it| completion(it, &units)).collect();
                tell(&resolve, &list);
            });
            complete(text.clone(), at, then);
        })
    })
}

/// `(name) => Promise<{name, kind, summary, signatures, parts, example, gives} | undefined>`.
pub(super) fn help(explain: Explain) -> Closure<dyn Fn(String) -> Promise> {
    Closure::new(move |name: String| {
        Promise::new(&mut |resolve: Function, _| {
            let then = Box::new(move |found: Option<Help>| {
                tell(
                    &resolve,
                    &found.map_or(JsValue::UNDEFINED, |it| explained(&it)),
                );
            });
            explain(name.clone(), then);
        })
    })
}

fn tell(resolve: &Function, value: &JsValue) {
    // The function that fulfils a promise does not throw.
    let _ = resolve.call1(&JsValue::UNDEFINED, value);
}

fn completion(it: &Completion, units: &Units<'_>) -> JsValue {
    object(&[
        ("label", it.label.as_str().into()),
        ("kind", format!("{:?}", it.kind).to_ascii_lowercase().into()),
        ("detail", it.detail.as_str().into()),
        ("insert", it.insert.as_str().into()),
        ("from", units.of_byte(it.replace.start).into()),
        ("to", units.of_byte(it.replace.end).into()),
    ])
}

fn explained(it: &Help) -> JsValue {
    let texts =
        |list: &[String]| -> Array { list.iter().map(|it| JsValue::from_str(it)).collect() };
    let pair = |(name, text): &(String, String)| texts(&[name.clone(), text.clone()]);
    object(&[
        ("name", it.name.as_str().into()),
        ("kind", it.kind.as_str().into()),
        ("summary", it.summary.as_str().into()),
        ("signatures", texts(&it.signatures).into()),
        ("parts", it.parts.iter().map(pair).collect::<Array>().into()),
        ("example", it.example.as_str().into()),
        (
            "gives",
            it.gives
                .as_deref()
                .map_or(JsValue::UNDEFINED, JsValue::from_str),
        ),
    ])
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A plain object takes any field.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
