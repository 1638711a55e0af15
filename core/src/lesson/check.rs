//! Looks whether what a lesson expects is true, on copies of the laboratory: looking changes
//! nothing. What is not true is told with what is true instead.

use super::Lesson;
use super::expect::{
    ErrorWanted, Expectation, LagWanted, PlacedTable, Reader, RecordsWanted, RowsWanted, Wanted,
};
use super::player::{LastQuery, Player};
use super::table::Table;
use crate::command::Command;
use crate::lab::Lab;
use crate::observe;
use headwater_base::{
    Diagnostic, Fault, LineIndex, NoTrace, QueryId, Span, TopicId, TraceSink, order,
};
use headwater_log::{LogError, RecordRef};
use headwater_view::{Cell, ReaderPosition, StatementOutcome};

/// Something that is not as it was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What is wrong, and where.
    pub found: Diagnostic,
    /// What is true, in the columns that were expected, and the place of the table to replace.
    pub instead: Option<(Table, Span)>,
}

/// Looks whether an expectation about the present moment is true.
///
/// `refused` is why the block right before it was refused, if it was.
pub fn check<S: TraceSink>(
    player: &Player<S>,
    lesson: &Lesson,
    expectation: &Expectation,
    refused: Option<(&Diagnostic, Span)>,
) -> Result<(), Box<Mismatch>> {
    let fence = expectation.fence;
    match &expectation.wanted {
        Wanted::Rows(wanted) => rows(player, lesson, wanted, fence),
        Wanted::Records(wanted) => {
            let actual = records(player.lab(), wanted).map_err(|it| other(it.at(fence)))?;
            compare(&wanted.table, actual, Order::Kept)
        }
        Wanted::Lag(wanted) => {
            let actual = lag(player.lab(), wanted).map_err(|it| other(it.at(fence)))?;
            compare(&wanted.table, actual, Order::Kept)
        }
        Wanted::Error(wanted) => error(lesson, wanted, fence, refused),
    }
}

/// Whether the order of rows counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// It does.
    Kept,
    /// SQL promises none.
    Any,
}

fn wrong(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Fault::Yours, "not-as-expected", message)
}

fn other(found: Diagnostic) -> Box<Mismatch> {
    Box::new(Mismatch {
        found,
        instead: None,
    })
}

fn rows<S: TraceSink>(
    player: &Player<S>,
    lesson: &Lesson,
    wanted: &RowsWanted,
    fence: Span,
) -> Result<(), Box<Mismatch>> {
    let (actual, order) = match wanted.query {
        Some(span) => run_query(player.lab(), lesson, span)?,
        None => match player.last_query() {
            Some(LastQuery::Pull(outcome)) => (pulled(outcome), Order::Any),
            Some(LastQuery::Push(query)) => (pushed(player.lab(), *query), Order::Kept),
            None => {
                let found = wrong("No query has run before this place.").at(fence);
                return Err(other(
                    found.hint("Write the query into the block, before the table."),
                ));
            }
        },
    };
    let length = actual.rows.len();
    let first = wanted
        .first
        .map_or(length, |first| length.min(first as usize));
    let last = wanted.last.map_or(first, |last| first.min(last as usize));
    let rows = actual.rows[first - last..first].to_vec();
    compare(&wanted.table, Table { rows, ..actual }, order)
}

/// Runs a query on a copy of the laboratory; a push query gives what it gives until all is settled.
fn run_query(lab: &Lab, lesson: &Lesson, span: Span) -> Result<(Table, Order), Box<Mismatch>> {
    let mut probe = lab.clone();
    let text = lesson.at(span).to_owned();
    for outcome in probe.execute(&Command::Sql(text)) {
        if !outcome.ok {
            let first = outcome
                .diagnostics
                .into_iter()
                .next()
                .map(|it| it.diagnostic);
            let found = first.unwrap_or_else(|| wrong(outcome.message));
            let place = found.span.map_or(span, |it| it.shifted(span.start));
            return Err(other(found.at(place)));
        }
        if let Some(query) = outcome.query {
            probe.settle(&mut NoTrace);
            return Ok((pushed(&probe, query), Order::Kept));
        }
        if !outcome.columns.is_empty() {
            return Ok((pulled(&outcome), Order::Any));
        }
    }
    let found = wrong("This gives no rows.").at(span);
    Err(other(found.hint(
        "Write a SELECT, or a statement that lists something.",
    )))
}

fn pulled(outcome: &StatementOutcome) -> Table {
    Table {
        columns: outcome.columns.clone(),
        rows: outcome.rows.iter().map(|row| texts(row)).collect(),
    }
}

fn pushed(lab: &Lab, query: QueryId) -> Table {
    let Some(result) = observe::result(lab.world(), query) else {
        return Table::default();
    };
    Table {
        columns: result
            .columns
            .into_iter()
            .map(|column| column.name)
            .collect(),
        rows: result.rows.iter().map(|row| texts(&row.cells)).collect(),
    }
}

fn texts(row: &[Cell]) -> Vec<String> {
    row.iter().map(Cell::to_string).collect()
}

fn records(lab: &Lab, wanted: &RecordsWanted) -> Result<Table, Diagnostic> {
    let diagnostic = |error: LogError| error.to_diagnostic();
    let cluster = lab.world().cluster();
    let topic = cluster.topic_named(&wanted.topic).map_err(diagnostic)?;
    let mut rows = Vec::new();
    for id in &topic.partitions {
        let log = cluster.partition(*id).map_err(diagnostic)?;
        if wanted
            .partition
            .is_some_and(|number| number != log.number())
        {
            continue;
        }
        let from = wanted.from.unwrap_or(0);
        let oldest = wanted
            .last
            .map_or(0, |last| log.end_offset().saturating_sub(last));
        let to = wanted.to.unwrap_or(u64::MAX);
        let within = |record: &RecordRef<'_>| (from.max(oldest)..=to).contains(&record.offset);
        for record in log.iter().filter(within) {
            rows.push(record_row(lab, &wanted.topic, log.number(), &record));
        }
    }
    Ok(Table {
        columns: super::expect::RECORD_COLUMNS.map(str::to_owned).to_vec(),
        rows,
    })
}

fn record_row(lab: &Lab, topic: &str, partition: u32, record: &RecordRef<'_>) -> Vec<String> {
    let inspected = lab.world().ksql().over_topic(topic).inspect(topic, record);
    let header = |(name, value): (&str, Option<&[u8]>)| {
        format!(
            "{name}={}",
            plain(value).unwrap_or_else(|| "(bytes)".to_owned())
        )
    };
    let headers = record.headers.map(|it| header((it.key, it.value)));
    vec![
        partition.to_string(),
        record.offset.to_string(),
        record.timestamp.to_string(),
        plain(record.key).unwrap_or_else(|| observe::text::key(&inspected, record)),
        plain(record.value).unwrap_or_else(|| observe::text::value(&inspected, record)),
        headers.collect::<Vec<_>>().join(", "),
    ]
}

/// Bytes as they stand, if they are text; null as `null`.
fn plain(bytes: Option<&[u8]>) -> Option<String> {
    let Some(bytes) = bytes else {
        return Some("null".to_owned());
    };
    let text = std::str::from_utf8(bytes).ok()?;
    (!text.contains(char::is_control)).then(|| text.to_owned())
}

fn lag(lab: &Lab, wanted: &LagWanted) -> Result<Table, Diagnostic> {
    let world = lab.world();
    let mut rows = Vec::new();
    let mut has_reader = false;
    for actor in world.consumers().filter(|actor| actor.running) {
        let is_meant = match &wanted.of {
            Reader::Consumer(name) => *actor.name == **name,
            Reader::Group(name) => actor.group.is_some_and(|id| world.group_name(id) == name),
        };
        if !is_meant {
            continue;
        }
        has_reader = true;
        for place in observe::positions(world, actor) {
            rows.push(position_row(lab, &actor.name, &place));
        }
    }
    if !has_reader {
        let found = match &wanted.of {
            Reader::Consumer(name) => wrong(format!("No consumer {name} is running.")),
            Reader::Group(name) => wrong(format!("The group {name} has no members.")),
        };
        return Err(found.hint("Start it in a lab block: consumer create NAME topic=TOPIC"));
    }
    Ok(Table {
        columns: super::expect::LAG_COLUMNS.map(str::to_owned).to_vec(),
        rows,
    })
}

fn position_row(lab: &Lab, consumer: &str, place: &ReaderPosition) -> Vec<String> {
    let topic = |id: TopicId| {
        lab.world()
            .cluster()
            .topic(id)
            .map(|topic| topic.name.to_string())
    };
    vec![
        consumer.to_owned(),
        topic(place.topic).unwrap_or_default(),
        place.number.to_string(),
        place.position.to_string(),
        place
            .committed
            .map_or_else(|| "null".to_owned(), |offset| offset.to_string()),
        (place.position + place.lag).to_string(),
        place.lag.to_string(),
    ]
}

fn error(
    lesson: &Lesson,
    wanted: &ErrorWanted,
    fence: Span,
    refused: Option<(&Diagnostic, Span)>,
) -> Result<(), Box<Mismatch>> {
    let Some((refused, block)) = refused else {
        let found = wrong("Nothing was refused right before this place.").at(fence);
        return Err(other(
            found.hint("An error stands right after the block that causes it."),
        ));
    };
    if !refused.message.contains(&wanted.message) {
        let message = format!("The message is another one: {}", refused.message);
        return Err(other(wrong(message).at(fence)));
    }
    let index = LineIndex::new(&lesson.text);
    let at = refused.span.unwrap_or(block).start;
    let place = index.place(&lesson.text, at);
    let line = place.line + 1 - index.place(&lesson.text, block.start).line;
    let differs = wanted.line.is_some_and(|wanted| wanted != line)
        || wanted.column.is_some_and(|wanted| wanted != place.column);
    if differs {
        let message = format!(
            "The error is at line={line} column={} of the block.",
            place.column
        );
        return Err(other(wrong(message).at(fence)));
    }
    Ok(())
}

/// Compares a table with what is true, in the columns that were expected.
fn compare(wanted: &PlacedTable, actual: Table, order: Order) -> Result<(), Box<Mismatch>> {
    let actual = select(&actual, wanted)?;
    let rows = |table: &Table| {
        let trimmed = |row: &Vec<String>| row.iter().map(|it| it.trim().to_owned()).collect();
        let mut rows: Vec<Vec<String>> = table.rows.iter().map(trimmed).collect();
        if order == Order::Any {
            order::sort(&mut rows);
        }
        rows
    };
    if rows(&wanted.table) == rows(&actual) {
        return Ok(());
    }
    let (missing, surplus) = difference(&wanted.table.rows, &actual.rows);
    let message = match (missing.first(), surplus.first()) {
        (Some(missing), Some(surplus)) => {
            format!(
                "Expected the row {}, found {}.",
                line(missing),
                line(surplus)
            )
        }
        (Some(missing), None) => format!("The row {} is not there.", line(missing)),
        (None, Some(surplus)) => format!("The row {} was not expected.", line(surplus)),
        (None, None) => "The rows come in another order.".to_owned(),
    };
    let found = wrong(message).at(wanted.span);
    Err(Box::new(Mismatch {
        found: found.hint(format!("This is what there is:\n{actual}")),
        instead: Some((actual, wanted.span)),
    }))
}

/// Rows of the first that the second lacks, and the other way round.
fn difference(
    first: &[Vec<String>],
    second: &[Vec<String>],
) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let mut surplus = second.to_vec();
    let mut missing = Vec::new();
    for row in first {
        let same = |other: &Vec<String>| {
            other.len() == row.len() && other.iter().zip(row).all(|(a, b)| a.trim() == b.trim())
        };
        match surplus.iter().position(same) {
            Some(at) => drop(surplus.remove(at)),
            None => missing.push(row.clone()),
        }
    }
    (missing, surplus)
}

fn line(row: &[String]) -> String {
    format!("| {} |", row.join(" | "))
}

/// The columns of `actual` that were expected, in the order in which they were.
fn select(actual: &Table, wanted: &PlacedTable) -> Result<Table, Box<Mismatch>> {
    let mut places = Vec::new();
    for name in &wanted.table.columns {
        let found = actual.columns.iter().position(|it| it == name).or_else(|| {
            actual
                .columns
                .iter()
                .position(|it| it.eq_ignore_ascii_case(name))
        });
        let Some(at) = found else {
            let found = wrong(format!("There is no column {name}.")).at(wanted.span);
            let columns = actual.columns.join(", ");
            return Err(other(found.hint(format!("Possible: {columns}."))));
        };
        places.push(at);
    }
    let pick = |row: &Vec<String>| {
        places
            .iter()
            .map(|at| row.get(*at).cloned().unwrap_or_default())
            .collect()
    };
    Ok(Table {
        columns: wanted.table.columns.clone(),
        rows: actual.rows.iter().map(pick).collect(),
    })
}
