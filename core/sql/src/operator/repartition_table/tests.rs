//! Changes of a table of (key, group, value) on their way to the tasks of its groups. The last
//! byte says what a value holds: an old row (0), a new one (1), or both (2).

use crate::operator::testing::{Bench, TABLE};

#[test]
fn changes_go_to_the_old_group_and_to_the_new_one() {
    let script = format!("{TABLE} CREATE TABLE c AS SELECT g, SUM(v) AS n FROM t GROUP BY g;");
    Bench::of(&script, "Repartition").check(
        r#"
        + a red 1 @5
          # 0 red {"V":1}\x01 @5
        + a red 2 was a red 1 @4
          # 0 red \x00\x00\x00\x07{"V":2}{"V":1}\x02 @4
        + a blue 2 was a red 2 @6
          # 0 red {"V":2}\x00 @6
          # 0 blue {"V":2}\x01 @6
        - a was a blue 2 @7
          # 0 blue {"V":2}\x00 @7
        - a @8
          ! nothing-to-delete
        + a _ 2 @9
          ! null-key
        "#,
    );
}
