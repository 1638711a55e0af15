//! The JSON format: lenient in reading, as ksqlDB is, and exact in writing.
//!
//! Fields are found by exact name, else by upper-cased name; any value that its column cannot
//! take makes the whole record bad. Tokens are in `scan`, values of types in `read`.

mod read;
mod scan;
mod walk;
mod write;

pub use read::read;
pub use scan::Scanner;
pub use walk::JsonItem;
pub use write::{write, write_string};

use super::{ColumnSet, Decoded, Encoded, FormatError};
use crate::arena::Arena;
use crate::types::Column;
use crate::value::Value;
/// What is known of the columns before any record comes.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    unwrapped: bool,
    /// Each column's name as it is written, with quotes and colon.
    names: Vec<Vec<u8>>,
}

impl Layout {
    pub(super) fn new(columns: &[Column], unwrapped: bool) -> Layout {
        let name = |column: &Column| {
            let mut name = Vec::new();
            write::write_string(&column.name, &mut name);
            name.push(b':');
            name
        };
        Layout {
            unwrapped,
            names: columns.iter().map(name).collect(),
        }
    }

    pub(super) fn decode<'a>(
        &self,
        columns: &[Column],
        bytes: &'a [u8],
        arena: &'a Arena,
        wanted: &ColumnSet,
        slots: &mut [Value<'a>],
    ) -> Result<Decoded, FormatError> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(FormatError::new("The record is not UTF-8"));
        };
        let mut scanner = Scanner::new(text);
        let first = scanner.peek();
        if first.is_none() {
            return Ok(Decoded::Null);
        }
        if first == Some(b'n') {
            scanner.skip_value()?;
            return Ok(Decoded::Null);
        }
        let found = if let ([column], [slot], true) = (columns, &mut *slots, self.unwrapped) {
            read(&mut scanner, &column.ty, arena).map(|value| *slot = value)
        } else {
            read::read_fields(&mut scanner, columns, arena, Some(wanted), slots)
        };
        found.map_err(|found| FormatError {
            path: format!("${}", found.path),
            ..found
        })?;
        Ok(Decoded::Row)
    }

    pub(super) fn encode(
        &self,
        columns: &[Column],
        slots: &[Value<'_>],
        out: &mut Vec<u8>,
    ) -> Result<Encoded, FormatError> {
        if let ([column], [slot], true) = (columns, slots, self.unwrapped) {
            if slot.is_null() {
                return Ok(Encoded::Null);
            }
            write(*slot, &column.ty, out);
            return Ok(Encoded::Bytes);
        }
        out.push(b'{');
        for (at, (column, name)) in columns.iter().zip(&self.names).enumerate() {
            if at > 0 {
                out.push(b',');
            }
            out.extend_from_slice(name);
            write(slots.get(at).copied().unwrap_or_default(), &column.ty, out);
        }
        out.push(b'}');
        Ok(Encoded::Bytes)
    }
}

#[cfg(test)]
mod tests;
