//! What a lesson says has to be true: blocks `expect rows`, `expect records`, `expect lag` and
//! `expect error`. Here they are read; the player looks whether
//! they hold.

use super::block::{Block, Given, unknown_option};
use super::table::Table;
use crate::command::amount::parse_duration;
use headwater_base::diagnostic::nearest;
use headwater_base::{Diagnostic, Fault, Millis, Span};

/// Columns that a table of records can have.
pub const RECORD_COLUMNS: [&str; 6] = [
    "PARTITION",
    "OFFSET",
    "TIMESTAMP",
    "KEY",
    "VALUE",
    "HEADERS",
];
/// Columns that a table of positions can have.
pub const LAG_COLUMNS: [&str; 7] = [
    "CONSUMER",
    "TOPIC",
    "PARTITION",
    "POSITION",
    "COMMITTED",
    "END",
    "LAG",
];

const KINDS: [&str; 4] = ["error", "lag", "records", "rows"];

/// Something that has to be true at its place in the lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// The line that opens the block.
    pub fence: Span,
    /// How old the laboratory has to be first; it is let grow so old.
    pub at: Option<Millis>,
    /// What has to be true.
    pub wanted: Wanted,
}

/// What has to be true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A query gives these rows.
    Rows(RowsWanted),
    /// A topic holds these records.
    Records(RecordsWanted),
    /// A reader or a group is at these places.
    Lag(LagWanted),
    /// What ran right before was refused, and this is why.
    Error(ErrorWanted),
}

/// Rows of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowsWanted {
    /// Where the query's text is; the last query that ran where `None`.
    pub query: Option<Span>,
    /// Only so many of the first rows.
    pub first: Option<u64>,
    /// Only so many of the last rows.
    pub last: Option<u64>,
    /// The rows.
    pub table: PlacedTable,
}

/// Records of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordsWanted {
    /// The topic.
    pub topic: String,
    /// Only this partition.
    pub partition: Option<u32>,
    /// Only from this offset on.
    pub from: Option<u64>,
    /// Only up to this offset, itself included.
    pub to: Option<u64>,
    /// Only so many of the newest records of each partition.
    pub last: Option<u64>,
    /// The records.
    pub table: PlacedTable,
}

/// Positions of readers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LagWanted {
    /// Whose.
    pub of: Reader,
    /// The positions.
    pub table: PlacedTable,
}

/// Who reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reader {
    /// One consumer.
    Consumer(String),
    /// All members of a group.
    Group(String),
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorWanted {
    /// Its line, counted in the block that was refused.
    pub line: Option<u32>,
    /// Its column.
    pub column: Option<u32>,
    /// What its message contains.
    pub message: String,
}

/// A table and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlacedTable {
    /// The table.
    pub table: Table,
    /// Where it is in the lesson.
    pub span: Span,
}

/// Reads an `expect` block; all findings, if there are any.
pub(super) fn parse(block: &Block<'_>) -> Result<Expectation, Vec<Diagnostic>> {
    let one = |found| vec![found];
    let given = block.options().map_err(one)?;
    let Some((kind, rest)) = given.split_first().filter(|(kind, _)| kind.key.is_empty()) else {
        let message = "What is expected?";
        let found = Diagnostic::error(Fault::Yours, "missing-part", message).at(block.fence);
        return Err(vec![found.hint(format!("Possible: {}.", KINDS.join(", ")))]);
    };
    let mut options = Options::new(rest, &kind.text);
    let at = options.duration("at");
    let wanted = match kind.text.as_str() {
        "rows" => rows(block, &mut options),
        "records" => records(block, &mut options),
        "lag" => lag(block, &mut options),
        "error" => error(block, &mut options, at),
        _ => {
            let message = format!("{} cannot be expected.", kind.text);
            let mut found =
                Diagnostic::error(Fault::Yours, "unknown-expectation", message).at(kind.span);
            if let Some(near) = nearest(&kind.text, KINDS).first() {
                found = found.hint(format!("Did you mean {near}?"));
            }
            return Err(vec![found.hint(format!("Possible: {}.", KINDS.join(", ")))]);
        }
    };
    let found = options.end();
    match wanted {
        Ok(wanted) if found.is_empty() => Ok(Expectation {
            fence: block.fence,
            at,
            wanted,
        }),
        Ok(_) => Err(found),
        Err(other) => Err(found.into_iter().chain([other]).collect()),
    }
}

fn rows(block: &Block<'_>, options: &mut Options<'_>) -> Result<Wanted, Diagnostic> {
    let (first, last) = (options.number("first"), options.number("last"));
    let body = block.body();
    let mut length = 0;
    for line in body.split_inclusive('\n') {
        if line.trim_start().starts_with('|') {
            break;
        }
        length += line.len();
    }
    let start = block.span.start;
    let query = Span::new(start, start + body[..length].trim_end().len() as u32);
    let has_query = !query.of(block.text).trim().is_empty();
    Ok(Wanted::Rows(RowsWanted {
        query: has_query.then_some(query),
        first,
        last,
        table: table(block, start + length as u32, None)?,
    }))
}

fn records(block: &Block<'_>, options: &mut Options<'_>) -> Result<Wanted, Diagnostic> {
    let wanted = RecordsWanted {
        topic: options.text("topic").unwrap_or_default(),
        partition: options.number("partition"),
        from: options.number("from"),
        to: options.number("to"),
        last: options.number("last"),
        table: table(block, block.span.start, Some(&RECORD_COLUMNS))?,
    };
    if wanted.topic.is_empty() {
        return Err(missing(block, "expect records needs topic=."));
    }
    Ok(Wanted::Records(wanted))
}

fn lag(block: &Block<'_>, options: &mut Options<'_>) -> Result<Wanted, Diagnostic> {
    let of = match (options.text("consumer"), options.text("group")) {
        (Some(name), None) => Reader::Consumer(name),
        (None, Some(name)) => Reader::Group(name),
        _ => {
            return Err(missing(
                block,
                "expect lag needs either consumer= or group=.",
            ));
        }
    };
    Ok(Wanted::Lag(LagWanted {
        of,
        table: table(block, block.span.start, Some(&LAG_COLUMNS))?,
    }))
}

fn error(
    block: &Block<'_>,
    options: &mut Options<'_>,
    at: Option<Millis>,
) -> Result<Wanted, Diagnostic> {
    if at.is_some() {
        let message = "An error is expected where it happens, not at a time.";
        return Err(missing(block, message).hint("Take at= away."));
    }
    let message = block.body().trim().to_owned();
    if message.is_empty() {
        return Err(missing(block, "expect error needs words of the message."));
    }
    Ok(Wanted::Error(ErrorWanted {
        line: options.number("line"),
        column: options.number("column"),
        message,
    }))
}

fn missing(block: &Block<'_>, message: &str) -> Diagnostic {
    Diagnostic::error(Fault::Yours, "missing-part", message).at(block.fence)
}

/// The table from byte `start` to the block's end, with columns of `known` only.
fn table(block: &Block<'_>, start: u32, known: Option<&[&str]>) -> Result<PlacedTable, Diagnostic> {
    let span = Span::new(start, block.span.end);
    let table = Table::parse(span.of(block.text), start)?;
    if table.columns.is_empty() {
        let found = missing(block, "There is no table here.");
        return Err(found.hint("Write its head at least: | KEY | VALUE |"));
    }
    for column in &table.columns {
        let Some(known) = known else { break };
        if known.iter().any(|it| it.eq_ignore_ascii_case(column)) {
            continue;
        }
        let message = format!("There is no column {column} here.");
        let mut found = Diagnostic::error(Fault::Yours, "unknown-column", message).at(span);
        if let Some(near) = nearest(column, known.iter().copied()).first() {
            found = found.hint(format!("Did you mean {near}?"));
        }
        return Err(found.hint(format!("Possible: {}.", known.join(", "))));
    }
    Ok(PlacedTable { table, span })
}

/// The options of a block, each of which has to be asked for once.
struct Options<'a> {
    given: &'a [Given],
    block: String,
    asked: Vec<&'static str>,
    found: Vec<Diagnostic>,
}

impl<'a> Options<'a> {
    fn new(given: &'a [Given], kind: &str) -> Options<'a> {
        Options {
            given,
            block: format!("expect {kind}"),
            asked: Vec::new(),
            found: Vec::new(),
        }
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Given> {
        self.asked.push(key);
        self.given.iter().find(|given| given.key == key)
    }

    fn text(&mut self, key: &'static str) -> Option<String> {
        self.get(key).map(|given| given.text.clone())
    }

    fn number<T: std::str::FromStr>(&mut self, key: &'static str) -> Option<T> {
        let given = self.get(key)?;
        let number = given.text.parse().ok();
        if number.is_none() {
            self.impossible(given, "a whole number from 0 on is");
        }
        number
    }

    fn duration(&mut self, key: &'static str) -> Option<Millis> {
        let given = self.get(key)?;
        let length = parse_duration(&given.text);
        if length.is_none() {
            self.impossible(given, "a length of time such as 30s is");
        }
        length
    }

    fn impossible(&mut self, given: &Given, why: &str) {
        let message = format!("{}={} is not possible: {why}.", given.key, given.text);
        let found = Diagnostic::error(Fault::Yours, "impossible-value", message);
        self.found.push(found.at(given.span));
    }

    /// What is wrong with the options, those that nobody asked for included.
    fn end(self) -> Vec<Diagnostic> {
        let mut found = self.found;
        for (at, given) in self.given.iter().enumerate() {
            if !self.asked.contains(&given.key.as_str()) {
                found.push(unknown_option(given, &self.block, &self.asked));
            } else if self.given[..at]
                .iter()
                .any(|before| before.key == given.key)
            {
                let message = format!("{}= is given twice.", given.key);
                let twice = Diagnostic::error(Fault::Yours, "repeated-key", message);
                found.push(twice.at(given.span).hint("Keep one of them."));
            }
        }
        found
    }
}
