//! What the presets give, against the facts they are made from.

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
    let mut generator = Generator::new("ratings", 7, "ratings", None).expect("it is a preset");
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
    let generator = Generator::new("ratings", 7, "ratings", None).unwrap();
    assert_eq!(generator.about(), "ratings, about 2.7/s");
}

#[test]
fn another_pace_leaves_the_records_as_they_are() {
    let pace = Pace::Rate(Rate::parse("3/s").unwrap());
    let mut paced = Generator::new("ratings", 7, "ratings", Some(pace)).unwrap();
    let waits: Vec<i64> = (0..4).map(|_| paced.pause_before_next().0).collect();
    assert_eq!(waits, [333, 333, 334, 333]);
    let record = paced.produce(VirtualTime::START).remove(0);
    assert_eq!(record.value, ratings(1)[0].value);
    assert_eq!(paced.about(), "ratings, 3/s");
}

#[test]
fn customers_come_all_at_once_and_then_change_one_by_one() {
    let mut generator = Generator::new("customers", 7, "customers", None).unwrap();
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
