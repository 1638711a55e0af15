//! Results of (key, group, value) as records.

use crate::operator::testing::{Bench, STREAM};

#[test]
fn rows_become_records() {
    let script = format!("{STREAM} CREATE STREAM o AS SELECT * FROM s;");
    Bench::of(&script, "Sink").check(
        r#"
        + a g 1 @5
          # 0 a {"G":"g","V":1} @5
        - a _ _ @6
          # 0 a _ @6
        + _ g _ @1
          # 0 _ {"G":"g","V":null} @1
        "#,
    );
}

#[test]
fn a_column_gives_the_time() {
    let script = format!("{STREAM} CREATE STREAM o WITH (TIMESTAMP='V') AS SELECT * FROM s;");
    Bench::of(&script, "Sink").check(
        r#"
        + a g 7 @5
          # 0 a {"G":"g","V":7} @7
        + a g _ @6
          # 0 a {"G":"g","V":null} @6
        + a g -1 @8
          ! error: timestamp
          ! error
        "#,
    );
}
