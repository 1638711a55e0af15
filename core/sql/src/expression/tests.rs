//! Expressions, read, compiled and evaluated: the table in `tests.txt`, a line an expression:
//! `expression | type | value`, or `expression | error | message begins so`.

use super::{Clause, ColumnScope, ErrorLog, EvalContext, Options, compile};
use crate::arena::Arena;
use crate::types::{Column, SqlType};
use crate::value::{Value, write_text};

/// The columns that expressions of the table can use, and their values.
fn scope() -> ColumnScope {
    let mut scope = ColumnScope::default();
    let point = vec![
        Column::new("X", SqlType::Int),
        Column::new("NAME", SqlType::String),
    ];
    for (name, ty) in [
        ("I", SqlType::Int),
        ("L", SqlType::BigInt),
        ("D", SqlType::Double),
        ("M", SqlType::decimal(4, 2)),
        ("S", SqlType::String),
        ("B", SqlType::Boolean),
        ("N", SqlType::Int),
        ("NS", SqlType::String),
        ("A", SqlType::array(SqlType::Int)),
        ("P", SqlType::Struct(point)),
        ("T", SqlType::Timestamp),
        ("ROWTIME", SqlType::BigInt),
    ] {
        scope.push(Some("R"), name, ty);
    }
    scope
}

/// The type and value of an expression, or the message of its error.
pub(crate) fn evaluate(text: &str) -> Result<(String, String), String> {
    let parsed = headwater_syntax::parse_expression(text).map_err(|found| found.message)?;
    let aliases = Default::default();
    let options = Options {
        clause: Clause::Select,
        aliases: &aliases,
    };
    let compiled = compile(&parsed, &scope(), options).map_err(|found| found.message)?;
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let price = crate::decimal::Decimal::parse("12.50").unwrap();
    let row = [
        Value::Int(7),
        Value::BigInt(5_000_000_000),
        Value::Double(2.5),
        Value::Decimal(&price),
        Value::String("sky"),
        Value::Boolean(true),
        Value::Null,
        Value::Null,
        Value::Array(&[Value::Int(3), Value::Null, Value::Int(1)]),
        Value::Struct(&[Value::Int(4), Value::Null]),
        Value::Timestamp(1_577_836_800_000),
        Value::BigInt(1_577_836_800_000),
    ];
    let cx = EvalContext::new(&arena, &errors, 0, 7);
    let value = compiled.value(&row, &cx);
    let mut spelled = String::new();
    write_text(&mut spelled, value, compiled.ty()).unwrap();
    let ty = compiled.ty().map_or("null".to_owned(), SqlType::to_string);
    Ok((ty, spelled))
}

#[test]
fn the_table_holds() {
    let mut wrong = Vec::new();
    for line in include_str!("tests.txt").lines() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<&str> = line.split(" | ").map(str::trim).collect();
        let [text, ty, value] = cells.as_slice() else {
            panic!("three cells are needed: {line}");
        };
        let value = value.replace("\\n", "\n");
        let holds = match evaluate(text) {
            Ok((found_ty, found)) => found_ty == *ty && found == value,
            Err(message) => *ty == "error" && message.starts_with(&value),
        };
        if !holds {
            wrong.push(format!("{line}\n    found {:?}", evaluate(text)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} lines are wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn errors_are_logged_where_they_are_swallowed() {
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let parsed = headwater_syntax::parse_expression("COALESCE(CAST('x' AS INT), 0)").unwrap();
    let aliases = Default::default();
    let options = Options {
        clause: Clause::Select,
        aliases: &aliases,
    };
    let compiled = compile(&parsed, &ColumnScope::default(), options).unwrap();
    let cx = EvalContext::new(&arena, &errors, 0, 0);
    assert_eq!(compiled.value(&[], &cx), Value::Int(0));
    assert_eq!(errors.take()[0].message, "Cannot cast 'x' to INTEGER");
}
