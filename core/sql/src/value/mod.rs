//! Values: the typed slots that rows are made of, and their owned form.
//!
//! A [`Value`] borrows from the record's bytes or from the record's [`Arena`] and is copied
//! freely; an [`OwnedValue`] is what constants, stores and results keep. How values compare is in
//! `order`, how they are spelled as text in `text`.

mod hash_order;
mod order;
mod owned;
mod text;

pub use hash_order::in_hash_order;
pub use order::{bytes_order, numeric_order, same, text_order};
pub use owned::OwnedValue;
pub use text::{java_double, write_java_double, write_text};

use crate::arena::Arena;
use crate::decimal::Decimal;

/// One slot of a row.
#[derive(Clone, Copy, Debug, Default)]
pub enum Value<'a> {
    /// No value.
    #[default]
    Null,
    /// BOOLEAN.
    Boolean(bool),
    /// INTEGER.
    Int(i32),
    /// BIGINT.
    BigInt(i64),
    /// DOUBLE.
    Double(f64),
    /// DECIMAL; the scale in the value is the type's.
    Decimal(&'a Decimal),
    /// STRING.
    String(&'a str),
    /// BYTES.
    Bytes(&'a [u8]),
    /// TIME: milliseconds of the day.
    Time(i32),
    /// DATE: days since 1970-01-01.
    Date(i32),
    /// TIMESTAMP: milliseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// ARRAY.
    Array(&'a [Value<'a>]),
    /// MAP, in the order in which the keys came; each key once.
    Map(&'a [(Value<'a>, Value<'a>)]),
    /// STRUCT, its fields in the type's order.
    Struct(&'a [Value<'a>]),
}

/// A row: slots, by the column's index in its schema.
pub type Row<'a> = [Value<'a>];

impl<'a> Value<'a> {
    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The form that lives on its own.
    pub fn to_owned(&self) -> OwnedValue {
        OwnedValue::from(*self)
    }

    /// The same value with nothing of it outside `arena`.
    pub fn copied_to<'b>(&self, arena: &'b Arena) -> Value<'b> {
        match *self {
            Value::Null => Value::Null,
            Value::Boolean(x) => Value::Boolean(x),
            Value::Int(x) => Value::Int(x),
            Value::BigInt(x) => Value::BigInt(x),
            Value::Double(x) => Value::Double(x),
            Value::Decimal(x) => Value::Decimal(arena.decimal(*x)),
            Value::String(x) => Value::String(arena.string(x)),
            Value::Bytes(x) => Value::Bytes(arena.bytes(x)),
            Value::Time(x) => Value::Time(x),
            Value::Date(x) => Value::Date(x),
            Value::Timestamp(x) => Value::Timestamp(x),
            Value::Array(items) => Value::Array(copied_slots(items, arena)),
            Value::Struct(fields) => Value::Struct(copied_slots(fields, arena)),
            Value::Map(entries) => {
                let mut copy = arena.list();
                copy.extend(
                    entries
                        .iter()
                        .map(|(k, v)| (k.copied_to(arena), v.copied_to(arena))),
                );
                Value::Map(copy.into_bump_slice())
            }
        }
    }
}

fn copied_slots<'b>(from: &[Value<'_>], arena: &'b Arena) -> &'b [Value<'b>] {
    let slots = arena.slots(from.len());
    for (slot, value) in slots.iter_mut().zip(from) {
        *slot = value.copied_to(arena);
    }
    slots
}

/// Values are equal as Java's `equals` has it: NaN equals itself, 0.0 is not -0.0, a decimal's
/// scale counts, and a map's order does not.
impl PartialEq for Value<'_> {
    fn eq(&self, other: &Self) -> bool {
        same(*self, *other)
    }
}
