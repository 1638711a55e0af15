//! Completion of lab commands, from the one list of their forms.

use super::Candidate;
use crate::command::table::{FORMS, Form, Key, Kind as ValueKind, Need};
use crate::command::topic_settings;
use crate::generator::preset::PRESETS;
use crate::world::World;
use headwater_base::order;
use headwater_log::config;
use headwater_syntax::begins_statement;
use headwater_syntax::token::Keyword;
use headwater_view::CompletionKind as Kind;

/// The beginning of the lab command at a cursor and its part before the cursor; `None` if what is
/// there is no lab command.
///
/// A lab command is a line of its own that begins with a noun. `run` and words of SQL are told
/// apart by what SQL would make of them.
pub(super) fn line_at(text: &str, cursor: usize) -> Option<(usize, &str)> {
    let start = text[..cursor].rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..cursor];
    let indent = line.len() - line.trim_start().len();
    let (start, line) = (start + indent, &line[indent..]);
    let (noun, rest) = line.split_once(char::is_whitespace)?;
    let is_noun = FORMS.iter().any(|form| form.noun == noun);
    let is_sql = Keyword::of(noun).is_some_and(begins_statement)
        && rest.trim_start().to_ascii_lowercase().starts_with("script");
    // A line within a statement is a part of it.
    let before = text[..start].trim_end();
    let is_first = before.is_empty() || before.ends_with(';') || text[..start].ends_with("\n\n");
    let after_command = before.rsplit('\n').next().is_some_and(|last| {
        let first = last.split_whitespace().next().unwrap_or("");
        FORMS.iter().any(|form| form.noun == first)
    });
    (is_noun && !is_sql && (is_first || after_command)).then_some((start, line))
}

/// The nouns, for the beginning of a line.
pub(super) fn nouns() -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for form in FORMS {
        if found.iter().any(|it| it.label == form.noun) {
            continue;
        }
        let verbs: Vec<&str> = FORMS
            .iter()
            .filter(|other| other.noun == form.noun && !other.verb.is_empty())
            .map(|other| other.verb)
            .collect();
        let detail = match verbs.is_empty() {
            true => form.about.to_owned(),
            false => format!("command: {}", verbs.join(", ")),
        };
        let noun = Candidate::new(Kind::Command, form.noun, detail);
        found.push(noun.inserting(format!("{} ", form.noun)));
    }
    found
}

/// Where the word at the end of `line` begins, and what fits there.
pub(super) fn candidates(line: &str, world: &World) -> (usize, Vec<Candidate>) {
    let word = line.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let words: Vec<&str> = line[..word].split_whitespace().collect();
    let noun = words.first().copied().unwrap_or("");
    let forms = || FORMS.iter().filter(move |form| form.noun == noun);
    let is_bare = |form: &&Form| form.verb.is_empty();
    let form = forms().find(|form| words.get(1) == Some(&form.verb));
    let Some(form) = form.or_else(|| forms().find(is_bare)) else {
        let verb = |form: &Form| {
            let candidate = Candidate::new(Kind::Command, form.verb, form.about);
            candidate.inserting(format!("{} ", form.verb))
        };
        let verbs = if words.len() == 1 {
            forms().map(verb).collect()
        } else {
            Vec::new()
        };
        return (word, verbs);
    };
    let behind = words.len() - form.title().split(' ').count().min(words.len());
    if behind == 0 && form.subject.is_some() {
        return (word, subjects(form, world));
    }
    match line[word..].split_once('=') {
        Some((name, _)) => {
            let list_start = line.rfind([',', '=']).map_or(word, |at| at + 1);
            let key = form.key(name);
            let is_config = key.is_none() && form.takes_topic_config;
            let found = match key {
                Some(key) => values(key, form, world),
                None if is_config => topic_config_values(name),
                None => Vec::new(),
            };
            (list_start.max(word), found)
        }
        None => (word, keys(form, &words)),
    }
}

fn keys(form: &Form, words: &[&str]) -> Vec<Candidate> {
    let is_given = |name: &str| {
        let mut names = words.iter().filter_map(|it| it.split_once('='));
        names.any(|(given, _)| given == name)
    };
    let candidate = |key: &Key| {
        let detail = match key.need {
            Need::Required => format!("{}; has to be given", key.about),
            Need::Default(default) => format!("{}; without it: {default}", key.about),
        };
        let insert = match key.name {
            "header.NAME" => "header.".to_owned(),
            name => format!("{name}="),
        };
        Candidate::new(Kind::Property, key.name, detail).inserting(insert)
    };
    let free = form.keys.iter().filter(|key| !is_given(key.name));
    let mut found: Vec<Candidate> = free.map(candidate).collect();
    if form.takes_topic_config {
        let settings = config::NAMES.iter().filter(|name| !is_given(name));
        let setting = |name: &&str| {
            let about = topic_settings::about(name);
            Candidate::new(Kind::Property, name, about).inserting(format!("{name}="))
        };
        found.extend(settings.map(setting));
    }
    found
}

/// What can stand in a key's place, or after noun and verb; as far as that can be listed.
pub(in crate::playground) fn choices(form: &Form, key: Option<&Key>, world: &World) -> Vec<String> {
    let found = match key {
        Some(key) => values(key, form, world),
        None => subjects(form, world),
    };
    let mut labels: Vec<String> = found.into_iter().map(|it| it.label).collect();
    // Internal topics are seldom meant.
    order::sort_by_key(&mut labels, |it| u8::from(it.starts_with('_')));
    labels
}

/// The values of a topic's setting, where they are words.
pub(in crate::playground) fn setting_words(name: &str) -> &'static [&'static str] {
    match name {
        "cleanup.policy" => &["compact", "compact,delete", "delete"],
        "message.timestamp.type" => &["CreateTime", "LogAppendTime"],
        _ => &[],
    }
}

fn subjects(form: &Form, world: &World) -> Vec<Candidate> {
    let makes_new = form.verb == "create";
    match form.noun {
        _ if makes_new => Vec::new(),
        "topic" | "produce" => topics(world),
        "producer" => {
            let running = world.producers().filter(|it| it.running);
            let candidate = |it: &crate::world::ProducerActor| {
                Candidate::new(Kind::Value, &it.name, "producer")
            };
            running.map(candidate).collect()
        }
        "consumer" => world
            .consumers()
            .map(|it| Candidate::new(Kind::Value, &it.name, "consumer"))
            .collect(),
        "group" => groups(world),
        "broker" => {
            let brokers = world.cluster().brokers();
            brokers
                .map(|it| Candidate::new(Kind::Value, &it.id.0.to_string(), it.state.name()))
                .collect()
        }
        "node" => {
            let nodes = world.nodes().iter();
            nodes
                .map(|it| Candidate::new(Kind::Value, &it.name, "node"))
                .collect()
        }
        "cluster" => clusters(world),
        "query" => {
            let queries = world.ksql().queries().into_iter();
            queries
                .map(|it| Candidate::new(Kind::Query, &it.name, "query"))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn clusters(world: &World) -> Vec<Candidate> {
    let all = world.ksql().iter();
    all.map(|it| Candidate::new(Kind::Value, &it.name, "cluster"))
        .collect()
}

fn values(key: &Key, form: &Form, world: &World) -> Vec<Candidate> {
    let value = |text: &str, detail: &str| Candidate::new(Kind::Value, text, detail);
    match (&key.kind, key.name) {
        (ValueKind::OneOf(words), _) => words.iter().map(|it| value(it, "")).collect(),
        (ValueKind::Generator, _) => {
            let auto = value("auto", "records for the columns declared over the topic");
            let presets = PRESETS.iter().map(|it| value(it.name, it.about));
            std::iter::once(auto).chain(presets).collect()
        }
        (ValueKind::Place, _) => vec![value("earliest", ""), value("latest", "")],
        (_, "topic") => topics(world),
        (_, "group") => groups(world),
        (_, "cluster") => clusters(world),
        (_, "table") if form.noun == "page" => {
            let sources = world.engine().catalog().sources();
            let tables = sources.filter(|it| it.is_table());
            tables
                .map(|it| Candidate::new(Kind::Table, &it.name, "table"))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn topics(world: &World) -> Vec<Candidate> {
    let topics = world.cluster().topics();
    topics
        .map(|it| Candidate::new(Kind::Topic, &it.name, "topic"))
        .collect()
}

fn groups(world: &World) -> Vec<Candidate> {
    let groups = world.groups().iter();
    groups
        .map(|it| Candidate::new(Kind::Value, &it.name, "group"))
        .collect()
}

fn topic_config_values(name: &str) -> Vec<Candidate> {
    setting_words(name)
        .iter()
        .map(|it| Candidate::new(Kind::Value, it, ""))
        .collect()
}
