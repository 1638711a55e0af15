//! What a command's form is: noun, verb, subject, keys, and what each value can be.
//!
//! The forms themselves are in [`FORMS`]. The parser, the help and `docs/lesson-format.md` read
//! them there, so a command that is not in the list does not exist.

pub use super::forms::FORMS;

/// One kind of line.
#[derive(Debug)]
pub struct Form {
    /// Which one, for the code that builds the command.
    pub id: FormId,
    /// The first word.
    pub noun: &'static str,
    /// The second word; empty where the noun says it all.
    pub verb: &'static str,
    /// The word after them, if there has to be one.
    pub subject: Option<Subject>,
    /// The keys that can follow, in any order.
    pub keys: &'static [Key],
    /// Whether Kafka's topic settings, such as `retention.ms`, can follow too.
    pub takes_topic_config: bool,
    /// What it does, as a sentence.
    pub about: &'static str,
    /// A line that works; a test parses it.
    pub example: &'static str,
}

/// Names of the forms, so that a match over them is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the form of its noun and verb")]
pub enum FormId {
    BrokerAlter,
    BrokerIsolate,
    BrokerStart,
    BrokerStop,
    ClusterUse,
    ConsumerCommit,
    ConsumerCreate,
    ConsumerKill,
    ConsumerPause,
    ConsumerResume,
    ConsumerSeek,
    ConsumerStall,
    ConsumerStop,
    GroupReset,
    NodeCreate,
    NodeKill,
    NodeStart,
    NodeStop,
    PageChart,
    PageDuality,
    PageFace,
    Produce,
    ProducerAlter,
    ProducerCreate,
    ProducerStop,
    QueryClose,
    Run,
    Seed,
    Sql,
    TopicAlter,
    TopicCreate,
    TopicDelete,
    TopicDeleteRecords,
    TopicElect,
}

/// The word after noun and verb.
#[derive(Debug)]
pub struct Subject {
    /// How the help calls it.
    pub label: &'static str,
    /// What it can be.
    pub kind: Kind,
}

/// A key of a command.
#[derive(Debug)]
pub struct Key {
    /// Its name. `header.NAME` stands for every name that begins with `header.`.
    pub name: &'static str,
    /// What its value can be.
    pub kind: Kind,
    /// Whether it has to be there.
    pub need: Need,
    /// What it does, as a phrase.
    pub about: &'static str,
}

/// Whether a key has to be there.
#[derive(Debug, PartialEq, Eq)]
pub enum Need {
    /// The command cannot be without it.
    Required,
    /// Without it, this is what happens.
    Default(&'static str),
}

/// What a value can be.
#[derive(Debug)]
pub enum Kind {
    /// A name: not empty, at most 249 characters, none of them a control character.
    Name,
    /// Names with commas between them.
    Names,
    /// Any text; what begins with `{` or `[` is JSON to the end of the line.
    Text,
    /// A whole number from `low` to `high`.
    Count {
        /// The least.
        low: i64,
        /// The most.
        high: i64,
    },
    /// A length of time such as `10s`.
    Duration,
    /// A length of time or a range such as `0ms..750ms`.
    DurationRange,
    /// A rate such as `2.7/s`.
    Rate,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A generator's preset, `auto` or `custom`.
    Generator,
    /// Fields as [`crate::generator::schema`] reads them.
    Fields,
    /// A share such as `10%`, with one decimal at most.
    Percent,
    /// `earliest`, `latest`, an offset, `+N` or `-N` records from here, or a time such as
    /// `2024-01-01T00:00:30Z`.
    Place,
}

impl Form {
    /// A form whose keys are all its own, as most are.
    pub(super) const fn new(
        id: FormId,
        title: [&'static str; 2],
        subject: Option<Subject>,
        keys: &'static [Key],
        about: &'static str,
        example: &'static str,
    ) -> Form {
        let [noun, verb] = title;
        Form {
            id,
            noun,
            verb,
            subject,
            keys,
            takes_topic_config: false,
            about,
            example,
        }
    }

    /// Noun and verb with a space between them.
    pub fn title(&self) -> String {
        [self.noun, self.verb].join(" ").trim_end().to_owned()
    }

    /// The key that `name` stands for.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        let header = |key: &Key| key.name == "header.NAME" && name.starts_with("header.");
        self.keys.iter().find(|key| key.name == name || header(key))
    }

    /// The form as the help prints it: `topic create TOPIC [partitions=N] …`.
    pub fn usage(&self) -> String {
        let mut out = self.title();
        if let Some(subject) = &self.subject {
            out.push_str(&format!(" {}", subject.label));
        }
        for key in self.keys {
            let value = key.kind.label();
            match key.need {
                Need::Required => out.push_str(&format!(" {}={value}", key.name)),
                Need::Default(_) => out.push_str(&format!(" [{}={value}]", key.name)),
            }
        }
        if self.takes_topic_config {
            out.push_str(" [SETTING=VALUE]...");
        }
        out
    }
}

impl Kind {
    /// How the help writes such a value.
    pub fn label(&self) -> String {
        match self {
            Kind::Name | Kind::Generator => "NAME".to_owned(),
            Kind::Names => "NAME[,NAME]...".to_owned(),
            Kind::Text => "TEXT".to_owned(),
            Kind::Fields => "FIELDS".to_owned(),
            Kind::Percent => "PERCENT".to_owned(),
            Kind::Count { .. } => "N".to_owned(),
            Kind::Duration => "DURATION".to_owned(),
            Kind::DurationRange => "DURATION[..DURATION]".to_owned(),
            Kind::Rate => "RATE".to_owned(),
            Kind::OneOf(words) => words.join("|"),
            Kind::Place => "earliest|latest|N|+N|-N|TIME".to_owned(),
        }
    }
}
