//! A bar between two panels that the pointer or the arrow keys move; its place is kept.
//!
//! It writes the size as a custom property of its parent element, `--size-<name>`; the style sheet
//! says which panel has that size.

use crate::platform::{storage, style};
use web_sys::Element;
use yew::prelude::*;

/// Which way a splitter moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// A vertical bar that moves sideways.
    Vertical,
    /// A horizontal bar that moves up and down.
    Horizontal,
}

/// A splitter's name and limits, in pixels.
#[derive(PartialEq, Properties)]
pub struct SplitterProps {
    /// Names the size that it sets and keeps.
    pub name: &'static str,
    /// Which way it moves.
    pub axis: Axis,
    /// The size at first.
    pub initial: f64,
    /// The least size.
    pub min: f64,
    /// The greatest size.
    pub max: f64,
    /// What it does, in words.
    pub label: &'static str,
}

/// How far an arrow key moves it.
const KEY_PIXELS: f64 = 24.0;

/// A bar between two panels.
#[component]
pub fn Splitter(props: &SplitterProps) -> Html {
    let node = use_node_ref();
    let (size, resize) = use_size(props, &node);
    let drag = use_mut_ref(|| None::<(f64, f64)>);
    let axis = props.axis;
    // The panels below a horizontal bar grow when it moves up, but for the guide, which is above.
    let above = axis == Axis::Vertical || props.name == "guide";
    let direction = if above { 1.0 } else { -1.0 };
    let onpointerdown = {
        let (drag, node) = (drag.clone(), node.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some(element) = node.cast::<Element>() {
                // Without capture the drag merely ends at the bar's edge.
                let _ = element.set_pointer_capture(event.pointer_id());
            }
            *drag.borrow_mut() = Some((axis.place(&event), size));
            event.prevent_default();
        })
    };
    let onpointermove = {
        let (drag, resize) = (drag.clone(), resize.clone());
        Callback::from(move |event: PointerEvent| {
            if let Some((from, size)) = *drag.borrow() {
                resize.emit(size + (axis.place(&event) - from) * direction);
            }
        })
    };
    let onpointerup = Callback::from(move |_: PointerEvent| {
        drag.borrow_mut().take();
    });
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => KEY_PIXELS,
            "ArrowLeft" | "ArrowUp" => -KEY_PIXELS,
            _ => return,
        };
        event.prevent_default();
        resize.emit(size + by * direction);
    });
    let (class, orientation) = match axis {
        Axis::Vertical => ("splitter splitter-vertical", "vertical"),
        Axis::Horizontal => ("splitter splitter-horizontal", "horizontal"),
    };
    html! {
        <div ref={node} {class} role="separator" tabindex="0" data-keys="own"
            aria-label={props.label} aria-orientation={orientation}
            aria-valuenow={format!("{size:.0}")}
            aria-valuemin={format!("{:.0}", props.min)} aria-valuemax={format!("{:.0}", props.max)}
            {onpointerdown} {onpointermove} onpointercancel={onpointerup.clone()} {onpointerup}
            {onkeydown} />
    }
}

impl Axis {
    /// Where the pointer is along the way that a bar moves.
    fn place(self, event: &PointerEvent) -> f64 {
        match self {
            Axis::Vertical => f64::from(event.client_x()),
            Axis::Horizontal => f64::from(event.client_y()),
        }
    }
}

/// The size, kept and written to the parent element, and what changes it.
#[hook]
fn use_size(props: &SplitterProps, node: &NodeRef) -> (f64, Callback<f64>) {
    let (min, max, name) = (props.min, props.max, props.name);
    let initial = props.initial;
    let size = use_state(|| {
        let kept = storage::kept(&format!("size.{name}"));
        let kept = kept.and_then(|kept| kept.split('.').next()?.parse::<u32>().ok());
        kept.map_or(initial, f64::from).clamp(min, max)
    });
    let node = node.clone();
    use_effect_with(*size, move |size| {
        if let Some(parent) = node.cast::<Element>().and_then(|it| it.parent_element()) {
            style::set(&parent, &format!("--size-{name}"), &format!("{size}px"));
        }
    });
    let setter = size.setter();
    let resize = Callback::from(move |wanted: f64| {
        let wanted = wanted.clamp(min, max);
        storage::keep(&format!("size.{name}"), &wanted.to_string());
        setter.set(wanted);
    });
    (*size, resize)
}
