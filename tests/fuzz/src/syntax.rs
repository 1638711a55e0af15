//! Texts as statements: the parser gives a sound tree and sound findings for any text, and what
//! it could read prints to a text that reads back as the same tree.

use headwater_syntax::ast::{MapSpans, without_spans};
use headwater_syntax::printer::{self, Quoting};
use headwater_syntax::{highlight, parse, parse_expression, statement_at, substitute};

/// Places are in the text and in order; each range is a statement or has an error.
pub(crate) fn parser(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    let parsed = parse(text);
    let mut end = 0;
    for range in &parsed.ranges {
        assert!(end <= range.start && range.start < range.end);
        assert!(text.get(range.start as usize..range.end as usize).is_some());
        end = range.end;
    }
    for statement in &parsed.statements {
        assert!(parsed.ranges.contains(&statement.span));
        let mut tree = statement.clone();
        tree.map_spans(&mut |span| assert!(span.start <= span.end));
    }
    for found in &parsed.diagnostics {
        let span = found.span.expect("every finding has a place");
        assert!(text.get(span.start as usize..span.end as usize).is_some());
        assert!(!found.message.is_empty() && !found.code.is_empty());
    }
    let broken = parsed.ranges.len() - parsed.statements.len();
    assert_eq!(parsed.errors().count(), broken);
    let mut end = 0;
    for (span, _) in highlight(text) {
        assert!(end <= span.start && span.start < span.end);
        end = span.end;
    }
    for at in [0, text.len() / 3, text.len()] {
        statement_at(text, at as u32);
    }
    let _ = substitute(text, |name| Some(format!("'{name}")));
    let _ = substitute(text, |_| Some("-1".to_owned()));
}

/// Parse, print, parse: the same tree; and the text as an expression likewise.
pub(crate) fn printer(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    for statement in parse(text).statements {
        let printed = format!("{};", printer::statement(&statement));
        let again = parse(&printed);
        if again.errors().any(|found| found.code == "too-deep") {
            // What is printed has brackets that the text did not need.
            continue;
        }
        let errors: Vec<_> = again.errors().collect();
        assert!(errors.is_empty(), "{printed}\n{errors:?}");
        let [again] = <[_; 1]>::try_from(again.statements).expect("one statement");
        assert_eq!(format!("{};", printer::statement(&again)), printed);
        assert_eq!(
            printer::normal_form(again),
            printer::normal_form(statement),
            "{printed}"
        );
    }
    if let Ok(tree) = parse_expression(text) {
        expression(&tree);
    }
}

fn expression(tree: &headwater_syntax::ast::Expression) {
    let printed = printer::expression(tree, Quoting::Needed);
    let again = match parse_expression(&printed) {
        Ok(again) => again,
        Err(found) if found.code == "too-deep" => return,
        Err(found) => panic!("{printed}\n{found:?}"),
    };
    assert_eq!(
        without_spans(again),
        without_spans(tree.clone()),
        "{printed}"
    );
}
