//! WHERE over a stream of (key, value).

use crate::operator::testing::{Bench, STREAM};

#[test]
fn only_what_is_true_passes() {
    let script = format!("{STREAM} CREATE STREAM f AS SELECT * FROM s WHERE v > 3;");
    Bench::of(&script, "Filter stream").check(
        "
        + a g 4 @5
          > + a g 4 @5
        + a g 3 @6
          ! predicate
        + a g _ @7
          ! predicate
        - a @8
          ! null-value
        + b g 9 @1
          > + b g 9 @1
        ",
    );
}

#[test]
fn a_condition_that_fails_is_not_true() {
    let script = format!("{STREAM} CREATE STREAM f AS SELECT * FROM s WHERE 10 / v > 1;");
    Bench::of(&script, "Filter stream").check(
        "
        + a g 0 @5
          ! error
          ! error: evaluation
        + a g 2 @6
          > + a g 2 @6
        ",
    );
}
