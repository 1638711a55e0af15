//! Plays a file headless, from top to bottom: a statement or command at a time, each followed by
//! as much virtual time as its consequences need. The command line and tests drive this; the page
//! does not, because there the visitor sees consequences happen.

use super::expect::Expectation;
use super::{Lesson, Part};
use crate::command::{Command, Line};
use crate::lab::Lab;
use crate::observe;
use headwater_base::{
    Diagnostic, Fault, Millis, QueryId, SortedMap, Span, TraceDetail, TraceEvent, TraceSink,
    VirtualTime,
};
use headwater_syntax::ast::StatementKind;
use headwater_view::{AnswerSection, Cell, StatementOutcome};
use std::sync::Arc;

/// Longest that a laboratory settles after a statement.
const SETTLE_MAX: Millis = Millis::seconds(10);
/// Turns between two looks at the rows of push queries; fewer rows than a result keeps come of
/// them, unless one record becomes very many rows.
const TURNS_BETWEEN_LOOKS: u64 = 100;

/// One thing that a file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number among statements and commands, from 1; 0 for an expectation.
    pub number: u64,
    /// The part of the lesson that it stands in.
    pub part: usize,
    /// What it says.
    pub what: What,
    /// Where it stands in the file.
    pub span: Span,
}

/// What an item says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A statement.
    Sql(String),
    /// A line of a lab block.
    Line(Line),
    /// Something has to be true now.
    Expect(Expectation),
}

/// All that a lesson says, in order. Blocks for the visitor are played too.
pub fn items(lesson: &Lesson) -> Vec<Item> {
    let mut items = Vec::new();
    for (at, part) in lesson.parts.iter().enumerate() {
        match part {
            Part::Prose(_) => {}
            Part::Sql(block) => {
                let text = lesson.at(block.span);
                items.extend(statements(text, block.span.start, at));
            }
            Part::Lab(block) => items.extend(block.lines.iter().map(|(line, span)| Item {
                number: 0,
                part: at,
                what: What::Line(line.clone()),
                span: *span,
            })),
            Part::Expect(expectation) => items.push(Item {
                number: 0,
                part: at,
                what: What::Expect(expectation.clone()),
                span: expectation.fence,
            }),
        }
    }
    numbered(items)
}

pub(super) fn statements(text: &str, start: u32, part: usize) -> impl Iterator<Item = Item> {
    let ranges = headwater_syntax::statement_ranges(text);
    ranges.into_iter().map(move |range| Item {
        number: 0,
        part,
        what: What::Sql(range.of(text).to_owned()),
        span: range.shifted(start),
    })
}

pub(super) fn numbered(mut items: Vec<Item>) -> Vec<Item> {
    let counted = items
        .iter_mut()
        .filter(|item| !matches!(item.what, What::Expect(_)));
    for (item, number) in counted.zip(1..) {
        item.number = number;
    }
    items
}

/// What playing has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A statement or command was carried out.
    Done {
        /// Its number.
        number: u64,
        /// What the engine says to it.
        message: String,
        /// Names of its columns, if it gives rows.
        columns: Arc<[String]>,
        /// What stands behind its rows.
        sections: Vec<AnswerSection>,
        /// Whether it looks around (SHOW, LIST, DESCRIBE, EXPLAIN): its rows are no query's.
        listing: bool,
    },
    /// A row of a query.
    Row(Row),
}

/// A row of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The number of the query's statement.
    pub number: u64,
    /// Names of the columns.
    pub columns: Arc<[String]>,
    /// A value a column.
    pub cells: Vec<Cell>,
    /// The row's time in milliseconds since 1970, where it has one.
    pub timestamp_ms: Option<i64>,
    /// Whether it deletes the row of its key.
    pub tombstone: bool,
}

/// The query that ran last: what `expect rows` without a query is about.
#[derive(Clone, Debug)]
pub(super) enum LastQuery {
    /// It gave all its rows at once.
    Pull(StatementOutcome),
    /// It gives rows as they come.
    Push(QueryId),
}

/// A push query that was started by the file.
#[derive(Clone, Debug)]
struct Started {
    number: u64,
    columns: Arc<[String]>,
}

/// Plays items on a laboratory.
#[derive(Debug)]
pub struct Player<S> {
    lab: Lab,
    sink: S,
    started: SortedMap<QueryId, Started>,
    last: Option<LastQuery>,
}

impl<S: TraceSink> Player<S> {
    /// A player at the laboratory's present moment; `sink` gets the trace.
    pub fn new(lab: Lab, sink: S) -> Player<S> {
        Player {
            lab,
            sink,
            started: SortedMap::new(),
            last: None,
        }
    }

    /// The laboratory.
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// The trace's sink.
    pub fn sink(&mut self) -> &mut S {
        &mut self.sink
    }

    /// Gives the laboratory back, and the sink.
    pub fn into_parts(self) -> (Lab, S) {
        (self.lab, self.sink)
    }

    /// The push query that the item of this number started.
    pub fn query_of(&self, number: u64) -> Option<QueryId> {
        let mut started = self.started.iter();
        let found = started.find(|(_, started)| started.number == number)?;
        Some(*found.0)
    }

    pub(super) fn last_query(&self) -> Option<&LastQuery> {
        self.last.as_ref()
    }

    /// Does what an item says and lets the laboratory settle. Expectations are not looked at.
    ///
    /// # Errors
    /// Why it was refused; places are those of the file that the item is from.
    pub fn play(&mut self, item: &Item, tell: &mut dyn FnMut(Told)) -> Result<(), Diagnostic> {
        match &item.what {
            What::Sql(text) => {
                let command = Command::Sql(text.clone());
                self.execute(item, &command, tell)
            }
            What::Line(Line::Command(command)) => self.execute(item, command, tell),
            What::Line(Line::Run(length)) => {
                let until = self.lab.world().now() + *length;
                tell(done(item, "Time has passed"));
                self.advance_to(until, tell);
                Ok(())
            }
            What::Line(Line::Seed(seed)) => {
                let message = match self.lab.world().seed() {
                    used if used == *seed => format!("The seed is {used}"),
                    used => format!("The seed is {used}; it was given from outside"),
                };
                tell(done(item, &message));
                Ok(())
            }
            What::Expect(_) => Ok(()),
        }
    }

    fn execute(
        &mut self,
        item: &Item,
        command: &Command,
        tell: &mut dyn FnMut(Told),
    ) -> Result<(), Diagnostic> {
        for outcome in self.lab.execute_traced(command, &mut self.sink) {
            if !outcome.ok {
                return Err(failure(item, outcome));
            }
            self.tell_outcome(item, outcome, tell);
        }
        self.settle(tell);
        Ok(())
    }

    fn tell_outcome(&mut self, item: &Item, outcome: StatementOutcome, tell: &mut dyn FnMut(Told)) {
        let columns: Arc<[String]> = outcome.columns.clone().into();
        tell(Told::Done {
            number: item.number,
            message: outcome.message.clone(),
            columns: columns.clone(),
            sections: outcome.sections.clone(),
            listing: is_listing(item),
        });
        let is_push = |query: &QueryId| self.lab.world().result(*query).is_some();
        if let Some(query) = outcome.query.filter(is_push) {
            let number = item.number;
            self.started.insert(query, Started { number, columns });
            self.last = Some(LastQuery::Push(query));
            return;
        }
        for (at, cells) in outcome.rows.iter().enumerate() {
            tell(Told::Row(Row {
                number: item.number,
                columns: columns.clone(),
                cells: cells.clone(),
                timestamp_ms: outcome.timestamps_ms.get(at).copied(),
                tombstone: false,
            }));
        }
        if !columns.is_empty() {
            self.last = Some(LastQuery::Pull(outcome));
        }
    }

    /// Lets virtual time pass until all consequences of what was appended have landed.
    pub fn settle(&mut self, tell: &mut dyn FnMut(Told)) {
        let limit = self.lab.world().now() + SETTLE_MAX;
        let mut rows = NewRows::default();
        while self.lab.world().has_consequences(limit) {
            let mut sink = (&mut self.sink, &mut rows);
            self.lab.advance_to(limit, 1, &mut sink);
            if rows.0.len() as u64 >= TURNS_BETWEEN_LOOKS {
                self.tell_rows(&mut rows, tell);
            }
        }
        self.tell_rows(&mut rows, tell);
    }

    /// Lets virtual time pass until `until`.
    pub fn advance_to(&mut self, until: VirtualTime, tell: &mut dyn FnMut(Told)) {
        let mut rows = NewRows::default();
        loop {
            let mut sink = (&mut self.sink, &mut rows);
            let advanced = self.lab.advance_to(until, TURNS_BETWEEN_LOOKS, &mut sink);
            self.tell_rows(&mut rows, tell);
            if advanced.reached {
                return;
            }
        }
    }

    fn tell_rows(&self, rows: &mut NewRows, tell: &mut dyn FnMut(Told)) {
        for (query, number) in rows.0.drain(..) {
            let Some(started) = self.started.get(&query) else {
                continue;
            };
            let Some(row) = observe::result_row(self.lab.world(), query, number) else {
                continue;
            };
            tell(Told::Row(Row {
                number: started.number,
                columns: started.columns.clone(),
                cells: row.cells,
                timestamp_ms: Some(row.timestamp_ms),
                tombstone: row.tombstone,
            }));
        }
    }
}

fn done(item: &Item, message: &str) -> Told {
    Told::Done {
        number: item.number,
        message: message.to_owned(),
        columns: Arc::default(),
        sections: Vec::new(),
        listing: false,
    }
}

/// Whether a statement looks around.
fn is_listing(item: &Item) -> bool {
    let What::Sql(text) = &item.what else {
        return false;
    };
    let parsed = headwater_syntax::parse(text);
    let first = parsed.statements.first().map(|it| &it.kind);
    matches!(
        first,
        Some(StatementKind::Show(_) | StatementKind::Describe(_) | StatementKind::Explain(_))
    )
}

/// Why an item was refused, at its place in the file.
fn failure(item: &Item, outcome: StatementOutcome) -> Diagnostic {
    let first = outcome.diagnostics.into_iter().next();
    let found = first.map_or_else(
        || Diagnostic::error(Fault::Ours, "unexplained", outcome.message),
        |placed| placed.diagnostic,
    );
    let length = item.span.end - item.span.start;
    match found.span {
        // A place outside of the statement cannot be one in this file.
        Some(span) if span.end <= length && matches!(item.what, What::Sql(_)) => {
            found.shifted(item.span.start)
        }
        _ => found.at(item.span),
    }
}

/// Rows that push queries gave, in the order in which they came.
#[derive(Debug, Default)]
struct NewRows(Vec<(QueryId, u64)>);

impl TraceSink for NewRows {
    fn take(&mut self, event: &TraceEvent) {
        if let TraceDetail::RowEmitted { query, row } = event.detail {
            self.0.push((query, row));
        }
    }
}
