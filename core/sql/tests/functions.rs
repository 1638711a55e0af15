//! Functions as the pages in `tests/functions` show them, and `docs/functions.md`, which is made
//! of the registry. `UPDATE_EXPECT=1 cargo test` writes both anew.
//!
//! A page has a heading `## NAME` for each of its functions. Lines of its blocks are questions
//! with their answers: `eval` computes a value (with the error behind a null that one made),
//! `types` tells a type, `fold` runs an aggregate whose arguments that are lists give one value
//! to each record, `rows` a table function. What cannot be compiled answers `error:` and the
//! message, its lines joined by ` / `.

use headwater_sql::arena::Arena;
use headwater_sql::engine::Outcome;
use headwater_sql::expression::{
    Clause, ColumnScope, ErrorLog, EvalContext, Options, compile, compile_aggregate,
    compile_table_function,
};
use headwater_sql::function::{CollectLimits, Function, registry};
use headwater_sql::runtime::immediate::Immediate;
use headwater_sql::types::SqlType;
use headwater_sql::value::{OwnedValue, Value, write_text};
use headwater_syntax::ast::{self, ExpressionKind};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// 2023-11-14T22:13:20Z, the time on the clock of every example.
const NOW_MILLIS: i64 = 1_700_000_000_000;

fn options(aliases: &headwater_sql::expression::TypeAliases) -> Options<'_> {
    Options {
        clause: Clause::Select,
        aliases,
    }
}

fn parsed(text: &str) -> Result<ast::Expression, String> {
    headwater_syntax::parse_expression(text).map_err(|found| found.message)
}

fn call_of(text: &str) -> Result<ast::FunctionCall, String> {
    match parsed(text)?.kind {
        ExpressionKind::Call(call) => Ok(call),
        _ => Err("this is no call".to_owned()),
    }
}

fn spelled(value: Value<'_>, ty: Option<&SqlType>) -> String {
    let mut text = String::new();
    write_text(&mut text, value, ty).expect("memory can be written");
    text
}

fn with_errors(text: String, errors: &ErrorLog) -> String {
    let errors = errors.take();
    let errors = errors.iter().map(|error| format!(" ({error})"));
    text + &errors.collect::<String>()
}

fn eval(text: &str) -> Result<String, String> {
    let aliases = Default::default();
    let compiled = compile(&parsed(text)?, &ColumnScope::default(), options(&aliases));
    let compiled = compiled.map_err(|found| found.message)?;
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let value = compiled.value(&[], &EvalContext::new(&arena, &errors, NOW_MILLIS, 1));
    Ok(with_errors(spelled(value, compiled.ty()), &errors))
}

fn type_of(text: &str) -> Result<String, String> {
    let aliases = Default::default();
    let compiled = compile(&parsed(text)?, &ColumnScope::default(), options(&aliases));
    let compiled = compiled.map_err(|found| found.message)?;
    Ok(compiled.ty().map_or("null".to_owned(), SqlType::to_string))
}

fn fold(text: &str) -> Result<String, String> {
    let mut call = call_of(text)?;
    let aliases = Default::default();
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let cx = EvalContext::new(&arena, &errors, NOW_MILLIS, 1);
    let mut scope = ColumnScope::default();
    let mut records: Vec<Vec<OwnedValue>> = Vec::new();
    for (at, argument) in call.arguments.iter_mut().enumerate() {
        if !matches!(argument.kind, ExpressionKind::Array(_)) {
            continue;
        }
        let list = compile(argument, &ColumnScope::default(), options(&aliases));
        let list = list.map_err(|found| found.message)?;
        let (Value::Array(items), Some(SqlType::Array(element))) =
            (list.value(&[], &cx), list.ty())
        else {
            return Err("an argument is no list".to_owned());
        };
        scope.push(None, &format!("V{at}"), (**element).clone());
        *argument = parsed(&format!("v{at}"))?;
        records.resize_with(items.len(), Vec::new);
        for (record, item) in records.iter_mut().zip(items) {
            record.push(item.to_owned());
        }
    }
    let limits = CollectLimits::default();
    let compiled = compile_aggregate(&call, &scope, options(&aliases), limits);
    let aggregate = compiled.map_err(|found| found.message)?.aggregate;
    let mut state = aggregate.initial();
    for record in &records {
        let values: Vec<Value<'_>> = record.iter().map(|value| value.borrow(&arena)).collect();
        let folded = aggregate.add(&mut state, &values);
        folded.map_err(|error| format!("stopped: {error}"))?;
    }
    let result = aggregate.result(&state, &arena);
    Ok(spelled(result, Some(&aggregate.result_type())))
}

fn rows(text: &str) -> Result<String, String> {
    let aliases = Default::default();
    let call = call_of(text)?;
    let compiled = compile_table_function(&call, &ColumnScope::default(), options(&aliases));
    let compiled = compiled.map_err(|found| found.message)?;
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let rows = compiled.rows(&[], &EvalContext::new(&arena, &errors, NOW_MILLIS, 1));
    let ty = SqlType::array(compiled.ty().clone());
    Ok(with_errors(spelled(Value::Array(rows), Some(&ty)), &errors))
}

fn answer(kind: &str, text: &str) -> String {
    let found = match kind {
        "types" => type_of(text),
        "fold" => fold(text),
        "rows" => rows(text),
        _ => eval(text),
    };
    found.unwrap_or_else(|message| format!("error: {}", message.replace('\n', " / ")))
}

/// The page with all answers as they are now.
fn run(text: &str) -> String {
    let (mut out, mut kind) = (String::new(), "");
    for line in text.lines() {
        match line.strip_prefix("```") {
            Some(opened) => kind = opened,
            None if !kind.is_empty() && !line.is_empty() => {
                let asked = line.rsplit_once(" -> ").map_or(line, |(asked, _)| asked);
                let _ = writeln!(out, "{asked} -> {}", answer(kind, asked));
                continue;
            }
            None => {}
        }
        let _ = writeln!(out, "{line}");
    }
    out
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/functions")
}

fn pages() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).expect("the folder is there");
    let mut pages: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    pages.sort();
    pages
}

/// Compares a file with what it should be, or writes it.
#[allow(
    clippy::disallowed_methods,
    reason = "whether to update is said in the environment"
)]
fn keep(path: &Path, actual: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    if text == actual {
        return None;
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(path, actual).expect("it can be written");
        return None;
    }
    let mut out = format!("{}:\n", path.display());
    let (old, new): (Vec<&str>, Vec<&str>) = (text.lines().collect(), actual.lines().collect());
    for line in 0..old.len().max(new.len()) {
        let (a, b) = (old.get(line).unwrap_or(&""), new.get(line).unwrap_or(&""));
        if a != b {
            let _ = writeln!(out, "  {}: - {a}\n  {}: + {b}", line + 1, line + 1);
        }
    }
    Some(out)
}

#[test]
fn functions_do_what_the_pages_say() {
    let found = pages().into_iter().filter_map(|path| {
        let text = std::fs::read_to_string(&path).expect("a text");
        keep(&path, &run(&text))
    });
    let wrong: Vec<String> = found.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_function_has_its_place_on_a_page() {
    let mut shown = BTreeSet::new();
    for path in pages() {
        let text = std::fs::read_to_string(&path).expect("a text");
        let names = text.lines().filter_map(|line| line.strip_prefix("## "));
        for name in names {
            assert!(shown.insert(name.to_owned()), "{name} is shown twice");
        }
    }
    let all: BTreeSet<String> = registry().all().map(|f| f.name.to_owned()).collect();
    assert_eq!(shown, all);
}

/// The page that lists all functions.
fn reference() -> String {
    let mut out = String::from(
        "# Functions\n\nMade from the registry that also answers SHOW FUNCTIONS and DESCRIBE \
         FUNCTION; a test keeps the two equal. Each example is run as a test: an expression, and \
         what CAST to STRING makes of it. In examples of aggregates an argument that is a list \
         gives one value to each record of a group; in those of table functions the result lists \
         the rows.\n",
    );
    let categories: BTreeSet<_> = registry().all().map(|function| function.category).collect();
    for category in categories {
        let _ = writeln!(out, "\n## {}", category.name());
        let of_category = registry().all().filter(|f| f.category == category);
        of_category.for_each(|function| entry(function, &mut out));
    }
    out
}

fn entry(function: &Function, out: &mut String) {
    let help = function.help();
    let _ = writeln!(out, "\n### {}\n\n{}\n\n```", help.name, help.summary);
    help.signatures.iter().for_each(|signature| {
        let _ = writeln!(out, "{signature}");
    });
    let (example, gives) = help.example;
    let _ = writeln!(out, "```\n\nExample: `{example}` gives `{gives}`.");
}

#[test]
fn the_reference_is_that_of_the_registry() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/functions.md");
    let wrong = keep(&path, &reference());
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
}

#[test]
fn show_functions_lists_the_registry() {
    let text = "SHOW FUNCTIONS;";
    let parsed = headwater_syntax::parse(text);
    let done = Immediate::default().execute(&parsed.statements[0], text);
    let Ok(Outcome::Rows(rows)) = done.map(|done| done.outcome) else {
        panic!("SHOW FUNCTIONS answers with rows")
    };
    let columns: Vec<&str> = rows.columns.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(columns, ["Function Name", "Category"]);
    let listed: Vec<Vec<OwnedValue>> = rows.rows.iter().map(|row| row.values.to_vec()).collect();
    let expected = registry().all().map(|f| {
        vec![
            OwnedValue::from(f.name),
            OwnedValue::from(f.category.name()),
        ]
    });
    assert_eq!(listed, expected.collect::<Vec<_>>());
}
