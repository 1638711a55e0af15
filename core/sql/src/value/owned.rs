//! The owned form of a value: what constants, stores and results keep.
//!
//! Cloning one is cheap: what is big in it is shared. Its order is total, so it can be a key of an
//! ordered map, and its hash reads no platform-sized number.

use super::{Value, order};
use crate::arena::Arena;
use crate::decimal::Decimal;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A value that borrows from nothing.
///
/// ```
/// use headwater_sql::value::OwnedValue;
/// let a = OwnedValue::from("sky");
/// assert_eq!(a.clone(), a);
/// assert!(OwnedValue::Int(1) < OwnedValue::Int(2));
/// ```
#[derive(Clone, Debug, Default)]
pub enum OwnedValue {
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
    /// DECIMAL.
    Decimal(Arc<Decimal>),
    /// STRING.
    String(Arc<str>),
    /// BYTES.
    Bytes(Arc<[u8]>),
    /// TIME: milliseconds of the day.
    Time(i32),
    /// DATE: days since 1970-01-01.
    Date(i32),
    /// TIMESTAMP: milliseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
    /// ARRAY.
    Array(Arc<Vec<OwnedValue>>),
    /// MAP.
    Map(Arc<Vec<(OwnedValue, OwnedValue)>>),
    /// STRUCT, its fields in the type's order.
    Struct(Arc<Vec<OwnedValue>>),
}

impl OwnedValue {
    /// An array of `items`.
    pub fn array(items: Vec<OwnedValue>) -> OwnedValue {
        OwnedValue::Array(Arc::new(items))
    }

    /// A struct of `fields`.
    pub fn structure(fields: Vec<OwnedValue>) -> OwnedValue {
        OwnedValue::Struct(Arc::new(fields))
    }

    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, OwnedValue::Null)
    }

    /// The slot form; only what is nested takes memory from `arena`.
    pub fn borrow<'a>(&'a self, arena: &'a Arena) -> Value<'a> {
        match self {
            OwnedValue::Array(items) => Value::Array(borrowed(items, arena)),
            OwnedValue::Struct(fields) => Value::Struct(borrowed(fields, arena)),
            OwnedValue::Map(entries) => {
                let mut slots = arena.list();
                let pairs = entries.iter();
                slots.extend(pairs.map(|(k, v)| (k.borrow(arena), v.borrow(arena))));
                Value::Map(slots.into_bump_slice())
            }
            scalar => scalar.borrow_scalar(),
        }
    }

    /// The slot form of a scalar; null for what is nested.
    pub fn borrow_scalar(&self) -> Value<'_> {
        match self {
            OwnedValue::Null => Value::Null,
            OwnedValue::Boolean(x) => Value::Boolean(*x),
            OwnedValue::Int(x) => Value::Int(*x),
            OwnedValue::BigInt(x) => Value::BigInt(*x),
            OwnedValue::Double(x) => Value::Double(*x),
            OwnedValue::Decimal(x) => Value::Decimal(x),
            OwnedValue::String(x) => Value::String(x),
            OwnedValue::Bytes(x) => Value::Bytes(x),
            OwnedValue::Time(x) => Value::Time(*x),
            OwnedValue::Date(x) => Value::Date(*x),
            OwnedValue::Timestamp(x) => Value::Timestamp(*x),
            OwnedValue::Array(_) | OwnedValue::Map(_) | OwnedValue::Struct(_) => Value::Null,
        }
    }
}

fn borrowed<'a>(items: &'a [OwnedValue], arena: &'a Arena) -> &'a [Value<'a>] {
    let slots = arena.slots(items.len());
    for (slot, item) in slots.iter_mut().zip(items) {
        *slot = item.borrow(arena);
    }
    slots
}

impl From<Value<'_>> for OwnedValue {
    fn from(value: Value<'_>) -> OwnedValue {
        match value {
            Value::Null => OwnedValue::Null,
            Value::Boolean(x) => OwnedValue::Boolean(x),
            Value::Int(x) => OwnedValue::Int(x),
            Value::BigInt(x) => OwnedValue::BigInt(x),
            Value::Double(x) => OwnedValue::Double(x),
            Value::Decimal(x) => OwnedValue::Decimal(Arc::new(*x)),
            Value::String(x) => OwnedValue::String(x.into()),
            Value::Bytes(x) => OwnedValue::Bytes(x.into()),
            Value::Time(x) => OwnedValue::Time(x),
            Value::Date(x) => OwnedValue::Date(x),
            Value::Timestamp(x) => OwnedValue::Timestamp(x),
            Value::Array(items) => OwnedValue::array(owned(items)),
            Value::Struct(fields) => OwnedValue::structure(owned(fields)),
            Value::Map(entries) => OwnedValue::Map(Arc::new(
                entries
                    .iter()
                    .map(|(k, v)| (k.to_owned(), v.to_owned()))
                    .collect(),
            )),
        }
    }
}

fn owned(values: &[Value<'_>]) -> Vec<OwnedValue> {
    values.iter().map(Value::to_owned).collect()
}

impl From<&str> for OwnedValue {
    fn from(text: &str) -> OwnedValue {
        OwnedValue::String(text.into())
    }
}

impl From<Decimal> for OwnedValue {
    fn from(decimal: Decimal) -> OwnedValue {
        OwnedValue::Decimal(Arc::new(decimal))
    }
}

impl Ord for OwnedValue {
    fn cmp(&self, other: &Self) -> Ordering {
        order::total(self, other)
    }
}

impl PartialOrd for OwnedValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for OwnedValue {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for OwnedValue {}

impl Hash for OwnedValue {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u8(order::rank(self));
        match self {
            OwnedValue::Null => {}
            OwnedValue::Boolean(x) => state.write_u8(u8::from(*x)),
            OwnedValue::Int(x) | OwnedValue::Time(x) | OwnedValue::Date(x) => state.write_i32(*x),
            OwnedValue::BigInt(x) | OwnedValue::Timestamp(x) => state.write_i64(*x),
            OwnedValue::Double(x) => state.write_u64(order::canonical_bits(*x)),
            OwnedValue::Decimal(x) => x.hash(state),
            OwnedValue::String(x) => hash_bytes(x.as_bytes(), state),
            OwnedValue::Bytes(x) => hash_bytes(x, state),
            OwnedValue::Array(items) | OwnedValue::Struct(items) => {
                state.write_u64(items.len() as u64);
                items.iter().for_each(|item| item.hash(state));
            }
            // Equal maps may hold their entries in different orders, so only their number counts.
            OwnedValue::Map(entries) => state.write_u64(entries.len() as u64),
        }
    }
}

fn hash_bytes<H: Hasher>(bytes: &[u8], state: &mut H) {
    state.write_u64(bytes.len() as u64);
    state.write(bytes);
}
