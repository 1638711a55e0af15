//! Rows side by side: what the joins of streams and of tables make of two rows and their key.

use crate::arena::Arena;
use crate::expression::Expression;
use crate::format::Codec;
use crate::runtime::{Context, Failure, ProcessingErrorKind};
use crate::value::{OwnedValue, Value};

/// One half of a joined row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Half<'a> {
    /// A row on its way.
    Slots(&'a [Value<'a>]),
    /// A row out of a store.
    Stored(&'a [OwnedValue]),
    /// No row: nulls.
    Nothing,
}

impl<'a> Half<'a> {
    fn fill(self, slots: &mut [Value<'a>], arena: &'a Arena) {
        match self {
            Half::Slots(row) => {
                let count = row.len().min(slots.len());
                slots[..count].copy_from_slice(&row[..count]);
            }
            Half::Stored(row) => {
                for (slot, value) in slots.iter_mut().zip(row) {
                    *slot = value.borrow(arena);
                }
            }
            Half::Nothing => {}
        }
    }
}

/// A joined row: the left half, the right half, the key. `slots` is how many each half has.
pub(super) fn joined<'a>(
    arena: &'a Arena,
    (left, right): (Half<'a>, Half<'a>),
    slots: (usize, usize),
    key: Value<'a>,
) -> &'a [Value<'a>] {
    let row: &'a mut [Value<'a>] = arena.slots(slots.0 + slots.1 + 1);
    left.fill(&mut row[..slots.0], arena);
    right.fill(&mut row[slots.0..slots.0 + slots.1], arena);
    row[slots.0 + slots.1] = key;
    row
}

/// The values of a key at a row; `None` if one of them is null.
pub(super) fn key_values<'r, 'b>(
    cx: &mut Context<'r>,
    key: &'b [Expression],
    row: &[Value<'b>],
) -> Option<&'b [Value<'b>]>
where
    'r: 'b,
{
    let slots: &'b mut [Value<'b>] = cx.eval.arena.slots(key.len());
    for (slot, expression) in slots.iter_mut().zip(key) {
        *slot = cx.value_or_null(expression, row);
    }
    let slots: &'b [Value<'b>] = slots;
    (!slots.iter().any(Value::is_null)).then_some(slots)
}

/// Writes slots as the only content of the key buffer, or stops the query.
pub(super) fn write_key(
    cx: &mut Context<'_>,
    codec: &Codec,
    slots: &[Value<'_>],
) -> Result<(), Failure> {
    cx.buffers.key.clear();
    let written = codec.encode(slots, &mut cx.buffers.key).map(drop);
    written.map_err(|error| unwritable(cx, &error))
}

/// Appends slots to the value buffer, or stops the query.
pub(super) fn write_value(
    cx: &mut Context<'_>,
    codec: &Codec,
    slots: &[Value<'_>],
) -> Result<(), Failure> {
    let written = codec.encode(slots, &mut cx.buffers.value).map(drop);
    written.map_err(|error| unwritable(cx, &error))
}

fn unwritable(cx: &mut Context<'_>, error: &crate::format::FormatError) -> Failure {
    let message = error.to_string();
    cx.error(ProcessingErrorKind::Serialization, message.clone());
    Failure { message }
}

/// The chosen slots of a row, in the order they are said.
pub(super) fn chosen<'a>(arena: &'a Arena, row: &[Value<'a>], slots: &[usize]) -> &'a [Value<'a>] {
    let chosen: &'a mut [Value<'a>] = arena.slots(slots.len());
    for (to, from) in chosen.iter_mut().zip(slots) {
        *to = row.get(*from).copied().unwrap_or_default();
    }
    chosen
}
