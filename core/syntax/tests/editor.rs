//! What an editor asks: which statement the cursor is in, what to colour how, and what variables
//! stand for.

use headwater_base::Span;
use headwater_syntax::{
    HighlightKind, highlight, parse, statement_at, statement_ranges, substitute,
};

fn texts(text: &str) -> Vec<&str> {
    let ranges = statement_ranges(text);
    ranges.into_iter().map(|range| range.of(text)).collect()
}

#[test]
fn ranges_hold_broken_statements() {
    let text = "LIST TOPICS;\nSELEC 1 ';' x;\nCREATE STREAM s (a INT\nCREATE TYPE t AS INT;\n";
    assert_eq!(
        texts(text),
        [
            "LIST TOPICS;",
            "SELEC 1 ';' x;",
            "CREATE STREAM s (a INT",
            "CREATE TYPE t AS INT;"
        ]
    );
    let parsed = parse(text);
    assert_eq!(parsed.statements.len(), 2);
    let in_third: Vec<_> = parsed.diagnostics_in(parsed.ranges[2]).collect();
    assert_eq!(in_third.len(), 1);
    assert!(parsed.statement_in(parsed.ranges[3]).is_some());
}

#[test]
fn a_missing_semicolon_ends_at_the_next_statement() {
    let text = "SELECT * FROM s EMIT CHANGES\nSELECT * FROM t;";
    assert_eq!(
        texts(text),
        ["SELECT * FROM s EMIT CHANGES", "SELECT * FROM t;"]
    );
    assert_eq!(parse(text).diagnostics[0].code, "missing-semicolon");
    let unfinished = parse("LIST TOPICS");
    assert_eq!(unfinished.diagnostics[0].code, "missing-semicolon");
}

#[test]
fn semicolons_in_strings_and_comments_end_nothing() {
    let text = "SET 'a' = ';'; -- ; \n/* ; */ UNSET ';';";
    assert_eq!(texts(text), ["SET 'a' = ';';", "UNSET ';';"]);
}

#[test]
fn the_cursor_finds_its_statement() {
    let text = "LIST TOPICS; LIST TYPES;\n\n  LIST STREAMS;\n";
    let at = |offset: u32| statement_at(text, offset).map(|span| span.of(text));
    assert_eq!(at(0), Some("LIST TOPICS;"));
    assert_eq!(at(12), Some("LIST TOPICS;"));
    assert_eq!(at(13), Some("LIST TYPES;"));
    assert_eq!(at(24), Some("LIST TYPES;"));
    assert_eq!(at(25), Some("LIST STREAMS;"));
    assert_eq!(at(text.len() as u32), Some("LIST STREAMS;"));
    assert_eq!(statement_at(" -- nothing", 3), None);
}

#[test]
fn an_empty_comment_takes_the_next_line() {
    let parsed = parse("LIST TOPICS;\n--\nLIST TYPES;\nLIST STREAMS;");
    assert_eq!(parsed.statements.len(), 2);
    assert!(parsed.is_ok());
    assert_eq!(parsed.diagnostics[0].code, "comment-takes-next-line");
    assert_eq!(parse("--\n\nLIST TYPES;").diagnostics, []);
}

#[test]
fn words_are_coloured_by_what_they_are() {
    use HighlightKind::*;
    let text = "CREATE STREAM date (id ARRAY<DATE> KEY, x my_type) \
                WITH (source='a${v}b'); --@ d\nSELECT a->if, IF(${w}, 1.5, ?";
    let pieces: Vec<(&str, HighlightKind)> = highlight(text)
        .into_iter()
        .filter(|(_, kind)| *kind != Operator)
        .map(|(span, kind)| (span.of(text), kind))
        .collect();
    let expected = [
        ("CREATE", Keyword),
        ("STREAM", Keyword),
        ("date", Identifier),
        ("id", Identifier),
        ("ARRAY", Type),
        ("DATE", Type),
        ("KEY", Keyword),
        ("x", Identifier),
        ("my_type", Type),
        ("WITH", Keyword),
        ("source", Identifier),
        ("'a", String),
        ("${v}", Variable),
        ("b'", String),
        ("--@ d", Comment),
        ("SELECT", Keyword),
        ("a", Identifier),
        ("if", Identifier),
        ("IF", Function),
        ("${w}", Variable),
        ("1.5", Number),
        ("?", Error),
    ];
    assert_eq!(pieces, expected);
}

fn lookup(name: &str) -> Option<std::string::String> {
    let value = match name {
        "NAME" => "orders",
        "QUOTED" => "`my orders`",
        "WORD" => "`Orders`",
        "TEXT" => "'it's'",
        "NUMBER" => "-1.5e3",
        "TRUTH" => "True",
        "ATTACK" => "s; DROP STREAM t",
        "COMMENT" => "a -- b",
        "RESERVED" => "FROM",
        _ => return None,
    };
    Some(value.to_owned())
}

#[test]
fn variables_are_replaced_where_they_fit() {
    let replaced = |text: &str| substitute(text, lookup).map(|found| found.text);
    let cases = [
        ("SELECT * FROM ${name};", "SELECT * FROM orders;"),
        ("SELECT ${Word};", "SELECT `Orders`;"),
        ("${text}, ${number}, ${truth}", "'it''s', -1.5e3, True"),
        ("1 -${number}", "1 - -1.5e3"),
        ("'a ${attack} ${text}'", "'a s; DROP STREAM t ''it''s'''"),
        (
            "${unknown} '${unknown}' `${name}` -- ${name}",
            "${unknown} '${unknown}' `${name}` -- ${name}",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(replaced(text).as_deref(), Ok(expected));
    }
}

#[test]
fn variables_cannot_inject() {
    for name in ["attack", "comment", "reserved", "quoted"] {
        let text = format!("SELECT * FROM ${{{name}}};");
        let found = substitute(&text, lookup).expect_err("it is refused");
        assert_eq!(found.code, "variable-value");
        assert_eq!(found.span.map(|span| span.start), Some(14));
    }
}

#[test]
fn places_are_found_back_in_the_original() {
    let text = "SELECT a FROM ${name} WHERE b = ${number};";
    let found = substitute(text, lookup).expect("both have values");
    assert_eq!(found.used, ["NAME", "NUMBER"]);
    let original = |part: &str| {
        let start = found.text.find(part).expect("it is there") as u32;
        found
            .original(Span::new(start, start + part.len() as u32))
            .of(text)
    };
    for (part, expected) in [
        ("SELECT a", "SELECT a"),
        ("orders", "${name}"),
        ("rder", "${name}"),
        ("FROM orders WHERE", "FROM ${name} WHERE"),
        ("b =", "b ="),
        ("-1.5e3", "${number}"),
        (";", ";"),
    ] {
        assert_eq!(original(part), expected);
    }
}
