//! Elements made by plain functions: panels with many small parts are smaller that way.

use crate::lab::Lab;
use crate::tasks;
use yew::prelude::*;
use yew::virtual_dom::{VNode, VTag};

/// An element with a class and children.
pub(super) fn element(name: &'static str, class: &str, children: Vec<Html>) -> Html {
    with(name, &[("class", class)], children)
}

/// An element with a class and a text.
pub(super) fn text(name: &'static str, class: &str, text: &str) -> Html {
    element(name, class, vec![word(text)])
}

/// A text alone.
pub(super) fn word(text: &str) -> Html {
    VNode::from(text.to_owned())
}

/// An element with attributes, those that are empty left out.
pub(super) fn with(
    name: &'static str,
    attributes: &[(&'static str, &str)],
    children: Vec<Html>,
) -> Html {
    let mut tag = VTag::new(name);
    for (key, value) in attributes {
        if !value.is_empty() {
            tag.add_attribute(key, (*value).to_owned());
        }
    }
    tag.add_children(children);
    tag.into()
}

/// A button that runs a command, which it shows when it is pointed at. `what` follows its word
/// where it is read aloud.
pub(super) fn button(lab: &Lab, label: &'static str, what: &str, command: String) -> Html {
    let name = [label, " ", what].concat();
    let title = command.clone();
    let lab = lab.clone();
    let onclick = Callback::from(move |_: MouseEvent| tasks::command(&lab, &command, None));
    html! {
        <button class="button small" aria-label={name} {title} {onclick}>{ label }</button>
    }
}

/// A line about what there is not, with a command that would bring it.
pub(super) fn hint(before: &str, command: &str, after: &str) -> Html {
    let parts = vec![word(before), text("code", "", command), word(after)];
    element("p", "cluster-hint", parts)
}
