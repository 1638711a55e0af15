//! The per-record arena: memory for the text, lists and decimals that one record's work makes,
//! given back all at once.
//!
//! It knows nothing of records. What lives longer than a record is an
//! [`OwnedValue`](crate::value::OwnedValue).

use crate::decimal::Decimal;
use crate::value::Value;
use bumpalo::Bump;

/// Memory that is given back all at once.
///
/// ```
/// use headwater_sql::{arena::Arena, value::Value};
/// let mut arena = Arena::new();
/// let text = arena.string("down");
/// assert_eq!(text, "down");
/// arena.reset();
/// ```
#[derive(Debug, Default)]
pub struct Arena(Bump);

impl Arena {
    /// An empty arena; it takes memory with its first use.
    pub fn new() -> Arena {
        Arena::default()
    }

    /// Forgets everything and keeps the memory for the next record.
    pub fn reset(&mut self) {
        self.0.reset();
    }

    /// A copy of `text`.
    pub fn string(&self, text: &str) -> &str {
        self.0.alloc_str(text)
    }

    /// A copy of `bytes`.
    pub fn bytes(&self, bytes: &[u8]) -> &[u8] {
        self.0.alloc_slice_copy(bytes)
    }

    /// A place for a decimal.
    pub fn decimal(&self, decimal: Decimal) -> &Decimal {
        self.0.alloc(decimal)
    }

    /// A copy of `values`.
    pub fn values<'a>(&'a self, values: &[Value<'a>]) -> &'a [Value<'a>] {
        self.0.alloc_slice_copy(values)
    }

    /// `count` slots that are all null, to be filled.
    pub fn slots<'a>(&'a self, count: usize) -> &'a mut [Value<'a>] {
        self.0.alloc_slice_fill_copy(count, Value::Null)
    }

    /// `count` slots, each of them what `make` gives for its place.
    pub fn slots_with<'a>(
        &'a self,
        count: usize,
        make: impl FnMut(usize) -> Value<'a>,
    ) -> &'a mut [Value<'a>] {
        self.0.alloc_slice_fill_with(count, make)
    }

    /// A copy of `entries`.
    pub fn entries<'a>(
        &'a self,
        entries: &[(Value<'a>, Value<'a>)],
    ) -> &'a [(Value<'a>, Value<'a>)] {
        self.0.alloc_slice_copy(entries)
    }

    /// A growing list whose memory is the arena's.
    pub fn list<T>(&self) -> bumpalo::collections::Vec<'_, T> {
        bumpalo::collections::Vec::new_in(&self.0)
    }

    /// A growing text with room for `bytes`, whose memory is the arena's.
    pub fn text_of(&self, bytes: usize) -> bumpalo::collections::String<'_> {
        bumpalo::collections::String::with_capacity_in(bytes, &self.0)
    }

    /// A growing text whose memory is the arena's.
    pub fn text(&self) -> bumpalo::collections::String<'_> {
        bumpalo::collections::String::new_in(&self.0)
    }
}
