//! What can be done with a thing: the commands whose subject it is, those that create something
//! for it, and statements about it.
//!
//! A command that needs nothing more is ready to run; one that would be refused now, or that has
//! more to say, wants its form.

use crate::command::Line;
use crate::command::table::{FORMS, Form};
use crate::command::words::quote;
use crate::world::World;
use headwater_base::{NoTrace, Span};
use headwater_sql::runtime::QueryState;
use headwater_view::{Completion, CompletionKind};

/// The menu of the thing with this name; all commands where `noun` is empty.
pub(super) fn menu(noun: &str, name: &str, world: &World) -> Vec<Completion> {
    let commands = FORMS.iter().filter_map(|form| match noun {
        "" => Some(item(
            CompletionKind::Command,
            &form.title(),
            form.about,
            form.title(),
        )),
        _ => command(form, noun, name, world),
    });
    commands.chain(statements(noun, name, world)).collect()
}

fn item(kind: CompletionKind, label: &str, detail: &str, insert: String) -> Completion {
    Completion {
        label: label.to_owned(),
        kind,
        detail: detail.to_owned(),
        insert,
        replace: Span::default(),
    }
}

fn command(form: &'static Form, noun: &str, name: &str, world: &World) -> Option<Completion> {
    let is_own = form.subject.is_some() && form.noun == noun && form.verb != "create";
    if is_own || (form.noun == "produce" && noun == "topic") {
        let text = format!("{} {}", form.title(), quote(name));
        let is_whole = form.keys.is_empty() && !form.takes_topic_config && would_run(&text, world);
        if noun == "query" && !is_whole {
            // Only push queries are closed; others are terminated.
            return None;
        }
        let kind = match is_whole {
            true => CompletionKind::Value,
            false => CompletionKind::Command,
        };
        let label = if form.verb.is_empty() {
            form.noun
        } else {
            form.verb
        };
        return Some(item(kind, &titled(label), form.about, text));
    }
    form.key(noun).filter(|_| form.verb == "create")?;
    let mut text = format!("{} {noun}={}", form.title(), quote(name));
    let mut over = world.engine().catalog().over_topic(name);
    if form.key("generator").is_some() && over.any(|it| it.query.is_none()) {
        text.push_str(" generator=auto");
    }
    let label = format!("{} {}", titled(form.verb), form.noun);
    Some(item(CompletionKind::Command, &label, form.about, text))
}

fn would_run(text: &str, world: &World) -> bool {
    match Line::parse(text) {
        Ok(Some(Line::Command(command))) => world.clone().apply(&command, &mut NoTrace).is_ok(),
        _ => false,
    }
}

fn titled(word: &str) -> String {
    let (first, rest) = word.split_at(word.len().min(1));
    first.to_uppercase() + rest
}

/// Statements about the thing, by what each does and its text.
fn statements(noun: &str, name: &str, world: &World) -> Vec<Completion> {
    let engine = world.engine();
    let found: Vec<(&str, String)> = match noun {
        "topic" => vec![("Print", format!("PRINT '{name}' FROM BEGINNING LIMIT 10;"))],
        "source" => {
            let kind = match engine.catalog().get(name) {
                Some(source) if source.is_table() => "TABLE",
                _ => "STREAM",
            };
            let name = quoted(name);
            vec![
                ("Describe", format!("DESCRIBE {name} EXTENDED;")),
                ("Follow", format!("SELECT * FROM {name} EMIT CHANGES;")),
                ("Drop", format!("DROP {kind} {name};")),
            ]
        }
        "query" => {
            let query = engine.queries().find(|it| it.name == name);
            let Some(query) = query.filter(|it| it.kind.is_persistent()) else {
                return Vec::new();
            };
            let pause = match query.state {
                QueryState::Paused => ("Resume", "RESUME"),
                _ => ("Pause", "PAUSE"),
            };
            vec![
                (pause.0, format!("{} {name};", pause.1)),
                ("Explain", format!("EXPLAIN {name};")),
                ("Terminate", format!("TERMINATE {name};")),
            ]
        }
        _ => Vec::new(),
    };
    let statement = |(label, text): (&str, String)| item(CompletionKind::Keyword, label, "", text);
    found.into_iter().map(statement).collect()
}

/// A source's name as SQL has to spell it.
fn quoted(name: &str) -> String {
    let plain = |it: char| it.is_ascii_uppercase() || it.is_ascii_digit() || it == '_';
    match name.chars().all(plain) && !name.starts_with(|it: char| it.is_ascii_digit()) {
        true => name.to_owned(),
        false => format!("`{}`", name.replace('`', "``")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;
    use crate::lab::{Lab, LabConfig};

    fn labels(noun: &str, name: &str, lab: &Lab) -> Vec<(String, CompletionKind)> {
        let items = menu(noun, name, lab.world());
        items.into_iter().map(|it| (it.label, it.kind)).collect()
    }

    #[test]
    fn a_menu_offers_what_can_be_done_with_the_thing() {
        let mut lab = Lab::new(LabConfig::default());
        let script = "CREATE STREAM R (K INT KEY, V INT) WITH (KAFKA_TOPIC='r', \
            VALUE_FORMAT='JSON', PARTITIONS=1); CREATE STREAM S AS SELECT * FROM R;";
        lab.execute(&Command::Sql(script.to_owned()));
        lab.execute(&Command::parse("consumer create fred topic=r").unwrap());
        let items = menu("topic", "r", lab.world());
        let texts: Vec<&str> = items.iter().map(|it| it.insert.as_str()).collect();
        let wanted = [
            "consumer create topic=r",
            "produce r",
            "producer create topic=r generator=auto",
            "topic alter r",
            "topic delete r",
            "PRINT 'r' FROM BEGINNING LIMIT 10;",
        ];
        let mut offered = texts.iter();
        assert!(
            wanted.iter().all(|it| offered.any(|text| text == it)),
            "{texts:?}"
        );
        let of_fred = labels("consumer", "fred", &lab);
        let is = |label: &str, kind| of_fred.contains(&(label.to_owned(), kind));
        assert!(
            is("Pause", CompletionKind::Value),
            "it can be paused at once"
        );
        assert!(
            is("Resume", CompletionKind::Command),
            "its form says why not"
        );
        assert!(is("Seek", CompletionKind::Command));
        let query = lab
            .world()
            .engine()
            .queries()
            .next()
            .map(|it| it.name.clone());
        let of_query = labels("query", &query.unwrap(), &lab);
        let names: Vec<&str> = of_query.iter().map(|it| it.0.as_str()).collect();
        assert_eq!(names, ["Pause", "Explain", "Terminate"]);
        assert_eq!(labels("", "", &lab).len(), FORMS.len());
        assert_eq!(menu("source", "R", lab.world())[2].insert, "DROP STREAM R;");
    }
}
