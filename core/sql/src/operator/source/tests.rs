//! Records of (key, group, value) become rows; the pseudo columns follow.

use crate::operator::testing::{Bench, STREAM, TABLE};

#[test]
fn a_stream() {
    let script = format!("{STREAM} CREATE STREAM o AS SELECT * FROM s;");
    Bench::of(&script, "Project").check(
        r#"
        record a {"g":"x","V":1} @5
          > + a x 1 5 0 0 @5
        record a _ @6
          > - a _ _ _ _ _ @6
        record _ {} @7
          > + _ _ _ 7 0 2 @7
        record a {"V" @8
          ! error: deserialization
          ! unreadable
        "#,
    );
}

#[test]
fn a_table() {
    let script = format!("{TABLE} CREATE TABLE o AS SELECT * FROM t;");
    Bench::of(&script, "Materialize table").check(
        r#"
        record a {"G":"x","V":1} @5
          > + a x 1 5 0 0 @5
        record a _ @6
          > - a _ _ _ _ _ @6
        record _ {"G":"x"} @7
          ! null-key
        "#,
    );
}

#[test]
fn a_column_gives_the_time() {
    let script = "
        CREATE STREAM s (k STRING KEY, v BIGINT)
          WITH (KAFKA_TOPIC='s', PARTITIONS=1, VALUE_FORMAT='JSON', TIMESTAMP='V');
        CREATE STREAM o AS SELECT * FROM s;";
    Bench::of(script, "Project").check(
        r#"
        record a {"V":70} @5
          > + a 70 70 0 0 @70
        record a {"V":-1} @6
          ! error: timestamp
          ! error
        record a _ @7
          > - a _ _ _ _ @7
        "#,
    );
}
