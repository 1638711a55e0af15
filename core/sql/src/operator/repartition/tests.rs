//! A stream of (key, group, value) on its way to the tasks of its groups.

use crate::operator::testing::{Bench, STREAM};

#[test]
fn records_are_written_under_their_new_key() {
    let script = format!("{STREAM} CREATE TABLE c AS SELECT g, SUM(v) AS n FROM s GROUP BY g;");
    Bench::of(&script, "Repartition").check(
        r#"
        + a red 1 @5
          # 0 red {"V":1} @5
        + b red _ @4
          # 0 red {"V":null} @4
        + a _ 2 @6
          ! null-key
        - a @7
          ! null-value
        "#,
    );
}
