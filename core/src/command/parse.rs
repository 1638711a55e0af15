//! From a line of text to a command. What is possible comes from [`FORMS`]; every error says
//! where it is and what would be possible there, the nearest first.

use super::table::{FORMS, Form, Key, Need};
use super::values::check;
use super::words::{Word, split};
use super::{Command, build};
use headwater_base::diagnostic::nearest;
use headwater_base::{Diagnostic, Fault, Millis, Span};
use headwater_log::{ConsumerConfig, ProducerConfig, TopicConfig};

/// One line of a `lab` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A command for the laboratory.
    Command(Command),
    /// The number from which all chance is drawn.
    Seed(u64),
    /// Virtual time goes on for so long.
    Run(Millis),
}

impl Line {
    /// Reads one line; `None` where it is empty or a comment.
    ///
    /// ```
    /// use headwater_base::Millis;
    /// use headwater_core::command::Line;
    /// assert_eq!(Line::parse("run 60s  # a minute").unwrap(), Some(Line::Run(Millis(60_000))));
    /// assert_eq!(Line::parse("# nothing").unwrap(), None);
    /// ```
    pub fn parse(line: &str) -> Result<Option<Line>, Diagnostic> {
        let words = split(line)?;
        let Some((noun, rest)) = words.split_first() else {
            return Ok(None);
        };
        let (form, rest) = form_of(noun, rest)?;
        let given = Given::collect(form, line, noun.span, rest)?;
        build::line(&given).map(Some)
    }
}

impl Line {
    /// The file whose content the command needs and does not have.
    pub fn missing_file(&self) -> Option<&str> {
        match self {
            Line::Command(Command::ProducerCreate(it)) if it.options.data.is_none() => {
                it.options.file.as_deref()
            }
            _ => None,
        }
    }

    /// Gives the command its file's content.
    pub fn attach(&mut self, content: String) {
        if let Line::Command(Command::ProducerCreate(it)) = self {
            it.options.data = Some(content);
        }
    }
}

impl Command {
    /// Reads a command's text form.
    ///
    /// ```
    /// use headwater_core::command::Command;
    /// let command = Command::parse("topic create ratings partitions=3").unwrap();
    /// assert_eq!(command.to_string(), "topic create ratings partitions=3");
    /// let error = Command::parse("topic crate ratings").unwrap_err();
    /// assert_eq!(error.hints[0], "Did you mean topic create?");
    /// ```
    pub fn parse(line: &str) -> Result<Command, Diagnostic> {
        let everything = Span::new(0, line.len() as u32);
        match Line::parse(line)? {
            Some(Line::Command(command)) => Ok(command),
            Some(Line::Seed(_) | Line::Run(_)) => {
                let message = "This line is about a whole run; the laboratory does not take it.";
                let found = yours("not-a-command", message, everything);
                Err(found.hint("Write it into a lab block of a lesson."))
            }
            None => Err(yours("empty", "There is no command here.", everything).hint(nouns())),
        }
    }
}

/// A value that was found, and where.
#[derive(Debug)]
pub(super) struct Value {
    /// The key as it was written, such as `header.source`.
    pub key: String,
    /// The value.
    pub text: String,
    /// Where the whole `key=value` is.
    pub span: Span,
}

/// What a line gives for a form, all of it checked against the form.
#[derive(Debug)]
pub(super) struct Given {
    /// The form.
    pub form: &'static Form,
    /// The word after noun and verb; empty where the form has none.
    pub subject: String,
    /// Keys of the form, in the order of the text.
    pub values: Vec<Value>,
    /// Topic settings, in the order of the text.
    pub config: Vec<(String, String)>,
    /// Length of the line in bytes.
    pub length: u32,
}

impl Given {
    fn collect(
        form: &'static Form,
        line: &str,
        noun: Span,
        rest: &[Word],
    ) -> Result<Given, Diagnostic> {
        let end = Span::new(noun.start, line.trim_end().len() as u32);
        let mut given = Given {
            form,
            subject: String::new(),
            values: Vec::new(),
            config: Vec::new(),
            length: end.end,
        };
        let mut rest = rest;
        if let Some(subject) = &form.subject {
            let word = rest.split_first().filter(|(word, _)| word.key.is_none());
            let (word, after) = word.ok_or_else(|| missing(form, subject.label, end))?;
            check(&subject.kind, word, form)?;
            given.subject = word.text.clone();
            rest = after;
        }
        for word in rest {
            given.take(word)?;
        }
        for key in form.keys.iter().filter(|key| key.need == Need::Required) {
            if given.get(key.name).is_none() {
                return Err(missing(form, &format!("{}=", key.name), end));
            }
        }
        Ok(given)
    }

    /// The value of `key`, where it was given.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.values.iter().find(|value| value.key == key)
    }

    /// The text of `key`, where it was given.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.get(key).map(|value| value.text.clone())
    }

    fn take(&mut self, word: &Word) -> Result<(), Diagnostic> {
        let Some(name) = &word.key else {
            let message = format!(
                "{} has no place for the word {}.",
                self.form.title(),
                word.text
            );
            let found = yours("unexpected-word", message, word.span);
            return Err(found.hint(format!("Its form is: {}", self.form.usage())));
        };
        let repeated = self.values.iter().any(|value| value.key == *name)
            || self.config.iter().any(|(key, _)| key == name);
        if repeated && !name.starts_with("header.") {
            let message = format!("{name}= is given twice.");
            return Err(yours("repeated-key", message, word.span).hint("Keep one of them."));
        }
        if let Some(Key { kind, .. }) = self.form.key(name) {
            check(kind, word, self.form)?;
            self.values.push(Value {
                key: name.clone(),
                text: word.text.clone(),
                span: word.span,
            });
            return Ok(());
        }
        if self.form.takes_topic_config {
            return self.take_config(name, word);
        }
        Err(unknown_key(self.form, name, word))
    }

    fn take_config(&mut self, name: &str, word: &Word) -> Result<(), Diagnostic> {
        let set = TopicConfig::default().set(name, &word.text);
        match set {
            Ok(()) => {
                self.config.push((name.to_owned(), word.text.clone()));
                Ok(())
            }
            Err(error) if error.code() == "unknown-config" => {
                Err(unknown_key(self.form, name, word))
            }
            Err(error) => {
                let fault = match error.code() {
                    "unsupported-config" => Fault::NotSupportedYet,
                    _ => Fault::Yours,
                };
                let found = Diagnostic::error(fault, error.code(), format!("{error}."));
                let hints = error.hints().into_iter();
                Err(hints.fold(found.at(word.span), |found, hint| found.hint(hint)))
            }
        }
    }
}

/// Finds the form that noun and verb name, and what follows them.
fn form_of<'a>(noun: &Word, rest: &'a [Word]) -> Result<(&'static Form, &'a [Word]), Diagnostic> {
    let of_noun: Vec<&Form> = FORMS.iter().filter(|form| form.noun == noun.text).collect();
    let Some(first) = of_noun.first().filter(|_| noun.key.is_none()) else {
        return Err(unknown_noun(noun));
    };
    if first.verb.is_empty() {
        return Ok((first, rest));
    }
    let verbs = || {
        let titles: Vec<String> = of_noun.iter().map(|form| form.title()).collect();
        format!("Possible: {}.", titles.join(", "))
    };
    let Some((verb, rest)) = rest.split_first().filter(|(verb, _)| verb.key.is_none()) else {
        let message = format!("What is to be done with the {}?", noun.text);
        return Err(yours("missing-verb", message, noun.span).hint(verbs()));
    };
    if let Some(form) = of_noun.iter().copied().find(|form| form.verb == verb.text) {
        return Ok((form, rest));
    }
    let span = noun.span.to(verb.span);
    let known = FORMS.iter().filter(|form| form.noun == noun.text);
    let message = format!("There is no command {} {}.", noun.text, verb.text);
    let mut found = yours("unknown-verb", message, span);
    if let Some(near) = nearest(&verb.text, known.map(|form| form.verb)).first() {
        found = found.hint(format!("Did you mean {} {near}?", noun.text));
    }
    Err(found.hint(verbs()))
}

fn unknown_noun(noun: &Word) -> Diagnostic {
    let message = format!("There is no command {}.", noun.text);
    let mut found = yours("unknown-noun", message, noun.span);
    if let Some(near) = nearest(&noun.text, FORMS.iter().map(|form| form.noun)).first() {
        found = found.hint(format!("Did you mean {near}?"));
    }
    let sql = [
        "create", "drop", "insert", "list", "print", "select", "set", "show",
    ];
    if sql.contains(&noun.text.to_lowercase().as_str()) {
        found = found.hint("SQL goes into a sql block.");
    }
    found.hint(nouns())
}

fn nouns() -> String {
    let mut nouns: Vec<&str> = FORMS.iter().map(|form| form.noun).collect();
    nouns.dedup();
    format!("Possible: {}.", nouns.join(", "))
}

fn missing(form: &Form, what: &str, span: Span) -> Diagnostic {
    let message = format!("{} needs {what}.", form.title());
    yours("missing-part", message, span).hint(format!("Its form is: {}", form.usage()))
}

fn unknown_key(form: &Form, name: &str, word: &Word) -> Diagnostic {
    let later: &[&str] = match form.noun {
        "producer" => &ProducerConfig::NOT_SUPPORTED_YET,
        "consumer" => &ConsumerConfig::NOT_SUPPORTED_YET,
        _ => &[],
    };
    if later.contains(&name) {
        let message = format!("{name} is not supported yet.");
        let found = Diagnostic::error(Fault::NotSupportedYet, "unsupported-config", message);
        return found.at(word.span);
    }
    let mut known: Vec<&str> = form.keys.iter().map(|key| key.name).collect();
    if form.takes_topic_config {
        known.extend(headwater_log::config::NAMES);
    }
    let message = format!("{} has no key {name}.", form.title());
    // The name may stand there in quotes; it ends before the `=`.
    let end = word.text_span.start.saturating_sub(1).max(word.span.start);
    let mut found = yours("unknown-key", message, Span::new(word.span.start, end));
    if let Some(near) = nearest(name, known.iter().copied()).first() {
        found = found.hint(format!("Did you mean {near}?"));
    }
    match known.is_empty() {
        true => found.hint(format!("{} takes no keys.", form.title())),
        false => found.hint(format!("Possible: {}.", known.join(", "))),
    }
}

/// An error of the line's author at a place.
pub(super) fn yours(code: &str, message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic::error(Fault::Yours, code, message).at(span)
}
