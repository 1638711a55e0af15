//! Java's regular expressions: what `java.util.regex` finds is found here, in the same order.
//!
//! A pattern is read to a tree (`parse`, `escape`, `class`), which becomes instructions
//! (`compile`) for a machine that goes back where it fails (`run`), as Java's does. Classes are
//! ASCII unless a flag says otherwise; what Unicode says is in `unicode`. Not read: blocks
//! (`\p{InGreek}`), characters by name (`\N{…}`), clusters (`\X`, `\b{g}`).

mod class;
mod compile;
mod escape;
mod parse;
mod place;
mod ranges;
mod repeat;
mod run;
mod tree;
mod unicode;

use compile::Program;
use run::{Machine, UNSET};
use std::fmt;

/// A pattern that was read.
///
/// ```
/// use headwater_sql::regex::Regex;
/// let date = Regex::new(r"(\d+)-(?<month>\d+)").unwrap();
/// let found = date.find("on 2024-05", 0).unwrap().unwrap();
/// assert_eq!(found.group(date.group_named("month").unwrap()), Some("05"));
/// assert!(Regex::new("(").is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Regex {
    program: Program,
    groups: usize,
    names: Vec<(String, u32)>,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError(pub String);

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PatternError {}

/// A search that took too many steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooHard;

impl fmt::Display for TooHard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there are too many ways to match")
    }
}

impl std::error::Error for TooHard {}

/// A match in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<'t> {
    text: &'t str,
    slots: Vec<usize>,
}

impl<'t> Found<'t> {
    /// Where it begins, in bytes.
    pub fn start(&self) -> usize {
        self.slots[0]
    }

    /// Where it ends, in bytes.
    pub fn end(&self) -> usize {
        self.slots[1]
    }

    /// What a group has matched; group 0 is the whole match.
    pub fn group(&self, group: usize) -> Option<&'t str> {
        let from = *self.slots.get(group.checked_mul(2)?)?;
        let to = *self.slots.get(group * 2 + 1)?;
        (from != UNSET && to != UNSET).then(|| self.text.get(from..to))?
    }
}

impl Regex {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong, in Java's words where they are short.
    pub fn new(pattern: &str) -> Result<Regex, PatternError> {
        let mut parser = parse::Parser::new(pattern)?;
        let tree = parser.parse()?;
        Ok(Regex {
            program: Program::new(&tree, parser.groups),
            groups: parser.groups as usize,
            names: parser.names,
        })
    }

    /// How many groups it has, the whole match not counted.
    pub fn group_count(&self) -> usize {
        self.groups
    }

    /// The number of a group with a name.
    pub fn group_named(&self, name: &str) -> Option<usize> {
        let named = self.names.iter().find(|(known, _)| known == name);
        named.map(|(_, group)| *group as usize)
    }

    /// The first match that begins at byte `from` or later.
    ///
    /// # Errors
    /// Where there are too many ways to match.
    pub fn find<'t>(&self, text: &'t str, from: usize) -> Result<Option<Found<'t>>, TooHard> {
        let mut machine = Machine::new(&self.program, text, from);
        let found = machine.search(from)?;
        let mut slots = machine.slots;
        slots.truncate(2 * (self.groups + 1));
        Ok(found.then_some(Found { text, slots }))
    }

    /// All matches, one behind the other; behind an empty one the search goes on a character
    /// later.
    ///
    /// ```
    /// use headwater_sql::regex::Regex;
    /// let regex = Regex::new("a*").unwrap();
    /// let found: Vec<_> = regex.find_all("baac").map(|it| it.unwrap().start()).collect();
    /// assert_eq!(found, [0, 1, 3, 4]);
    /// ```
    pub fn find_all<'t>(
        &self,
        text: &'t str,
    ) -> impl Iterator<Item = Result<Found<'t>, TooHard>> + use<'t, '_> {
        let mut from = Some(0);
        std::iter::from_fn(move || {
            let found = match self.find(text, from?) {
                Ok(found) => found,
                Err(error) => {
                    from = None;
                    return Some(Err(error));
                }
            };
            let end = found.as_ref().map(|found| (found.start(), found.end()));
            from = end.and_then(|(start, end)| match start == end {
                true => Some(end + text[end..].chars().next()?.len_utf8()),
                false => Some(end),
            });
            found.map(Ok)
        })
    }
}

#[cfg(test)]
mod tests;
