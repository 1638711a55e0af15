//! Places in a text: byte ranges, and the lines and columns that people read.

use serde::{Deserialize, Serialize};

/// A range of bytes in a text, `start` included, `end` excluded.
///
/// ```
/// use headwater_base::Span;
/// let text = "SELECT 1;";
/// assert_eq!(Span::new(0, 6).of(text), "SELECT");
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` to `end`.
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }

    /// The smallest range that holds both.
    pub fn to(self, other: Span) -> Span {
        Span::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The same range in a text that begins `bytes` later.
    pub fn shifted(self, bytes: u32) -> Span {
        Span::new(self.start + bytes, self.end + bytes)
    }

    /// The text at this range; empty where the range does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize)
            .unwrap_or("")
    }
}

/// A place as people say it: both numbers count from 1, columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Turns byte offsets of one text into lines and columns.
///
/// ```
/// use headwater_base::{LineIndex, LineColumn};
/// let index = LineIndex::new("ab\ncd");
/// assert_eq!(index.place("ab\ncd", 4), LineColumn { line: 2, column: 2 });
/// ```
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Finds the line starts of `text`.
    pub fn new(text: &str) -> LineIndex {
        let after_breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(after_breaks.map(|(at, _)| at as u32 + 1))
            .collect();
        LineIndex { starts }
    }

    /// The place of byte `offset` in `text`, which must be the text the index was made of.
    pub fn place(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        let end = (offset as usize).min(text.len());
        let before = text.as_bytes().get(start..end).unwrap_or(&[]);
        // A continuation byte of UTF-8 does not begin a character.
        let characters = before.iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        LineColumn {
            line: line as u32,
            column: characters as u32 + 1,
        }
    }
}
