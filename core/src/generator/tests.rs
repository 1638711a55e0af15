//! What the presets give, against the facts they are made from.

use super::preset::Column;
use super::*;
use std::collections::BTreeMap;

fn value(record: &GeneratedRecord) -> serde_json::Value {
    let bytes = record.value.as_deref().expect("it has a value");
    serde_json::from_slice(bytes).expect("it is JSON")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("it is text")
}

fn ratings(count: usize) -> Vec<GeneratedRecord> {
    let mut generator = Generator::preset("ratings", 7, "ratings", None).expect("it is a preset");
    let mut now = VirtualTime::START;
    let mut records = Vec::new();
    while records.len() < count {
        now = now + generator.pause_before_next();
        records.extend(generator.produce(now));
    }
    records
}

#[test]
fn ratings_have_the_ranges_of_the_facts() {
    let mut seen: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    for (at, record) in ratings(4200).iter().enumerate() {
        let value = value(record);
        assert_eq!(value["rating_id"], at + 1);
        assert_eq!(value["rating_time"], at * 12 + 1);
        assert_eq!(text(record.key.as_deref().unwrap()), (at + 1).to_string());
        let route = value["route_id"].as_i64().unwrap();
        assert!((1..=9998).contains(&route));
        for field in ["user_id", "stars", "channel", "message"] {
            let counts = seen.entry(field.to_owned()).or_default();
            *counts.entry(value[field].to_string()).or_default() += 1;
        }
        let headers: Vec<(&str, &str)> = record
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), text(value)))
            .collect();
        let iteration = at.to_string();
        let expected = [
            ("task.generation", "0"),
            ("task.id", "0"),
            ("current.iteration", iteration.as_str()),
        ];
        assert_eq!(headers, expected);
    }
    let spread = |field: &str, kinds: usize| {
        let counts = &seen[field];
        assert_eq!(counts.len(), kinds, "{field}");
        let fair = 4200 / kinds as u32;
        let near = counts.values().all(|count| count.abs_diff(fair) < fair / 3);
        assert!(near, "{field}: {counts:?}");
    };
    spread("user_id", 21);
    spread("stars", 4);
    spread("channel", 5);
    spread("message", 11);
    assert!(seen["user_id"].contains_key("-1") && !seen["user_id"].contains_key("20"));
}

#[test]
fn a_rating_is_spelled_with_its_fields_in_order() {
    let first = &ratings(1)[0];
    let text = text(first.value.as_deref().unwrap());
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap();
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    let expected = [
        "rating_id",
        "user_id",
        "stars",
        "route_id",
        "rating_time",
        "channel",
        "message",
    ];
    assert_eq!(names, expected);
    assert!(text.starts_with(r#"{"rating_id":1,"user_id":"#), "{text}");
}

#[test]
fn about_2_7_ratings_come_a_second() {
    let records = ratings(2700);
    let seconds = (records[2699].timestamp - VirtualTime::START.epoch_millis()) / 1000;
    assert!((950..1080).contains(&seconds), "{seconds}");
    let generator = Generator::preset("ratings", 7, "ratings", None).unwrap();
    assert_eq!(generator.about(), "ratings, about 2.7/s");
}

#[test]
fn another_pace_leaves_the_records_as_they_are() {
    let pace = Pace::Rate(Rate::parse("3/s").unwrap());
    let mut paced = Generator::preset("ratings", 7, "ratings", Some(pace)).unwrap();
    let waits: Vec<i64> = (0..4).map(|_| paced.pause_before_next().0).collect();
    assert_eq!(waits, [333, 333, 334, 333]);
    let record = paced.produce(VirtualTime::START).remove(0);
    assert_eq!(record.value, ratings(1)[0].value);
    assert_eq!(paced.about(), "ratings, 3/s");
}

#[test]
fn customers_come_all_at_once_and_then_change_one_by_one() {
    let mut generator = Generator::preset("customers", 7, "customers", None).unwrap();
    assert_eq!(generator.pause_before_next(), Millis::ZERO);
    let rows = generator.produce(VirtualTime::START);
    assert_eq!(rows.len(), 20);
    assert_eq!(text(rows[1].key.as_deref().unwrap()), "2");
    assert_eq!(value(&rows[1])["create_ts"], "2024-01-01T00:00:00Z");
    let mut statuses: Vec<String> = rows.iter().map(status).collect();
    let of = |wanted: &str| statuses.iter().filter(|status| *status == wanted).count();
    assert_eq!(
        [of("platinum"), of("gold"), of("silver"), of("bronze")],
        [5, 7, 3, 5]
    );
    let mut now = VirtualTime::START;
    for _ in 0..200 {
        let wait = generator.pause_before_next();
        assert!((15_000..=25_000).contains(&wait.0));
        now = now + wait;
        let changed = generator.produce(now);
        assert_eq!(changed.len(), 1);
        let id: usize = text(changed[0].key.as_deref().unwrap()).parse().unwrap();
        assert_ne!(status(&changed[0]), statuses[id - 1]);
        statuses[id - 1] = status(&changed[0]);
        let row = value(&changed[0]);
        assert!(row["update_ts"].as_str() > row["create_ts"].as_str());
    }
    assert_eq!(generator.about(), "customers, about every 20 s");
}

fn status(record: &GeneratedRecord) -> String {
    value(record)["club_status"].as_str().unwrap().to_owned()
}

#[test]
fn presets_are_sound() {
    for preset in PRESETS {
        let names: Vec<&str> = match &preset.records {
            Records::Schema(fields) => {
                let fields = schema::parse(fields).expect("it is right");
                let names = fields.iter().map(|it| &*it.name);
                assert!(
                    names.into_iter().any(|name| name == preset.key),
                    "{}",
                    preset.name
                );
                vec![preset.key]
            }
            Records::Drawn(fields) => fields.iter().map(|(name, _)| *name).collect(),
            Records::Table(table) => {
                let given = |column: &&Column| matches!(column, Column::Given(_));
                let width = table.columns.iter().take_while(given).count();
                assert!(table.rows.iter().all(|row| row.len() == width));
                assert!(table.changing.column < width);
                let name = |column: &Column| match column {
                    Column::Given(name) | Column::Created(name) | Column::Changed(name) => *name,
                };
                table.columns.iter().map(name).collect()
            }
        };
        assert!(names.contains(&preset.key), "{}", preset.name);
    }
}

#[test]
fn every_form_of_a_draw_has_an_example_that_is_read() {
    for (form, about, example) in schema::FORMS {
        let fields = match *example {
            "first_name" => "a: first_name".to_owned(),
            example => format!("a: {example}"),
        };
        let found = schema::parse(&fields);
        assert!(found.is_ok(), "{form}: {found:?}");
        assert!(!about.is_empty());
    }
    for kind in kinds::KINDS {
        assert_eq!(
            schema::parse(&format!("a: {}", kind.name)).map(|it| it.len()),
            Ok(1)
        );
    }
    let names: Vec<&str> = kinds::KINDS.iter().map(|it| it.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}

fn drawn(fields: &str, count: usize) -> Vec<serde_json::Value> {
    let recipe = options::json_recipe(schema::parse(fields).expect("it is right"), None);
    let mut cook = Cook::new(recipe.expect("it has no key"), 7, "p");
    let records = (0..count as i64).flat_map(|at| cook.produce(at * 1000));
    records.map(|record| value(&record)).collect()
}

#[test]
fn draws_have_the_shapes_that_they_promise() {
    let fields = "u: 1.5..2.5; n: normal 100 +- 10 in 80..120; e: exponential 5.0; \
        z: zipf 1..50; w: walk 10 step 2 in 5..15; c: one of a*9, \"b c\", 7; t: true 20%; \
        i: now iso; s: now seconds; l: list 2..3 of {x: sequence 5 step 5}; x: \"a{{{1..3}}\"; \
        o: 1 ? 50%";
    let found = drawn(fields, 2000);
    let numbers = |name: &str| -> Vec<f64> {
        found
            .iter()
            .map(|it| it[name].as_f64().expect("it is a number"))
            .collect()
    };
    let mean = |name: &str| numbers(name).iter().sum::<f64>() / 2000.0;
    assert!(numbers("u").iter().all(|it| (1.5..=2.5).contains(it)));
    assert!(numbers("n").iter().all(|it| (80.0..=120.0).contains(it)));
    assert!((mean("n") - 100.0).abs() < 1.5, "{}", mean("n"));
    assert!((mean("e") - 5.0).abs() < 0.6, "{}", mean("e"));
    let ones = numbers("z").iter().filter(|it| **it == 1.0).count();
    let tens = numbers("z").iter().filter(|it| **it == 10.0).count();
    assert!(ones > 5 * tens && tens > 0, "{ones} {tens}");
    let walk = numbers("w");
    assert!(walk.windows(2).all(|pair| (pair[0] - pair[1]).abs() <= 2.0));
    let share = |name: &str, wanted: serde_json::Value| {
        found.iter().filter(|it| it[name] == wanted).count() as f64 / 2000.0
    };
    assert!((share("c", "a".into()) - 9.0 / 11.0).abs() < 0.05);
    assert!(share("c", 7.into()) > 0.05 && share("c", "b c".into()) > 0.05);
    assert!((share("t", true.into()) - 0.2).abs() < 0.04);
    assert!((share("o", serde_json::Value::Null) - 0.5).abs() < 0.05);
    assert_eq!(
        (found[3]["i"].as_str(), found[3]["s"].as_i64()),
        (Some("1970-01-01T00:00:03Z"), Some(3))
    );
    assert_eq!(found[2]["l"][0]["x"], 15);
    assert!(
        found[0]["x"]
            .as_str()
            .is_some_and(|it| it.starts_with("a{") && it.len() == 4)
    );
}

#[test]
fn what_is_wrong_in_fields_has_a_place_and_a_hint() {
    let cases = [
        ("", "", "Expected here: a field's name"),
        ("a", "", "Expected here: a colon"),
        ("a: ", "", "Expected here: how the field is drawn"),
        ("a: 5..1", "", "This range is empty"),
        ("a: normal 5", "", "Expected here: +-"),
        ("a: seqence", "seqence", "There is no draw seqence"),
        ("a: 1; a: 2", "a: 2", "The field a is there twice"),
        ("a: \"x", "\"x", "The quote"),
        ("a: {b: 1", "", "Expected here: } or ;"),
        ("a: true 200%", "200%", "A share lies"),
        ("a: one of x*0", "", "One of the weights"),
        ("a: list 1..500 of city", "1..500", "A list has"),
        ("a: zipf 1..99999", "1..99999", "zipf takes"),
        ("a: 1 b", "b", "Expected here: ; or the end"),
    ];
    for (fields, place, message) in cases {
        let found = schema::parse(fields).expect_err(fields);
        assert!(
            found.message.starts_with(message),
            "{fields}: {}",
            found.message
        );
        let at = found.span.expect("it has a place").of(fields).trim();
        assert!(place.is_empty() || at == place, "{fields}: {at}");
    }
    let line = "producer create p topic=t fields='id: sequence; x: cty'";
    let found = crate::command::Command::parse(line).expect_err("it is wrong");
    assert_eq!(found.span.map(|it| it.of(line)), Some("cty"));
    assert_eq!(found.hints[0], "Did you mean city?");
}

proptest::proptest! {
    #[test]
    fn no_fields_make_the_reader_panic(text in "[a-z:;{}\"\\\\0-9.*,?% é+-]{0,40}") {
        if let Err(found) = schema::parse(&text) {
            let span = found.span.expect("it has a place");
            proptest::prop_assert!(text.get(span.start as usize..span.end as usize).is_some());
        }
    }
}

#[test]
fn files_of_lines_become_records() {
    let json = "{\"id\": 1, \"name\": \"a\"}\n\n{\"id\": 2.50}\n";
    let mut rows = Reader::new(json, Some("id"), None).expect("it is right");
    let first = rows.next(5).expect("it has a record");
    assert_eq!(text(first.key.as_deref().unwrap()), "1");
    assert_eq!(
        text(first.value.as_deref().unwrap()),
        r#"{"id":1,"name":"a"}"#
    );
    assert_eq!(
        text(rows.next(5).unwrap().value.as_deref().unwrap()),
        r#"{"id":2.50}"#
    );
    assert!(rows.is_done() && rows.next(5).is_none());
    let csv = "id,zip,note\n7,01234,\"a, \"\"b\"\"\"\n8,,true\n";
    let mut rows = Reader::new(csv, None, None).expect("it is right");
    let first = rows.next(0).expect("it has a record");
    let wanted = r#"{"id":7,"zip":"01234","note":"a, \"b\""}"#;
    assert_eq!(text(first.value.as_deref().unwrap()), wanted);
    assert_eq!(
        text(rows.next(0).unwrap().value.as_deref().unwrap()),
        r#"{"id":8,"zip":null,"note":true}"#
    );
    for (wrong, message) in [
        ("", "The file has no records."),
        (
            "{\"a\": 1}\n{\"a\": }",
            "Line 2, column 7: this is not JSON.",
        ),
        ("{\"a\": 1}\n[1]", "Line 2: this is no JSON object."),
        ("a,b\n1\n", "Line 2 has 1 fields, the first line names 2."),
        ("a,b\n1,\"2\n", "Line 2: the quote \" is not closed."),
    ] {
        let found = Reader::new(wrong, None, None).expect_err(wrong);
        assert_eq!(found.message, message);
    }
}
