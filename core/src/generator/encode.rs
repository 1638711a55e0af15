//! What was drawn, as the bytes of a record: JSON for schemas that users write, and the declared
//! formats where a stream or table over the topic says what its records are.

use super::GeneratedRecord;
use super::draw::{Drawn, Field};
use super::typed::typed;
use headwater_sql::arena::Arena;
use headwater_sql::catalog::{HeaderColumn, Source, WindowType};
use headwater_sql::decimal::Decimal;
use headwater_sql::format::{Codec, Encoded, Part, encode_base64};
use headwater_sql::operator::write_bounds;
use headwater_sql::runtime::Bounds;
use headwater_sql::time::Zone;
use headwater_sql::time::pattern::Pattern;
use headwater_sql::types::Column;
use headwater_sql::value::{OwnedValue, Value};
use headwater_view::cell::quoted;

/// How the records of a generator are written.
#[derive(Clone, Debug)]
pub enum Layout {
    /// As JSON objects, with the text of one field as the key.
    Json {
        /// The place of the key among the fields.
        key: Option<usize>,
    },
    /// As a source declares them.
    Source(Box<SourceLayout>),
}

/// How a source declares its records.
#[derive(Clone, Debug)]
pub struct SourceLayout {
    /// Columns of key and value, in this order.
    pub columns: Vec<Column>,
    keys: usize,
    key: Codec,
    value: Codec,
    window: Option<WindowType>,
    headers: Vec<HeaderColumn>,
    /// The column of texts that gives a record its time, and how it is written.
    time: Option<(usize, Pattern)>,
}

impl SourceLayout {
    /// How `source` declares its records.
    pub fn new(source: &Source) -> SourceLayout {
        let timestamp = source.timestamp.as_ref();
        let time = timestamp.and_then(|it| {
            let pattern = Pattern::new(it.pattern.as_ref()?).ok()?;
            Some((source.schema.position(&it.column)?, pattern))
        });
        SourceLayout {
            columns: source.schema.columns().cloned().collect(),
            keys: source.schema.key.len(),
            key: Codec::new(&source.key_format, Part::Key, &source.schema.key),
            value: Codec::new(&source.value_format, Part::Value, &source.schema.value),
            window: source.window,
            headers: source.headers.clone(),
            time,
        }
    }

    /// A record with these values, one a column; what does not fit a column is null in it.
    fn record(&self, drawn: &[Drawn], time: i64) -> GeneratedRecord {
        let mut values: Vec<OwnedValue> = self
            .columns
            .iter()
            .zip(drawn)
            .map(|(column, drawn)| typed(drawn, &column.ty).unwrap_or_default())
            .collect();
        if let Some((at, pattern)) = &self.time
            && let Ok(text) = pattern.format(time, &Zone::gmt())
            && let Some(value) = values.get_mut(*at)
        {
            *value = OwnedValue::from(text.as_str());
        }
        let arena = Arena::new();
        let slots: Vec<Value<'_>> = values.iter().map(|it| it.borrow(&arena)).collect();
        let (key_slots, value_slots) = slots.split_at(self.keys.min(slots.len()));
        let mut key = match key_slots.is_empty() {
            true => None,
            false => self.bytes(&self.key, key_slots),
        };
        if let (Some(key), Some(kind)) = (&mut key, self.window) {
            write_bounds(bounds(kind, time), kind, key);
        }
        let value = self.bytes(&self.value, value_slots);
        // A value without columns says nothing but that it is there.
        let value = value.or_else(|| value_slots.is_empty().then(Vec::new));
        let header = |column: &HeaderColumn| {
            let name = column.header.clone().unwrap_or_else(|| "source".to_owned());
            (name, b"generator".to_vec())
        };
        GeneratedRecord {
            key,
            value,
            headers: self.headers.iter().map(header).collect(),
            timestamp: time,
        }
    }

    fn bytes(&self, codec: &Codec, slots: &[Value<'_>]) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        match codec.encode(slots, &mut bytes) {
            Ok(Encoded::Bytes) => Some(bytes),
            Ok(Encoded::Null) | Err(_) => None,
        }
    }
}

impl Layout {
    /// The record of these values, one a field.
    pub fn record(&self, fields: &[Field], drawn: &[Drawn], time: i64) -> GeneratedRecord {
        match self {
            Layout::Source(layout) => layout.record(drawn, time),
            Layout::Json { key } => {
                let pairs = fields.iter().map(|it| &*it.name).zip(drawn);
                let key = key.and_then(|at| drawn.get(at));
                let key = key.filter(|it| **it != Drawn::Null);
                GeneratedRecord {
                    key: key.map(|it| plain_text(it).into_bytes()),
                    value: Some(object(pairs).into_bytes()),
                    headers: Vec::new(),
                    timestamp: time,
                }
            }
        }
    }
}

/// The window that holds `time`.
fn bounds(kind: WindowType, time: i64) -> Bounds {
    match kind.size_millis() {
        Some(size) => {
            let start = time - time.rem_euclid(size.max(1));
            let end = start.saturating_add(size);
            Bounds { start, end }
        }
        None => Bounds {
            start: time,
            end: time,
        },
    }
}

/// What was drawn as a key spells it.
pub fn plain_text(drawn: &Drawn) -> String {
    match drawn {
        Drawn::Null => String::new(),
        Drawn::Text(text) => text.clone(),
        Drawn::Moment(millis) => millis.to_string(),
        other => json(other),
    }
}

/// What was drawn as JSON; bytes as base64, moments as milliseconds.
///
/// ```
/// use headwater_core::generator::draw::Drawn;
/// use headwater_core::generator::encode::json;
/// let price = Drawn::Number { unscaled: 1250, scale: 2 };
/// assert_eq!(json(&Drawn::List(vec![price, Drawn::text("a")])), r#"[12.50,"a"]"#);
/// ```
pub fn json(drawn: &Drawn) -> String {
    match drawn {
        Drawn::Null => "null".to_owned(),
        Drawn::Truth(truth) => truth.to_string(),
        Drawn::Number { unscaled, scale: 0 } => unscaled.to_string(),
        Drawn::Number { unscaled, scale } => {
            Decimal::new(*unscaled, *scale as i32).to_java_string()
        }
        Drawn::Text(text) => quoted(text),
        Drawn::Moment(millis) => millis.to_string(),
        Drawn::Bytes(bytes) => {
            let mut base64 = Vec::new();
            encode_base64(bytes, &mut base64);
            quoted(&String::from_utf8_lossy(&base64))
        }
        Drawn::List(items) => {
            let items: Vec<String> = items.iter().map(json).collect();
            format!("[{}]", items.join(","))
        }
        Drawn::Map(entries) => {
            let texts: Vec<(String, &Drawn)> = entries
                .iter()
                .map(|(key, it)| (plain_text(key), it))
                .collect();
            object(texts.iter().map(|(key, it)| (key.as_str(), *it)))
        }
        Drawn::Record(fields) => object(fields.iter().map(|(name, it)| (&**name, it))),
    }
}

fn object<'d>(pairs: impl Iterator<Item = (&'d str, &'d Drawn)>) -> String {
    let pairs: Vec<String> = pairs
        .map(|(name, drawn)| format!("{}:{}", quoted(name), json(drawn)))
        .collect();
    format!("{{{}}}", pairs.join(","))
}
