//! The catalogue: producers, topics, streams, tables, queries and readers, as plain lists in a
//! drawer that opens from a rail. Each thing has the menu of what can be done with it.

use crate::components::forms::Menu;
use crate::lab::Lab;
use crate::model::Shown;
use crate::queries::{count_text, counted};
use crate::tasks;
use headwater_view::{
    GroupView, ProducerView, QueryKind, QueryState, QueryView, ReaderView, TableView, TopicKind,
    TopicRole, TopicView,
};
use yew::prelude::*;

/// The rail and its drawer.
pub fn catalog(lab: &Lab, open: bool, shown: &Shown) -> Html {
    let toggle = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.catalog_open = !ui.catalog_open))
    };
    let all = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| tasks::forms::all(&lab))
    };
    let class = classes!("catalog", open.then_some("open"));
    html! {
        <section {class} aria-label="Catalog">
            <button class="rail wide-only" aria-expanded={open.to_string()} onclick={toggle}>
                <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                    <path d="M4 5h16v3H4zM4 10.5h16v3H4zM4 16h16v3H4z" />
                </svg>
                <span class="rail-text">{ "Catalog" }</span>
            </button>
            if open {
                <div class="catalog-lists" tabindex="0" data-keys="own" role="group"
                    aria-label="Catalog lists">
                    <div class="help-head">
                        <h2>{ "Catalog" }</h2>
                        <span class="grow" />
                        { add(lab, "seed", "Seed") }
                        <button class="button small" onclick={all}>{ "All commands" }</button>
                    </div>
                    { topics(lab, &shown.topics) }
                    { declared(lab, "Streams", &shown.topics, TopicKind::Stream) }
                    { tables(lab, &shown.tables) }
                    { queries(lab, &shown.queries) }
                    { producers(lab, &shown.producers) }
                    { readers(lab, &shown.readers) }
                    { groups(lab, &shown.groups) }
                </div>
            }
        </section>
    }
}

/// A button that opens a form.
fn add(lab: &Lab, command: &'static str, text: &'static str) -> Html {
    let lab = lab.clone();
    let onclick = Callback::from(move |_: MouseEvent| tasks::forms::open(&lab, command));
    html! {
        <button class="button small" {onclick} aria-label={command} title={command}>
            { text }
        </button>
    }
}

/// A list, and the way to a new thing of it where there is a command for that.
fn list(lab: &Lab, title: &str, create: Option<&'static str>, rows: Vec<Html>) -> Html {
    let empty = rows.is_empty();
    html! {
        <>
            <div class="help-head">
                <h3>{ title }</h3>
                { create.map(|command| add(lab, command, "+")) }
            </div>
            if empty {
                <p class="ghost">{ "none yet" }</p>
            } else {
                <ul>{ for rows }</ul>
            }
        </>
    }
}

/// A thing: how it is marked, what menus call it, its name and some words.
fn row(lab: &Lab, class: &'static str, noun: &'static str, name: &str, about: String) -> Html {
    html! {
        <li class={class} key={name}>
            <div>
                <span class="catalog-name">{ name }</span>
                <span class="catalog-about">{ about }</span>
            </div>
            <Menu lab={lab.clone()} {noun} name={name.to_owned()} />
        </li>
    }
}

fn topics(lab: &Lab, topics: &[TopicView]) -> Html {
    let rows = topics.iter().map(|topic| {
        let records: u64 = topic
            .partitions
            .iter()
            .map(|it| it.end_offset - it.start_offset)
            .sum();
        let internal = matches!(topic.role, TopicRole::Internal { .. });
        let mut about = format!(
            "{} · {}",
            counted(topic.partitions.len() as u64, "partition"),
            counted(records, "record"),
        );
        if !topic.retention.is_empty() {
            let amount = topic.retention.starts_with(|it: char| it.is_ascii_digit());
            about.push_str(if amount { " · keeps " } else { " · " });
            about.push_str(&topic.retention);
        }
        row(
            lab,
            if internal { "internal" } else { "topic" },
            "topic",
            &topic.name,
            about,
        )
    });
    list(lab, "Topics", Some("topic create"), rows.collect())
}

fn declared(lab: &Lab, title: &str, topics: &[TopicView], kind: TopicKind) -> Html {
    let of_kind = topics.iter().filter(|topic| topic.kind == kind);
    let rows = of_kind.flat_map(|topic| {
        let names = topic.declared.iter();
        names.map(|name| {
            row(
                lab,
                "stream",
                "source",
                name,
                format!("over {}", topic.name),
            )
        })
    });
    list(lab, title, None, rows.collect())
}

fn tables(lab: &Lab, tables: &[TableView]) -> Html {
    let rows = tables.iter().map(|table| {
        row(
            lab,
            "table",
            "source",
            &table.name,
            counted(table.row_count, "row"),
        )
    });
    list(lab, "Tables", None, rows.collect())
}

fn queries(lab: &Lab, queries: &[QueryView]) -> Html {
    let rows = queries.iter().map(|query| {
        let kind = match query.kind {
            QueryKind::Persistent => "persistent",
            QueryKind::Push => "push",
        };
        let state = match query.state {
            QueryState::Running => "running",
            QueryState::Paused => "paused",
            QueryState::Error => "error",
            QueryState::Ended => "ended",
        };
        let about = format!("{kind} · {state} · {} out", count_text(query.emitted));
        html! { <>{ row(lab, "query", "query", &query.name, about) }{ failure(lab, query) }</> }
    });
    list(lab, "Queries", None, rows.collect())
}

/// Why a query stopped, and the way to the record that did it.
fn failure(lab: &Lab, query: &QueryView) -> Html {
    let Some(failure) = &query.failure else {
        return Html::default();
    };
    let inspect = failure.record.map(|record| {
        let lab = lab.clone();
        let onclick = Callback::from(move |_: MouseEvent| tasks::inspect(&lab, record));
        html! { <button class="link" {onclick}>{ failure.place.clone() }</button> }
    });
    html! {
        <li class="failure">
            <span class="catalog-failure">{ &failure.message }</span>
            if let Some(inspect) = inspect {
                <span class="catalog-about">{ "stopped by " }{ inspect }</span>
            }
        </li>
    }
}

fn producers(lab: &Lab, producers: &[ProducerView]) -> Html {
    let rows = producers.iter().map(|producer| {
        let state = if producer.running { "" } else { " · stopped" };
        let count = count_text(producer.produced);
        row(
            lab,
            "producer",
            "producer",
            &producer.name,
            format!("{} · {count} sent{state}", producer.about),
        )
    });
    list(lab, "Producers", Some("producer create"), rows.collect())
}

fn readers(lab: &Lab, readers: &[ReaderView]) -> Html {
    let rows = readers.iter().map(|reader| {
        let lag: u64 = reader.positions.iter().map(|it| it.lag).sum();
        let group = reader
            .group
            .as_ref()
            .map_or(String::new(), |group| format!("group {group} · "));
        let about = format!("{group}{} · {} behind", reader.about, count_text(lag));
        row(lab, "reader", "consumer", &reader.name, about)
    });
    list(lab, "Readers", Some("consumer create"), rows.collect())
}

fn groups(lab: &Lab, groups: &[GroupView]) -> Html {
    let rows = groups.iter().map(|group| {
        let about = format!(
            "{} · generation {} · {} behind",
            counted(group.members.len() as u64, "member"),
            group.generation,
            count_text(group.lag),
        );
        row(lab, "group", "group", &group.name, about)
    });
    list(lab, "Groups", None, rows.collect())
}
