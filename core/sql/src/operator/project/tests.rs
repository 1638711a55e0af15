//! SELECT over (key, group, value).

use crate::operator::testing::{Bench, STREAM};

#[test]
fn columns_are_computed_and_deletes_keep_the_key() {
    let script = format!("{STREAM} CREATE STREAM p AS SELECT k, 10 / v AS w, g FROM s;");
    Bench::of(&script, "Project").check(
        "
        + a g 2 @5
          > + a 5 g @5
        + a g 0 @6
          ! error: evaluation
          > + a _ g @6
        - a @7
          > - a _ _ @7
        + _ g 5 @1
          > + _ 2 g @1
        ",
    );
}
