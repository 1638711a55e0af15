//! Every key of every command refuses what it cannot be, at its place, and says what is possible.

use headwater_core::command::Line;
use headwater_core::command::table::{FORMS, Form, Kind};
use headwater_log::config;

/// A form's example with `word` put before its other keys.
fn with(form: &Form, word: &str) -> String {
    // What follows sql is one quoted word.
    if form.noun == "sql" {
        return format!("{} {word}", form.example);
    }
    let head = form.title().split(' ').count() + usize::from(form.subject.is_some());
    let words: Vec<&str> = form.example.split(' ').collect();
    let key = word.split_once('=').map_or("", |it| it.0);
    let rest = words.iter().skip(head);
    let rest = rest.filter(|it| it.split_once('=').is_none_or(|it| it.0 != key));
    let rest: Vec<&str> = rest.copied().collect();
    format!("{} {word} {}", words[..head].join(" "), rest.join(" "))
}

fn impossible(kind: &Kind) -> Vec<String> {
    let texts: &[&str] = match kind {
        Kind::Name => &["''"],
        Kind::Names => &["a,,b", "''"],
        Kind::Text => &["{\"a\""],
        Kind::Count { low, high } => {
            let below = low.checked_sub(1).map(|it| it.to_string());
            let above = high.checked_add(1).map(|it| it.to_string());
            let others = ["x", "1.5", "''"].map(str::to_owned);
            return below.into_iter().chain(above).chain(others).collect();
        }
        Kind::Duration => &["fast", "10", "-1s"],
        Kind::DurationRange => &["2s..1s", "fast"],
        Kind::Rate => &["0/s", "7"],
        Kind::OneOf(_) => &["nonsense", "''"],
        Kind::Generator => &["nonsense"],
        Kind::Fields => &["a:"],
        Kind::Percent => &["200%", "3"],
        Kind::Place => &["never"],
    };
    texts.iter().map(|it| (*it).to_owned()).collect()
}

/// The line is refused, and the place of the error touches `word`.
fn assert_refused(line: &str, word: &str) {
    let found = Line::parse(line).expect_err(line);
    let span = found.span.unwrap_or_else(|| panic!("{line}: no place"));
    let at = line.find(word).expect("it is in the line");
    let (start, end) = (span.start as usize, span.end as usize);
    // JSON ends where the line does, and is wrong where the next word begins.
    assert!(
        start <= at + word.len() + 1 && end > at,
        "{line}: {found:?}"
    );
    let told = format!("{} {}", found.message, found.hints.join(" "));
    assert!(told.len() > word.len() + 20, "{line}: {told}");
}

#[test]
fn impossible_values_of_every_key_are_refused_at_their_place() {
    let mut tried = 0;
    for form in FORMS {
        for key in form.keys {
            for value in impossible(&key.kind) {
                let word = format!("{}={value}", key.name.replace("NAME", "x"));
                assert_refused(&with(form, &word), &word);
                tried += 1;
            }
        }
        if form.takes_topic_config {
            for name in config::NAMES {
                let word = format!("{name}=-7");
                assert_refused(&with(form, &word), &word);
            }
        }
    }
    assert!(tried > 150, "{tried}");
}

#[test]
fn unknown_keys_verbs_and_words_name_what_is_near_and_what_is_possible() {
    for form in FORMS {
        let title = form.title();
        let found = Line::parse(&with(form, "xyzzy=1")).expect_err(&title);
        assert_eq!(found.code, "unknown-key", "{title}");
        let last = found.hints.last().expect("a hint");
        let says = last.starts_with("Possible: ") || last.ends_with("takes no keys.");
        assert!(says, "{title}: {last}");
        for key in form.keys {
            let misspelt = format!("{}q", key.name);
            let line = with(form, &format!("{misspelt}=1"));
            if misspelt.starts_with("header.") {
                continue;
            }
            let found = Line::parse(&line).expect_err(&line);
            let first = &found.hints[0];
            assert_eq!(*first, format!("Did you mean {}?", key.name), "{line}");
        }
        if !form.verb.is_empty() {
            let line = format!("{}q", title);
            let found = Line::parse(&line).expect_err(&line);
            assert_eq!(found.code, "unknown-verb");
            assert_eq!(found.hints[0], format!("Did you mean {title}?"));
        }
    }
}
