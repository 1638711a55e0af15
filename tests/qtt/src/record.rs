//! Records between the files' JSON and the bytes of a topic's formats.

use crate::json::Json;
use headwater_log::{HeaderBuf, NewRecord, RecordRef};
use headwater_sql::arena::Arena;
use headwater_sql::catalog::WindowType;
use headwater_sql::format::{
    Codec, ColumnSet, Format, FormatSpec, Part, decode_base64, encode_base64, unwrapping,
    write_json,
};
use headwater_sql::operator::{split_bounds, write_bounds};
use headwater_sql::plan::TopicLayout;
use headwater_sql::runtime::Bounds;
use headwater_sql::types::{Column, SqlType};

/// A record with what it consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) headers: HeaderBuf,
    pub(crate) timestamp: i64,
}

impl Stored {
    /// The record, to be appended.
    pub(crate) fn as_new(&self) -> NewRecord<'_> {
        NewRecord::new(self.timestamp, self.key.as_deref(), self.value.as_deref())
            .with_headers(self.headers.as_headers())
    }
}

impl From<NewRecord<'_>> for Stored {
    fn from(record: NewRecord<'_>) -> Stored {
        let mut headers = HeaderBuf::new();
        record
            .headers
            .for_each(|header| headers.push(header.key, header.value));
        Stored {
            key: record.key.map(<[u8]>::to_vec),
            value: record.value.map(<[u8]>::to_vec),
            headers,
            timestamp: record.timestamp,
        }
    }
}

impl From<RecordRef<'_>> for Stored {
    fn from(record: RecordRef<'_>) -> Stored {
        Stored::from(record.to_new())
    }
}

/// The record of an input of a file.
pub(crate) fn encode(input: &Json, layout: &TopicLayout) -> Result<Stored, String> {
    let none = Json::Null;
    let key = input.get("key").unwrap_or(&none);
    let value = input.get("value").unwrap_or(&none);
    let mut key = encode_part(key, &layout.key_format, Part::Key, &layout.key)?;
    if let (Some(window), Some(kind), Some(key)) = (input.get("window"), layout.window, &mut key) {
        write_bounds(bounds(window), kind, key);
    }
    let value = encode_part(value, &layout.value_format, Part::Value, &layout.value)?;
    let timestamp = input.get("timestamp").and_then(Json::as_i64).unwrap_or(0);
    let mut headers = HeaderBuf::new();
    for (name, value) in header_list(input.get("headers")) {
        headers.push(&name, value.as_deref());
    }
    Ok(Stored {
        key,
        value,
        headers,
        timestamp,
    })
}

/// The bounds that a file states.
pub(crate) fn bounds(window: &Json) -> Bounds {
    let number = |name: &str| window.get(name).and_then(Json::as_i64).unwrap_or(0);
    Bounds {
        start: number("start"),
        end: number("end"),
    }
}

/// The headers that a file states.
pub(crate) fn header_list(headers: Option<&Json>) -> Vec<(String, Option<Vec<u8>>)> {
    let header = |header: &Json| {
        let name = header.get("KEY").map_or(String::new(), Json::text);
        let value = header
            .get("VALUE")
            .and_then(Json::as_str)
            .and_then(decode_base64);
        (name, value)
    };
    headers
        .map_or(&[][..], Json::items)
        .iter()
        .map(header)
        .collect()
}

fn encode_part(
    json: &Json,
    spec: &FormatSpec,
    part: Part,
    columns: &[Column],
) -> Result<Option<Vec<u8>>, String> {
    if *json == Json::Null {
        return Ok(None);
    }
    Ok(match spec.format {
        Format::None => None,
        Format::Delimited => Some(json.text().into_bytes()),
        Format::Kafka => {
            let ty = columns
                .first()
                .map_or(&SqlType::String, |column| &column.ty);
            Some(kafka(json, ty)?)
        }
        Format::Json => Some(json.to_string().into_bytes()),
        _ => Some(
            conformed(json, spec, part, columns)
                .to_string()
                .into_bytes(),
        ),
    })
}

/// The value as a format with a schema takes it: names of fields as the columns have them,
/// whatever their case, and numbers for dates and times even where they are texts.
fn conformed(json: &Json, spec: &FormatSpec, part: Part, columns: &[Column]) -> Json {
    match columns {
        [column] if unwrapping(spec, part, columns) => conformed_value(json, &column.ty),
        _ => conformed_fields(json, columns),
    }
}

fn conformed_fields(json: &Json, columns: &[Column]) -> Json {
    let Json::Object(fields) = json else {
        return json.clone();
    };
    let field = |(name, value): &(String, Json)| {
        let exact = columns.iter().find(|column| column.name == *name);
        let near = || {
            columns
                .iter()
                .find(|column| column.name.eq_ignore_ascii_case(name))
        };
        match exact.or_else(near) {
            Some(column) => (column.name.clone(), conformed_value(value, &column.ty)),
            None => (name.clone(), value.clone()),
        }
    };
    Json::Object(fields.iter().map(field).collect())
}

fn conformed_value(json: &Json, ty: &SqlType) -> Json {
    match (json, ty) {
        (Json::String(text), SqlType::Date | SqlType::Time | SqlType::Timestamp)
            if text.parse::<i64>().is_ok() =>
        {
            Json::Number(text.clone())
        }
        (Json::Object(_), SqlType::Struct(columns)) => conformed_fields(json, columns),
        (Json::Object(fields), SqlType::Map(_, inner)) => {
            let entry =
                |(key, value): &(String, Json)| (key.clone(), conformed_value(value, inner));
            Json::Object(fields.iter().map(entry).collect())
        }
        (Json::Array(items), SqlType::Array(inner)) => Json::Array(
            items
                .iter()
                .map(|item| conformed_value(item, inner))
                .collect(),
        ),
        _ => json.clone(),
    }
}

fn kafka(json: &Json, ty: &SqlType) -> Result<Vec<u8>, String> {
    let wrong = || format!("{json} is no {ty} of the KAFKA format");
    let text = json.text();
    let whole = |text: &str| text.parse::<i64>().map_err(|_| wrong());
    Ok(match ty {
        SqlType::Int => {
            let number = i32::try_from(whole(&text)?).map_err(|_| wrong())?;
            number.to_be_bytes().to_vec()
        }
        SqlType::BigInt => whole(&text)?.to_be_bytes().to_vec(),
        SqlType::Double => text
            .parse::<f64>()
            .map_err(|_| wrong())?
            .to_be_bytes()
            .to_vec(),
        SqlType::Bytes => decode_base64(&text).ok_or_else(wrong)?,
        _ => text.into_bytes(),
    })
}

/// A side of a record as a file would state it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) json: Json,
    /// Whether its numbers went through typed values, so that doubles may differ a little.
    pub(crate) typed: bool,
}

/// Key and window of a record.
pub(crate) fn decode_key(
    record: &Stored,
    layout: &TopicLayout,
) -> Result<(Shown, Option<Bounds>), String> {
    let mut key = record.key.as_deref();
    let mut window = None;
    if let (Some(kind), Some(bytes)) = (layout.window, key) {
        let (bytes, bounds) = split_bounds(bytes, kind).ok_or("the key carries no window")?;
        (key, window) = (Some(bytes), Some(bounds));
    }
    let shown = decode_part(key, &layout.key_format, Part::Key, &layout.key)?;
    Ok((shown, window))
}

/// The value of a record.
pub(crate) fn decode_value(record: &Stored, layout: &TopicLayout) -> Result<Shown, String> {
    decode_part(
        record.value.as_deref(),
        &layout.value_format,
        Part::Value,
        &layout.value,
    )
}

fn decode_part(
    bytes: Option<&[u8]>,
    spec: &FormatSpec,
    part: Part,
    columns: &[Column],
) -> Result<Shown, String> {
    let untyped = |json| Ok(Shown { json, typed: false });
    let Some(bytes) = bytes else {
        return untyped(Json::Null);
    };
    let text = || String::from_utf8_lossy(bytes);
    match spec.format {
        Format::None => untyped(Json::Null),
        Format::Delimited => untyped(Json::String(text().into_owned())),
        Format::Json => match bytes {
            [] => untyped(Json::Null),
            _ => untyped(Json::parse(&text()).map_err(|error| error.to_string())?),
        },
        _ => Ok(Shown {
            json: typed(bytes, spec, part, columns)?,
            typed: true,
        }),
    }
}

fn typed(bytes: &[u8], spec: &FormatSpec, part: Part, columns: &[Column]) -> Result<Json, String> {
    let codec = Codec::new(spec, part, columns);
    let arena = Arena::new();
    let slots = arena.slots(columns.len());
    let wanted = ColumnSet::all(columns.len());
    let decoded = codec.decode(Some(bytes), &arena, &wanted, slots);
    decoded.map_err(|error| error.to_string())?;
    let field = |(column, slot): (&Column, &headwater_sql::value::Value<'_>)| {
        let mut text = Vec::new();
        write_json(*slot, &column.ty, &mut text);
        let json = Json::parse(&String::from_utf8_lossy(&text)).unwrap_or_default();
        (column.name.clone(), json)
    };
    let mut fields: Vec<(String, Json)> = columns.iter().zip(slots.iter()).map(field).collect();
    if spec.format == Format::Kafka || unwrapping(spec, part, columns) {
        return Ok(fields.pop().map_or(Json::Null, |(_, value)| value));
    }
    Ok(Json::Object(fields))
}

/// The windows that a word of a file means.
pub(crate) fn window_type(word: &str, size: Option<i64>) -> Option<WindowType> {
    match word.to_ascii_uppercase().as_str() {
        "TUMBLING" => size.map(WindowType::Tumbling),
        "HOPPING" => size.map(WindowType::Hopping),
        "SESSION" => Some(WindowType::Session),
        _ => None,
    }
}

/// Bytes as a file states them.
pub(crate) fn base64(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    encode_base64(bytes, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}
