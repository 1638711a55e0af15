//! A table of (key, group, value) in its store.

use crate::operator::testing::{Bench, TABLE};

fn bench() -> Bench {
    let script = format!("{TABLE} CREATE TABLE f AS SELECT * FROM t WHERE v > 1;");
    Bench::of(&script, "Materialize table")
}

#[test]
fn changes_go_on_with_the_row_before() {
    bench().check(
        "
        + a g 1 @5
          > + a g 1 @5
        + a g 1 @4
          > + a g 1 was a g 1 @4
        - a @6
          > - a was a g 1 @6
        - a @7
          > - a @7
        + _ g 1 @8
          ! null-key
        + a g 2 @9
          > + a g 2 @9
        ",
    );
}

#[test]
fn every_write_is_in_the_changelog() {
    let mut bench = bench();
    bench.shown = vec![1];
    bench.check(
        r#"
        + a g 1 @5
          # 0 a {"G":"g","V":1} @5
          > + a g 1 @5
        - a @6
          # 0 a _ @6
          > - a was a g 1 @6
        "#,
    );
}
