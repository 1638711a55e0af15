//! Broken, deep and huge texts: the parser says so, in bounded time and stack, and never panics.

mod common;

use headwater_base::Chance;
use headwater_base::limits::{DEPTH_MAX, SCRIPT_BYTES_MAX};
use headwater_syntax::ast::MapSpans;
use headwater_syntax::{highlight, parse, printer, statement_at, substitute};

const SAMPLES: &str = concat!(
    include_str!("samples/ok.sql"),
    include_str!("samples/err.sql")
);

/// Everything that takes a text, with what must hold for any text.
fn exercise(text: &str) {
    let parsed = parse(text);
    let mut end = 0;
    for range in &parsed.ranges {
        assert!(end <= range.start && range.start < range.end, "{text:?}");
        assert!(!range.of(text).is_empty(), "{text:?}");
        end = range.end;
    }
    for statement in &parsed.statements {
        assert!(parsed.ranges.contains(&statement.span), "{text:?}");
        let mut tree = statement.clone();
        tree.map_spans(&mut |span| assert!(span.start <= span.end, "{text:?}"));
        printer::statement(statement);
    }
    for found in &parsed.diagnostics {
        let span = found.span.expect("every finding has a place");
        assert!(
            text.get(span.start as usize..span.end as usize).is_some(),
            "{text:?}"
        );
    }
    let broken = parsed.ranges.len() - parsed.statements.len();
    assert_eq!(parsed.errors().count(), broken, "{text:?}");
    let mut end = 0;
    for (span, _) in highlight(text) {
        assert!(end <= span.start && span.start < span.end, "{text:?}");
        end = span.end;
    }
    let middle = (0..=text.len() / 2)
        .rev()
        .find(|at| text.is_char_boundary(*at));
    statement_at(text, middle.unwrap_or(0) as u32);
    let _ = substitute(text, |name| Some(format!("'{name}")));
    let _ = substitute(text, |_| Some("-1".to_owned()));
}

#[test]
fn mutated_texts() {
    let mut chance = Chance::new(2024, "syntax mutations");
    let mut corpus: Vec<String> = SAMPLES.lines().map(str::to_owned).collect();
    let cases = common::cases();
    corpus.extend(
        cases
            .into_iter()
            .step_by(17)
            .map(|case| case.statements.join("\n")),
    );
    let words: Vec<String> = SAMPLES.split_whitespace().map(str::to_owned).collect();
    for _ in 0..6_000 {
        let mut text = chance.pick(&corpus).cloned().unwrap_or_default();
        for _ in 0..chance.range(1, 4) {
            mutate(&mut text, &mut chance, &words);
        }
        exercise(&text);
    }
}

fn mutate(text: &mut String, chance: &mut Chance, words: &[String]) {
    const ODD: &[char] = &[
        '\'', '"', '`', '(', ')', '[', ']', '<', '>', ';', '-', '/', '*', '$', '{', '}', '\n', '@',
        '.', 'e', '9', 'é', '€', '\0', '\u{202e}', ' ',
    ];
    let at = boundary(text, chance.range(0, text.len() as i64) as usize);
    match chance.range(0, 4) {
        0 => text.insert(at, chance.pick(ODD).copied().unwrap_or(' ')),
        1 if at < text.len() => drop(text.remove(at)),
        2 => {
            let word = chance.pick(words).cloned().unwrap_or_default();
            text.insert_str(at, &format!(" {word} "));
        }
        3 => text.truncate(at),
        _ => {
            let to = boundary(text, (at + chance.range(0, 12) as usize).min(text.len()));
            let piece = text[at..to].to_owned();
            text.insert_str(at, &piece);
        }
    }
}

fn boundary(text: &str, at: usize) -> usize {
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// A browser gives a thread of WebAssembly one megabyte of stack.
#[allow(
    clippy::disallowed_methods,
    reason = "only a new thread has a stack of a chosen size"
)]
fn with_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(work);
    thread.expect("a thread starts").join().expect("no panic");
}

#[test]
fn deep_texts_are_refused() {
    with_a_small_stack(|| {
        let repeat = |open: &str, close: &str| {
            let (open, close) = (open.repeat(20_000), close.repeat(20_000));
            format!("{open}a{close}")
        };
        let expressions = [
            repeat("(", ")"),
            repeat("NOT ", ""),
            repeat("- ", ""),
            repeat("+", ""),
            repeat("F(", ")"),
            repeat("F(a, x => ", ")"),
            repeat("CASE WHEN ", " THEN 1 END"),
            repeat("CAST(", " AS INT)"),
            repeat("ARRAY[", "]"),
            repeat("STRUCT(b := ", ")"),
            repeat("MAP('k' := ", ")"),
            repeat("", " + 1"),
            repeat("", "[1]"),
            repeat("", "->f"),
            repeat("", " AT TIME ZONE 'x'"),
            repeat("(((", " + 1) * 2) OR c)"),
            repeat("a IN (", ")"),
            repeat("a[", "]"),
        ];
        for expression in expressions {
            refused(&format!("SELECT {expression} FROM s;"));
        }
        refused(&format!("CREATE STREAM s (a {});", repeat("ARRAY<", ">")));
        refused(&format!(
            "CREATE STREAM s (a {});",
            repeat("STRUCT<b ", ">")
        ));
        refused(&format!(
            "CREATE STREAM s (a INT{});",
            " ARRAY".repeat(20_000)
        ));
        refused(&format!("{} LIST TOPICS;", "EXPLAIN ".repeat(20_000)));
    });
}

fn refused(text: &str) {
    let parsed = parse(&format!("{text}\nLIST TOPICS;"));
    let start = &text[..40.min(text.len())];
    let codes: Vec<&str> = parsed.errors().map(|found| found.code.as_str()).collect();
    assert_eq!(codes, ["too-deep"], "{start}");
    assert_eq!(parsed.statements.len(), 1, "{start}");
}

#[test]
fn long_chains_are_not_deep() {
    with_a_small_stack(|| {
        for operator in ["AND", "OR", "||"] {
            let chain = format!(" {operator} b").repeat(5_000);
            let text = format!("SELECT a{chain} FROM s;");
            assert_eq!(parse(&text).diagnostics, [], "{operator}");
            exercise(&text);
        }
    });
}

#[test]
fn texts_at_the_limit_are_read() {
    with_a_small_stack(|| {
        let depth = DEPTH_MAX as usize - 2;
        let nested = format!("{}a{}", "F(".repeat(depth), ")".repeat(depth));
        let chained = format!("a{}", " + 1".repeat(depth));
        let text = format!("SELECT {nested}, {chained} FROM s;");
        let parsed = parse(&text);
        assert_eq!(parsed.diagnostics, []);
        exercise(&text);
    });
}

#[test]
fn huge_texts_are_refused() {
    let parsed = parse(&"x".repeat(SCRIPT_BYTES_MAX + 1));
    assert_eq!(parsed.diagnostics[0].code, "script-too-long");
    let many = parse(&"LIST TYPES;".repeat(10_001));
    assert_eq!(many.diagnostics[0].code, "too-many-statements");
    assert_eq!(many.statements.len(), 10_000);
}

/// Each of these would take minutes if any part looked at the whole text for each token.
#[test]
fn long_texts_take_linear_time() {
    let length = 200_000;
    for piece in [
        "(", "x ", ", ", "'", "a.", "\n-- c", "/*", "SELECT ", "${", ";", "[", "é",
    ] {
        exercise(&piece.repeat(length / piece.len()));
    }
    exercise(&format!(
        "SELECT {} FROM s;",
        "F(a, (x, y) => x), ".repeat(5_000)
    ));
    exercise(&"SELEC 1;\n".repeat(9_000));
    exercise(&"SELEC 1;".repeat(9_000));
    exercise(&format!("SELEC {}", "CREATE ".repeat(30_000)));
}
