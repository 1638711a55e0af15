//! Tables of values: rows of a statement, changes of a push query, and its table by key.

use crate::lab::Lab;
use crate::queries::results::{KeptRow, table};
use crate::queries::time;
use crate::tasks;
use headwater_base::RecordId;
use headwater_view::{Cell, ResultRow, ResultView};
use yew::prelude::*;

/// A table of rows as they are: those of a pull query, SHOW, LIST or DESCRIBE.
pub fn plain_rows(columns: &[String], rows: &[Vec<Cell>], label: String) -> Html {
    html! {
        <div class="table-scroll" tabindex="0" role="group" aria-label={label}>
            <table class="rows">
                { head(columns.iter().map(String::as_str)) }
                <tbody>
                    { for rows.iter().map(|row| html! {
                        <tr>{ for row.iter().map(|cell| value(cell, false)) }</tr>
                    }) }
                </tbody>
            </table>
            <p class="quiet">{ rows_text(rows.len()) }</p>
        </div>
    }
}

fn rows_text(count: usize) -> String {
    if count == 1 {
        "1 row".to_owned()
    } else {
        format!("{count} rows")
    }
}

/// Which way rows of a push query are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// Each row as it came.
    #[default]
    Changes,
    /// One row a key.
    Table,
}

/// A table of a push query's rows; a row leads to the record that it came from.
pub fn push_rows(lab: &Lab, result: &ResultView, shape: Shape) -> Html {
    let names = result.columns.iter().map(|column| column.name.as_str());
    let rows: Vec<Html> = match shape {
        // The newest first: a new row is seen without scrolling.
        Shape::Changes => result
            .rows
            .iter()
            .rev()
            .map(|row| change(lab, row))
            .collect(),
        Shape::Table => table(&result.rows)
            .iter()
            .map(|row| kept(lab, row))
            .collect(),
    };
    html! {
        <div class="table-scroll" tabindex="0" role="group" aria-label="Rows of the push query">
            <table class="rows">
                { head(names.chain(["time"])) }
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}

fn head<'a>(names: impl Iterator<Item = &'a str>) -> Html {
    html! {
        <thead><tr>{ for names.map(|name| html! { <th scope="col">{ name }</th> }) }</tr></thead>
    }
}

fn value(cell: &Cell, changed: bool) -> Html {
    let class = match cell {
        Cell::Null => "null",
        Cell::Number(_) => "number",
        _ => "",
    };
    html! { <td class={classes!(class, changed.then_some("changed"))}>{ cell.to_string() }</td> }
}

fn change(lab: &Lab, row: &ResultRow) -> Html {
    let class = row.tombstone.then_some("tombstone");
    html! {
        <tr key={row.number} class={classes!(class)}>
            { for row.cells.iter().map(|cell| value(cell, false)) }
            { moment(lab, row.timestamp_ms, row.cause) }
        </tr>
    }
}

fn kept(lab: &Lab, kept: &KeptRow<'_>) -> Html {
    let cells = kept.row.cells.iter().zip(&kept.changed);
    html! {
        <tr key={kept.row.key.clone()}>
            { for cells.map(|(cell, changed)| value(cell, *changed)) }
            { moment(lab, kept.row.timestamp_ms, kept.row.cause) }
        </tr>
    }
}

/// The row's time, which is also the way to the record it came from.
fn moment(lab: &Lab, timestamp_ms: i64, cause: Option<RecordId>) -> Html {
    let text = time::of_day(timestamp_ms);
    let Some(record) = cause else {
        return html! { <td class="number">{ text }</td> };
    };
    let lab = lab.clone();
    let onclick = Callback::from(move |_: MouseEvent| tasks::inspect(&lab, record));
    html! {
        <td class="number">
            <button class="link" {onclick} title="Inspect the record that this row came from">
                { text }
            </button>
        </td>
    }
}
