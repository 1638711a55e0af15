//! `generator=auto` fits whatever is declared: every record decodes, and no column is null.

use crate::command::{Command, Line};
use crate::lab::{Lab, LabConfig};
use headwater_base::{Millis, RecordId};
use headwater_sql::inspect::Inspected;
use headwater_sql::value::OwnedValue;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn lab(sql: &str) -> Option<Lab> {
    let mut lab = Lab::new(LabConfig { seed: 7 });
    let outcomes = lab.execute(&Command::Sql(sql.to_owned()));
    outcomes.iter().all(|it| it.ok).then_some(lab)
}

fn run(lab: &mut Lab, line: &str) {
    match Line::parse(line).expect("it is a line") {
        Some(Line::Command(command)) => {
            let outcome = &lab.execute(&command)[0];
            assert!(outcome.ok, "{line}: {}", outcome.message);
        }
        Some(Line::Run(length)) => {
            lab.advance(length);
        }
        _ => {}
    }
}

/// All records of a topic, decoded as its source declares them.
fn records(lab: &Lab, topic: &str) -> Vec<Inspected> {
    let world = lab.world();
    let found = world.cluster().topic_named(topic).expect("it is there");
    let mut all = Vec::new();
    for number in 0..found.partition_count() {
        let partition = found.partition(number).expect("it is there");
        let end = world
            .cluster()
            .partition(partition)
            .expect("it is there")
            .end_offset();
        for offset in 0..end {
            let record = RecordId { partition, offset };
            all.extend(world.engine().decode_record(record, world.cluster()));
        }
    }
    all
}

fn texts(records: &[Inspected], column: &str) -> Vec<String> {
    let columns = records.iter().flat_map(|it| &it.columns);
    columns
        .filter(|it| it.name == column)
        .map(|it| it.text.clone())
        .collect()
}

fn check(records: &[Inspected], sql: &str) {
    for record in records {
        // No text of DELIMITED is a value without columns; queries do not look at such values.
        let is_bare = sql.contains(" S (") && !sql.contains("C0_");
        assert!(
            is_bare || record.error.is_none(),
            "{:?}: {sql}",
            record.error
        );
        for column in record.columns.iter().filter(|_| record.error.is_none()) {
            assert_ne!(column.value, OwnedValue::Null, "{}: {sql}", column.name);
        }
    }
}

#[test]
fn columns_get_what_their_names_say_and_joins_meet() {
    let sql = "
        CREATE TABLE CUSTOMERS (ID INT PRIMARY KEY, FIRST_NAME VARCHAR, EMAIL VARCHAR,
            COUNTRY VARCHAR, CREATED_AT TIMESTAMP)
          WITH (KAFKA_TOPIC='customers', VALUE_FORMAT='JSON', PARTITIONS=1);
        CREATE STREAM ORDERS (ORDER_ID BIGINT, CUSTOMER_ID INT, PRICE DECIMAL(8,2), QTY INT,
            ORDERTIME BIGINT, STATUS VARCHAR, LAT DOUBLE, ADDRESS STRUCT<CITY VARCHAR, ZIP INT>)
          WITH (KAFKA_TOPIC='orders', VALUE_FORMAT='JSON', PARTITIONS=2, TIMESTAMP='ORDERTIME');";
    let mut lab = lab(sql).expect("it is right");
    run(
        &mut lab,
        "producer create c topic=customers generator=auto rate=1/s",
    );
    run(
        &mut lab,
        "producer create o topic=orders generator=auto rate=20/s lateness=1s..5s",
    );
    run(&mut lab, "run 10s");
    let (customers, orders) = (records(&lab, "customers"), records(&lab, "orders"));
    check(&customers, sql);
    check(&orders, sql);
    let ids: BTreeSet<String> = texts(&customers, "ID").into_iter().collect();
    assert_eq!((ids.len(), customers.len()), (20, 30));
    assert!(
        texts(&orders, "CUSTOMER_ID")
            .iter()
            .all(|id| ids.contains(id))
    );
    assert!(
        texts(&orders, "QTY")
            .iter()
            .all(|it| (1..=10).contains(&it.parse().unwrap_or(0)))
    );
    let numbers = texts(&orders, "ORDER_ID");
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
    let now = lab.world().now().epoch_millis();
    for time in texts(&orders, "ORDERTIME") {
        let behind = now - time.parse::<i64>().expect("it is a number");
        assert!((1_000..=15_000).contains(&behind), "{behind}");
    }
    // A customer keeps its name when its row changes.
    for id in &ids {
        let rows = customers.iter().filter(|it| it.columns[0].text == *id);
        assert_eq!(
            rows.map(|it| &it.columns[1].text)
                .collect::<BTreeSet<_>>()
                .len(),
            1
        );
    }
}

#[test]
fn fields_of_ones_own_take_the_place_of_derived_ones() {
    let sql = "CREATE STREAM T (ID INT KEY, TEMP DOUBLE, AT VARCHAR) WITH (KAFKA_TOPIC='t',
        VALUE_FORMAT='DELIMITED', PARTITIONS=1, TIMESTAMP='AT',
        TIMESTAMP_FORMAT='dd.MM.yyyy HH:mm:ss');"
        .replace("AT VARCHAR", "SENT VARCHAR")
        .replace("'AT'", "'SENT'");
    let mut lab = lab(&sql).expect("it is right");
    run(
        &mut lab,
        "producer create t topic=t generator=auto keys=3 fields='temp: 90.5..91.5 ? 50%'",
    );
    run(&mut lab, "run 30s");
    let found = records(&lab, "t");
    assert_eq!(texts(&found, "ID").iter().collect::<BTreeSet<_>>().len(), 3);
    let temps = texts(&found, "TEMP");
    assert!(temps.iter().any(|it| it == "null") && temps.iter().any(|it| it.starts_with("90.")));
    assert!(texts(&found, "SENT")[0].starts_with("01.01.2024 00:00:0"));
    for (line, code) in [
        (
            "producer create x topic=t generator=auto fields='tmp: 1'",
            "unknown-column",
        ),
        (
            "producer create x topic=t generator=auto fields='id: city'",
            "unfitting-field",
        ),
        (
            "producer create x topic=other generator=auto",
            "unknown-topic",
        ),
    ] {
        let command = Command::parse(line).expect("it is a command");
        let outcome = &lab.execute(&command)[0];
        let found = outcome
            .diagnostics
            .first()
            .map(|it| it.diagnostic.code.as_str());
        assert_eq!(found, Some(code), "{line}: {}", outcome.message);
    }
}

fn name() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "ID", "ORDER", "NAME", "FIRST", "EMAIL", "PRICE", "TOTAL", "LAT", "LONG", "STATUS", "TS",
        "DATE", "BIRTH", "COUNTRY", "URL", "QTY", "USER", "X", "AGE", "YEAR", "IP", "CODE",
        "PHONE", "CREATED", "FLAG", "SESSION", "HTTP", "ITEMS", "TAGS", "WEIGHT", "TEMP",
    ]);
    prop::collection::vec(words, 1..3).prop_map(|words| words.join("_"))
}

fn plain_type() -> impl Strategy<Value = String> {
    let decimal = (1_u32..=38).prop_flat_map(|precision| {
        (0..=precision).prop_map(move |scale| format!("DECIMAL({precision}, {scale})"))
    });
    let plain = prop::sample::select(vec![
        "BOOLEAN",
        "INT",
        "BIGINT",
        "DOUBLE",
        "VARCHAR",
        "BYTES",
        "DATE",
        "TIME",
        "TIMESTAMP",
    ]);
    prop_oneof![3 => plain.prop_map(str::to_owned), 1 => decimal]
}

fn any_type() -> impl Strategy<Value = String> {
    plain_type().prop_recursive(3, 12, 3, |inner| {
        let fields = prop::collection::vec((name(), inner.clone()), 1..3).prop_map(|fields| {
            let spelled = fields.iter().enumerate();
            let spelled = spelled.map(|(at, (name, ty))| format!("F{at}_{name} {ty}"));
            format!("STRUCT<{}>", spelled.collect::<Vec<_>>().join(", "))
        });
        prop_oneof![
            inner.clone().prop_map(|ty| format!("ARRAY<{ty}>")),
            inner.prop_map(|ty| format!("MAP<VARCHAR, {ty}>")),
            fields,
        ]
    })
}

fn statement() -> impl Strategy<Value = String> {
    let format = |of: &'static [&'static str]| prop::sample::select(of.to_vec());
    let values = format(&[
        "JSON",
        "DELIMITED",
        "KAFKA",
        "AVRO",
        "JSON_SR",
        "PROTOBUF",
        "NONE",
    ]);
    let keys = format(&["KAFKA", "JSON", "DELIMITED", "AVRO", "PROTOBUF"]);
    let columns = prop::collection::vec((name(), any_type()), 0..6);
    let key = prop::option::of((name(), plain_type()));
    (values, keys, columns, key, any::<bool>(), any::<bool>()).prop_map(
        |(value_format, key_format, columns, key, is_table, wraps)| {
            let role = if is_table { "PRIMARY KEY" } else { "KEY" };
            let key = key.iter().map(|(name, ty)| format!("K_{name} {ty} {role}"));
            let values = columns.iter().enumerate();
            let values = values.map(|(at, (name, ty))| format!("C{at}_{name} {ty}"));
            let listed: Vec<String> = key.chain(values).collect();
            let wrap = match columns.len() == 1 && matches!(value_format, "JSON" | "AVRO") {
                true => format!(", WRAP_SINGLE_VALUE={wraps}"),
                false => String::new(),
            };
            let kind = if is_table { "TABLE" } else { "STREAM" };
            format!(
                "CREATE {kind} S ({}) WITH (KAFKA_TOPIC='s', PARTITIONS=2, \
                 KEY_FORMAT='{key_format}', VALUE_FORMAT='{value_format}'{wrap});",
                listed.join(", ")
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_record_of_any_source_decodes(sql in statement()) {
        // Many of these statements are refused, for what their formats cannot carry.
        if let Some(mut lab) = lab(&sql) {
            run(&mut lab, "producer create p topic=s generator=auto rate=20/s");
            lab.advance(Millis(500));
            let found = records(&lab, "s");
            prop_assert!(found.len() >= 9, "{}: {sql}", found.len());
            check(&found, &sql);
        }
    }
}

#[test]
fn records_follow_from_the_seed_alone() {
    let sql = "CREATE STREAM S (ID INT KEY, NAME VARCHAR, M MAP<VARCHAR, INT>, B BYTES)
        WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);";
    let hash = || {
        let mut lab = lab(sql).expect("it is right");
        run(
            &mut lab,
            "producer create p topic=s generator=auto jitter=300ms lateness=0s..1s",
        );
        run(&mut lab, "run 20s");
        lab.hash()
    };
    assert_eq!(hash(), hash());
}
