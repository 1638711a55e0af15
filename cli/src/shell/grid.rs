//! A query's rows as ksqlDB's prompt prints them: columns of one width, whose headings come first
//! and whose rows follow as they come; what is too long goes on in the next line.

use headwater_core::generator::draw::iso;
use headwater_core::lesson::player::Row;
use headwater_view::Cell;

/// Narrowest column.
const WIDTH_MIN: usize = 10;

/// The columns of PRINT.
const PRINTED: [&str; 5] = ["KEY", "VALUE", "PARTITION", "OFFSET", "HEADERS"];

/// The table of one query.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    headings: Vec<String>,
    width: usize,
    /// Whether these are records of PRINT, a line each.
    is_print: bool,
}

impl Grid {
    /// A table with these headings, about as wide as the terminal.
    pub(super) fn new(headings: &[String], terminal_width: usize) -> Grid {
        let count = headings.len().max(1);
        let width = (terminal_width.saturating_sub(1) / count).saturating_sub(1);
        Grid {
            headings: headings.to_vec(),
            width: width.max(WIDTH_MIN),
            is_print: headings == PRINTED,
        }
    }

    /// The headings between their rules; records of PRINT have none.
    pub(super) fn headings(&self) -> Option<String> {
        if self.is_print {
            return None;
        }
        let rule = format!(
            "+{}",
            format!("{}+", "-".repeat(self.width)).repeat(self.headings.len())
        );
        Some(format!("{rule}\n{}\n{rule}", self.lines(&self.headings)))
    }

    /// One row.
    pub(super) fn row(&self, row: &Row) -> String {
        if let ([key, value, partition, ..], true) = (row.cells.as_slice(), self.is_print) {
            let time = moment(row.timestamp_ms.unwrap_or_default());
            return format!("rowtime: {time}, key: {key}, value: {value}, partition: {partition}");
        }
        let text = |cell: &Cell| match cell {
            Cell::Null if row.tombstone => "<TOMBSTONE>".to_owned(),
            cell => cell.to_string(),
        };
        self.lines(&row.cells.iter().map(text).collect::<Vec<_>>())
    }

    fn lines(&self, cells: &[String]) -> String {
        let pieces: Vec<Vec<String>> = cells.iter().map(|it| self.pieces(it)).collect();
        let height = pieces.iter().map(Vec::len).max().unwrap_or(1);
        let line = |at: usize| {
            let part = |column: &Vec<String>| {
                let text = column.get(at).map_or("", String::as_str);
                let blanks = self.width.saturating_sub(text.chars().count());
                format!("{text}{}|", " ".repeat(blanks))
            };
            format!("|{}", pieces.iter().map(part).collect::<String>())
        };
        (0..height.max(1)).map(line).collect::<Vec<_>>().join("\n")
    }

    /// A text in pieces of the column's width.
    fn pieces(&self, text: &str) -> Vec<String> {
        let cut = |line: &str| {
            let letters: Vec<char> = line.chars().collect();
            let chunks = letters.chunks(self.width);
            chunks
                .map(|it| it.iter().collect())
                .collect::<Vec<String>>()
        };
        text.lines().flat_map(cut).collect()
    }
}

/// A moment as PRINT writes it, such as `2024/01/01 00:00:20.125 Z`.
fn moment(millis: i64) -> String {
    let text = iso(millis).replace('-', "/").replace('T', " ");
    let seconds = text.trim_end_matches('Z');
    let (seconds, part) = seconds.split_once('.').unwrap_or((seconds, ""));
    format!("{seconds}.{part:0<3} Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_share_the_width_and_long_texts_go_on_below() {
        let grid = Grid::new(&["A".to_owned(), "B".to_owned()], 23);
        let row = Row {
            number: 1,
            columns: vec!["A".to_owned(), "B".to_owned()].into(),
            cells: vec![Cell::Null, Cell::Text("twelve and more".into())],
            timestamp_ms: None,
            tombstone: false,
        };
        let shown = format!(
            "{}\n{}",
            grid.headings().unwrap_or_default(),
            grid.row(&row)
        );
        let wanted = "+----------+----------+\n|A         |B         |\n\
                      +----------+----------+\n|null      |twelve and|\n|          | more     |";
        assert_eq!(shown, wanted);
    }
}
