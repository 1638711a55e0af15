//! What `headwater run` prints: tables for people, or JSON lines for programs.

use crate::{Format, listing};
use comfy_table::{ContentArrangement, Table, presets};
use headwater_core::lesson::player::{Row, Told};
use headwater_view::cell::quoted;
use headwater_view::{AnswerSection, Cell};
use std::collections::BTreeMap;
use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Arc;

/// Rows that wait to be printed as a table, at most.
const PENDING_ROWS_MAX: usize = 1_000;

/// Prints what a run has to tell, on standard output.
#[derive(Debug)]
pub(crate) struct Output {
    format: Format,
    out: BufWriter<Stdout>,
    /// Rows that are not printed yet, by statement; for tables only.
    pending: BTreeMap<u64, Pending>,
    pending_rows: usize,
    /// The first error of writing; nothing is written after it.
    error: Option<io::Error>,
}

#[derive(Debug)]
struct Pending {
    columns: Arc<[String]>,
    rows: Vec<Row>,
    sections: Vec<AnswerSection>,
    listing: bool,
    /// Whether a message with the statement's number stands above.
    headed: bool,
}

impl Output {
    pub(crate) fn new(format: Format) -> Output {
        Output {
            format,
            out: BufWriter::new(io::stdout()),
            pending: BTreeMap::new(),
            pending_rows: 0,
            error: None,
        }
    }

    /// Whether nobody reads any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.error.is_some()
    }

    /// Prints one thing.
    pub(crate) fn told(&mut self, told: Told) {
        match (self.format, told) {
            (
                Format::Json,
                Told::Done {
                    number,
                    message,
                    sections,
                    ..
                },
            ) => {
                let message = quoted(&whole(&message, &sections));
                self.line(&format!(
                    r#"{{"statement": {number}, "kind": "ok", "message": {message}}}"#
                ));
            }
            (Format::Json, Told::Row(row)) => self.line(&json_row(&row)),
            (
                Format::Table,
                Told::Done {
                    number,
                    message,
                    columns,
                    sections,
                    listing,
                },
            ) => {
                self.flush();
                if columns.is_empty() {
                    let whole = whole(&message, &sections);
                    if !whole.is_empty() {
                        self.line(&format!("[{number}] {whole}"));
                    }
                    return;
                }
                if !message.is_empty() {
                    self.line(&format!("[{number}] {message}"));
                }
                let pending = Pending {
                    columns,
                    rows: Vec::new(),
                    sections,
                    listing,
                    headed: !message.is_empty(),
                };
                self.pending.insert(number, pending);
            }
            (Format::Table, Told::Row(row)) => {
                let pending = self.pending.entry(row.number).or_insert_with(|| Pending {
                    columns: row.columns.clone(),
                    rows: Vec::new(),
                    sections: Vec::new(),
                    listing: false,
                    headed: false,
                });
                pending.rows.push(row);
                self.pending_rows += 1;
                if self.pending_rows >= PENDING_ROWS_MAX {
                    self.flush();
                }
            }
        }
    }

    /// Prints something for people alone.
    pub(crate) fn note(&mut self, text: &str) {
        if self.format == Format::Table {
            self.flush();
            self.line(text);
        }
    }

    /// Prints that a statement was refused. For people this goes to standard error elsewhere.
    pub(crate) fn refused(&mut self, number: u64, message: &str, line: u32, column: u32) {
        self.flush();
        if self.format == Format::Json {
            let message = quoted(message);
            self.line(&format!(
                "{{\"statement\": {number}, \"kind\": \"error\", \"message\": {message}, \
                 \"line\": {line}, \"column\": {column}}}"
            ));
        }
    }

    /// Prints everything that waits.
    pub(crate) fn flush(&mut self) {
        self.pending_rows = 0;
        for (number, pending) in std::mem::take(&mut self.pending) {
            match (pending.listing, pending.rows.is_empty()) {
                (true, _) => {
                    let rows = listing::cells(&pending.rows);
                    let table = listing::table(&pending.columns, &rows);
                    match pending.headed {
                        true => self.line(&format!("\n{table}")),
                        false => self.line(&format!("[{number}]\n{table}")),
                    }
                }
                (false, true) => self.line(&format!("[{number}] 0 rows")),
                (false, false) => self.line(&format!("[{number}]\n{}", table(&pending))),
            }
            for section in &pending.sections {
                self.line(&format!("\n{}", listing::section(section)));
            }
        }
        if self.error.is_none() {
            self.error = self.out.flush().err();
        }
    }

    fn line(&mut self, text: &str) {
        if self.error.is_none() {
            self.error = writeln!(self.out, "{text}").err();
        }
    }
}

/// A message and what stands behind it, as one text.
fn whole(message: &str, sections: &[AnswerSection]) -> String {
    let message = Some(message.to_owned()).filter(|message| !message.is_empty());
    let parts = message
        .into_iter()
        .chain(sections.iter().map(listing::section));
    parts.collect::<Vec<_>>().join("\n\n")
}

fn json_row(row: &Row) -> String {
    let column = |(name, cell): (&String, &Cell)| format!("{}: {}", quoted(name), cell.to_json());
    let columns: Vec<String> = row.columns.iter().zip(&row.cells).map(column).collect();
    let timestamp = row
        .timestamp_ms
        .map_or_else(|| "null".to_owned(), |it| it.to_string());
    format!(
        "{{\"statement\": {}, \"kind\": \"row\", \"columns\": {{{}}}, \
         \"timestamp\": {timestamp}, \"tombstone\": {}}}",
        row.number,
        columns.join(", "),
        row.tombstone
    )
}

fn table(pending: &Pending) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(pending.columns.iter());
    for row in &pending.rows {
        let text = |cell: &Cell| match cell {
            Cell::Null if row.tombstone => "<TOMBSTONE>".to_owned(),
            cell => cell.to_string(),
        };
        table.add_row(row.cells.iter().map(text));
    }
    table
}
