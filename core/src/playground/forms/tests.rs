//! Every command has its form; values are read back; what is wrong is told at its field.

use super::*;
use crate::command::Command;
use crate::lab::{Lab, LabConfig};

fn lab() -> Lab {
    let mut lab = Lab::new(LabConfig::default());
    for line in [
        "topic create ratings partitions=2 retention.ms=60000",
        "producer create p topic=ratings generator=ratings",
        "consumer create fred topic=ratings group=dashboard",
    ] {
        let outcomes = lab.execute(&Command::parse(line).unwrap());
        assert!(outcomes[0].ok, "{}", outcomes[0].message);
    }
    lab.advance(headwater_base::Millis::seconds(10));
    lab
}

fn names(form: &FormView) -> Vec<&str> {
    form.fields.iter().map(|it| it.name.as_str()).collect()
}

/// The form that `text` begins, and what it comes to with these values.
fn filled(text: &str, values: &[(&str, &str)]) -> (Tried, Option<String>) {
    let lab = lab();
    let form = form(text, lab.world()).expect("it is a command");
    let value = |field: &FieldView| {
        let given = values.iter().find(|(name, _)| *name == field.name);
        given.map_or_else(|| field.value.clone(), |(_, value)| (*value).to_owned())
    };
    let values: Vec<String> = form.fields.iter().map(value).collect();
    let tried = tried(&form.title, &values, lab.world());
    let to_blame = tried.field.map(|at| form.fields[at as usize].name.clone());
    (tried, to_blame)
}

#[test]
fn every_command_has_a_form_that_reads_its_example_back() {
    let lab = lab();
    for it in FORMS {
        let view = form(it.example, lab.world()).expect(it.example);
        assert_eq!(view.title, it.title());
        let values: Vec<String> = view.fields.iter().map(|it| it.value.clone()).collect();
        let tried = tried(&view.title, &values, lab.world());
        let parsed = Line::parse(it.example).unwrap();
        assert_eq!(Line::parse(&tried.text).unwrap(), parsed, "{}", tried.text);
        let shown = view
            .fields
            .iter()
            .filter(|it| !it.folded && it.value.is_empty());
        assert_eq!(shown.count(), 0, "{} is there and empty", it.example);
    }
}

#[test]
fn what_is_needed_comes_first_and_what_is_there_can_be_chosen() {
    let lab = lab();
    let view = form("consumer seek", lab.world()).unwrap();
    assert_eq!(names(&view)[..2], ["consumer", "to"]);
    assert_eq!(view.fields[0].choices, ["fred"]);
    assert!(view.fields[0].closed && !view.fields[1].closed);
    let view = form("topic alter ratings", lab.world()).unwrap();
    let retention = view
        .fields
        .iter()
        .find(|it| it.name == "retention.ms")
        .unwrap();
    assert_eq!(retention.without.as_deref(), Some("60000"));
    assert!(!retention.folded);
    assert_eq!(form("topci create", lab.world()), None);
    let view = form("produce ratings key='1", lab.world()).unwrap();
    assert_eq!(view.fields[0].value, "ratings");
}

#[test]
fn values_are_written_so_that_they_are_read_back() {
    let (tried, _) = filled(
        "produce ratings",
        &[
            ("value", "{\"stars\":\n 2}"),
            ("key", "it's 1"),
            ("header.NAME", "source=by hand\nage=2"),
        ],
    );
    let wanted = "produce ratings key=$'it\\'s 1' header.source='by hand' header.age=2 \
                  value={\"stars\":  2}";
    assert_eq!(tried.text, wanted);
    assert_eq!(tried.problem, None);
}

#[test]
fn what_is_wrong_is_told_at_its_field() {
    let blamed = |text: &str, name: &str, value: &str| {
        let (tried, field) = filled(text, &[(name, value)]);
        let problem = tried.problem.expect("it is refused");
        (field, problem.diagnostic.code)
    };
    let at = |field: &str, code: &str| (Some(field.to_owned()), code.to_owned());
    let found = blamed("topic create a", "partitions", "many");
    assert_eq!(found, at("partitions", "impossible-value"));
    assert_eq!(
        blamed("topic create", "partitions", "2"),
        at("topic", "missing-part")
    );
    assert_eq!(
        blamed("consumer seek fred", "to", ""),
        at("to", "missing-part")
    );
    let found = blamed("produce ratings", "value", "{\"a\": }");
    assert_eq!(found, at("value", "malformed-json"));
    let found = blamed("produce ratings", "header.NAME", "source");
    assert_eq!(found, at("header.NAME", "unexpected-word"));
    // What only the world can tell has no place in the text.
    let (field, _) = blamed("group reset dashboard", "to", "earliest");
    assert_eq!(field, None);
}
