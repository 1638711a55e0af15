//! The opening lesson as a visitor gets it: twenty seconds old, and what the next ten hold.

use headwater_base::{Millis, NoTrace};
use headwater_core::command::Command;
use headwater_core::lab::Lab;
use headwater_core::observe;
use headwater_core::playground::Playground;
use headwater_view::{Reply, Request};

const LESSON: &str = include_str!("../../static/lessons/first-light.md");
/// What a visitor sees first: from the 20th second to the 30th.
const VISIBLE: &str = "ROWTIME >= 1704067220000 AND ROWTIME < 1704067230000";

fn opened() -> Lab {
    let mut playground = Playground::new();
    let reply = playground.handle(Request::Open {
        lesson: LESSON.to_owned(),
        seed: None,
        age_ms: 20_000,
    });
    let Reply::Opened(opened) = reply else {
        panic!("{reply:?}");
    };
    assert_eq!(opened.problems, []);
    assert_eq!(opened.title, "First light");
    assert_eq!(opened.duality.as_deref(), Some("RATINGS_BY_CLUB_STATUS"));
    playground.lab().clone()
}

/// The rows that a query gives ten seconds later, as text.
fn rows(lab: &Lab, sql: &str) -> Vec<Vec<String>> {
    let mut lab = lab.clone();
    lab.advance(Millis::seconds(10));
    let outcome = lab.execute(&Command::Sql(sql.to_owned())).remove(0);
    assert!(outcome.ok, "{}", outcome.message);
    lab.settle(&mut NoTrace);
    let texts = |row: Vec<_>| row.iter().map(ToString::to_string).collect();
    match outcome
        .query
        .and_then(|query| observe::result(lab.world(), query))
    {
        Some(result) => result
            .rows
            .into_iter()
            .map(|row| texts(row.cells))
            .collect(),
        None => outcome.rows.into_iter().map(texts).collect(),
    }
}

#[test]
fn the_first_ten_seconds_hold_what_the_lesson_tells_of() {
    let lab = opened();
    let seen = |columns: &str, source: &str, condition: &str| {
        let sql =
            format!("SELECT {columns} FROM {source} WHERE {VISIBLE} AND {condition} EMIT CHANGES;");
        rows(&lab, &sql)
    };
    let unhappy = seen("FULL_NAME", "UNHAPPY_PLATINUM_CUSTOMERS", "STARS < 3");
    assert_eq!(unhappy.len(), 3, "{unhappy:?}");
    let test = seen("RATING_ID", "RATINGS", "CHANNEL = 'iOS-test'");
    assert_eq!(test.len(), 5, "{test:?}");
    let unmatched = seen(
        "CUSTOMER_ID",
        "RATINGS_WITH_CUSTOMER_DATA",
        "CLUB_STATUS IS NULL",
    );
    assert_eq!(unmatched, [["-1"], ["0"], ["0"]]);
    let changed = seen(
        "CUSTOMER_ID, CLUB_STATUS",
        "CUSTOMERS",
        "CUSTOMER_ID IS NOT NULL",
    );
    assert_eq!(changed, [["18", "platinum"]]);
}

#[test]
fn ratings_of_nobody_are_kept_by_the_join_and_dropped_by_the_count() {
    let lab = opened();
    let joined = rows(
        &lab,
        "SELECT CUSTOMER_ID FROM RATINGS_WITH_CUSTOMER_DATA EMIT CHANGES;",
    );
    let of_nobody = joined
        .iter()
        .filter(|row| row[0] == "0" || row[0] == "-1")
        .count();
    assert!(of_nobody > 0);
    let counts = rows(&lab, "SELECT RATING_COUNT FROM RATINGS_BY_CLUB_STATUS;");
    let counted: usize = counts
        .iter()
        .filter_map(|row| row[0].parse::<usize>().ok())
        .sum();
    assert_eq!(counted, joined.len() - of_nobody);
}

#[test]
fn an_hour_later_the_log_is_no_longer_than_after_half_an_hour() {
    let mut lab = opened();
    lab.advance(Millis::seconds(1_800));
    let before = lab.world().log_bytes();
    lab.advance(Millis::seconds(1_800));
    let after = lab.world().log_bytes();
    assert!(
        after < before + before / 10,
        "{before} bytes became {after}"
    );
}
