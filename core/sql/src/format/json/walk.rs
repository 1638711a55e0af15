//! Walking of JSON without types: for functions on JSON texts, and for looking at unknown
//! records.

use super::FormatError;
use super::read::compact;
use super::scan::Scanner;
use crate::arena::Arena;
use crate::value::Value;

/// An item of an object or an array; its value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonItem<'a> {
    /// A field of an object.
    Field(&'a str),
    /// An element of an array.
    Element,
}

impl<'a> Scanner<'a> {
    /// The first byte of the next value; `None` at the text's end.
    pub fn next_byte(&mut self) -> Option<u8> {
        self.peek()
    }

    /// Whether the text ends here.
    pub fn at_end(&mut self) -> bool {
        self.peek().is_none()
    }

    /// Calls `visit` for each item of the next value, which must step over the item's value.
    /// False, with the value stepped over, if it is no object or array.
    pub fn items(
        &mut self,
        arena: &'a Arena,
        visit: &mut dyn FnMut(JsonItem<'a>, &mut Scanner<'a>) -> Result<(), FormatError>,
    ) -> Result<bool, FormatError> {
        let (opening, closing) = match self.peek() {
            Some(b'{') => (b'{', b'}'),
            Some(b'[') => (b'[', b']'),
            _ => return self.skip_value().map(|()| false),
        };
        self.enter(opening)?;
        let mut first = true;
        while self.next_item(first, closing)? {
            first = false;
            let item = match opening {
                b'{' => JsonItem::Field(self.name(arena)?),
                _ => JsonItem::Element,
            };
            visit(item, self)?;
        }
        Ok(true)
    }

    /// The next value as text: a text without quotes, null as null, anything else as JSON.
    pub fn value_text(&mut self, arena: &'a Arena) -> Result<Value<'a>, FormatError> {
        match self.peek() {
            Some(b'"') => self.string(arena).map(Value::String),
            Some(b'n') if self.word("null") => Ok(Value::Null),
            _ => self.json_text(arena),
        }
    }

    /// The next value as JSON without white space.
    pub fn json_text(&mut self, arena: &'a Arena) -> Result<Value<'a>, FormatError> {
        let mut text = Vec::new();
        compact(self, arena, &mut text)?;
        Ok(Value::String(arena.string(&String::from_utf8_lossy(&text))))
    }
}
