//! Styles through the CSS object model: a strict content security policy refuses the attribute.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// Sets the style property `name` of `element`.
pub fn set(element: &Element, name: &str, value: &str) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        // Only a malformed name could be refused, and ours are constants.
        let _ = element.style().set_property(name, value);
    }
}

/// Sets the properties of the element behind `node` whenever they change.
#[hook]
pub fn use_style(node: &NodeRef, properties: Vec<(&'static str, String)>) {
    let node = node.clone();
    use_effect_with(properties, move |properties| {
        if let Some(element) = node.cast::<Element>() {
            for (name, value) in properties {
                set(&element, name, value);
            }
        }
    });
}
