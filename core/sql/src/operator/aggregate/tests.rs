//! GROUP BY over (key, group, value): rows of the result are key, aggregates, window bounds.

use crate::operator::testing::{Bench, STREAM, TABLE};

fn bench(select: &str) -> Bench {
    Bench::of(
        &format!("{STREAM} {TABLE} CREATE TABLE c AS SELECT {select};"),
        "Aggregate",
    )
}

#[test]
fn every_record_changes_its_group() {
    bench("k, SUM(v) AS n, COUNT(v) AS m FROM s GROUP BY k HAVING COUNT(v) > 0").check(
        "
        + a g 1 @5
          > + a 1 1 @5
        + b g 2 @6
          > + b 2 1 @6
        + a g 3 @4
          > + a 4 2 was a 1 1 @5
        + a g _ @7
          > + a 4 2 was a 4 2 @7
        - a @8
          ! null-value
        + _ g 1 @9
          ! null-key
        ",
    );
}

#[test]
fn tumbling_windows_end_with_their_grace() {
    let window = "WINDOW TUMBLING (SIZE 10 MILLISECONDS, GRACE PERIOD 5 MILLISECONDS)";
    bench(&format!("k, COUNT(*) AS n FROM s {window} GROUP BY k")).check(
        "
        + a g 1 @9
          > + a 1 0 10 [0..10] @9
        + a g 1 @10
          > + a 1 10 20 [10..20] @10
        + a g 1 @14
          > + a 2 10 20 [10..20] @14
        + a g 1 @3
          > + a 2 0 10 [0..10] @9
        + a g 1 @15
          > + a 3 10 20 [10..20] @15
        + a g 1 @9
          ! late
        ",
    );
}

#[test]
fn hopping_windows_overlap() {
    let window = "WINDOW HOPPING (SIZE 10 MILLISECONDS, ADVANCE BY 5 MILLISECONDS, \
                  GRACE PERIOD 0 MILLISECONDS)";
    bench(&format!("k, COUNT(*) AS n FROM s {window} GROUP BY k")).check(
        "
        + a g 1 @7
          > + a 1 0 10 [0..10] @7
          > + a 1 5 15 [5..15] @7
        + a g 1 @12
          > + a 2 5 15 [5..15] @12
          > + a 1 10 20 [10..20] @12
        + a g 1 @8
          ! late
          > + a 3 5 15 [5..15] @12
        ",
    );
}

#[test]
fn a_table_is_undone_and_done_again() {
    bench("g, SUM(v) AS n, COUNT(*) AS m FROM t GROUP BY g HAVING COUNT(*) > 0").check(
        "
        + red 1 @5
          > + red 1 1 @5
        + red 5 was red 1 @4
          > + red 5 1 was red 1 1 @5
        - red was red 5 @6
          > + red 0 0 was red 5 1 @6
        - blue was blue 1 @7
        ",
    );
}
