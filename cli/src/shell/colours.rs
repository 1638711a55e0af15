//! Colours of what is typed at the prompt: statements by the parser, commands by their first
//! words. A terminal's own eight colours are used, so that its theme decides what they look like.

use headwater_core::playground::prompt::{Entry, Typed};
use headwater_syntax::{HighlightKind, highlight};
use nu_ansi_term::{Color, Style};
use reedline::{Highlighter, StyledText};

/// Colours statements and commands while they are typed.
pub(super) struct Colours;

impl Highlighter for Colours {
    fn highlight(&self, line: &str, _cursor: usize) -> StyledText {
        let mut styled = StyledText::new();
        let mut end = 0;
        for (start, stop, style) in pieces(line) {
            styled.push((Style::new(), line[end..start].to_owned()));
            styled.push((style, line[start..stop].to_owned()));
            end = stop;
        }
        styled.push((Style::new(), line[end..].to_owned()));
        styled
    }
}

/// Where which style is, in order.
fn pieces(text: &str) -> Vec<(usize, usize, Style)> {
    let typed = Typed::read(text);
    let rest = typed.rest as usize;
    let mut found = Vec::new();
    for (entry, span) in &typed.entries {
        match entry {
            Entry::Sql => statement(text, span.start as usize, span.end as usize, &mut found),
            _ => found.extend(first_words(text, span.start as usize, span.end as usize)),
        }
    }
    statement(text, rest, text.len(), &mut found);
    found
}

fn statement(text: &str, start: usize, end: usize, found: &mut Vec<(usize, usize, Style)>) {
    let place = |at: u32| start + at as usize;
    let pieces = highlight(&text[start..end]).into_iter();
    found.extend(
        pieces.filter_map(|(span, kind)| Some((place(span.start), place(span.end), style(kind)?))),
    );
}

/// Noun and verb of a command, or the prompt's own word.
fn first_words(text: &str, start: usize, end: usize) -> Option<(usize, usize, Style)> {
    let line = &text[start..end];
    let words: Vec<&str> = line.split_whitespace().collect();
    let [first, rest @ ..] = words.as_slice() else {
        return None;
    };
    let second = rest.first().filter(|word| !word.contains('='));
    let length = match second {
        Some(word) => {
            line.find(first)? + first.len() + line[first.len()..].find(word)? + word.len()
        }
        None => first.len(),
    };
    Some((start, start + length, Color::Cyan.bold()))
}

fn style(kind: HighlightKind) -> Option<Style> {
    Some(match kind {
        HighlightKind::Keyword => Color::Blue.bold(),
        HighlightKind::Function => Color::Cyan.normal(),
        HighlightKind::Type => Color::Purple.normal(),
        HighlightKind::String | HighlightKind::Number => Color::Green.normal(),
        HighlightKind::Variable => Color::Yellow.normal(),
        HighlightKind::Comment => Style::new().dimmed(),
        HighlightKind::Error => Color::Red.underline(),
        HighlightKind::Identifier | HighlightKind::QuotedIdentifier | HighlightKind::Operator => {
            return None;
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn styled(text: &str) -> Vec<(&str, Style)> {
        let cut = |(start, end, style): &(usize, usize, Style)| (&text[*start..*end], *style);
        pieces(text).iter().map(cut).collect()
    }

    #[test]
    fn words_that_may_be_names_are_told_apart_by_the_parser() {
        let found = styled("SELECT KEY FROM S;");
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], ("FROM", Color::Blue.bold()));
    }

    #[test]
    fn commands_and_statements_may_stand_together() {
        let text = "topic create t partitions=3\nrun 10s\nSELECT 'a";
        let found: Vec<&str> = styled(text).into_iter().map(|it| it.0).collect();
        assert_eq!(found[..3], ["topic create", "run 10s", "SELECT"]);
    }

    #[test]
    fn nothing_is_lost_or_added() {
        for text in [
            "",
            "  ",
            "run",
            "SELECT 'é",
            "help count; LIST TOPICS",
            "# a\n--b\nLIST",
        ] {
            let shown = Colours.highlight(text, 0);
            let whole: String = shown
                .buffer
                .iter()
                .map(|(_, piece)| piece.as_str())
                .collect();
            assert_eq!(whole, text);
        }
    }
}
