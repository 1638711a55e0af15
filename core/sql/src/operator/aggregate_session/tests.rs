//! GROUP BY in sessions with a gap of 10: rows of the result are key, aggregates, bounds.

use crate::operator::testing::{Bench, STREAM};

fn bench() -> Bench {
    let window = "WINDOW SESSION (10 MILLISECONDS, GRACE PERIOD 5 MILLISECONDS)";
    let select = format!("k, COUNT(*) AS n FROM s {window} GROUP BY k");
    Bench::of(
        &format!("{STREAM} CREATE TABLE c AS SELECT {select};"),
        "Aggregate",
    )
}

#[test]
fn sessions_grow_and_merge() {
    bench().check(
        "
        + a g 1 @100
          > + a 1 100 100 [100..100] @100
        + a g 1 @100
          > + a 2 100 100 [100..100] @100
        + a g 1 @110
          > - a _ 100 100 [100..100] @100
          > + a 3 100 110 [100..110] @110
        + a g 1 @105
          > - a _ 100 110 [100..110] @110
          > + a 4 100 110 [100..110] @110
        + a g 1 @90
          > - a _ 100 110 [100..110] @110
          > + a 5 90 110 [90..110] @110
        - a @111
          ! null-value
        + _ g 1 @112
          ! null-key
        ",
    );
}

#[test]
fn a_late_record_is_dropped_unless_it_joins_a_session_that_is_open() {
    bench().check(
        "
        + a g 1 @100
          > + a 1 100 100 [100..100] @100
        + b g 1 @86
          > + b 1 86 86 [86..86] @86
        + b g 1 @84
          > - b _ 86 86 [86..86] @86
          > + b 2 84 86 [84..86] @86
        + c g 1 @84
          ! late
        ",
    );
}
