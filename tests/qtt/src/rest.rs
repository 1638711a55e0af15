//! Cases of the shape "requests to a server and their answers".
//!
//! All queries live over one log. Statements other than SELECT come first, then the inputs, then
//! each SELECT on its own; a push query that waits for its inputs starts before them.

use crate::case::Case;
use crate::compare::{Numbers, bytes_text, equal, records};
use crate::json::Json;
use crate::lab::{Lab, Wanted, append, now, read};
use crate::proto;
use crate::raised::Raised;
use crate::record::{Stored, encode};
use headwater_base::QueryId;
use headwater_sql::arena::Arena;
use headwater_sql::engine::{Action, Execution, Outcome, Rows};
use headwater_sql::format::write_json;
use headwater_sql::runtime::{PushRow, QueryState};
use headwater_sql::types::{Column, SqlType};
use headwater_sql::value::{OwnedValue, write_text};
use std::collections::BTreeMap;

/// A laboratory whose queries all run.
struct Server {
    lab: Lab,
    rows: Vec<(QueryId, PushRow)>,
}

/// Runs a case; the error says what is not as expected.
pub(crate) fn run(case: &Case) -> Result<(), String> {
    let played = play(case);
    if let Some(expected) = case.body.get("expectedError") {
        return match played {
            Err(Stopped::Raised(raised)) => raised.differs(expected),
            Err(Stopped::Differs(wrong)) => Err(wrong),
            Ok(_) => Err(format!("an error was expected: {expected}")),
        };
    }
    let server = played.map_err(|stopped| match stopped {
        Stopped::Raised(raised) => raised.told(),
        Stopped::Differs(wrong) => wrong,
    })?;
    outputs(case, &server)
}

/// Why a case did not get to its end.
enum Stopped {
    Raised(Raised),
    Differs(String),
}

impl From<Raised> for Stopped {
    fn from(raised: Raised) -> Stopped {
        Stopped::Raised(raised)
    }
}

/// What a SELECT gave.
struct Answer {
    schema: String,
    query: Option<String>,
    rows: Vec<Json>,
    ending: Option<&'static str>,
}

fn play(case: &Case) -> Result<Server, Stopped> {
    let lab = Lab::new(case)?;
    let mut server = Server {
        lab,
        rows: Vec::new(),
    };
    let statements = case.statements();
    let is_select = |text: &String| text.trim_start().to_uppercase().starts_with("SELECT ");
    let (selects, admin): (Vec<String>, Vec<String>) = statements.into_iter().partition(is_select);
    server.run_admin(&admin)?;
    let waits = case
        .body
        .get("inputConditions")
        .and_then(|it| it.get("waitForActivePushQuery"));
    let waits = waits == Some(&Json::Bool(true));
    if !waits {
        server.inputs(case)?;
    }
    let responses = case.list("responses");
    for (at, select) in selects.iter().enumerate() {
        let answer = server.select(select, waits.then_some(case))?;
        if let Some(expected) = responses.get(admin.len() + at) {
            let text = expected.map_texts(&|text| text.replace("{STATEMENT}", select));
            check(&text, &answer).map_err(Stopped::Differs)?;
        }
    }
    if case.body.get("testPullWithProtoFormat") == Some(&Json::Bool(true)) {
        // The same queries are asked again, for answers in PROTOBUF.
        let again = responses.iter().filter_map(|it| it.get("queryProto"));
        for (select, expected) in selects.iter().zip(again) {
            let rows = server.pull(select)?;
            proto::check(expected.items(), &rows).map_err(Stopped::Differs)?;
        }
    }
    Ok(server)
}

impl Server {
    fn run_admin(&mut self, statements: &[String]) -> Result<(), Raised> {
        let script = statements.join("\n");
        for statement in read(&script)? {
            let (_, actions) = self.lab.execute(&statement, &script)?;
            self.carry_out(actions)?;
        }
        Ok(())
    }

    fn carry_out(&mut self, actions: Vec<Action>) -> Result<(), Raised> {
        for action in actions {
            match action {
                Action::Append {
                    topic,
                    key,
                    value,
                    headers,
                    timestamp,
                    ..
                } => {
                    let stored = Stored {
                        key,
                        value,
                        headers,
                        timestamp,
                    };
                    self.append(&topic, &stored)?;
                }
                Action::StartQuery(id) => {
                    let started = self.lab.engine.start(id, &self.lab.log);
                    started.map_err(crate::lab::refused)?;
                    self.settle()?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn append(&mut self, topic: &str, record: &Stored) -> Result<(), Raised> {
        let id = self
            .lab
            .log
            .topic_named(topic)
            .map_err(crate::lab::refused)?
            .id;
        append(&mut self.lab.log, id, record)?;
        self.settle()
    }

    fn inputs(&mut self, case: &Case) -> Result<(), Raised> {
        for input in case.list("inputs") {
            let topic = input.get("topic").map_or(String::new(), Json::text);
            let stored = encode(input, self.lab.layout(&topic)?).map_err(Raised::by_runner)?;
            self.append(&topic, &stored)?;
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<(), Raised> {
        while self.step()? {}
        Ok(())
    }

    fn step(&mut self) -> Result<bool, Raised> {
        let queries: Vec<QueryId> = self.lab.engine.queries().map(|query| query.id).collect();
        for query in queries {
            let tasks: Vec<_> = self.lab.engine.tasks_of(query).collect();
            for task in tasks.into_iter().rev() {
                if !self.lab.engine.fetch(task, &self.lab.log) {
                    continue;
                }
                let mut wanted = Wanted::default();
                self.lab
                    .engine
                    .process(task, &self.lab.log, now(), &mut wanted);
                for (topic, record) in wanted.records {
                    append(&mut self.lab.log, topic, &record)?;
                }
                self.rows.extend(wanted.rows);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Runs a SELECT; inputs of `waiting` come once it runs.
    fn select(&mut self, text: &str, waiting: Option<&Case>) -> Result<Answer, Raised> {
        let (execution, actions) = self.execute(text)?;
        self.carry_out(actions)?;
        if let Some(case) = waiting {
            self.inputs(case)?;
        }
        match execution.outcome {
            Outcome::Rows(rows) => Ok(pulled(rows)),
            Outcome::Push(query) => self.pushed(query),
            Outcome::Done => Err(Raised::by_runner(format!("no rows: {text}"))),
        }
    }

    fn execute(&mut self, text: &str) -> Result<(Execution, Vec<Action>), Raised> {
        match read(text)?.first() {
            Some(statement) => self.lab.execute(statement, text),
            None => Err(Raised::by_runner(format!("no statement: {text}"))),
        }
    }

    fn pull(&mut self, text: &str) -> Result<Rows, Raised> {
        match self.execute(text)?.0.outcome {
            Outcome::Rows(rows) => Ok(rows),
            _ => Err(Raised::by_runner(format!("no pull query: {text}"))),
        }
    }

    fn pushed(&mut self, id: QueryId) -> Result<Answer, Raised> {
        let gone = || Raised::by_runner("the query is gone".to_owned());
        if let Some(raised) = self.lab.failure(id) {
            return Err(raised);
        }
        let query = self.lab.engine.query(id).ok_or_else(gone)?;
        let columns = query.plan.result.value.clone();
        let ended = query.state == QueryState::Ended;
        let name = query.name.clone();
        let mine = self.rows.iter().filter(|(query, _)| *query == id);
        let rows = mine.map(|(_, row)| row_json(&row.values, &columns, row.tombstone));
        let answer = Answer {
            schema: schema(&columns, &[]),
            query: Some(name),
            rows: rows.collect(),
            ending: ended.then_some("Limit Reached"),
        };
        self.lab.engine.end(id);
        Ok(answer)
    }
}

fn pulled(rows: Rows) -> Answer {
    let lines = rows
        .rows
        .iter()
        .map(|row| row_json(&row.values, &rows.columns, false));
    Answer {
        schema: schema(&rows.columns, &rows.keys),
        query: None,
        rows: lines.collect(),
        ending: rows.ending,
    }
}

fn schema(columns: &[Column], keys: &[bool]) -> String {
    let spelled = columns.iter().enumerate().map(|(at, column)| {
        let role = if keys.get(at) == Some(&true) {
            " KEY"
        } else {
            ""
        };
        format!("{column}{role}")
    });
    spelled.collect::<Vec<_>>().join(", ")
}

fn row_json(values: &[OwnedValue], columns: &[Column], tombstone: bool) -> Json {
    let cells = values
        .iter()
        .zip(columns)
        .map(|(value, column)| cell(value, &column.ty));
    let mut fields = vec![("columns".to_owned(), Json::Array(cells.collect()))];
    if tombstone {
        fields.push(("tombstone".to_owned(), Json::Bool(true)));
    }
    Json::Object(fields)
}

/// A value as a server's answer has it.
fn cell(value: &OwnedValue, ty: &SqlType) -> Json {
    let text = |value: &OwnedValue| {
        let arena = Arena::new();
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = write_text(&mut text, value.borrow(&arena), Some(ty));
        text
    };
    match (value, ty) {
        (OwnedValue::Null, _) => Json::Null,
        (OwnedValue::Time(_) | OwnedValue::Date(_) | OwnedValue::Timestamp(_), _) => {
            Json::String(text(value))
        }
        (OwnedValue::Bytes(bytes), _) => bytes_text(bytes),
        (OwnedValue::Array(items), SqlType::Array(element)) => {
            Json::Array(items.iter().map(|item| cell(item, element)).collect())
        }
        (OwnedValue::Map(entries), SqlType::Map(_, inner)) => {
            let entry = |(key, value): &(OwnedValue, OwnedValue)| {
                (cell(key, &SqlType::String).text(), cell(value, inner))
            };
            Json::Object(entries.iter().map(entry).collect())
        }
        (OwnedValue::Struct(values), SqlType::Struct(fields)) => {
            let field = |(value, field): (&OwnedValue, &Column)| {
                (field.name.clone(), cell(value, &field.ty))
            };
            Json::Object(values.iter().zip(fields).map(field).collect())
        }
        (value, ty) => {
            let arena = Arena::new();
            let mut out = Vec::new();
            write_json(value.borrow(&arena), ty, &mut out);
            Json::parse(&String::from_utf8_lossy(&out)).unwrap_or_default()
        }
    }
}

fn check(expected: &Json, answer: &Answer) -> Result<(), String> {
    let Some(lines) = expected.get("query") else {
        return Ok(());
    };
    let mut wanted = Vec::new();
    let mut ending = None;
    for line in lines.items() {
        if let Some(header) = line.get("header") {
            check_header(header, answer)?;
        } else if let Some(row) = line.get("row") {
            wanted.push(row);
        } else if let Some(message) = line.get("finalMessage") {
            ending = message.as_str();
        }
    }
    if ending != answer.ending {
        return Err(format!("it ended with {:?}, not {ending:?}", answer.ending));
    }
    check_rows(&wanted, &answer.rows)
}

fn check_header(header: &Json, answer: &Answer) -> Result<(), String> {
    if let Some(schema) = header.get("schema").and_then(Json::as_str)
        && schema != answer.schema
    {
        return Err(format!("the schema is {}, not {schema}", answer.schema));
    }
    let start = header.get("queryId|starts_with").and_then(Json::as_str);
    let id = answer.query.as_deref().unwrap_or_default();
    match start.filter(|start| !id.to_uppercase().starts_with(&start.to_uppercase())) {
        Some(start) => Err(format!(
            "the query is called {id}, which does not start with {start}"
        )),
        None => Ok(()),
    }
}

/// Rows in any order; whether they are tombstones by their place.
fn check_rows(wanted: &[&Json], actual: &[Json]) -> Result<(), String> {
    let listed = || {
        let lines: Vec<String> = actual.iter().map(Json::to_string).collect();
        lines.join(" ")
    };
    if wanted.len() != actual.len() {
        return Err(format!(
            "{} rows instead of {}: {}",
            actual.len(),
            wanted.len(),
            listed()
        ));
    }
    let no = Json::Bool(false);
    let columns = |row: &Json| row.get("columns").cloned().unwrap_or_default();
    let mut left: Vec<Json> = actual.iter().map(columns).collect();
    for (row, got) in wanted.iter().zip(actual) {
        let is_gone = |row: &Json| row.get("tombstone").unwrap_or(&no) == &Json::Bool(true);
        let found = left.iter().position(|known| equal(&columns(row), known));
        match found {
            Some(at) if is_gone(row) == is_gone(got) => drop(left.remove(at)),
            _ => return Err(format!("there is no row {row}; there are {}", listed())),
        }
    }
    Ok(())
}

fn outputs(case: &Case, server: &Server) -> Result<(), String> {
    let mut expected: BTreeMap<String, Vec<&Json>> = BTreeMap::new();
    for output in case.list("outputs") {
        let topic = output.get("topic").map_or(String::new(), Json::text);
        expected.entry(topic).or_default().push(output);
    }
    for (name, expected) in expected {
        let layout = server.lab.layout(&name).map_err(|raised| raised.told())?;
        let log = &server.lab.log;
        let topic = log
            .topic_named(&name)
            .map_err(|error| error.to_diagnostic().message)?;
        let partition = topic.partition(0).and_then(|id| log.partition(id));
        let partition = partition.map_err(|error| error.to_diagnostic().message)?;
        let actual: Vec<Stored> = partition.iter().map(Stored::from).collect();
        if let Some(wrong) = records(&name, &expected, &actual, layout, Numbers::Exact) {
            return Err(wrong);
        }
    }
    Ok(())
}
