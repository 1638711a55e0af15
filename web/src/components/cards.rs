//! The words of the picture as elements over the canvas: they can be selected, zoomed and read.
//! Places and lines come from the display list; nothing is laid out here.

use crate::canvas::css_colour;
use crate::components::stage::{toggle_query, toggle_topic};
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::platform::style::use_style;
use crate::tasks;
use headwater_scene::{Anchor, Card, DisplayList, Font, Rect, Target, Words};
use yew::prelude::*;

/// What is laid over the canvas.
#[derive(PartialEq, Properties)]
pub struct CardsProps {
    /// The lab.
    pub lab: Lab,
    /// The settled picture.
    pub picture: PtrEq<DisplayList>,
}

/// All cards.
#[component]
pub fn Cards(props: &CardsProps) -> Html {
    html! {
        <div class="cards">
            { for props.picture.cards.iter().map(|card| html! {
                <CardOver key={format!("{:?}", card.target)} lab={props.lab.clone()}
                    card={card.clone()} />
            }) }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct CardProps {
    lab: Lab,
    card: Card,
}

#[component]
fn CardOver(props: &CardProps) -> Html {
    let node = use_node_ref();
    let card = &props.card;
    use_style(&node, place(&card.rect));
    let origin = (card.rect.x, card.rect.y);
    html! {
        <div class="card" ref={node} role="group" aria-label={card.label.clone()}>
            { for card.words.iter().enumerate().map(|(at, words)| html! {
                <WordsOver key={at} words={words.clone()} {origin} />
            }) }
            if let Some((command, room)) = &card.offer {
                <Offer lab={props.lab.clone()} command={command.clone()}
                    place={room.moved(-card.rect.x, -card.rect.y)} />
            }
            if let Some(open) = card.open {
                { opener(&props.lab, card, open) }
            }
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct OfferProps {
    lab: Lab,
    command: String,
    place: Rect,
}

/// What is there before any record: a button that runs the command it names.
#[component]
fn Offer(props: &OfferProps) -> Html {
    let node = use_node_ref();
    use_style(&node, place(&props.place));
    let onclick = {
        let (lab, command) = (props.lab.clone(), props.command.clone());
        Callback::from(move |event: MouseEvent| {
            event.stop_propagation();
            tasks::command(&lab, &command, None);
        })
    };
    html! {
        <button class="offer" ref={node} {onclick} title={format!("Runs: {}", props.command)}>
            <span class="offer-text">{ "nothing yet · " }<b>{ "Feed it" }</b></span>
            <code>{ &props.command }</code>
        </button>
    }
}

fn opener(lab: &Lab, card: &Card, open: bool) -> Html {
    let lab = lab.clone();
    let target = card.target.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        event.stop_propagation();
        match &target {
            Target::Topic(topic) => toggle_topic(&lab, *topic),
            Target::Query(query) => toggle_query(&lab, *query),
            _ => {}
        }
    });
    let verb = if open { "Fold" } else { "Open" };
    html! {
        <button class="card-opener" aria-expanded={open.to_string()}
            aria-label={format!("{verb} {}", card.label)} {onclick}>
            <svg class="icon" viewBox="0 0 24 24" width="14" height="14" aria-hidden="true">
                <path d={if open { "M5 15l7-7 7 7" } else { "M5 9l7 7 7-7" }} />
            </svg>
        </button>
    }
}

#[derive(PartialEq, Properties)]
struct WordsProps {
    words: Words,
    /// Where the card lies; words are placed relative to it.
    origin: (f64, f64),
}

#[component]
fn WordsOver(props: &WordsProps) -> Html {
    let node = use_node_ref();
    let words = &props.words;
    let mut styles = place(&words.rect.moved(-props.origin.0, -props.origin.1));
    let family = match words.style.font {
        Font::Sans => "var(--sans)",
        Font::Mono => "var(--mono)",
    };
    let align = match words.anchor {
        Anchor::Start => "left",
        Anchor::Middle => "center",
        Anchor::End => "right",
    };
    let decoration = if words.struck { "line-through" } else { "none" };
    styles.extend([
        ("font-family", family.to_owned()),
        ("font-size", format!("{}px", words.style.size)),
        ("font-weight", words.style.weight.to_string()),
        ("line-height", format!("{}px", words.style.line)),
        ("text-align", align.to_owned()),
        ("color", css_colour(words.ink)),
        ("opacity", words.alpha.to_string()),
        ("text-decoration", decoration.to_owned()),
    ]);
    use_style(&node, styles);
    html! {
        <div class="words" ref={node} title={words.full.clone()}>
            { for words.lines.iter().map(|line| html! { <span>{ line }</span> }) }
        </div>
    }
}

fn place(rect: &Rect) -> Vec<(&'static str, String)> {
    vec![
        ("left", format!("{}px", rect.x)),
        ("top", format!("{}px", rect.y)),
        ("width", format!("{}px", rect.width)),
        ("height", format!("{}px", rect.height)),
    ]
}
