//! A small button at a thing, and the menu of what can be done with it.

use crate::components::dialog::focus;
use crate::lab::Lab;
use crate::platform::style::use_style;
use crate::tasks::forms;
use headwater_view::{Completion, CompletionKind};
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
    let button = use_node_ref();
    let onclick = {
        let (items, lab) = (items.clone(), props.lab.clone());
        let (noun, name) = (props.noun, props.name.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            let setter = items.setter();
            match items.is_some() {
                true => setter.set(None),
                false => forms::menu(&lab, noun, &name, move |_, found| setter.set(Some(found))),
            }
        })
    };
    let close = {
        let (items, button) = (items.setter(), button.clone());
        Callback::from(move |chosen: Option<Completion>| {
            items.set(None);
            focus(button.cast::<Element>());
            chosen
        })
    };
    let chosen = {
        let lab = props.lab.clone();
        let close = close.clone();
        Callback::from(move |item: Option<Completion>| {
            if let Some(item) = close.emit(item) {
                forms::choose(&lab, &item);
            }
        })
    };
    let left = {
        let items = items.setter();
        Callback::from(move |()| items.set(None))
    };
    let label = format!("Commands for {}", props.name);
    html! {
        <>
            <button ref={button.clone()} class="menu-opener" {onclick} aria-haspopup="menu"
                aria-expanded={items.is_some().to_string()} aria-label={label.clone()}>
                <svg class="icon" viewBox="0 0 24 24" width="16" height="16" aria-hidden="true">
                    <path d="M4 10h4v4H4zM10 10h4v4h-4zM16 10h4v4h-4z" />
                </svg>
            </button>
            if let Some(items) = &*items {
                <Items items={items.clone()} {label} {chosen} {left} button={button.clone()} />
            }
        </>
    }
}

#[derive(PartialEq, Properties)]
struct ItemsProps {
    items: Vec<Completion>,
    label: String,
    /// What was chosen; nothing where the menu is left by Escape.
    chosen: Callback<Option<Completion>>,
    /// The focus went elsewhere.
    left: Callback<()>,
    /// What opened it, below which it hangs.
    button: NodeRef,
}

#[component]
fn Items(props: &ItemsProps) -> Html {
    let node = use_node_ref();
    use_style(&node, place(&props.button));
    {
        let node = node.clone();
        use_effect_with((), move |()| focus(item_at(&node, |_, _| 0)));
    }
    let onkeydown = {
        let (node, chosen, left) = (node.clone(), props.chosen.clone(), props.left.clone());
        Callback::from(move |event: KeyboardEvent| {
            let to: fn(usize, usize) -> usize = match event.key().as_str() {
                "ArrowDown" => |at, count| (at + 1) % count,
                "ArrowUp" => |at, count| (at + count - 1) % count,
                "Home" => |_, _| 0,
                "End" => |_, count| count - 1,
                "Escape" => {
                    event.stop_propagation();
                    return chosen.emit(None);
                }
                "Tab" => return left.emit(()),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            focus(item_at(&node, to));
        })
    };
    let onfocusout = {
        let (node, left) = (node.clone(), props.left.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target();
            let inside = node.cast::<web_sys::Node>().zip(to).is_some_and(|(menu, to)| {
                use wasm_bindgen::JsCast;
                menu.contains(to.dyn_ref())
            });
            if !inside {
                left.emit(());
            }
        })
    };
    html! {
        <div class="menu" ref={node} role="menu" aria-label={props.label.clone()} data-keys="own"
            {onkeydown} {onfocusout}>
            { for props.items.iter().map(|item| {
                let (chosen, choice) = (props.chosen.clone(), item.clone());
                let onclick = Callback::from(move |event: MouseEvent| {
                    event.stop_propagation();
                    chosen.emit(Some(choice.clone()));
                });
                let more = if item.kind == CompletionKind::Command { " …" } else { "" };
                html! {
                    <button role="menuitem" tabindex="-1" {onclick} title={item.detail.clone()}>
                        <span>{ &item.label }{ more }</span>
                        <code>{ &item.insert }</code>
                    </button>
                }
            }) }
        </div>
    }
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
