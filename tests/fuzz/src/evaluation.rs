//! Texts that run: an expression or a script may be refused and may stop a query, but never the
//! laboratory, and doing it again comes to the same.

use headwater_base::Diagnostic;
use headwater_log::NewRecord;
use headwater_sql::arena::Arena;
use headwater_sql::expression::{
    Clause, ColumnScope, ErrorLog, EvalContext, Options, compile, compile_table_function,
};
use headwater_sql::runtime::immediate::Immediate;
use headwater_sql::value::write_text;
use headwater_syntax::ast::ExpressionKind;
use std::fmt::Write;

const NOW_MILLIS: i64 = 1_700_000_000_000;

/// Every line is an expression, which is compiled and computed.
pub(crate) fn expressions(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    for line in text.lines() {
        let (first, second) = (computed(line), computed(line));
        assert_eq!(first, second);
    }
}

fn computed(text: &str) -> Result<String, Diagnostic> {
    let tree = headwater_syntax::parse_expression(text)?;
    let aliases = Default::default();
    let options = || Options {
        clause: Clause::Select,
        aliases: &aliases,
    };
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let cx = EvalContext::new(&arena, &errors, NOW_MILLIS, 1);
    let mut spelled = String::new();
    if let ExpressionKind::Call(call) = &tree.kind
        && let Ok(table) = compile_table_function(call, &ColumnScope::default(), options())
    {
        for row in table.rows(&[], &cx) {
            write_text(&mut spelled, *row, Some(table.ty())).expect("memory can be written");
        }
        return Ok(spelled);
    }
    let compiled = compile(&tree, &ColumnScope::default(), options())?;
    let value = compiled.value(&[], &cx);
    write_text(&mut spelled, value, compiled.ty()).expect("memory can be written");
    for error in errors.take() {
        let _ = write!(spelled, " ({error})");
    }
    Ok(spelled)
}

/// What is there before the input's statements run.
const PRELUDE: &str = "\
CREATE STREAM s (k INT KEY, v INT, t STRING, d DOUBLE, m DECIMAL(6, 2), a ARRAY<INT>, \
 o MAP<STRING, INT>, r STRUCT<x INT, y STRING>, w TIMESTAMP) \
 WITH (KAFKA_TOPIC = 's', PARTITIONS = 2, VALUE_FORMAT = 'JSON');
CREATE TABLE t (id STRING PRIMARY KEY, v INT, n STRING) \
 WITH (KAFKA_TOPIC = 't', PARTITIONS = 2, VALUE_FORMAT = 'JSON');
";

const RECORDS: &[(&str, &[u8], &str)] = &[
    (
        "s",
        &[0, 0, 0, 1],
        r#"{"v": 1, "t": "a", "d": 1.5, "m": 2.25, "a": [1, 2], "w": 5}"#,
    ),
    ("t", b"a", r#"{"v": 3, "n": "x"}"#),
    (
        "s",
        &[0, 0, 0, 1],
        r#"{"v": null, "o": {"a": 1}, "r": {"x": 1, "y": "b"}}"#,
    ),
    ("s", &[0, 0, 0, 2], r#"{"v": "x"}"#),
    ("t", b"a", ""),
];

/// The statements run after a stream and a table are there; then records come to both.
pub(crate) fn scripts(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let mut lab = Immediate::default();
    lab.run(PRELUDE).expect("the opening statements run");
    for statement in &headwater_syntax::parse(text).statements {
        let _ = lab.execute(statement, text);
    }
    for (at, (topic, key, value)) in RECORDS.iter().enumerate() {
        let value = (!value.is_empty()).then_some(value.as_bytes());
        let record = NewRecord::new(at as i64 * 700, Some(key), value);
        let _ = lab.append(topic, None, record);
    }
}
