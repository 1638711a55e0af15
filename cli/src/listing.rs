//! Tables of what there is, as ksqlDB's own prompt draws them: columns side by side under a rule.

use headwater_core::lesson::player::Row;
use headwater_view::{AnswerSection, Cell};

/// Rows under their headings; a value of several lines goes on below itself.
pub(crate) fn table(headings: &[String], rows: &[Vec<Cell>]) -> String {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(Cell::to_string).collect())
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let lines = cells.flat_map(|cell| cell.lines().map(length));
        lines
            .chain([length(&headings[column])])
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let rule = "-".repeat(widths.iter().map(|width| width + 3).sum());
    let mut out = format!("{}\n{rule}\n", line(headings, &widths));
    for row in &rows {
        let height = row.iter().map(|cell| cell.lines().count()).max();
        for at in 0..height.unwrap_or(1).max(1) {
            let part = |cell: &String| cell.lines().nth(at).unwrap_or_default().to_owned();
            let parts: Vec<String> = row.iter().map(part).collect();
            out.push_str(&line(&parts, &widths));
            out.push('\n');
        }
    }
    out.push_str(&rule);
    out
}

/// The cells of rows.
pub(crate) fn cells(rows: &[Row]) -> Vec<Vec<Cell>> {
    rows.iter().map(|row| row.cells.clone()).collect()
}

/// A part of an answer, with its heading underlined.
pub(crate) fn section(section: &AnswerSection) -> String {
    let mut parts = Vec::new();
    if !section.title.is_empty() {
        let rule = "-".repeat(length(&section.title));
        parts.push(format!("{}\n{rule}", section.title));
    }
    if !section.text.is_empty() {
        parts.push(section.text.clone());
    }
    if !section.columns.is_empty() {
        parts.push(table(&section.columns, &section.rows));
    }
    parts.join("\n")
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| {
        let blanks = " ".repeat(width.saturating_sub(length(cell)));
        format!(" {cell}{blanks} ")
    });
    let line = padded.collect::<Vec<_>>().join("|");
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_headings() {
        let headings = ["Kafka Topic", "Partitions"].map(str::to_owned);
        let rows = [vec![Cell::Text("orders".into()), Cell::Number("2".into())]];
        let expected = " Kafka Topic | Partitions\n---------------------------\n orders      | \
                        2\n---------------------------";
        assert_eq!(table(&headings, &rows), expected);
    }
}
