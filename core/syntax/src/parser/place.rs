//! Lines and columns of failures, counted on from failure to failure: looking each one up from
//! the start of its line would take quadratic time in a script of one long line.

use headwater_base::Span;

/// Longest piece of a line that a message shows, in bytes.
const SHOWN_BYTES_MAX: usize = 1_000;

/// A place in a text; lines and columns count from 1, columns count characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) column: u32,
    offset: u32,
    line_start: u32,
}

impl Default for Place {
    fn default() -> Place {
        Place {
            line: 1,
            column: 1,
            offset: 0,
            line_start: 0,
        }
    }
}

impl Place {
    /// The place of `offset`, counted from this one if that is before it.
    pub(super) fn advanced(self, text: &str, offset: u32) -> Place {
        if offset < self.offset {
            return Place::default().advanced(text, offset);
        }
        let mut place = self;
        for character in Span::new(self.offset, offset).of(text).chars() {
            place.offset += character.len_utf8() as u32;
            place.column += 1;
            if character == '\n' {
                place.line += 1;
                place.column = 1;
                place.line_start = place.offset;
            }
        }
        place
    }

    /// The line of this place, or the beginning of it where it is very long.
    pub(super) fn line_of(self, text: &str) -> String {
        let rest = &text[self.line_start as usize..];
        let mut end = rest.len().min(SHOWN_BYTES_MAX);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let shown = rest[..end].split('\n').next().unwrap_or("");
        let cut = shown.len() == end && end < rest.len() && rest.as_bytes()[end] != b'\n';
        let dots = if cut { "..." } else { "" };
        format!("{}{dots}", shown.trim_end_matches('\r'))
    }
}
