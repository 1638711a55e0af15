//! Scripts: statements of SQL with lab commands among them.
//!
//! A command is a line of its own, with a lab's noun in front, where a statement could begin; the
//! prompt and the page's editor have the same rule. Blocks of lessons keep the two apart.

use super::player::{Item, What, numbered, statements};
use crate::command::Line;
use crate::playground::prompt::is_command;
use headwater_base::{Diagnostic, Span, order};
use headwater_syntax::lexer::tokenize;
use headwater_syntax::token::{Symbol, TokenKind};

/// All that a script says, in order; or every command of it that cannot be read.
///
/// ```
/// use headwater_core::lesson::script::items;
/// let found = items("topic create a\nSHOW TOPICS; -- all\nrun 5s\n").unwrap();
/// assert_eq!(found.len(), 3);
/// let wrong = items("SHOW TOPICS;\ntopic craete a\n").unwrap_err();
/// assert_eq!(wrong[0].span.unwrap().start, 13);
/// ```
pub fn items(text: &str) -> Result<Vec<Item>, Vec<Diagnostic>> {
    let commands = commands(text);
    let mut sql = text.to_owned();
    for span in &commands {
        let range = span.start as usize..span.end as usize;
        let blanks = " ".repeat(range.len());
        sql.replace_range(range, &blanks);
    }
    let mut items: Vec<Item> = statements(&sql, 0, 0).collect();
    let mut wrong = Vec::new();
    for span in commands {
        match Line::parse(span.of(text)) {
            Ok(line) => items.extend(line.map(|line| Item {
                number: 0,
                part: 0,
                what: What::Line(line),
                span,
            })),
            Err(malformed) => wrong.push(malformed.shifted(span.start)),
        }
    }
    order::sort_by_key(&mut items, |item| item.span.start);
    match wrong.is_empty() {
        true => Ok(numbered(items)),
        false => Err(wrong),
    }
}

/// The lines that are lab commands. Behind each the text is cut into tokens anew, since a quote in
/// a command says nothing about SQL.
fn commands(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(span) = next_command(text, from) {
        from = span.end as usize;
        found.push(span);
    }
    found
}

/// The first command behind `from`, where a statement could begin.
fn next_command(text: &str, from: usize) -> Option<Span> {
    let mut fresh = true;
    for token in tokenize(&text[from..]) {
        if token.kind.is_trivia() {
            continue;
        }
        let start = from + token.span.start as usize;
        let line = text[start..].lines().next().unwrap_or("").trim_end();
        if fresh && is_command(line) {
            return Some(Span::new(start as u32, (start + line.len()) as u32));
        }
        fresh = token.kind == TokenKind::Symbol(Symbol::Semicolon);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_stand_where_statements_could_begin() {
        let text = "-- it's\nproduce t value={\"v\": \"it's\"}\n\
            CREATE STREAM s (\ntopic INT) WITH (a='b');\n\
            RUN SCRIPT 'x';\n  run 5s\nSHOW TOPICS;";
        let found = items(text).expect("all commands are right");
        let said: Vec<&str> = found.iter().map(|item| item.span.of(text)).collect();
        assert_eq!(said.len(), 5, "{said:?}");
        assert_eq!(
            (said[0], said[3]),
            ("produce t value={\"v\": \"it's\"}", "run 5s")
        );
        let numbers: Vec<u64> = found.iter().map(|item| item.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
    }
}
