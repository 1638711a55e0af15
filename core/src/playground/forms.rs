//! Lab commands as forms: what their fields are, and what filled-in fields come to.
//!
//! All of it follows from the one list of commands, so a command that is added there has its form.
//! What is tried is read by the real parser and carried out on a copy of the world, which is then
//! thrown away.

use crate::command::table::{FORMS, Form, FormId, Key, Kind, Need};
use crate::command::words::{Word, quote, split};
use crate::command::{Line, topic_settings};
use crate::lab::place;
use crate::playground::complete::commands::{choices, setting_words};
use crate::world::World;
use headwater_base::{Diagnostic, NoTrace, Span, order};
use headwater_log::config;
use headwater_view::{FieldView, FormView, Tried};

/// What a field of a form stands for.
enum Slot {
    Subject,
    Key(&'static Key),
    Setting(&'static str),
}

/// The fields of a form: what it is about, keys that it cannot be without, those that its example
/// gives, and the others.
fn slots(form: &'static Form) -> Vec<Slot> {
    let rank = |key: &&Key| match key.need {
        Need::Required => 0_u8,
        Need::Default(_) if is_common(form, key.name) => 1,
        Need::Default(_) => 2,
    };
    let mut keys: Vec<&Key> = form.keys.iter().collect();
    order::sort_by_key(&mut keys, rank);
    let subject = form.subject.iter().map(|_| Slot::Subject);
    let names = config::NAMES.iter().filter(|_| form.takes_topic_config);
    let mut settings: Vec<&str> = names.copied().collect();
    order::sort_by_key(&mut settings, |name| u8::from(!is_common(form, name)));
    let keys = keys.into_iter().map(Slot::Key);
    let settings = settings.into_iter().map(Slot::Setting);
    subject.chain(keys).chain(settings).collect()
}

/// Whether a form's example gives the key.
fn is_common(form: &Form, name: &str) -> bool {
    let stem = name.trim_end_matches("NAME");
    let mut words = form.example.split(' ');
    words
        .any(|word| word.starts_with(stem) && (stem != name || word[name.len()..].starts_with('=')))
}

/// Whether a title begins with a form's noun and verb.
fn form_of(words: &[Word]) -> Option<(&'static Form, usize)> {
    let word = |at: usize| words.get(at).filter(|it| it.key.is_none());
    let noun = word(0)?;
    let fits = |form: &&Form| {
        let verb = form.verb.is_empty() || word(1).is_some_and(|it| it.text == form.verb);
        form.noun == noun.text && verb
    };
    let form = FORMS.iter().find(fits)?;
    Some((form, 1 + usize::from(!form.verb.is_empty())))
}

/// The form of the command that `text` begins; `None` where no command begins so.
pub(super) fn form(text: &str, world: &World) -> Option<FormView> {
    let words = split(text).or_else(|found| {
        // A quote that is not closed, and what follows it, is not filled in.
        let readable = found.span.map_or(0, |it| it.start as usize);
        split(&text[..readable])
    });
    let words = words.ok()?;
    let (form, title) = form_of(&words)?;
    let rest = &words[title..];
    let subject = rest.first().filter(|it| it.key.is_none());
    let subject = subject.map_or("", |it| it.text.as_str());
    let given = |name: &str| {
        let found = rest.iter().find(|it| it.key.as_deref() == Some(name));
        found.map_or_else(String::new, |it| it.text.clone())
    };
    let fields = slots(form).into_iter().map(|slot| match slot {
        Slot::Subject => FieldView {
            value: subject.to_owned(),
            ..subject_field(form, world)
        },
        Slot::Key(key) if key.name == "header.NAME" => {
            let headers = rest.iter().filter_map(|it| {
                let name = it.key.as_ref()?.strip_prefix("header.")?;
                Some(format!("{name}={}", it.text))
            });
            let about = format!("{}; a line each, such as source=hand", key.about);
            FieldView {
                about,
                value: headers.collect::<Vec<_>>().join("\n"),
                lines: true,
                ..key_field(form, key, world)
            }
        }
        Slot::Key(key) => FieldView {
            value: given(key.name),
            ..key_field(form, key, world)
        },
        Slot::Setting(name) => FieldView {
            value: given(name),
            ..setting_field(form, name, subject, world)
        },
    });
    let mut fields: Vec<FieldView> = fields.collect();
    for field in &mut fields {
        let is_listed = field.value.is_empty() || field.choices.contains(&field.value);
        if field.closed && !is_listed {
            field.choices.insert(0, field.value.clone());
        }
        field.folded &= field.value.is_empty();
    }
    Some(FormView {
        title: form.title(),
        about: form.about.to_owned(),
        repeats: form.id == FormId::Produce,
        fields,
    })
}

fn subject_field(form: &'static Form, world: &World) -> FieldView {
    let choices = choices(form, None, world);
    let name = match &form.subject {
        Some(subject) if subject.label == "NAME" => form.noun.to_owned(),
        Some(subject) => subject.label.to_lowercase(),
        None => String::new(),
    };
    FieldView {
        name,
        closed: form.noun != "broker" && !choices.is_empty(),
        lines: matches!(&form.subject, Some(it) if matches!(it.kind, Kind::Text)),
        choices,
        ..FieldView::default()
    }
}

fn key_field(form: &'static Form, key: &'static Key, world: &World) -> FieldView {
    let choices = choices(form, Some(key), world);
    let sample = match key.kind {
        Kind::Duration => ", such as 10s",
        Kind::DurationRange => ", such as 10s or 0ms..750ms",
        Kind::Rate => ", such as 2.7/s",
        Kind::Percent => ", such as 2.5%",
        Kind::Fields => ", such as id: sequence; room: one of hall, attic",
        _ => "",
    };
    let is_name = matches!(key.kind, Kind::Name) && key.name != "group";
    let is_word = matches!(key.kind, Kind::OneOf(_) | Kind::Generator);
    FieldView {
        name: key.name.to_owned(),
        about: format!("{}{sample}", key.about),
        without: match key.need {
            Need::Required => None,
            Need::Default(default) => Some(default.to_owned()),
        },
        folded: key.need != Need::Required && !is_common(form, key.name),
        lines: matches!(key.kind, Kind::Text | Kind::Fields) && key.name != "key",
        closed: (is_word || is_name) && !choices.is_empty(),
        choices,
        ..FieldView::default()
    }
}

fn setting_field(form: &Form, name: &str, topic: &str, world: &World) -> FieldView {
    let config = match world.cluster().find(topic) {
        Some(topic) => Some(topic.config.clone()),
        None if form.verb == "create" => Some(world.cluster().config.topic_defaults()),
        None => None,
    };
    let without = config.and_then(|it| it.get(name));
    let words = setting_words(name);
    FieldView {
        name: name.to_owned(),
        about: topic_settings::about(name).to_owned(),
        without: Some(without.unwrap_or_else(|| "as before".to_owned())),
        folded: !is_common(form, name),
        closed: !words.is_empty(),
        choices: words.iter().map(|it| (*it).to_owned()).collect(),
        ..FieldView::default()
    }
}

/// What the form of this title comes to with these values in its fields.
pub(super) fn tried(title: &str, values: &[String], world: &World) -> Tried {
    let form = FORMS.iter().find(|it| it.title() == title);
    let Some(form) = form else {
        return Tried::default();
    };
    let slots = slots(form);
    let (text, spans) = written(form, &slots, values);
    let Some(mut found) = refusal(&text, world) else {
        return Tried {
            text,
            ..Tried::default()
        };
    };
    let is_empty = |at: usize| values.get(at).is_none_or(|it| it.trim().is_empty());
    let is_needed = |slot: &Slot| match slot {
        Slot::Subject => true,
        Slot::Key(key) => key.need == Need::Required,
        Slot::Setting(_) => false,
    };
    let missing = || (0..slots.len()).find(|at| is_needed(&slots[*at]) && is_empty(*at));
    let field = match (found.code.as_str(), found.span) {
        ("missing-part", _) => missing(),
        (_, Some(span)) => spans
            .iter()
            .position(|it| it.start <= span.start && span.start < it.end && span.end <= it.end),
        _ => None,
    };
    if found.code == "missing-part" {
        // The form itself shows what there is.
        found.hints.clear();
    }
    Tried {
        field: field.map(|at| at as u32),
        problem: Some(place(found, &text)),
        text,
    }
}

/// Why a command would not be carried out now.
fn refusal(text: &str, world: &World) -> Option<Diagnostic> {
    match Line::parse(text) {
        Ok(Some(Line::Command(command))) => {
            let done = world.clone().apply(&command, &mut NoTrace);
            done.err().and_then(|found| found.into_iter().next())
        }
        Ok(_) => None,
        Err(found) => Some(found),
    }
}

/// The command's text, and where in it each field is.
fn written(form: &Form, slots: &[Slot], values: &[String]) -> (String, Vec<Span>) {
    let mut text = form.title();
    let mut spans = vec![Span::default(); slots.len()];
    // JSON runs to the end of the line, so a value that is JSON comes last.
    let is_json = |at: usize| {
        let is_value = matches!(slots[at], Slot::Key(key) if key.name == "value");
        is_value
            && values
                .get(at)
                .is_some_and(|it| it.trim_start().starts_with(['{', '[']))
    };
    let mut places: Vec<usize> = (0..slots.len()).collect();
    order::sort_by_key(&mut places, |at| u8::from(is_json(*at)));
    for at in places {
        let value = values.get(at).map_or("", |it| it.trim());
        if value.is_empty() {
            continue;
        }
        let start = text.len() as u32 + 1;
        match &slots[at] {
            Slot::Subject => text.push_str(&format!(" {}", quote(value))),
            Slot::Key(key) if key.name == "header.NAME" => {
                for line in value.lines().filter(|line| !line.trim().is_empty()) {
                    text.push_str(&match line.trim().split_once('=') {
                        Some((name, value)) => {
                            format!(" {}={}", quote(&format!("header.{name}")), quote(value))
                        }
                        None => format!(" {}", quote(line.trim())),
                    });
                }
            }
            Slot::Key(key) if is_json(at) => {
                // Between the parts of JSON a new line is as good as a blank.
                text.push_str(&format!(
                    " {}={}",
                    key.name,
                    value.replace(['\n', '\r'], " ")
                ));
            }
            Slot::Key(Key { name, .. }) | Slot::Setting(name) => {
                text.push_str(&format!(" {name}={}", quote(value)));
            }
        }
        spans[at] = Span::new(start, text.len() as u32);
    }
    (text, spans)
}

#[cfg(test)]
mod tests;
