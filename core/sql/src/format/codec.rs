//! A format bound to the columns of one side of a record.
//!
//! Which format does what is in the format's own file; here is only the choice between them.

use super::{ColumnSet, Decoded, Encoded, Format, FormatError, FormatSpec, Part};
use super::{delimited, json, kafka, registry, unwrapping};
use crate::arena::Arena;
use crate::types::Column;
use crate::value::Value;

/// Decodes and encodes one side of records.
///
/// ```
/// use headwater_sql::arena::Arena;
/// use headwater_sql::format::{Codec, ColumnSet, Decoded, Format, FormatSpec, Part};
/// use headwater_sql::types::{Column, SqlType};
/// use headwater_sql::value::Value;
/// let columns = [Column::new("STARS", SqlType::Int)];
/// let codec = Codec::new(&FormatSpec::new(Format::Json), Part::Value, &columns);
/// let arena = Arena::new();
/// let mut slots = [Value::Null];
/// let wanted = ColumnSet::all(1);
/// let found = codec.decode(Some(br#"{"stars": 4}"#), &arena, &wanted, &mut slots);
/// assert_eq!(found, Ok(Decoded::Row));
/// assert_eq!(slots, [Value::Int(4)]);
/// let mut bytes = Vec::new();
/// codec.encode(&slots, &mut bytes).unwrap();
/// assert_eq!(bytes, br#"{"STARS":4}"#);
/// ```
#[derive(Clone, Debug)]
pub struct Codec {
    kind: Kind,
    columns: Vec<Column>,
}

#[derive(Clone, Debug)]
enum Kind {
    Json(json::Layout),
    Delimited(char),
    Kafka,
    Registry(registry::Layout),
    None,
}

impl Codec {
    /// The codec of `columns`, which [`check_columns`](super::check_columns) has accepted.
    pub fn new(spec: &FormatSpec, part: Part, columns: &[Column]) -> Codec {
        let json = || json::Layout::new(columns, unwrapping(spec, part, columns));
        let kind = match spec.format {
            Format::Json => Kind::Json(json()),
            Format::Avro | Format::JsonSr | Format::Protobuf | Format::ProtobufNosr => {
                let nulls = match spec.nullable {
                    _ if !spec.format.is_protobuf() => registry::Nulls::Kept,
                    None => registry::Nulls::Defaults,
                    Some(_) => registry::Nulls::EmptyCollections,
                };
                let json = json();
                Kind::Registry(registry::Layout { json, nulls })
            }
            Format::Delimited => Kind::Delimited(spec.delimiter),
            Format::Kafka => Kind::Kafka,
            Format::None => Kind::None,
        };
        Codec {
            kind,
            columns: columns.to_vec(),
        }
    }

    /// The columns that it reads and writes.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Reads `bytes` into `slots`, one slot a column. Slots of columns that are not wanted are
    /// null.
    pub fn decode<'a>(
        &self,
        bytes: Option<&'a [u8]>,
        arena: &'a Arena,
        wanted: &ColumnSet,
        slots: &mut [Value<'a>],
    ) -> Result<Decoded, FormatError> {
        slots.fill(Value::Null);
        let Some(bytes) = bytes else {
            return Ok(Decoded::Null);
        };
        match &self.kind {
            Kind::Json(layout) => layout.decode(&self.columns, bytes, arena, wanted, slots),
            Kind::Delimited(delimiter) => {
                delimited::decode(&self.columns, *delimiter, bytes, arena, slots)
            }
            Kind::Kafka => kafka::decode(&self.columns, bytes, arena, slots),
            Kind::Registry(layout) => layout.decode(&self.columns, bytes, arena, wanted, slots),
            Kind::None => Ok(Decoded::Row),
        }
    }

    /// What `slots`, one a column, are once they were written and read again: PROTOBUF has no null
    /// for a scalar. `None` where they stay what they are.
    pub fn read_back<'a>(&self, slots: &[Value<'a>], arena: &'a Arena) -> Option<&'a [Value<'a>]> {
        match &self.kind {
            Kind::Registry(layout) => layout.read_back(&self.columns, slots, arena),
            _ => None,
        }
    }

    /// Appends `slots`, one a column, to `out`.
    pub fn encode(&self, slots: &[Value<'_>], out: &mut Vec<u8>) -> Result<Encoded, FormatError> {
        match &self.kind {
            Kind::Json(layout) => layout.encode(&self.columns, slots, out),
            Kind::Delimited(delimiter) => delimited::encode(&self.columns, *delimiter, slots, out),
            Kind::Kafka => kafka::encode(slots, out),
            Kind::Registry(layout) => layout.encode(&self.columns, slots, out),
            Kind::None => Ok(Encoded::Null),
        }
    }
}
