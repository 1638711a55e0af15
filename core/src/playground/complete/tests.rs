//! What is offered where. A `|` in a text is the cursor.

use super::*;
use crate::lab::LabConfig;
use proptest::prelude::*;

const SCRIPT: &str = "
    CREATE TYPE ADDRESS AS STRUCT<CITY VARCHAR, ZIP VARCHAR>;
    CREATE STREAM RATINGS (RATING_ID BIGINT KEY, USER_ID INT, STARS INT, `order` INT)
      WITH (KAFKA_TOPIC='ratings', VALUE_FORMAT='JSON', PARTITIONS=1);
    CREATE TABLE CUSTOMERS (USER_ID INT PRIMARY KEY, NAME VARCHAR, HOME ADDRESS)
      WITH (KAFKA_TOPIC='the-customers', VALUE_FORMAT='JSON', PARTITIONS=1);
    CREATE TABLE COUNTS AS SELECT STARS, COUNT(*) AS N FROM RATINGS
      WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY STARS;
";

fn lab() -> Lab {
    let mut lab = Lab::new(LabConfig::default());
    for outcome in lab.execute(&Command::Sql(SCRIPT.to_owned())) {
        assert!(outcome.ok, "{}", outcome.message);
    }
    lab
}

fn offered(text: &str) -> Vec<Completion> {
    let cursor = text.find('|').expect("it has a cursor");
    let text = text.replacen('|', "", 1);
    complete_in(&text, cursor as u32, &lab())
}

/// The first labels.
fn first(text: &str, count: usize) -> Vec<String> {
    offered(text)
        .into_iter()
        .take(count)
        .map(|it| it.label)
        .collect()
}

fn labels(text: &str) -> Vec<String> {
    first(text, usize::MAX)
}

/// The text after the completion of this label was taken.
fn taken(text: &str, label: &str) -> String {
    let found = offered(text);
    let completion = found.iter().find(|it| it.label == label);
    let completion = completion.unwrap_or_else(|| panic!("{label} is not among {found:?}"));
    let mut text = text.replacen('|', "", 1);
    let (start, end) = (
        completion.replace.start as usize,
        completion.replace.end as usize,
    );
    text.replace_range(start..end, &completion.insert);
    text
}

#[test]
fn columns_come_from_the_statements_own_sources() {
    let columns = ["RATING_ID", "USER_ID", "STARS", "order"];
    assert_eq!(first("SELECT | FROM RATINGS", 4), columns);
    assert_eq!(first("SELECT A, | \nFROM RATINGS r WHERE 1", 4), columns);
    assert_eq!(first("SELECT * FROM RATINGS WHERE ST|", 1), ["STARS"]);
    assert_eq!(
        taken("SELECT ord| FROM RATINGS", "order"),
        "SELECT `order` FROM RATINGS"
    );
    assert!(!labels("SELECT | FROM CUSTOMERS").contains(&"STARS".to_owned()));
    assert!(labels("SELECT | FROM COUNTS").contains(&"WINDOWSTART".to_owned()));
    assert!(!labels("SELECT | FROM RATINGS").contains(&"WINDOWSTART".to_owned()));
    let other = labels("SELECT * FROM CUSTOMERS;\nSELECT | FROM RATINGS;\nSELECT 1 FROM COUNTS;");
    assert!(other.contains(&"STARS".to_owned()) && !other.contains(&"N".to_owned()));
}

#[test]
fn joins_qualify_what_is_shared() {
    let text = "SELECT | FROM RATINGS R JOIN CUSTOMERS AS c ON R.USER_ID = c.USER_ID";
    let found = labels(text);
    for wanted in ["R.USER_ID", "C.USER_ID", "STARS", "NAME", "R", "C"] {
        assert!(found.contains(&wanted.to_owned()), "{wanted}: {found:?}");
    }
    assert!(!found.contains(&"USER_ID".to_owned()));
    assert_eq!(
        first(&text.replace('|', "c.|"), 3),
        ["USER_ID", "NAME", "HOME"]
    );
    assert_eq!(first("SELECT HOME->| FROM CUSTOMERS", 9), ["CITY", "ZIP"]);
    assert_eq!(first("SELECT X.HOME->C| FROM CUSTOMERS X", 9), ["CITY"]);
}

#[test]
fn sources_fit_behind_from_and_words_behind_them() {
    assert_eq!(
        labels("SELECT * FROM |"),
        ["RATINGS", "KSQL_PROCESSING_LOG", "COUNTS", "CUSTOMERS"]
    );
    assert_eq!(labels("DROP TABLE IF EXISTS |"), ["COUNTS", "CUSTOMERS"]);
    assert_eq!(first("SELECT * FROM RATINGS EM|", 1), ["EMIT"]);
    assert_eq!(labels("SELECT * FROM RATINGS EMIT |"), ["CHANGES", "FINAL"]);
    assert_eq!(first("sel|", 1), ["SELECT"]);
    assert_eq!(labels("TERMINATE |").len(), 2);
    assert_eq!(first("PRINT |", 2), ["COUNTS", "ratings"]);
    assert_eq!(
        taken("PRINT the|", "the-customers"),
        "PRINT 'the-customers'"
    );
    assert_eq!(labels("INSERT INTO RATINGS (S|"), ["STARS"]);
    assert_eq!(labels("CREATE STREAM | (A INT)"), ["IF"]);
    assert!(labels("SELECT 1 -- a comm|").is_empty());
    assert_eq!(first("CREATE STREAM X (A |", 1), ["ARRAY"]);
    assert!(labels("SELECT CAST(1 AS |").contains(&"ADDRESS".to_owned()));
}

#[test]
fn functions_bring_their_signatures() {
    let found = offered("SELECT SUBSTR| FROM RATINGS");
    assert_eq!(
        (found[0].label.as_str(), found[0].insert.as_str()),
        ("SUBSTRING", "SUBSTRING(")
    );
    assert!(
        found[0].detail.starts_with("SUBSTRING("),
        "{}",
        found[0].detail
    );
    assert_eq!(taken("SELECT PI|", "PI"), "SELECT PI()");
    assert_eq!(
        taken("DESCRIBE FUNCTION COUN|", "COUNT"),
        "DESCRIBE FUNCTION COUNT"
    );
}

#[test]
fn properties_and_their_values_fit_their_clause() {
    let with = "CREATE STREAM X (SENT BIGINT, V STRUCT<Y INT>) WITH (KAFKA_TOPIC='x', |";
    let found = labels(with);
    assert!(found.contains(&"VALUE_FORMAT".to_owned()), "{found:?}");
    assert!(!found.contains(&"KAFKA_TOPIC".to_owned()) && !found.contains(&"QUERY_ID".to_owned()));
    assert_eq!(
        first(&with.replace('|', "VALUE_FORMAT='js|"), 2),
        ["JSON", "JSON_SR"]
    );
    let done = taken(&with.replace('|', "VALUE_FORMAT='js|"), "JSON");
    assert!(done.ends_with("VALUE_FORMAT='JSON'"), "{done}");
    assert_eq!(labels(&with.replace('|', "TIMESTAMP=|")), ["SENT", "V"]);
    assert_eq!(labels("SET 'auto.off|"), ["auto.offset.reset"]);
    assert_eq!(
        labels("SET 'auto.offset.reset' = |"),
        ["earliest", "latest"]
    );
    assert_eq!(
        labels("CREATE STREAM X WITH (KAFKA_TOPIC='the|'"),
        ["the-customers"]
    );
}

#[test]
fn what_the_text_creates_is_known_behind_it() {
    let text =
        "CREATE STREAM GOOD AS SELECT RATING_ID, USER_ID AS WHO FROM RATINGS;\nSELECT | FROM GOOD;";
    assert!(labels(text).contains(&"WHO".to_owned()));
}

#[test]
fn lab_commands_are_completed_from_their_forms() {
    assert_eq!(first("topic |", 3), ["alter", "create", "delete"]);
    assert!(labels("prod|").contains(&"producer".to_owned()));
    assert!(labels("topic delete |").contains(&"the-customers".to_owned()));
    assert_eq!(
        taken("topic create x part|", "partitions"),
        "topic create x partitions="
    );
    let generator = "producer create p topic=ratings generator=cust|";
    let done = "producer create p topic=ratings generator=customers";
    assert_eq!(taken(generator, "customers"), done);
    assert_eq!(
        labels("topic create x cleanup.policy=del|"),
        ["delete", "compact,delete"]
    );
    assert!(!labels("SELECT * FROM RATINGS\ntopic |").contains(&"create".to_owned()));
}

#[test]
fn help_is_there_for_whatever_is_offered() {
    for completion in offered("SELECT |") {
        let needs = completion.kind == CompletionKind::Function;
        assert!(
            !needs || help(&completion.label).is_some(),
            "{}",
            completion.label
        );
    }
    let with = help("kafka_topic").expect("it is a property");
    assert_eq!(with.kind, "property of WITH");
    assert!(help("auto.offset.reset").is_some() && help("nothing at all").is_none());
}

proptest! {
    #[test]
    fn no_text_makes_completion_panic(
        text in "(SELECT |FROM |RATINGS |WITH \\(|KAFKA_TOPIC=|'|\"|`|->|\\.|,|\\(|\\)|;|\n|é|topic |a=|--|/\\*){0,14}",
        cursor in 0_u32..120,
    ) {
        for found in complete_in(&text, cursor, &Lab::new(LabConfig::default())) {
            let (start, end) = (found.replace.start as usize, found.replace.end as usize);
            prop_assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
        }
    }
}
