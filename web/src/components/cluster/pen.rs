//! Elements written one after the other by plain calls: panels with many small parts are smaller
//! that way than with a macro for each part.

use crate::components::forms::Menu;
use crate::lab::Lab;
use crate::tasks;
use yew::prelude::*;
use yew::virtual_dom::{VNode, VTag};

/// Attributes of an element; empty ones are left out.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// Writes elements into each other.
pub(super) struct Pen<'a> {
    lab: &'a Lab,
    /// Elements that are open, the innermost last.
    open: Vec<VTag>,
}

impl<'a> Pen<'a> {
    /// A pen whose outermost element is a plain division.
    pub(super) fn new(lab: &'a Lab) -> Pen<'a> {
        Pen {
            lab,
            open: vec![VTag::new("div")],
        }
    }

    /// All that was written.
    pub(super) fn done(mut self) -> Html {
        let outermost = self.open.pop();
        outermost.map_or_else(Html::default, VNode::from)
    }

    /// Begins an element with attributes.
    pub(super) fn begin(&mut self, name: &'static str, attributes: Attributes<'_>) {
        let mut tag = VTag::new(name);
        for (key, value) in attributes {
            if !value.is_empty() {
                tag.add_attribute(key, (*value).to_owned());
            }
        }
        self.open.push(tag);
    }

    /// Begins an element with a class.
    pub(super) fn open(&mut self, name: &'static str, class: &str) {
        self.begin(name, &[("class", class)]);
    }

    /// Ends the innermost elements, so many of them.
    pub(super) fn close(&mut self, count: usize) {
        for _ in 0..count {
            if let Some(tag) = self.open.pop() {
                self.add(tag.into());
            }
        }
    }

    /// A text in the innermost element, from pieces.
    pub(super) fn say(&mut self, pieces: &[&str]) {
        self.add(VNode::from(pieces.concat()));
    }

    /// A whole element with a class and a text from pieces.
    pub(super) fn text(&mut self, name: &'static str, class: &str, pieces: &[&str]) {
        self.open(name, class);
        self.say(pieces);
        self.close(1);
    }

    /// A button that runs a command, which it shows when it is pointed at. `what` follows its word
    /// where it is read aloud.
    pub(super) fn button(&mut self, label: &'static str, what: &str, command: &[&str]) {
        let name = [label, " ", what].concat();
        let command = command.concat();
        let title = command.clone();
        let lab = self.lab.clone();
        let onclick = Callback::from(move |_: MouseEvent| tasks::command(&lab, &command, None));
        self.add(html! {
            <button class="button small" aria-label={name} {title} {onclick}>{ label }</button>
        });
    }

    /// The menu of what can be done with a thing.
    pub(super) fn menu(&mut self, noun: &'static str, name: &str) {
        let (lab, name) = (self.lab.clone(), AttrValue::from(name.to_owned()));
        self.add(html! { <Menu {lab} {noun} {name} /> });
    }

    /// A line about what there is not, with a command that would bring it.
    pub(super) fn hint(&mut self, before: &str, command: &str, after: &str) {
        self.open("p", "cluster-hint");
        self.say(&[before]);
        self.text("code", "", &[command]);
        self.say(&[after]);
        self.close(1);
    }

    fn add(&mut self, node: VNode) {
        if let Some(last) = self.open.last_mut() {
            last.add_child(node);
        }
    }
}
