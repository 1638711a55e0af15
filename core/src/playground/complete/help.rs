//! Help on one name: a function, a property, a lab command.

use super::properties::with_properties;
use crate::command::table::{FORMS, Form, Need};
use headwater_sql::function::registry;
use headwater_sql::session::PROPERTIES;
use headwater_view::Help;

/// Help on what has this name, in any case; `None` where nothing has.
///
/// ```
/// use headwater_core::playground::complete::help;
/// assert_eq!(help("ucase").unwrap().signatures, ["UCASE(VARCHAR text) -> VARCHAR"]);
/// assert!(help("topic create").unwrap().example.starts_with("topic create"));
/// ```
pub fn help(name: &str) -> Option<Help> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    of_function(&name)
        .or_else(|| of_command(&name))
        .or_else(|| of_property(&name))
}

fn of_function(name: &str) -> Option<Help> {
    let help = registry().find(name)?.help();
    Some(Help {
        kind: format!("{} function, {}", help.kind, help.category),
        name: help.name,
        summary: help.summary,
        signatures: help.signatures,
        parts: Vec::new(),
        example: help.example.0,
        gives: Some(help.example.1),
    })
}

fn of_command(name: &str) -> Option<Help> {
    let lower = name.to_lowercase();
    let named = |form: &&Form| form.title() == lower;
    let form = FORMS.iter().find(named)?;
    let part = |key: &crate::command::table::Key| {
        let about = match key.need {
            Need::Required => format!("{}; has to be given", key.about),
            Need::Default(default) => format!("{}; without it: {default}", key.about),
        };
        (key.name.to_owned(), about)
    };
    Some(Help {
        name: form.title(),
        kind: "command".to_owned(),
        summary: form.about.to_owned(),
        signatures: vec![form.usage()],
        parts: form.keys.iter().map(part).collect(),
        example: form.example.to_owned(),
        gives: None,
    })
}

fn of_property(name: &str) -> Option<Help> {
    let property = |kind: &str, name: &str, summary: String, example: String| Help {
        name: name.to_owned(),
        kind: kind.to_owned(),
        summary,
        signatures: Vec::new(),
        parts: Vec::new(),
        example,
        gives: None,
    };
    let same = |known: &str| known.eq_ignore_ascii_case(name);
    if let Some((known, about)) = with_properties().find(|(known, _)| same(known)) {
        let example = format!("WITH ({known}=...)");
        return Some(property(
            "property of WITH",
            known,
            format!("Says {about}."),
            example,
        ));
    }
    let known = PROPERTIES.iter().find(|it| same(it.name))?;
    let summary = match known.default {
        "" => "A property of the session; it has no value where nothing is set.".to_owned(),
        default => format!("A property of the session; where nothing is set, it is {default}."),
    };
    let example = format!("SET '{}' = '{}';", known.name, known.default);
    Some(property(
        "property of the session",
        known.name,
        summary,
        example,
    ))
}
