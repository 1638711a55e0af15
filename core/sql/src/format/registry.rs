//! The formats that a schema registry knows (AVRO, JSON_SR, PROTOBUF), as row codecs.
//!
//! Each keeps its rules of names, wrapping and defaults, so that statements written for it run;
//! the bytes are JSON texts in place of the real encoding, which the inspector says. PROTOBUF has
//! no null for a scalar: what is absent is read as the default of its type.

use super::{ColumnSet, Decoded, Encoded, FormatError, json};
use crate::arena::Arena;
use crate::types::{Column, SqlType};
use crate::value::Value;

/// How a null comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nulls {
    /// As a null: AVRO and JSON_SR.
    Kept,
    /// As the default of its type: PROTOBUF.
    Defaults,
    /// As a null, but for collections: PROTOBUF with a nullable representation.
    EmptyCollections,
}

/// What is known of the columns before any record comes.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) json: json::Layout,
    pub(super) nulls: Nulls,
}

impl Layout {
    pub(super) fn decode<'a>(
        &self,
        columns: &[Column],
        bytes: &'a [u8],
        arena: &'a Arena,
        wanted: &ColumnSet,
        slots: &mut [Value<'a>],
    ) -> Result<Decoded, FormatError> {
        let decoded = self.json.decode(columns, bytes, arena, wanted, slots)?;
        if decoded == Decoded::Row && self.nulls != Nulls::Kept {
            for (at, (column, slot)) in columns.iter().zip(slots).enumerate() {
                if wanted.contains(at) {
                    *slot = self.filled(*slot, &column.ty, arena);
                }
            }
        }
        Ok(decoded)
    }

    pub(super) fn encode(
        &self,
        columns: &[Column],
        slots: &[Value<'_>],
        out: &mut Vec<u8>,
    ) -> Result<Encoded, FormatError> {
        self.json.encode(columns, slots, out)
    }

    pub(super) fn read_back<'a>(
        &self,
        columns: &[Column],
        slots: &[Value<'a>],
        arena: &'a Arena,
    ) -> Option<&'a [Value<'a>]> {
        if self.nulls == Nulls::Kept {
            return None;
        }
        let filled = arena.slots(slots.len());
        for (slot, (value, column)) in filled.iter_mut().zip(slots.iter().zip(columns)) {
            *slot = self.filled(*value, &column.ty, arena);
        }
        Some(filled)
    }

    /// The value with defaults where PROTOBUF has no null.
    fn filled<'a>(&self, value: Value<'a>, ty: &SqlType, arena: &'a Arena) -> Value<'a> {
        match (value, ty) {
            (Value::Null, ty) => self.default_of(ty),
            (Value::Struct(fields), SqlType::Struct(columns)) => {
                let slots = arena.slots(columns.len());
                for (slot, (field, column)) in slots.iter_mut().zip(fields.iter().zip(columns)) {
                    *slot = self.filled(*field, &column.ty, arena);
                }
                Value::Struct(slots)
            }
            (Value::Array(items), SqlType::Array(element)) => {
                let slots = arena.slots(items.len());
                for (slot, item) in slots.iter_mut().zip(items) {
                    *slot = self.filled(*item, element, arena);
                }
                Value::Array(slots)
            }
            (Value::Map(entries), SqlType::Map(_, inner)) => {
                let mut filled = arena.list();
                let entries = entries.iter();
                filled
                    .extend(entries.map(|(key, value)| (*key, self.filled(*value, inner, arena))));
                Value::Map(filled.into_bump_slice())
            }
            (value, _) => value,
        }
    }

    /// Decimals, dates, times and structs are messages of their own, which may be absent.
    fn default_of<'a>(&self, ty: &SqlType) -> Value<'a> {
        match (ty, self.nulls) {
            (SqlType::Array(_), _) => Value::Array(&[]),
            (SqlType::Map(..), _) => Value::Map(&[]),
            (_, Nulls::Kept | Nulls::EmptyCollections) => Value::Null,
            (SqlType::Boolean, _) => Value::Boolean(false),
            (SqlType::Int, _) => Value::Int(0),
            (SqlType::BigInt, _) => Value::BigInt(0),
            (SqlType::Double, _) => Value::Double(0.0),
            (SqlType::String, _) => Value::String(""),
            (SqlType::Bytes, _) => Value::Bytes(&[]),
            _ => Value::Null,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::arena::Arena;
    use crate::format::{Codec, ColumnSet, Format, FormatSpec, Nullable, Part};
    use crate::types::{Column, SqlType};
    use crate::value::Value;

    fn decoded(spec: &FormatSpec, text: &[u8]) -> String {
        let inner = Column::new("C", SqlType::Int);
        let columns = [
            Column::new("A", SqlType::String),
            Column::new("B", SqlType::Struct(vec![inner])),
            Column::new("L", SqlType::array(SqlType::Int)),
        ];
        let codec = Codec::new(spec, Part::Value, &columns);
        let arena = Arena::new();
        let mut slots = [Value::Null; 3];
        let found = codec.decode(Some(text), &arena, &ColumnSet::all(3), &mut slots);
        found.map_or_else(|error| error.to_string(), |_| format!("{slots:?}"))
    }

    #[test]
    fn nulls_come_back_as_each_format_has_them() {
        let avro = FormatSpec::new(Format::Avro);
        assert_eq!(decoded(&avro, b"{}"), "[Null, Null, Null]");
        let proto = FormatSpec::new(Format::Protobuf);
        assert_eq!(decoded(&proto, b"{}"), "[String(\"\"), Null, Array([])]");
        let nested = "[String(\"\"), Struct([Int(0)]), Array([])]";
        assert_eq!(decoded(&proto, b"{\"b\":{}}"), nested);
        let nullable = Some(Nullable::Optional);
        let optional = FormatSpec { nullable, ..proto };
        assert_eq!(decoded(&optional, b"{}"), "[Null, Null, Array([])]");
    }
}
