//! What PRINT shows of a topic's records: key, value, place and headers.

use super::output::PushRow;
use crate::format::Part;
use crate::inspect::{Inspected, inspect};
use crate::plan::TopicLayout;
use crate::types::{Column, SqlType};
use crate::value::OwnedValue;
use headwater_base::RecordId;
use headwater_log::RecordRef;

/// Shows the records of one topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Printer {
    /// How the records are written, if the catalog knows.
    pub layout: Option<TopicLayout>,
    /// Only every n-th record.
    pub interval: u64,
}

impl Printer {
    /// The columns of the rows.
    pub fn columns() -> Vec<Column> {
        let headers = SqlType::array(SqlType::Struct(vec![
            Column::new("key", SqlType::String),
            Column::new("value", SqlType::String),
        ]));
        vec![
            Column::new("KEY", SqlType::String),
            Column::new("VALUE", SqlType::String),
            Column::new("PARTITION", SqlType::Int),
            Column::new("OFFSET", SqlType::BigInt),
            Column::new("HEADERS", headers),
        ]
    }

    /// Whether the record is shown that is the `number`-th from 1.
    pub fn wants(&self, number: u64) -> bool {
        number
            .saturating_sub(1)
            .is_multiple_of(self.interval.max(1))
    }

    /// The row of one record.
    pub fn row(&self, id: RecordId, partition: u32, record: &RecordRef<'_>) -> PushRow {
        let seen = inspect(self.layout.as_ref(), record);
        let headers = record.headers.map(|header| {
            let text = header
                .value
                .map(|value| String::from_utf8_lossy(value).into_owned());
            let value = text.map_or(OwnedValue::Null, |text| OwnedValue::from(text.as_str()));
            OwnedValue::structure(vec![OwnedValue::from(header.key), value])
        });
        let values = vec![
            side(&seen, Part::Key, record.key),
            side(&seen, Part::Value, record.value),
            OwnedValue::Int(partition as i32),
            OwnedValue::BigInt(record.offset as i64),
            OwnedValue::array(headers.collect()),
        ];
        let key = String::new();
        PushRow {
            values,
            timestamp: record.timestamp,
            tombstone: false,
            cause: id,
            key,
        }
    }
}

/// One side of a record as text: the bytes themselves where they are text, else what they mean.
fn side(seen: &Inspected, part: Part, bytes: Option<&[u8]>) -> OwnedValue {
    let Some(bytes) = bytes else {
        return OwnedValue::Null;
    };
    let printable = |text: &&str| !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    let whole = std::str::from_utf8(bytes).ok().filter(printable);
    if let Some(text) = whole.filter(|_| seen.window.is_none() || part == Part::Value) {
        return OwnedValue::from(text);
    }
    let texts = seen.columns.iter().filter(|column| column.part == part);
    let mut text = texts
        .map(|column| column.text.as_str())
        .collect::<Vec<_>>()
        .join(",");
    if let (Part::Key, Some(window)) = (part, seen.window) {
        text.push_str(&format!("@{}/{}", window.start, window.end));
    }
    OwnedValue::from(text.as_str())
}
