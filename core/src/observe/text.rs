//! Records and values as people read them.

use crate::world::World;
use headwater_base::{PartitionId, QueryId, RecordId, StationId};
use headwater_log::RecordRef;
use headwater_sql::format::{Part, encode_base64};
use headwater_sql::inspect::{Inspected, InspectedColumn};
use headwater_sql::types::{Column, SqlType};
use headwater_sql::value::{OwnedValue, write_text};
use headwater_view::{Cell, cell::quoted};

/// A value as a cell; a struct's fields have names only with its type.
pub fn cell(value: &OwnedValue, ty: Option<&SqlType>) -> Cell {
    match value {
        OwnedValue::Null => Cell::Null,
        OwnedValue::Boolean(value) => Cell::Boolean(*value),
        OwnedValue::Double(number) if !number.is_finite() => Cell::Text(scalar_text(value)),
        OwnedValue::Int(_)
        | OwnedValue::BigInt(_)
        | OwnedValue::Double(_)
        | OwnedValue::Decimal(_) => Cell::Number(scalar_text(value)),
        OwnedValue::Bytes(bytes) => Cell::Text(base64(bytes)),
        OwnedValue::Array(_) | OwnedValue::Map(_) | OwnedValue::Struct(_) => {
            Cell::Nested(json(value, ty))
        }
        scalar => Cell::Text(scalar_text(scalar)),
    }
}

fn scalar_text(value: &OwnedValue) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write_text(&mut text, value.borrow_scalar(), None);
    text
}

fn json(value: &OwnedValue, ty: Option<&SqlType>) -> String {
    match (value, ty) {
        (OwnedValue::Array(items), ty) => {
            let inner = match ty {
                Some(SqlType::Array(inner)) => Some(&**inner),
                _ => None,
            };
            list('[', items.iter().map(|it| json(it, inner)), ']')
        }
        (OwnedValue::Map(entries), ty) => {
            let inner = match ty {
                Some(SqlType::Map(_, inner)) => Some(&**inner),
                _ => None,
            };
            let entry = |(key, value): &(OwnedValue, OwnedValue)| {
                format!("{}:{}", quoted(&scalar_text(key)), json(value, inner))
            };
            list('{', entries.iter().map(entry), '}')
        }
        (OwnedValue::Struct(values), Some(SqlType::Struct(fields))) => {
            let field = |(field, value): (&Column, &OwnedValue)| {
                format!("{}:{}", quoted(&field.name), json(value, Some(&field.ty)))
            };
            list('{', fields.iter().zip(values.iter()).map(field), '}')
        }
        (OwnedValue::Struct(values), _) => list('[', values.iter().map(|it| json(it, None)), ']'),
        (scalar, _) => cell(scalar, None).to_json(),
    }
}

fn list(open: char, items: impl Iterator<Item = String>, close: char) -> String {
    let items: Vec<String> = items.collect();
    format!("{open}{}{close}", items.join(","))
}

/// Bytes as BYTES columns are spelled.
fn base64(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    encode_base64(bytes, &mut text);
    text.into_iter().map(char::from).collect()
}

/// An inspected column as a cell.
pub fn column_cell(column: &InspectedColumn) -> Cell {
    match &column.value {
        OwnedValue::Array(_) | OwnedValue::Map(_) | OwnedValue::Struct(_) => {
            Cell::Nested(json(&column.value, None))
        }
        value => cell(value, None),
    }
}

/// A record's key: its columns, `-` for none, and the window where there is one.
pub fn key(inspected: &Inspected, record: &RecordRef<'_>) -> String {
    if record.key.is_none() {
        return String::new();
    }
    let columns = inspected.columns.iter().filter(|it| it.part == Part::Key);
    let texts: Vec<&str> = columns.map(|it| it.text.as_str()).collect();
    let key = texts.join(", ");
    match inspected.window {
        Some(window) => format!("{key} @ {}", clock(window.start)),
        None => key,
    }
}

/// The value's columns as `NAME value, …`, shortened.
pub fn value(inspected: &Inspected, record: &RecordRef<'_>) -> String {
    if record.value.is_none() {
        return "null".to_owned();
    }
    let columns = inspected.columns.iter().filter(|it| it.part == Part::Value);
    let texts: Vec<String> = columns
        .map(|it| format!("{} {}", it.name, it.text))
        .collect();
    shortened(&texts.join(", "), 120)
}

/// The key of a record that may be gone.
pub fn record_key(world: &World, id: RecordId) -> String {
    with_record(world, id, key)
}

/// The value of a record that may be gone.
pub fn record_value(world: &World, id: RecordId) -> String {
    with_record(world, id, value)
}

fn with_record(
    world: &World,
    id: RecordId,
    show: impl Fn(&Inspected, &RecordRef<'_>) -> String,
) -> String {
    let Some(record) = world.cluster().record(id) else {
        return String::new();
    };
    let topic = topic_name(world, id.partition);
    show(
        &world.ksql().over_topic(topic).inspect(topic, &record),
        &record,
    )
}

/// The name of a partition's topic; empty if it is gone.
pub fn topic_name(world: &World, partition: PartitionId) -> &str {
    let log = world.cluster().partition(partition);
    log.and_then(|log| world.cluster().topic(log.topic()))
        .map_or("", |it| &it.name)
}

/// The text of a query's clause; empty if the query is gone.
pub fn clause(world: &World, query: QueryId, station: StationId) -> &str {
    let query = world.ksql().query(query);
    let stations = query.map_or(&[][..], |it| &it.plan.stations);
    stations
        .iter()
        .find(|it| it.id == station)
        .map_or("", |it| &it.sql)
}

/// Where a record lies, in words: `ratings/1@17`.
pub fn place(world: &World, id: RecordId) -> String {
    let number = world
        .cluster()
        .partition(id.partition)
        .map_or(0, |it| it.number());
    let topic = without_prefix(topic_name(world, id.partition));
    format!("{topic}/{number}@{}", id.offset)
}

/// An internal topic's name without what all of them begin with: the service and the query.
fn without_prefix(topic: &str) -> &str {
    let of_query = topic
        .strip_prefix("_confluent-ksql-")
        .and_then(|it| it.split_once("query_"));
    let step = of_query.and_then(|(_, rest)| rest.split_once('-'));
    step.map_or(topic, |(_, step)| step)
}

/// The time of day of a moment, in UTC: `00:01:00`, with milliseconds where there are any.
pub fn clock(epoch_millis: i64) -> String {
    let of_day = epoch_millis.rem_euclid(86_400_000);
    let (seconds, millis) = (of_day / 1000, of_day % 1000);
    let text = format!(
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
    if millis == 0 {
        text
    } else {
        format!("{text}.{millis:03}")
    }
}

/// The first `most` characters, with an ellipsis where there are more.
pub fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{kept}…")
}

/// A partition in words: `ratings/1`.
pub fn lane(world: &World, partition: PartitionId) -> String {
    let place = place(
        world,
        RecordId {
            partition,
            offset: 0,
        },
    );
    place.trim_end_matches("@0").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        let cases = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ];
        for (text, encoded) in cases {
            assert_eq!(base64(text.as_bytes()), encoded);
        }
    }

    #[test]
    fn a_clock_shows_milliseconds_only_where_there_are_any() {
        assert_eq!(clock(1_704_067_260_000), "00:01:00");
        assert_eq!(clock(1_704_067_260_042), "00:01:00.042");
    }
}
