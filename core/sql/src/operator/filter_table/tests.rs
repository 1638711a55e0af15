//! WHERE over a table of (key, group, value).

use crate::operator::testing::{Bench, TABLE};

#[test]
fn what_no_longer_passes_is_taken_back() {
    let script = format!("{TABLE} CREATE TABLE f AS SELECT * FROM t WHERE v > 1;");
    Bench::of(&script, "Filter table").check(
        "
        + a g 2 @1
          > + a g 2 @1
        + a g 3 was a g 2 @2
          > + a g 3 was a g 2 @2
        + a g 1 was a g 3 @3
          ! predicate
          > - a g 1 was a g 3 @3
        + a g 0 was a g 1 @4
          ! predicate
        + a g 5 was a g 0 @1
          > + a g 5 @1
        - a was a g 5 @6
          ! null-value
          > - a was a g 5 @6
        - a @7
          ! nothing-to-delete
        - a was a g 0 @8
          ! nothing-to-delete
        ",
    );
}
