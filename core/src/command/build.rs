//! From the checked parts of a line to the command they mean. Whether values are of their kind
//! was decided in [`super::parse`]; here only what several keys say together is.

use super::amount::{DurationRange, Rate, parse_duration, parse_percent};
use super::forms_cluster::CONSUMER_SETTINGS;
use super::parse::{Given, Line, yours};
use super::table::FormId;
use super::values::parse_place;
use super::{
    Command, ConsumerCreate, ConsumerPace, ConsumerSeek, GroupReset, NodeAction, NodeCommand,
    OffsetReset, Pace, PageCommand, Produce, ProducerAlter, ProducerCreate, SeekTo, TopicAlter,
    TopicCreate, TopicPlace,
};
use crate::generator::{self, GeneratorOptions};
use headwater_base::{Diagnostic, Millis, SortedMap, Span};
use headwater_log::{BrokerConfig, ConsumerConfig, LogError, ProducerConfig};

/// Default bucket of a chart.
const BUCKET: Millis = Millis::seconds(10);

/// The line that `given` means.
pub(super) fn line(given: &Given) -> Result<Line, Diagnostic> {
    let name = given.subject.clone();
    let command = match given.form.id {
        FormId::Seed => return Ok(Line::Seed(name.parse().unwrap_or_default())),
        FormId::Run => return Ok(Line::Run(parse_duration(&name).unwrap_or_default())),
        FormId::Sql => match given.text("cluster") {
            Some(cluster) => Command::SqlIn {
                cluster,
                text: name,
            },
            None => Command::Sql(name),
        },
        FormId::ClusterUse => Command::ClusterUse { name },
        FormId::TopicCreate => Command::TopicCreate(TopicCreate {
            name,
            partitions: count(given, "partitions"),
            replication_factor: count(given, "replication-factor"),
            config: given.config.iter().cloned().collect(),
        }),
        FormId::TopicAlter => topic_alter(given)?,
        FormId::TopicDelete => Command::TopicDelete { name },
        FormId::Produce => Command::Produce(produce(given)),
        FormId::ProducerAlter => producer_alter(given)?,
        FormId::ProducerCreate => Command::ProducerCreate(producer_create(given)?),
        FormId::ProducerStop => Command::ProducerStop { name },
        FormId::ConsumerCreate => Command::ConsumerCreate(consumer_create(given)?),
        FormId::ConsumerStop => Command::ConsumerStop { name },
        FormId::ConsumerKill => Command::ConsumerKill { name },
        FormId::ConsumerPause => Command::ConsumerPause { name },
        FormId::ConsumerStall => Command::ConsumerStall { name },
        FormId::ConsumerResume => Command::ConsumerResume { name },
        FormId::ConsumerCommit => Command::ConsumerCommit { name },
        FormId::ConsumerSeek => Command::ConsumerSeek(ConsumerSeek {
            name,
            topic: given.text("topic"),
            partition: count(given, "partition"),
            to: place(given),
        }),
        FormId::GroupReset => Command::GroupReset(GroupReset {
            name,
            topic: given.text("topic"),
            partition: count(given, "partition"),
            to: place(given),
        }),
        FormId::BrokerAlter => broker_alter(given)?,
        FormId::BrokerStop | FormId::BrokerIsolate | FormId::BrokerStart => broker(given),
        FormId::TopicDeleteRecords | FormId::TopicElect => topic_place(given),
        FormId::QueryClose => Command::QueryClose { name },
        FormId::NodeCreate => node(given, NodeAction::Create),
        FormId::NodeKill => node(given, NodeAction::Kill),
        FormId::NodeStart => node(given, NodeAction::Start),
        FormId::NodeStop => node(given, NodeAction::Stop),
        FormId::PageFace => Command::Page(page_face(given)?),
        FormId::PageChart => Command::Page(PageCommand::Chart {
            topic: given.text("topic").unwrap_or_default(),
            by: given.text("by").unwrap_or_default(),
            bucket: positive(given, "bucket")?.unwrap_or(BUCKET),
        }),
        FormId::PageDuality => Command::Page(PageCommand::Duality {
            table: given.text("table").unwrap_or_default(),
        }),
    };
    Ok(Line::Command(command))
}

fn place(given: &Given) -> SeekTo {
    let to = given.get("to").and_then(|to| parse_place(&to.text));
    to.unwrap_or(SeekTo::Earliest)
}

fn count<T: std::str::FromStr>(given: &Given, key: &str) -> Option<T> {
    given.get(key)?.text.parse().ok()
}

fn duration(given: &Given, key: &str) -> Option<Millis> {
    parse_duration(&given.get(key)?.text)
}

fn positive(given: &Given, key: &str) -> Result<Option<Millis>, Diagnostic> {
    let Some(value) = given.get(key) else {
        return Ok(None);
    };
    match parse_duration(&value.text) {
        Some(Millis(0)) | None => {
            let message = format!("{key}={} is not possible: it has to be longer.", value.text);
            Err(yours("impossible-value", message, value.span).hint("Write 1ms or more."))
        }
        found => Ok(found),
    }
}

/// Refuses a rate beside an interval: each is a pace, and there can be only one.
fn one_pace(given: &Given) -> Result<(), Diagnostic> {
    let (Some(rate), Some(_)) = (given.get("rate"), given.get("interval")) else {
        return Ok(());
    };
    let message = "rate= and interval= both set the pace.";
    Err(yours("two-paces", message, rate.span).hint("Keep one of them."))
}

fn broker(given: &Given) -> Command {
    let id = given.subject.parse().unwrap_or_default();
    match given.form.id {
        FormId::BrokerStop => Command::BrokerStop { id },
        FormId::BrokerIsolate => Command::BrokerIsolate { id },
        _ => Command::BrokerStart { id },
    }
}

fn topic_place(given: &Given) -> Command {
    let (name, partition) = (given.subject.clone(), count(given, "partition"));
    match given.form.id {
        FormId::TopicElect => Command::TopicElect { name, partition },
        _ => Command::TopicDeleteRecords(TopicPlace {
            name,
            partition,
            to: place(given),
        }),
    }
}

fn broker_alter(given: &Given) -> Result<Command, Diagnostic> {
    let mut broker = BrokerConfig::default();
    let config = client_config(given, &BrokerConfig::NAMES, &mut |name, value| {
        broker.set(name, value)
    })?;
    match config.is_empty() {
        true => Err(nothing("broker alter changes nothing here.", given)),
        false => Ok(Command::BrokerAlter { config }),
    }
}

/// A line without a part that it needs one of.
fn nothing(message: &str, given: &Given) -> Diagnostic {
    let found = yours("missing-part", message, Span::new(0, given.length));
    found.hint(format!("Its form is: {}", given.form.usage()))
}

fn topic_alter(given: &Given) -> Result<Command, Diagnostic> {
    let partitions = count(given, "partitions");
    if partitions.is_none() && given.config.is_empty() {
        return Err(nothing("topic alter changes nothing here.", given));
    }
    Ok(Command::TopicAlter(TopicAlter {
        name: given.subject.clone(),
        partitions,
        config: given.config.iter().cloned().collect(),
    }))
}

fn produce(given: &Given) -> Produce {
    let header = |value: &super::parse::Value| {
        let name = value.key.strip_prefix("header.")?;
        Some((name.to_owned(), value.text.clone()))
    };
    Produce {
        topic: given.subject.clone(),
        key: given.text("key"),
        value: given.text("value"),
        headers: given.values.iter().filter_map(header).collect(),
        partition: count(given, "partition"),
        timestamp: count(given, "timestamp"),
    }
}

fn producer_create(given: &Given) -> Result<ProducerCreate, Diagnostic> {
    let options = GeneratorOptions {
        fields: given.text("fields"),
        key: given.text("key"),
        keys: count(given, "keys"),
        lateness: given
            .get("lateness")
            .and_then(|value| DurationRange::parse(&value.text)),
        late_per_mille: given
            .get("late")
            .and_then(|value| parse_percent(&value.text)),
        jitter: duration(given, "jitter").unwrap_or_default(),
        file: given.text("file"),
        data: given.text("data"),
    };
    let generator = match (&options.fields, &options.file, &options.data) {
        _ if given.get("generator").is_some() => given.text("generator").unwrap_or_default(),
        (_, None, None) if options.fields.is_some() => "custom".to_owned(),
        (None, None, None) => {
            let message = "producer create needs generator=, fields= or file=.";
            return Err(nothing(message, given));
        }
        _ => "file".to_owned(),
    };
    generator::check(&generator, &options).map_err(|found| at_key(found, given))?;
    Ok(ProducerCreate {
        name: given.subject.clone(),
        topic: given.text("topic").unwrap_or_default(),
        generator,
        options: Box::new(options),
        pace: producer_pace(given)?,
        start: duration(given, "start").unwrap_or_default(),
        count: count(given, "count"),
        config: producer_config(given)?,
    })
}

fn producer_config(given: &Given) -> Result<SortedMap<String, String>, Diagnostic> {
    let mut client = ProducerConfig::default();
    let config = client_config(given, &ProducerConfig::NAMES, &mut |name, value| {
        client.set(name, value)
    })?;
    checked(given, config, client.check())
}

/// A finding about options, at the first of them in the line.
fn at_key(found: Diagnostic, given: &Given) -> Diagnostic {
    let named = ["fields", "key", "keys", "late"];
    let mut values = given.values.iter();
    let value = values.find(|value| {
        found.message.contains(&format!("{}=", value.key)) && named.contains(&value.key.as_str())
    });
    found.at(value.map_or(Span::new(0, given.length), |value| value.span))
}

fn producer_alter(given: &Given) -> Result<Command, Diagnostic> {
    let pace = producer_pace(given)?;
    let config = producer_config(given)?;
    if pace.is_none() && config.is_empty() {
        return Err(nothing("producer alter changes nothing here.", given));
    }
    let name = given.subject.clone();
    Ok(Command::ProducerAlter(ProducerAlter { name, pace, config }))
}

fn producer_pace(given: &Given) -> Result<Option<Pace>, Diagnostic> {
    one_pace(given)?;
    if let Some(value) = given.get("rate") {
        return Ok(Rate::parse(&value.text).map(Pace::Rate));
    }
    let Some(value) = given.get("interval") else {
        return Ok(None);
    };
    match DurationRange::parse(&value.text) {
        Some(range) if range.high == Millis::ZERO => {
            let message = "interval=0 is not possible: time would stand still.";
            Err(yours("impossible-value", message, value.span).hint("Write 1ms or more."))
        }
        found => Ok(found.map(Pace::Between)),
    }
}

fn consumer_create(given: &Given) -> Result<ConsumerCreate, Diagnostic> {
    one_pace(given)?;
    let every = positive(given, "interval")?.map(ConsumerPace::Every);
    let rate = given.get("rate").and_then(|value| Rate::parse(&value.text));
    let topics = given.text("topic").unwrap_or_default();
    let reset = given.text("auto.offset.reset");
    Ok(ConsumerCreate {
        name: given.subject.clone(),
        topics: topics.split(',').map(str::to_owned).collect(),
        group: given.text("group"),
        pace: every
            .or(rate.map(ConsumerPace::Rate))
            .unwrap_or(ConsumerPace::KeepUp),
        offset_reset: match reset.as_deref() {
            Some("latest") => OffsetReset::Latest,
            Some("none") => OffsetReset::None,
            _ => OffsetReset::Earliest,
        },
        max_poll_records: count(given, "max.poll.records"),
        config: consumer_config(given)?,
        start: duration(given, "start").unwrap_or_default(),
    })
}

fn consumer_config(given: &Given) -> Result<SortedMap<String, String>, Diagnostic> {
    let mut client = ConsumerConfig::default();
    let config = client_config(given, &CONSUMER_SETTINGS, &mut |name, value| {
        client.set(name, value)
    })?;
    checked(given, config, client.check())
}

/// A client's settings, checked by the client that will use them.
fn client_config(
    given: &Given,
    names: &[&str],
    set: &mut dyn FnMut(&str, &str) -> Result<(), LogError>,
) -> Result<SortedMap<String, String>, Diagnostic> {
    let mut config = SortedMap::new();
    let values = given.values.iter();
    for value in values.filter(|it| names.contains(&it.key.as_str())) {
        set(&value.key, &value.text).map_err(|it| it.to_diagnostic().at(value.span))?;
        config.insert(value.key.clone(), value.text.clone());
    }
    Ok(config)
}

/// The settings, if they go together; if not, what is wrong at the one that it is said of.
fn checked(
    given: &Given,
    config: SortedMap<String, String>,
    check: Result<(), LogError>,
) -> Result<SortedMap<String, String>, Diagnostic> {
    match check {
        Ok(()) => Ok(config),
        Err(found) => {
            let said = match &found {
                LogError::InvalidConfig { name, .. } => given.get(name),
                _ => None,
            };
            let of_client = |it: &&super::parse::Value| config.contains_key(&it.key);
            let at = said.or_else(|| given.values.iter().rfind(of_client));
            let span = at.map_or(Span::new(0, given.length), |it| it.span);
            Err(found.to_diagnostic().at(span))
        }
    }
}

fn node(given: &Given, action: NodeAction) -> Command {
    Command::Node(NodeCommand {
        action,
        name: given.subject.clone(),
        cluster: given.text("cluster"),
        session_timeout_ms: count(given, "session.timeout.ms"),
    })
}

fn page_face(given: &Given) -> Result<PageCommand, Diagnostic> {
    let (glyph, colour) = (given.text("glyph"), given.text("colour"));
    if glyph.is_none() && colour.is_none() {
        return Err(nothing("page face needs glyph= or colour=.", given));
    }
    Ok(PageCommand::Face {
        topic: given.text("topic"),
        glyph,
        colour,
    })
}
