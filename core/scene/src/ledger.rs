//! A table's card: a ruled ledger with a teal header.
//!
//! The ledger has always room for the same number of rows, so that a new row moves nothing.

use crate::display::{Card, Layer, Stroke, Target, Words};
use crate::geometry::{Point, Rect};
use crate::ink::Ink;
use crate::metrics::{HEADER, PAD, ROW};
use crate::options::Options;
use crate::sheet::{Ports, Sheet};
use crate::topic::band;
use crate::words::{Anchor, TextStyle};
use headwater_base::order;
use headwater_view::{Cell, LabView, StationKind, TableRow, TableView};

const HEADINGS: f64 = 14.0;
const FOOT: f64 = 15.0;

/// The card's height.
pub(crate) fn height(options: &Options) -> f64 {
    HEADER + HEADINGS + f64::from(lines(options)) * ROW + FOOT
}

/// How many rows there is room for.
fn lines(options: &Options) -> u32 {
    let less = u32::from(options.short);
    options
        .rows_per_table
        .clamp(1, 50)
        .saturating_sub(less)
        .max(1)
}

/// A column as it is drawn.
struct Column {
    place: usize,
    x: f64,
    width: f64,
}

/// Draws the card.
pub(crate) fn draw(sheet: &mut Sheet<'_>, table: &TableView, rect: Rect) {
    let target = Target::Table(table.name.clone());
    let seed = table
        .name
        .bytes()
        .fold(0x7AB1E, |sum, byte| sum * 31 % 65_521 + u64::from(byte));
    sheet.frame(rect, &target, seed, Stroke::solid(Ink::Ink, 1.5));
    band(sheet, &target, rect, Ink::Table);
    let rows = shown(table, lines(sheet.options) as usize);
    let columns = columns(sheet.view, table, &rows, rect);
    let mut words = head(sheet, &target, table, &columns, rect);
    draw_rules(sheet, &target, rect, &columns, table);
    let top = rect.y + HEADER + HEADINGS;
    for (line, (place, row)) in rows.iter().enumerate() {
        let y = top + line as f64 * ROW;
        let target = Target::Row(table.name.clone(), *place as u32);
        sheet.zone(Rect::new(rect.x, y, rect.width, ROW), target.clone());
        for column in &columns {
            let text = written(
                &table.columns[column.place].name,
                row.cells.get(column.place),
            );
            let at = Point::new(column.x, y + 0.5);
            let cell = sheet.words(&target, at, column.width, &text);
            words.push(cell.style(TextStyle::DATA, Ink::Ink).line());
        }
    }
    words.extend(foot(sheet, &target, table, rows.len(), rect));
    let middle = top + ROW / 2.0;
    sheet.ports.insert(
        target.clone(),
        Ports {
            enter: middle,
            leave: middle,
            reach: 0.0,
            rect,
        },
    );
    sheet.card(Card {
        offer: None,
        label: format!("table {}", table.name),
        open: None,
        target,
        rect,
        words,
    });
}

/// The name, the number of rows, the columns' names.
fn head(
    sheet: &Sheet<'_>,
    target: &Target,
    table: &TableView,
    columns: &[Column],
    rect: Rect,
) -> Vec<Words> {
    let at = Point::new(rect.x + PAD, rect.y + 3.0);
    let count = table.row_count.to_string();
    let note = TextStyle::DATA.width(&count);
    let name = sheet.words(target, at, rect.width - 2.0 * PAD - note - 8.0, &table.name);
    let at = Point::new(rect.right() - PAD - note, rect.y + 3.0);
    let count = sheet.words(target, at, note + 1.0, &count);
    let mut words = vec![
        name.style(TextStyle::NAME, Ink::OnSolid).line(),
        count
            .style(TextStyle::DATA, Ink::OnSolid)
            .anchor(Anchor::End)
            .line(),
    ];
    for column in columns {
        let at = Point::new(column.x, rect.y + HEADER + 1.0);
        let heading = heading(&table.columns[column.place].name);
        let heading = sheet.words(target, at, column.width, &heading);
        words.push(heading.style(TextStyle::TINY, Ink::Ink2).line());
    }
    words
}

/// What is not shown, in words.
fn foot(
    sheet: &Sheet<'_>,
    target: &Target,
    table: &TableView,
    shown: usize,
    rect: Rect,
) -> Option<Words> {
    let text = match (table.row_count.saturating_sub(shown as u64), shown) {
        (0, 0) => "no rows yet".to_owned(),
        (0, _) => return None,
        (more, _) => format!("{more} more"),
    };
    let at = Point::new(rect.x + PAD, rect.bottom() - FOOT + 0.5);
    Some(
        sheet
            .words(target, at, rect.width - 2.0 * PAD, &text)
            .line(),
    )
}

/// Rows to draw with their places: the first ones; of a windowed table those of the newest windows.
fn shown(table: &TableView, count: usize) -> Vec<(usize, &TableRow)> {
    let mut rows: Vec<(usize, &TableRow)> = table.rows.iter().enumerate().collect();
    let start = table.columns.iter().position(|it| it.name == "WINDOWSTART");
    if let Some(start) = start {
        let begins = |row: &TableRow| row.cells.get(start).map_or(0, window_ms);
        order::sort_by(&mut rows, |one, other| begins(other.1).cmp(&begins(one.1)));
    }
    rows.truncate(count);
    rows
}

fn window_ms(cell: &Cell) -> i64 {
    match cell {
        Cell::Number(text) => text.parse().unwrap_or(0),
        _ => 0,
    }
}

fn heading(name: &str) -> String {
    match name {
        "WINDOWSTART" => "WINDOW".to_owned(),
        other => other.to_owned(),
    }
}

/// A cell's text; a window's bound is the time of day.
fn written(column: &str, cell: Option<&Cell>) -> String {
    let cell = cell.unwrap_or(&Cell::Null);
    match (column, cell) {
        ("WINDOWSTART" | "WINDOWEND", Cell::Number(_)) => {
            let seconds = window_ms(cell).rem_euclid(86_400_000) / 1000;
            let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
            format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
        }
        _ => cell.to_string(),
    }
}

/// Columns in the order of their use here: keys, then those that a clause decides by, the rest.
fn by_use(view: &LabView, table: &TableView) -> Vec<usize> {
    use StationKind::{GroupBy, Having, PartitionBy, Where};
    let stations = view.queries.iter().flat_map(|it| &it.stations);
    let decides = |kind: StationKind| matches!(kind, Where | GroupBy | Having | PartitionBy);
    let clauses: Vec<&str> = stations
        .filter(|it| decides(it.kind))
        .map(|it| it.sql.as_str())
        .collect();
    let rank = |place: usize| {
        let column = &table.columns[place];
        let used = || clauses.iter().any(|it| it.contains(column.name.as_str()));
        if column.key {
            0
        } else if used() {
            1
        } else {
            2
        }
    };
    order::places(table.columns.len(), &|one, other| {
        rank(one).cmp(&rank(other))
    })
}

/// Columns that have room; the last may be cut.
fn columns(
    view: &LabView,
    table: &TableView,
    rows: &[(usize, &TableRow)],
    rect: Rect,
) -> Vec<Column> {
    let room = rect.width - 2.0 * PAD;
    let mut out = Vec::new();
    let mut x = rect.x + PAD;
    for place in by_use(view, table) {
        let column = &table.columns[place];
        if column.name == "WINDOWEND" {
            continue;
        }
        let cells = rows
            .iter()
            .map(|(_, row)| written(&column.name, row.cells.get(place)));
        let widest = cells
            .map(|it| TextStyle::DATA.width(&it))
            .fold(0.0, f64::max);
        let wanted = widest.max(TextStyle::TINY.width(&heading(&column.name)).min(66.0));
        let left = rect.right() - PAD - x;
        let width = (wanted + 2.0).min(room * 0.6).min(left);
        if width < wanted.min(34.0) {
            break;
        }
        out.push(Column { place, x, width });
        x += width + 10.0;
    }
    out
}

fn draw_rules(
    sheet: &mut Sheet<'_>,
    target: &Target,
    rect: Rect,
    columns: &[Column],
    table: &TableView,
) {
    let thin = Stroke::solid(Ink::Sunken, 1.0);
    let top = rect.y + HEADER + HEADINGS;
    let lines = lines(sheet.options);
    for line in 0..=lines {
        let y = top + f64::from(line) * ROW;
        let stroke = if line == 0 {
            Stroke::solid(Ink::Line, 0.75)
        } else {
            thin
        };
        sheet.rule(
            Layer::Lanes,
            target,
            [rect.x + 2.0, y, rect.right() - 2.0, y],
            stroke,
        );
    }
    let last_key = columns.iter().rfind(|it| table.columns[it.place].key);
    if let Some(key) = last_key.filter(|it| it.x + it.width + 6.0 < rect.right()) {
        let x = key.x + key.width + 5.0;
        let bottom = top + f64::from(lines) * ROW;
        let line = [x, rect.y + HEADER, x, bottom];
        sheet.rule(Layer::Lanes, target, line, Stroke::solid(Ink::Table, 1.0));
    }
}
