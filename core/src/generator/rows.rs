//! Records from a file: JSON lines, or CSV with names in its first line.
//!
//! Where a source is declared over the topic, each line is written in its formats, field by field;
//! elsewhere as JSON. Every error says in which line it is.

use super::GeneratedRecord;
use super::draw::{Drawn, Field};
use super::encode::{Layout, SourceLayout};
use super::typed::typed;
use headwater_base::{Diagnostic, Fault};
use serde_json::Value;
use std::sync::Arc;

/// Longest file, in bytes.
pub const FILE_BYTES_MAX: usize = 1 << 20;
/// Most records of a file.
pub const FILE_ROWS_MAX: usize = 20_000;

/// The rows of a file, one after the other.
#[derive(Clone, Debug)]
pub struct Reader {
    rows: Arc<Vec<Row>>,
    layout: Arc<Layout>,
    next: usize,
}

/// A line: its fields, and what they hold.
type Row = (Vec<Field>, Vec<Drawn>);

impl Reader {
    /// Reads a file's text. `key` names the field whose text is the key, for topics without a
    /// declared source.
    ///
    /// # Errors
    /// Where a line cannot be read, or does not fit the declared columns.
    pub fn new(
        text: &str,
        key: Option<&str>,
        source: Option<SourceLayout>,
    ) -> Result<Reader, Diagnostic> {
        if text.len() > FILE_BYTES_MAX {
            let message = format!(
                "The file has {} bytes; {FILE_BYTES_MAX} are possible.",
                text.len()
            );
            return Err(wrong(message).hint("Give it in parts."));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let is_json = text.trim_start().starts_with('{');
        let read = match is_json {
            true => json_lines(text)?,
            false => csv(text)?,
        };
        if read.is_empty() {
            return Err(
                wrong("The file has no records.").hint("Lines of JSON, or CSV with a header line.")
            );
        }
        if read.len() > FILE_ROWS_MAX {
            let message = format!(
                "The file has {} records; {FILE_ROWS_MAX} are possible.",
                read.len()
            );
            return Err(wrong(message).hint("Give it in parts."));
        }
        let first = &read[0].1;
        let key_at = |name: &str| first.iter().position(|(it, _)| it == name);
        let (rows, layout) = match source {
            Some(source) => {
                let rows = read.into_iter().map(|it| fitted(it, &source));
                (
                    rows.collect::<Result<Vec<Row>, _>>()?,
                    Layout::Source(Box::new(source)),
                )
            }
            None => {
                let key = match key {
                    None => None,
                    Some(name) => Some(key_at(name).ok_or_else(|| {
                        wrong(format!("The first record has no field {name} for the key."))
                    })?),
                };
                (read.into_iter().map(plain).collect(), Layout::Json { key })
            }
        };
        Ok(Reader {
            rows: Arc::new(rows),
            layout: Arc::new(layout),
            next: 0,
        })
    }

    /// How many records there are.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn is_done(&self) -> bool {
        self.next >= self.rows.len()
    }

    pub(super) fn next(&mut self, time: i64) -> Option<GeneratedRecord> {
        let (fields, drawn) = self.rows.get(self.next)?;
        self.next += 1;
        Some(self.layout.record(fields, drawn, time))
    }
}

/// The number of a line, and its fields.
type Line = (usize, Vec<(String, Drawn)>);

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Fault::Yours, "malformed-file", message)
}

fn plain((_, fields): Line) -> Row {
    let null = super::draw::Draw::Constant(Drawn::Null);
    let names = fields
        .iter()
        .map(|(name, _)| Field::new(name, null.clone()));
    (
        names.collect(),
        fields.into_iter().map(|(_, it)| it).collect(),
    )
}

/// The fields of a line in the order of the columns; what is not there is null.
fn fitted((number, fields): Line, source: &SourceLayout) -> Result<Row, Diagnostic> {
    for (name, _) in &fields {
        if !source
            .columns
            .iter()
            .any(|it| it.name.eq_ignore_ascii_case(name))
        {
            let message = format!("Line {number}: there is no column {name}.");
            let columns = source.columns.iter().map(|it| it.name.as_str());
            let near = headwater_base::diagnostic::nearest(&name.to_uppercase(), columns);
            return Err(near.iter().fold(wrong(message), |found, near| {
                found.hint(format!("Did you mean {near}?"))
            }));
        }
    }
    let mut drawn = Vec::with_capacity(source.columns.len());
    for column in &source.columns {
        let mut named = fields.iter();
        let found = named.find(|(name, _)| name.eq_ignore_ascii_case(&column.name));
        let value = found.map_or(Drawn::Null, |(_, it)| it.clone());
        if typed(&value, &column.ty).is_none() {
            let message = format!(
                "Line {number}: {} cannot be {}: {}.",
                super::encode::json(&value),
                column.name,
                column.ty
            );
            return Err(wrong(message));
        }
        drawn.push(value);
    }
    Ok((Vec::new(), drawn))
}

fn json_lines(text: &str) -> Result<Vec<Line>, Diagnostic> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let number = at + 1;
        let value: Value = serde_json::from_str(line).map_err(|error| {
            let column = error.column().max(1);
            wrong(format!("Line {number}, column {column}: this is not JSON."))
                .hint("Each line is one JSON object.")
        })?;
        let Value::Object(fields) = value else {
            let message = format!("Line {number}: this is no JSON object.");
            return Err(wrong(message));
        };
        let fields = fields.into_iter().map(|(name, it)| (name, of_json(it)));
        found.push((number, fields.collect()));
    }
    Ok(found)
}

fn of_json(value: Value) -> Drawn {
    match value {
        Value::Null => Drawn::Null,
        Value::Bool(truth) => Drawn::Truth(truth),
        Value::Number(number) => of_number(&number.to_string()),
        Value::String(text) => Drawn::Text(text),
        Value::Array(items) => Drawn::List(items.into_iter().map(of_json).collect()),
        Value::Object(fields) => {
            let field = |(name, it): (String, Value)| (Arc::from(name.as_str()), of_json(it));
            Drawn::Record(fields.into_iter().map(field).collect())
        }
    }
}

/// A number of plain digits; others stay texts.
fn of_number(text: &str) -> Drawn {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let unscaled = format!("{whole}{decimals}").parse();
    match unscaled {
        Ok(unscaled) if decimals.len() <= 18 && !text.contains(['e', 'E', '+']) => Drawn::Number {
            unscaled,
            scale: decimals.len() as u32,
        },
        _ => Drawn::text(text),
    }
}

fn csv(text: &str) -> Result<Vec<Line>, Diagnostic> {
    let mut lines = csv_lines(text)?.into_iter();
    let Some((_, names)) = lines.next() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for (number, values) in lines {
        if values.len() != names.len() {
            let message = format!(
                "Line {number} has {} fields, the first line names {}.",
                values.len(),
                names.len()
            );
            return Err(wrong(message));
        }
        let pairs = names.iter().zip(values);
        let fields = pairs.map(|((name, _), (value, quoted))| {
            let drawn = match value.as_str() {
                "" if !quoted => Drawn::Null,
                "true" if !quoted => Drawn::Truth(true),
                "false" if !quoted => Drawn::Truth(false),
                // A number with a zero before it, such as a postcode, is a text.
                number if !quoted && is_number(number) => of_number(number),
                _ => Drawn::Text(value),
            };
            (name.trim().to_owned(), drawn)
        });
        found.push((number, fields.collect()));
    }
    Ok(found)
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let leads = digits.starts_with('0') && digits.len() > 1 && !digits.starts_with("0.");
    let plain = digits.bytes().all(|it| it.is_ascii_digit() || it == b'.');
    plain
        && !leads
        && digits.starts_with(|it: char| it.is_ascii_digit())
        && digits.matches('.').count() <= 1
        && !digits.ends_with('.')
}

/// A line of CSV: its number, and its fields, each with whether it was in quotes.
type CsvLine = (usize, Vec<(String, bool)>);

/// Lines of CSV, with quotes as in RFC 4180.
fn csv_lines(text: &str) -> Result<Vec<CsvLine>, Diagnostic> {
    let mut found: Vec<CsvLine> = Vec::new();
    let mut fields: Vec<(String, bool)> = Vec::new();
    let (mut field, mut quoted, mut open) = (String::new(), false, false);
    let (mut number, mut begins) = (1, 1);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        number += usize::from(letter == '\n');
        match letter {
            '"' if open && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' if open => open = false,
            '"' if field.is_empty() && !quoted => (open, quoted) = (true, true),
            other if open => field.push(other),
            ',' => fields.push((std::mem::take(&mut field), std::mem::take(&mut quoted))),
            '\r' => {}
            '\n' => {
                fields.push((std::mem::take(&mut field), std::mem::take(&mut quoted)));
                let line = std::mem::take(&mut fields);
                let is_blank = line.len() == 1 && line[0].0.trim().is_empty();
                if !is_blank {
                    found.push((begins, line));
                }
                begins = number;
            }
            other => field.push(other),
        }
    }
    if open {
        return Err(wrong(format!("Line {begins}: the quote \" is not closed.")));
    }
    if !field.is_empty() || !fields.is_empty() {
        fields.push((field, quoted));
        found.push((begins, fields));
    }
    Ok(found)
}
