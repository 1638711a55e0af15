//! Records as people read them: decoded by what the catalog knows of their topic, else guessed as
//! PRINT guesses.
//!
//! Nothing here is on the way of a running query.

use crate::arena::Arena;
use crate::catalog::Source;
use crate::format::{Codec, ColumnSet, Part};
use crate::operator::{split_bounds, split_change};
use crate::plan::TopicLayout;
use crate::runtime::Bounds;
use crate::types::Column;
use crate::value::{OwnedValue, write_text};
use headwater_log::RecordRef;

/// One column of a record that was looked into.
#[derive(Clone, Debug, PartialEq)]
pub struct InspectedColumn {
    /// Its name; `KEY` or `VALUE` where no schema is known.
    pub name: String,
    /// Its side of the record.
    pub part: Part,
    /// Its type, or the guessed format.
    pub ty: String,
    /// Its value.
    pub value: OwnedValue,
    /// Its value as text.
    pub text: String,
}

/// A record that was looked into.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspected {
    /// Its columns.
    pub columns: Vec<InspectedColumn>,
    /// The window of its key.
    pub window: Option<Bounds>,
    /// How keys are written, or seem to be.
    pub key_format: String,
    /// How values are written, or seem to be.
    pub value_format: String,
    /// What is wrong with its bytes, if they are not of the declared format.
    pub error: Option<String>,
}

impl From<&Source> for TopicLayout {
    fn from(source: &Source) -> TopicLayout {
        TopicLayout {
            key: source.schema.key.clone(),
            value: source.schema.value.clone(),
            key_format: source.key_format.clone(),
            value_format: source.value_format.clone(),
            window: source.window,
            changes: false,
            key_suffix: 0,
        }
    }
}

/// Looks into records of one topic, again and again.
#[derive(Clone, Debug)]
pub struct RecordReader {
    known: Option<Known>,
}

/// What is known of a topic's records.
#[derive(Clone, Debug)]
struct Known {
    layout: TopicLayout,
    key: Codec,
    value: Codec,
}

impl RecordReader {
    /// A reader of records that are written like this; without a layout it guesses.
    pub fn new(layout: Option<TopicLayout>) -> RecordReader {
        let known = layout.map(|layout| Known {
            key: Codec::new(&layout.key_format, Part::Key, &layout.key),
            value: Codec::new(&layout.value_format, Part::Value, &layout.value),
            layout,
        });
        RecordReader { known }
    }

    /// Looks into a record.
    pub fn read(&self, record: &RecordRef<'_>) -> Inspected {
        match &self.known {
            Some(known) => known.read(record),
            None => by_guess(record),
        }
    }
}

/// Looks into one record.
pub fn inspect(layout: Option<&TopicLayout>, record: &RecordRef<'_>) -> Inspected {
    RecordReader::new(layout.cloned()).read(record)
}

impl Known {
    fn read(&self, record: &RecordRef<'_>) -> Inspected {
        let mut found = Inspected {
            columns: Vec::new(),
            window: None,
            key_format: self.layout.key_format.shown(),
            value_format: self.layout.value_format.shown(),
            error: None,
        };
        let own = self.layout.key_suffix;
        let mut key = record
            .key
            .map(|key| key.get(..key.len().saturating_sub(own)).unwrap_or(key));
        if let (Some(kind), Some(bytes)) = (self.layout.window, key) {
            match split_bounds(bytes, kind) {
                Some((bytes, window)) => {
                    key = Some(bytes);
                    found.window = Some(window);
                }
                None => found.error = Some("The key carries no window.".to_owned()),
            }
        }
        found.add(&self.key, Part::Key, key);
        let mut value = record.value;
        if let (true, Some(bytes)) = (self.layout.changes, value) {
            // Of a table's change the new row is shown; of a row that goes, the row that was.
            value = split_change(bytes).and_then(|(new, old)| new.or(old));
        }
        found.add(&self.value, Part::Value, value);
        found
    }
}

impl Inspected {
    fn add(&mut self, codec: &Codec, part: Part, bytes: Option<&[u8]>) {
        if bytes.is_none() {
            return;
        }
        let arena = Arena::new();
        let columns = codec.columns();
        let slots = arena.slots(columns.len());
        let decoded = codec.decode(bytes, &arena, &ColumnSet::all(columns.len()), slots);
        if let Err(error) = decoded {
            self.error = Some(error.to_string());
            let (ty, value) = guess(bytes.unwrap_or(&[]));
            self.columns.push(column(part_name(part), part, ty, value));
            return;
        }
        for (declared, value) in columns.iter().zip(slots.iter()) {
            let Column { name, ty } = declared;
            let mut text = String::new();
            // Writing to a String cannot fail.
            let _ = write_text(&mut text, *value, Some(ty));
            self.columns.push(InspectedColumn {
                name: name.clone(),
                part,
                ty: ty.to_string(),
                value: value.to_owned(),
                text,
            });
        }
    }
}

fn by_guess(record: &RecordRef<'_>) -> Inspected {
    let mut columns = Vec::new();
    let mut format = |part: Part, bytes: Option<&[u8]>| match bytes {
        None => String::new(),
        Some(bytes) => {
            let (format, value) = guess(bytes);
            columns.push(column(part_name(part), part, format, value));
            format.to_owned()
        }
    };
    let key_format = format(Part::Key, record.key);
    let value_format = format(Part::Value, record.value);
    Inspected {
        columns,
        window: None,
        key_format,
        value_format,
        error: None,
    }
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Key => "KEY",
        Part::Value => "VALUE",
    }
}

fn column(name: &str, part: Part, ty: &str, value: OwnedValue) -> InspectedColumn {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_text(&mut text, value.borrow_scalar(), None);
    InspectedColumn {
        name: name.to_owned(),
        part,
        ty: ty.to_owned(),
        value,
        text,
    }
}

/// The format that bytes seem to be of, and what they then say.
///
/// ```
/// use headwater_sql::inspect::guess;
/// assert_eq!(guess(b"{\"a\": 1}").0, "JSON");
/// assert_eq!(guess(&7i64.to_be_bytes()).0, "KAFKA_BIGINT");
/// assert_eq!(guess(b"gold").0, "KAFKA_STRING");
/// ```
pub fn guess(bytes: &[u8]) -> (&'static str, OwnedValue) {
    let text = std::str::from_utf8(bytes).ok();
    let printable = text.filter(|text| {
        text.chars()
            .all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
    });
    if let Some(text) = printable {
        let trimmed = text.trim();
        let bracketed = (trimmed.starts_with('{') && trimmed.ends_with('}'))
            || (trimmed.starts_with('[') && trimmed.ends_with(']'));
        let format = if bracketed { "JSON" } else { "KAFKA_STRING" };
        return (format, OwnedValue::from(text));
    }
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return ("KAFKA_INT", OwnedValue::Int(i32::from_be_bytes(bytes)));
    }
    if let Ok(bytes) = <[u8; 8]>::try_from(bytes) {
        return (
            "KAFKA_BIGINT",
            OwnedValue::BigInt(i64::from_be_bytes(bytes)),
        );
    }
    if let Some((key, start)) = bytes.split_last_chunk::<8>() {
        let start = i64::from_be_bytes(*start);
        let is_time = (0..=4_102_444_800_000).contains(&start);
        if let (true, Ok(key)) = (is_time, std::str::from_utf8(key)) {
            let text = format!("{key}@{start}/-");
            return (
                "TIME_WINDOWED_KAFKA_STRING",
                OwnedValue::from(text.as_str()),
            );
        }
    }
    ("UNRECOGNIZED_BYTES", OwnedValue::Bytes(bytes.into()))
}
