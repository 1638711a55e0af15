//! The JSON format: lenient in reading, as ksqlDB is, and exact in writing.
//!
//! Fields are found by exact name, else by upper-cased name; any value that its column cannot
//! take makes the whole record bad. Tokens are in `scan`, values of types in `read`.

mod read;
mod scan;
mod walk;
mod words;
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
    names: Vec<FieldName>,
}

/// How a column's name stands in a text.
#[derive(Clone, Debug)]
struct FieldName {
    /// As it is written: behind the bracket or a comma, in quotes, with a colon.
    written: Vec<u8>,
    /// The same in small letters, where such a field can only mean this column.
    small: Option<Vec<u8>>,
    /// As it is written, with something behind it, where it is short.
    short: Option<[u8; NAME_SHORT]>,
}

/// How long a name, with what stands around it, is at most to be a short one.
const NAME_SHORT: usize = 32;

impl FieldName {
    fn new(columns: &[Column], at: usize) -> FieldName {
        let quoted = |name: &str| {
            let mut quoted = vec![if at == 0 { b'{' } else { b',' }];
            write::write_string(name, &mut quoted);
            quoted.push(b':');
            quoted
        };
        let name = columns[at].name.as_str();
        let small = name.to_ascii_lowercase();
        let is_plain =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let is_own = columns.iter().all(|column| column.name != small);
        let written = quoted(name);
        let mut short = [0; NAME_SHORT];
        let is_short = written.len() <= NAME_SHORT;
        short
            .iter_mut()
            .zip(&written)
            .for_each(|(to, from)| *to = *from);
        FieldName {
            short: is_short.then_some(short),
            written,
            small: (name.bytes().all(is_plain) && is_own).then(|| quoted(&small)),
        }
    }
}

impl Layout {
    pub(super) fn new(columns: &[Column], unwrapped: bool) -> Layout {
        let names = (0..columns.len()).map(|at| FieldName::new(columns, at));
        Layout {
            unwrapped,
            names: names.collect(),
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
            read::read_fields(
                &mut scanner,
                columns,
                &self.names,
                arena,
                Some(wanted),
                slots,
            )
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
        if columns.is_empty() {
            out.push(b'{');
        }
        for (at, (column, name)) in columns.iter().zip(&self.names).enumerate() {
            match &name.short {
                Some(short) => write::push_short(short, name.written.len(), out),
                None => out.extend_from_slice(&name.written),
            }
            write(slots.get(at).copied().unwrap_or_default(), &column.ty, out);
        }
        out.push(b'}');
        Ok(Encoded::Bytes)
    }
}

#[cfg(test)]
mod tests;
