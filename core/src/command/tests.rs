//! Commands print as they are read, and what cannot be read says what would be possible.

use super::table::{FORMS, Need};
use super::wrong_lines::WRONG;
use super::*;
use headwater_base::{SortedMap, Span};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    "[^,\\p{Cc}]{1,20}"
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        Just("{\"a\": [1, \"b # c\"]}".to_owned()),
        "[ -~]{0,30}"
    ]
}

fn config() -> impl Strategy<Value = SortedMap<String, String>> {
    let number = (1_000_i64..1_000_000_000).prop_map(|number| number.to_string());
    let setting = prop_oneof![
        Just("retention.ms".to_owned()),
        Just("segment.ms".to_owned())
    ];
    btree_map(setting, number, 0..3).prop_map(|it| it.into_iter().collect())
}

fn duration() -> impl Strategy<Value = Millis> {
    (1_i64..10_000_000).prop_map(Millis)
}

fn rate() -> impl Strategy<Value = Rate> {
    (1_u64..1_000_000).prop_map(|milli_per_second| Rate { milli_per_second })
}

fn produce() -> impl Strategy<Value = Command> {
    let headers = vec((any::<String>(), text()), 0..3);
    let place = (option::of(0_u32..256), option::of(0_i64..i64::MAX));
    (
        name(),
        option::of(text()),
        option::of(text()),
        headers,
        place,
    )
        .prop_map(|(topic, key, value, headers, (partition, timestamp))| {
            Command::Produce(Produce {
                topic,
                key,
                value,
                headers,
                partition,
                timestamp,
            })
        })
}

fn producer() -> impl Strategy<Value = Command> {
    let range = (0_i64..1000, 1_i64..1000).prop_map(|(low, more)| {
        Pace::Between(DurationRange {
            low: Millis(low),
            high: Millis(low + more),
        })
    });
    let pace = option::of(prop_oneof![range, rate().prop_map(Pace::Rate)]);
    (
        name(),
        name(),
        pace,
        duration(),
        option::of(1_u64..1_000_000),
    )
        .prop_map(|(name, topic, pace, start, count)| {
            Command::ProducerCreate(ProducerCreate {
                name,
                topic,
                generator: "ratings".to_owned(),
                options: Box::default(),
                pace,
                start,
                count,
                config: SortedMap::from([("acks".to_owned(), "1".to_owned())]),
            })
        })
}

fn custom_producer() -> impl Strategy<Value = Command> {
    let late = (0_i64..1000, 1_i64..1000, 0_u32..=1000).prop_map(|(low, more, share)| {
        let by = DurationRange {
            low: Millis(low),
            high: Millis(low + more),
        };
        (by, share)
    });
    let fields = Just("a: \"it's {1..5}\"; b: now ? 2.5%".to_owned());
    (
        name(),
        option::of(late),
        fields,
        option::of(name()),
        text(),
        any::<bool>(),
    )
        .prop_map(|(name, late, fields, key, data, is_file)| {
            let options = GeneratorOptions {
                fields: (!is_file).then_some(fields),
                key,
                lateness: late.map(|it| it.0),
                late_per_mille: late.map(|it| it.1),
                data: is_file.then_some(data),
                ..GeneratorOptions::default()
            };
            Command::ProducerCreate(ProducerCreate {
                generator: if is_file { "file" } else { "custom" }.to_owned(),
                topic: name.clone(),
                name,
                options: Box::new(options),
                pace: None,
                start: Millis::ZERO,
                count: None,
                config: SortedMap::new(),
            })
        })
}

fn consumer() -> impl Strategy<Value = Command> {
    let pace = prop_oneof![
        Just(ConsumerPace::KeepUp),
        duration().prop_map(ConsumerPace::Every),
        rate().prop_map(ConsumerPace::Rate)
    ];
    let reset = prop_oneof![Just(OffsetReset::Earliest), Just(OffsetReset::None)];
    let polled = option::of(1_u32..=500);
    (
        name(),
        vec(name(), 1..3),
        option::of(name()),
        pace,
        reset,
        polled,
    )
        .prop_map(
            |(name, topics, group, pace, offset_reset, max_poll_records)| {
                Command::ConsumerCreate(ConsumerCreate {
                    name,
                    topics,
                    group,
                    pace,
                    offset_reset,
                    max_poll_records,
                    config: SortedMap::from([("session.timeout.ms".to_owned(), "6000".to_owned())]),
                    start: Millis::ZERO,
                })
            },
        )
}

fn topic() -> impl Strategy<Value = Command> {
    let create = (name(), 1_u32..=256, 1_u32..=5, config()).prop_map(
        |(name, partitions, replication_factor, config)| {
            Command::TopicCreate(TopicCreate {
                name,
                partitions: Some(partitions),
                replication_factor: Some(replication_factor),
                config,
            })
        },
    );
    let alter = (name(), 1_u32..=256, config()).prop_map(|(name, partitions, config)| {
        Command::TopicAlter(TopicAlter {
            name,
            partitions: Some(partitions),
            config,
        })
    });
    let delete = name().prop_map(|name| Command::TopicDelete { name });
    prop_oneof![create, alter, delete]
}

fn seek() -> impl Strategy<Value = Command> {
    let to = prop_oneof![
        Just(SeekTo::Earliest),
        Just(SeekTo::Latest),
        any::<u64>().prop_map(SeekTo::Offset),
        any::<i64>().prop_map(SeekTo::By)
    ];
    let partition = option::of(0_u32..256);
    (name(), option::of(name()), partition, to).prop_map(|(name, topic, partition, to)| {
        Command::ConsumerSeek(ConsumerSeek {
            name,
            topic,
            partition,
            to,
        })
    })
}

fn node() -> impl Strategy<Value = Command> {
    let create = (name(), option::of(name()), option::of(6_000_u32..1_800_001)).prop_map(
        |(name, cluster, session_timeout_ms)| NodeCommand {
            action: NodeAction::Create,
            name,
            cluster,
            session_timeout_ms,
        },
    );
    let others = [NodeAction::Kill, NodeAction::Start, NodeAction::Stop];
    let other = (
        prop::sample::select(others.to_vec()),
        name(),
        option::of(name()),
    )
        .prop_map(|(action, name, cluster)| NodeCommand {
            action,
            name,
            cluster,
            session_timeout_ms: None,
        });
    prop_oneof![create, other].prop_map(Command::Node)
}

fn page() -> impl Strategy<Value = Command> {
    let face =
        (option::of(name()), name(), option::of(name())).prop_map(|(topic, glyph, colour)| {
            PageCommand::Face {
                topic,
                glyph: Some(glyph),
                colour,
            }
        });
    let chart = (name(), name(), duration()).prop_map(|(topic, by, bucket)| PageCommand::Chart {
        topic,
        by,
        bucket,
    });
    let duality = name().prop_map(|table| PageCommand::Duality { table });
    prop_oneof![face, chart, duality].prop_map(Command::Page)
}

fn command() -> impl Strategy<Value = Command> {
    prop_oneof![
        text().prop_map(Command::Sql),
        topic(),
        produce(),
        producer(),
        custom_producer(),
        consumer(),
        seek(),
        page(),
        name().prop_map(|name| Command::ProducerStop { name }),
        name().prop_map(|name| Command::ConsumerStop { name }),
        node(),
        name().prop_map(|name| Command::ClusterUse { name }),
        (name(), text()).prop_map(|(cluster, text)| Command::SqlIn { cluster, text }),
        name().prop_map(|name| Command::QueryClose { name }),
    ]
}

proptest! {
    #[test]
    fn a_command_reads_back_as_it_was_printed(command in command()) {
        let text = command.to_string();
        prop_assert!(!text.contains('\n'));
        prop_assert_eq!(Command::parse(&text), Ok(command), "{}", text);
    }

    #[test]
    fn no_line_makes_the_parser_panic(line in any::<String>()) {
        let _ = Line::parse(&line);
    }

    #[test]
    fn no_words_make_the_parser_panic(
        line in "(topic|create|=|\\{|'|\"|[$]'|#| |rate=|name){0,12}",
    ) {
        if let Err(found) = Line::parse(&line) {
            let span = found.span.expect("it has a place");
            prop_assert!(span.start <= span.end && span.end as usize <= line.len());
            prop_assert!(!found.hints.is_empty());
        }
    }
}

#[test]
fn every_example_is_a_line_and_prints_as_it_stands() {
    for form in FORMS {
        match Line::parse(form.example).unwrap_or_else(|found| panic!("{found:?}")) {
            Some(Line::Command(command)) => assert_eq!(command.to_string(), form.example),
            Some(_) => {}
            None => panic!("{} is empty", form.example),
        }
    }
}

#[test]
fn forms_are_sorted_and_have_what_the_help_needs() {
    let titles: Vec<String> = FORMS.iter().map(|form| form.title()).collect();
    assert!(titles.is_sorted(), "{titles:?}");
    for form in FORMS {
        assert!(form.about.ends_with('.'), "{}", form.about);
        for key in form.keys {
            assert_ne!(key.need, Need::Default(""), "{}", key.name);
        }
    }
}

/// What is wrong with a line: its code, the text at its place, its first hint.
fn wrong(line: &str) -> (String, String, String) {
    let found = Line::parse(line).expect_err("it is wrong");
    let span: Span = found.span.expect("it has a place");
    (
        found.code,
        span.of(line).to_owned(),
        found.hints.first().cloned().unwrap_or_default(),
    )
}

#[test]
fn errors_say_where_and_what_is_possible() {
    for (line, code, place, hint) in WRONG {
        let found = wrong(line);
        assert_eq!(
            (found.0.as_str(), found.1.as_str()),
            (code, place),
            "{line}"
        );
        assert!(hint.is_empty() || found.2 == hint, "{line}: {}", found.2);
    }
}

#[test]
fn impossible_values_are_refused_at_their_place() {
    let cases = [
        ("topic create t partitions=0", "0"),
        ("topic create t partitions=257", "257"),
        ("topic create t partitions={}", "{}"),
        ("produce t partition=-1", "-1"),
        ("consumer create c topic=a interval=10", "10"),
        ("consumer create c topic=a rate=fast", "fast"),
        ("consumer create c topic=a auto.offset.reset=first", "first"),
        ("consumer create c topic=a, rate=1/s", "a,"),
        ("consumer seek c to=never", "never"),
        ("seed -1", "-1"),
        ("run fast", "fast"),
        ("run ''", "''"),
    ];
    for (line, place) in cases {
        let found = wrong(line);
        assert_eq!(
            (found.0.as_str(), found.1.as_str()),
            ("impossible-value", place),
            "{line}"
        );
    }
}

#[test]
fn sql_in_a_lab_block_is_sent_to_its_own_block() {
    let found = Line::parse("SELECT * FROM RATINGS;").unwrap_err();
    assert!(
        found
            .hints
            .contains(&"SQL goes into a sql block.".to_owned()),
        "{:?}",
        found.hints
    );
}
