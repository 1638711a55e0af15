//! Places in a text in the editor's terms: it counts UTF-16 units where `headwater_syntax` and the
//! engine count bytes. Knows no document.

use headwater_base::{Diagnostic, Severity};

/// Translates byte offsets of one text into UTF-16 offsets and back.
///
/// ```
/// use headwater_web::platform::code::Units;
/// let units = Units::new("é x");
/// assert_eq!(units.of_byte(2), 1);
/// assert_eq!(units.to_byte(1), 2);
/// ```
#[derive(Debug)]
pub struct Units<'a> {
    text: &'a str,
    ascii: bool,
}

impl<'a> Units<'a> {
    /// Prepares for `text`.
    pub fn new(text: &'a str) -> Units<'a> {
        let ascii = text.is_ascii();
        Units { text, ascii }
    }

    /// The UTF-16 offset of byte `at`.
    pub fn of_byte(&self, at: u32) -> u32 {
        let at = (at as usize).min(self.text.len());
        if self.ascii {
            return at as u32;
        }
        let before = self
            .text
            .char_indices()
            .take_while(|(place, _)| *place < at);
        before
            .map(|(_, character)| character.len_utf16() as u32)
            .sum()
    }

    /// The byte offset of UTF-16 offset `at`.
    pub fn to_byte(&self, at: u32) -> u32 {
        if self.ascii {
            return at.min(self.text.len() as u32);
        }
        let mut units = 0;
        for (place, character) in self.text.char_indices() {
            if units >= at {
                return place as u32;
            }
            units += character.len_utf16() as u32;
        }
        self.text.len() as u32
    }
}

/// A finding as the editor shows it, in UTF-16 offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Underline {
    /// Where it begins.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// Whether it is an error or a warning.
    pub error: bool,
    /// What is wrong, and what to do.
    pub message: String,
}

/// `diagnostics` about a part of `text` that begins at byte `offset`.
pub fn underlines(text: &str, diagnostics: &[Diagnostic], offset: u32) -> Vec<Underline> {
    let units = Units::new(text);
    let found = diagnostics.iter().filter_map(|diagnostic| {
        let span = diagnostic.span?.shifted(offset);
        let mut message = diagnostic.message.clone();
        for hint in diagnostic
            .hints
            .iter()
            .filter(|hint| !diagnostic.message.contains(*hint))
        {
            message.push('\n');
            message.push_str(hint);
        }
        let (from, to) = (units.of_byte(span.start), units.of_byte(span.end));
        Some(Underline {
            from,
            to: to.max(from),
            error: diagnostic.severity == Severity::Error,
            message,
        })
    });
    found.collect()
}
