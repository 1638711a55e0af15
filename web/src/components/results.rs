//! Results: what became of the last run, and a tab for each push query that is open.

use crate::components::outcomes::outcomes;
use crate::components::result_table::{Shape, push_rows};
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::queries::count_text;
use crate::queries::results::emptiness;
use crate::tasks;
use crate::ui::Ran;
use headwater_base::QueryId;
use headwater_view::{QueryView, ResultView};
use yew::prelude::*;

/// What the panel shows.
#[derive(PartialEq, Properties)]
pub struct ResultsProps {
    /// The lab.
    pub lab: Lab,
    /// What was run last.
    pub ran: PtrEq<Option<Ran>>,
    /// Push queries' rows.
    pub results: PtrEq<Vec<ResultView>>,
    /// All queries, for names and for what their stations rejected.
    pub queries: PtrEq<Vec<QueryView>>,
    /// The push query that is shown; the outcomes where none is.
    pub chosen: Option<QueryId>,
}

/// The panel of results.
#[component]
pub fn Results(props: &ResultsProps) -> Html {
    let shape = use_state(Shape::default);
    let chosen = props
        .results
        .iter()
        .find(|result| Some(result.query) == props.chosen);
    let choose = {
        let lab = props.lab.clone();
        move |query: Option<QueryId>| {
            let lab = lab.clone();
            Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.result = query))
        }
    };
    html! {
        <section class="results panel" aria-label="Results">
            <header class="panel-head">
                <h2>{ "Results" }</h2>
                <div class="result-tabs" role="tablist" aria-label="Results">
                    { tab("Outcome", chosen.is_none(), choose(None)) }
                    { for props.results.iter().map(|result| {
                        let name = name_of(&props.queries, result);
                        let selected = chosen.is_some_and(|it| it.query == result.query);
                        tab(&name, selected, choose(Some(result.query)))
                    }) }
                </div>
            </header>
            <div class="panel-body" role="tabpanel" tabindex="0" data-keys="own"
                aria-label="Result">
                if let Some(result) = chosen {
                    { push(props, result, &shape) }
                } else {
                    { outcomes(&props.lab, &props.ran) }
                }
            </div>
        </section>
    }
}

fn tab(name: &str, selected: bool, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <button role="tab" class="result-tab" aria-selected={selected.to_string()} {onclick}>
            { name }
        </button>
    }
}

fn query_of<'a>(queries: &'a [QueryView], result: &ResultView) -> Option<&'a QueryView> {
    queries.iter().find(|query| query.id == result.query)
}

fn name_of(queries: &[QueryView], result: &ResultView) -> String {
    let query = query_of(queries, result);
    query.map_or_else(
        || format!("query {}", result.query),
        |query| query.name.clone(),
    )
}

fn push(props: &ResultsProps, result: &ResultView, shape: &UseStateHandle<Shape>) -> Html {
    let name = name_of(&props.queries, result);
    let close = {
        let (lab, name) = (props.lab.clone(), name.clone());
        Callback::from(move |_: MouseEvent| tasks::close(&lab, &name))
    };
    let view = |wanted: Shape, text: &str| {
        let (pressed, setter) = (**shape == wanted, shape.setter());
        let onclick = Callback::from(move |_: MouseEvent| setter.set(wanted));
        html! {
            <button class="button small" aria-pressed={pressed.to_string()} {onclick}>
                { text }
            </button>
        }
    };
    let count = match result.row_count {
        1 => "1 row".to_owned(),
        count => format!("{} rows", count_text(count)),
    };
    html! {
        <>
            <code class="outcome-sql">{ &result.sql }</code>
            <div class="result-head">
                { view(Shape::Changes, "Changes") }
                { view(Shape::Table, "Table") }
                <span class="quiet">{ count }</span>
                <span class="grow" />
                <button class="button small" onclick={close} aria-label={format!("Close {name}")}>
                    { "Close" }
                </button>
            </div>
            if let Some(ended) = &result.ended {
                <p class="ended">{ "Ended: " }{ ended }</p>
            }
            if result.rows.is_empty() {
                <p class="ghost">{ emptiness(result, query_of(&props.queries, result)) }</p>
            } else {
                { push_rows(&props.lab, result, **shape) }
            }
        </>
    }
}
