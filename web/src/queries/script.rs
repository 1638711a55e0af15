//! Reading: a script of SQL with lab commands among it. A command is a line of its own that begins
//! with a noun, where a statement could begin.

use headwater_base::Span;

/// What lab commands begin with; `web/tests/nouns.rs` compares them with the engine's.
pub const NOUNS: [&str; 12] = [
    "topic", "produce", "producer", "consumer", "group", "query", "page", "run", "seed", "sql",
    "broker", "node",
];

/// A part of a script that can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Statements of SQL.
    Sql(Span),
    /// One lab command.
    Command(Span),
    /// The statement of SQL at this place; only the engine can tell where it begins and ends.
    StatementAt(u32),
}

/// Whether a text is a lab command by its first word.
pub fn is_command(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let noun = words.next().is_some_and(|it| NOUNS.contains(&it));
    // RUN SCRIPT is SQL.
    noun && words
        .next()
        .is_some_and(|it| !it.eq_ignore_ascii_case("script"))
}

/// The lines that are lab commands.
pub fn commands(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let (mut at, mut fresh) = (0, true);
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        if fresh && is_command(words) {
            let start = at + (line.len() - line.trim_start().len());
            found.push(Span::new(start as u32, (start + words.len()) as u32));
        } else if !words.is_empty() && !words.starts_with("--") {
            let code = words.split("--").next().unwrap_or(words).trim_end();
            fresh = code.ends_with(';');
        }
        at += line.len();
    }
    found
}

/// The same text with blanks in the place of its lab commands: places stay what they are.
///
/// ```
/// use headwater_web::queries::script::sql_only;
/// assert_eq!(sql_only("topic create a\nSHOW TOPICS;"), "              \nSHOW TOPICS;");
/// ```
pub fn sql_only(text: &str) -> String {
    let mut out = text.to_owned();
    for span in commands(text) {
        let range = span.start as usize..span.end as usize;
        out.replace_range(range.clone(), &" ".repeat(range.len()));
    }
    out
}

/// What `Run` runs at a cursor: the command of its line, or the statement that it is in.
pub fn at_cursor(text: &str, cursor: u32) -> Part {
    let holds = |it: &Span| it.start <= cursor && cursor <= it.end;
    match commands(text).into_iter().find(holds) {
        Some(span) => Part::Command(span),
        None => Part::StatementAt(cursor),
    }
}

/// What `Run` runs of a selection.
pub fn in_selection(text: &str, from: u32, to: u32) -> Part {
    let selected = Span::new(from, to);
    match is_command(selected.of(text)) {
        true => Part::Command(selected),
        false => Part::Sql(selected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "SHOW TOPICS; -- all\n  topic create a\nproduce a key=1\n\n\
        CREATE STREAM S (\ntopic VARCHAR\n) WITH (VALUE_FORMAT='JSON');\nRUN SCRIPT 'x';\nrun 5s";

    #[test]
    fn commands_stand_where_statements_could_begin() {
        let found = commands(SCRIPT);
        let texts: Vec<&str> = found.iter().map(|it| it.of(SCRIPT)).collect();
        assert_eq!(texts, ["topic create a", "produce a key=1", "run 5s"]);
        assert_eq!(sql_only(SCRIPT).len(), SCRIPT.len());
    }

    #[test]
    fn the_cursor_finds_its_command_or_its_statement() {
        let at = |word: &str| SCRIPT.find(word).map(|it| it as u32 + 1);
        let part = |word| at_cursor(SCRIPT, at(word).unwrap());
        assert!(matches!(part("create a"), Part::Command(_)));
        assert!(matches!(part("VARCHAR"), Part::StatementAt(_)));
        assert!(matches!(part("SHOW"), Part::StatementAt(_)));
    }
}
