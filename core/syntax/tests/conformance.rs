//! Every statement of ksqlDB's own validation cases that is meant to parse does, and prints back
//! to itself; what is a syntax error there is one here, with the same words.

mod common;

use headwater_syntax::{parse, printer};

/// The refusals of these cases that a parser gives.
fn is_syntax_error(message: &str) -> bool {
    const WORDS: &[&str] = &[
        "Syntax Error",
        "Syntax error",
        "Number overflows",
        "Invalid numeric literal",
        "Value must be integer for command",
        "ParseFailedException",
    ];
    WORDS.iter().any(|words| message.contains(words))
}

#[test]
fn statements_of_the_cases_parse() {
    let (mut count, mut wrong) = (0, Vec::new());
    for case in common::cases() {
        let expected = case.refused.filter(|message| is_syntax_error(message));
        for (index, statement) in case.statements.iter().enumerate() {
            let last = index + 1 == case.statements.len();
            let parsed = parse(statement);
            count += 1;
            if parsed.is_ok() == (last && expected.is_some()) {
                let found = parsed.diagnostics.first().map(|found| &found.message);
                wrong.push(format!("{}\n  {statement}\n  {found:?}", case.name));
            }
        }
    }
    eprintln!("{count} statements");
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn syntax_errors_have_ksqldbs_words() {
    let mut wrong = Vec::new();
    for case in common::cases() {
        let Some(message) = case.refused.filter(|message| is_syntax_error(message)) else {
            continue;
        };
        // The validation cases are joined to one script; the others run one by one.
        let script = case.statements.join("\n");
        let last = case.statements.last().cloned().unwrap_or_default();
        let found: Vec<String> = [script, last]
            .iter()
            .flat_map(|text| parse(text).diagnostics)
            .map(|found| found.message)
            .collect();
        let is_type = message.contains("ParseFailedException");
        let fits = |text: &String| is_type || text.contains(&message);
        if !found.iter().any(fits) {
            wrong.push(format!(
                "{}\n  want {message:?}\n  have {found:?}",
                case.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn printed_statements_read_back() {
    let samples = include_str!("samples/ok.sql").lines().map(str::to_owned);
    let cases = common::cases().into_iter().flat_map(|case| case.statements);
    let mut wrong = Vec::new();
    for text in samples.chain(cases) {
        for statement in parse(&text).statements {
            let printed = printer::statement(&statement);
            let read = parse(&format!("{};", printed.trim_end_matches(';')));
            let same = matches!(read.statements.as_slice(), [again]
                if printer::normal_form(again.clone()) == printer::normal_form(statement));
            if !same {
                wrong.push(format!("{text}\n  -> {printed}\n  {:?}", read.diagnostics));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
