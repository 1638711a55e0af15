//! The stream/table duality: the changelog as a tape at the left, the table that it folds into as
//! a ledger at the right, and a thread from each row to the record that set it.

use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::queries::{count_text, ledger_text};
use crate::tasks;
use headwater_base::RecordId;
use headwater_view::{Cell, ColumnView, DualityView, TableRow, TapeEntry};
use yew::prelude::*;

/// Height of a row of tape and ledger, in pixels; the style sheet says the same.
const ROW: usize = 22;
/// Where the first row begins, under the heads.
const HEAD: usize = 22;

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
    let name = props
        .duality
        .as_ref()
        .map_or("", |duality| duality.table.name.as_str());
    html! {
        <section class="duality panel" aria-label="Duality">
            <header class="panel-head">
                <h2>{ "Duality" }</h2>
                <span class="quiet mono">{ name }</span>
            </header>
            <div class="panel-body" tabindex="0" data-keys="own" role="group"
                aria-label="Changelog and table">
                if let Some(duality) = props.duality.as_ref() {
                    { sheets(&props.lab, duality, &hovered) }
                } else {
                    <p class="ghost">
                        { "No table yet: its changelog and its rows will stand here." }
                    </p>
                }
            </div>
        </section>
    }
}

fn sheets(lab: &Lab, duality: &DualityView, hovered: &UseStateHandle<Option<RecordId>>) -> Html {
    // The newest record lies uppermost, so that it is seen without scrolling.
    let tape: Vec<&TapeEntry> = duality.tape.iter().rev().collect();
    let ledger = &duality.table.rows;
    let columns: &[ColumnView] = &duality.table.columns;
    let hover = |record: Option<RecordId>| {
        let setter = hovered.setter();
        Callback::from(move |_: PointerEvent| setter.set(record))
    };
    let end = duality.table.topic.map_or(String::new(), |_| {
        format!("{} rows", count_text(duality.table.row_count))
    });
    html! {
        <div class="duality-sheets">
            <table class="tape" aria-label="Changelog">
                <thead><tr><th scope="col">{ "@" }</th>{ heads(columns) }</tr></thead>
                <tbody>
                    { for tape.iter().map(|entry| {
                        let lit = **hovered == Some(entry.record);
                        let class = classes!(
                            entry.current.then_some("current"),
                            entry.tombstone.then_some("tombstone"),
                            lit.then_some("lit"),
                        );
                        html! {
                            <tr key={format!("{:?}", entry.record)} {class}
                                onpointerenter={hover(Some(entry.record))}
                                onpointerleave={hover(None)}>
                                <td>{ link(lab, entry) }</td>
                                { cells(columns, &entry.cells) }
                            </tr>
                        }
                    }) }
                </tbody>
            </table>
            { threads(
                &pairs(&tape, ledger),
                tape.len().max(ledger.len()),
                lit_pair(&tape, **hovered),
            ) }
            <table class="ledger" aria-label="Table">
                <thead><tr>{ heads(columns) }</tr></thead>
                <tbody>
                    { for ledger.iter().enumerate().map(|(place, row)| {
                        let lit = row.set_by.is_some() && **hovered == row.set_by;
                        html! {
                            <tr key={place} class={classes!(lit.then_some("lit"))}
                                onpointerenter={hover(row.set_by)} onpointerleave={hover(None)}>
                                { cells(columns, &row.cells) }
                            </tr>
                        }
                    }) }
                </tbody>
                <caption class="quiet">{ end }</caption>
            </table>
        </div>
    }
}

fn heads(columns: &[ColumnView]) -> Html {
    html! {
        <>
            { for columns.iter().filter(|column| is_shown(column)).map(|column| html! {
                <th scope="col" class={classes!(column.key.then_some("key"))}>{ &column.name }</th>
            }) }
        </>
    }
}

/// A window's end says nothing that its start does not, and the sheets have little room.
fn is_shown(column: &ColumnView) -> bool {
    column.name != "WINDOWEND"
}

fn cells(columns: &[ColumnView], cells: &[Cell]) -> Html {
    let shown = columns
        .iter()
        .zip(cells)
        .filter(|(column, _)| is_shown(column));
    let texts = shown.map(|(column, cell)| ledger_text(column, cell));
    texts.map(|text| html! { <td>{ text }</td> }).collect()
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
fn threads(pairs: &[(usize, usize)], rows: usize, lit_row: Option<usize>) -> Html {
    let height = HEAD + rows * ROW;
    let middle = |place: usize| HEAD + place * ROW + ROW / 2;
    html! {
        <div class="threads" aria-hidden="true">
            <svg viewBox={format!("0 0 44 {height}")} width="44" height={height.to_string()}>
                { for pairs.iter().map(|(from, to)| {
                    let (from_y, to_y) = (middle(*from), middle(*to));
                    let lit = lit_row == Some(*from);
                    let d = format!("M0 {from_y} C 22 {from_y}, 22 {to_y}, 44 {to_y}");
                    html! { <path {d} class={if lit { "thread lit" } else { "thread" }} /> }
                }) }
            </svg>
        </div>
    }
}
