//! Tables as text: `| A | B |`, a line of dashes, then a line a row. What an `expect` block holds.
//!
//! In a cell `\|` is a bar, `\n` a line's end and `\\` a backslash; blanks around it do not count.

use headwater_base::{Diagnostic, Fault, Span};
use std::fmt;

/// A table as text.
///
/// ```
/// use headwater_core::lesson::table::Table;
/// let table = Table::parse("| A | B |\n|---|---|\n| 1 | x \\| y |\n", 0).unwrap();
/// assert_eq!(table.rows, [["1", "x | y"]]);
/// assert_eq!(table.to_string(), "| A | B      |\n|---|--------|\n| 1 | x \\| y |\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Rows, a text a column.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a table that begins at byte `at` of its document. Empty lines are skipped.
    pub fn parse(text: &str, at: u32) -> Result<Table, Diagnostic> {
        let mut table = Table::default();
        let mut start = at;
        let mut has_rule = false;
        for line in text.split_inclusive('\n') {
            let span = Span::new(start, start + line.trim_end().len() as u32);
            start += line.len() as u32;
            if line.trim().is_empty() {
                continue;
            }
            let cells = cells(line.trim()).ok_or_else(|| {
                malformed("This is not a line of a table.", span)
                    .hint("A line of a table begins and ends with |.")
            })?;
            if table.columns.is_empty() {
                table.columns = cells;
            } else if is_rule(&cells) && table.rows.is_empty() && !has_rule {
                has_rule = true;
            } else if cells.len() == table.columns.len() {
                table.rows.push(cells);
            } else {
                let (here, wanted) = (cells.len(), table.columns.len());
                let message = format!("This row has {here} cells; the table has {wanted}.");
                return Err(malformed(&message, span).hint("A | within a cell is written \\|."));
            }
        }
        Ok(table)
    }
}

fn malformed(message: &str, span: Span) -> Diagnostic {
    Diagnostic::error(Fault::Yours, "malformed-table", message).at(span)
}

fn is_rule(cells: &[String]) -> bool {
    let rule = |cell: &String| !cell.is_empty() && cell.chars().all(|it| matches!(it, '-' | ':'));
    cells.iter().all(rule)
}

fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|')?;
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut characters = inner.chars();
    let mut is_closed = false;
    while let Some(character) = characters.next() {
        is_closed = false;
        match character {
            '|' => {
                cells.push(unescaped(std::mem::take(&mut cell).trim()));
                is_closed = true;
            }
            '\\' => {
                cell.push('\\');
                cell.extend(characters.next());
            }
            other => cell.push(other),
        }
    }
    (is_closed && cell.is_empty()).then_some(cells)
}

fn unescaped(cell: &str) -> String {
    let mut out = String::with_capacity(cell.len());
    let mut characters = cell.chars();
    while let Some(character) = characters.next() {
        match (character, characters.as_str().chars().next()) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some(kept @ ('|' | '\\'))) => out.push(kept),
            _ => {
                out.push(character);
                continue;
            }
        }
        characters.next();
    }
    out
}

fn escaped(cell: &str) -> String {
    let cell = cell.replace('\\', "\\\\").replace('|', "\\|");
    cell.replace('\n', "\\n")
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts = |row: &Vec<String>| row.iter().map(|it| escaped(it)).collect::<Vec<_>>();
        let head = texts(&self.columns);
        let rows: Vec<Vec<String>> = self.rows.iter().map(texts).collect();
        let width = |column: usize| {
            let cells = rows.iter().chain([&head]).filter_map(|row| row.get(column));
            cells
                .map(|cell| cell.chars().count())
                .max()
                .unwrap_or(0)
                .max(1)
        };
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        let rule: Vec<String> = widths.iter().map(|width| "-".repeat(width + 2)).collect();
        write_row(f, &head, &widths)?;
        writeln!(f, "|{}|", rule.join("|"))?;
        rows.iter().try_for_each(|row| write_row(f, row, &widths))
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, row: &[String], widths: &[usize]) -> fmt::Result {
    for (cell, width) in row.iter().zip(widths) {
        write!(f, "| {cell:<width$} ")?;
    }
    writeln!(f, "|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_lines_are_found_at_their_place() {
        let found = Table::parse("| A |\n| 1 | 2 |\n", 10).unwrap_err();
        assert_eq!(found.span, Some(Span::new(16, 25)));
        assert_eq!(
            Table::parse("A | B\n", 0).unwrap_err().code,
            "malformed-table"
        );
        assert_eq!(
            Table::parse("| A\n", 0).unwrap_err().code,
            "malformed-table"
        );
        assert_eq!(
            Table::parse("| A \\|\n", 0).unwrap_err().code,
            "malformed-table"
        );
    }

    #[test]
    fn tables_print_as_they_are_read() {
        let table = Table {
            columns: vec!["A".into(), "B|C".into()],
            rows: vec![
                vec!["a\\nb".into(), String::new()],
                vec!["c\nd \\".into(), "\\|".into()],
            ],
        };
        assert_eq!(Table::parse(&table.to_string(), 0), Ok(table));
    }
}
