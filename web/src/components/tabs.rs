//! The row of tabs on a narrow page: one for each region that is shown alone.

use crate::lab::Lab;
use crate::ui::Tab;
use yew::prelude::*;

/// What the row shows.
#[derive(PartialEq, Properties)]
pub struct TabsProps {
    /// The lab.
    pub lab: Lab,
    /// The chosen tab.
    pub chosen: Tab,
}

/// The row of tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.chosen, move |_| {
            let row = node.cast::<web_sys::Element>();
            let chosen =
                row.and_then(|row| row.query_selector("[aria-selected=true]").ok().flatten());
            if let Some(chosen) = chosen {
                chosen.scroll_into_view_with_bool(false);
            }
        });
    }
    let onkeydown = {
        let (lab, chosen) = (props.lab.clone(), props.chosen);
        Callback::from(move |event: KeyboardEvent| {
            let at = Tab::ALL.iter().position(|tab| *tab == chosen).unwrap_or(0);
            let count = Tab::ALL.len();
            let next = match event.key().as_str() {
                "ArrowRight" => (at + 1) % count,
                "ArrowLeft" => (at + count - 1) % count,
                _ => return,
            };
            event.prevent_default();
            lab.choose(|ui| ui.tab = Tab::ALL[next]);
            focus_tab(&event, next);
        })
    };
    html! {
        <div class="tabs" ref={node} role="tablist" aria-label="Regions" {onkeydown}>
            { for Tab::ALL.into_iter().map(|tab| {
                let lab = props.lab.clone();
                let onclick = Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.tab = tab));
                let chosen = tab == props.chosen;
                html! {
                    <button role="tab" class="tab" aria-selected={chosen.to_string()}
                        tabindex={if chosen { "0" } else { "-1" }} {onclick}>
                        { tab.name() }
                    </button>
                }
            }) }
        </div>
    }
}

/// Moves the focus along with the choice.
fn focus_tab(event: &KeyboardEvent, place: usize) {
    use wasm_bindgen::JsCast;
    let row = event
        .current_target()
        .and_then(|row| row.dyn_into::<web_sys::Element>().ok());
    let button = row.and_then(|row| row.children().item(place as u32));
    if let Some(button) = button.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
        // A button that cannot take the focus leaves it where it is.
        let _ = button.focus();
    }
}
