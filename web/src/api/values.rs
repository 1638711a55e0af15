//! The shapes of `window.headwater`'s answers: numbers never BigInt, objects never Map, arrays
//! sorted by name. Values of SQL are JSON values.

use headwater_base::{Severity, order};
use headwater_view::{Cell, LabState, ReaderPosition, StatementOutcome};
use js_sys::{JSON, Object, Reflect};
use serde::Serialize;
use serde_wasm_bindgen::{Serializer, preserve};
use wasm_bindgen::JsValue;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct State<'a> {
    step: u64,
    time_ms: i64,
    running: bool,
    hash: &'a str,
    topics: Vec<Topic<'a>>,
    queries: Vec<Query<'a>>,
    tables: Vec<Table<'a>>,
    consumers: Vec<Consumer<'a>>,
    results: Vec<Rows<'a>>,
}

#[derive(Serialize)]
struct Topic<'a> {
    name: &'a str,
    partitions: Vec<Lane>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Lane {
    partition: u32,
    start_offset: u64,
    end_offset: u64,
}

#[derive(Serialize)]
struct Query<'a> {
    id: &'a str,
    sql: &'a str,
    state: &'a str,
}

#[derive(Serialize)]
struct Table<'a> {
    name: &'a str,
    #[serde(with = "preserve")]
    rows: JsValue,
}

#[derive(Serialize)]
struct Consumer<'a> {
    name: &'a str,
    group: Option<&'a str>,
    partitions: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    topic: &'a str,
    partition: u32,
    position: u64,
    committed: Option<u64>,
    lag: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rows<'a> {
    query_id: &'a str,
    #[serde(with = "preserve")]
    rows: JsValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    ok: bool,
    message: &'a str,
    query_id: Option<&'a str>,
    #[serde(with = "preserve")]
    rows: JsValue,
    diagnostics: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Finding<'a> {
    line: u32,
    column: u32,
    severity: &'static str,
    code: &'a str,
    message: &'a str,
}

/// The state as `snapshot()` gives it.
pub(super) fn state(state: &LabState) -> JsValue {
    let topics = state.topics.iter().map(|(name, lanes)| {
        let lanes = lanes
            .iter()
            .map(|(partition, start_offset, end_offset)| Lane {
                partition: *partition,
                start_offset: *start_offset,
                end_offset: *end_offset,
            });
        Topic {
            name,
            partitions: lanes.collect(),
        }
    });
    let queries = state
        .queries
        .iter()
        .map(|(id, sql, state)| Query { id, sql, state });
    let tables = state.tables.iter().map(|(name, columns, rows)| Table {
        name,
        rows: objects(columns, rows),
    });
    let consumers = state
        .consumers
        .iter()
        .map(|(name, group, positions)| Consumer {
            name,
            group: group.as_deref(),
            partitions: positions
                .iter()
                .map(|(topic, position)| place(topic, position))
                .collect(),
        });
    let results = state.results.iter().map(|(query_id, columns, rows)| Rows {
        query_id,
        rows: objects(columns, rows),
    });
    json(&State {
        step: state.step,
        time_ms: state.time_ms,
        running: state.running,
        hash: &state.hash,
        topics: sorted(topics.collect(), |it| it.name),
        queries: sorted(queries.collect(), |it| it.id),
        tables: sorted(tables.collect(), |it| it.name),
        consumers: sorted(consumers.collect(), |it| it.name),
        results: sorted(results.collect(), |it| it.query_id),
    })
}

/// The outcomes as `execute()` gives them.
pub(super) fn outcomes(outcomes: &[StatementOutcome]) -> JsValue {
    let all = outcomes.iter().map(|outcome| Outcome {
        ok: outcome.ok,
        message: &outcome.message,
        query_id: outcome.query_name.as_deref(),
        rows: objects(&outcome.columns, &outcome.rows),
        diagnostics: outcome
            .diagnostics
            .iter()
            .map(|placed| Finding {
                line: placed.start.line,
                column: placed.start.column,
                severity: match placed.diagnostic.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                },
                code: &placed.diagnostic.code,
                message: &placed.diagnostic.message,
            })
            .collect(),
    });
    json(&all.collect::<Vec<_>>())
}

fn place<'a>(topic: &'a str, position: &ReaderPosition) -> Place<'a> {
    Place {
        topic,
        partition: position.number,
        position: position.position,
        committed: position.committed,
        lag: position.lag,
    }
}

/// A list in the order of names.
fn sorted<T>(mut list: Vec<T>, name: impl for<'b> Fn(&'b T) -> &'b str) -> Vec<T> {
    order::sort_by(&mut list, |one, other| name(one).cmp(name(other)));
    list
}

fn json(value: &impl Serialize) -> JsValue {
    let serializer = Serializer::json_compatible();
    // Every number here is below 2^53: offsets, steps and milliseconds of one tab.
    value.serialize(&serializer).unwrap_or(JsValue::NULL)
}

/// Rows as objects by column name.
fn objects(columns: &[String], rows: &[Vec<Cell>]) -> JsValue {
    let rows = rows.iter().map(|row| {
        let object = Object::new();
        for (name, cell) in columns.iter().zip(row) {
            // Setting a new property of a plain object cannot fail.
            let _ = Reflect::set(&object, &name.into(), &value(cell));
        }
        JsValue::from(object)
    });
    rows.collect::<js_sys::Array>().into()
}

fn value(cell: &Cell) -> JsValue {
    match cell {
        Cell::Null => JsValue::NULL,
        Cell::Boolean(value) => JsValue::from_bool(*value),
        Cell::Text(text) => JsValue::from_str(text),
        Cell::Number(text) | Cell::Nested(text) => {
            JSON::parse(text).unwrap_or_else(|_| JsValue::from_str(text))
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_browser);

    fn text(value: &JsValue) -> String {
        // What JSON cannot hold, such as a BigInt, would throw here.
        JSON::stringify(value).map(String::from).unwrap_or_default()
    }

    #[wasm_bindgen_test]
    fn a_state_is_plain_json_sorted_by_name() {
        let lanes = vec![(0, 3, 5_000_000_000)];
        let columns = vec!["N".to_owned(), "A".to_owned()];
        let cells = vec![Cell::Number("1.50".into()), Cell::Nested("[1,null]".into())];
        let given = LabState {
            step: 7,
            topics: vec![("b".into(), lanes), ("a".into(), Vec::new())],
            tables: vec![("T".into(), columns, vec![cells])],
            ..LabState::default()
        };
        assert_eq!(
            text(&state(&given)),
            concat!(
                r#"{"step":7,"timeMs":0,"running":false,"hash":"","topics":[{"name":"a","#,
                r#""partitions":[]},{"name":"b","partitions":[{"partition":0,"startOffset":3,"#,
                r#""endOffset":5000000000}]}],"queries":[],"tables":[{"name":"T","rows":"#,
                r#"[{"N":1.5,"A":[1,null]}]}],"consumers":[],"results":[]}"#,
            )
        );
    }

    #[wasm_bindgen_test]
    fn an_outcome_says_null_where_there_is_no_query() {
        let outcome = StatementOutcome {
            ok: true,
            message: "done".to_owned(),
            ..StatementOutcome::default()
        };
        assert_eq!(
            text(&outcomes(&[outcome])),
            r#"[{"ok":true,"message":"done","queryId":null,"rows":[],"diagnostics":[]}]"#
        );
    }
}
