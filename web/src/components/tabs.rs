//! A row of tabs: on a narrow page one for each region, on a wide one those of the strip.

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
    /// Whether it is the strip's.
    pub strip: bool,
}

impl TabsProps {
    fn tabs(&self) -> &'static [Tab] {
        if self.strip { &Tab::STRIP } else { &Tab::ALL }
    }

    fn choose(&self) -> impl Fn(Tab) + Clone + 'static {
        let (lab, strip) = (self.lab.clone(), self.strip);
        move |tab| {
            lab.choose(|ui| match strip {
                true => ui.strip = Some(tab),
                false => ui.tab = tab,
            });
        }
    }
}

/// The row of tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((props.chosen, props.strip), move |(_, strip)| {
            if *strip {
                return;
            }
            let row = node.cast::<web_sys::Element>();
            let chosen =
                row.and_then(|row| row.query_selector("[aria-selected=true]").ok().flatten());
            if let Some(chosen) = chosen {
                chosen.scroll_into_view_with_bool(false);
            }
        });
    }
    let onkeydown = {
        let (choose, chosen, tabs) = (props.choose(), props.chosen, props.tabs());
        Callback::from(move |event: KeyboardEvent| {
            let at = tabs.iter().position(|tab| *tab == chosen).unwrap_or(0);
            let count = tabs.len();
            let next = match event.key().as_str() {
                "ArrowRight" => (at + 1) % count,
                "ArrowLeft" => (at + count - 1) % count,
                _ => return,
            };
            event.prevent_default();
            choose(tabs[next]);
            focus_tab(&event, next);
        })
    };
    html! {
        <div class={if props.strip { "strip-tabs" } else { "tabs" }} ref={node} role="tablist"
            aria-label={if props.strip { "Under the stage" } else { "Regions" }} {onkeydown}>
            { for props.tabs().iter().map(|tab| {
                let (choose, tab) = (props.choose(), *tab);
                let onclick = Callback::from(move |_: MouseEvent| choose(tab));
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
