//! Several ksqlDB clusters over one Kafka: they share its topics and nothing else, and what changes
//! a cluster is in its command topic.

use headwater_base::{Millis, NoTrace, QueryId, Span, VirtualTime};
use headwater_core::command::Command;
use headwater_core::lab::{Lab, LabConfig};
use headwater_core::observe::{Observer, lab_state};
use headwater_sql::Engine;
use headwater_sql::engine::Action;
use headwater_view::{LabView, StatementOutcome, ViewRequest};
use std::collections::BTreeSet;

const STREAM: &str = "CREATE STREAM s (k STRING KEY, v BIGINT)
  WITH (KAFKA_TOPIC = 's', PARTITIONS = 2, VALUE_FORMAT = 'JSON');";
const TABLE: &str = "CREATE TABLE counts WITH (KAFKA_TOPIC = '${topic}') AS
  SELECT v, COUNT(*) AS n FROM s GROUP BY v;";

fn command(lab: &mut Lab, line: &str) -> StatementOutcome {
    let command = Command::parse(line).expect("it is a command");
    let outcomes = lab.execute(&command);
    outcomes.into_iter().last().expect("it answers")
}

fn ok(lab: &mut Lab, line: &str) -> StatementOutcome {
    let outcome = command(lab, line);
    assert!(outcome.ok, "{line}: {}", outcome.message);
    outcome
}

fn sql(lab: &mut Lab, cluster: &str, text: &str) -> StatementOutcome {
    let command = Command::SqlIn {
        cluster: cluster.to_owned(),
        text: text.to_owned(),
    };
    let outcome = lab.execute(&command).pop().expect("a statement");
    assert!(outcome.ok, "{text}: {}", outcome.message);
    lab.settle(&mut NoTrace);
    outcome
}

fn table(topic: &str) -> String {
    TABLE.replace("${topic}", topic)
}

/// Two clusters with the same stream and table over one topic, which has three records.
fn two() -> Lab {
    let mut lab = Lab::new(LabConfig { seed: 3 });
    ok(&mut lab, "node create 1 cluster=other");
    for (cluster, topic) in [("default", "a"), ("other", "b")] {
        sql(&mut lab, cluster, STREAM);
        sql(&mut lab, cluster, &table(topic));
    }
    for (key, value) in [("x", 1), ("y", 2), ("z", 1)] {
        ok(
            &mut lab,
            &format!(r#"produce s key={key} value={{"V": {value}}}"#),
        );
    }
    lab.settle(&mut NoTrace);
    lab
}

fn rows(lab: &mut Lab, cluster: &str) -> Vec<String> {
    let outcome = sql(lab, cluster, "SELECT * FROM counts;");
    let mut rows: Vec<String> = outcome.rows.iter().map(|it| format!("{it:?}")).collect();
    rows.sort();
    rows
}

fn view(lab: &Lab) -> LabView {
    Observer::default().view(lab.world(), &ViewRequest::default())
}

fn topics(lab: &Lab) -> BTreeSet<String> {
    let topics = lab.world().cluster().topics();
    topics.map(|it| it.name.to_string()).collect()
}

/// Keys and values of a topic of one partition.
fn records(lab: &Lab, topic: &str) -> Vec<(String, String)> {
    let cluster = lab.world().cluster();
    let topic = cluster.topic_named(topic).expect("the topic");
    let log = cluster.partition(topic.partitions[0]).expect("it");
    let text = |it: Option<&[u8]>| String::from_utf8_lossy(it.unwrap_or_default()).into_owned();
    let records = log.read(0, u64::MAX, u64::MAX).expect("records");
    records.map(|it| (text(it.key), text(it.value))).collect()
}

#[test]
fn clusters_read_the_same_topic_each_for_itself() {
    let mut lab = two();
    assert_eq!(rows(&mut lab, "default").len(), 2);
    assert_eq!(rows(&mut lab, "default"), rows(&mut lab, "other"));
    let view = view(&lab);
    let names: Vec<&str> = view.queries.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["CTAS_COUNTS_1", "CTAS_COUNTS_1"]);
    assert_ne!(view.queries[0].id, view.queries[1].id);
    let internal: Vec<String> = topics(&lab)
        .into_iter()
        .filter(|it| it.contains("query_CTAS_COUNTS_1"))
        .collect();
    assert_eq!(internal.len(), 4, "{internal:?}");
    let of_other = internal
        .iter()
        .filter(|it| it.starts_with("_confluent-ksql-other_query_"));
    assert_eq!(of_other.count(), 2);
    let tables: Vec<&str> = view.tables.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(tables, ["COUNTS", "other.COUNTS"]);
    assert_eq!(view.clusters[1].queries, [view.queries[1].id]);
    assert_eq!(view.nodes[1].cluster, "other");
    assert!(view.nodes.iter().all(|it| it.tasks.len() == 4));
    let properties = sql(&mut lab, "other", "SHOW PROPERTIES;");
    let all = format!("{:?}", properties.rows);
    assert!(
        all.contains(r#"Text("ksql.service.id"), Text("KSQL"), Text("SERVER"), Text("other_")"#),
        "{all}"
    );
}

#[test]
fn what_one_cluster_drops_the_other_keeps_but_a_topic_is_kafkas() {
    let mut lab = two();
    let before = rows(&mut lab, "other");
    sql(&mut lab, "default", "DROP TABLE counts;");
    assert!(
        topics(&lab)
            .iter()
            .all(|it| !it.contains("ksql-default_query"))
    );
    assert_eq!(rows(&mut lab, "other"), before);
    ok(&mut lab, r#"produce s key=x value={"V": 7}"#);
    lab.settle(&mut NoTrace);
    assert_eq!(rows(&mut lab, "other").len(), 3);
    sql(&mut lab, "default", "DROP STREAM s DELETE TOPIC;");
    assert!(!topics(&lab).contains("s"));
    let catalog = lab
        .world()
        .ksql()
        .iter()
        .nth(1)
        .expect("it")
        .engine
        .catalog();
    assert!(catalog.get("S").is_some());
    lab.advance(Millis::seconds(20));
}

#[test]
fn each_cluster_has_a_processing_log_of_its_own() {
    let mut lab = two();
    ok(&mut lab, "produce s key=x value=broken");
    lab.settle(&mut NoTrace);
    for service in ["default", "other"] {
        let found = records(&lab, &format!("{service}_ksql_processing_log"));
        assert_eq!(found.len(), 1, "{service}");
        assert!(found[0].1.contains("deserializationError"), "{found:?}");
    }
    let shown = sql(
        &mut lab,
        "other",
        "SELECT * FROM KSQL_PROCESSING_LOG EMIT CHANGES;",
    );
    let query = shown.query.expect("a push query");
    assert_eq!(lab.world().result(query).expect("rows").row_count, 1);
}

#[test]
fn a_cluster_is_chosen_and_its_session_is_its_own() {
    let mut lab = two();
    ok(&mut lab, "cluster use other");
    assert!(view(&lab).clusters[1].chosen);
    ok(&mut lab, "sql \"SET 'num.standby.replicas' = '1';\"");
    ok(&mut lab, "sql 'DROP TABLE counts;'");
    let left = lab_state(lab.world(), true).queries;
    assert_eq!(left.len(), 1);
    let id = view(&lab).queries[0].id;
    assert_eq!(id, QueryId(0));
    ok(&mut lab, "cluster use default");
    let set = lab.world().engine().session().get("num.standby.replicas");
    assert_eq!(set, Some("0"));
    ok(&mut lab, "sql 'SELECT * FROM counts;'");
}

#[test]
fn push_queries_of_clusters_have_names_of_their_own() {
    let mut lab = two();
    let first = sql(&mut lab, "default", "SELECT * FROM s EMIT CHANGES;");
    let second = sql(&mut lab, "other", "SELECT * FROM s EMIT CHANGES;");
    assert_ne!(first.query, second.query);
    assert_ne!(first.query_name, second.query_name);
    let name = second.query_name.expect("a name");
    ok(&mut lab, &format!("query close {name}"));
    assert_eq!(view(&lab).results.len(), 1);
}

/// What makes a catalog: its sources and the names of its queries.
fn known(engine: &Engine) -> (Vec<String>, Vec<String>) {
    let sources = engine.catalog().sources().map(|it| it.sql.to_string());
    let queries = engine.queries().filter(|it| it.kind.is_persistent());
    let mut queries: Vec<String> = queries.map(|it| it.name.clone()).collect();
    queries.sort();
    (sources.collect(), queries)
}

#[test]
fn the_command_topic_makes_the_same_cluster_again() {
    let mut lab = Lab::new(LabConfig { seed: 3 });
    let commands = "_confluent-ksql-default__command_topic";
    sql(&mut lab, "default", STREAM);
    sql(&mut lab, "default", "SET 'commit.interval.ms' = '1000';");
    sql(&mut lab, "default", &table("t"));
    assert!(
        !topics(&lab).contains(commands),
        "one node has nobody to tell"
    );
    let joined = ok(&mut lab, "node create 2");
    assert_eq!(joined.message, "Node 2 started; it read 2 statements");
    sql(
        &mut lab,
        "default",
        "CREATE TYPE pair AS STRUCT<a INT, b INT>;",
    );
    sql(&mut lab, "default", "INSERT INTO s (k, v) VALUES ('a', 1);");
    sql(&mut lab, "default", "CREATE STREAM u AS SELECT * FROM s;");
    sql(
        &mut lab,
        "default",
        "INSERT INTO u SELECT * FROM s WHERE v > 1;",
    );
    sql(&mut lab, "default", "TERMINATE INSERTQUERY_4;");
    let found = records(&lab, commands);
    let keys: Vec<&str> = found.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(
        keys,
        [
            "\"stream/S/create\"",
            "\"table/COUNTS/create\"",
            "\"type/PAIR/create\"",
            "\"stream/U/create\"",
            "\"stream/U/create\"",
            "\"terminate/INSERTQUERY_4/execute\"",
        ]
    );
    assert!(
        found[1]
            .1
            .ends_with(r#""streamsProperties":{"commit.interval.ms":"1000"}}"#)
    );
    let mut again = Engine::new(3).with_processing_log();
    for (_, value) in &found {
        let statement = value.split_once(r#"{"statement":""#).expect("it has one").1;
        let (text, set) = statement
            .split_once(r#"","streamsProperties":{"#)
            .expect("them");
        let text = &text.replace("\\n", "\n");
        let set = set.trim_matches(['}', '"']).split_once(r#"":""#);
        if let Some((name, set)) = set {
            let done = again.session_mut().set(name, set, Span::default());
            done.expect("a property");
        }
        let parsed = headwater_syntax::parse(text);
        let log = lab.world().cluster();
        let done = again.execute(&parsed.statements[0], text, log, VirtualTime::START);
        for action in done.expect("it was run once").actions {
            if let Action::StartQuery(query) = action {
                again.start(query, log).expect("its topics are there");
            }
        }
    }
    assert_eq!(known(&again), known(lab.world().engine()));
}

#[test]
fn a_replay_chooses_the_same_clusters() {
    let mut lab = two();
    ok(&mut lab, "cluster use other");
    ok(&mut lab, "sql 'CREATE STREAM u AS SELECT * FROM s;'");
    lab.advance(Millis::seconds(5));
    let (end, hash) = (lab.world().now(), lab.hash());
    lab.seek_step(2);
    lab.seek_time(end);
    assert_eq!(lab.hash(), hash);
}

#[test]
fn what_is_not_possible_with_clusters_is_refused() {
    let mut lab = two();
    for (line, code) in [
        ("node create 1 cluster=other", "node-exists"),
        ("node create 1 cluster=a_b", "impossible-value"),
        ("node kill 1 cluster=others", "unknown-cluster"),
        ("cluster use othr", "unknown-cluster"),
        ("sql 'SHOW TOPICS;' cluster=x", "unknown-cluster"),
        (
            "sql \"SET 'ksql.service.id' = 'other_';\"",
            "server-property",
        ),
    ] {
        let outcome = command(&mut lab, line);
        assert_eq!(outcome.diagnostics[0].diagnostic.code, code, "{line}");
    }
    ok(&mut lab, "node create 1 cluster=b");
    ok(&mut lab, "node create 1 cluster=c");
    let outcome = command(&mut lab, "node create 1 cluster=d");
    assert_eq!(outcome.diagnostics[0].diagnostic.code, "too-many-clusters");
    ok(&mut lab, "node kill 1 cluster=b");
    let outcome = command(&mut lab, "sql 'SHOW TOPICS;' cluster=b");
    let found = &outcome.diagnostics[0].diagnostic;
    assert_eq!(found.hints, ["Start one: node start 1 cluster=b"]);
    ok(&mut lab, "sql 'SHOW TOPICS;'");
}
