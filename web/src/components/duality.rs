//! The stream/table duality: the changelog as a tape at the left, the table that it folds into as
//! a ledger at the right, and a thread from each row to the record that set it.

use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::queries::duality::{Shown, Sizes, changed, heading, replaced, shown};
use crate::queries::{counted, ledger_text};
use crate::tasks;
use headwater_base::RecordId;
use headwater_view::{DualityView, TableRow, TapeEntry};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

/// Height of a row of tape and ledger, in pixels; the style sheet says the same.
const ROW: usize = 22;
/// Where the first row begins, under the heads.
const HEAD: usize = 22;
/// What is left free beside the sheets, in pixels; the style sheet says the same.
const PADDING: f64 = 24.0;

/// What the panel shows.
#[derive(PartialEq, Properties)]
pub struct DualityProps {
    /// The lab.
    pub lab: Lab,
    /// Tape and ledger.
    pub duality: PtrEq<Option<DualityView>>,
}

/// Tape, threads and ledger.
#[component]
pub fn Duality(props: &DualityProps) -> Html {
    let hovered = use_state(|| None::<RecordId>);
    let body = use_node_ref();
    let room = use_room(&body);
    let duality = props.duality.as_ref();
    let name = duality.map_or("", |duality| duality.table.name.as_str());
    html! {
        <section class="duality panel" aria-label="Duality">
            <header class="panel-head">
                <h2>{ "Duality" }</h2>
                <span class="quiet mono">{ name }</span>
            </header>
            <div class="panel-body" ref={body} tabindex="0" data-keys="own" role="group"
                aria-label="Changelog and table">
                if let Some(duality) = duality {
                    { sheets(&props.lab, duality, room, &hovered) }
                } else {
                    <p class="ghost">
                        { "No table yet: its changelog and its rows will stand here." }
                    </p>
                }
            </div>
        </section>
    }
}

/// How wide the element behind `node` is inside, in pixels.
#[hook]
fn use_room(node: &NodeRef) -> f64 {
    let room = use_state(|| 640.0);
    let (node, setter) = (node.clone(), room.setter());
    use_effect_with((), move |()| {
        let observed = node.cast::<Element>().and_then(|element| {
            let measured = element.clone();
            let resized = Closure::<dyn Fn()>::new(move || {
                let width = measured.client_width();
                if width > 0 {
                    setter.set(f64::from(width) - PADDING);
                }
            });
            let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
            observer.observe(&element);
            Some((observer, resized))
        });
        move || {
            if let Some((observer, _resized)) = observed {
                observer.disconnect();
            }
        }
    });
    *room
}

fn sheets(
    lab: &Lab,
    duality: &DualityView,
    room: f64,
    hovered: &UseStateHandle<Option<RecordId>>,
) -> Html {
    let sizes = Sizes::within(room);
    let Shown {
        columns: shown,
        tight,
    } = shown(duality, room);
    // The newest record lies uppermost, so that it is seen without scrolling.
    let tape: Vec<&TapeEntry> = duality.tape.iter().rev().collect();
    let ledger = &duality.table.rows;
    let rows = tape.len().max(ledger.len());
    let lit = lit_pair(&tape, **hovered);
    html! {
        <div class={classes!("duality-sheets", sizes.is_slim().then_some("slim"),
            tight.then_some("tight"))}>
            <table class="tape" aria-label="Changelog">
                <thead><tr><th scope="col">{ "@" }</th>{ heads(duality, &shown) }</tr></thead>
                <tbody>
                    { for (0..tape.len()).rev().map(|at| {
                        tape_row(lab, duality, at, &shown, hovered)
                    }) }
                </tbody>
            </table>
            { threads(&pairs(&tape, ledger), rows, lit, sizes.threads as u32) }
            <table class="ledger" aria-label="Table">
                <thead><tr>{ heads(duality, &shown) }</tr></thead>
                <tbody>
                    { for (0..ledger.len()).map(|at| ledger_row(duality, at, &shown, hovered)) }
                </tbody>
                <caption class="quiet">{ caption(duality, &shown) }</caption>
            </table>
        </div>
    }
}

/// What a row does to the other end of its thread.
fn hover(
    hovered: &UseStateHandle<Option<RecordId>>,
    record: Option<RecordId>,
) -> Callback<PointerEvent> {
    let setter = hovered.setter();
    Callback::from(move |_| setter.set(record))
}

fn tape_row(
    lab: &Lab,
    duality: &DualityView,
    at: usize,
    shown: &[usize],
    hovered: &UseStateHandle<Option<RecordId>>,
) -> Html {
    let (columns, entry) = (&duality.table.columns, &duality.tape[at]);
    let marks = changed(columns, &duality.tape, at);
    let class = classes!(
        entry.current.then_some("current"),
        entry.tombstone.then_some("tombstone"),
        (**hovered == Some(entry.record)).then_some("lit"),
    );
    html! {
        <tr key={format!("{:?}", entry.record)} {class}
            onpointerenter={hover(hovered, Some(entry.record))}
            onpointerleave={hover(hovered, None)}>
            <td>{ link(lab, entry) }</td>
            { for shown.iter().map(|place| {
                let text = ledger_text(&columns[*place], &entry.cells[*place]);
                let mark = marks[*place] && !entry.tombstone;
                html! { <td class={classes!(mark.then_some("changed"))}>{ text }</td> }
            }) }
        </tr>
    }
}

/// A row of the table; where the newest record changed it, what was there before is struck out.
fn ledger_row(
    duality: &DualityView,
    at: usize,
    shown: &[usize],
    hovered: &UseStateHandle<Option<RecordId>>,
) -> Html {
    let (columns, row) = (&duality.table.columns, &duality.table.rows[at]);
    let old = replaced(duality, row.set_by);
    let lit = row.set_by.is_some() && **hovered == row.set_by;
    html! {
        <tr key={at} class={classes!(lit.then_some("lit"))}
            onpointerenter={hover(hovered, row.set_by)} onpointerleave={hover(hovered, None)}>
            { for shown.iter().map(|place| {
                let column = &columns[*place];
                let text = row.cells.get(*place).map(|cell| ledger_text(column, cell));
                match old.get(*place).copied().flatten() {
                    Some(was) => html! {
                        <td class="changed">
                            <del>{ ledger_text(column, was) }</del>{ " " }<ins>{ text }</ins>
                        </td>
                    },
                    None => html! { <td>{ text }</td> },
                }
            }) }
        </tr>
    }
}

fn heads(duality: &DualityView, shown: &[usize]) -> Html {
    let columns = shown.iter().map(|place| &duality.table.columns[*place]);
    columns
        .map(|column| {
            html! {
                <th scope="col" class={classes!(column.key.then_some("key"))}
                    title={column.name.clone()}>{ heading(column) }</th>
            }
        })
        .collect()
}

/// How many rows there are, and which columns have no room.
fn caption(duality: &DualityView, shown: &[usize]) -> Html {
    let columns = duality.table.columns.iter().enumerate();
    let hidden = columns.filter(|(at, it)| !shown.contains(at) && it.name != "WINDOWEND");
    let hidden: Vec<&str> = hidden.map(|(_, it)| it.name.as_str()).collect();
    let rows = counted(duality.table.row_count, "row");
    match hidden.as_slice() {
        [] => html! { { rows } },
        names => html! { <>{ rows }{ ", without " }{ names.join(", ") }</> },
    }
}

fn link(lab: &Lab, entry: &TapeEntry) -> Html {
    let (lab, record) = (lab.clone(), entry.record);
    let text = format!("{}@{}", entry.partition, record.offset);
    let onclick = Callback::from(move |_: MouseEvent| tasks::inspect(&lab, record));
    html! { <button class="link" {onclick}>{ text }</button> }
}

/// Places of rows that belong together: on the tape, in the ledger.
fn pairs(tape: &[&TapeEntry], ledger: &[TableRow]) -> Vec<(usize, usize)> {
    let set = ledger.iter().enumerate().filter_map(|(place, row)| {
        let record = row.set_by?;
        let at = tape.iter().position(|entry| entry.record == record)?;
        Some((at, place))
    });
    set.collect()
}

fn lit_pair(tape: &[&TapeEntry], hovered: Option<RecordId>) -> Option<usize> {
    let hovered = hovered?;
    tape.iter().position(|entry| entry.record == hovered)
}

/// The threads between rows that belong together.
fn threads(pairs: &[(usize, usize)], rows: usize, lit_row: Option<usize>, width: u32) -> Html {
    let height = HEAD + rows * ROW;
    let middle = |place: usize| HEAD + place * ROW + ROW / 2;
    html! {
        <div class="threads" aria-hidden="true">
            <svg viewBox={format!("0 0 {width} {height}")} width={width.to_string()}
                height={height.to_string()}>
                { for pairs.iter().map(|(from, to)| {
                    let (from_y, to_y) = (middle(*from), middle(*to));
                    let lit = lit_row == Some(*from);
                    let half = width / 2;
                    let d = format!(
                        "M0 {from_y} C {half} {from_y}, {half} {to_y}, {width} {to_y}"
                    );
                    html! { <path {d} class={if lit { "thread lit" } else { "thread" }} /> }
                }) }
            </svg>
        </div>
    }
}
