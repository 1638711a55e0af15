//! A small button at a thing, and the menu of what can be done with it.

use crate::components::dialog::focus;
use crate::lab::Lab;
use crate::platform::style::use_style;
use crate::tasks::forms;
use headwater_view::{Completion, CompletionKind};
use wasm_bindgen::JsCast;
use web_sys::{Element, window};
use yew::prelude::*;

/// How wide a menu is, and how high it may become, in pixels.
const ROOM: (f64, f64) = (272.0, 300.0);

/// Whose menu it is.
#[derive(PartialEq, Properties)]
pub struct MenuProps {
    /// The lab.
    pub lab: Lab,
    /// What the thing is: `topic`, `producer`, `consumer`, `group`, `broker`, `node`, `query`, or
    /// `source` for a stream or table.
    pub noun: &'static str,
    /// Its name.
    pub name: AttrValue,
}

/// The button and its menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let items = use_state(|| None::<Vec<Completion>>);
    let (button, menu) = (use_node_ref(), use_node_ref());
    let open = items.is_some();
    use_style(&menu, if open { place(&button) } else { Vec::new() });
    {
        let menu = menu.clone();
        use_effect_with(open, move |_| focus(item_at(&menu, |_, _| 0)));
    }
    let onclick = {
        let (items, lab) = (items.setter(), props.lab.clone());
        let (noun, name) = (props.noun, props.name.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            let items = items.clone();
            match open {
                true => items.set(None),
                false => forms::menu(&lab, noun, &name, move |_, found| items.set(Some(found))),
            }
        })
    };
    let onkeydown = keys(&items, &button, &menu);
    let onfocusout = {
        let (menu, items) = (menu.clone(), items.setter());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|it| it.dyn_into().ok());
            let menu = menu.cast::<web_sys::Node>();
            if !menu.is_some_and(|menu| menu.contains(to.as_ref())) {
                items.set(None);
            }
        })
    };
    let label = format!("Commands for {}", props.name);
    html! {
        <>
            <button ref={button.clone()} class="menu-opener" {onclick} aria-haspopup="menu"
                aria-expanded={open.to_string()} aria-label={label.clone()}>{ "⋯" }</button>
            if let Some(found) = &*items {
                <div class="menu" ref={menu} role="menu" aria-label={label} data-keys="own"
                    {onkeydown} {onfocusout}>
                    { for found.iter().map(|it| item(&props.lab, it, items.setter(), &button)) }
                </div>
            }
        </>
    }
}

fn item(
    lab: &Lab,
    item: &Completion,
    items: UseStateSetter<Option<Vec<Completion>>>,
    button: &NodeRef,
) -> Html {
    let (lab, choice, button) = (lab.clone(), item.clone(), button.clone());
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        items.set(None);
        focus(button.cast());
        forms::choose(&lab, &choice);
    });
    let more = if item.kind == CompletionKind::Command {
        " …"
    } else {
        ""
    };
    html! {
        <button role="menuitem" tabindex="-1" {onclick} title={item.detail.clone()}>
            { &item.label }{ more }
            <code>{ &item.insert }</code>
        </button>
    }
}

/// Arrows go through the items, Escape goes back to the button, Tab goes on.
fn keys(
    items: &UseStateHandle<Option<Vec<Completion>>>,
    button: &NodeRef,
    menu: &NodeRef,
) -> Callback<KeyboardEvent> {
    let (items, button, menu) = (items.setter(), button.clone(), menu.clone());
    Callback::from(move |event: KeyboardEvent| {
        let to: fn(usize, usize) -> usize = match event.key().as_str() {
            "ArrowDown" => |at, count| (at + 1) % count,
            "ArrowUp" => |at, count| (at + count - 1) % count,
            "Home" => |_, _| 0,
            "End" => |_, count| count - 1,
            "Escape" => {
                event.stop_propagation();
                items.set(None);
                return focus(button.cast());
            }
            "Tab" => return items.set(None),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        focus(item_at(&menu, to));
    })
}

/// The item that `to` says, of the one that has the focus and how many there are.
fn item_at(menu: &NodeRef, to: impl Fn(usize, usize) -> usize) -> Option<Element> {
    let items = menu.cast::<Element>()?.children();
    let active = window()?.document()?.active_element();
    let count = items.length();
    let at = (0..count).find(|at| items.item(*at) == active).unwrap_or(0);
    items.item(to(at as usize, (count as usize).max(1)) as u32)
}

/// Below the button, or above it where there is no room; never outside the window.
fn place(button: &NodeRef) -> Vec<(&'static str, String)> {
    let Some((button, window)) = button.cast::<Element>().zip(window()) else {
        return Vec::new();
    };
    let size = |it: Result<wasm_bindgen::JsValue, _>| it.ok().and_then(|it| it.as_f64());
    let (width, height) = (size(window.inner_width()), size(window.inner_height()));
    let (width, height) = (width.unwrap_or(0.0), height.unwrap_or(0.0));
    let at = button.get_bounding_client_rect();
    let left = (at.right() - ROOM.0).min(width - ROOM.0 - 8.0).max(8.0);
    let below = at.bottom() + ROOM.1 < height || at.top() < height / 2.0;
    let (side, room) = match below {
        true => ("top", at.bottom() + 2.0),
        false => ("bottom", height - at.top() + 2.0),
    };
    vec![
        ("left", format!("{left}px")),
        ("width", format!("{}px", ROOM.0)),
        (side, format!("{room}px")),
        ("max-height", format!("{}px", height - room - 8.0)),
    ]
}
