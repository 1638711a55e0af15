//! Bytes with their meaning, for the inspector's hexadecimal view.

use crate::observe::text::{column_cell, shortened};
use headwater_base::order;
use headwater_sql::format::Part;
use headwater_sql::inspect::Inspected;
use headwater_view::{BytesDetail, BytesPart, Cell};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Length of the window start that a windowed key ends with.
const WINDOW_BYTES: usize = 8;

/// A record's key or value: `None` where it is null.
pub(super) fn detail(
    inspected: &Inspected,
    part: Part,
    bytes: Option<&[u8]>,
) -> Option<BytesDetail> {
    let bytes = bytes?;
    let columns = inspected.columns.iter().filter(|it| it.part == part);
    let columns: Vec<(String, Cell)> = columns
        .map(|it| (it.name.clone(), column_cell(it)))
        .collect();
    let format = match part {
        Part::Key => &inspected.key_format,
        Part::Value => &inspected.value_format,
    };
    let is_windowed = part == Part::Key && inspected.window.is_some();
    let contents = bytes
        .len()
        .saturating_sub(if is_windowed { WINDOW_BYTES } else { 0 });
    let mut parts = parts(&bytes[..contents], &columns, format);
    if is_windowed {
        parts.push(BytesPart {
            start: contents as u32,
            end: bytes.len() as u32,
            meaning: "window start, in milliseconds since 1970".to_owned(),
        });
    }
    Some(BytesDetail {
        format: format.clone(),
        text: laid_out(&bytes[..contents], &columns),
        bytes: bytes.to_vec(),
        parts,
        columns,
        error: inspected.error.clone(),
    })
}

/// A header's value.
pub(super) fn header(value: Option<&[u8]>) -> BytesDetail {
    let bytes = value.unwrap_or_default();
    BytesDetail {
        format: "bytes".to_owned(),
        bytes: bytes.to_vec(),
        columns: Vec::new(),
        text: value.map_or("null".to_owned(), |it| {
            String::from_utf8_lossy(it).into_owned()
        }),
        parts: Vec::new(),
        error: None,
    }
}

/// JSON with line breaks; else the columns' values.
fn laid_out(bytes: &[u8], columns: &[(String, Cell)]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let json = serde_json::from_str::<serde_json::Value>(&text).ok();
    let json = json.filter(|it| it.is_object() || it.is_array());
    match json.and_then(|it| serde_json::to_string_pretty(&it).ok()) {
        Some(pretty) => pretty,
        None if columns.is_empty() => text.into_owned(),
        None => {
            let cells: Vec<String> = columns.iter().map(|it| it.1.to_string()).collect();
            cells.join(", ")
        }
    }
}

fn parts(bytes: &[u8], columns: &[(String, Cell)], format: &str) -> Vec<BytesPart> {
    if let Some(fields) = json_fields(bytes) {
        return fields;
    }
    let all = |meaning: String| {
        vec![BytesPart {
            start: 0,
            end: bytes.len() as u32,
            meaning,
        }]
    };
    match columns {
        [] => Vec::new(),
        [(name, cell)] => all(format!("{name}: {}", shortened(&cell.to_string(), 40))),
        _ => all(format!("{format}: {} columns", columns.len())),
    }
}

/// The fields of a JSON object and where their values lie.
fn json_fields(bytes: &[u8]) -> Option<Vec<BytesPart>> {
    let fields: BTreeMap<&str, &RawValue> = serde_json::from_slice(bytes).ok()?;
    let base = bytes.as_ptr() as usize;
    let part = |(name, raw): (&str, &RawValue)| {
        let start = raw.get().as_ptr() as usize - base;
        BytesPart {
            start: start as u32,
            end: (start + raw.get().len()) as u32,
            meaning: format!("{name}: {}", shortened(raw.get(), 40)),
        }
    };
    let mut parts: Vec<BytesPart> = fields.into_iter().map(part).collect();
    order::sort_by_key(&mut parts, |it| it.start);
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_json_are_found_where_they_lie() {
        let parts = json_fields(br#"{"b": 2, "a": [1, 2]}"#).unwrap_or_default();
        let found: Vec<_> = parts
            .iter()
            .map(|it| (it.start, it.end, &*it.meaning))
            .collect();
        assert_eq!(found, [(6, 7, "b: 2"), (14, 20, "a: [1, 2]")]);
    }
}
