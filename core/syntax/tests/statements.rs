//! Each kind of statement, right and wrong: what is read, with all its places, and what is said.
//!
//! The statements are in `samples/*.sql`, one a line; what must come of them is beside them.
//! `UPDATE_EXPECT=1 cargo test -p headwater-syntax` writes it anew.

use expect_test::expect_file;
use headwater_base::{Diagnostic, Span};
use headwater_syntax::ast::{MapSpans, Statement};
use headwater_syntax::{parse, printer};
use std::fmt::Write;

#[test]
fn right_statements() {
    let mut report = String::new();
    for text in include_str!("samples/ok.sql").lines() {
        let parsed = parse(text);
        assert_eq!(parsed.diagnostics, [], "{text}");
        let [statement] = parsed.statements.as_slice() else {
            panic!("one statement in {text}");
        };
        assert_eq!(statement.span.of(text), text);
        describe(&mut report, text, statement);
    }
    expect_file!["samples/ok.txt"].assert_eq(&report);
}

#[test]
fn wrong_statements() {
    let mut report = String::new();
    for text in include_str!("samples/err.sql").lines() {
        // What stands before and behind a broken statement is read all the same.
        let script = format!("LIST TOPICS;\n{text}\nLIST TYPES;");
        let around = parse(&script);
        assert_eq!(around.statements.len(), 2, "{text}");
        let parsed = parse(text);
        assert_eq!(parsed.statements, [], "{text}");
        assert_eq!(parsed.diagnostics.len(), 1, "{text}");
        explain(&mut report, text, &parsed.diagnostics[0]);
    }
    expect_file!["samples/err.txt"].assert_eq(&report);
}

/// The statement's kind, its reformatted text, and the text at each place in its tree.
fn describe(report: &mut String, text: &str, statement: &Statement) {
    let debug = format!("{:?}", statement.kind);
    let kind = debug.split(['(', ' ']).next().unwrap_or("");
    let mut places = Vec::new();
    statement.clone().map_spans(&mut |span| places.push(*span));
    places.retain(|span| *span != statement.span && span.start < span.end);
    places.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    places.dedup();
    writeln!(report, "{text}\n  is {kind}").expect("a string takes all");
    for line in printer::statement(statement).lines() {
        writeln!(report, "  | {}", line.trim_end()).expect("a string takes all");
    }
    let places: Vec<&str> = places.iter().map(|span| span.of(text)).collect();
    assert!(
        places
            .iter()
            .all(|place| place.trim() == *place && !place.is_empty())
    );
    writeln!(report, "  {}\n", places.join(" · ")).expect("a string takes all");
}

fn explain(report: &mut String, text: &str, found: &Diagnostic) {
    let span = found.span.unwrap_or(Span::new(0, 0));
    let marks = "^".repeat(((span.end - span.start) as usize).max(1));
    writeln!(report, "{text}\n{}{marks}", " ".repeat(span.start as usize)).expect("fits");
    writeln!(report, "  {}", found.code).expect("a string takes all");
    let message = found.message.replace(text, "…");
    for line in message.lines() {
        writeln!(report, "  | {}", line.trim_end()).expect("a string takes all");
    }
    for hint in &found.hints {
        writeln!(report, "  > {hint}").expect("a string takes all");
    }
    report.push('\n');
}
