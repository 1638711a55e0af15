//! The inspector: everything about one record, what it came from and what it became.

use crate::components::bytes::Bytes;
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::queries::{record_text, time};
use crate::tasks;
use headwater_base::{RecordId, trace::Rejection};
use headwater_view::{
    BytesDetail, ChangeDetail, PartitionChoice, QueryView, RecordDetail, TopicView,
};
use web_sys::HtmlElement;
use yew::prelude::*;

/// What the inspector shows.
#[derive(PartialEq, Properties)]
pub struct InspectorProps {
    /// The lab.
    pub lab: Lab,
    /// The record that was chosen.
    pub selected: Option<RecordId>,
    /// Its details, once they are there.
    pub detail: PtrEq<Option<RecordDetail>>,
    /// Whether the drawer is open.
    pub open: bool,
    /// Whether another record was inspected before.
    pub back: bool,
    /// Whether the page is narrow.
    pub narrow: bool,
    /// Topics, for names.
    pub topics: PtrEq<Vec<TopicView>>,
    /// Queries, for those that a record stopped.
    pub queries: PtrEq<Vec<QueryView>>,
}

/// The drawer, or its handle.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let head = use_node_ref();
    {
        let head = head.clone();
        // Whoever chooses a record by keyboard goes on reading here.
        use_effect_with(props.selected, move |selected| {
            if let (Some(_), Some(head)) = (selected, head.cast::<HtmlElement>()) {
                // A head that cannot take the focus leaves it where it is.
                let _ = head.focus();
            }
        });
    }
    let open = props.open || props.narrow;
    let class = classes!(
        "inspector",
        "panel",
        open.then_some("open"),
        props.selected.is_some().then_some("chosen"),
    );
    let toggle = {
        let lab = props.lab.clone();
        Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.inspector_open = true))
    };
    let close = {
        let lab = props.lab.clone();
        Callback::from(move |()| tasks::dismiss(&lab))
    };
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close.emit(());
            }
        })
    };
    let back = {
        let lab = props.lab.clone();
        Callback::from(move |_: MouseEvent| tasks::inspect_previous(&lab))
    };
    html! {
        <section {class} aria-label="Inspector" {onkeydown}>
            if open {
                <header class="panel-head">
                    <h2 ref={head} tabindex="-1">{ "Inspector" }</h2>
                    <span class="grow" />
                    if props.back {
                        <button class="button small" onclick={back}>{ "Back" }</button>
                    }
                    <button class="button small" aria-label="Close inspector"
                        onclick={move |_: MouseEvent| close.emit(())}>{ "Close" }</button>
                </header>
                <div class="panel-body" tabindex="0" data-keys="own" role="group"
                    aria-label="Record">
                    { body(props) }
                </div>
            } else {
                <button class="rail" aria-expanded="false" onclick={toggle}>
                    <span class="rail-text">{ "Inspector" }</span>
                </button>
            }
        </section>
    }
}

fn body(props: &InspectorProps) -> Html {
    let Some(record) = props.selected else {
        return html! {
            <p class="ghost">
                { "Choose a record on the stage: its key, value, bytes and way will stand here." }
            </p>
        };
    };
    match props.detail.as_ref() {
        Some(detail) if detail.record == record => everything(props, detail),
        Some(_) => html! {
            <p class="ghost">{ record_text(&props.topics, record) }</p>
        },
        None => html! {
            <p class="ghost">
                { record_text(&props.topics, record) }{ " is gone: retention has removed it." }
            </p>
        },
    }
}

fn everything(props: &InspectorProps, detail: &RecordDetail) -> Html {
    html! {
        <div class="detail">
            <h3 class="record-name">
                { format!("{}/{}@{}", detail.topic_name, detail.partition, detail.record.offset) }
            </h3>
            { stopped(props, detail.record) }
            <dl class="columns">
                <dt>{ "topic" }</dt><dd>{ &detail.topic_name }</dd>
                <dt>{ "partition" }</dt><dd>{ detail.partition }</dd>
                <dt>{ "offset" }</dt><dd>{ detail.record.offset }</dd>
                <dt>{ "timestamp" }</dt><dd>{ time::iso(detail.timestamp_ms) }</dd>
                <dt>{ "appended" }</dt><dd>{ time::iso(detail.appended_ms) }</dd>
            </dl>
            <h4>{ "Key" }</h4>
            { bytes(detail.key.as_ref(), "key") }
            { choice(detail) }
            <h4>{ "Value" }</h4>
            { bytes(detail.value.as_ref(), "value") }
            if !detail.headers.is_empty() {
                <h4>{ "Headers" }</h4>
                { for detail.headers.iter().map(|(name, value)| html! {
                    <><p class="header-name">{ name }</p>
                    <Bytes detail={value.clone()} name={AttrValue::from(name.clone())} /></>
                }) }
            }
            <h4>{ "Came from" }</h4>
            { changes(props, &detail.came_from, End::Input) }
            <h4>{ "Became" }</h4>
            { changes(props, &detail.became, End::Output) }
        </div>
    }
}

/// The queries that this very record stopped for good, and why.
fn stopped(props: &InspectorProps, record: RecordId) -> Html {
    let failures = props.queries.iter().filter_map(|query| {
        let failure = query.failure.as_ref()?;
        (failure.record == Some(record)).then_some((&query.name, &failure.message))
    });
    failures
        .map(|(name, message)| {
            html! { <p class="rejected">{ format!("stopped {name}: {message}") }</p> }
        })
        .collect()
}

fn bytes(detail: Option<&BytesDetail>, name: &'static str) -> Html {
    match detail {
        Some(detail) => html! { <Bytes detail={detail.clone()} {name} /> },
        None => html! { <p class="null">{ "null" }</p> },
    }
}

/// The way from the key to the partition, as a note in the margin.
fn choice(detail: &RecordDetail) -> Html {
    let Some(PartitionChoice {
        hash,
        partitions,
        partition,
    }) = detail.choice
    else {
        return Html::default();
    };
    let key = detail.key.as_ref().map_or("null", |key| key.text.as_str());
    html! {
        <p class="margin-note">
            { format!("key {key} → murmur2 0x{hash:08x} → mod {partitions} → p{partition}") }
        </p>
    }
}

/// Which end of a change leads on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Input,
    Output,
}

fn changes(props: &InspectorProps, changes: &[ChangeDetail], end: End) -> Html {
    if changes.is_empty() {
        let text = match end {
            End::Input => "nothing: it was written from outside",
            End::Output => "nothing yet",
        };
        return html! { <p class="ghost">{ text }</p> };
    }
    html! {
        <ol class="changes">
            { for changes.iter().map(|change| html! {
                <li>{ one_change(props, change, end) }</li>
            }) }
        </ol>
    }
}

fn one_change(props: &InspectorProps, change: &ChangeDetail, end: End) -> Html {
    let (record, text) = match end {
        End::Input => (
            change.input,
            change.input.map(|it| record_text(&props.topics, it)),
        ),
        End::Output => (
            change.output,
            change.output.map(|_| change.output_text.clone()),
        ),
    };
    html! {
        <>
            <span class="change-name">{ &change.name }</span>
            <ul class="passed">
                { for change.passed.iter().map(|station| html! {
                    <li><span aria-hidden="true">{ "✓ " }</span><code>{ &station.sql }</code></li>
                }) }
                if let Some((_, rejection, words)) = &change.rejected {
                    <li class="rejected">
                        <span aria-hidden="true">{ "✗ " }</span>
                        { format!("{}: {words}", reason(*rejection)) }
                    </li>
                }
            </ul>
            if let (Some(record), Some(text)) = (record, text) {
                <p class="change-record">{ "→ " }{ inspect(&props.lab, record, text) }</p>
            }
        </>
    }
}

fn inspect(lab: &Lab, record: RecordId, text: String) -> Html {
    let lab = lab.clone();
    let onclick = Callback::from(move |_: MouseEvent| tasks::inspect(&lab, record));
    html! { <button class="link" {onclick}>{ text }</button> }
}

fn reason(rejection: Rejection) -> &'static str {
    match rejection {
        Rejection::Predicate => "rejected",
        Rejection::Error => "failed",
        Rejection::Unreadable => "unreadable",
        Rejection::NullValue => "null value",
        Rejection::NullKey => "null key",
        Rejection::NoMatch => "no match",
        Rejection::Late => "too late",
        Rejection::NothingToDelete => "nothing to take back",
    }
}
